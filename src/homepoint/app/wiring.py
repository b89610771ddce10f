"""Puts library, terms, workspace and pages together, and carries wishes from one to another."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, QTimeZone, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from homepoint.app.keeping_fresh import KeepingFresh
from homepoint.app.preferences import KeptPreferences
from homepoint.application.changes import Changes, HistoryEntry
from homepoint.application.problems import HomepointError, Refused
from homepoint.application.sample_data import AddSampleData, RemoveSampleData, has_sample_data
from homepoint.application.workspace import Command, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.values import DeviceId
from homepoint.presentation import jump
from homepoint.presentation.wording import Section
from homepoint.storage.library import SqliteLibrary
from homepoint.system.paths import library_file
from homepoint.system.people import computer, person
from homepoint.system.settings import Settings
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.overview import OverviewScreen
from homepoint.ui.theme import SchemeChoice, theme
from homepoint.ui.window import MainWindow

if TYPE_CHECKING:  # late: Overview is on the screen before any of these is wanted
    from homepoint.app.exchange import Exchange
    from homepoint.ui.jump_box import JumpResult
    from homepoint.ui.screens.device import DeviceScreen

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
    ) -> None:
        """Open the library of a folder.

        Raises:
            HomepointError: its file cannot be opened.
        """
        super().__init__(window)
        self.window, self.folder = window, folder
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="homepoint")
        self.library = SqliteLibrary(library_file(folder), zone=_systems_zone(), person=person(), computer=computer())
        self.workspace = Workspace(self.library, load_terms(), clock)
        self.desk = Desk(
            workspace=self.workspace,
            terms=self.workspace.terms,
            clock=clock,
            do=self.do,
            open_device=self.open_device,
            open_page=window.show_page,
            open_link=self.open_link,
        )
        self.preferences = KeptPreferences(settings, folder)
        self.fresh = KeepingFresh(self.workspace, self)
        self._gathered: set[DeviceId] = set()
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.timeout.connect(self._tell_gathered)
        self.workspace.subscribe(self._on_changes)

    def open(self) -> None:
        """Add the pages, show the one of last time, and begin to keep everything true."""
        window = self.window
        window.add_page("overview", "Overview", IconName.OVERVIEW, self._overview)
        window.add_page("devices", "Devices", IconName.DEVICES, self._devices)
        window.add_page("deadlines", "Deadlines", IconName.DEADLINES, self._deadlines)
        window.add_page("settings", "Settings", IconName.SETTINGS, self._settings)
        window.add_page("device", "Device", None, self._device, under="devices")
        window.undo_asked.connect(self.undo)
        window.redo_asked.connect(self.redo)
        window.import_asked.connect(self.ask_import)
        window.export_asked.connect(self.ask_export)
        window.shortcuts_asked.connect(self.show_shortcuts)
        window.help_asked.connect(self.show_shortcuts)
        window.about_asked.connect(self.show_about)
        window.set_jump_provider(self._jump)
        window.jump_chosen.connect(self._on_jump)
        window.open_on("overview")
        self._show_undo()
        self.fresh.begin()
        QTimer.singleShot(_WARM_UP_AFTER_MS, self._warm_up)

    def close(self) -> None:
        """Let go of the library's file."""
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

    def open_device(self, device: DeviceId) -> None:
        """Show one device's page."""
        self._device_page().show_device(device)
        self.window.show_page("device")

    def open_section(self, device: str, section: str) -> None:
        """Show one section of a device's page."""
        self._device_page().show_device(DeviceId(device), Section(section))
        self.window.show_page("device")

    def open_link(self, address: str) -> None:
        """Open an official address in the browser; nothing but https leaves the program."""
        url = QUrl(address)
        if url.scheme() == "https":
            QDesktopServices.openUrl(url)

    def add_device(self) -> None:
        """Ask for a new device and show it."""
        from homepoint.ui.dialogs.add_device import DeviceDialog  # late: not every start adds one

        dialog = DeviceDialog(self.desk, parent=self.window)
        dialog.saved.connect(lambda id: self.open_device(DeviceId(id)))
        dialog.open()

    @cached_property
    def exchange(self) -> "Exchange":
        """Opens and saves owner files."""
        from homepoint.app.exchange import Exchange

        return Exchange(self.window, self.workspace, self.pool, self.workspace.clock, self.tell_with_undo)

    def ask_import(self) -> None:
        """Let the owner choose an owner file and take it in."""
        self.exchange.ask_import()

    def ask_export(self) -> None:
        """Let the owner choose where to save everything as an owner file."""
        self.exchange.ask_export()

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
        from homepoint.ui.jump_results import jump_result

        undo, redo = self.library.undo_titles()
        possible = {jump.Command.UNDO: undo is not None, jump.Command.REDO: redo is not None}
        found = jump.jump_results(text, self.library, available=lambda command: possible.get(command, True))
        return [jump_result(each) for each in found]

    def _on_jump(self, result: "JumpResult") -> None:
        kind, _, target = result.key.partition(":")
        if kind == jump.FoundKind.DEVICE:
            self.open_device(DeviceId(target))
        elif kind == jump.FoundKind.PAGE:
            self.window.show_page(target)
        else:
            self._commands()[jump.Command(target)]()

    def _commands(self) -> Mapping[jump.Command, Callable[[], object]]:
        """Return what each command of the jump box does; one without an entry fails its test."""
        return {
            jump.Command.ADD_DEVICE: self.add_device,
            jump.Command.IMPORT: self.ask_import,
            jump.Command.EXPORT: self.ask_export,
            jump.Command.UNDO: self.undo,
            jump.Command.REDO: self.redo,
            jump.Command.LIGHT: lambda: self.choose_scheme(SchemeChoice.LIGHT),
            jump.Command.DARK: lambda: self.choose_scheme(SchemeChoice.DARK),
            jump.Command.SYSTEM: lambda: self.choose_scheme(SchemeChoice.SYSTEM),
            jump.Command.SHORTCUTS: self.show_shortcuts,
            jump.Command.ABOUT: self.show_about,
        }

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

    def _device_page(self) -> "DeviceScreen":
        from homepoint.ui.screens.device import DeviceScreen

        page = self.window.page("device")
        assert isinstance(page, DeviceScreen), "the device page is made by _device"
        return page

    def _overview(self) -> QWidget:
        page = OverviewScreen(self.desk, lambda: has_sample_data(self.library))
        page.add_device_asked.connect(self.add_device)
        page.import_asked.connect(self.ask_import)
        page.sample_data_asked.connect(lambda: self.do(AddSampleData()))
        page.sample_data_removal_asked.connect(self.remove_sample_data)
        page.section_asked.connect(self.open_section)
        return page

    def remove_sample_data(self) -> None:
        """Take all sample data away; one undo brings it back."""
        self.do(RemoveSampleData())

    def _devices(self) -> QWidget:
        from homepoint.ui.screens.devices import DevicesScreen

        page = DevicesScreen(self.desk)
        page.add_device_asked.connect(self.add_device)
        page.import_asked.connect(self.ask_import)
        return page

    def _device(self) -> QWidget:
        from homepoint.ui.screens.device import DeviceScreen

        page = DeviceScreen(self.desk)
        page.undo_asked.connect(self.undo)
        return page

    def _deadlines(self) -> QWidget:
        from homepoint.ui.screens.deadlines import DeadlinesScreen

        page = DeadlinesScreen(self.desk)
        page.section_asked.connect(self.open_section)
        return page

    def _settings(self) -> QWidget:
        from homepoint.ui.screens.settings import SettingsScreen

        page = SettingsScreen(self.desk, self.preferences, lambda: has_sample_data(self.library))
        page.import_asked.connect(self.ask_import)
        page.export_asked.connect(self.ask_export)
        page.sample_data_removal_asked.connect(self.remove_sample_data)
        return page


def _systems_zone() -> ZoneInfo:
    """Return the time zone this computer is set to, UTC where it names none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")
