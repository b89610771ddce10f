"""The evidence store: files kept by what they contain, copied in whole or not at all, never altered."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from homepoint.application.problems import HomepointError
from homepoint.system.media_types import HEAD_BYTES, media_type_of

FOLDER_NAME = "evidence"
LARGEST_FILE = 2 << 30
"""Larger files are refused: a dossier holds them whole, and this is what one may hold in one piece."""

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
            self._check_size(source, size)
            unfinished = self._unfinished(source)
            try:
                digest, written, head = self._copy(stream, unfinished, size, source, progress)
                self._put_in_place(unfinished, digest, source)
            finally:
                with suppress(OSError):
                    unfinished.unlink()
        return StoredFile(name=source.name, media_type=media_type_of(head), sha256=digest, size=written)

    def path(self, sha256: str) -> Path:
        """Return where a file of this SHA-256 is, or would be.

        Raises:
            ValueError: it is no SHA-256 in lower-case hexadecimal digits.
        """
        if len(sha256) != _SHA256_DIGITS or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading.

        Raises:
            FileNotFoundError: it is not there.
            HomepointError: it is there and cannot be read.
        """
        path = self.path(sha256)
        if not path.is_file():
            raise FileNotFoundError(path)
        return _reading(path)

    def check(self, sha256: str, progress: Progress | None = None) -> Kept:
        """Read a stored file through and say whether it still is what was taken in."""
        try:
            stream = self.open(sha256)
        except FileNotFoundError:
            return Kept.MISSING
        with stream:
            size, done, digest = os.fstat(stream.fileno()).st_size, 0, hashlib.sha256()
            while block := stream.read(_BLOCK):
                digest.update(block)
                done += len(block)
                if progress:
                    progress(done, size)
        return Kept.WHOLE if digest.hexdigest() == sha256 else Kept.ALTERED

    def remove(self, sha256: str) -> None:
        """Delete a stored file for good; nothing happens where there is none. Ask first whether any fact names it."""
        with suppress(FileNotFoundError):
            self.path(sha256).unlink()

    def _check_size(self, source: Path, size: int) -> None:
        if size > self._largest_file:
            limit = f"{self._largest_file / (1 << 30):.3g} GB"
            raise HomepointError(
                f"{source.name} is larger than {limit}, the most one piece of evidence may be.",
                "Cut out the part that shows what happened, and keep the whole file elsewhere.",
            )
        if size == 0:
            raise HomepointError(f"{source.name} is empty.", "Choose the file again; a copy may have failed.")

    def _unfinished(self, source: Path) -> Path:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".unfinished-")
        except OSError as fault:
            raise _not_kept(source, fault) from fault
        os.close(handle)
        return Path(name)

    def _copy(
        self, stream: BinaryIO, target: Path, size: int, source: Path, progress: Progress | None
    ) -> tuple[str, int, bytes]:
        """Copy block by block and return the SHA-256, the length and the first bytes of what was copied."""
        digest, written, head = hashlib.sha256(), 0, b""
        try:
            with target.open("wb") as copy:
                while block := stream.read(_BLOCK):
                    head = head or block[:HEAD_BYTES]
                    digest.update(block)
                    copy.write(block)
                    written += len(block)
                    self._check_size(source, written)  # it may be growing while it is read
                    if progress:
                        progress(written, max(size, written))
                copy.flush()
                os.fsync(copy.fileno())
        except OSError as fault:
            raise _not_kept(source, fault) from fault
        return digest.hexdigest(), written, head

    def _put_in_place(self, unfinished: Path, digest: str, source: Path) -> None:
        """Give the copy its name; one that is there already and whole is kept, an altered one is mended by this."""
        place = self.path(digest)
        if self.check(digest) is Kept.WHOLE:
            return
        try:
            place.parent.mkdir(exist_ok=True)
            unfinished.chmod(0o600)
            unfinished.replace(place)
        except OSError as fault:
            raise _not_kept(source, fault) from fault


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


def _not_kept(source: Path, fault: OSError) -> HomepointError:
    return HomepointError(
        f"{source.name} could not be copied: {fault.strerror or fault}.",
        "Your file is untouched. Check that there is room on the drive, then try again.",
    )
