"""What every page of the report is: it shows what is recorded, and gives back what the owner changed."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.domain.facts import Incident
from homepoint.presentation.incident_guide import ReportPage
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.theme import Space
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.text import Label


class ReportStep(QWidget):
    """One page of the report.

    How to add one: subclass, name its `page`, `title` and `sentence`, implement `show_report`, and name it in
    `report.py`.

    Signals:
        edited: something was changed; it is written a moment later.
        answered: the answer is complete and leads on to the next page.
    """

    edited = Signal()
    answered = Signal()

    page: ReportPage
    title = ""
    sentence = ""
    about = "answers"
    leads_on = True
    """Whether the page is left by Continue; otherwise a choice on the page itself leads on."""

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__()
        self.draft = draft
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.L)

    def minimumSizeHint(self) -> QSize:
        """Return the least width; the height follows from the width alone, so that no page ends in empty space."""
        return QSize(super().minimumSizeHint().width(), 0)

    def show_report(self) -> None:
        """Show what is recorded."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing")

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with what was entered here; pages without fields change nothing."""
        return incident

    def faults(self) -> Mapping[str, str]:
        """Return what was typed and cannot be read, by field."""
        return {}

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each problem beside its field, those of no field nowhere: the frame shows them."""


def button_row(*buttons: Button) -> QHBoxLayout:
    """Return buttons side by side at the left."""
    row = QHBoxLayout()
    row.setSpacing(Space.S)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def words_column(*labels: Label) -> QVBoxLayout:
    """Return labels close under each other."""
    column = QVBoxLayout()
    column.setSpacing(2)
    for label in labels:
        column.addWidget(label)
    return column
