"""A small file beside the library that is no fact but tells of facts, such as what a calendar said last."""

import io
from pathlib import Path

from homepoint.application.problems import AlteredFileError, HomepointError
from homepoint.system.erasing import erase
from homepoint.system.files import write_whole
from homepoint.system.sealed_files import SealingWriter, is_sealed, looks_sealed, open_sealed

NOTES = "calendar*.json"
"""Which files of a data folder are such notes: they are encrypted with the library, and decrypted with it."""


class NotesFile:
    """A file of notes, encrypted where the library is."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        """Use a file, which need not be there, with the library's key; None for a plain library."""
        self._path, self._key = path, key

    def read(self) -> bytes:
        """Return what is noted; nothing where there is no file, or none that can be read: notes can be made anew."""
        try:
            if self._key is None or not is_sealed(self._path, self._key):
                return b"" if looks_sealed(self._path) else self._path.read_bytes()
            with open_sealed(self._path, self._key) as stream:
                return stream.read()
        except (OSError, AlteredFileError):
            return b""

    def write(self, content: bytes) -> None:
        """Note something; a file that says so already is not touched.

        Raises:
            HomepointError: it cannot be written; it is then as before.
        """
        if content != self.read():
            write_whole(self._path, self._form(content))

    def convert(self, key: bytes | None) -> None:
        """Keep the same notes with another key, or plainly.

        Raises:
            HomepointError: it cannot be written, or the plain one not be removed.
        """
        content = self.read()
        if key is not None:
            erase(self._path)  # first: what is written whole would leave the plain one's blocks as they are
        if content:
            write_whole(self._path, NotesFile(self._path, key)._form(content))

    def _form(self, content: bytes) -> bytes:
        if self._key is None:
            return content
        stream = io.BytesIO()
        writer = SealingWriter(stream, self._key)
        writer.write(content)
        writer.finish(self._path.name)
        return stream.getvalue()


def notes_in(folder: Path) -> list[Path]:
    """Return the files of notes in a data folder.

    Raises:
        HomepointError: the folder cannot be read.
    """
    try:
        return sorted(folder.glob(NOTES))
    except OSError as fault:
        raise HomepointError(f"{folder} cannot be read: {fault.strerror}.", "Check the disk.") from fault
