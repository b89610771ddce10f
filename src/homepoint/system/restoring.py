"""Restores a backup: what is here is kept first, then the library is exchanged in one step, whatever happens between.

Evidence is added before: it is kept under its own hash, so a file more harms neither the old library nor the new one,
and files that are only here stay. What then remains to be exchanged is one file, by one rename. Only where the old
library is damaged and leaves a write-ahead log that must not meet the new file, a journal stands for the two steps.
"""

import hashlib
import json
import os
import shutil
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from homepoint.application.backups import (
    BackupKind,
    LibraryFiles,
    LibraryIsDamagedError,
    Progress,
    RestorePreview,
    restore_preview,
)
from homepoint.application.problems import HomepointError
from homepoint.system.attachments import FOLDER_NAME
from homepoint.system.backup_file import (
    Source,
    copy_member,
    members_of,
    read_backup,
    unpack_library,
    verify_backup,
    write_backup,
)
from homepoint.system.backup_manifest import Manifest, Member
from homepoint.system.backups import name_for
from homepoint.system.disk_faults import make_sure_of_room, sync_folder, told
from homepoint.system.files import write_whole
from homepoint.system.paths import RESTORE_JOURNAL, library_file
from homepoint.system.unfinished import appearing, scratch, unfinished_name

_BESIDE = ("-wal", "-shm", "-journal")
_SPARE = 8 << 20
_KEPT = "Your records are as they were."


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorable:
    """A backup unpacked beside the library, ready to take its place.

    `safety` is the backup of what is here, made first; None where there was nothing, or nothing that could be backed
    up: then the damaged file is kept aside. `mark` is what the library was like when the safety copy was made.
    """

    staged: Path
    safety: Path | None
    mark: str | None
    damaged: bool


def preview(backup: Path, folder: Path, files: LibraryFiles) -> RestorePreview:
    """Say what a backup holds and what restoring it would change here. Nothing is changed.

    Raises:
        HomepointError: the backup cannot be used, or its library is of a newer Homepoint.
    """
    with scratch(folder) as place:
        manifest = unpack_library(backup, place / "library.sqlite")
        _refuse_newer(manifest, files, backup)
        there = files.contents(place / "library.sqlite")
    library = library_file(folder)
    try:
        here = files.contents(library) if library.exists() else None
    except LibraryIsDamagedError:
        here = None
    return restore_preview(there, here, made_at=manifest.made_at, homepoint=manifest.homepoint)


def prepare(source: Source, backup: Path, safety_folder: Path, *, now: datetime, progress: Progress) -> Restorable:
    """Verify a backup, make a backup of what is here, and unpack what shall come; the library may still be open.

    Raises:
        HomepointError: anything is in the way; the library is then as it was.
    """
    folder, files = source.folder, source.files
    _refuse_newer(verify_backup(backup, files, progress, folder), files, backup)
    safety, mark, damaged = None, None, False
    if library_file(folder).exists():
        try:
            safety = _safety_copy(source, safety_folder, now, progress)
            mark = read_backup(safety).mark
        except LibraryIsDamagedError:
            damaged = True
    return Restorable(staged=_unpack(backup, folder, files, progress), safety=safety, mark=mark, damaged=damaged)


def swap(folder: Path, ready: Restorable, files: LibraryFiles, now: datetime) -> Path | None:
    """Let what was unpacked take the library's place. The library must be closed in this program.

    Returns:
        Where a damaged library was kept aside, None for a sound one (the safety copy holds it).

    Raises:
        HomepointError: another program uses the library, or something was recorded since the safety copy was made;
            the library is then as it was, and what was unpacked is gone.
    """
    library = library_file(folder)
    aside = None
    try:
        with told(folder, kept=_KEPT):
            if ready.damaged:
                aside = keep_aside(library, now)
                _swap_by_journal(folder, ready.staged)
            elif not library.exists():
                ready.staged.replace(library)
            else:
                _swap_sound(library, ready, files)
            sync_folder(folder)
    except BaseException:
        if not (folder / RESTORE_JOURNAL).exists():
            with suppress(OSError):
                ready.staged.unlink(missing_ok=True)
        raise
    return aside


def restore(source: Source, backup: Path, safety_folder: Path, *, now: datetime, progress: Progress) -> Path | None:
    """Restore a backup into a folder whose library nobody has open.

    Returns:
        Where what was here is kept: the safety copy, or the damaged file. None where there was nothing.
    """
    ready = prepare(source, backup, safety_folder, now=now, progress=progress)
    return swap(source.folder, ready, source.files, now) or ready.safety


def replace_damaged(folder: Path, salvaged: Path, files: LibraryFiles, now: datetime) -> Path:
    """Let a library that was saved from a damaged one take its place, and return where the damaged one is kept.

    Raises:
        HomepointError: the folder cannot be changed; the damaged file is then where it was.
    """
    staged = folder / unfinished_name()
    with told(folder, kept=_KEPT):
        files.make_ready(salvaged)
        salvaged.replace(staged)
        _sync(staged)
        aside = keep_aside(library_file(folder), now)
        _swap_by_journal(folder, staged)
    return aside


def recover_unfinished(folder: Path) -> bool:
    """Finish an exchange that was cut off; call it before a library is opened. Says whether there was one.

    Raises:
        HomepointError: the folder cannot be changed.
    """
    journal = folder / RESTORE_JOURNAL
    if not journal.exists():
        return False
    with told(folder, kept="Nothing is lost: start again once the folder can be written to."):
        try:
            staged = folder / Path(json.loads(journal.read_text(encoding="utf-8"))["staged"]).name
        except (ValueError, KeyError, TypeError):
            journal.unlink()  # it is written whole or not at all: this one is not ours
            return False
        _finish(folder, staged)
    return True


def keep_aside(library: Path, now: datetime) -> Path:
    """Copy a damaged library, with what lies beside it, under a name that says so; the file itself stays.

    Raises:
        HomepointError: there is no room for it.
    """
    aside = library.with_name(f"{library.stem}.damaged-{now:%Y%m%d-%H%M%S}{library.suffix}")
    parts = [(library.with_name(library.name + end), aside.with_name(aside.name + end)) for end in ("", *_BESIDE)]
    there = [(part, copy) for part, copy in parts if part.exists()]
    make_sure_of_room(library.parent, sum(part.stat().st_size for part, _ in there) + _SPARE, "The damaged file")
    with told(library, kept=_KEPT):
        for part, copy in there:
            shutil.copy2(part, copy)
    return aside


def _refuse_newer(manifest: Manifest, files: LibraryFiles, backup: Path) -> None:
    if manifest.schema > files.newest_schema:
        raise HomepointError(
            f"{backup.name} was made by a newer Homepoint ({manifest.homepoint}).",
            "Install the newest Homepoint, then restore it. Nothing was changed.",
        )


def _safety_copy(source: Source, folder: Path, now: datetime, progress: Progress) -> Path:
    with told(folder, kept=_KEPT):
        folder.mkdir(parents=True, exist_ok=True)
    name = Path(name_for(BackupKind.BEFORE_RESTORE, now, source.origin))
    target, number = folder / name, 1
    while target.exists():  # two within a second: none may take another's place
        number += 1
        target = folder / f"{name.stem} {number}{name.suffix}"
    write_backup(source, target, kind=BackupKind.BEFORE_RESTORE, made_at=now, progress=progress)
    return target


def _unpack(backup: Path, folder: Path, files: LibraryFiles, progress: Progress) -> Path:
    """Add the backup's evidence to what is here, and put its library beside the one that is here."""
    manifest = read_backup(backup)
    store = folder / FOLDER_NAME
    missing = [each for each in manifest.evidence if not (store / _place(each)).exists()]
    make_sure_of_room(folder, sum(each.size for each in missing) + 2 * manifest.library.size + _SPARE, "Restoring")
    staged = folder / unfinished_name()
    try:
        with told(folder, kept=_KEPT):
            _add_evidence(backup, store, progress)
            unpack_library(backup, staged)
            files.make_ready(staged)
            _sync(staged)
            sync_folder(folder)
    except BaseException:
        with suppress(OSError):
            staged.unlink(missing_ok=True)
        raise
    return staged


def _add_evidence(backup: Path, store: Path, progress: Progress) -> None:
    with members_of(backup) as (archive, manifest):
        done, total = 0, manifest.size
        for member in manifest.evidence:
            progress(done, total, "Unpacking the evidence")
            _add_one(archive, member, store)
            done += member.size


def _add_one(archive: zipfile.ZipFile, member: Member, store: Path) -> None:
    place = store / _place(member)
    if place.exists() and (member.sha256 != member.evidence or _hash(place) == member.sha256):
        return  # what is here is whole; or the backup's own one is not, and does not replace any
    place.parent.mkdir(parents=True, exist_ok=True)
    with appearing(place) as unfinished:
        with unfinished.open("xb") as out:
            copy_member(archive, member, out)
            out.flush()
            os.fsync(out.fileno())
        unfinished.chmod(0o600)


def _place(member: Member) -> Path:
    name = member.evidence or ""
    return Path(name[:2], name)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _swap_sound(library: Path, ready: Restorable, files: LibraryFiles) -> None:
    """Exchange a library that can be read, by one rename: before it all is as it was, after it all is restored."""
    with files.settled(library) as mark:
        if mark != ready.mark:
            raise HomepointError(
                "Something was recorded while the backup was being read.",
                "Restore it again, so that this is kept too. Nothing was changed.",
            )
        if os.name != "nt":
            ready.staged.replace(library)
    if os.name == "nt":  # an open file cannot be replaced there
        ready.staged.replace(library)


def _swap_by_journal(folder: Path, staged: Path) -> None:
    """Exchange a damaged library: from the journal on, whoever starts next goes on to the end."""
    write_whole(folder / RESTORE_JOURNAL, json.dumps({"staged": staged.name}).encode())
    sync_folder(folder)
    _finish(folder, staged)


def _finish(folder: Path, staged: Path) -> None:
    library = library_file(folder)
    if staged.exists():  # otherwise the exchange is done, and what lies beside the library is the new one's
        for end in _BESIDE:
            library.with_name(library.name + end).unlink(missing_ok=True)
        staged.replace(library)
        sync_folder(folder)
    (folder / RESTORE_JOURNAL).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())
