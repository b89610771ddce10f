"""Objects in a plain folder that something else carries: Syncthing, Dropbox, a network drive, a memory stick."""

import errno
import os
import secrets
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from homepoint.application.replication import RemoteReport, Trouble
from homepoint.sync import layout
from homepoint.sync.remote import Listed, NotThere, RemoteError
from homepoint.sync.trial import PROBE, ground_name, shortcomings

_UNFINISHED = ".unfinished"
_OLD_SECONDS = 24 * 3600
"""An unfinished file of this age, by the drive's own clock, is nobody's work any more."""


def _numbers(names: str) -> frozenset[int]:
    """Return the error numbers of these names; not every system knows every one."""
    return frozenset(getattr(errno, name) for name in names.split() if hasattr(errno, name))


_TROUBLES = {
    Trouble.FULL: _numbers("ENOSPC EDQUOT"),
    Trouble.REFUSED: _numbers("EACCES EPERM EROFS"),
    Trouble.BUSY: _numbers("EBUSY EAGAIN ETXTBSY EMFILE ENFILE"),
    Trouble.OFFLINE: _numbers(
        "EIO ENODEV ENXIO ESTALE ENOTCONN ECONNRESET ECONNREFUSED ECONNABORTED EHOSTDOWN EHOSTUNREACH ENETDOWN "
        "ENETUNREACH ETIMEDOUT ENOMEDIUM EREMOTEIO"
    ),
}
# Windows folds most of its own numbers into EACCES and EINVAL, so they come first.
_WINDOWS = {
    **dict.fromkeys((32, 33), Trouble.BUSY),  # another program has the file open
    **dict.fromkeys((39, 112, 1295), Trouble.FULL),
    **dict.fromkeys((15, 21, 53, 54, 55, 59, 64, 67, 121, 1117, 1167, 1222, 1231, 1232), Trouble.OFFLINE),
    # The cloud's program has only a stand-in of the file and cannot fetch it now.
    **dict.fromkeys((362, 389, 395, 398), Trouble.OFFLINE),
}


class FolderRemote:
    """A folder as a remote. What is written there is whole or not there, at least as this computer sees it.

    The owner's folder itself is never made: where it is missing, its drive is not there.
    """

    def __init__(self, path: str | Path) -> None:
        self._base = Path(path)
        self._requests = 0
        self._tidied: set[Path] = set()

    @property
    def requests(self) -> int:
        """How many times the folder was asked for something."""
        return self._requests

    @property
    def server_time(self) -> datetime | None:
        """A folder tells no time."""
        return None

    def list(self, folder: str) -> "list[Listed]":
        """Return the files in a folder that something could have meant as objects, whoever wrote them.

        Raises:
            NotThere: there is no such folder.
        """
        with self._asked():
            return sorted(_files(self._base.joinpath(*layout.folder_path(folder))), key=lambda file: file.name)

    def get(self, folder: str, name: str, largest: int) -> bytes:
        """Return an object.

        Raises:
            NotThere: it is not there.
            RemoteError: among others, it is larger than `largest` bytes.
        """
        with self._asked():
            return _content(self._base.joinpath(*layout.object_path(folder, name)), largest)

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Write an object, making the folder where it is missing."""
        with self._asked():
            path = self._base.joinpath(*layout.object_path(folder, name))
            self._make_folders(path.parent)
            _write(path, content)
            if path.parent not in self._tidied:
                self._tidied.add(path.parent)
                _remove_unfinished(path)

    def delete(self, folder: str, name: str) -> None:
        """Remove an object; one that is not there is removed already."""
        with suppress(NotThere), self._asked():
            self._base.joinpath(*layout.object_path(folder, name)).unlink()

    def test(self) -> RemoteReport:
        """Try everything out with a small file and say what is lacking."""
        with self._asked():
            if not self._base.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, "no folder")
        try:
            holds_a_library = bool(self.list("l"))
            parent = self._base / layout.TOP / layout.VERSION
        except NotThere:
            holds_a_library, parent = False, self._base
        return RemoteReport(
            server="A folder on this computer or its network",
            lacks=shortcomings(_FolderGround(self, parent / ground_name())),
            address=str(self._base),
            holds_a_library=holds_a_library,
        )

    def close(self) -> None:
        """Do nothing; a folder needs no connection."""

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        top = self._base / layout.TOP
        is_new = not top.is_dir()
        for path in (top, folder.parent, folder):
            path.mkdir(exist_ok=True)
        if is_new:
            # A courtesy: without it everything works as well.
            with suppress(OSError):
                _write(top / layout.README, layout.README_TEXT.encode())

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Count a request, and say what was in its way."""
        self._requests += 1
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as error:
            if self._is_there():
                raise NotThere(str(error.filename or "")) from error
            raise RemoteError(Trouble.OFFLINE, f"There is no folder {self._base}; is its drive connected?") from error
        except OSError as error:
            raise RemoteError(_trouble(error), f"{error.filename or self._base}: {error.strerror or error}.") from error

    def _is_there(self) -> bool:
        try:
            return self._base.is_dir()
        except OSError:  # a network drive that went away
            return False


class _FolderGround:
    """A folder within the owner's, in which things are tried out."""

    def __init__(self, remote: FolderRemote, path: Path) -> None:
        self._asked = remote._asked
        self._path = path

    def make(self) -> None:
        with self._asked():
            self._path.mkdir()

    def write(self, content: bytes) -> None:
        with self._asked():
            _write(self._path / PROBE, content)

    def names(self) -> Collection[str]:
        with self._asked():
            return [file.name for file in _files(self._path)]

    def read(self) -> bytes:
        with self._asked():
            return _content(self._path / PROBE, 1024 * 1024)

    def delete(self) -> None:
        with self._asked():
            (self._path / PROBE).unlink()

    def remove(self) -> None:
        with self._asked():
            for file in self._path.iterdir():
                file.unlink(missing_ok=True)
            self._path.rmdir()


def _files(folder: Path) -> Iterator[Listed]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if layout.is_object_name(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):  # deleted while we looked
                    yield Listed(name=entry.name, size=entry.stat(follow_symlinks=False).st_size)


def _content(path: Path, largest: int) -> bytes:
    if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would be read for ever, a link leads elsewhere
        raise NotThere(str(path))
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise RemoteError(Trouble.DAMAGED, f"{path.name} is larger than {largest} bytes.")
    return content


def _write(path: Path, content: bytes) -> None:
    # Not a temporary file of the library's making: that one nobody else could read on a shared drive.
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_UNFINISHED}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Have the new name survive a power cut too, where the system can do that."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network drives refuse this
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _remove_unfinished(just_written: Path) -> None:
    """Remove what a computer that died while writing left here long ago."""
    with suppress(OSError):
        now = just_written.stat().st_mtime
        for path in just_written.parent.glob(f".*{_UNFINISHED}"):
            if path.stat().st_mtime < now - _OLD_SECONDS:
                path.unlink()


def _trouble(error: OSError) -> Trouble:
    windows = _WINDOWS.get(getattr(error, "winerror", None) or 0)
    if windows is not None:
        return windows
    for trouble, numbers in _TROUBLES.items():
        if error.errno in numbers:
            return trouble
    return Trouble.SERVER
