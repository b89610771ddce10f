"""The page of a claim, driven as its owner does: from submitted to the deposit released, with all that goes wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDateEdit, QWidget
from pytestqt.qtbot import QtBot

from homepoint.application.changes import Changes
from homepoint.application.devices import RegisterDevice
from homepoint.domain.facts import (
    BoundTo,
    Claim,
    ClaimStep,
    Condition,
    Device,
    DeviceStatus,
    Fact,
    IncidentKind,
    Service,
    Step,
)
from homepoint.domain.rules.claims import PATHS, claim_reading
from homepoint.domain.values import ClaimId, DeviceId, IncidentId, Region
from homepoint.ui.dialogs.claim_note import MessageDialog
from homepoint.ui.dialogs.claim_step import ClaimStepDialog
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fee import DepositDialog, FeeDialog
from homepoint.ui.dialogs.replacement_arrived import ReplacementArrivedDialog
from homepoint.ui.dialogs.return_guard import ReturnGuardDialog
from homepoint.ui.screens.claim import ClaimScreen
from homepoint.ui.widgets.text import Label
from tests import builders as make
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk

KESTREL, WREN, NEW = "1581F6Z9C24AU0034SRD", "1581F6Z9C24AU0034SRE", "1581F6Z9C24AU0099SRD"
BEGUN = NOW - timedelta(days=60)
IN_THE_US: tuple[Fact, ...] = (
    make.account(),
    make.controller(),
    make.device(nickname="Kestrel", serial=KESTREL, region=Region("US"), condition=Condition.NEW, activated_at=BEGUN),
    make.device("d2", nickname="Wren", serial=WREN),
    make.plan(region=Region("US"), starts_on=BEGUN.date(), bound_at=BEGUN, purchased_at=BEGUN),
    make.binding(bound_at=BEGUN),
    make.binding("b2", target="c1", to=BoundTo.CONTROLLER, bound_at=BEGUN),
    make.incident(kind=IncidentKind.COLLISION),
)


@contextmanager
def shown(
    qtbot: QtBot, folder: Path, *steps: Step, service: Service = Service.EXPRESS_PREMIUM, **values: Any
) -> Iterator[tuple[ClaimScreen, At]]:
    """Open the page of a claim whose steps followed each other day by day, the last one yesterday."""
    taken = tuple(ClaimStep(step=each, at=NOW - timedelta(days=len(steps) - at)) for at, each in enumerate(steps))
    claim = make.claim(service=service, steps=taken, incident=IncidentId("i1"), battery_registered=True, **values)
    folder.mkdir(exist_ok=True)
    with at_a_desk(folder, *IN_THE_US, claim) as at:
        screen = ClaimScreen(at.desk)
        qtbot.addWidget(screen)
        at.desk.workspace.subscribe(screen.mark_changed)
        screen.resize(1000, 760)
        screen.show_claim(ClaimId("k1"))
        screen.show()
        yield screen, at


def press(screen: QWidget, name: str) -> None:
    """Press the button of an object name that is shown."""
    QApplication.processEvents()  # what was drawn anew is shown with the next layout
    [button] = [each for each in screen.findChildren(QAbstractButton, name) if not each.isHidden()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def there(screen: QWidget, name: str) -> bool:
    """Say whether a button is shown."""
    QApplication.processEvents()  # what was drawn anew is shown with the next layout
    return any(each.isVisible() for each in screen.findChildren(QAbstractButton, name))


def words(screen: QWidget) -> str:
    """Return every text that is shown."""
    QApplication.processEvents()  # what was drawn anew is shown with the next layout
    return "\n".join(each.text() for each in screen.findChildren(Label) if each.isVisible())


def claim_of(at: At) -> Claim:
    """Return the claim as it is recorded."""
    found = at.library.get(Claim, "k1")
    assert found is not None
    return found


def steps_of(at: At) -> list[Step]:
    """Return the recorded steps in their order."""
    return [each.step for each in claim_of(at).steps]


def dialog_of(screen: ClaimScreen) -> FormDialog:
    """Return the form that stands open."""
    assert screen.dialog is not None
    return screen.dialog


def record_next(screen: ClaimScreen) -> None:
    """Press the next act's button and confirm that it happened now."""
    press(screen, "next-act")
    QTest.mouseClick(dialog_of(screen).primary, Qt.MouseButton.LeftButton)


def test_express_premium_in_the_us_from_submitted_to_the_deposit_released(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path) as (screen, at):
        assert screen.page.title.text() == "Express Premium for Kestrel"
        assert "Send the claim to DJI" in words(screen)
        record_next(screen)
        press(screen, "next-act")
        paying = dialog_of(screen)
        assert isinstance(paying, ClaimStepDialog)
        QTest.keyClicks(paying.fee.text, "159")
        QTest.keyClick(paying.fee.text, Qt.Key.Key_Return)
        assert "Hand the old unit to the carrier" in words(screen)
        press(screen, "next-act")
        holding = dialog_of(screen)
        assert isinstance(holding, ClaimStepDialog)
        QTest.keyClicks(holding.deposit.text, "759.00")
        QTest.keyClick(holding.deposit.text, Qt.Key.Key_Return)
        assert "At stake: 759.00 USD" in words(screen)
        record_next(screen)
        assert "Send the old unit" in words(screen)
        press(screen, "next-act")
        sending = dialog_of(screen)
        assert isinstance(sending, ClaimStepDialog)
        QTest.keyClicks(sending.tracking, "1Z 999")
        QTest.keyClick(sending.tracking, Qt.Key.Key_Return)
        assert "1Z 999" in words(screen)
        guard_all_right(screen)
        record_next(screen)
        assert "is not at stake now" in words(screen)
        record_next(screen)
        record_next(screen)
        assert steps_of(at) == list(PATHS[Service.EXPRESS_PREMIUM])
        assert "This claim is closed." in words(screen)
        assert not there(screen, "next-act")
        assert [str(each.amount.amount) for each in claim_of(at).fees] == ["159.00"]


def guard_all_right(screen: ClaimScreen) -> None:
    """Check what goes back, with everything right."""
    press(screen, "check-return")
    guard = dialog_of(screen)
    assert isinstance(guard, ReturnGuardDialog)
    QTest.keyClicks(guard.serial, KESTREL.lower())
    QTest.keyClicks(guard.again, KESTREL.lower())
    guard.battery.set_value(True)
    guard.genuine.set_value(True)
    assert guard.preview.text().startswith("All three points are right.")
    QTest.keyClick(guard.serial, Qt.Key.Key_Return)


def test_the_serial_of_ones_own_other_device_is_named_and_saved_only_when_said_twice(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD) as (screen, at):
        press(screen, "check-return")
        guard = dialog_of(screen)
        assert isinstance(guard, ReturnGuardDialog)
        QTest.keyClicks(guard.serial, WREN)
        QTest.keyClicks(guard.again, KESTREL)
        QTest.keyClick(guard.again, Qt.Key.Key_Return)
        assert "character 20 is E (first) and D (second)" in guard.rows["again"].fault
        guard.again.selectAll()
        QTest.keyClicks(guard.again, WREN)
        assert "your other device Wren" in guard.rows["again"].fault
        QTest.mouseClick(guard.primary, Qt.MouseButton.LeftButton)
        assert claim_of(at).returned is None
        assert guard.primary.text() == "Save all the same"
        QTest.mouseClick(guard.primary, Qt.MouseButton.LeftButton)
        returned = claim_of(at).returned
        assert returned is not None
        assert returned.serial == WREN
        assert "Do not close the box yet. Serial: This is the serial of your other device Wren" in words(screen)
        facts = at.library.device_facts(DeviceId("d1"))
        assert facts is not None
        assert claim_reading(facts, claim_of(at), at.desk.terms, NOW).returned.deposit_at_risk


def test_a_step_can_be_corrected_and_taken_back(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.FEE_PAID) as (screen, at):
        press(screen, "correct-step/1")
        correcting = dialog_of(screen)
        day = next(each for each in correcting.findChildren(QDateEdit) if each.accessibleName() == "When: day")
        day.setDate(QDate(2026, 5, 4))
        QTest.mouseClick(correcting.primary, Qt.MouseButton.LeftButton)
        assert claim_of(at).steps[1].at == NOW
        press(screen, "take-back/1")
        assert steps_of(at) == [Step.SUBMITTED]
        assert "Pay the fee" in words(screen)
        at.desk.workspace.undo()
        assert steps_of(at) == [Step.SUBMITTED, Step.FEE_PAID]


def test_a_step_of_tomorrow_is_refused_beside_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path) as (screen, at):
        press(screen, "next-act")
        recording = dialog_of(screen)
        day = next(each for each in recording.findChildren(QDateEdit) if each.accessibleName() == "When: day")
        day.setDate(QDate(2026, 5, 5))
        QTest.mouseClick(recording.primary, Qt.MouseButton.LeftButton)
        assert "lies in the future" in recording.rows["steps"].fault
        assert steps_of(at) == []


def test_a_claim_can_be_withdrawn_refused_and_its_deposit_charged(qtbot: QtBot, tmp_path: Path) -> None:
    for act, step, said in (
        ("withdraw", Step.WITHDRAWN, "You withdrew this claim."),
        ("refused", Step.REFUSED, "DJI refused this claim."),
        ("charged", Step.DEPOSIT_CHARGED, "DJI charged the deposit"),
    ):
        with shown(qtbot, tmp_path / act, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD) as (screen, at):
            press(screen, act)
            QTest.mouseClick(dialog_of(screen).primary, Qt.MouseButton.LeftButton)
            assert steps_of(at)[-1] is step
            assert said in words(screen)


def test_the_replacement_moves_plan_and_uses_and_one_undo_restores_all(qtbot: QtBot, tmp_path: Path) -> None:
    steps = (Step.SUBMITTED, Step.ACCEPTED, Step.SENT, Step.RECEIVED_BY_DJI, Step.FEE_PAID)
    with shown(qtbot, tmp_path, *steps, service=Service.EXPRESS_BASIC) as (screen, at):
        before = at.library.snapshot()
        press(screen, "arrived")
        arrived = dialog_of(screen)
        assert isinstance(arrived, ReplacementArrivedDialog)
        QTest.keyClicks(arrived.serial, KESTREL)
        QTest.keyClick(arrived.serial, Qt.Key.Key_Return)
        assert "serial of the old unit" in arrived.rows["serial"].fault
        arrived.serial.selectAll()
        QTest.keyClicks(arrived.serial, NEW)
        QTest.keyClick(arrived.serial, Qt.Key.Key_Return)
        assert steps_of(at)[-2:] == [Step.REPLACEMENT_SENT, Step.CLOSED]
        [new] = at.library.by_serial(NEW)
        old = at.library.get(Device, "d1")
        assert old is not None
        assert (new.succeeds, old.status) == ("d1", DeviceStatus.REPLACED)
        assessed = at.desk.workspace.assess(new.id, NOW)
        assert assessed is not None
        assert (assessed.care.plan, assessed.care.replacements.used) == ("p1", 1)
        assert f"The plan has moved to {NEW}." in words(screen)
        press(screen, "open-new-unit")
        assert at.trips.devices == [new.id]
        at.desk.workspace.undo()
        assert at.library.snapshot() == before
        assert there(screen, "arrived")


def test_with_premium_the_claim_stays_open_when_the_replacement_arrives(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD) as (screen, at):
        press(screen, "arrived")
        arrived = dialog_of(screen)
        assert isinstance(arrived, ReplacementArrivedDialog)
        assert arrived.closing.isHidden()
        QTest.keyClicks(arrived.serial, NEW)
        QTest.keyClick(arrived.serial, Qt.Key.Key_Return)
        assert steps_of(at)[-1] is Step.REPLACEMENT_SENT
        assert "Send the old unit" in words(screen)
        assert there(screen, "check-return")


def test_the_tasks_of_the_new_unit_show_what_is_done(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.FEE_PAID, service=Service.FLYAWAY_REPORT) as (screen, at):
        press(screen, "arrived")
        arrived = dialog_of(screen)
        assert isinstance(arrived, ReplacementArrivedDialog)
        QTest.keyClicks(arrived.serial, NEW)
        QTest.keyClick(arrived.serial, Qt.Key.Key_Return)
        [new] = at.library.by_serial(NEW)
        assert words(screen).count("To do") == 4
        press(screen, "task/register-serial")
        assert words(screen).count("To do") == 3
        press(screen, "task/register-serial")
        assert words(screen).count("To do") == 4
        at.record(make.binding("b9", new.id, bound_at=NOW))
        screen.mark_changed(Changes(everything=True))
        assert words(screen).count("To do") == 3


def test_amounts_and_messages_are_kept_and_removed(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED) as (screen, at):
        press(screen, "add-fee")
        fee = dialog_of(screen)
        assert isinstance(fee, FeeDialog)
        QTest.keyClicks(fee.amount.text, "1,159")
        QTest.keyClick(fee.amount.text, Qt.Key.Key_Return)
        assert "Write the amount in digits" in fee.rows["amount"].fault
        fee.amount.text.setText("1159")
        QTest.keyClick(fee.amount.text, Qt.Key.Key_Return)
        assert "1,159.00 USD" in words(screen)
        press(screen, "remove-fee/0")
        assert claim_of(at).fees == ()
        press(screen, "deposit")
        deposit = dialog_of(screen)
        assert isinstance(deposit, DepositDialog)
        QTest.keyClicks(deposit.amount.text, "700")
        QTest.keyClick(deposit.amount.text, Qt.Key.Key_Return)
        assert "700.00 USD" in words(screen)
        press(screen, "add-message")
        message = dialog_of(screen)
        assert isinstance(message, MessageDialog)
        QTest.keyClicks(message.text, "Case CAS-123")
        QTest.mouseClick(message.primary, Qt.MouseButton.LeftButton)
        assert "Case CAS-123" in words(screen)
        press(screen, "forget/0")
        assert "Case CAS-123" not in words(screen)


def test_the_invoice_counts_business_days_from_the_day_it_was_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.REPAIRED, service=Service.REPAIR_PAID) as (screen, _at):
        press(screen, "invoice")
        assert "from 11 May 2026 to 18 May 2026" in words(screen)
        press(screen, "invoice")
        assert "if you ask" in words(screen)


def test_the_step_bar_is_one_stop_and_the_arrows_go_from_step_to_step(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED, Step.FEE_PAID) as (screen, at):
        bar = screen.next.bar
        stops = [each for each in bar.steps if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [each.accessibleName() for each in stops] == ["Step 3 of 8: Deposit held, next, DJI's turn"]
        screen.activateWindow()
        stops[0].setFocus()
        qtbot.waitUntil(stops[0].hasFocus)
        QTest.keyClick(stops[0], Qt.Key.Key_Left)
        focus = QApplication.focusWidget()
        assert focus is bar.steps[1]
        QTest.keyClick(focus, Qt.Key.Key_Return)
        correcting = dialog_of(screen)
        assert correcting.windowTitle() == "Correct a step"
        correcting.close()
        QTest.keyClick(focus, Qt.Key.Key_End)
        assert QApplication.focusWidget() is bar.steps[-1]
        assert steps_of(at) == [Step.SUBMITTED, Step.FEE_PAID]


def test_the_checklist_stands_open_while_a_draft_and_is_folded_afterwards(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path) as (screen, at):
        press(screen, "official-page")
        assert [each.startswith("https://") for each in at.trips.links] == [True]
        record_next(screen)
        assert not there(screen, "official-page")
        press(screen, "checklist")
        assert there(screen, "official-page")


def test_the_dossier_and_evidence_are_asked_for_by_id(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED) as (screen, at):
        at.record(make.attachment(of="k1", name="box.jpg", media_type="image/jpeg", size=2_000_000))
        screen.show_claim(ClaimId("k1"))
        assert "box.jpg" in words(screen)
        with qtbot.waitSignal(screen.dossier_asked) as asked:
            QTest.mouseClick(screen.dossier, Qt.MouseButton.LeftButton)
        assert asked.args == ["i1"]
        with qtbot.waitSignal(screen.evidence_asked) as wanted:
            press(screen, "add-evidence")
        assert wanted.args == ["k1"]


def test_a_claim_that_was_removed_says_so_and_leads_back(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED) as (screen, at):
        press(screen, "remove-claim")
        assert "This claim is no longer there" in words(screen)
        [back] = [each for each in screen.findChildren(QAbstractButton) if each.text() == "Show all claims"]
        back.click()
        assert at.trips.pages == ["claims"]


def test_changes_of_other_devices_do_not_redraw_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    with shown(qtbot, tmp_path, Step.SUBMITTED) as (screen, at):
        step = screen.next.bar.steps[0]
        at.desk.do(RegisterDevice(device=make.device("d9")))
        assert screen.next.bar.steps[0] is step
