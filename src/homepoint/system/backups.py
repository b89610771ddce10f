"""The backups in a folder: how they are called, which there are, and which automatic ones go."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from homepoint.application.backups import BackupKind, LibraryFiles, Progress, superfluous
from homepoint.application.problems import HomepointError
from homepoint.system.backup_file import SUFFIX, Source, read_backup, verify_backup, write_backup
from homepoint.system.backup_manifest import Manifest
from homepoint.system.disk_faults import told

FOLDER_NAME = "backups"
"""Where automatic backups go until another folder is chosen, beside the library."""

ROOM_LEFT = 1 << 30
"""An automatic backup leaves that many bytes free: it must never be what fills the owner's disk."""

_WORDS = {BackupKind.BY_OWNER: "", BackupKind.AUTOMATIC: " automatic", BackupKind.BEFORE_RESTORE: " before restore"}
_AUTOMATIC = re.compile(r"Homepoint \d{4}-\d\d-\d\d \d{6} automatic [0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBackup:
    """A backup in a folder. `problem` says why it cannot be used; `manifest` is there where it can."""

    path: Path
    size: int
    manifest: Manifest | None
    problem: str = ""

    @property
    def is_good(self) -> bool:
        """Say whether it is complete, as far as that can be seen without reading it through."""
        return self.manifest is not None

    @property
    def made_at(self) -> datetime:
        """Return when it was made; the earliest instant where it cannot be told."""
        return datetime.min.replace(tzinfo=UTC) if self.manifest is None else self.manifest.made_at

    @property
    def kind(self) -> BackupKind:
        """Return who wanted it."""
        return BackupKind.BY_OWNER if self.manifest is None else self.manifest.kind


def origin_of(computer: str, folder: Path) -> str:
    """Return what tells this library from others that use the same folder for backups; no name can be read off it."""
    return hashlib.sha256(f"{computer}\0{folder.resolve()}".encode()).hexdigest()[:16]


def name_for(kind: BackupKind, made_at: datetime, origin: str) -> str:
    """Return what a backup is called; `made_at` is in the zone in which the owner reads it."""
    whose = f" {origin[:8]}" if kind is BackupKind.AUTOMATIC else ""
    return f"Homepoint {made_at:%Y-%m-%d %H%M%S}{_WORDS[kind]}{whose}{SUFFIX}"


def backups_in(folder: Path) -> list[FoundBackup]:
    """Return the backups of a folder, the newest first and unusable ones last; none where there is no folder.

    Raises:
        HomepointError: the folder cannot be read.
    """
    if not folder.exists():
        return []
    with told(folder, kept=""):
        paths = [each for each in folder.iterdir() if each.name.endswith(SUFFIX) and not each.name.startswith(".")]
    return sorted(filter(None, map(_found, paths)), key=lambda each: (each.made_at, each.path.name), reverse=True)


def newest_good(folders: list[Path], files: LibraryFiles, progress: Progress) -> FoundBackup | None:
    """Return the newest backup that, read through, is whole and not of a newer Homepoint; None where there is none."""
    found: dict[Path, FoundBackup] = {}
    for folder in folders:
        with suppress(HomepointError):
            found |= {each.path.resolve(): each for each in backups_in(folder)}
    for each in sorted(found.values(), key=lambda one: one.made_at, reverse=True):
        if each.manifest is None or each.manifest.schema > files.newest_schema:
            continue
        with suppress(HomepointError):
            verify_backup(each.path, files, progress)
            return each
    return None


def back_up_automatically(
    source: Source, folder: Path, *, now: datetime, zone: ZoneInfo, progress: Progress, room_left: int = ROOM_LEFT
) -> FoundBackup:
    """Write an automatic backup into a folder, then let go of those that need not be kept any more.

    Raises:
        HomepointError: as `write_backup`; what was there before stays.
    """
    with told(folder, kept="The backups made before are as they were."):
        if not folder.exists() and not folder.parent.exists():
            raise FileNotFoundError(2, "its drive or folder is not there", str(folder))
        folder.mkdir(exist_ok=True)
    target = folder / name_for(BackupKind.AUTOMATIC, now.astimezone(zone), source.origin)
    manifest = write_backup(
        source, target, kind=BackupKind.AUTOMATIC, made_at=now, progress=progress, spare=room_left
    )  # fmt: skip
    rotate(folder, now, zone, source.origin, newest=target)
    return FoundBackup(path=target, size=target.stat().st_size, manifest=manifest)


def rotate(folder: Path, now: datetime, zone: ZoneInfo, origin: str, newest: Path) -> list[Path]:
    """Delete the automatic backups of this library that need not be kept, and return them; never `newest`."""
    mine = [each for each in backups_in(folder) if _is_ours(each, origin)]
    gone = []
    for each in superfluous(mine, now, zone):
        if each.path != newest:
            with suppress(OSError):  # it will be tried again tomorrow
                each.path.unlink()
                gone.append(each.path)
    return gone


def _is_ours(found: FoundBackup, origin: str) -> bool:
    """Say whether an automatic backup is of this library and still bears the name it was given."""
    manifest = found.manifest
    return manifest is not None and manifest.origin == origin and bool(_AUTOMATIC.fullmatch(found.path.stem))


def _found(path: Path) -> FoundBackup | None:
    size = 0
    try:
        size = path.stat().st_size
        return FoundBackup(path=path, size=size, manifest=read_backup(path))
    except FileNotFoundError:
        return None
    except OSError as fault:
        return FoundBackup(path=path, size=size, manifest=None, problem=str(fault.strerror or fault))
    except HomepointError as problem:
        return FoundBackup(path=path, size=size, manifest=None, problem=problem.title)
