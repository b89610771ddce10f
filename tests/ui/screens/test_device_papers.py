"""The device page's drill, documents and papers, as an owner uses them before the worst day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from homepoint.application.evidence import AddEvidence
from homepoint.domain.facts import Attachment, DeviceStatus, Service
from homepoint.domain.values import DeviceId
from homepoint.ui.screens.device import DeviceScreen
from homepoint.ui.widgets.banner import Banner
from tests import builders as make
from tests.ui.screens.desks import At, at_a_desk


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[DeviceScreen, At]]:
    with at_a_desk(tmp_path, make.device(nickname="Kestrel"), make.plan()) as at:
        screen = DeviceScreen(at.desk)
        qtbot.addWidget(screen)
        at.desk.workspace.subscribe(screen.mark_changed)
        screen.show_device(DeviceId("d1"))
        screen.show()
        yield screen, at


def words_of(widget: object) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))  # type: ignore[attr-defined]  # any widget


def test_the_drill_names_the_gap_and_its_act_leads_there(opened: tuple[DeviceScreen, At], qtbot: QtBot) -> None:
    screen, _ = opened
    assert "The controller is not bound." in words_of(screen.prepared)
    act = screen.prepared.findChild(QPushButton, "drill-controller-binding")
    assert isinstance(act, QPushButton)
    with qtbot.waitSignal(screen.prepared.section_asked):
        act.click()


def test_a_receipt_attached_is_listed_and_can_be_taken_away(opened: tuple[DeviceScreen, At], qtbot: QtBot) -> None:
    screen, at = opened
    receipt: Attachment = make.attachment("f1", of="d1", name="receipt.pdf", size=12_400)
    at.desk.do(AddEvidence(attachment=receipt))
    assert "12.4 kB" in words_of(screen.documents)
    [remove] = [each for each in screen.documents.findChildren(QPushButton) if each.text() == "Remove"]
    assert remove.accessibleName() == "Remove receipt.pdf"
    remove.click()
    assert at.library.get(Attachment, "f1") is None
    assert "Nothing is attached" in words_of(screen.documents)


def test_the_buttons_say_which_device_they_are_for(opened: tuple[DeviceScreen, At], qtbot: QtBot) -> None:
    screen, _ = opened
    for button, signal in (
        (screen.report_button, screen.report_asked),
        (screen.prepared.field_card, screen.field_card_asked),
        (screen.prepared.handover, screen.handover_asked),
        (screen.documents.add, screen.files_asked),
    ):
        with qtbot.waitSignal(signal) as caught:
            button.click()
        assert caught.args == ["d1"]


def test_an_open_claim_says_whose_turn_it_is_and_is_one_click_away(
    opened: tuple[DeviceScreen, At], qtbot: QtBot
) -> None:
    screen, at = opened
    at.record(make.claim("k1", service=Service.EXPRESS_BASIC))
    screen.show_device(DeviceId("d1"))
    banner = screen.findChildren(Banner)[-1]
    assert "A claim is open. Your turn" in words_of(banner)
    with qtbot.waitSignal(screen.claim_asked) as caught:
        banner.action_chosen.emit()
    assert caught.args == ["k1"]


def test_nobody_drills_for_a_device_that_was_sold_or_for_the_past(opened: tuple[DeviceScreen, At]) -> None:
    screen, at = opened
    assert screen.prepared.isVisible()
    screen.show_as_of(at.desk.now().replace(year=2025))
    assert not screen.prepared.isVisible()
    screen.show_as_of(None)
    at.record(make.device("d2", status=DeviceStatus.SOLD))
    screen.show_device(DeviceId("d2"))
    assert not screen.prepared.isVisible()
