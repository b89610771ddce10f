"""What the owner chose about backups on this computer, and what both the program and a damaged start need for them."""

from datetime import tzinfo
from pathlib import Path

from homepoint import __version__
from homepoint.application.backups import Progress as Steps
from homepoint.presentation.backups import AboutBackup
from homepoint.storage.copying import SqliteFiles
from homepoint.system.backup_file import Source
from homepoint.system.backup_manifest import Manifest
from homepoint.system.backups import FOLDER_NAME, origin_of
from homepoint.system.people import computer
from homepoint.system.settings import Settings
from homepoint.ui.jobs import Progress

_AUTOMATIC, _FOLDER = "backup/automatic", "backup/folder"
_OFF = "off"
_STEPS = 1000


class BackupChoices:
    """Automatic backups on or off (on until switched off), and the folder for them, kept in the settings file."""

    def __init__(self, settings: Settings, data: Path) -> None:
        self._settings = settings
        self.own_folder = data / FOLDER_NAME

    @property
    def is_automatic(self) -> bool:
        """Say whether backups are made by themselves."""
        return self._settings.read_text(_AUTOMATIC) != _OFF

    def set_automatic(self, wanted: bool) -> None:
        """Keep whether they are."""
        self._settings.write_text(_AUTOMATIC, "on" if wanted else _OFF)

    @property
    def folder(self) -> Path:
        """Return the folder for automatic backups."""
        chosen = self._settings.read_text(_FOLDER)
        return Path(chosen) if chosen else self.own_folder

    def set_folder(self, folder: Path) -> None:
        """Keep another folder; the backups in the old one stay where they are."""
        self._settings.write_text(_FOLDER, str(folder))

    @property
    def folders(self) -> list[Path]:
        """Return where backups may be: the chosen folder, and the one beside the library with the safety copies."""
        return list(dict.fromkeys((self.folder, self.own_folder)))


def source_of(folder: Path) -> Source:
    """Return a data folder as something that can be backed up."""
    return Source(
        folder=folder, files=SqliteFiles(), homepoint=__version__, origin=origin_of(computer(), folder)
    )  # fmt: skip


def about(manifest: Manifest, zone: tzinfo | None) -> AboutBackup:
    """Return what is to be said of a backup, in a zone (None: this computer's)."""
    return AboutBackup(
        made_at=manifest.made_at.astimezone(zone),
        kind=manifest.kind,
        homepoint=manifest.homepoint,
        counts=manifest.counts,
        edits=manifest.edits,
        files=len(manifest.evidence),
        missing=manifest.missing,
    )


def scaled(progress: Progress) -> Steps:
    """Return progress in steps of a thousand: bytes of a large backup do not fit into a signal's number."""

    def report(done: int, total: int, words: str) -> None:
        progress(done * _STEPS // max(total, 1), _STEPS, words)

    return report
