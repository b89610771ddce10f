"""Puts library, terms, workspace and pages together, and carries wishes from one to another."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, QTimeZone, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from homepoint.app.dropping import DroppingOnWindow
from homepoint.app.keeping_fresh import KeepingFresh
from homepoint.app.pages import Pages
from homepoint.app.preferences import KeptPreferences
from homepoint.app.restarting import Restart, cannot_restart
from homepoint.application.activation_codes import ActivationCodes
from homepoint.application.changes import Changes, HistoryEntry
from homepoint.application.problems import HomepointError, Refused
from homepoint.application.sample_data import RemoveSampleData
from homepoint.application.workspace import Command, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.values import DeviceId
from homepoint.storage.codes_to_move import CodesToMove
from homepoint.storage.library import SqliteLibrary
from homepoint.system.paths import library_file
from homepoint.system.people import computer, person
from homepoint.system.secrets import LastingSecrets, secrets_for
from homepoint.system.settings import Settings
from homepoint.ui.code_jobs import CodeJobs
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.theme import SchemeChoice, theme
from homepoint.ui.widgets.sidebar import SidebarStatus
from homepoint.ui.window import MainWindow

if TYPE_CHECKING:  # late: Overview is on the screen before any of these is wanted
    from homepoint.app.backing_up import BackingUp
    from homepoint.app.calendar_keeping import CalendarKeeping
    from homepoint.app.diagnosing import Diagnosing
    from homepoint.app.exchange import Exchange
    from homepoint.app.intake import Intake
    from homepoint.app.outside import Outside
    from homepoint.app.papers import Papers
    from homepoint.app.phone_map import PhoneMap
    from homepoint.app.securing import Securing
    from homepoint.app.syncing import Syncing
    from homepoint.system.attachments import EvidenceStore
    from homepoint.ui.jump_box import JumpResult
    from homepoint.ui.screens.report_files import TakingIn

_GATHER_MS = 200
_WARM_UP_AFTER_MS = 1500


class Program(QObject):
    """The open library with its window. `open` shows the pages; everything lives until the window is closed.

    Signals:
        damage_found: (words) the library was found to be damaged while it was open.
    """

    damage_found = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        key: bytes | None = None,
    ) -> None:
        """Open the library of a folder, with its key where it is encrypted.

        Raises:
            HomepointError: its file cannot be opened.
        """
        super().__init__(window)
        self.window, self.folder, self._settings = window, folder, settings
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="homepoint")
        self.secrets = secrets_for(folder)
        self.library = SqliteLibrary(
            library_file(folder), zone=_systems_zone(), person=person(), computer=computer(), key=key
        )
        self.waiting_codes = CodesToMove(self.library.path, key)
        self.codes = ActivationCodes(LastingSecrets(self.secrets), self.library.own_id, self.waiting_codes)
        self.workspace = Workspace(self.library, load_terms(), clock)
        self.desk = Desk(
            workspace=self.workspace,
            terms=self.workspace.terms,
            clock=clock,
            do=self.do,
            open_device=lambda device: self.pages.open_device(device),
            open_page=window.show_page,
            open_link=self.open_link,
            codes=CodeJobs(self.codes, self.pool, self),
        )
        self.preferences = KeptPreferences(settings, folder)
        self.pages = Pages(self)
        self.fresh = KeepingFresh(self.workspace, self)
        self.outside: Outside | None = None
        self.restart: Restart = cannot_restart
        self._gathered: set[DeviceId] = set()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.timeout.connect(self._tell_gathered)
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self._warming.timeout.connect(self._warm_up)
        self.workspace.subscribe(self._on_changes)

    def open(self) -> None:
        """Add the pages, show the one of last time, and begin to keep everything true."""
        window = self.window
        self.pages.add_all()
        window.undo_asked.connect(self.undo)
        window.redo_asked.connect(self.redo)
        window.import_asked.connect(self.ask_import)
        window.export_asked.connect(self.ask_export)
        window.shortcuts_asked.connect(self.show_shortcuts)
        window.help_asked.connect(self.show_shortcuts)
        window.about_asked.connect(self.show_about)
        DroppingOnWindow(window, lambda paths: self.intake.take(paths))
        window.set_jump_provider(self._jump)
        window.jump_chosen.connect(self._on_jump)
        window.sidebar.status_chosen.connect(self.pages.open_sync)
        window.open_on("overview")
        self._show_undo()
        self.fresh.begin()
        self._warming.start(_WARM_UP_AFTER_MS)
        if self.library.is_shared:  # the words stand there from the first; where it stands is looked at later
            window.sidebar.set_status(SidebarStatus(text="Sync", spoken="Sync is set up.", icon=IconName.REFRESH))
        if self.library.key is not None:
            self.securing.begin()

    def reach_outside(self, raise_window: Callable[[], None], *, hidden: bool = False) -> None:
        """Show the tray and begin to remind; `hidden` says that the window was not to be shown at the start."""
        from homepoint.app.outside import Outside  # late: the tray need not be there at the first paint

        self.outside = Outside(self, self._settings, raise_window)
        self.outside.begin(hidden=hidden)

    def ask_reminders(self, device: str) -> None:
        """Let the owner choose when one device reminds."""
        if self.outside is not None:
            self.outside.ask_reminders(DeviceId(device))

    @cached_property
    def backing_up(self) -> "BackingUp":
        """Makes backups, on demand and by itself, and restores them."""
        from homepoint.app.backing_up import BackingUp

        backing_up = BackingUp(
            self.window,
            self.folder,
            self._settings,
            self.pool,
            self.workspace.clock,
            lambda: self.library.zone,
            self.window.tell,
            self.restart,
        )
        backing_up.damage_found.connect(self.damage_found)
        return backing_up

    def close(self) -> None:
        """Let go of the library's file; nothing is assessed or told any more."""
        if self.outside is not None:
            self.outside.close()
        if "backing_up" in self.__dict__:
            self.backing_up.stop()
        for timer in (self._gathering, self._warming):
            timer.stop()
        if "securing" in self.__dict__:
            self.securing.close()
        self.fresh.stop()
        if "syncing" in self.__dict__:
            self.syncing.stop()
        if "calendar_keeping" in self.__dict__:
            self.calendar_keeping.stop()
        if "diagnosing" in self.__dict__:
            self.diagnosing.stop()
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.library.close()

    def do(self, command: Command) -> Refused | None:
        """Carry out a command and say so, with Undo; return the refusal for the form that asked."""
        try:
            entry = self.workspace.do(command)
        except HomepointError as error:
            return Refused(fields={"": f"{error.title} {error.advice}"})
        if isinstance(entry, Refused):
            return entry
        if entry is not None:
            self.tell_with_undo(entry.edit.title)
        return None

    def undo(self) -> None:
        """Take back the last command."""
        self._take_back(self.workspace.undo, "Undone")

    def redo(self) -> None:
        """Carry out again what was undone last."""
        self._take_back(self.workspace.redo, "Done again")

    def open_link(self, address: str) -> None:
        """Open an official address in the browser; nothing but https leaves the program."""
        url = QUrl(address)
        if url.scheme() == "https":
            QDesktopServices.openUrl(url)

    def add_device(self) -> None:
        """Ask for a new device and show it."""
        from homepoint.ui.dialogs.add_device import DeviceDialog  # late: not every start adds one

        dialog = DeviceDialog(self.desk, parent=self.window)
        dialog.saved.connect(lambda id: self.pages.open_device(DeviceId(id)))
        dialog.open()

    @cached_property
    def exchange(self) -> "Exchange":
        """Opens and saves owner files."""
        from homepoint.app.exchange import Exchange

        return Exchange(self.window, self.desk, self.pool, self.tell_with_undo)

    @cached_property
    def intake(self) -> "Intake":
        """Takes in files of any kind."""
        from homepoint.app.intake import Intake

        return Intake(self.window, self.desk, self.evidence, self.pool, self.window.tell, self._read_separately)

    def _read_separately(self, file: Path, kind: str) -> None:
        from homepoint.intake.reading import FileKind

        if kind == FileKind.TABLE:
            self.exchange.read_table(file)
        else:
            self.exchange.read(file)

    @cached_property
    def evidence(self) -> "EvidenceStore":
        """Keeps copies of the files attached as evidence."""
        from homepoint.system.attachments_sealed import evidence_store

        return evidence_store(self.folder, self.library.key)

    @cached_property
    def securing(self) -> "Securing":
        """Encrypts the library by the owner's choice, and locks it."""
        from homepoint.app.securing import Securing

        clock = self.workspace.clock
        return Securing(self.window, self.library, self._settings, self.pool, clock, self.restart, self.secrets)

    @cached_property
    def syncing(self) -> "Syncing":
        """Synchronises with other computers. Not made before it is wanted: most libraries are not shared."""
        from homepoint.app.sync_showing import open_syncing

        return open_syncing(self)

    def set_up_sync(self) -> None:
        """Let the owner set Sync up."""
        from homepoint.ui.dialogs.sync_setup import SyncSetupDialog

        SyncSetupDialog(self.syncing, self.window).open()

    @cached_property
    def calendar_keeping(self) -> "CalendarKeeping":
        """Keeps a calendar file and a calendar on a server current."""
        from homepoint.app.calendar_opening import open_calendar_keeping

        return open_calendar_keeping(self, self._settings)

    def ask_calendar(self) -> None:
        """Let the owner choose where to save the deadlines as a calendar file."""
        self.calendar_keeping.ask_export()

    @cached_property
    def diagnosing(self) -> "Diagnosing":
        """Says where passwords are kept, and shows the diagnostics."""
        from homepoint.app.diagnosing import Diagnosing

        return Diagnosing(self)

    @cached_property
    def papers(self) -> "Papers":
        """Makes dossiers, field cards and hand-over kits."""
        from homepoint.app.papers import Papers

        return Papers(self.window, self.workspace, self.evidence, self.pool, self.workspace.clock, self.window.tell)

    @cached_property
    def phone_map(self) -> "PhoneMap":
        """Saves a last position for the map of a phone."""
        from homepoint.app.phone_map import PhoneMap

        return PhoneMap(self.window, self.workspace, self.evidence, self.pool, self.window.tell)

    def ask_evidence(self, of: str) -> None:
        """Let the owner choose files to keep as evidence of a claim."""
        chosen, _ = QFileDialog.getOpenFileNames(self.window, "Choose files to keep as evidence")
        if chosen:
            self._taking_in.take([Path(each) for each in chosen], of)

    @cached_property
    def _taking_in(self) -> "TakingIn":
        from homepoint.ui.screens.report_files import TakingIn

        taking_in = TakingIn(self.desk, self.evidence, self.pool, self)
        taking_in.refused.connect(self.window.tell)
        taking_in.attached.connect(lambda: self.tell_with_undo("Evidence kept"))
        return taking_in

    def ask_import(self) -> None:
        """Let the owner choose files of any kind and take them in."""
        self.intake.ask()

    def ask_export(self) -> None:
        """Let the owner choose where to save everything as an owner file, or devices and plans as a table."""
        self.exchange.ask_export()

    def remove_sample_data(self) -> None:
        """Take all sample data away; one undo brings it back."""
        self.do(RemoveSampleData())

    def tell_with_undo(self, words: str) -> None:
        """Say at the foot of the window what was done."""
        self.window.tell(words, "Undo", self.undo)

    def show_about(self) -> None:
        """Show what this is, and what it is not."""
        from homepoint.ui.dialogs.about import AboutDialog

        AboutDialog(self.desk, self.window).open()

    def show_shortcuts(self) -> None:
        """Show what the keys do."""
        from homepoint.ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.window).open()

    def _take_back(self, act: Callable[[], HistoryEntry | None], word: str) -> None:
        try:
            entry = act()
        except HomepointError as error:
            show_error(self.window, error)
            return
        if entry is not None:
            self.window.tell(f"{word}: {entry.edit.title}")

    def _jump(self, text: str) -> "Sequence[JumpResult]":
        from homepoint.app.jumping import found

        return found(self, text)

    def _on_jump(self, result: "JumpResult") -> None:
        from homepoint.app.jumping import go

        go(self, result)

    def choose_scheme(self, choice: SchemeChoice) -> None:
        """Show the window light, dark or as the system is, and keep that."""
        self.preferences.set_theme(choice)
        theme().choose_scheme(choice)
        self._tell_screens(Changes(everything=True))

    def _warm_up(self) -> None:
        """Import what writing needs while the owner still looks around; then mind the codes of an older library."""
        self.pool.submit(__import__, "homepoint.storage.writing")
        if not self.waiting_codes.are_gone():
            from homepoint.app.moving_codes import MovingCodes

            MovingCodes(self.window, self.waiting_codes, self.codes, self.pool).begin()
        if self.library.is_shared:
            self.syncing.begin()
        if self.library.key is None:
            self.backing_up.begin()
        if any(self._settings.read_text(each) for each in ("calendar/file", "calendar/address")):
            self.calendar_keeping.begin()  # not made otherwise: most owners keep no calendar

    def _on_changes(self, changes: Changes) -> None:
        """Pass news on: what the owner did at once, what only was assessed anew a few times a second."""
        if changes.everything or changes.kinds:
            self._tell_screens(changes)
            self._show_undo()
            return
        self._gathered |= changes.devices
        if not self._gathering.isActive():
            self._gathering.start(_GATHER_MS)

    def _tell_gathered(self) -> None:
        devices, self._gathered = frozenset(self._gathered), set()
        self._tell_screens(Changes(devices=devices))

    def _tell_screens(self, changes: Changes) -> None:
        for index in range(self.window.stack.count()):
            page = self.window.stack.widget(index)
            if isinstance(page, Screen):
                page.mark_changed(changes)

    def _show_undo(self) -> None:
        undo, redo = self.library.undo_titles()
        self.window.set_undo(undo, redo)


def _systems_zone() -> ZoneInfo:
    """Return the time zone this computer is set to, UTC where it names none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")
