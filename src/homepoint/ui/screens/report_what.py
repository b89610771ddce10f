"""Second page of the report: what happened, as big tiles, and the rarer answers below them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from homepoint.domain.facts import Incident, IncidentKind
from homepoint.presentation.incident_guide import RARE_TILES, TILES, ReportPage, Tile, can_fly
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_step import ReportStep
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.flow import FlowLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.text import Label

_ICONS: Mapping[IncidentKind, IconName] = MappingProxyType(
    {
        IncidentKind.COLLISION: IconName.WARNING,
        IncidentKind.WATER: IconName.WATER,
        IncidentKind.WEAR: IconName.HISTORY,
        IncidentKind.MALFUNCTION: IconName.REPAIR,
        IncidentKind.FLYAWAY: IconName.PLACE,
        IncidentKind.STOLEN: IconName.LOCK,
        IncidentKind.ARRIVED_FAULTY: IconName.PARCEL,
        IncidentKind.RETURN: IconName.UNDO,
    }
)


class WhatStep(ReportStep):
    """What happened; choosing leads on at once."""

    page = ReportPage.WHAT
    title = "What happened?"
    sentence = "Choose what fits best. You can come back and choose again."
    about = "what happened"
    leads_on = False

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__(draft)
        self._kind: IncidentKind | None = None
        holder, rare_holder = QWidget(), QWidget()
        self._tiles, self._rare = FlowLayout(200, Space.M), FlowLayout(200, Space.M)
        holder.setLayout(self._tiles)
        rare_holder.setLayout(self._rare)
        self.column.addWidget(holder)
        self.column.addWidget(Label("Or, more rarely", TextRole.STRONG))
        self.column.addWidget(rare_holder)

    def show_report(self) -> None:
        """Show the tiles that fit the device, the chosen one marked."""
        incident, facts = self.draft.incident, self.draft.facts
        self._kind = incident.kind if incident else None
        flies = facts is None or can_fly(facts, self.draft.desk.terms)
        self._fill(self._tiles, [tile for tile in TILES if flies or tile.kind is not IncidentKind.FLYAWAY])
        self._fill(self._rare, RARE_TILES)

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with the chosen kind."""
        return replace(incident, kind=self._kind)

    def _fill(self, layout: FlowLayout, tiles: Sequence[Tile]) -> None:
        clear(layout)
        for tile in tiles:
            layout.addWidget(self._card(tile))

    def _card(self, tile: Tile) -> ActionCard:
        is_chosen = tile.kind is self._kind
        card = ActionCard(f"{tile.title}. {tile.sentence}{' Chosen.' if is_chosen else ''}")
        card.setObjectName(f"what-{tile.kind.value}")
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        labels = [Label(tile.title, TextRole.STRONG, wrap=True), Label(tile.sentence, tone=Tone.MUTED, wrap=True)]
        icon_name = _ICONS.get(tile.kind)
        if icon_name is not None:
            head = QHBoxLayout()
            head.addWidget(IconView(icon_name, Tone.ACCENT, 24))
            head.addStretch(1)
            if is_chosen:
                head.addWidget(IconView(IconName.YES, Tone.ACCENT))
            card.body.addLayout(head)
        else:
            card.body.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
            card.body.setSpacing(2)
            if is_chosen:
                labels[0].setText(f"{tile.title} (chosen)")
        for label in labels:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            card.body.addWidget(label)
        card.body.addStretch(1)
        card.clicked.connect(lambda: self._choose(tile.kind))
        return card

    def _choose(self, kind: IncidentKind) -> None:
        self._kind = kind
        self.answered.emit()
