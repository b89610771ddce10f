"""The overview: what the owner loses by doing nothing, then every device at a glance."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from homepoint.application.ports import DeviceQuery, DeviceRow
from homepoint.domain.facts import Claim, Device, DeviceStatus
from homepoint.domain.values import DeviceId
from homepoint.presentation.device_list import device_name, next_deadline
from homepoint.presentation.overview import (
    FIRST_CARDS,
    LOOKS_AHEAD,
    MOST_NEEDS,
    calm_text,
    card_of,
    needs,
    open_claims,
)
from homepoint.presentation.wording import counted
from homepoint.ui.desk import Desk
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.deadline_rows import DeadlineGrid
from homepoint.ui.screens.device_card import device_card
from homepoint.ui.screens.rebuilding import clear, drawn_anew
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import PrimaryButton, QuietButton
from homepoint.ui.widgets.card import ActionCard, Card
from homepoint.ui.widgets.flow import FlowLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.text import Label, SectionHeading

_IN_USE = frozenset({DeviceStatus.IN_USE})
_MOST_ENTRIES = 500
_MOST_CLAIMS = 5
_WELCOME = "What your devices are covered for, and what you lose if you do nothing. Everything stays on this computer."


class OverviewScreen(Screen):
    """The first page.

    Signals:
        add_device_asked: the owner wants to register a device.
        import_asked: the owner wants to open an owner file.
        sample_data_asked: the owner wants to look around with sample data.
        sample_data_removal_asked: the owner wants the sample data gone.
        section_asked(device, section): a button leads to a section of the device page, which has been opened;
            sections are `presentation.wording.Section`.
        claim_asked(claim): the owner wants to see an open claim.
    """

    add_device_asked = Signal()
    import_asked = Signal()
    sample_data_asked = Signal()
    sample_data_removal_asked = Signal()
    section_asked = Signal(str, str)
    claim_asked = Signal(str)

    def __init__(self, desk: Desk, has_sample_data: Callable[[], bool], parent: QWidget | None = None) -> None:
        """Make the page; `has_sample_data` says whether to show the banner that removes it."""
        super().__init__(desk, parent)
        self._has_sample_data = has_sample_data
        add = PrimaryButton("Add device", IconName.ADD)
        add.clicked.connect(self.add_device_asked)
        self.page = ScrollPage("Overview", "", add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def redraw(self) -> None:
        """Draw everything anew."""
        drawn_anew(self.page, self._draw)

    def _draw(self) -> None:
        clear(self.page.content)
        library = self.desk.workspace.library
        _, total = library.rows(DeviceQuery(limit=1))
        if not total:
            self._draw_first_start()
            return
        self.page.set_subtitle("")
        if self._has_sample_data():
            self._draw_sample_banner()
        rows, in_use = library.rows(DeviceQuery(statuses=_IN_USE, limit=FIRST_CARDS))
        unbound, _ = library.rows(DeviceQuery(statuses=_IN_USE, unbound_only=True, limit=MOST_NEEDS))
        self._draw_needs(rows, unbound)
        self._draw_cards(rows, in_use, total)
        self._draw_claims()

    def _draw_first_start(self) -> None:
        self.page.set_subtitle(_WELCOME)
        self.page.content.addWidget(Label("Add your first device", TextRole.HEADING))
        ways: tuple[tuple[IconName, str, str, SignalInstance], ...] = (
            (IconName.KEYBOARD, "Type a serial", "It stands on the device, its box and in DJI's app.",
             self.add_device_asked),
            (IconName.PHOTO, "Drop flight records or photos", "Or choose them. They tell model, serials and flights.",
             self.import_asked),
            (IconName.FOLDER, "Open an owner file", "Take over what was saved on another computer.",
             self.import_asked),
            (IconName.SAMPLE, "Look around with sample data", "Marked as sample data, and removed in one click.",
             self.sample_data_asked),
        )  # fmt: skip
        holder = QWidget()
        flow = FlowLayout(220)
        holder.setLayout(flow)
        for icon_name, title, sentence, asked in ways:
            card = ActionCard(f"{title}. {sentence}")
            card.setObjectName(title)
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)  # as tall as its neighbours
            card.body.addWidget(IconView(icon_name, Tone.ACCENT, 24))
            for label in (Label(title, TextRole.LARGE, wrap=True), Label(sentence, tone=Tone.MUTED, wrap=True)):
                label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                card.body.addWidget(label)
            card.body.addStretch(1)
            card.clicked.connect(asked)
            flow.addWidget(card)
        self.page.content.addWidget(holder)

    def _draw_sample_banner(self) -> None:
        banner = Banner(
            BannerKind.SAMPLE,
            "This library holds sample data: devices that are invented, for looking around.",
            "Remove sample data",
        )
        banner.action_chosen.connect(self.sample_data_removal_asked)
        self.page.content.addWidget(banner)

    def _draw_needs(self, rows: Sequence[DeviceRow], unbound: Sequence[DeviceRow]) -> None:
        now = self.desk.now()
        library = self.desk.workspace.library
        entries = library.agenda(before=now + LOOKS_AHEAD, device=None, limit=_MOST_ENTRIES)
        names = {row.device.id: device_name(row.device) for row in (*rows, *unbound)}
        names |= {each: self._name(each) for each in {entry.device for entry in entries} - names.keys()}
        found = needs(entries, unbound, names, now)
        every = QuietButton("All deadlines")
        every.setObjectName("all-deadlines")
        every.clicked.connect(lambda: self.desk.open_page("deadlines"))
        self.page.content.addWidget(SectionHeading("Needs you", every))
        card = Card()
        card.setAccessibleName("Needs you")
        if found:
            grid = DeadlineGrid(self.desk, self.section_asked.emit)
            card.body.addLayout(grid)
            for need in found:
                grid.add_row(need)
        else:
            ahead = (next_deadline(row.standing, now) for row in rows if row.standing is not None)
            following = min((entry for entry in ahead if entry), key=lambda entry: entry.ends_at, default=None)
            card.body.addWidget(Label(calm_text(following, names, now), wrap=True, selectable=True))
        self.page.content.addWidget(card)

    def _draw_cards(self, rows: Sequence[DeviceRow], in_use: int, total: int) -> None:
        every = None
        if total > len(rows):
            every = QuietButton(f"Show all {counted(total, 'device')}")
            every.setObjectName("all-devices")
            every.clicked.connect(lambda: self.desk.open_page("devices"))
        self.page.content.addWidget(SectionHeading("Devices" if in_use else "No device is in use", every))
        now = self.desk.now()
        holder = QWidget()
        flow = FlowLayout(320)
        holder.setLayout(flow)
        for row in rows:
            card = device_card(card_of(row, now))
            card.clicked.connect(lambda _checked=False, device=row.device.id: self.desk.open_device(device))
            flow.addWidget(card)
        self.page.content.addWidget(holder)

    def _draw_claims(self) -> None:
        library = self.desk.workspace.library
        claims = library.all(Claim)
        devices = {each: found for each in {claim.device for claim in claims} if (found := library.get(Device, each))}
        shown = open_claims(claims, devices)[:_MOST_CLAIMS]
        if not shown:
            return
        self.page.content.addWidget(SectionHeading("Open claims"))
        card = Card()
        card.setAccessibleName("Open claims")
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.M)
        grid.setColumnStretch(1, 1)
        for at, claim in enumerate(shown):
            grid.addWidget(Label(claim.service, TextRole.STRONG), at, 0)
            grid.addWidget(Label(claim.device_name, tone=Tone.MUTED), at, 1)
            grid.addWidget(Label(f"Last step: {claim.step}"), at, 2)
            see = QuietButton("See the claim")
            see.setObjectName(f"claim/{claim.claim}")
            see.setAccessibleName(f"See the claim: {claim.device_name}, {claim.service}")
            see.clicked.connect(lambda _=False, id=claim.claim: self.claim_asked.emit(id))
            grid.addWidget(see, at, 3)
        card.body.addLayout(grid)
        self.page.content.addWidget(card)

    def _name(self, device: DeviceId) -> str:
        found = self.desk.workspace.library.get(Device, device)
        return device_name(found) if found else "A device not in the list"
