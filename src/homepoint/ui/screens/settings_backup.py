"""The card "Backup and restore" of the settings page: back up now, automatic backups, and the list to restore from."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.backups import RULE, BackupsPage, ListedBackup
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import Line
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import ElidedLabel, Label

_MOST_LISTED = 30


class BackupCard(Card):
    """Shows a `BackupsPage` and tells what the owner asks for.

    Signals:
        shown: it is seen; what it shows may have to be read anew.
        back_up_asked: the owner wants a backup now.
        automatic_chosen: automatic backups on or off.
        folder_asked: another folder for them is to be chosen.
        folder_opened: the folder is to be opened in the system's own window.
        restore_asked: the path of a backup from the list to be restored; "" to choose another file.
    """

    shown = Signal()
    back_up_asked = Signal()
    automatic_chosen = Signal(bool)
    folder_asked = Signal()
    folder_opened = Signal()
    restore_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a card that shows nothing yet; `show_page` fills it."""
        super().__init__("Backup and restore", parent=parent)
        self.body.setSpacing(Space.M)
        self._problem = QVBoxLayout()
        self.body.addLayout(self._problem)
        self.now = Button("Back up now …", IconName.EXPORT)
        self.now.clicked.connect(self.back_up_asked)
        self.last = Label("", tone=Tone.MUTED, wrap=True)
        self._add("One file with everything", self.last, self.now)
        self.automatic = QCheckBox("Back up automatically")
        self.automatic.setAccessibleDescription(RULE)
        self.automatic.toggled.connect(self.automatic_chosen)
        self._add(self.automatic, Label(RULE, tone=Tone.MUTED, wrap=True))
        self.folder = ElidedLabel("", tone=Tone.MUTED, middle=True)
        self.choose, self.open = Button("Choose folder …"), Button("Open folder", IconName.FOLDER)
        self.choose.clicked.connect(self.folder_asked)
        self.open.clicked.connect(self.folder_opened)
        self._add("Folder for automatic backups", self.folder, self.open, self.choose)
        self.other = Button("Restore from a file …", IconName.IMPORT)
        self.other.clicked.connect(lambda: self.restore_asked.emit(""))
        sentence = "You see what would change before anything does, and what is here is backed up first."
        self._add("Restore", Label(sentence, tone=Tone.MUTED, wrap=True), self.other)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.body.addLayout(self._list)

    def show_page(self, page: BackupsPage) -> None:
        """Show what is so now."""
        with QSignalBlocker(self.automatic):
            self.automatic.setChecked(page.is_automatic)
        self.last.setText(page.last)
        self.folder.set_full_text(page.folder)
        _clear(self._problem)
        if page.problem:
            self._problem.addWidget(Banner(BannerKind.WARNING, page.problem))
        _clear(self._list)
        for each in page.listed[:_MOST_LISTED]:
            self._list.addWidget(self._listed(each))
        more = len(page.listed) - _MOST_LISTED
        if more > 0:
            self._list.addWidget(Label(f"and {more} older ones in the folder", TextRole.SMALL, Tone.MUTED))

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is so now."""
        super().showEvent(event)
        self.shown.emit()

    def _listed(self, each: ListedBackup) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        row.addLayout(words, 1)
        if each.text.problem:
            words.addWidget(Label(each.text.problem, TextRole.SMALL, Tone.OVERDUE, wrap=True))
        else:
            words.addWidget(Label(each.text.when, TextRole.BODY))
            words.addWidget(Label(each.text.what, TextRole.SMALL, Tone.MUTED, wrap=True))
            button = Button("Restore …")
            button.setAccessibleName(f"Restore the backup of {each.text.when}")
            button.clicked.connect(lambda: self.restore_asked.emit(each.path))
            row.addWidget(button)
        return holder

    def _add(self, name: str | QWidget, sentence: QWidget, *controls: QWidget) -> None:
        if self.body.count() > 1:
            self.body.addWidget(Line())
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(name, TextRole.STRONG) if isinstance(name, str) else name)
        words.addWidget(sentence)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        for control in controls:
            row.addWidget(control)
        self.body.addLayout(row)


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
