"""Notices inside the window, where the system shows none: what, since when, and the three answers."""

from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from homepoint.application.notices import ACTION_WORDS, Notice, NoticeAction
from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label

MOST_ROWS: Final = 3
"""More would push the page out of sight; the rest is counted, and moves up as those shown are answered."""


class NoticeStrip(QWidget):
    """A list of notices, hidden while there are none. It comes without a sound and takes no focus.

    Signals:
        answered: the owner answered one; its key and the `NoticeAction`. It has left the strip by then.
        emptied: the last one is gone.
    """

    answered = Signal(str, object)
    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty strip."""
        super().__init__(parent)
        self.setAccessibleName("Reminders")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._notices: dict[str, tuple[Notice, str]] = {}
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        self._column.setSpacing(Space.S)
        self.more = Label(role=TextRole.SMALL, tone=Tone.MUTED)
        self._column.addWidget(self.more)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of all notices, those first that came first."""
        return tuple(self._notices)

    def show_notice(self, notice: Notice, when: str) -> None:
        """Add a notice, or put it in the place of the one with its key; `when` says since when, such as "10:30 today".

        A screen reader says it when it can; the row can be reached by Tab all the same.
        """
        self._notices[notice.key] = (notice, when)
        self._draw()
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"Reminder: {notice.title}. {notice.body}"))

    def withdraw(self, key: str) -> None:
        """Take a notice away; nothing happens if it is not there."""
        if self._notices.pop(key, None) is None:
            return
        self._draw()
        if not self._notices:
            self.hide()
            self.emptied.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        urgent = any(notice.urgent for notice, _ in self._notices.values())
        colours = theme().colours
        painter.setBrush(QColor(colours.warning_soft if urgent else colours.accent_soft))
        painter.drawRoundedRect(self.rect(), 8, 8)

    def _draw(self) -> None:
        """Show the urgent ones first, and only as many as leave the page its room."""
        wanted = sorted(self._notices.values(), key=lambda each: not each[0].urgent)[:MOST_ROWS]
        focused = next(((at, action) for at, row in enumerate(self._rows) if (action := row.focused())), None)
        kept = {(row.notice, row.when): row for row in self._rows}
        self._rows = [
            kept.pop((notice, when)) if (notice, when) in kept else self._make(notice, when) for notice, when in wanted
        ]
        for gone in kept.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, row in enumerate(self._rows):
            self._column.insertWidget(at, row)
            row.show()  # now, so that it can take the focus
        in_order = [button for row in self._rows for button in row.buttons.values()]
        for before, after in pairwise(in_order):
            QWidget.setTabOrder(before, after)
        rest = len(self._notices) - len(self._rows)
        self.more.setText(f"{rest} more" if rest else "")
        self.more.setVisible(bool(rest))
        if focused is not None and self._rows and not any(row.focused() for row in self._rows):
            at, action = focused
            self._rows[min(at, len(self._rows) - 1)].buttons[action].setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def _make(self, notice: Notice, when: str) -> "_Row":
        row = _Row(notice, when)
        for action, button in row.buttons.items():
            button.clicked.connect(partial(self._answer, notice.key, action))
        return row

    def _answer(self, key: str, action: NoticeAction) -> None:
        self.withdraw(key)
        self.answered.emit(key, action)


class _Row(QWidget):
    """One notice with its words and its three buttons, each named with what it is about."""

    def __init__(self, notice: Notice, when: str) -> None:
        super().__init__()
        self.notice, self.when = notice, when
        self.setAccessibleName(f"{notice.title}. {notice.body} {when}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        icon_name, tone = (IconName.WARNING, Tone.TODAY) if notice.urgent else (IconName.REMINDER, Tone.ACCENT)
        row.addWidget(IconView(icon_name, tone))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(notice.title, TextRole.STRONG, wrap=True, selectable=True))
        told = f"{notice.body} ({when})" if notice.body else when
        words.addWidget(Label(told, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        self.buttons: dict[NoticeAction, QPushButton] = {}
        for action, word in ACTION_WORDS.items():
            button = Button(word) if action is NoticeAction.OPEN else QuietButton(word)
            button.setAccessibleName(f"{word}: {notice.title}")
            self.buttons[action] = button
            row.addWidget(button)

    def focused(self) -> NoticeAction | None:
        """Return which button has the focus."""
        within = self.window().focusWidget()  # also while another window is the active one
        return next((action for action, button in self.buttons.items() if button is within), None)
