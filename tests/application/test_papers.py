"""Boxes, invoices and photos in a pile: what they propose, and that only what is ticked is taken."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from homepoint.application.changes import HistoryEntry
from homepoint.application.found import Found, FoundFile, Take
from homepoint.application.intake import Choices, TakeIn, Tick, Wish, proposed
from homepoint.application.pile import look_through
from homepoint.application.problems import Refused
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Attachment, Category, Controller, Device
from homepoint.domain.intake_values import BoxCodes, FoundCode, FoundSerial, Photo, SerialOf
from homepoint.domain.terms import Terms
from homepoint.domain.values import Money
from homepoint.intake.pile_reading import read_pile
from homepoint.presentation.intake_preview import intake_preview, preview_lines
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.application.test_intake import CUT, WHOLE, file, flight
from tests.intake.test_codes import AIRCRAFT, CONTROLLER, box
from tests.intake.test_invoice import pdf

LINES = (
    "Invoice date: March 8, 2025",
    "Order No.: 1234567890123",
    f"DJI Mini 4 Pro  {AIRCRAFT}  1  EUR 1.299,00",
)


@pytest.fixture
def invoice(tmp_path: Path, terms: Terms) -> list[FoundFile]:
    """Return an invoice, read from a PDF."""
    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf(*LINES))
    return read_pile([path], terms)


def label(*serials: FoundSerial, name: str = "box.jpg") -> FoundFile:
    """Return a photo of a box with serials on it."""
    codes = tuple(FoundCode(kind="QRCode", text=f"SN:{each.text}", serials=(each,)) for each in serials)
    return file(name, Photo(width=9, height=9), codes=BoxCodes(codes=codes))


def choose(found: Found, *takes: Take, **more: Any) -> Choices:
    """Tick every proposal of these kinds."""
    keys = [each.key for paper in found.papers for each in paper.offers if each.take in takes]
    ticks = proposed(found).ticked | {Tick(wish=Wish.PAPER, key=key) for key in keys}
    return Choices(ticked=frozenset(ticks), **more)


def test_an_invoice_proposes_its_values_with_their_lines_and_none_is_ticked(
    invoice: list[FoundFile], library: SqliteLibrary, terms: Terms
) -> None:
    found = look_through(invoice, library, terms)
    [part] = intake_preview(found, make.BERLIN).papers
    assert [each.is_ticked for each in part.boxes] == [False] * 5
    assert {each.take for each in found.papers[0].offers} == {
        Take.REGISTER, Take.MODEL, Take.PURCHASED_ON, Take.ORDER_NUMBER, Take.PRICE
    }  # fmt: skip
    assert {each.line for each in found.papers[0].offers} == {" ".join(line.split()) for line in LINES}
    assert any("[ ] Bought on 8 March 2025" in line for line in preview_lines(intake_preview(found, make.BERLIN)))


def test_nothing_of_an_invoice_is_taken_without_a_tick(
    invoice: list[FoundFile], library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    found = look_through(invoice, library, terms)
    workspace.do(TakeIn(found=found, choices=proposed(found)))
    assert not library.all(Device)


def test_a_device_is_registered_from_an_invoice_in_one_step_of_undo(
    invoice: list[FoundFile], library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    found = look_through(invoice, library, terms)
    assert isinstance(workspace.do(TakeIn(found=found, choices=choose(found, *Take))), HistoryEntry)
    [device] = library.all(Device)
    assert (device.model, device.category, device.serial) == ("DJI Mini 4 Pro", Category.AIRCRAFT, AIRCRAFT)
    assert device.purchased_on == date(2025, 3, 8)
    assert device.price == Money(amount=Decimal("1299.00"), currency="EUR")
    [kept] = library.about(Attachment, device.id)
    assert kept.name == "Order 1234567890123, invoice.pdf"
    workspace.undo()
    assert not library.all(Device)
    assert not library.all(Attachment)


def test_the_serial_of_a_registered_device_puts_the_invoice_with_it(
    invoice: list[FoundFile], library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    library.write(make.adding(make.device(serial=AIRCRAFT)), make.NOW)
    found = look_through(invoice, library, terms)
    assert Take.REGISTER not in {each.take for each in found.papers[0].offers}
    workspace.do(TakeIn(found=found, choices=choose(found, Take.PURCHASED_ON)))
    [device] = library.all(Device)
    assert device.purchased_on == date(2025, 3, 8)
    assert [each.name for each in library.about(Attachment, device.id)] == ["invoice.pdf"]


def test_a_box_fills_in_the_serial_of_a_device_that_has_none(
    library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    library.write(make.adding(make.device(serial=None, model="DJI Mini 4 Pro")), make.NOW)
    found = look_through([label(FoundSerial(text=AIRCRAFT, of=SerialOf.AIRCRAFT))], library, terms)
    workspace.do(TakeIn(found=found, choices=choose(found, Take.FILL)))
    [device] = library.all(Device)
    assert device.serial == AIRCRAFT
    assert library.about(Attachment, device.id)


def test_a_box_completes_a_serial_of_which_a_record_in_the_same_pile_has_the_beginning(
    library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    pile = [
        file("a.txt", flight(aircraft_serial=CUT, is_serial_cut=True)),
        label(FoundSerial(text=WHOLE, of=SerialOf.AIRCRAFT)),
    ]
    found = look_through(pile, library, terms)
    workspace.do(TakeIn(found=found, choices=choose(found, Take.FILL)))
    [device] = library.all(Device)
    assert device.serial == WHOLE
    assert len(library.about(Attachment, device.id)) == 2


def test_a_controller_on_a_box_is_added_when_it_is_ticked(
    library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    found = look_through([label(FoundSerial(text=CONTROLLER, of=SerialOf.CONTROLLER))], library, terms)
    workspace.do(TakeIn(found=found, choices=choose(found, Take.CONTROLLER)))
    assert [each.serial for each in library.all(Controller)] == [CONTROLLER]


def test_two_serials_of_one_box_are_refused_and_nothing_is_written(
    library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    both = label(FoundSerial(text=AIRCRAFT, of=SerialOf.AIRCRAFT), FoundSerial(text=CONTROLLER, of=SerialOf.UNKNOWN))
    found = look_through([both], library, terms)
    answer = workspace.do(TakeIn(found=found, choices=choose(found, Take.REGISTER)))
    assert isinstance(answer, Refused)
    assert "Tick only one serial of box.jpg" in " ".join(answer.fields.values())
    assert not library.all(Device)


def test_a_value_without_a_device_is_refused_and_with_a_chosen_one_it_is_taken(
    tmp_path: Path, library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf("Invoice date: March 8, 2025"))
    library.write(make.adding(make.device()), make.NOW)
    found = look_through(read_pile([path], terms), library, terms)
    assert isinstance(workspace.do(TakeIn(found=found, choices=choose(found, Take.PURCHASED_ON))), Refused)
    workspace.do(TakeIn(found=found, choices=choose(found, Take.PURCHASED_ON, others_with="d1")))
    [device] = library.all(Device)
    assert device.purchased_on == date(2025, 3, 8)
    assert library.about(Attachment, device.id)


def test_photos_with_the_serial_of_an_unknown_aircraft_propose_it_once_and_unticked(
    library: SqliteLibrary, workspace: Workspace, terms: Terms
) -> None:
    serial = FoundSerial(text="1581F5BKD223Q00A520D", of=SerialOf.AIRCRAFT)
    pile = [file(f"{each}.jpg", Photo(width=9, height=9, serials=(serial,))) for each in range(3)]
    found = look_through(pile, library, terms)
    [part] = intake_preview(found, make.BERLIN).papers
    assert [each.is_ticked for each in part.boxes] == [False]
    assert part.title == "0.jpg and 2 more files"
    choices = choose(found, Take.REGISTER, models={found.papers[0].key: "DJI Mavic 3E"})
    workspace.do(TakeIn(found=found, choices=choices))
    [device] = library.all(Device)
    assert (device.serial, device.model) == (serial.text, "DJI Mavic 3E")
    assert len(library.about(Attachment, device.id)) == 3


def test_a_photo_of_a_box_is_searched_for_codes_and_a_pdf_without_text_is_kept_as_it_is(
    tmp_path: Path, terms: Terms
) -> None:
    import zxingcpp

    (tmp_path / "box.jpg").write_bytes(box((AIRCRAFT, zxingcpp.BarcodeFormat.QRCode)))
    (tmp_path / "scan.pdf").write_bytes(pdf())
    photo, scan = read_pile([tmp_path], terms)
    assert photo.codes is not None
    assert [each.text for each in photo.codes.serials] == [AIRCRAFT]
    assert not scan.problem
    assert scan.note.startswith("There is no text in this PDF.")
