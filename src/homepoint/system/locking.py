"""Turns encryption of a data folder on and off, so that a kill at any moment leaves either state whole.

The new library is written beside the old one and compared with it; a journal says what is under way; two renames
exchange the files. Until the second rename the old library is the library, and whatever was begun is taken back; after
it, the rest is finished. The journal goes last. See docs/decisions/0010-encryption-at-rest.md.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from homepoint.application.locking import ConvertibleFiles
from homepoint.application.problems import HomepointError
from homepoint.system.attachments import FOLDER_NAME
from homepoint.system.attachments_sealed import SealedEvidenceStore
from homepoint.system.erasing import erase, erase_what_was_left
from homepoint.system.files import write_whole
from homepoint.system.lock_file import LockFile, NewLock
from homepoint.system.notes_file import NotesFile, notes_in
from homepoint.system.paths import LOCK_JOURNAL, LOCK_NAME, library_file
from homepoint.system.sealed_files import is_sealed

Steps = Callable[[int, int, str], None]

_NEW, _OLD, _TURN = "homepoint.new", "homepoint.old", ".homepoint.turn"
_BESIDE = ("-wal", "-shm", "-journal")
_ON, _OFF, _EVIDENCE = "on", "off", "evidence"


def is_locked(folder: Path, files: ConvertibleFiles) -> bool:
    """Say whether the library of a data folder wants its key; nobody in this program may have it open.

    It costs a plain library one look whether a file is there.
    """
    return (folder / LOCK_NAME).is_file() and files.is_encrypted(library_file(folder))


def is_unfinished(folder: Path) -> bool:
    """Say whether something is under way, or was when the program was killed."""
    return (folder / LOCK_JOURNAL).exists()


def recover_unfinished(folder: Path, files: ConvertibleFiles) -> None:
    """Take back or finish what a kill interrupted, before anything is opened; the key is not needed for it.

    What is left to do for the evidence is done by `finish_evidence`, which needs it.

    Raises:
        HomepointError: a file cannot be renamed or removed, or another program is about it.
    """
    if is_unfinished(folder):
        with files.alone(folder / _TURN):
            _recover(folder, files)


def _recover(folder: Path, files: ConvertibleFiles) -> None:
    turning = _under_way(folder)
    if turning not in (_ON, _OFF):
        return
    library, new, old = library_file(folder), folder / _NEW, folder / _OLD
    with _telling(folder):
        if not library.exists() and old.exists():
            old.rename(library)
        if not library.exists():
            raise HomepointError("The library is gone.", f"Put {library.name} back into {folder} from a backup.")
        is_exchanged = not new.exists() and files.is_encrypted(library) == (turning == _ON)
        _after_exchange(folder, turning) if is_exchanged else _take_back(folder, turning, files)
    erase_what_was_left(folder)


def finish_evidence(
    folder: Path, files: ConvertibleFiles, key: bytes, steps: Steps = lambda _done, _total, _words: None
) -> None:
    """Seal what evidence is still plain, if anything is under way; a killed run is gone on with.

    Raises:
        HomepointError: a file cannot be read or written; it is tried again at the next start.
    """
    if not is_unfinished(folder):
        return
    with files.alone(folder / _TURN):
        if _under_way(folder) == _EVIDENCE:
            store = SealedEvidenceStore(folder / FOLDER_NAME, key)
            erase_what_was_left(folder)
            store.erase_unfinished()
            store.seal_rest(steps)
            for notes in notes_in(folder):
                if not is_sealed(notes, key):
                    NotesFile(notes, None).convert(key)
            _end(folder)


def turn_on(folder: Path, files: ConvertibleFiles, lock: NewLock) -> None:
    """Encrypt the library of a folder; nobody may have it open. `finish_evidence` then does the evidence.

    Raises:
        HomepointError: somebody has it open, there is no room, ... Everything is then as it was.
    """
    with files.alone(folder / _TURN):
        _recover(folder, files)
        _turn_on(folder, files, lock)


def _turn_on(folder: Path, files: ConvertibleFiles, lock: NewLock) -> None:
    library = library_file(folder)
    if not library.exists() or files.is_encrypted(library):
        raise HomepointError("There is no plain library to encrypt.", "Open it with its passphrase.")
    _set_aside_old_lock(folder)
    try:
        _begin(folder, _ON)
        LockFile(folder).put(lock)
        files.convert(library, None, folder / _NEW, lock.key, lambda: _exchange(folder))
        with suppress(HomepointError):  # it is slower otherwise, no more
            files.make_ready(library, lock.key)
    finally:  # finishes, or takes back: the journal and the files say which
        _recover(folder, files)


def turn_off(
    folder: Path,
    files: ConvertibleFiles,
    key: bytes,
    named: Iterable[str],
    steps: Steps = lambda _done, _total, _words: None,
) -> list[str]:
    """Decrypt evidence and library of a folder, which nobody may have open, and return what evidence is damaged.

    Args:
        folder: the data folder.
        files: converts the library.
        key: the library's key.
        named: the SHA-256 of all evidence that facts name.
        steps: told how far it is.

    Raises:
        HomepointError: somebody has the library open, there is no room, ... The library is then still encrypted, and
            evidence that is plain already is encrypted again by `finish_evidence`.
    """
    library = library_file(folder)
    with files.alone(folder / _TURN):
        _recover(folder, files)
        try:
            _begin(folder, _OFF)
            damaged = SealedEvidenceStore(folder / FOLDER_NAME, key).unseal_all(named, steps)
            for notes in notes_in(folder):
                NotesFile(notes, key).convert(None)
            files.convert(library, key, folder / _NEW, None, lambda: _exchange(folder))
            with suppress(HomepointError):
                files.make_ready(library, None)
        finally:
            _recover(folder, files)
    return damaged


def _exchange(folder: Path) -> None:
    """Give the new file the library's name; the old one keeps existing until the journal has gone on."""
    library = library_file(folder)
    with _telling(folder):
        _sync_folder(folder)
        library.rename(folder / _OLD)
        (folder / _NEW).rename(library)
        _sync_folder(folder)


def _after_exchange(folder: Path, turning: str) -> None:
    """Remove what the new library replaced."""
    library = library_file(folder)
    replaced = [folder / _OLD, *(folder / (_OLD + end) for end in _BESIDE)]
    if turning == _ON:
        replaced += folder.glob(f"{library.stem}.version-*.backup*")
        for path in replaced:
            erase(path)
        _begin(folder, _EVIDENCE)
        return
    for path in replaced:
        path.unlink(missing_ok=True)
    for path in folder.glob(f"{library.stem}.version-*.backup*"):  # encrypted with a key that is going
        path.unlink()
    LockFile(folder).remove()
    _end(folder)


def _take_back(folder: Path, turning: str, files: ConvertibleFiles) -> None:
    """Remove the new file; the library is the old one."""
    for path in (folder / _NEW, *(folder / (_NEW + end) for end in _BESIDE)):
        erase(path)
    if turning == _OFF:
        _begin(folder, _EVIDENCE)
        return
    with suppress(HomepointError):  # it is no worse than before: the next migration asks for it again
        files.make_ready(library_file(folder), None)
    LockFile(folder).remove()
    _end(folder)


def _set_aside_old_lock(folder: Path) -> None:
    """Rename a file of keys that is none of this library's; something else may need it."""
    lock = folder / LOCK_NAME
    if lock.exists():
        number = next(each for each in range(1, 1000) if not lock.with_name(f"{LOCK_NAME}.{each}").exists())
        with _telling(folder):
            lock.rename(lock.with_name(f"{LOCK_NAME}.{number}"))


def _under_way(folder: Path) -> str | None:
    """Return what is under way, None where nothing is."""
    try:
        turning = json.loads((folder / LOCK_JOURNAL).read_bytes())["turning"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise HomepointError(
            f"{LOCK_JOURNAL} cannot be read.", f"Send a report to Homepoint's authors before you open {folder}."
        ) from fault
    return str(turning)


def _begin(folder: Path, turning: str) -> None:
    write_whole(folder / LOCK_JOURNAL, json.dumps({"turning": turning}).encode())
    _sync_folder(folder)


def _end(folder: Path) -> None:
    with _telling(folder):
        _sync_folder(folder)
        (folder / LOCK_JOURNAL).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make sure that names given in a folder outlast a power cut, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network drives know no such wish
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn what is in the way of a rename or removal into a HomepointError."""
    try:
        yield
    except OSError as fault:
        raise HomepointError(
            f"A file in {folder} cannot be changed: {fault.strerror or fault}.",
            "Close other programs that use it, then start Homepoint again. Nothing is lost.",
        ) from fault
