"""The evidence store: files kept by what they contain, copied in whole or not at all, never altered."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from homepoint.application.problems import AlteredFileError, HomepointError
from homepoint.system.media_types import HEAD_BYTES, media_type_of

FOLDER_NAME = "evidence"
LARGEST_FILE = 2 << 30
"""Larger files are refused: a dossier holds them whole, and this is what one may hold in one piece."""

UNFINISHED = ".unfinished-"
"""How the names of half-written copies begin."""

_BLOCK = 1 << 20
_SHA256_DIGITS = 64

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all; whatever it raises stops the work and leaves nothing behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was taken in: what an `Attachment` says of it. `name` is what it was called at its source."""

    name: str
    media_type: str
    sha256: str
    size: int


class Kept(StrEnum):
    """How a stored file was found."""

    WHOLE = "whole"
    MISSING = "missing"
    ALTERED = "altered"


class Writer(Protocol):
    """Writes one file of the store."""

    def write(self, block: bytes, /) -> object:
        """Write some of it."""

    def finish(self, name: str) -> None:
        """Write the rest; `name` is what it will be called."""


class EvidenceStore:
    """Files in a folder under their own SHA-256 (`ab/ab12...`), so that the same file is kept once."""

    def __init__(self, folder: Path, *, largest_file: int = LARGEST_FILE) -> None:
        """Use a folder; it is made at the first file. `largest_file` is the most bytes one file may have."""
        self.folder = folder
        self._largest_file = largest_file

    def take_in(self, source: Path, progress: Progress | None = None) -> StoredFile:
        """Copy a file in and return what it is. The source stays where and as it is.

        Raises:
            HomepointError: it cannot be read, is no file, is empty or too large, or the store cannot be written.
                Nothing half-written stays behind, whatever goes wrong.
        """
        with _reading(source) as stream:
            size = os.fstat(stream.fileno()).st_size
            self._check_size(source.name, size)
            return self._keep(iter(lambda: stream.read(_BLOCK), b""), source.name, size, progress)

    def take_in_parts(self, parts: Iterable[bytes], name: str) -> StoredFile:
        """Take in a file that comes in parts, from no disk; raises as `take_in`, and what `parts` does."""
        return self._keep(parts, name, 0, None)

    def path(self, sha256: str) -> Path:
        """Return where a file of this SHA-256 is, or would be. What lies there may be encrypted: read it by `open`.

        Raises:
            ValueError: it is no SHA-256 in lower-case hexadecimal digits.
        """
        return self._place(sha256)

    def has(self, sha256: str) -> bool:
        """Say whether a file is there, whole or not; raises as `path`."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Return how many bytes a stored file has.

        Raises:
            FileNotFoundError: it is not there.
            AlteredFileError: it has been cut off.
        """
        return self.path(sha256).stat().st_size

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading.

        Raises:
            FileNotFoundError: it is not there.
            HomepointError: it is there and cannot be read; reading raises AlteredFileError where that is noticed.
        """
        path = self.path(sha256)
        if not path.is_file():
            raise FileNotFoundError(path)
        return self._opened(path, sha256)

    def check(self, sha256: str, progress: Progress | None = None) -> Kept:
        """Read a stored file through and say whether it still is what was taken in."""
        try:
            with self.open(sha256) as stream:
                size, done, digest = self.size(sha256), 0, hashlib.sha256()
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    done += len(block)
                    if progress:
                        progress(done, size)
        except FileNotFoundError:
            return Kept.MISSING
        except AlteredFileError:
            return Kept.ALTERED
        return Kept.WHOLE if digest.hexdigest() == sha256 else Kept.ALTERED

    def remove(self, sha256: str) -> None:
        """Delete a stored file for good; nothing happens where there is none. Ask first whether any fact names it."""
        with suppress(FileNotFoundError):
            self.path(sha256).unlink()

    # What an encrypted store does otherwise.

    def _place(self, sha256: str) -> Path:
        """Return where a file that is taken in goes."""
        if not is_sha256(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self.folder / sha256[:2] / sha256

    def _writer(self, stream: BinaryIO) -> Writer:
        return _PlainWriter(stream)

    def _opened(self, path: Path, sha256: str) -> BinaryIO:
        return _reading(path)

    # Taking in.

    def _check_size(self, name: str, size: int) -> None:
        if size > self._largest_file:
            limit = f"{self._largest_file / (1 << 30):.3g} GB"
            raise HomepointError(
                f"{name} is larger than {limit}, the most one piece of evidence may be.",
                "Cut out the part that shows what happened, and keep the whole file elsewhere.",
            )
        if size == 0:
            raise HomepointError(f"{name} is empty.", "Choose the file again; a copy may have failed.")

    def _keep(self, blocks: Iterable[bytes], name: str, size: int, progress: Progress | None) -> StoredFile:
        """Copy block by block, and give the copy its name once it is whole."""
        unfinished = self._unfinished(name)
        digest, written, head = hashlib.sha256(), 0, b""
        try:
            with _keeping(name), unfinished.open("w+b") as copy:
                writer = self._writer(copy)
                for block in blocks:
                    head = head or block[:HEAD_BYTES]
                    digest.update(block)
                    writer.write(block)
                    written += len(block)
                    self._check_size(name, written)  # it may be growing while it is read
                    if progress:
                        progress(written, max(size, written))
                self._check_size(name, written)
                place = self._place(digest.hexdigest())
                writer.finish(place.name)
                copy.flush()
                os.fsync(copy.fileno())
            self._put_in_place(unfinished, place, digest.hexdigest(), name)
        finally:
            with suppress(OSError):
                unfinished.unlink()
        return StoredFile(name=name, media_type=media_type_of(head), sha256=digest.hexdigest(), size=written)

    def _unfinished(self, name: str) -> Path:
        with _keeping(name):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=self.folder, prefix=UNFINISHED)
            os.close(handle)
            return Path(made)

    def _put_in_place(self, unfinished: Path, place: Path, digest: str, name: str) -> None:
        """Give the copy its name; one that is there already and whole is kept, an altered one is mended by this."""
        if self.check(digest) is Kept.WHOLE:
            return
        with _keeping(name):
            place.parent.mkdir(exist_ok=True)
            unfinished.chmod(0o600)
            unfinished.replace(place)


class _PlainWriter:
    """Writes a file as it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self.write = stream.write

    def finish(self, name: str) -> None:
        """Nothing is left to write."""


def is_sha256(text: str) -> bool:
    """Say whether a text is a SHA-256 in lower-case hexadecimal digits."""
    return len(text) == _SHA256_DIGITS and set(text) <= set("0123456789abcdef")


@contextmanager
def _keeping(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise HomepointError(
            f"{name} could not be copied: {fault.strerror or fault}.",
            "Your file is untouched. Check that there is room on the drive, then try again.",
        ) from fault


def _reading(path: Path) -> BinaryIO:
    if path.is_dir():
        raise HomepointError(f"{path.name} is a folder.", "Choose the files inside it.")
    try:
        return path.open("rb")
    except OSError as fault:
        raise HomepointError(
            f"{path.name} cannot be read: {fault.strerror or fault}.",
            "Check that it is still there (a card or drive may have been removed) and try again.",
        ) from fault
