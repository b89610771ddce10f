"""The key object: the library's keys, locked by passphrase, by recovery code, and for each computer that shares it."""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from homepoint.domain.recovery_code import RANDOM_BYTES, code_of, read_code
from homepoint.sync.batch import compact, head_of
from homepoint.sync.cipher import (
    KEY_BYTES,
    CannotOpen,
    LibraryKeys,
    ReplicaKeys,
    bytes_of,
    derived,
    replica_of,
    text_of,
)

FORMAT, VERSION = "homepoint-key", 1
LEAST_PASSPHRASE = 10

_NONCE = bytes(12)  # every locking key is used once
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_MOST_MEMORY_KIB, _MOST_PASSES, _MOST_LANES = 1 << 20, 20, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess at a passphrase costs: Argon2id's memory (KiB), passes and lanes."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyObject:
    """A key object as read: still locked.

    `removed` names the computers that were removed and how many entries of their logs count. `content` is the object.
    """

    library: str
    epoch: int
    revision: int
    by: str
    slots: tuple[Mapping[str, Any], ...]
    older: str
    removed: Mapping[str, int]
    content: bytes

    @property
    def members(self) -> frozenset[str]:
        """The computers that were given the newest key by this object, its writer among them."""
        return frozenset({self.by, *(str(slot["id"]) for slot in self.slots if slot["by"] == "computer")})

    @property
    def order(self) -> tuple[int, int, bytes]:
        """Of several key objects, the greatest counts."""
        return self.epoch, self.revision, hashlib.sha256(self.content).digest()


def label_of_key(epoch: int, revision: int) -> str:
    """Return the label of a key object."""
    return f"k-{epoch:06}-{revision:06}"


def order_in_name(name: str) -> tuple[int, int]:
    """Return epoch and revision as a key object's name says them, (-1, -1) where it says none."""
    found = re.match(r"k-(\d{6})-(\d{6})-", name)
    return (int(found[1]), int(found[2])) if found else (-1, -1)


# Recovery codes.


def new_code() -> str:
    """Return a new recovery code."""
    return code_of(os.urandom(RANDOM_BYTES))


# Locking and unlocking.


def passphrase_slot(passphrase: str, key: bytes, cost: Cost) -> Mapping[str, Any]:
    """Lock a key with a passphrase."""
    salt = os.urandom(16)
    locking = _stretched(passphrase, salt, cost)
    return {
        "by": "passphrase",
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": text_of(salt),
        "locked": text_of(AESGCM(locking).encrypt(_NONCE, key, b"passphrase")),
    }


def code_slot(code: str, key: bytes) -> Mapping[str, Any]:
    """Lock a key with a recovery code."""
    salt = os.urandom(16)
    locking = derived(code_digits(code), "recovery", salt)
    return {
        "by": "code",
        "salt": text_of(salt),
        "locked": text_of(AESGCM(locking).encrypt(_NONCE, key, b"code")),
    }


def computer_slot(replica: str, receiver: bytes, key: bytes) -> Mapping[str, Any]:
    """Lock a key so that only one computer can open it."""
    locked = _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(receiver), info=replica.encode())
    return {"by": "computer", "id": replica, "locked": text_of(locked)}


def code_digits(code: str) -> bytes:
    """Return the bytes of a valid recovery code."""
    digits = read_code(code)
    if digits is None:
        raise ValueError("no recovery code")
    return digits.encode()


def key_by_secret(found: KeyObject, secret: str) -> bytes | None:
    """Return the newest key, opened by passphrase or recovery code; None where neither opens it.

    Raises:
        CannotOpen: the object asks for more than this program is willing to spend on a guess.
    """
    code = read_code(secret)
    for slot in found.slots:
        try:
            key = _key_in(slot, secret, code)
        except ValueError:
            continue  # a slot that makes no sense opens nothing
        if key is not None:
            return key
    return None


def _key_in(slot: Mapping[str, Any], secret: str, code: str | None) -> bytes | None:
    if slot["by"] == "code" and code is not None:
        return _opened(slot, derived(code.encode(), "recovery", bytes_of(slot["salt"])), b"code")
    if slot["by"] == "passphrase":
        return _opened(slot, _stretched(secret, bytes_of(slot["salt"]), _cost_of(slot)), b"passphrase")
    return None


def key_for_computer(found: KeyObject, me: ReplicaKeys) -> bytes | None:
    """Return the newest key, locked for this computer; None where it is not."""
    for slot in found.slots:
        if slot["by"] == "computer" and slot["id"] == me.replica:
            try:
                return _SUITE.decrypt(bytes_of(slot["locked"]), me.receiving, info=me.replica.encode())
            except (InvalidTag, ValueError):
                return None
    return None


def keys_of(found: KeyObject, newest: bytes) -> LibraryKeys:
    """Return all keys of a library, the older ones opened by the newest.

    Raises:
        CannotOpen: the object was altered, or the key is not its own.
    """
    try:
        older = AESGCM(derived(newest, "older keys")).decrypt(_NONCE, bytes_of(found.older), b"older")
    except (InvalidTag, ValueError):
        raise CannotOpen("the key does not fit") from None
    epochs = tuple(older[begin : begin + KEY_BYTES] for begin in range(0, len(older), KEY_BYTES))
    if len(epochs) != found.epoch:
        raise CannotOpen("its older keys are not complete")
    core, _, proof = _parts(found.content)
    if not hmac.compare_digest(proof, hmac.digest(derived(newest, "key object"), core, "sha256")):
        raise CannotOpen("it was altered")
    return LibraryKeys((*epochs, newest))


def written(
    library: str,
    keys: LibraryKeys,
    revision: int,
    slots: tuple[Mapping[str, Any], ...],
    removed: Mapping[str, int],
    writer: ReplicaKeys,
) -> bytes:
    """Return a key object as it stands at the remote."""
    older = AESGCM(derived(keys.newest, "older keys")).encrypt(_NONCE, b"".join(keys.epochs[:-1]), b"older")
    core = compact(
        {
            "format": FORMAT,
            "v": VERSION,
            "library": library,
            "epoch": keys.epoch,
            "revision": revision,
            "older": text_of(older),
            "slots": [dict(slot) for slot in slots],
            "removed": dict(removed),
            "writer": text_of(writer.public),
        }
    )
    signature = writer.signing.sign(core)
    proof = hmac.digest(derived(keys.newest, "key object"), core, "sha256")
    return b"\n".join([core, text_of(signature).encode(), text_of(proof).encode()])


@lru_cache(maxsize=4)  # every round reads the kept one several times, and proving a signature takes a while
def read(content: bytes) -> KeyObject:
    """Read a key object without opening it.

    Raises:
        CannotOpen: it is none, or was altered.
        NewerFormat: a newer Homepoint wrote it.
    """
    core, signature, _ = _parts(content)
    head = head_of(core)
    try:
        public = bytes_of(head["writer"])
        Ed25519PublicKey.from_public_bytes(public).verify(signature, core)
        found = KeyObject(
            library=str(head["library"]),
            epoch=int(head["epoch"]),
            revision=int(head["revision"]),
            by=replica_of(public),
            slots=tuple(slot for slot in head["slots"] if _is_slot(slot)),
            older=str(head["older"]),
            removed={str(replica): int(last) for replica, last in head["removed"].items()},
            content=content,
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidSignature):
        raise CannotOpen("it is no key of Homepoint's, or was altered") from None
    if head.get("format") != FORMAT:
        raise CannotOpen("it is no key of Homepoint's")
    return found


def _is_slot(slot: Mapping[str, Any]) -> bool:
    """Say whether a slot is of a kind this program can open; a newer one may know others."""
    needed = {"passphrase": ("salt", "locked"), "code": ("salt", "locked"), "computer": ("id", "locked")}
    return all(isinstance(slot.get(name), str) for name in needed.get(slot["by"], ()))


def _parts(content: bytes) -> tuple[bytes, bytes, bytes]:
    try:
        core, signature, proof = content.split(b"\n")
        return core, bytes_of(signature.decode()), bytes_of(proof.decode())
    except (ValueError, UnicodeDecodeError):
        raise CannotOpen("it is no key of Homepoint's, or was altered") from None


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(unicodedata.normalize("NFC", passphrase).encode())


def _cost_of(slot: Mapping[str, Any]) -> Cost:
    try:
        cost = Cost(memory_kib=int(slot["memory_kib"]), passes=int(slot["passes"]), lanes=int(slot["lanes"]))
    except (KeyError, TypeError, ValueError):
        raise CannotOpen("it is no key of Homepoint's, or was altered") from None
    if cost.memory_kib > _MOST_MEMORY_KIB or cost.passes > _MOST_PASSES or cost.lanes > _MOST_LANES:
        raise CannotOpen("it asks for more work than any passphrase is worth")
    return cost


def _opened(slot: Mapping[str, Any], locking: bytes, purpose: bytes) -> bytes | None:
    try:
        return AESGCM(locking).decrypt(_NONCE, bytes_of(slot["locked"]), purpose)
    except (InvalidTag, ValueError):
        return None
