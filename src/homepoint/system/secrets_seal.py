"""The form of the encrypted file of secrets: bytes from a passphrase and secrets, and back.

    {"format": "homepoint-secrets", "version": 1, ...}\\n     one line of JSON: how the key is made
    AES-256-GCM over the secrets as JSON, bound to that line
    SHA-256 over all before

The last part holds no secret and tells damage from a wrong passphrase. Every later version ends with it too.
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from homepoint.application.problems import HomepointError

VERSION = 1

_FORMAT = "homepoint-secrets"
_SALT, _NONCE, _DIGEST, _KEY = 16, 12, 32, 32
_BLOCK = 256
"""What is sealed is filled up with blanks to a multiple of this, so that the size tells no password's length."""


class WrongPassphraseError(HomepointError):
    """The passphrase does not open the file."""

    def __init__(self) -> None:
        super().__init__(
            "This passphrase does not open the file of passwords.", "Check capitals and the keyboard's language."
        )


class DamagedSealError(HomepointError):
    """The file is not as it was written."""

    def __init__(self) -> None:
        super().__init__(
            "The file of passwords is damaged.",
            "Restore it from a backup, or remove it and enter the passwords anew.",
        )


class NewerSealError(HomepointError):
    """The file was written by a newer Homepoint."""

    def __init__(self) -> None:
        super().__init__("A newer Homepoint wrote the file of passwords.", "Install the newest Homepoint.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What guessing one passphrase costs (Argon2id). It stands in the file, so that it can rise."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4

    @property
    def is_sane(self) -> bool:
        """True when it can be paid: a forged file must not eat the computer's memory."""
        if not all(type(each) is int for each in (self.memory_kib, self.passes, self.lanes)):
            return False  # it was read from a file
        return 8 * self.lanes <= self.memory_kib <= 2_097_152 and 1 <= self.passes <= 64 and 1 <= self.lanes <= 64

    def raised_to(self, other: "Cost") -> "Cost":
        """Return the dearer of the two in every part."""
        return Cost(
            memory_kib=max(self.memory_kib, other.memory_kib),
            passes=max(self.passes, other.passes),
            lanes=max(self.lanes, other.lanes),
        )


def seal(secrets: Mapping[str, str], passphrase: str, cost: Cost) -> bytes:
    """Return the file's bytes; salt and nonce are new each time, so the same secrets never look the same."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # late: 47 ms, for few owners

    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    header = {
        "format": _FORMAT, "version": VERSION, "salt": salt.hex(), "nonce": nonce.hex(),
        "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
    }  # fmt: skip
    line = json.dumps(header).encode("ascii") + b"\n"
    plain = json.dumps(dict(secrets)).encode("ascii")
    plain += b" " * (-len(plain) % _BLOCK)
    sealed = line + AESGCM(stretched(passphrase, salt, cost)).encrypt(nonce, plain, line)
    return sealed + hashlib.sha256(sealed).digest()


def unseal(file: bytes, passphrase: str) -> tuple[dict[str, str], Cost]:
    """Return the secrets in a file, and what a guess at its passphrase costs.

    Raises:
        DamagedSealError: a byte differs from what was written.
        NewerSealError: it has a version this Homepoint does not know.
        WrongPassphraseError: it is whole, but this does not open it.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    sealed, digest = file[:-_DIGEST], file[-_DIGEST:]
    if hashlib.sha256(sealed).digest() != digest:
        raise DamagedSealError
    line, _, body = sealed.partition(b"\n")
    salt, nonce, cost = _read_header(line)
    try:
        plain = AESGCM(stretched(passphrase, salt, cost)).decrypt(nonce, body, line + b"\n")
    except InvalidTag:
        raise WrongPassphraseError from None
    secrets = json.loads(plain)
    return {str(name): str(value) for name, value in secrets.items()}, cost


def _read_header(line: bytes) -> tuple[bytes, bytes, Cost]:
    try:
        header = json.loads(line)
        if header["version"] > VERSION:
            raise NewerSealError
        cost = Cost(memory_kib=header["memory_kib"], passes=header["passes"], lanes=header["lanes"])
        salt, nonce = bytes.fromhex(header["salt"]), bytes.fromhex(header["nonce"])
        if header["format"] != _FORMAT or header["version"] != VERSION:
            raise DamagedSealError
        if not cost.is_sane or len(salt) != _SALT or len(nonce) != _NONCE:
            raise DamagedSealError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DamagedSealError from None
    return salt, nonce, cost


def stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return the key that a passphrase and a salt make, as slowly as the cost says."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    # One spelling of each letter: keyboards of different systems compose accents differently.
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode("utf-8"))
