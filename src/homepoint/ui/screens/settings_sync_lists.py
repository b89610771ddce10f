"""The lists of the card about Sync: what the last round found with what to do, and the computers that take part."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.presentation.syncing import ACT_WORDS, ComputerText, FindingText
from homepoint.ui.icons import IconName
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import ElidedLabel, Label


class FindingsList(QWidget):
    """What a round found; `asked` carries the act (a `FindingAct`) of a pressed button."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self._shown: tuple[FindingText, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        self.hide()

    def show_findings(self, findings: Sequence[FindingText]) -> None:
        """Show others; nothing happens where they are the same."""
        if tuple(findings) == self._shown:
            return
        self._shown = tuple(findings)
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for finding in self._shown:
            self._column.addWidget(self._row(finding))
        self.setVisible(bool(self._shown))

    def _row(self, finding: FindingText) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        urgent = IconName.ATTENTION, Tone.OVERDUE
        row.addWidget(IconView(*urgent) if finding.is_urgent else IconView(IconName.INFO, Tone.MUTED))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(finding.title, TextRole.STRONG, wrap=True, selectable=True))
        words.addWidget(Label(finding.advice, tone=Tone.MUTED, wrap=True, selectable=True))
        row.addLayout(words, 1)
        for act in finding.acts:
            button = Button(ACT_WORDS[act])
            button.setObjectName(f"act/{act}")
            button.clicked.connect(lambda _checked=False, act=act: self.asked.emit(act.value))
            row.addWidget(button)
        return holder


class ComputersList(QWidget):
    """The computers that share the library; `removal_asked` carries the id and name of one."""

    removal_asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty list."""
        super().__init__(parent)
        self._is_resting = False
        self._rows: dict[str, _ComputerRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)

    def show_computers(self, computers: Sequence[ComputerText]) -> None:
        """Show them as they are now; rows that stay keep the focus."""
        if list(self._rows) != [each.id for each in computers]:
            for old in self._rows.values():
                old.hide()
                old.deleteLater()
            self._rows = {each.id: _ComputerRow(each) for each in computers}
            for row in self._rows.values():
                row.remove.clicked.connect(row.ask)
                row.removal_asked.connect(self.removal_asked)
                row.remove.setEnabled(not self._is_resting)
                self._column.addWidget(row)
        for each in computers:
            self._rows[each.id].show_computer(each)

    def set_resting(self, is_resting: bool) -> None:
        """Let nobody be removed while a round is under way."""
        self._is_resting = is_resting
        for row in self._rows.values():
            row.remove.setEnabled(not is_resting)


class _ComputerRow(QWidget):
    removal_asked = Signal(str, str)

    def __init__(self, computer: ComputerText) -> None:
        super().__init__()
        self._computer = computer
        self.name, self.note = ElidedLabel(""), Label("", tone=Tone.MUTED)
        self.remove = QuietButton("Remove…")
        self.remove.setObjectName(f"remove/{computer.id}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self.name, 2)
        row.addWidget(self.note, 3)
        row.addWidget(self.remove)
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(policy)
        self.show_computer(computer)

    def show_computer(self, computer: ComputerText) -> None:
        self._computer = computer
        self.name.set_full_text(computer.name)
        self.note.setText(computer.note)
        self.remove.setVisible(not computer.is_this)
        self.remove.setAccessibleName(f"Remove {computer.name}")

    def ask(self) -> None:
        self.removal_asked.emit(self._computer.id, self._computer.name)
