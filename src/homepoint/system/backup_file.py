"""Writes, reads and verifies one backup: a ZIP with the library, the evidence and, last, what all of it is.

The manifest stands last because only then is known what was written: everything is read once, hashed on the way, and
no more than a block of it is held. A backup that was cut off has no manifest, so it never passes for a whole one.
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from homepoint.application.backups import BackupKind, LibraryCheck, LibraryFiles, LibraryIsDamagedError, Progress
from homepoint.application.problems import HomepointError
from homepoint.system.attachments import FOLDER_NAME
from homepoint.system.backup_manifest import (
    EVIDENCE_FOLDER,
    LIBRARY_MEMBER,
    NAME,
    Manifest,
    Member,
    NotABackupError,
    manifest_bytes,
    read_manifest,
)
from homepoint.system.disk_faults import make_sure_of_room, sync_folder, told
from homepoint.system.paths import library_file
from homepoint.system.unfinished import appearing, scratch, sweep

SUFFIX = ".homepoint-backup"
_BLOCK = 1 << 20
_LARGE = 1 << 30
_LARGEST_MANIFEST = 64 << 20
_SPARE = 8 << 20
_KEPT = "The backups made before and your records are as they were."
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The data folder a backup is made of, and who makes it."""

    folder: Path
    files: LibraryFiles
    homepoint: str
    origin: str


def open_new(path: Path) -> BinaryIO:
    """Open a new file for a backup's bytes."""
    return path.open("x+b")


def write_backup(
    source: Source, target: Path, *, kind: BackupKind, made_at: datetime, progress: Progress, spare: int = _SPARE
) -> Manifest:
    """Write a backup that appears under its name only when it was read back and found whole.

    Args:
        source: what to back up; it may be worked with meanwhile.
        target: the file; one of that name is replaced at the very end.
        kind: who wanted it.
        made_at: now.
        progress: told how far it is; stops the work by raising.
        spare: bytes that must stay free.

    Raises:
        LibraryIsDamagedError: the library is.
        HomepointError: there is no room, the folder may not be written, the drive vanished, ...
            Whatever happens, nothing half-written keeps the backup's name.
    """
    library = library_file(source.folder)
    for folder in (target.parent, source.folder, source.folder / FOLDER_NAME):
        sweep(folder, made_at)
    evidence = _evidence_in(source.folder / FOLDER_NAME)
    size = library.stat().st_size if library.exists() else 0
    make_sure_of_room(target.parent, sum(each[1] for each in evidence) + size + spare, "The backup")
    make_sure_of_room(source.folder, size + _SPARE, "A copy of the records")
    with told(target, kept=_KEPT), scratch(source.folder) as place, appearing(target) as unfinished:
        copy = place / LIBRARY_MEMBER
        source.files.copy(library, copy, progress)
        found = source.files.check(copy)
        if found.problems:
            raise LibraryIsDamagedError(
                f"The records are damaged: {found.problems[0]}.",
                f"Restore a backup, or save what can be read. {_KEPT}",
            )
        evidence = _evidence_in(source.folder / FOLDER_NAME)  # again: the copy names none that came later
        needed = source.files.contents(copy).evidence
        mark = source.files.mark(copy)
        plan = _Plan(source=source, found=found, mark=mark, needed=needed, kind=kind, made_at=made_at)
        manifest = _write(unfinished, copy, evidence, plan, progress)
        _read_back(unfinished, manifest, progress)
    with told(target.parent, kept=_KEPT):
        sync_folder(target.parent)
    return manifest


def is_backup(path: Path) -> bool:
    """Say whether a file is a backup, whole or not, by what it begins with: a dossier never has the library first.

    Raises:
        HomepointError: it cannot be read.
    """
    with told(path, kept=""), path.open("rb") as stream:
        head = stream.read(30 + len(LIBRARY_MEMBER))
    return head.startswith(b"PK\3\4") and head.endswith(LIBRARY_MEMBER.encode())


def read_backup(path: Path) -> Manifest:
    """Return what a backup says of itself, after a look at its list of members; nothing is read through.

    Raises:
        HomepointError: it is no backup, is cut off, or cannot be read.
    """
    with _opened(path) as (_archive, manifest):
        return manifest


def verify_backup(path: Path, files: LibraryFiles, progress: Progress, place: Path | None = None) -> Manifest:
    """Read a backup through: every hash, and the library inside it by SQLite's own checks.

    Args:
        path: the backup.
        files: reads the library.
        progress: told how far it is.
        place: where the library may be unpacked for the time; None for the system's temporary folder.

    Raises:
        HomepointError: anything in it is not as it was written, or it cannot be read.
    """
    with told(path, kept=""), scratch(place) as folder, _opened(path) as (archive, manifest):
        _compare(archive, manifest, progress)
        with (folder / LIBRARY_MEMBER).open("xb") as unpacked:
            copy_member(archive, manifest.library, unpacked)
        found = files.check(folder / LIBRARY_MEMBER)
    if found.problems:
        raise damaged(path, f"the records in it are not in order ({found.problems[0]})")
    if dict(found.counts) != dict(manifest.counts) or found.schema != manifest.schema:
        raise damaged(path, "it does not hold what it says")
    return manifest


def unpack_library(path: Path, target: Path) -> Manifest:
    """Write the library of a backup into a new file, compared with its hash.

    Raises:
        HomepointError: it is damaged, or cannot be read or written.
    """
    with told(target, kept="Nothing was changed."), _opened(path) as (archive, manifest), target.open("xb") as out:
        copy_member(archive, manifest.library, out)
        out.flush()
        os.fsync(out.fileno())
    return manifest


@contextmanager
def members_of(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup to read its members by `copy_member`."""
    with _opened(path) as opened:
        yield opened


def copy_member(archive: zipfile.ZipFile, member: Member, out: IO[bytes] | None) -> None:
    """Read one member through, compare it with the manifest, and write it out where asked.

    Raises:
        HomepointError: it is not as it was written.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(member.name) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if size > member.size:
                    break
                if out is not None:
                    out.write(block)
    except _BROKEN as fault:
        raise damaged(Path(archive.filename or ""), f"{member.name} cannot be read") from fault
    if size != member.size or digest.hexdigest() != member.sha256:
        raise damaged(Path(archive.filename or ""), f"{member.name} is not as it was written")


def damaged(path: Path, why: str) -> HomepointError:
    """Say that a backup cannot be relied on."""
    return HomepointError(f"The backup {path.name} is damaged: {why}.", "Use another backup. Nothing was changed.")


# -- writing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    source: Source
    found: LibraryCheck
    mark: str
    needed: frozenset[str]
    kind: BackupKind
    made_at: datetime


def _evidence_in(folder: Path) -> list[tuple[Path, int]]:
    """Return the files of the evidence store with their sizes, in the order of their names."""
    found = []
    for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
        if len(path.name) == 64 and path.name.startswith(path.parent.name) and path.is_file():
            found.append((path, path.stat().st_size))
    return found


def _write(
    unfinished: Path, copy: Path, evidence: Sequence[tuple[Path, int]], plan: _Plan, progress: Progress
) -> Manifest:
    total = copy.stat().st_size + sum(size for _, size in evidence)
    with open_new(unfinished) as stream:
        archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True)
        try:
            members, done = [], 0
            for path, name, size in [(copy, LIBRARY_MEMBER, copy.stat().st_size), *_named(evidence)]:
                progress(done, total, "Writing the backup")
                try:
                    with path.open("rb") as content:
                        members.append(_add(archive, name, size, content, plan, (done, total, progress)))
                except FileNotFoundError:
                    if path == copy or path.name in plan.needed:
                        raise
                    continue  # no fact names it: it was let go of after the list was made
                done += size
            manifest = _manifest(plan, tuple(members))
            archive.writestr(_entry(NAME, plan.made_at), manifest_bytes(manifest))
        except BaseException:
            with suppress(OSError, ValueError):
                archive.close()  # it writes its list: to a full disk that fails once more
            raise
        archive.close()
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _named(evidence: Sequence[tuple[Path, int]]) -> Iterator[tuple[Path, str, int]]:
    return ((path, f"{EVIDENCE_FOLDER}/{path.parent.name}/{path.name}", size) for path, size in evidence)


def _manifest(plan: _Plan, members: tuple[Member, ...]) -> Manifest:
    missing = plan.needed - {each.evidence for each in members}
    return Manifest(
        made_at=plan.made_at, kind=plan.kind, homepoint=plan.source.homepoint, schema=plan.found.schema,
        origin=plan.source.origin, mark=plan.mark, counts=plan.found.counts, edits=plan.found.edits,
        missing=len(missing), members=members,
    )  # fmt: skip


def _add(
    archive: zipfile.ZipFile,
    name: str,
    expected: int,
    content: BinaryIO,
    plan: _Plan,
    at: tuple[int, int, Progress],
) -> Member:
    before, total, progress = at
    digest, size = hashlib.sha256(), 0
    entry = _entry(name, plan.made_at, zipfile.ZIP_DEFLATED if name == LIBRARY_MEMBER else zipfile.ZIP_STORED)
    with archive.open(entry, "w", force_zip64=expected > _LARGE) as out:
        while block := content.read(_BLOCK):
            digest.update(block)
            out.write(block)
            size += len(block)
            progress(min(before + size, total), total, "Writing the backup")
    return Member(name=name, sha256=digest.hexdigest(), size=size)


def _entry(name: str, made_at: datetime, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=max(made_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    return entry


def _read_back(unfinished: Path, written: Manifest, progress: Progress) -> None:
    """Read from the disk what was just written. The library was checked before: its hash says it is that one."""
    with _opened(unfinished) as (archive, manifest):
        if manifest != written:
            raise damaged(unfinished, "it is not what was written")
        _compare(archive, manifest, progress)


# -- reading ----------------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as fault:
        raise _no_backup(path, "it is no complete backup file") from fault
    except OSError as fault:
        with told(path, kept=""):
            raise fault
    with archive:
        yield archive, _manifest_of(archive, path)


def _manifest_of(archive: zipfile.ZipFile, path: Path) -> Manifest:
    entries = archive.infolist()
    if not entries or entries[-1].filename != NAME or entries[-1].file_size > _LARGEST_MANIFEST:
        raise _no_backup(path, "it is no complete backup file")
    try:
        manifest = read_manifest(archive.read(NAME))
    except NotABackupError as fault:
        raise _no_backup(path, str(fault)) from fault
    except _BROKEN as fault:
        raise _no_backup(path, f"its {NAME} is damaged") from fault
    if [(each.filename, each.file_size) for each in entries[:-1]] != [(m.name, m.size) for m in manifest.members]:
        raise damaged(path, "its files are not those it lists")
    return manifest


def _no_backup(path: Path, why: str) -> HomepointError:
    return HomepointError(f"{path.name} cannot be used as a backup: {why}.", "Choose another file.")


def _compare(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    done, total = 0, manifest.size
    for member in manifest.members:
        progress(done, total, "Checking the backup")
        copy_member(archive, member, None)
        done += member.size
    progress(total, total, "Checking the backup")
