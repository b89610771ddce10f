"""The card about Sync on the settings page: what it would do while it is off, where it stands while it is on."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.sync_forms import INTERVALS, WHAT_SYNC_DOES, WHAT_THE_KEEPER_LEARNS
from homepoint.presentation.syncing import FindingAct, SyncText, sync_text
from homepoint.ui.dialogs.fields import Choice
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.screens.settings_sync_lists import ComputersList, FindingsList
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.sync_progress import SyncProgress
from homepoint.ui.widgets.text import ElidedLabel, Label


class SyncCard(Card):
    """Sync, off or on. It follows every change by itself, and keeps the focus while it does."""

    def __init__(self, sync: SyncDesk, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Make the card.

        Args:
            sync: where it stands, and what can be asked of it.
            now: tells this instant in the owner's time zone.
            parent: the widget it lies in.
        """
        super().__init__("Sync", parent=parent)
        self._sync, self._now = sync, now
        self._state = ""
        self.off, self.on = self._off(), self._on()
        self.body.addWidget(self.off)
        self.body.addWidget(self.on)
        sync.status_changed.connect(self.redraw)
        sync.progressed.connect(self._show_activity)
        self.redraw()

    def redraw(self) -> None:
        """Show where it stands now."""
        is_on = self._sync.is_set_up
        self.off.setVisible(not is_on)
        self.on.setVisible(is_on)
        if not is_on:
            return
        self._show_activity()
        self.interval.set_value(self._sync.minutes)
        status, problem = self._sync.status, self._sync.problem
        by_hand = "Nothing is sent or received before you press Sync now."
        by_itself = "And soon after every change, and when Homepoint closes."
        self.when.setText(by_itself if self._sync.minutes else by_hand)
        if status is not None:
            self._show_text(sync_text(status, self._now()))
        elif problem is None:
            self.short.setText("Looking where it stands…")
        if problem is not None:
            self._show_state(problem.title, problem.advice, is_well=False)

    # Making it.

    def _off(self) -> QWidget:
        holder, column = _column()
        column.addWidget(Label(WHAT_SYNC_DOES, wrap=True, selectable=True))
        column.addWidget(Label(WHAT_THE_KEEPER_LEARNS, tone=Tone.MUTED, wrap=True, selectable=True))
        self.set_up, self.join = Button("Set up…"), Button("Join…")
        self.set_up.setAccessibleDescription("This is the first computer")
        self.join.setAccessibleDescription("Another computer shares its records already")
        self.set_up.clicked.connect(self._on_set_up)
        self.join.clicked.connect(self._on_join)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.set_up)
        row.addWidget(Label("on the first computer,", tone=Tone.MUTED))
        row.addSpacing(Space.S)
        row.addWidget(self.join)
        row.addWidget(Label("on every other one.", tone=Tone.MUTED))
        row.addStretch(1)
        column.addLayout(row)
        return holder

    def _on(self) -> QWidget:
        holder, column = _column()
        self.short, self.state = Label("", TextRole.STRONG, wrap=True), Label("", tone=Tone.MUTED, wrap=True)
        self.now_button, self.cancel = Button("Sync now", IconName.REFRESH), Button("Cancel")
        self.now_button.clicked.connect(lambda: self._sync.sync_now())
        self.cancel.clicked.connect(self._sync.cancel)
        self.progress = SyncProgress(keeps_room=True, with_words=False)
        column.addLayout(_row(self.short, self.state, self.now_button, self.cancel))
        column.addWidget(self.progress)
        self.findings = FindingsList()
        self.findings.asked.connect(self._on_act)
        column.addWidget(self.findings)
        column.addWidget(Line())
        self.place = ElidedLabel("", tone=Tone.MUTED, middle=True)
        self.verify = Button("Check everything")
        self.verify.setToolTip("Reads every object at the storage through; what is damaged is sent again")
        self.verify.clicked.connect(self._sync.verify)
        column.addLayout(_row(Label("Storage", TextRole.STRONG), self.place, self.verify))
        column.addWidget(Line())
        self.interval = Choice[int]("How often", INTERVALS, self._sync.minutes)
        self.interval.setMinimumContentsLength(16)
        self.interval.activated.connect(self._on_interval)
        self.when = Label("", tone=Tone.MUTED, wrap=True)
        column.addLayout(_row(Label("How often", TextRole.STRONG), self.when, self.interval))
        column.addWidget(Line())
        self._add_members(column)
        return holder

    def _add_members(self, column: QVBoxLayout) -> None:
        """Add what is about the other computers, the passphrase, and the end."""
        self.invite, self.change, self.leave = (
            Button("Invite a computer…", IconName.ADD),
            Button("Change passphrase…"),
            Button("Stop sharing…"),
        )
        self.invite.clicked.connect(self._on_invite)
        self.change.clicked.connect(self._on_change)
        self.leave.clicked.connect(self._on_leave)
        self.computers = ComputersList()
        self.computers.removal_asked.connect(self._on_remove)
        sentence = Label("Everyone here has all your records.", tone=Tone.MUTED, wrap=True)
        column.addLayout(_row(Label("Computers", TextRole.STRONG), sentence, self.invite))
        column.addWidget(self.computers)
        column.addWidget(Line())
        sentence = Label("It lets a new computer join. The recovery code does too.", tone=Tone.MUTED, wrap=True)
        column.addLayout(_row(Label("Passphrase", TextRole.STRONG), sentence, self.change))
        column.addWidget(Line())
        sentence = Label("Your records stay here, and on the other computers.", tone=Tone.MUTED, wrap=True)
        column.addLayout(_row(Label("Stop sharing", TextRole.STRONG), sentence, self.leave))

    # Showing it.

    def _show_text(self, text: SyncText) -> None:
        self._show_state(text.short, text.state, is_well=text.is_well)
        self.place.set_full_text(text.place)
        self.findings.show_findings(text.findings)
        self.computers.show_computers(text.computers)

    def _show_state(self, short: str, state: str, *, is_well: bool) -> None:
        self._state = state
        self.short.setText(short)
        self.short.set_tone(Tone.TEXT if is_well else Tone.OVERDUE)
        self._show_activity()

    def _show_activity(self) -> None:
        activity = self._sync.activity
        self.state.setText(self._state if activity is None else activity.text)
        self.progress.show_activity(activity)
        had_focus = self.now_button.hasFocus() or self.cancel.hasFocus()
        self.now_button.setVisible(activity is None)
        self.cancel.setVisible(activity is not None)
        if had_focus:
            (self.cancel if activity is not None else self.now_button).setFocus(Qt.FocusReason.OtherFocusReason)
        for button in (self.verify, self.leave):
            button.setEnabled(activity is None)
        self.computers.set_resting(activity is not None)
        self.findings.setEnabled(activity is None)

    # What was asked for; each dialog is loaded when it is first wanted.

    def _on_interval(self) -> None:
        self._sync.set_minutes(self.interval.value)
        self.redraw()

    def _on_set_up(self) -> None:
        from homepoint.ui.dialogs.sync_setup import SyncSetupDialog

        _open(SyncSetupDialog(self._sync, self.window()))

    def _on_join(self) -> None:
        from homepoint.ui.dialogs.sync_join import SyncJoinDialog

        _open(SyncJoinDialog(self._sync, self.window()))

    def _on_invite(self) -> None:
        from homepoint.ui.dialogs.sync_invite import SyncInviteDialog

        _open(SyncInviteDialog(self._sync, self.window()))

    def _on_change(self) -> None:
        from homepoint.ui.dialogs.sync_passphrase import ChangePassphraseDialog

        _open(ChangePassphraseDialog(self._sync, self.window()))

    def _on_remove(self, computer: str, name: str) -> None:
        from homepoint.ui.dialogs.sync_passphrase import RemoveComputerDialog

        _open(RemoveComputerDialog(self._sync, computer, name, self.window()))

    def _on_leave(self) -> None:
        from homepoint.ui.dialogs.sync_confirm import LeaveDialog

        _open(LeaveDialog(self._sync, self.window()))

    def _on_act(self, act: str) -> None:
        from homepoint.ui.dialogs.sync_confirm import FillAgainDialog
        from homepoint.ui.dialogs.sync_passphrase import UnlockDialog

        match FindingAct(act):
            case FindingAct.SIGN_IN:
                _open(UnlockDialog(self._sync, with_password=True, parent=self.window()))
            case FindingAct.UNLOCK:
                _open(UnlockDialog(self._sync, with_password=False, parent=self.window()))
            case FindingAct.FILL_AGAIN:
                _open(FillAgainDialog(self._sync, self.window()))
            case FindingAct.TRY_AGAIN:
                self._sync.sync_now()
            case FindingAct.VERIFY:
                self._sync.verify()
            case FindingAct.LEAVE:
                self._on_leave()


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.M)
    return holder, column


def _row(name: Label, sentence: Label, *controls: QWidget) -> QHBoxLayout:
    """Return a row of the card: words at the left, controls at the right."""
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(name)
    words.addWidget(sentence)
    row = QHBoxLayout()
    row.setSpacing(Space.S)
    row.addLayout(words, 1)
    row.addSpacing(Space.L)
    for control in controls:
        row.addWidget(control)
    return row
