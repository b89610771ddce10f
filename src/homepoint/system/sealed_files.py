"""The form of an encrypted file: sealed in chunks while it is written, opened at any place while it is read.

    "HPSEAL01" | salt, 32 bytes | mark, 32 bytes | chunks

Each file has a key of its own: HKDF-SHA256 of the library's key and the file's salt. A chunk is 1 MiB of the file (the
last one what is left) sealed with AES-256-GCM; its nonce is its number and whether it is the last, so chunks cannot be
left out, repeated or put elsewhere, and a file that was cut off is noticed. The mark is an HMAC over the head and the
file's name: it tells at once whether a file was sealed with this key under this name, and binds the two.
"""

import hmac
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from homepoint.application.problems import AlteredFileError

MAGIC = b"HPSEAL01"
CHUNK = 1 << 20

_SALT, _MARK, _TAG = 32, 32, 16
HEAD = len(MAGIC) + _SALT + _MARK


class SealingWriter:
    """Writes a sealed file into an empty stream. `finish` gives it its last chunk and its name."""

    def __init__(self, stream: BinaryIO, key: bytes) -> None:
        """Begin to write; the stream must be able to go back to its beginning."""
        self._stream = stream
        self._salt = os.urandom(_SALT)
        self._seal, self._marking = _keys(key, self._salt)
        self._waiting = bytearray()
        self._number = 0
        stream.write(bytes(HEAD))

    def write(self, block: bytes) -> None:
        """Write some of the file."""
        self._waiting += block
        while len(self._waiting) > CHUNK:  # a full chunk that may be the last one waits for `finish`
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def finish(self, name: str) -> None:
        """Write the rest, and the head with the name under which it will lie."""
        self._put(bytes(self._waiting), is_last=True)
        self._waiting.clear()
        self._stream.seek(0)
        self._stream.write(MAGIC + self._salt + _mark(self._marking, self._salt, name))

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._stream.write(self._seal.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1


class _SealedStream(io.RawIOBase):
    """The plain content of a sealed file; one chunk of it is held at a time."""

    def __init__(self, stream: BinaryIO, key: bytes) -> None:
        self._stream = stream
        head = stream.read(HEAD)
        self._open, _ = _keys(key, head[len(MAGIC) : len(MAGIC) + _SALT])
        self._size = plain_size(os.fstat(stream.fileno()).st_size)
        self._last = max(0, -(-self._size // CHUNK) - 1)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if begin + offset < 0:
            raise ValueError("before the beginning")
        self._at = begin + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # typeshed's Buffer is newer than 3.11
        if self._at >= self._size:
            if self._size == 0:
                self._chunk(0)  # an empty file has a chunk too, which must be whole
            return 0
        number, begin = divmod(self._at, CHUNK)
        part = self._chunk(number)[begin : begin + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._held[0] != number:
            self._stream.seek(HEAD + number * (CHUNK + _TAG))
            sealed = self._stream.read(CHUNK + _TAG)
            try:
                self._held = number, self._open.decrypt(_nonce(number, is_last=number == self._last), sealed, None)
            except (InvalidTag, ValueError):
                raise AlteredFileError from None
        return self._held[1]


def open_sealed(path: Path, key: bytes) -> BinaryIO:
    """Open a sealed file to read its plain content, from any place.

    Raises:
        FileNotFoundError: it is not there.
        AlteredFileError: it was not sealed with this key under its name; while it is read: it was altered or cut off.
        OSError: it cannot be read.
    """
    if not is_sealed(path, key):
        path.stat()
        raise AlteredFileError
    stream = path.open("rb")
    try:
        return io.BufferedReader(_SealedStream(stream, key), CHUNK)
    except BaseException:
        stream.close()
        raise


def is_sealed(path: Path, key: bytes) -> bool:
    """Say whether a file was sealed with this key under the name it has; it is not read through."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError:
        return False
    if len(head) != HEAD or not head.startswith(MAGIC):
        return False
    salt = head[len(MAGIC) : len(MAGIC) + _SALT]
    return hmac.compare_digest(head[-_MARK:], _mark(_keys(key, salt)[1], salt, path.name))


def looks_sealed(path: Path) -> bool:
    """Say whether a file begins as a sealed one does; anybody may write one that does.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def plain_size(size: int) -> int:
    """Return how many bytes a sealed file of this size holds.

    Raises:
        AlteredFileError: no sealed file has this size.
    """
    body = size - HEAD
    chunks = -(-body // (CHUNK + _TAG))
    rest = body - (chunks - 1) * (CHUNK + _TAG)
    if chunks < 1 or rest < _TAG or (rest == _TAG and chunks > 1):  # only an empty file has an empty last chunk
        raise AlteredFileError
    return body - chunks * _TAG


class _Cipher:
    """AES-256-GCM, imported when the first file is sealed or opened."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        cipher = AESGCM(key)
        self.encrypt: Callable[[bytes, bytes, None], bytes] = cipher.encrypt
        self.decrypt: Callable[[bytes, bytes, None], bytes] = cipher.decrypt


def _keys(key: bytes, salt: bytes) -> tuple[_Cipher, bytes]:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    both = HKDF(SHA256(), 64, salt, b"homepoint/1/sealed file").derive(key)
    return _Cipher(both[:32]), both[32:]


def _mark(marking: bytes, salt: bytes, name: str) -> bytes:
    return hmac.digest(marking, MAGIC + salt + name.encode(), "sha256")


def _nonce(number: int, *, is_last: bool) -> bytes:
    return bytes(3) + number.to_bytes(8, "big") + bytes([is_last])
