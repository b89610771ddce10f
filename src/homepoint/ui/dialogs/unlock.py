"""The page that stands before an encrypted library: it asks for the passphrase, and shows nothing of what is behind."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton, QuietButton
from homepoint.ui.widgets.secret_field import SecretField
from homepoint.ui.widgets.text import Label

_WIDTH: Final = 460
_BY_PASSPHRASE: Final = "Your records are encrypted. Type the passphrase to open them."
_BY_CODE: Final = "Type the recovery code: seven groups of four characters. Then choose a new passphrase in Settings."


class UnlockPage(QWidget):
    """Asks, and says how it stands; what it is told is checked elsewhere.

    Signals:
        unlock_asked: the owner typed a passphrase or a recovery code.
        quit_asked: the owner wants the program to end.
    """

    unlock_asked = Signal(str)
    quit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the page, ready to be typed into."""
        super().__init__(parent)
        self._waits_s = 0
        self._ticking = QTimer(self)
        self._ticking.setInterval(1000)
        self._ticking.timeout.connect(self._tick)
        self.sentence = Label(_BY_PASSPHRASE, tone=Tone.MUTED, wrap=True)
        self.field = SecretField("Passphrase")
        self.field.line.returnPressed.connect(self._ask)
        self.field.line.textChanged.connect(lambda _text: self._show_ability())
        self.problem = Label("", tone=Tone.OVERDUE, wrap=True, selectable=True)
        self.problem.hide()
        self.working = Label("", tone=Tone.MUTED, wrap=True)
        self.working.hide()
        self.unlock = PrimaryButton("Unlock")
        self.unlock.clicked.connect(self._ask)
        self.other_way = QuietButton("Use the recovery code")
        self.other_way.setCheckable(True)
        self.other_way.toggled.connect(self._on_other_way)
        self.quit = Button("Quit")
        self.quit.clicked.connect(self.quit_asked)
        self._lay_out()
        self._show_ability()

    def show_working(self, words: str) -> None:
        """Say what is waited for; the form rests meanwhile."""
        self.working.setText(words)
        self.working.show()
        self.problem.hide()
        self.form.setEnabled(False)
        self.quit.setEnabled(False)

    def show_problem(self, words: str, wait_s: int = 0) -> None:
        """Say what is in the way, and let the next guess wait so many seconds."""
        self._waits_s = wait_s
        self.rest()
        self.problem.setText(words)
        self.problem.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.field.line.selectAll()
        self.field.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if wait_s:
            self._ticking.start()
        self._show_ability()

    def rest(self) -> None:
        """Wait for the owner again, without anything to say."""
        self.working.hide()
        self.form.setEnabled(True)
        self.quit.setEnabled(True)
        self._show_ability()

    def forget(self) -> None:
        """Forget what was typed."""
        self._ticking.stop()
        self.field.forget()

    def _lay_out(self) -> None:
        self.form = QWidget()
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.field)
        acts = QHBoxLayout()
        acts.setSpacing(Space.S)
        acts.addWidget(self.unlock)
        acts.addWidget(self.other_way)
        acts.addStretch(1)
        column.addLayout(acts)
        middle = QWidget()
        middle.setFixedWidth(theme().pixels(_WIDTH))
        words = QVBoxLayout(middle)
        words.setSpacing(Space.M)
        words.addWidget(Label("Homepoint is locked", TextRole.HEADING))
        words.addWidget(self.sentence)
        words.addWidget(self.form)
        words.addWidget(self.problem)
        words.addWidget(self.working)
        foot = QHBoxLayout()
        foot.addWidget(self.quit)
        foot.addStretch(1)
        words.addSpacing(Space.L)
        words.addLayout(foot)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(2)
        self.setFocusProxy(self.field)

    def _ask(self) -> None:
        if self.unlock.isEnabled():
            self.unlock_asked.emit(self.field.text)

    def _on_other_way(self, is_code: bool) -> None:
        self.sentence.setText(_BY_CODE if is_code else _BY_PASSPHRASE)
        self.other_way.setText("Use the passphrase" if is_code else "Use the recovery code")
        self.field.line.setAccessibleName("Recovery code" if is_code else "Passphrase")
        self.field.forget()
        self.field.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tick(self) -> None:
        self._waits_s -= 1
        if self._waits_s <= 0:
            self._ticking.stop()
        self._show_ability()

    def _show_ability(self) -> None:
        self.unlock.setText(f"Wait {self._waits_s} s" if self._waits_s > 0 else "Unlock")
        self.unlock.setEnabled(self._waits_s <= 0 and bool(self.field.text))
