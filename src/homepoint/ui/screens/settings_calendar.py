"""The card "Calendar" of the settings page: a calendar file that is kept current, and a calendar on a server."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.calendar_desk import CalendarDesk
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import ElidedLabel, Label

_FILE_NAME = "homepoint-deadlines.ics"


class CalendarCard(Card):
    """File and server, chosen or not. It follows every change by itself, and keeps the focus while it does."""

    def __init__(self, calendar: CalendarDesk, parent: QWidget | None = None) -> None:
        """Make the card; `calendar` tells how it stands and carries out what is asked for."""
        super().__init__("Calendar", parent=parent)
        self._calendar = calendar
        self.body.setSpacing(Space.M)
        self.file, self.file_state = ElidedLabel("", middle=True), _state()
        self.choose, self.stop_file = Button("Choose…"), Button("Stop")
        self.choose.setAccessibleName("Choose the calendar file")
        self.stop_file.setAccessibleName("Stop keeping the calendar file current")
        self._add("Calendar file", self.file, self.file_state, self.stop_file, self.choose)
        self.body.addWidget(Line())
        self.server, self.server_state = ElidedLabel("", middle=True), _state()
        self.now, self.cancel = Button("Publish now", IconName.REFRESH), Button("Cancel")
        self.set_up, self.stop_server = Button("Set up…"), Button("Stop publishing…")
        self._add("Calendar server", self.server, self.server_state, self.set_up)
        self._acts = QWidget()
        acts = QHBoxLayout(self._acts)
        acts.setContentsMargins(0, 0, 0, 0)
        acts.setSpacing(Space.S)
        for button in (self.now, self.cancel, self.stop_server):
            acts.addWidget(button)
        acts.addStretch(1)
        self.body.addWidget(self._acts)
        self.choose.clicked.connect(self._on_choose)
        self.stop_file.clicked.connect(calendar.stop_file)
        self.now.clicked.connect(calendar.publish_now)
        self.cancel.clicked.connect(calendar.cancel)
        self.set_up.clicked.connect(self._on_set_up)
        self.stop_server.clicked.connect(self._on_stop_server)
        calendar.changed.connect(self.redraw)
        self.redraw()

    def redraw(self) -> None:
        """Show how it stands now."""
        page = self._calendar.page
        self.file.set_full_text(page.file)
        self.file.setVisible(bool(page.file))
        _show(self.file_state, page.file_state, is_well=page.file_is_well)
        self.server.set_full_text(page.server)
        self.server.setVisible(bool(page.server))
        _show(self.server_state, page.server_state, is_well=page.server_is_well)
        had_focus = next(
            (each for each in (self.stop_file, self.now, self.cancel, self.stop_server) if each.hasFocus()), None
        )
        self.stop_file.setVisible(bool(page.file))
        self._acts.setVisible(bool(page.server))
        self.now.setVisible(not page.is_publishing)
        self.cancel.setVisible(page.is_publishing)
        self.set_up.setText("Change…" if page.server else "Set up…")
        self.set_up.setAccessibleName("Change the calendar server" if page.server else "Set up a calendar server")
        if had_focus is not None and not had_focus.isVisibleTo(self):
            self._focus_instead_of(had_focus).setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_instead_of(self, button: Button) -> Button:
        """Return where the focus goes when a button vanishes under it."""
        if button is self.stop_file:
            return self.choose
        if not self._acts.isVisibleTo(self):
            return self.set_up
        return self.now if button is self.cancel else self.cancel

    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self.window(),
            "Choose the calendar file",
            self.file.full_text or _FILE_NAME,
            "Calendar (*.ics)",
            options=QFileDialog.Option.DontConfirmOverwrite,  # what is there is gone on with, not thrown away
        )
        if chosen:
            self._calendar.choose_file(Path(chosen if chosen.endswith(".ics") else f"{chosen}.ics"))

    def _on_set_up(self) -> None:
        from homepoint.ui.dialogs.calendar_server import CalendarServerDialog  # late: most owners publish nothing

        _open(CalendarServerDialog(self._calendar, self.window()))

    def _on_stop_server(self) -> None:
        from homepoint.ui.dialogs.calendar_server import StopPublishingDialog

        _open(StopPublishingDialog(self._calendar, self.window()))

    def _add(self, name: str, place: QWidget, state: QWidget, *controls: QWidget) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        for each in (Label(name, TextRole.STRONG), place, state):
            words.addWidget(each)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        if controls:
            row.addSpacing(Space.L)
        for control in controls:
            row.addWidget(control)
        self.body.addLayout(row)


def _state() -> Label:
    return Label("", tone=Tone.MUTED, wrap=True, selectable=True)


def _show(label: Label, words: str, *, is_well: bool) -> None:
    label.setText(words)
    label.set_tone(Tone.MUTED if is_well else Tone.OVERDUE)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
