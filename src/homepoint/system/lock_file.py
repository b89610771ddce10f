"""The key of an encrypted library in a small file beside it, locked by a passphrase and by a recovery code.

    {"format": "homepoint-keys", "version": 1, "id": ..., "slots": [...]}\\n     one line of JSON
    SHA-256 of that line\\n

The key is random and never changes, so another passphrase is a new small file and nothing is encrypted anew. The second
line holds no secret: it tells damage from a wrong passphrase. Every later version ends with it too.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homepoint.application.problems import HomepointError
from homepoint.domain.recovery_code import RANDOM_BYTES, code_of, read_code
from homepoint.system.files import write_whole
from homepoint.system.paths import LOCK_NAME
from homepoint.system.secrets_seal import Cost, stretched

LEAST_PASSPHRASE = 10
KEY_BYTES = 32

_FORMAT, _VERSION = "homepoint-keys", 1
_SALT = 16
_NONCE = bytes(12)  # every locking key has a salt of its own and is used once
_PASSPHRASE, _CODE = "passphrase", "code"


class WrongSecretError(HomepointError):
    """Neither passphrase nor recovery code opens the lock."""

    def __init__(self) -> None:
        super().__init__("This does not open the library.", "Check capitals and the keyboard's language.")


class DamagedLockError(HomepointError):
    """The file of keys is not as it was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} is damaged, and without it the library cannot be opened.",
            "Put this file back from a backup of the data folder.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLock:
    """A lock that is not in place yet: the library's key, its recovery code, and the file's bytes."""

    id: str
    key: bytes
    code: str
    content: bytes

    def __repr__(self) -> str:
        """Tell no secret: this may come into a trace."""
        return f"NewLock({self.id})"


def new_lock(passphrase: str, cost: Cost | None = None) -> NewLock:
    """Make a new key, and lock it with a passphrase and a new recovery code.

    Raises:
        HomepointError: the passphrase is too short.
    """
    check_passphrase(passphrase)
    id, key, code = os.urandom(8).hex(), os.urandom(KEY_BYTES), new_code()
    slots = (_passphrase_slot(passphrase, key, cost or Cost()), _code_slot(code, key))
    return NewLock(id=id, key=key, code=code, content=_written(id, slots))


def new_code() -> str:
    """Return a new recovery code."""
    return code_of(os.urandom(RANDOM_BYTES))


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short.

    Raises:
        HomepointError: it is.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise HomepointError(
            f"The passphrase is too short: it needs at least {LEAST_PASSPHRASE} characters.",
            "Four or five words that do not belong together are good and easy to remember.",
        )


class LockFile:
    """The file of keys of a data folder. Nothing is kept in memory."""

    def __init__(self, folder: Path, cost: Cost | None = None) -> None:
        """Use the file of a data folder; `cost` is for tests, which cannot wait."""
        self.path = folder / LOCK_NAME
        self._cost = cost or Cost()

    @property
    def exists(self) -> bool:
        """True when the library is encrypted, or is about to be."""
        return self.path.is_file()

    @property
    def id(self) -> str:
        """Tell this lock from others, where the keyring remembers its key.

        Raises:
            HomepointError: the file cannot be read.
        """
        return self._read()[0]

    def put(self, lock: NewLock) -> None:
        """Write the file of a new lock.

        Raises:
            HomepointError: it cannot be written.
        """
        write_whole(self.path, lock.content)

    def key_by(self, secret: str) -> bytes:
        """Return the library's key, opened by passphrase or recovery code; takes a good part of a second.

        Raises:
            WrongSecretError: neither fits.
            HomepointError: the file is damaged, or of a newer Homepoint.
        """
        _, slots = self._read()
        return self._opened(slots, secret)

    def change_passphrase(self, secret: str, new: str) -> None:
        """Let another passphrase open the library; the recovery code stays.

        Args:
            secret: the passphrase so far, or the recovery code.
            new: the new one.

        Raises:
            WrongSecretError: the secret does not fit.
            HomepointError: the new one is too short, or the file cannot be read or written; it is then as before.
        """
        check_passphrase(new)
        id, slots = self._read()
        key = self._opened(slots, secret)
        kept = [slot for slot in slots if slot["by"] != _PASSPHRASE]
        cost = max([self._cost, *(_cost_of(slot) for slot in slots if slot["by"] == _PASSPHRASE)], key=_dearness)
        write_whole(self.path, _written(id, (_passphrase_slot(new, key, cost), *kept)))

    def change_code(self, secret: str, code: str) -> None:
        """Let another recovery code open the library, and the one so far no more; the passphrase stays.

        Raises:
            WrongSecretError, HomepointError: as `change_passphrase`.
        """
        id, slots = self._read()
        key = self._opened(slots, secret)
        kept = [slot for slot in slots if slot["by"] != _CODE]
        write_whole(self.path, _written(id, (*kept, _code_slot(code, key))))

    def remove(self) -> None:
        """Remove the file; what it locked must be plain by then.

        Raises:
            OSError: it cannot be removed.
        """
        self.path.unlink(missing_ok=True)

    def _read(self) -> tuple[str, tuple[Mapping[str, Any], ...]]:
        try:
            content = self.path.read_bytes()
        except OSError as fault:
            raise HomepointError(
                f"{self.path.name} cannot be read: {fault.strerror}.",
                "Without it the library cannot be opened. Put it back from a backup of the data folder.",
            ) from fault
        line, _, rest = content.partition(b"\n")
        if rest != _digest(line):
            raise DamagedLockError(self.path)
        try:
            head = json.loads(line)
            if head["format"] == _FORMAT and head["version"] > _VERSION:
                raise HomepointError(f"A newer Homepoint wrote {self.path.name}.", "Install the newest Homepoint.")
            if head["format"] != _FORMAT:
                raise DamagedLockError(self.path)
            return str(head["id"]), tuple({"by": str(slot["by"]), **slot} for slot in head["slots"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise DamagedLockError(self.path) from None

    def _opened(self, slots: tuple[Mapping[str, Any], ...], secret: str) -> bytes:
        code = read_code(secret)
        try:
            for slot in slots:
                salt, locked = bytes.fromhex(slot["salt"]), bytes.fromhex(slot["locked"])
                key = None
                if slot["by"] == _CODE and code is not None:
                    key = _unlocked(_from_code(code, salt), locked, _CODE)
                elif slot["by"] == _PASSPHRASE:
                    cost = _cost_of(slot)
                    if not cost.is_sane:
                        raise DamagedLockError(self.path)
                    key = _unlocked(stretched(secret, salt, cost), locked, _PASSPHRASE)
                if key is not None:
                    return key
        except (ValueError, KeyError, TypeError):
            raise DamagedLockError(self.path) from None
        raise WrongSecretError


def _written(id: str, slots: tuple[Mapping[str, Any], ...]) -> bytes:
    head = {"format": _FORMAT, "version": _VERSION, "id": id, "slots": [dict(slot) for slot in slots]}
    line = json.dumps(head).encode("ascii")
    return line + b"\n" + _digest(line)


def _digest(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest().encode() + b"\n"


def _passphrase_slot(passphrase: str, key: bytes, cost: Cost) -> Mapping[str, Any]:
    salt = os.urandom(_SALT)
    return {
        "by": _PASSPHRASE,
        "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
        "salt": salt.hex(),
        "locked": _locked(stretched(passphrase, salt, cost), key, _PASSPHRASE).hex(),
    }  # fmt: skip


def _code_slot(code: str, key: bytes) -> Mapping[str, Any]:
    digits = read_code(code)
    if digits is None:
        raise ValueError("no recovery code")
    salt = os.urandom(_SALT)
    return {"by": _CODE, "salt": salt.hex(), "locked": _locked(_from_code(digits, salt), key, _CODE).hex()}


def _from_code(digits: str, salt: bytes) -> bytes:
    """A code has the bits of a key already: there is nothing to stretch."""
    from cryptography.hazmat.primitives.hashes import SHA256  # late, as in secrets_seal
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt, b"homepoint/1/recovery of a library").derive(digits.encode())


def _locked(locking: bytes, key: bytes, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(locking).encrypt(_NONCE, key, purpose.encode())


def _unlocked(locking: bytes, locked: bytes, purpose: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(locking).decrypt(_NONCE, locked, purpose.encode())
    except InvalidTag:
        return None


def _cost_of(slot: Mapping[str, Any]) -> Cost:
    return Cost(memory_kib=slot["memory_kib"], passes=slot["passes"], lanes=slot["lanes"])


def _dearness(cost: Cost) -> tuple[int, int, int]:
    return cost.memory_kib, cost.passes, cost.lanes
