"""Puts library, terms, workspace and pages together, and carries wishes from one to another."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, QTimeZone, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from homepoint.app.dropping import DroppingOnWindow
from homepoint.app.keeping_fresh import KeepingFresh
from homepoint.app.pages import Pages
from homepoint.app.preferences import KeptPreferences
from homepoint.application.changes import Changes, HistoryEntry
from homepoint.application.notices import NoticeAbility
from homepoint.application.problems import HomepointError, Refused
from homepoint.application.sample_data import RemoveSampleData
from homepoint.application.workspace import Command, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.values import DeviceId
from homepoint.storage.library import SqliteLibrary
from homepoint.system.paths import library_file
from homepoint.system.people import computer, person
from homepoint.system.settings import Settings
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.screen import Screen
from homepoint.ui.theme import SchemeChoice, theme
from homepoint.ui.window import MainWindow

if TYPE_CHECKING:  # late: Overview is on the screen before any of these is wanted
    from homepoint.app.exchange import Exchange
    from homepoint.app.intake import Intake
    from homepoint.app.papers import Papers
    from homepoint.app.phone_map import PhoneMap
    from homepoint.app.reaching import Reaching
    from homepoint.app.securing import Restart, Securing
    from homepoint.system.attachments import EvidenceStore
    from homepoint.ui.jump_box import JumpResult
    from homepoint.ui.screens.report_files import TakingIn

_GATHER_MS = 200
_WARM_UP_AFTER_MS = 1500


class Program(QObject):
    """The open library with its window. `open` shows the pages; everything lives until the window is closed."""

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
        self.window, self.folder = window, folder
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="homepoint")
        self.library = SqliteLibrary(
            library_file(folder), zone=_systems_zone(), person=person(), computer=computer(), key=key
        )
        self.workspace = Workspace(self.library, load_terms(), clock)
        self.desk = Desk(
            workspace=self.workspace,
            terms=self.workspace.terms,
            clock=clock,
            do=self.do,
            open_device=lambda device: self.pages.open_device(device),
            open_page=window.show_page,
            open_link=self.open_link,
        )
        self.preferences = KeptPreferences(settings, folder)
        self.pages = Pages(self)
        self.fresh = KeepingFresh(self.workspace, self)
        self.reaching: Reaching | None = None
        self.restart: Restart | None = None
        self.settings = settings
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
        window.open_on("overview")
        self._show_undo()
        self.fresh.begin()
        self._warming.start(_WARM_UP_AFTER_MS)
        if self.library.key is not None and self.restart is not None:
            self.securing.begin()

    def reach_outside(self, raise_window: Callable[[], None], *, hidden: bool = False) -> None:
        """Show the tray, let notices come and go, and stay when the window is closed if the owner chose it."""
        from homepoint.app.reaching import Reaching  # late: the tray need not be there at the first paint
        from homepoint.app.staying import Staying, shows_window_at_start

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        reaching = Reaching(self.window, self.desk, self.pool)
        tray = reaching.tray
        staying = Staying(application, self.window, self.preferences, lambda: tray.is_hosted)
        tray.open_asked.connect(raise_window)
        tray.device_chosen.connect(lambda device: self.pages.open_device(DeviceId(device)))
        tray.device_chosen.connect(raise_window)
        tray.report_asked.connect(lambda: self.pages.report())
        tray.report_asked.connect(raise_window)
        tray.quit_asked.connect(staying.quit)

        def on_connected(ability: NoticeAbility) -> None:
            if hidden and shows_window_at_start(
                hidden_asked=True, is_hosted=tray.is_hosted, shows_notices=ability.is_available
            ):
                self.window.showMinimized()

        reaching.connected.connect(on_connected)
        reaching.begin()
        self.reaching = reaching

    def close(self) -> None:
        """Let go of the library's file; nothing is assessed or told any more."""
        if self.reaching is not None:
            self.reaching.close()
        for timer in (self._gathering, self._warming):
            timer.stop()
        if "securing" in self.__dict__:
            self.securing.close()
        self.fresh.stop()
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

        return Exchange(self.window, self.workspace, self.pool, self.workspace.clock, self.tell_with_undo)

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

        assert self.restart is not None, "whoever started the program says how to begin anew"
        return Securing(self.window, self.library, self.settings, self.pool, self.workspace.clock, self.restart)

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
        """Import what writing needs while the owner still looks around."""
        self.pool.submit(__import__, "homepoint.storage.writing")

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
