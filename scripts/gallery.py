"""Shows every widget in both schemes and saves the pictures: `python scripts/gallery.py FOLDER [TEXT_SCALE]`."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from homepoint.ui.icons import IconName, Silhouette
from homepoint.ui.jump_box import JumpResult
from homepoint.ui.theme import SchemeChoice, Space, TextRole, Tone, theme
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import (
    Button,
    DangerButton,
    IconButton,
    PrimaryButton,
    QuietButton,
    SegmentedControl,
)
from homepoint.ui.widgets.card import ActionCard, Card
from homepoint.ui.widgets.countdown import CountdownLabel, Target
from homepoint.ui.widgets.date_fields import DateField, DateTimeWithZoneEdit, ZonedMoment
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.flow import FlowLayout
from homepoint.ui.widgets.icon_view import IconView
from homepoint.ui.widgets.key_value_grid import KeyValueGrid
from homepoint.ui.widgets.number_field import NumberField
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.search_field import SearchField
from homepoint.ui.widgets.status import DeviceSilhouette, Pips, StatusLabel, TimeRing, Urgency, UrgencyBar
from homepoint.ui.widgets.text import ElidedLabel, Label, SectionHeading
from homepoint.ui.window import MainWindow

NOW = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


class Forgetful:
    """A window memory that keeps nothing."""

    def read_bytes(self, key: str) -> bytes | None:
        """Return nothing."""
        return None

    def write_bytes(self, key: str, value: bytes) -> None:
        """Keep nothing."""

    def read_text(self, key: str) -> str | None:
        """Return nothing."""
        return None

    def write_text(self, key: str, value: str) -> None:
        """Keep nothing."""


def phrase(target: Target, now: datetime) -> str:
    """Word a countdown for the pictures only."""
    if not isinstance(target, datetime):
        return f"until end of {target:%d %B}"
    seconds = int((target - now).total_seconds())
    if seconds < 3600:
        return f"{seconds // 60} m {seconds % 60:02} s"
    return f"{seconds // 86400} d {seconds // 3600 % 24:02} h {seconds // 60 % 60:02} m"


def overview() -> QWidget:
    """Make a page like the overview."""
    page = ScrollPage(
        "Overview", "Everything here is worked out from your own records.", PrimaryButton("Report damage or loss")
    )
    needs = Card()
    rows: list[tuple[Urgency, Target, str, str]] = [
        (Urgency.OVERDUE, NOW + timedelta(minutes=31, seconds=9), "Send the old unit back", "Show return"),
        (Urgency.TODAY, NOW + timedelta(hours=9, minutes=41), "Buy a plan for Field camera", "Open shop page"),
        (Urgency.SOON, NOW + timedelta(days=4, hours=2, minutes=11), "Bind the controller of Mini", "Bind"),
        (Urgency.LATER, date(2026, 6, 16), "Renew the plan of Big lifter", "Renew"),
    ]
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.M)
    grid.setColumnStretch(1, 1)
    for at, (urgency, target, what, act) in enumerate(rows):
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(what, TextRole.STRONG, wrap=True))
        loss = "After that the old unit counts as kept and its full price is due."
        words.addWidget(Label(loss, tone=Tone.MUTED, wrap=True))
        grid.addWidget(UrgencyBar(urgency), at, 0)
        grid.addLayout(words, at, 1)
        grid.addWidget(CountdownLabel(target, lambda: NOW, phrase), at, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(Button(act), at, 3)
    needs.body.addLayout(grid)
    page.content.addWidget(SectionHeading("Needs you", QuietButton("All deadlines")))
    page.content.addWidget(needs)
    page.content.addWidget(SectionHeading("Devices"))
    holder = QWidget()
    flow = FlowLayout(300)
    holder.setLayout(flow)
    for shape, name in zip(Silhouette, ("Coast", "Big lifter", "Pocket", "Field camera"), strict=True):
        flow.addWidget(device_card(shape, name))
    page.content.addWidget(holder)
    return page


def device_card(shape: Silhouette, name: str) -> QWidget:
    """Make a card like a device's."""
    card = ActionCard(name)
    top = QHBoxLayout()
    top.setSpacing(Space.L)
    top.addWidget(DeviceSilhouette(shape, height=60))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addStretch(1)
    words.addWidget(ElidedLabel(name, TextRole.LARGE))
    words.addWidget(ElidedLabel("Model of this device, long name · …4F7K", tone=Tone.MUTED))
    words.addStretch(1)
    top.addLayout(words, 1)
    top.addWidget(TimeRing(None if shape is Silhouette.HANDHELD else 0.62, "?" if shape is Silhouette.HANDHELD else
                           "214 d", "214 of 365 days left"))  # fmt: skip
    card.body.addLayout(top)
    low = QHBoxLayout()
    low.addWidget(StatusLabel("Flyaway: ready", Tone.GOOD))
    low.addStretch(1)
    low.addWidget(Pips(1, 2, "1 of 2 replacements left"))
    low.addWidget(Label("1 of 2 left", TextRole.SMALL, Tone.MUTED))
    card.body.addLayout(low)
    return card


def texts() -> QWidget:
    """Make a page of texts, states and answers."""
    page = ScrollPage("Texts and states", "Type scale, tones, facts and reasons")
    page.content.addWidget(Banner(BannerKind.SAMPLE, "You are looking at sample data.", "Remove it", closable=True))
    page.content.addWidget(Banner(BannerKind.INFO, "The rules were last checked on 1 June 2026."))
    page.content.addWidget(
        Banner(
            BannerKind.WARNING,
            "The controller is not bound. A flyaway today would not be covered, because "
            "account and controller must both be bound before the loss.",
            "Bind the controller",
        )
    )
    page.content.addWidget(Banner(BannerKind.DANGER, "This file could not be read.", closable=True))
    card = Card("Type", QuietButton("Edit", IconName.EDIT))
    for role in TextRole:
        card.body.addWidget(Label(f"{role.value}: Which service do I choose? 0123456789", role))
    tones = QHBoxLayout()
    tones.setSpacing(Space.L)
    for tone in Tone:
        if tone is not Tone.ON_ACCENT:
            tones.addWidget(StatusLabel(tone.value.capitalize(), tone))
    tones.addStretch(1)
    card.body.addLayout(tones)
    page.content.addWidget(card)
    facts = Card("Facts")
    grid = KeyValueGrid()
    grid.add_row("Serial", "1581F6Z9C24CF003ABCD", tabular=True)
    grid.add_row("Bought", "11 March 2026", tabular=True)
    grid.add_row("Activated", None)
    grid.add_row("Region of purchase", "European Union")
    facts.body.addWidget(grid)
    why = Disclosure(["A plan covers the twelve months from the day it starts. (S0-16)", "The second clause. " * 14])
    why.set_open(True)
    facts.body.addWidget(Label("Express Basic: yes, 1 of 2 left", TextRole.STRONG))
    facts.body.addWidget(why)
    facts.body.addWidget(Disclosure(["Hidden"]))
    page.content.addWidget(facts)
    return page


def controls() -> QWidget:
    """Make a page of everything one can press or fill in."""
    page = ScrollPage("Controls", "", PrimaryButton("Add device", IconName.ADD), Button("Import", IconName.IMPORT))
    card = Card("Buttons")
    row = QHBoxLayout()
    disabled = PrimaryButton("Not now")
    disabled.setEnabled(False)
    off = Button("Not now")
    off.setEnabled(False)
    pressable: tuple[QWidget, ...] = (
        Button("Plain"),
        Button("With icon", IconName.COPY),
        QuietButton("Quiet"),
        DangerButton("Remove"),
        IconButton(IconName.EDIT, "Edit"),
        disabled,
        off,
    )
    for shown in pressable:
        row.addWidget(shown)
    row.addStretch(1)
    card.body.addLayout(row)
    card.body.addWidget(SegmentedControl("Theme", [("l", "Light"), ("d", "Dark"), ("s", "System")]))
    box, radio = QCheckBox("Remind me a day before"), QRadioButton("Every day")
    box.setChecked(True)
    radio.setChecked(True)
    checks = QHBoxLayout()
    for check in (box, QCheckBox("Off"), radio, QRadioButton("Never")):
        checks.addWidget(check)
    checks.addStretch(1)
    card.body.addLayout(checks)
    page.content.addWidget(card)
    fields = Card("Fields")
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.XL)
    grid.setVerticalSpacing(Space.M)
    grid.setColumnStretch(1, 1)
    moment = ZonedMoment(on=date(2026, 5, 30), at=time(14, 5), zone="Europe/Berlin")
    search = SearchField("Search devices")
    asked: list[tuple[str, QWidget]] = [
        ("Search", search),
        ("Bought", DateField("Bought", date(2026, 3, 11), suggested=date(2026, 6, 1))),
        ("Activated", DateField("Activated", None, suggested=date(2026, 6, 1))),
        ("Lost", DateTimeWithZoneEdit("Lost", moment, suggested=moment)),
        ("Uses", NumberField("Uses", 1, 0, 9)),
        ("Unbound", DateTimeWithZoneEdit("Unbound", None, suggested=moment)),
    ]
    for at, (text, widget) in enumerate(asked):
        grid.addWidget(Label(text, tone=Tone.MUTED), at, 0)
        grid.addWidget(widget, at, 1)
    fields.body.addLayout(grid)
    page.content.addWidget(fields)
    icons = Card("Icons and silhouettes")
    every = QGridLayout()
    for at, name in enumerate(IconName):
        every.addWidget(IconView(name), at // 17, at % 17)
    icons.body.addLayout(every)
    for heights in ((40, 60), (110,)):
        shapes = QHBoxLayout()
        for height in heights:
            for shape in Silhouette:
                shapes.addWidget(DeviceSilhouette(shape, height=height))
        shapes.addStretch(1)
        icons.body.addLayout(shapes)
    page.content.addWidget(icons)
    return page


def empty() -> QWidget:
    """Make a page with nothing on it yet."""
    return EmptyState(
        IconName.DEVICES,
        "Add your first device",
        "Type a serial, drop flight records or photos, or open an owner file. Nothing leaves this computer.",
        PrimaryButton("Type a serial"),
        Button("Open an owner file"),
        QuietButton("Look around with sample data"),
    )


def settle(milliseconds: int = 120) -> None:
    """Let the window paint."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def find(text: str) -> Sequence[JumpResult]:
    """Find something for the pictures."""
    return [
        JumpResult(key="a", title="Coast", detail="Mini 4 Pro · 1581F6Z9C24CF003ABCD", icon=IconName.DEVICES),
        JumpResult(key="b", title="Water damage at the lake", detail="Claim · fee paid", icon=IconName.CLAIMS),
        JumpResult(key="c", title="Export an owner file", icon=IconName.EXPORT),
    ]


def main() -> int:
    """Save a picture of every page in both schemes, wide and narrow."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    QApplication(sys.argv[:1])
    if len(sys.argv) > 2:
        theme().set_text_scale(float(sys.argv[2]))
    for choice in (SchemeChoice.LIGHT, SchemeChoice.DARK):
        theme().choose_scheme(choice)
        window = MainWindow(Forgetful())
        window.set_jump_provider(find)
        window.add_page("overview", "Overview", IconName.OVERVIEW, overview)
        window.add_page("devices", "Devices", IconName.DEVICES, texts)
        window.add_page("claims", "Claims", IconName.CLAIMS, controls)
        window.add_page("deadlines", "Deadlines", IconName.DEADLINES, empty)
        window.add_page("settings", "Settings", IconName.SETTINGS, QWidget)
        for page in ("overview", "devices", "claims", "deadlines"):
            window.show_page(page)
            window.resize(1200, 780)
            window.show()
            settle()
            window.grab().save(str(folder / f"{choice}-{page}.png"))
            window.resize(900, 600)
            settle()
            window.grab().save(str(folder / f"{choice}-{page}-narrow.png"))
        window.resize(1200, 780)
        window.show_page("overview")
        window.tell("Device added", "Undo")
        window.open_jump_box()
        settle()
        window.grab().save(str(folder / f"{choice}-jump.png"))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
