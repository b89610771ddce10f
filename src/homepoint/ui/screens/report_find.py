"""The page that comes first when an aircraft is gone: how to find it, and where to look."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from homepoint.domain.facts import Incident
from homepoint.presentation.flyaway_guide import FIND_STEPS
from homepoint.presentation.incident_guide import ReportPage, home_position
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_position import PlaceCard, PositionFields
from homepoint.ui.screens.report_step import ReportStep, words_column
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label


class FindStep(ReportStep):
    """What to do in the first hour, the last position, and the map around it."""

    page = ReportPage.FIND
    title = "Find it first"
    sentence = "Search before you report: after the report DJI counts it as gone. Nothing you enter here is lost."
    about = "last position"

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__(draft)
        card = Card("What to do now")
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnStretch(1, 1)
        for at, step in enumerate(FIND_STEPS):
            number = Label(f"{at + 1}.", TextRole.STRONG, Tone.ACCENT, tabular=True)
            grid.addWidget(number, at, 0, Qt.AlignmentFlag.AlignTop)
            words = (Label(step.title, TextRole.STRONG, wrap=True), Label(step.text, wrap=True))
            grid.addLayout(words_column(*words), at, 1)
        card.body.addLayout(grid)
        self.column.addWidget(card)
        where = Card("The last position")
        self.places = PositionFields("Last position", "Home point")
        self.places.edited.connect(self.edited)
        where.body.addWidget(self.places)
        self.column.addWidget(where)
        self.place = PlaceCard()
        self.column.addWidget(self.place)

    def show_report(self) -> None:
        """Show the places, with the map as soon as there is one."""
        incident = self.draft.incident
        self.places.show_incident(incident)
        last = incident.position if incident else None
        self.place.show_place(last, home_position(incident) if incident else None)
        self.place.setVisible(last is not None)

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with the places."""
        return self.places.entered(incident)

    def faults(self) -> Mapping[str, str]:
        """Return what is no place."""
        return self.places.faults()

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show what is no place beside its field."""
        for key, row in self.places.rows.items():
            row.set_fault(problems.get(key, ""))
