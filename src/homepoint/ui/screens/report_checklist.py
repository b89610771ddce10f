"""What to do for the chosen way: lines in order, texts to paste, and the official page, opened only by a click."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from homepoint.presentation.checklists import Checklist, Official, checklist
from homepoint.presentation.incident_guide import ReportPage, copy_texts
from homepoint.presentation.wording import name_of
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.screens.report_dossier import DossierCard, PrepareDossier
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_step import ReportStep, button_row
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.copy_row import CopyRow
from homepoint.ui.widgets.text import Label

_TOP = Qt.AlignmentFlag.AlignTop


class ChecklistCard(Card):
    """A checklist with its clauses and the official page; for a service, or for a check before a late purchase."""

    def __init__(self, shown: Checklist, open_link: Callable[[str], None]) -> None:
        """Show a list; `open_link` opens the official address."""
        super().__init__(shown.title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnStretch(1, 1)
        for at, line in enumerate(shown.lines):
            grid.addWidget(Label(f"{at + 1}.", TextRole.STRONG, Tone.ACCENT, tabular=True), at, 0, _TOP)
            grid.addWidget(Label(line.text, wrap=True, selectable=True), at, 1, _TOP)
        self.body.addLayout(grid)
        self.body.addWidget(Why(shown.title, shown.why))
        self._add_official(shown.official, open_link)

    def _add_official(self, official: Official, open_link: Callable[[str], None]) -> None:
        if official.url is not None:
            url = official.url
            button = Button(f"Open: {official.label}", IconName.OPEN_PAGE)
            button.setObjectName("official-page")
            button.setToolTip(url)
            button.setAccessibleDescription(f"Opens {url} in the browser")
            button.clicked.connect(lambda: open_link(url))
            self.body.addLayout(button_row(button))
            self.body.addWidget(Label(url, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))
        self.body.addWidget(Label(official.words, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True))


class ChecklistStep(ReportStep):
    """The last page: the claim is there, and this is how to bring it to DJI."""

    claim_asked = Signal()
    """The owner wants to go on to the claim."""

    page = ReportPage.CHECKLIST
    title = "What to do"
    about = "what to do"
    leads_on = False

    def __init__(self, draft: ReportDraft, pool: ThreadPoolExecutor, prepare: PrepareDossier | None) -> None:
        """Make an empty page; without `prepare` there is no dossier to make."""
        super().__init__(draft)
        self._content = QVBoxLayout()
        self._content.setSpacing(Space.L)
        self.column.addLayout(self._content)
        self.dossier = DossierCard(prepare, pool) if prepare is not None else None
        if self.dossier is not None:
            self.column.addWidget(self.dossier)

    def show_report(self) -> None:
        """Show the list of the chosen way."""
        clear(self._content)
        incident, facts, chosen = self.draft.incident, self.draft.facts, self.draft.chosen
        if incident is None or facts is None or chosen is None or chosen.service is None:
            return
        desk = self.draft.desk
        shown = checklist(chosen.service, desk.terms, desk.now().date())
        self._content.addWidget(ChecklistCard(shown, desk.open_link))
        paste = Card("To paste into DJI's form")
        paste.body.setSpacing(0)
        for each in copy_texts(incident, facts):
            paste.body.addWidget(CopyRow(each.label, each.text))
        self._content.addWidget(paste)
        self.sentence = f"You chose: {name_of(chosen.service)}. A claim was opened for it; record there what happens."
        if self.dossier is not None:
            self.dossier.show_incident(incident.id)
