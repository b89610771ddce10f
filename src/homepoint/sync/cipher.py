"""Seals objects so that their keeper can neither read nor alter them, and opens them again.

An object is: four letters that say the format, the id of the key, a random salt, and AES-256-GCM with a key of its own
made from the library's key and the salt. Its label (what stands before the proof in its name) is bound to it. Inside
are the writer's signature and the body, packed and filled up to a size that says little.
"""

import base64
import hashlib
import hmac
import os
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from homepoint.sync.names import REPLICA_DIGITS

MAGIC = b"HPO1"
EVIDENCE_MAGIC = b"HPA1"
KEY_BYTES = 32
LARGEST_OBJECT = 64 << 20
"""Bytes; a larger object is none of ours."""
LARGEST_BODY = 256 << 20
EVIDENCE_PART = 4 << 20
"""Bytes of a file that one object holds."""

_KEY_ID, _SALT, _LEAST = 8, 32, 512
_NONCE = bytes(12)  # every object has a key of its own


class CannotOpen(Exception):  # noqa: N818  # the normal answer to a damaged or foreign object
    """An object is not what it should be; the message says how."""


class NewerFormat(CannotOpen):
    """An object was written by a newer Homepoint."""


class NoKey(CannotOpen):
    """An object is sealed with a key that is not at hand."""


def derived(key: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return a key made from another one for one purpose."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=f"homepoint/1/{purpose}".encode()).derive(key)


def text_of(value: bytes) -> str:
    """Return bytes as text for JSON and keyrings."""
    return base64.b64encode(value).decode("ascii")


def bytes_of(text: str) -> bytes:
    """Return the bytes of such a text.

    Raises:
        ValueError: it is none.
    """
    return base64.b64decode(text, validate=True)


@dataclass(frozen=True)
class LibraryKeys:
    """The keys of a library: one for each time a computer was removed, the newest seals. Their order is by epoch."""

    epochs: tuple[bytes, ...]

    @property
    def epoch(self) -> int:
        """The number of the newest key, from 0."""
        return len(self.epochs) - 1

    @property
    def newest(self) -> bytes:
        """The key that seals."""
        return self.epochs[-1]

    @cached_property
    def by_id(self) -> Mapping[bytes, bytes]:
        """The keys by the id that stands in objects."""
        return {key_id(key): key for key in self.epochs}

    @cached_property
    def newest_id(self) -> bytes:
        """The id of the key that seals."""
        return key_id(self.newest)

    @cached_property
    def chain_key(self) -> bytes:
        """The key of the chain values; it stays when a computer is removed."""
        return derived(self.epochs[0], "chain")


def key_id(key: bytes) -> bytes:
    """Return the id of a key, which tells nothing about it."""
    return derived(key, "id")[:_KEY_ID]


@dataclass(frozen=True)
class ReplicaKeys:
    """The keys of one computer: it signs what it writes, and takes new library keys. Made anew from a secret salt."""

    signing: Ed25519PrivateKey
    receiving: X25519PrivateKey

    @classmethod
    def of(cls, keys: LibraryKeys, salt: bytes) -> "ReplicaKeys":
        """Return the keys of the computer that keeps this salt."""
        first = keys.epochs[0]
        return cls(
            signing=Ed25519PrivateKey.from_private_bytes(derived(first, "sign", salt)),
            receiving=X25519PrivateKey.from_private_bytes(derived(first, "receive", salt)),
        )

    @cached_property
    def public(self) -> bytes:
        """The key that proves its signatures."""
        return self.signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def receiver(self) -> bytes:
        """The key for which others lock what only this computer shall read."""
        return self.receiving.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def replica(self) -> str:
        """The id of this computer's log: it follows from the key, so that nobody can write under another's."""
        return replica_of(self.public)


def replica_of(public: bytes) -> str:
    """Return the id of the replica whose signatures a key proves."""
    return hashlib.sha256(b"homepoint replica" + public).hexdigest()[:REPLICA_DIGITS]


def seal(body: bytes, label: str, keys: LibraryKeys, writer: ReplicaKeys) -> bytes:
    """Return an object that holds a body."""
    packed = zlib.compress(body, 6)
    signature = writer.signing.sign(label.encode() + packed)
    plain = writer.public + signature + struct.pack(">I", len(packed)) + packed
    plain += bytes(padded(len(plain)) - len(plain))
    salt = os.urandom(_SALT)
    head = MAGIC + keys.newest_id
    sealed = AESGCM(derived(keys.newest, "object", salt)).encrypt(_NONCE, plain, head + label.encode())
    return head + salt + sealed


def is_sealed_with_newest(content: bytes, keys: LibraryKeys) -> bool:
    """Say whether an object is sealed with the newest key."""
    return content[len(MAGIC) :][:_KEY_ID] == keys.newest_id


def unseal(content: bytes, label: str, keys: LibraryKeys) -> tuple[bytes, str]:
    """Return an object's body and the replica that signed it.

    Raises:
        CannotOpen: it is damaged, foreign, or not what its label says.
        NewerFormat: a newer Homepoint wrote it.
        NoKey: it is sealed with a key that is not among these.
    """
    head, salt = content[: len(MAGIC) + _KEY_ID], content[len(MAGIC) + _KEY_ID :][:_SALT]
    _check_magic(head, MAGIC)
    key = keys.by_id.get(head[len(MAGIC) :])
    if key is None:
        raise NoKey("it is locked with another key")
    try:
        cipher = AESGCM(derived(key, "object", salt))
        plain = cipher.decrypt(_NONCE, content[len(head) + _SALT :], head + label.encode())
    except InvalidTag:
        raise CannotOpen("it was altered") from None
    public, signature, rest = plain[:32], plain[32:96], plain[96:]
    try:
        [size] = struct.unpack(">I", rest[:4])
        packed = rest[4 : 4 + size]
        Ed25519PublicKey.from_public_bytes(public).verify(signature, label.encode() + packed)
    except (InvalidSignature, ValueError, struct.error):
        raise CannotOpen("its signature is wrong") from None
    return _unpacked(packed), replica_of(public)


def seal_evidence(part: bytes, index: int, total: int, sha256: str, keys: LibraryKeys) -> bytes:
    """Return an object that holds one part of a file; the same part gives the same bytes on every computer.

    Args:
        part: its bytes.
        index, total: which part it is, from 0, of how many.
        sha256: of the whole file.
        keys: the library's.
    """
    plain = struct.pack(">II", total, len(part)) + part
    plain += bytes(padded(len(plain)) - len(plain))
    head = EVIDENCE_MAGIC + key_id(keys.newest)
    key = derived(keys.newest, "evidence", bytes.fromhex(sha256))
    return head + AESGCM(key).encrypt(struct.pack(">QI", 0, index), plain, head)


def unseal_evidence(content: bytes, index: int, sha256: str, keys: LibraryKeys) -> tuple[bytes, int]:
    """Return one part of a file, and how many parts there are.

    Raises:
        CannotOpen: it is damaged or foreign.
        NoKey: it is sealed with a key that is not among these.
    """
    head = content[: len(EVIDENCE_MAGIC) + _KEY_ID]
    _check_magic(head, EVIDENCE_MAGIC)
    key = keys.by_id.get(head[len(EVIDENCE_MAGIC) :])
    if key is None:
        raise NoKey("it is locked with another key")
    try:
        cipher = AESGCM(derived(key, "evidence", bytes.fromhex(sha256)))
        plain = cipher.decrypt(struct.pack(">QI", 0, index), content[len(head) :], head)
    except InvalidTag:
        raise CannotOpen("it was altered") from None
    if len(plain) < struct.calcsize(">II"):
        raise CannotOpen("it holds nothing")
    total, size = struct.unpack(">II", plain[:8])
    return plain[8 : 8 + size], total


def evidence_name(sha256: str, index: int, key: bytes) -> str:
    """Return the name of a part of a file under a key: the file's own hash stays unknown to the keeper."""
    return hmac.digest(derived(key, "evidence names"), f"{sha256}/{index}".encode(), "sha256").hex() + ".hpa"


def chained(before: str, line: bytes, chain_key: bytes) -> str:
    """Return a log's chain value after one more entry; "" stands before the first."""
    return hashlib.blake2b(before.encode() + line, key=chain_key, digest_size=16).hexdigest()


def padded(size: int) -> int:
    """Return the size to fill up to (Padme): at most an eighth more, and few sizes in all."""
    if size <= _LEAST:
        return _LEAST
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return (size + step - 1) // step * step


def _check_magic(head: bytes, expected: bytes) -> None:
    if head[:4] == expected:
        return
    if head[:3] == expected[:3] and head[3:4].isdigit() and head[3:4] > expected[3:4]:
        raise NewerFormat("a newer Homepoint wrote it")
    raise CannotOpen("it is none of Homepoint's objects")


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        body = unpacking.decompress(packed, LARGEST_BODY)
    except zlib.error:
        raise CannotOpen("it cannot be unpacked") from None
    if not unpacking.eof:
        raise CannotOpen("it is too large")
    return body
