"""When and where it happened, who flew, what is damaged, and what the owner wants."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QGridLayout, QPlainTextEdit, QWidget

from homepoint.domain.facts import Account, Controller, Incident, Part, Wish
from homepoint.domain.values import AccountId, ControllerId, Region
from homepoint.presentation.incident_guide import (
    LOSSES,
    RETRIEVABLE,
    WISHES,
    ReportPage,
    can_fly,
    parts_asked,
    service_regions,
)
from homepoint.presentation.incident_words import PART_NAMES
from homepoint.ui.dialogs.dialog import Row
from homepoint.ui.dialogs.fields import Choice, moment_field, moment_of, zone_problem
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_position import PositionFields
from homepoint.ui.screens.report_step import ReportStep
from homepoint.ui.theme import Space, theme
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.date_fields import ZonedMoment
from homepoint.ui.widgets.flow import WrapLayout

_TEXT_HEIGHT = 84
_WORDS_WIDTH, _MOST_WORDS_WIDTH = 150, 200


class WhenStep(ReportStep):
    """The questions whose answers decide which ways are open. All of them may stay open."""

    page = ReportPage.WHEN
    title = "When and where"
    sentence = "What you do not know may stay open. You can fill it in later."
    about = "when and where"

    def __init__(self, draft: ReportDraft) -> None:
        """Make the form; its choices are made for the device when it is shown."""
        super().__init__(draft)
        self.rows: dict[str, Row] = {}
        self._shown_for: tuple[object, ...] = ()
        self._is_showing = False
        self._cards = self.column

    # Making the form for a device.

    def _make(self, incident: Incident) -> None:
        """Make the fields anew: which parts, places and people there are depends on the device."""
        clear(self._cards)
        self.rows.clear()
        facts, desk = self.draft.facts, self.draft.desk
        assert facts is not None, "the page is shown for a device"
        self._flies = can_fly(facts, desk.terms)
        grid = self._card("What happened when")
        self.when = moment_field("When it happened", incident.at, desk.now(), desk.zone)
        self._row(grid, "at", "When", self.when, "The cover is judged at this moment.")
        self.retrievable = Choice[bool | None]("Can you get it back?", RETRIEVABLE, incident.retrievable)
        self._row(grid, "retrievable", "Can you get it back?", self.retrievable)
        self.words = QPlainTextEdit()
        self.words.setAccessibleName("In your own words")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(theme().pixels(_TEXT_HEIGHT))
        self._row(
            grid, "description", "In your own words", self.words, "Two or three sentences. They go into the claim."
        )
        asks_place = incident.kind not in LOSSES
        self.places = PositionFields("Place, if you know it", "Home point") if asks_place else None
        grid = self._card("What is damaged, and what you want")
        names = {part: PART_NAMES[part].capitalize() for part in parts_asked(facts, desk.terms)}
        self.parts = _boxes("Damaged", names)
        self._row(grid, "parts", "Damaged parts", self.parts["holder"], "No plan covers the remote controller.")
        self.wishes = _boxes("You want", WISHES)
        self._row(grid, "wants", "What you want", self.wishes["holder"])
        regions = service_regions(facts, desk.terms)
        self.region = Choice[Region | None]("Where you want the service", regions, incident.service_region)
        hint = "Most plans give service only where they were bought."
        self._row(grid, "service_region", "Where you want the service", self.region, hint)
        self._make_people(incident)
        if self.places is not None:
            grid = self._card("Where it happened")
            grid.addWidget(self.places, grid.rowCount(), 0, 1, 2)
        self._connect()

    def _make_people(self, incident: Incident) -> None:
        library = self.draft.desk.workspace.library
        accounts: list[tuple[AccountId | None, str]] = [(None, "Not known")]
        accounts += [(each.id, each.label) for each in library.all(Account)]
        controllers: list[tuple[ControllerId | None, str]] = [(None, "Not known")]
        controllers += [(each.id, _controller_name(each)) for each in library.all(Controller)]
        self.account = Choice[AccountId | None]("Account in use", accounts, incident.account)
        self.controller = Choice[ControllerId | None]("Controller in use", controllers, incident.controller)
        if not self._flies:
            return
        grid = self._card("Who flew")
        self._row(grid, "account", "DJI account", self.account, "The account that was logged in.")
        self._row(grid, "controller", "Controller", self.controller, "The one it was flown with.")

    def _card(self, title: str) -> QGridLayout:
        card, grid = Card(title), QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnMinimumWidth(0, min(theme().pixels(_WORDS_WIDTH), _MOST_WORDS_WIDTH))
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        self._cards.addWidget(card)
        return grid

    def _row(self, grid: QGridLayout, key: str, words: str, field: QWidget, hint: str = "") -> None:
        self.rows[key] = Row(grid, words, field, hint)

    def _connect(self) -> None:
        self.when.changed.connect(self._on_edited)
        self.words.textChanged.connect(self._on_edited)
        for choice in (self.retrievable, self.region, self.account, self.controller):
            choice.currentIndexChanged.connect(self._on_edited)
        for group in (self.parts, self.wishes):
            for key, box in group.items():
                if isinstance(box, QCheckBox) and key:
                    box.toggled.connect(self._on_edited)
        if self.places is not None:
            self.places.edited.connect(self._on_edited)

    def _on_edited(self) -> None:
        if not self._is_showing:
            self.edited.emit()

    # Showing and reading it.

    def show_report(self) -> None:
        """Show what is recorded; a field that says the same already is left alone."""
        incident, facts = self.draft.incident, self.draft.facts
        if incident is None or facts is None:
            return
        library = self.draft.desk.workspace.library
        people = (*library.all(Account), *library.all(Controller))
        shown_for = (facts.device, incident.id, incident.kind in LOSSES, people)
        if shown_for != self._shown_for:
            self._shown_for = shown_for
            self._make(incident)
        if self.entered(incident) != incident or not self.words.toPlainText():
            self._is_showing = True
            try:
                self._show(incident)
            finally:
                self._is_showing = False
        if self.places is not None:
            self.places.show_incident(incident)

    def _show(self, incident: Incident) -> None:
        self.retrievable.set_value(incident.retrievable)
        self.region.set_value(incident.service_region)
        self.account.set_value(incident.account)
        self.controller.set_value(incident.controller)
        if moment_of(self.when) != incident.at:
            zone = self.draft.desk.zone
            local = incident.at.astimezone(zone) if incident.at else None
            on = None if local is None else ZonedMoment(on=local.date(), at=local.time(), zone=str(zone))
            self.when.set_value(on)
        if self.words.toPlainText() != (incident.description or ""):
            self.words.setPlainText(incident.description or "")
        for part in Part:
            if isinstance(box := self.parts.get(part), QCheckBox):
                box.setChecked(part in incident.parts)
        for wish in Wish:
            if isinstance(box := self.wishes.get(wish), QCheckBox):
                box.setChecked(wish in incident.wants)

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with everything on the page; a part that is not asked about stays as recorded."""
        if not self.rows:
            return incident
        asked = [part for part in Part if part in self.parts]
        kept = tuple(part for part in incident.parts if part not in asked)
        at = incident.at if zone_problem("at", self.when) else moment_of(self.when)
        changed = replace(
            incident,
            at=at,
            retrievable=self.retrievable.value,
            service_region=self.region.value,
            wants=tuple(wish for wish in Wish if _is_checked(self.wishes, wish)),
            parts=(*(part for part in asked if _is_checked(self.parts, part)), *kept),
            description=self.words.toPlainText().strip() or None,
        )
        if self._flies:
            changed = replace(changed, account=self.account.value, controller=self.controller.value)
        return changed if self.places is None else self.places.entered(changed)

    def faults(self) -> Mapping[str, str]:
        """Return what cannot be read: a zone that is none, a place that is none."""
        places = self.places.faults() if self.rows and self.places is not None else {}
        return {**(zone_problem("at", self.when) if self.rows else {}), **places}

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Show each problem beside its field."""
        rows = {**self.rows, **(self.places.rows if self.rows and self.places is not None else {})}
        for key, row in rows.items():
            row.set_fault(problems.get(key, ""))


def _boxes(about: str, names: Mapping[Part, str] | Mapping[Wish, str]) -> dict[str, QWidget]:
    """Return a check box a value under its name, and the widget that holds them under "holder"."""
    holder = QWidget()
    layout = WrapLayout(Space.M)
    holder.setLayout(layout)
    holder.setAccessibleName(about)
    found: dict[str, QWidget] = {}
    for value, words in names.items():
        box = QCheckBox(words)
        box.setAccessibleName(f"{about}: {words}")
        box.setObjectName(f"box-{value}")
        layout.addWidget(box)
        found[value] = box
    return {**found, "holder": holder}


def _is_checked(boxes: Mapping[str, QWidget], key: str) -> bool:
    box = boxes.get(key)
    return isinstance(box, QCheckBox) and box.isChecked()


def _controller_name(controller: Controller) -> str:
    name = controller.label or controller.model or "Controller"
    return f"{name} · {controller.serial}" if controller.serial else name
