"""The evidence store of an encrypted library: the same files, sealed, under names that tell nothing.

A sealed file lies under an HMAC of its SHA-256, so that nobody who has a file can look whether it is kept here. While
encryption is turned on or off, plain and sealed files lie side by side; each is found wherever it is.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from homepoint.application.problems import AlteredFileError, HomepointError
from homepoint.system.attachments import FOLDER_NAME, LARGEST_FILE, UNFINISHED, EvidenceStore, Writer, is_sha256
from homepoint.system.erasing import erase, erase_what_was_left
from homepoint.system.sealed_files import SealingWriter, is_sealed, looks_sealed, open_sealed, plain_size

_BLOCK = 1 << 20

Steps = Callable[[int, int, str], None]
"""Called with the files done, the files in all and what is done; whatever it raises stops the work, which may go on
later."""


class SealedEvidenceStore(EvidenceStore):
    """Files that are encrypted on the disk and plain to whoever holds the key."""

    def __init__(self, folder: Path, key: bytes, *, largest_file: int = LARGEST_FILE) -> None:
        """Use a folder with the library's key."""
        super().__init__(folder, largest_file=largest_file)
        self._key = key

    def path(self, sha256: str) -> Path:
        """Return where a file is, sealed or still plain, or where it would be sealed."""
        place, plain = self._place(sha256), super()._place(sha256)
        return plain if plain.is_file() and not place.is_file() else place

    def size(self, sha256: str) -> int:
        """Return how many bytes a stored file has when it is open; see `EvidenceStore.size`."""
        path = self.path(sha256)
        size = path.stat().st_size
        return plain_size(size) if self._lies_sealed(path, sha256) else size

    def remove(self, sha256: str) -> None:
        """Delete a stored file for good, and the plain one a conversion may have left."""
        super().remove(sha256)
        super().remove(sha256)

    def seal_rest(self, steps: Steps = lambda _done, _total, _words: None) -> int:
        """Seal every plain file that is still there, one by one, and return how many there were.

        It may be stopped at any moment and begun again.

        Raises:
            HomepointError: one cannot be read or written; it is then still there, plain.
        """
        erase_what_was_left(self.folder)
        waiting = [path for path in self._files() if self._is_plain(path)]
        for done, path in enumerate(waiting):
            steps(done, len(waiting), "Encrypting the evidence")
            self._seal(path)
        return len(waiting)

    def unseal_all(self, named: Iterable[str], steps: Steps = lambda _done, _total, _words: None) -> list[str]:
        """Put a plain file in the place of each sealed one, and return the names of those that are damaged.

        It may be stopped at any moment and begun again. Damaged files stay as they are.

        Args:
            named: the SHA-256 of all files that facts name.
            steps: told how far it is.

        Raises:
            HomepointError: one cannot be written; it is then still there, sealed.
        """
        known = {self._place(sha256).name: sha256 for sha256 in named}
        waiting = [path for path in self._files() if is_sealed(path, self._key)]
        damaged = []
        for done, path in enumerate(waiting):
            steps(done, len(waiting), "Decrypting the evidence")
            try:
                self._unseal(path, known.get(path.name))
            except AlteredFileError:
                damaged.append(path.name)
        return damaged

    def erase_unfinished(self) -> None:
        """Remove half-written copies that a kill left, which may be plain; nobody may be taking files in."""
        for path in self.folder.glob(f"{UNFINISHED}*"):
            erase(path)

    def _place(self, sha256: str) -> Path:
        plain = super()._place(sha256)
        name = hmac.digest(self._key, b"homepoint/1/name of evidence" + plain.name.encode(), "sha256").hex()
        return self.folder / name[:2] / name

    def _writer(self, stream: BinaryIO) -> Writer:
        return SealingWriter(stream, self._key)

    def _opened(self, path: Path, sha256: str) -> BinaryIO:
        if not self._lies_sealed(path, sha256):
            return super()._opened(path, sha256)
        try:
            return open_sealed(path, self._key)
        except OSError as fault:
            raise HomepointError(
                f"A file kept as evidence cannot be read: {fault.strerror}.", "Check the disk, then try again."
            ) from fault

    def _lies_sealed(self, path: Path, sha256: str) -> bool:
        return path.name != sha256

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("??/*") if is_sha256(path.name) and path.is_file())

    def _is_plain(self, path: Path) -> bool:
        """Tell a plain file from a sealed one, also from one whose head is damaged: that must keep its name."""
        if is_sealed(path, self._key):
            return False
        return not looks_sealed(path) or _digest(super()._opened(path, path.name)) == path.name

    def _seal(self, path: Path) -> None:
        """Seal a plain file, read the sealed one back, and only then erase the plain one.

        One that is not what its name says is sealed as well: it stays as it is, and stays altered.
        """
        plain = _digest(super()._opened(path, path.name))
        place = self._place(path.name)
        if not (is_sealed(place, self._key) and _digest_or_none(open_sealed(place, self._key)) == plain):
            with super()._opened(path, path.name) as stream:
                self._write(_blocks(stream), place, self._writer)
            if _digest_or_none(open_sealed(place, self._key)) != plain:
                raise HomepointError(
                    "An encrypted copy of evidence could not be read back.", "Check the disk, then try again."
                )
        erase(path)

    def _unseal(self, path: Path, sha256: str | None) -> None:
        with open_sealed(path, self._key) as stream:
            digest = _digest(stream, close=False)
            stream.seek(0)
            place = super()._place(sha256 or digest)
            self._write(_blocks(stream), place, super()._writer)
        if _digest(super()._opened(place, place.name)) != digest:
            raise HomepointError("A copy of evidence could not be read back.", "Check the disk, then try again.")
        with suppress(FileNotFoundError):
            path.unlink()

    def _write(self, blocks: Iterable[bytes], place: Path, writing: Callable[[BinaryIO], Writer]) -> None:
        unfinished = self._unfinished("The evidence")
        try:
            with unfinished.open("w+b") as copy:
                writer = writing(copy)
                for block in blocks:
                    writer.write(block)
                writer.finish(place.name)
                copy.flush()
                os.fsync(copy.fileno())
            place.parent.mkdir(exist_ok=True)
            unfinished.replace(place)
        except OSError as fault:
            raise HomepointError(
                f"Evidence could not be written: {fault.strerror or fault}.",
                "Check that there is room on the drive, then try again. Nothing was lost.",
            ) from fault
        finally:
            with suppress(OSError):
                unfinished.unlink()


def evidence_store(data_folder: Path, key: bytes | None) -> EvidenceStore:
    """Return the evidence store of a library, plain or with its key."""
    folder = data_folder / FOLDER_NAME
    return EvidenceStore(folder) if key is None else SealedEvidenceStore(folder, key)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.read(_BLOCK), b"")


def _digest(stream: BinaryIO, *, close: bool = True) -> str:
    digest = hashlib.sha256()
    try:
        for block in _blocks(stream):
            digest.update(block)
    finally:
        if close:
            stream.close()
    return digest.hexdigest()


def _digest_or_none(stream: BinaryIO) -> str | None:
    try:
        return _digest(stream)
    except AlteredFileError:
        return None
