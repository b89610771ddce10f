"""The dialog of a damaged library: what is wrong, and the ways on: a backup, what can be read, another folder."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.text import Label

_WIDTH = 620


class DamagedLibraryDialog(QDialog):
    """Says that the records are damaged and offers what can be done; it acts on nothing itself.

    Signals:
        restore_asked, salvage_asked, other_folder_asked, quit_asked: what the owner chose.
        done_reading: the owner has read what came of it.
    """

    restore_asked = Signal()
    salvage_asked = Signal()
    other_folder_asked = Signal()
    quit_asked = Signal()
    done_reading = Signal()

    def __init__(self, problem: str, parent: QWidget | None = None) -> None:
        """Show what is wrong; a backup is being looked for until `show_backup` says which there is."""
        super().__init__(parent)
        self.setWindowTitle("Homepoint")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(theme().pixels(_WIDTH))
        self._is_over = False
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Your records are damaged", TextRole.HEADING))
        self.problem = Label(problem, wrap=True, selectable=True)
        column.addWidget(self.problem)
        sentence = "Nothing was changed. Whatever you choose, the damaged file is kept beside your records."
        column.addWidget(Label(sentence, tone=Tone.MUTED, wrap=True))
        self.says = Label("Looking for a good backup …", wrap=True, selectable=True)
        column.addWidget(self.says)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress")
        self.bar.setRange(0, 0)
        column.addWidget(self.bar)
        self.restore = PrimaryButton("Restore the newest good backup", IconName.HISTORY)
        self.salvage = Button("Save what can be read")
        self.other_folder = Button("Open another folder …", IconName.FOLDER)
        self.quit = Button("Quit")
        self.go_on = PrimaryButton("Go on")
        self.go_on.hide()
        self.restore.clicked.connect(self.restore_asked)
        self.salvage.clicked.connect(self.salvage_asked)
        self.other_folder.clicked.connect(self.other_folder_asked)
        self.quit.clicked.connect(self.quit_asked)
        self.go_on.clicked.connect(self._on_read)
        for button in (self.restore, self.salvage, self.other_folder):
            column.addWidget(button)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.quit)
        foot.addWidget(self.go_on)
        column.addLayout(foot)
        self.restore.setEnabled(False)

    def show_backup(self, words: str) -> None:
        """Say which backup can be restored, "" for none."""
        self.says.setText(words or "There is no good backup in the folders Homepoint knows.")
        self.bar.hide()
        self.set_working(False)
        self.restore.setEnabled(bool(words))

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far the work is."""
        self.bar.show()
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if words:
            self.says.setText(f"{words} …")

    def show_problem(self, words: str) -> None:
        """Say what came in the way; the ways on stay open."""
        self.bar.hide()
        self.says.setText(words)
        self.says.set_tone(Tone.OVERDUE)
        self.set_working(False)

    def show_result(self, lines: Sequence[str]) -> None:
        """Say what came of it; the owner then goes on."""
        self.bar.hide()
        self.says.set_tone(Tone.TEXT)
        self.says.setText("\n".join(lines))
        for button in (self.restore, self.salvage, self.other_folder, self.quit):
            button.hide()
        self.go_on.show()
        self.go_on.setDefault(True)
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_working(self, is_working: bool) -> None:
        """Let nothing else be begun while something is under way."""
        for button in (self.restore, self.salvage, self.other_folder, self.quit):
            button.setEnabled(not is_working)

    def finish(self) -> None:
        """Close without asking for anything."""
        self._is_over = True
        self.close()

    def reject(self) -> None:
        """Take Escape and the window's own button for Quit, or for Go on where all is done."""
        if self._is_over:
            super().reject()
        elif self.go_on.isVisible():
            self._on_read()
        elif self.quit.isEnabled():
            self.quit_asked.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As `reject`: it closes only once something was chosen."""
        if self._is_over:
            super().closeEvent(event)
        else:
            event.ignore()
            self.reject()

    def _on_read(self) -> None:
        self.finish()
        self.done_reading.emit()
