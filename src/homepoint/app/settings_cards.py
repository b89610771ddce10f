"""The cards of the settings page beyond the general ones, each with what carries its wishes out."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSystemTrayIcon

from homepoint.application.changes import Changes

if TYPE_CHECKING:
    from homepoint.app.wiring import Program
    from homepoint.ui.screens.settings import SettingsScreen


class SettingsCards:
    """How to add one: a method that makes the card and connects it, and a line in `add_all`."""

    def __init__(self, program: "Program", page: "SettingsScreen") -> None:
        self._program, self._page = program, page

    def add_all(self) -> None:
        """Put the cards into the page, in the order in which they stand there."""
        self._sync()
        self._reminders()
        self._staying()
        self._calendar()
        self._backup()
        self._security()
        self._diagnostics()

    def _sync(self) -> None:
        from homepoint.ui.screens.settings_sync import SyncCard

        self._page.add_card(SyncCard(self._program.syncing, self._program.desk.now))

    def _reminders(self) -> None:
        from homepoint.ui.screens.settings_reminders import RemindersCard

        outside = self._program.outside
        if outside is None:
            return
        card = RemindersCard(outside.reminders, outside.wishes, self._program.workspace.clock)
        self._page.add_card(card)

        def on_changes(changes: Changes) -> None:
            if changes.everything or changes.kinds:
                card.show_kept()

        leave = self._program.workspace.subscribe(on_changes)
        card.destroyed.connect(leave)

    def _staying(self) -> None:
        from homepoint.ui.screens.settings_staying import StayingCard

        card = StayingCard(self._program.preferences, QSystemTrayIcon.isSystemTrayAvailable)
        self._page.add_card(card)
        self._page.redrawn.connect(card.redraw)

    def _backup(self) -> None:
        from homepoint.ui.screens.settings_backup import BackupCard

        if self._program.library.key is not None:  # not as one file yet: see docs/decisions/0010-encryption-at-rest.md
            return
        card = BackupCard()
        self._page.add_card(card)
        self._program.backing_up.attach(card)

    def _security(self) -> None:
        from homepoint.ui.screens.settings_security import SecurityCard

        self._page.add_card(SecurityCard(self._program.securing))

    def _calendar(self) -> None:
        from homepoint.ui.screens.settings_calendar import CalendarCard

        self._page.add_card(CalendarCard(self._program.calendar_keeping))

    def _diagnostics(self) -> None:
        from homepoint.ui.screens.settings_diagnostics import DiagnosticsCard

        card = DiagnosticsCard()
        self._page.add_card(card)
        self._program.diagnosing.attach(card)
