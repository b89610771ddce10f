"""The ways out of what happened, side by side, those that are closed below with their reason."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.domain.facts import Service
from homepoint.presentation.checklists import official
from homepoint.presentation.flyaway_guide import still_possible
from homepoint.presentation.incident_guide import ReportPage, put_away
from homepoint.presentation.incident_ways import Way, ways
from homepoint.presentation.wording import moment_text
from homepoint.ui.icons import IconName
from homepoint.ui.screens.device_answers import Why
from homepoint.ui.screens.rebuilding import Line, clear
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_step import ReportStep, button_row, words_column
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, QuietButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.flow import FlowLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label
from homepoint.ui.widgets.way_card import WayCard

_LEAST_WIDTH = 280


class WaysStep(ReportStep):
    """All services by rank. Choosing one opens its claim and leads on; `put_away_asked` ends without a claim."""

    put_away_asked = Signal()
    refused = Signal(str)

    page = ReportPage.WAYS
    title = "Your ways"
    sentence = ""
    about = "way"
    leads_on = False

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__(draft)
        self._content = QVBoxLayout()
        self._content.setSpacing(Space.L)
        self.column.addLayout(self._content)
        self._shows_closed = False

    def show_report(self) -> None:
        """Judge the incident anew and show every way."""
        clear(self._content)
        incident, facts, reading = self.draft.incident, self.draft.facts, self.draft.reading()
        if incident is None or facts is None or reading is None:
            return
        found = ways(reading, incident, facts, self.draft.desk.terms)
        summary = Label(found.summary, TextRole.LARGE, wrap=True, selectable=True)
        judged = moment_text(reading.judged_at, facts.zone)
        words = f"Judged by what was so on {judged}."
        if incident.at is None:
            words = f"The time it happened is not recorded; judged by what is so now, {judged}."
        self._content.addLayout(words_column(summary, Label(words, tone=Tone.MUTED, wrap=True)))
        shown = (*found.open, *found.undecided)
        if shown:
            self._add_cards(shown)
        else:
            self._add_possible(still_possible(reading, incident))
        if found.closed:
            self._add_closed(found.closed)
        keep = QuietButton("Keep the report without a claim", IconName.LOCK)
        keep.setObjectName("put-away")
        keep.clicked.connect(self._on_put_away)
        self._content.addLayout(button_row(keep))

    def _add_cards(self, shown: tuple[Way, ...]) -> None:
        holder = QWidget()
        flow = FlowLayout(_LEAST_WIDTH)
        holder.setLayout(flow)
        chosen = self.draft.chosen
        for way in shown:
            card = WayCard(way, is_chosen=chosen is not None and chosen.service is way.service)
            card.chosen.connect(self._on_chosen)
            flow.addWidget(card)
        self._content.addWidget(holder)

    def _add_possible(self, possible: tuple[str, ...]) -> None:
        """Show the way out where none of DJI's is open."""
        card = Card("What you can still do")
        for sentence in possible:
            row = QHBoxLayout()
            row.setSpacing(Space.M)
            row.addWidget(IconView(IconName.RIGHT, Tone.ACCENT, 18), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(sentence, wrap=True, selectable=True), 1)
            card.body.addLayout(row)
        device = Button("Open the device page", IconName.DEVICES)
        device.setObjectName("open-device")
        device.clicked.connect(self._on_device)
        buttons = [device]
        support = official("support_home", self.draft.desk.terms)
        if support.url is not None:
            url = support.url
            ask = Button(f"Open: {support.label}", IconName.OPEN_PAGE)
            ask.setObjectName("official-page")
            ask.setToolTip(url)
            ask.clicked.connect(lambda: self.draft.desk.open_link(url))
            buttons.append(ask)
        card.body.addLayout(button_row(*buttons))
        self._content.addWidget(card)

    def _on_device(self) -> None:
        if self.draft.device is not None:
            self.draft.desk.open_device(self.draft.device)

    def _add_closed(self, closed: tuple[Way, ...]) -> None:
        card = Card()
        card.setAccessibleName("Ways that are not open")
        disclosure = Disclosure(title=f"Not open ({len(closed)})")
        disclosure.button.setObjectName("closed-ways")
        for way in closed:
            line = QWidget()
            column = QVBoxLayout(line)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(Line())
            column.addWidget(Label(way.name, TextRole.STRONG, wrap=True))
            column.addWidget(Label(way.reason, wrap=True, selectable=True))
            column.addWidget(Why(way.name, way.why))
            disclosure.add_widget(line)
        disclosure.set_open(self._shows_closed)
        disclosure.toggled.connect(self._remember)
        card.body.addWidget(disclosure)
        self._content.addWidget(card)

    def _remember(self, is_open: bool) -> None:
        self._shows_closed = is_open

    def _on_chosen(self, service: str) -> None:
        chosen = self.draft.chosen
        problems = {}
        if chosen is None or chosen.service != service:
            problems = dict(self.draft.choose(Service(service)))
        if problems:
            self.refused.emit(" ".join(problems.values()))
        else:
            self.answered.emit()

    def _on_put_away(self) -> None:
        incident = self.draft.incident
        if incident is not None and not self.draft.keep(put_away(incident), "kept without a claim"):
            self.put_away_asked.emit()
