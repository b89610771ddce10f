"""The preview of a pile: what is asked, what is ticked before the owner looks, and what typing does."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from homepoint.application.flight_facts import FlightFacts
from homepoint.application.found import FoundFile
from homepoint.application.intake import Tick, Wish
from homepoint.application.pile import look_through
from homepoint.domain.facts import BoundTo, Device, Fact
from homepoint.intake.pile_reading import read_pile
from homepoint.presentation.intake_preview import CHECK
from homepoint.ui.dialogs.intake_preview import IntakeDialog
from homepoint.ui.widgets.banner import Banner
from tests import builders as make
from tests.intake.test_invoice import pdf
from tests.ui.screens.desks import At, at_a_desk

CUT = "1581F6Z9C24AU003"
FLIGHT = FlightFacts(
    product="Mini 4 Pro",
    aircraft_serial=CUT,
    is_serial_cut=True,
    controller_serial="0VETEST0010003",
    started_at=datetime(2025, 6, 1, 10, tzinfo=UTC),
)


def shown(at: At, qtbot: QtBot) -> IntakeDialog:
    """Return the preview of one flight record and one broken file."""
    pile = [
        FoundFile(name="a.txt", kind="flight record", value=FLIGHT, sha256="a" * 64),
        FoundFile(name="b.txt", problem="This file is empty.", advice="Copy it again."),
    ]
    dialog = IntakeDialog(at.desk, look_through(pile, at.library, at.desk.terms))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_missing_characters_are_asked_for_and_what_is_typed_is_registered(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        dialog = shown(at, qtbot)
        field = dialog.endings[CUT]
        assert isinstance(field, QLineEdit)
        field.setText("4sr")
        dialog.primary.click()
        assert dialog.isVisible()
        assert "4 characters" in dialog.rows[f"{CUT}/ending"].fault
        field.setText("4srd")
        dialog.primary.click()
        assert not dialog.isVisible()
        assert [each.serial for each in at.library.all(Device)] == [CUT + "4SRD"]


def test_a_guess_is_not_ticked_and_a_device_that_is_not_registered_takes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        dialog = shown(at, qtbot)
        boxes = {tick.wish: box for tick, box in dialog.boxes.items()}
        assert not boxes[Wish.ACTIVATION].isChecked()
        assert "first flight seen" in boxes[Wish.ACTIVATION].text()
        boxes[Wish.REGISTER].setChecked(False)
        assert not boxes[Wish.KEEP].isEnabled()
        dialog.boxes[Tick(wish=Wish.CONTROLLER, key="0VETEST0010003")].setChecked(False)
        dialog.primary.click()
        assert not at.library.history()


def test_an_unreadable_file_is_named_with_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        dialog = shown(at, qtbot)
        item = dialog.files.topLevelItem(0)
        assert item is not None
        assert (item.text(0), item.text(1)) == ("b.txt", "This file is empty. Copy it again.")


def owner() -> tuple[Fact, ...]:
    """Return the aircraft, with another controller recorded as bound than the one that flew."""
    since = datetime(2025, 1, 1, tzinfo=UTC)
    return (
        make.device(serial=CUT + "4SRD", nickname="Kestrel"),
        make.controller(),
        make.binding(to=BoundTo.CONTROLLER, target="c1", bound_at=since),
    )


@pytest.mark.parametrize("facts", [owner()])
def test_another_controller_is_a_warning_to_check_the_binding(
    qtbot: QtBot, tmp_path: Path, facts: tuple[Fact, ...]
) -> None:
    with at_a_desk(tmp_path, *facts) as at:
        dialog = shown(at, qtbot)
        [banner] = dialog.findChildren(Banner)
        assert CHECK in banner.label.text()
        assert "0VETEST0010003" in banner.label.text()
        assert not dialog.endings, "the registered device has the whole serial already"


def test_what_an_invoice_proposes_stands_unticked_with_its_line_and_is_taken_when_ticked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    serial = "1581F6Z9C24AU0034SRD"
    paper = tmp_path / "invoice.pdf"
    paper.write_bytes(pdf("Invoice date: March 8, 2025", f"DJI Mini 4 Pro {serial} EUR 1.299,00"))
    with at_a_desk(tmp_path) as at:
        found = look_through(read_pile([paper], at.desk.terms), at.library, at.desk.terms)
        dialog = IntakeDialog(at.desk, found)
        qtbot.addWidget(dialog)
        dialog.show()
        boxes = {box.text(): box for box in dialog.boxes.values()}
        assert not any(box.isChecked() for box in boxes.values())
        bought = boxes["Bought on 8 March 2025"]
        assert "Invoice date: March 8, 2025" in bought.accessibleDescription()
        bought.setChecked(True)
        dialog.primary.click()
        assert dialog.isVisible(), "it is not said of which device"
        boxes[f"Register a device with the serial {serial} (DJI Mini 4 Pro)"].setChecked(True)
        dialog.primary.click()
        assert not dialog.isVisible()
        [device] = at.library.all(Device)
        assert (device.serial, device.model, device.price) == (serial, "DJI Mini 4 Pro", None)
        assert device.purchased_on == date(2025, 3, 8)
