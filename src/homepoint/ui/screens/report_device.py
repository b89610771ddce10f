"""First page of the report: go on with an unfinished one, or say which device it is about."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from homepoint.application.ports import DeviceQuery
from homepoint.application.reports import DiscardReport
from homepoint.domain.facts import Claim, Device, DeviceStatus, Incident
from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_guide import DraftLine, ReportPage, draft_line, is_draft
from homepoint.presentation.wording import counted
from homepoint.ui.device_looks import silhouette_of
from homepoint.ui.icons import IconName
from homepoint.ui.screens.rebuilding import clear
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_step import ReportStep, words_column
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.buttons import Button, IconButton, QuietButton
from homepoint.ui.widgets.card import ActionCard, Card
from homepoint.ui.widgets.flow import FlowLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.search_field import SearchField
from homepoint.ui.widgets.status import DeviceSilhouette
from homepoint.ui.widgets.text import ElidedLabel, Label, SectionHeading

_SHOWN = 12
_SEARCHABLE_FROM = 7
_LIKELY = frozenset({DeviceStatus.IN_USE, DeviceStatus.LOST})
"""What is offered before anything is searched; a unit that was replaced or sold is found by searching."""


class DeviceStep(ReportStep):
    """Which device. `resume_asked(incident)` goes on with a report; `add_device_asked` registers a device first."""

    resume_asked = Signal(str)
    add_device_asked = Signal()

    page = ReportPage.DEVICE
    title = "Report damage or loss"
    sentence = "One question after the other. Every answer is kept at once; you can stop and go on at any time."
    about = "which device"
    leads_on = False

    def __init__(self, draft: ReportDraft) -> None:
        """Make an empty page."""
        super().__init__(draft)
        self._drafts = QVBoxLayout()
        self._drafts.setSpacing(Space.L)
        self.column.addLayout(self._drafts)
        add = QuietButton("Add a device", IconName.ADD)
        add.clicked.connect(self.add_device_asked)
        self.column.addWidget(SectionHeading("Which device is it?", add))
        self.search = SearchField("Search your devices", "Name, model or serial")
        self.search.searched.connect(lambda _words: self._show_devices())
        self.column.addWidget(self.search)
        holder = QWidget()
        self._cards = FlowLayout(240)
        holder.setLayout(self._cards)
        self.column.addWidget(holder)
        self._more = Label("", tone=Tone.MUTED, wrap=True)
        self.column.addWidget(self._more)
        self._chosen: DeviceId | None = None

    def show_report(self) -> None:
        """Show the unfinished reports and the devices."""
        self._chosen = self.draft.device
        self._show_drafts()
        self._show_devices()

    def entered(self, incident: Incident) -> Incident:
        """Return the incident with the chosen device; who flew the other one is not known of this one."""
        if self._chosen is None or self._chosen == incident.device:
            return incident
        return replace(incident, device=self._chosen, account=None, controller=None, parts=())

    def _show_drafts(self) -> None:
        clear(self._drafts)
        library = self.draft.desk.workspace.library
        if self.draft.incident is not None:
            return
        found = [
            each
            for each in library.all(Incident)
            if is_draft(each, library.about(Claim, each.device))
        ]  # fmt: skip
        if not found:
            return
        card = Card("Not finished yet")
        for incident in reversed(found):
            device = library.get(Device, incident.device)
            card.body.addLayout(self._draft_row(draft_line(incident, device, self.draft.desk.now())))
        self._drafts.addWidget(card)

    def _draft_row(self, line: DraftLine) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        stopped = Label(f"Stopped at: {line.page}", tone=Tone.MUTED, wrap=True)
        row.addLayout(words_column(Label(line.title, TextRole.STRONG, wrap=True), stopped), 1)
        go_on = Button("Go on")
        go_on.setObjectName(f"resume-{line.incident}")
        go_on.setAccessibleName(f"Go on with: {line.title}")
        go_on.clicked.connect(lambda: self.resume_asked.emit(line.incident))
        row.addWidget(go_on)
        discard = IconButton(IconName.DELETE, f"Discard: {line.title}")
        discard.setObjectName(f"discard-{line.incident}")
        discard.clicked.connect(lambda: self.draft.desk.do(DiscardReport(incident=line.incident)))
        row.addWidget(discard)
        return row

    def _show_devices(self) -> None:
        clear(self._cards)
        words = self.search.text()
        query = DeviceQuery(words=words, statuses=None if words else _LIKELY, order="name", limit=_SHOWN)
        rows, matching = self.draft.desk.workspace.library.rows(query)
        _, total = (rows, matching) if words else self.draft.desk.workspace.library.rows(DeviceQuery(limit=1))
        self.search.setVisible(bool(words) or total >= _SEARCHABLE_FROM or total > matching)
        for row in rows:
            self._cards.addWidget(self._card(row.device))
        self._more.setText(_more_words(matching, bool(words or total)))
        self._more.setVisible(bool(self._more.text()))

    def _card(self, device: Device) -> ActionCard:
        name, is_chosen = device_name(device), device.id == self.draft.device
        serial = device.serial or "serial not known"
        card = ActionCard(f"{name}, {device.model}, {serial}{', chosen' if is_chosen else ''}")
        card.setObjectName(f"device-{device.id}")
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(DeviceSilhouette(silhouette_of(device.category), height=36))
        about = device.model if device.nickname else ""
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (
            ElidedLabel(name, TextRole.STRONG),
            *([ElidedLabel(about, tone=Tone.MUTED)] if about else []),
            ElidedLabel(serial, TextRole.SMALL, Tone.MUTED, middle=True),
        ):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        row.addLayout(words, 1)
        if is_chosen:
            row.addWidget(IconView(IconName.YES, Tone.ACCENT))
        card.body.addLayout(row)
        card.clicked.connect(lambda: self._choose(device.id))
        return card

    def _choose(self, device: DeviceId) -> None:
        self._chosen = device
        if self.draft.incident is None:
            self.draft.device = device
        self.answered.emit()


def _more_words(matching: int, is_searched: bool) -> str:
    if matching > _SHOWN:
        return f"{counted(matching - _SHOWN, 'more device')}: search for part of the name or the serial."
    if matching:
        return ""
    return "No device matches." if is_searched else "There is no device yet. Add it first; its serial is enough."
