"""The claims page: what is open and whose turn it is, reports left unfinished, and claims that are over."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from homepoint.application.changes import Changes
from homepoint.domain.facts import Claim, Device, Incident
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.values import DeviceId
from homepoint.presentation.claims import ClaimRow, ClaimsPage, ReportRow, claims_page, is_over, last_step_at, left_text
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_guide import is_draft
from homepoint.ui.desk import Desk
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.rebuilding import Line, clear, drawn_anew
from homepoint.ui.theme import Space, TextRole, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.countdown import CountdownLabel
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.text import Label, SectionHeading

_ACT_WIDTH = 96
_MOST_OVER = 100
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_EMPTY = (
    "Something broke, got wet, failed or flew away? Homepoint shows the ways open to you, what each costs and loses, "
    "and keeps every step and date."
)


class ClaimsScreen(Screen):
    """All claims.

    Signals:
        report_asked: the owner wants to report damage or loss.
        claim_asked(claim): the owner wants to see one claim.
        go_on_asked(incident): the owner wants to go on with an unfinished report.
    """

    report_asked = Signal()
    claim_asked = Signal(str)
    go_on_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make an empty page."""
        super().__init__(desk, parent)
        self.report = PrimaryButton("Report damage or loss", IconName.ADD)
        self.report.clicked.connect(self.report_asked)
        self.page = ScrollPage("Claims", "", self.report)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._over_is_open = False

    def concerns(self, changes: Changes) -> bool:
        """Say whether changes touch a claim, an incident or the name of a device."""
        return changes.everything or bool(changes.kinds & {"claims", "incidents", "devices"})

    def redraw(self) -> None:
        """Draw everything anew."""
        drawn_anew(self.page, self._draw)

    def _draw(self) -> None:
        clear(self.page.content)
        shown = self._read()
        self.report.setVisible(not shown.is_empty)
        self.page.set_subtitle("" if shown.is_empty else "Every report to DJI, step by step.")
        if shown.is_empty:
            self._draw_empty()
            return
        self._draw_open(shown.open)
        if shown.unfinished:
            self._draw_unfinished(shown.unfinished)
        if shown.over:
            self._draw_over(shown.over, shown.over_in_all)

    def _read(self) -> ClaimsPage:
        library, now = self.desk.workspace.library, self.desk.now()
        claims, incidents = library.all(Claim), library.all(Incident)
        reported = {claim.incident for claim in claims}
        unfinished = [each for each in incidents if each.id not in reported and is_draft(each, ())]
        running = [claim for claim in claims if not is_over(claim, now)]
        ended = sorted(
            (claim for claim in claims if is_over(claim, now)), key=lambda each: last_step_at(each, now), reverse=True
        )
        shown = [*running, *ended[:_MOST_OVER]]
        facts = {device: library.device_facts(device) for device in {claim.device for claim in shown}}
        readings = [
            (claim, claim_reading(known, claim, self.desk.terms, now))
            for claim in shown
            if (known := facts[claim.device]) is not None
        ]
        asked = {claim.device for claim in shown} | {incident.device for incident in unfinished}
        devices = {each: library.get(Device, each) for each in asked}
        names: dict[DeviceId, str] = {each: device_name(found) for each, found in devices.items() if found is not None}
        return claims_page(readings, unfinished, names, now, over_in_all=len(ended))

    def _draw_empty(self) -> None:
        button = PrimaryButton("Report damage or loss", IconName.ADD)
        button.clicked.connect(self.report_asked)
        self.page.content.addWidget(EmptyState(IconName.CLAIMS, "Nothing to claim", _EMPTY, button))

    def _draw_open(self, rows: Sequence[ClaimRow]) -> None:
        self.page.content.addWidget(SectionHeading("Open claims"))
        card = Card()
        card.setAccessibleName("Open claims")
        if rows:
            card.body.addLayout(self._grid(rows))
        else:
            card.body.addWidget(Label("No claim is open.", tone=Tone.MUTED))
        self.page.content.addWidget(card)

    def _draw_unfinished(self, rows: Sequence[ReportRow]) -> None:
        self.page.content.addWidget(SectionHeading("Unfinished reports"))
        card = Card()
        card.setAccessibleName("Unfinished reports")
        for place, row in enumerate(rows):
            if place:
                card.body.addWidget(Line())
            card.body.addWidget(self._report_row(row))
        self.page.content.addWidget(card)

    def _report_row(self, row: ReportRow) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(f"{row.device_name}: {row.what}", TextRole.STRONG, wrap=True), 0, 0)
        grid.addWidget(Label(f"{row.when}. No way chosen yet.", tone=Tone.MUTED, wrap=True), 1, 0)
        go_on = Button("Go on")
        go_on.setObjectName(f"go-on/{row.incident}")
        go_on.setAccessibleName(f"Go on with the report: {row.device_name}, {row.what}")
        go_on.setMinimumWidth(theme().pixels(_ACT_WIDTH))
        go_on.clicked.connect(lambda: self.go_on_asked.emit(row.incident))
        grid.addWidget(go_on, 0, 1, 2, 1, _MIDDLE)
        return holder

    def _draw_over(self, rows: Sequence[ClaimRow], in_all: int) -> None:
        over = Disclosure(title=f"Claims that are over ({in_all:,})")
        over.button.setObjectName("claims-over")
        over.toggled.connect(lambda is_open: self._on_over_toggled(over, rows, in_all, is_open))
        over.set_open(self._over_is_open)
        card = Card()
        card.setAccessibleName("Claims that are over")
        card.body.addWidget(over)
        self.page.content.addWidget(card)

    def _on_over_toggled(self, over: Disclosure, rows: Sequence[ClaimRow], in_all: int, is_open: bool) -> None:
        """Write the rows when they are first wanted, and remember that they are."""
        self._over_is_open = is_open
        if not is_open or over.content.findChild(Button) is not None:
            return
        holder = QWidget()
        holder.setLayout(self._grid(rows))
        over.add_widget(holder)
        if in_all > len(rows):
            words = f"These are the latest {len(rows)}. Older ones stay in your records and in the owner file."
            over.add_widget(Label(words, TextRole.SMALL, Tone.MUTED, wrap=True))

    def _grid(self, rows: Sequence[ClaimRow]) -> QGridLayout:
        """Return rows in aligned columns: the claim with its next act and state, the time left, and the way to it."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(2, theme().pixels(_ACT_WIDTH))
        for place, row in enumerate(rows):
            at = 2 * place
            if place:
                grid.addWidget(Line(), at - 1, 0, 1, 3)
            grid.addLayout(_words(row), at, 0)
            grid.addLayout(self._time(row), at, 1)
            see = Button("Open")
            see.setObjectName(f"claim/{row.claim}")
            see.setAccessibleName(f"Open the claim: {row.spoken}")
            see.clicked.connect(lambda _checked=False, claim=row.claim: self.claim_asked.emit(claim))
            grid.addWidget(see, at, 2, _MIDDLE)
        return grid

    def _time(self, row: ClaimRow) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        timer = row.timer
        if timer is not None:
            tone = Tone(timer.urgency.value)
            column.addWidget(CountdownLabel(timer.target, self.desk.now, left_text, TextRole.STRONG, tone))
            column.addWidget(Label(timer.title, TextRole.SMALL, Tone.MUTED, wrap=True))
        if row.stake:
            column.addWidget(Label(row.stake, TextRole.SMALL, wrap=True, tabular=True))
        column.addStretch(1)
        return column


def _words(row: ClaimRow) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch(1)
    column.addWidget(Label(f"{row.device_name}: {row.service}", TextRole.STRONG, wrap=True, selectable=True))
    if row.turn:
        column.addWidget(Label(row.turn, tone=Tone.ACCENT if row.is_mine else Tone.MUTED, wrap=True, selectable=True))
    state = f"{row.state}, {row.last_at}" if row.last_at else row.state
    column.addWidget(Label(state, TextRole.SMALL, Tone.MUTED, wrap=True, selectable=True, tabular=True))
    column.addStretch(1)
    return column
