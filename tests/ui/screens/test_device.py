"""The device page as an owner uses it: bind both, look at another day, ask why, answer questions, undo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from homepoint.application.devices import RegisterDevice, RemoveDevice
from homepoint.domain.facts import Account, Binding, BoundTo, Controller, Device, Fact, Plan, PurchaseNotice
from homepoint.domain.values import DeviceId
from homepoint.presentation.wording import Section
from homepoint.ui.dialogs.account import AccountDialog
from homepoint.ui.dialogs.add_device import DeviceDialog
from homepoint.ui.dialogs.bind import BindDialog, UnbindDialog
from homepoint.ui.dialogs.notice import NoticeDialog
from homepoint.ui.dialogs.plan import Bought, PlanDialog
from homepoint.ui.screens.device import DeviceScreen
from homepoint.ui.screens.device_answers import Why
from tests import builders as make
from tests.builders import BERLIN, NOW
from tests.ui.screens.desks import At, at_a_desk

BOUND = datetime(2026, 1, 11, 9, 10, tzinfo=BERLIN)
CODE = "ABCD-1234-5678"
COVERED: tuple[Fact, ...] = (
    make.device(region="DE", nickname="Kestrel", serial="1581F6Z9C24AU0034SRD", activated_at=BOUND),
    make.plan(bound_at=BOUND, region="DE", activation_code_hint="5678"),
    make.account(),
    make.controller(),
)


@contextmanager
def opened(qtbot: QtBot, folder: Path, *facts: Fact) -> Iterator[tuple[DeviceScreen, At]]:
    """Show the page of d1 and keep it up to date as the window does."""
    with at_a_desk(folder, *facts) as at:
        screen = DeviceScreen(at.desk)
        qtbot.addWidget(screen)
        at.desk.workspace.subscribe(screen.mark_changed)
        screen.resize(960, 760)
        screen.show_device(DeviceId("d1"))
        screen.show()
        yield screen, at


def settle() -> None:
    """Let new widgets appear: layouts show them by posted events."""
    QApplication.sendPostedEvents()


def press(screen: QWidget, name: str) -> None:
    """Press the button of an object name, as it is now."""
    settle()
    found = [each for each in screen.findChildren(QAbstractButton, name) if each.isVisibleTo(screen)]
    assert found, f"no button {name}"
    found[0].click()


def said(widget: QWidget) -> str:
    """Return all words a widget shows."""
    settle()
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def test_binding_both_turns_readiness_to_ready(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        assert "Not ready" in said(screen.readiness)
        assert "Device Management" in said(screen.readiness)
        for button in ("gap-bind-account", "gap-bind-controller"):
            press(screen.readiness, button)
            dialog = screen.dialog
            assert isinstance(dialog, BindDialog)
            dialog.primary.click()
        assert {each.to for each in at.library.about(Binding, DeviceId("d1"))} == {BoundTo.ACCOUNT, BoundTo.CONTROLLER}
        assert "Not ready" not in said(screen.readiness)
        assert "Ready" in said(screen.readiness)


def test_a_new_account_is_added_in_the_binding_form(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, make.device(region="DE")) as (screen, at):
        press(screen.bindings, "bind-account")
        dialog = screen.dialog
        assert isinstance(dialog, BindDialog)
        dialog.primary.click()
        assert dialog.rows["label"].fault == "Give the account a name you know it by."
        QTest.keyClicks(dialog.label, "Ada")
        QTest.keyClick(dialog.label, Qt.Key.Key_Return)
        assert [each.label for each in at.library.all(Account)] == ["Ada"]
        assert "Ada" in said(screen.bindings)


def test_a_second_account_at_the_same_time_is_refused_beside_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    facts = (*COVERED, make.account("a2", label="Bo"), make.binding(bound_at=BOUND))
    with opened(qtbot, tmp_path, *facts) as (screen, at):
        press(screen.bindings, "bind-account")
        dialog = screen.dialog
        assert isinstance(dialog, BindDialog)
        dialog.target.set_value("a2")
        dialog.primary.click()
        assert "one account only" in dialog.rows["target"].fault
        assert dialog.isVisible()
        assert len(at.library.about(Binding, DeviceId("d1"))) == 1


def test_checking_and_unbinding_are_recorded_and_the_past_stays_readable(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED, make.binding(bound_at=BOUND)) as (screen, at):
        press(screen.bindings, "check-b1")
        assert "Last checked 4 May 2026, 12:00" in said(screen.bindings)
        press(screen.bindings, "unbind-b1")
        dialog = screen.dialog
        assert isinstance(dialog, UnbindDialog)
        dialog.primary.click()
        binding = at.library.get(Binding, "b1")
        assert binding is not None
        assert binding.unbound_at == NOW
        assert "Earlier binding (1)" in [each.text() for each in screen.bindings.findChildren(QPushButton)]


def test_the_name_of_a_bound_account_can_be_corrected(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED, make.binding(bound_at=BOUND)) as (screen, at):
        press(screen.bindings, "edit-b1")
        dialog = screen.dialog
        assert isinstance(dialog, AccountDialog)
        dialog.label.setText("Ada Lovelace")
        dialog.primary.click()
        account = at.library.get(Account, "a1")
        assert account is not None
        assert account.label == "Ada Lovelace"
        assert "Ada Lovelace" in said(screen.bindings)


def test_another_day_changes_the_answers_and_now_brings_them_back(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        picker = screen.header.as_of
        assert not picker.now_button.isEnabled()
        today = said(screen.answers)
        picker.day.setDate(picker.day.date().addYears(3))
        assert "What you can ask for on 4 May 2029" in said(screen.answers)
        assert "ended on 10 January 2027" in said(screen.answers)
        assert "You are looking at 4 May 2029, 12:00." in said(screen)
        picker.now_button.click()
        assert said(screen.answers) == today
        assert "You are looking at" not in said(screen)


def test_before_the_plan_was_bought_there_is_none(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        screen.show_as_of(BOUND - timedelta(days=1))
        assert "No care plan." in said(screen.header)


def test_why_opens_to_clauses_and_stays_open_through_a_change(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        why = screen.answers.findChildren(Why)[0]
        QTest.keyClick(why.button, Qt.Key.Key_Return)
        assert "confidence" in said(why)
        screen.show_as_of(NOW + timedelta(days=1))
        assert any(each.is_open and "confidence" in said(each) for each in screen.answers.findChildren(Why))


def test_the_arrow_keys_walk_the_timeline_and_tell_exact_days(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        chart = screen.timeline.chart
        chart.setFocus()
        assert screen.timeline.words.text() == "Now: 4 May 2026, 12:00."
        QTest.keyClick(chart, Qt.Key.Key_Right)
        assert screen.timeline.words.text() == (
            "Care Refresh 1-Year: from 11 Jan 2026 to 10 Jan 2027, that day included."
        )
        QTest.keyClick(chart, Qt.Key.Key_Down)
        assert screen.timeline.words.text() == "Renewal: until 25 Jan 2027, that day included."
        QTest.keyClick(chart, Qt.Key.Key_Left)
        assert screen.timeline.words.text().startswith("Care Refresh 1-Year")
        QTest.keyClick(chart, Qt.Key.Key_Escape)
        assert screen.timeline.words.text() == "Now: 4 May 2026, 12:00."
        spoken = QAccessible.queryAccessibleInterface(chart)
        assert "Care Refresh 1-Year: from 11 Jan 2026" in spoken.text(QAccessible.Text.Description)


def test_the_mouse_over_a_span_tells_its_days(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        chart = screen.timeline.chart
        middle = chart.height() // 2
        seen = set()
        for top in range(0, chart.height(), 8):
            QTest.mouseMove(chart, QPoint(chart.width() // 2, top))
            seen.add(screen.timeline.words.text())
        assert middle
        assert any(each.startswith("Care Refresh 1-Year") for each in seen)


def test_a_plan_is_recorded_with_a_live_preview(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, make.device(region="DE", activated_at=NOW)) as (screen, at):
        screen.primary.click()
        dialog = screen.dialog
        assert isinstance(dialog, PlanDialog)
        assert dialog.preview.text() == "Covers 4 May 2026 to 3 May 2027: 2 replacements, of these 1 flyaway."
        dialog.product.setCurrentIndex(1)
        assert dialog.preview.text().startswith("Covers 4 May 2026 to 3 May 2028: 4 replacements")
        dialog.bought.set_value(Bought.CODE)
        assert not dialog.code.isHidden()
        QTest.keyClicks(dialog.code.line, CODE)
        dialog.primary.click()
        assert not dialog.primary.isEnabled(), "a keyring may take its time"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        qtbot.waitUntil(lambda: screen.dialog is None)
        plan = at.library.about(Plan, DeviceId("d1"))[0]
        assert (plan.activation_code_hint, plan.bound_at) == ("5678", NOW)
        assert list(at.secrets.kept.values()) == [CODE]
        assert "Care Refresh 2-Year until 3 May 2028" in said(screen.header)


def edited(screen: DeviceScreen) -> PlanDialog:
    """Open the form of the recorded plan."""
    press(screen.plans, "edit-plan-p1")
    assert isinstance(screen.dialog, PlanDialog)
    return screen.dialog


def recorded_with_code(screen: DeviceScreen, qtbot: QtBot) -> None:
    """Enter the code of the recorded plan as an owner does."""
    dialog = edited(screen)
    dialog.code.line.setText(CODE)
    dialog.primary.click()
    qtbot.waitUntil(lambda: screen.dialog is None)


def test_of_an_activation_code_the_end_is_seen_and_the_rest_on_request(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        recorded_with_code(screen, qtbot)
        assert "…5678" in said(screen.plans)
        assert CODE not in said(screen.plans)
        shown(screen, "Show").click()
        qtbot.waitUntil(lambda: CODE in said(screen.plans))
        shown(screen, "Hide").click()
        assert CODE not in said(screen.plans)


def shown(screen: DeviceScreen, words: str) -> QPushButton:
    """Return the button of a plan's code."""
    return next(each for each in screen.plans.findChildren(QPushButton) if each.text() == words)


@pytest.mark.parametrize("kept", [None, "ANOTHER-CODE-9999"])
def test_a_code_that_is_not_on_this_computer_is_said_to_be_on_another(
    qtbot: QtBot, tmp_path: Path, kept: str | None
) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        if kept:
            at.secrets.kept[f"plan/{at.library.own_id}/p1/activation-code"] = kept
        shown(screen, "Show").click()
        qtbot.waitUntil(lambda: "kept on the one it was entered on" in said(screen.plans))
        press(screen.plans, "edit-plan-p1")
        dialog = screen.dialog
        assert isinstance(dialog, PlanDialog)
        dialog.code.show_button.click()
        qtbot.waitUntil(lambda: "kept on the one it was entered on" in dialog.rows["activation_code"].hint)
        assert dialog.code.line.text() == "…5678"


def test_a_locked_keyring_is_told_where_the_code_would_stand(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        at.secrets.is_locked = True
        shown(screen, "Show").click()
        qtbot.waitUntil(lambda: "The keyring is locked. Unlock it, then try again." in said(screen.plans))
        assert shown(screen, "Show").isEnabled()


def test_a_code_that_cannot_be_kept_leaves_the_plan_recorded_without_it_and_the_owner_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(f"{box.text()} {box.informativeText()}"))
    with opened(qtbot, tmp_path, make.device(region="DE", activated_at=NOW)) as (screen, at):
        at.secrets.is_locked = True
        screen.primary.click()
        dialog = screen.dialog
        assert isinstance(dialog, PlanDialog)
        dialog.bought.set_value(Bought.CODE)
        QTest.keyClicks(dialog.code.line, CODE)
        dialog.primary.click()
        qtbot.waitUntil(lambda: bool(told))
        [plan] = at.library.about(Plan, DeviceId("d1"))
        assert plan.activation_code_hint is None
        assert told == [
            "The plan is recorded, but without its activation code. The keyring is locked. "
            "Unlock it, then try again. Then edit the plan and enter the code again."
        ]


def test_a_code_that_is_taken_away_is_forgotten_and_one_that_is_left_alone_stays(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        recorded_with_code(screen, qtbot)
        dialog = edited(screen)
        dialog.code.show_button.click()
        qtbot.waitUntil(lambda: dialog.code.line.text() == CODE)
        dialog.replacements.set_value(3)
        dialog.primary.click()
        assert screen.dialog is None, "nothing is to be kept, so nothing is waited for"
        assert list(at.secrets.kept.values()) == [CODE]
        dialog = edited(screen)
        dialog.code.line.clear()
        dialog.primary.click()
        [plan] = at.library.about(Plan, DeviceId("d1"))
        assert plan.activation_code_hint is None
        qtbot.waitUntil(lambda: not at.secrets.kept)
        assert "Activation code" not in said(screen.plans)


def test_a_hidden_code_with_something_typed_to_it_is_no_code(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        dialog = edited(screen)
        QTest.keyClicks(dialog.code.line, "9")
        dialog.primary.click()
        assert dialog.rows["activation_code"].fault == "Enter the whole code, or leave the field as it was."
        assert not at.secrets.kept


def test_what_makes_no_sense_is_said_before_a_code_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        dialog = edited(screen)
        dialog.code.line.setText(CODE)
        at.desk.workspace.do(RemoveDevice(device=DeviceId("d1")))
        dialog.primary.click()
        assert dialog.isVisible()
        assert not at.secrets.kept


def test_a_plan_can_be_corrected_and_removed(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        press(screen.plans, "edit-plan-p1")
        dialog = screen.dialog
        assert isinstance(dialog, PlanDialog)
        dialog.replacements.set_value(3)
        dialog.primary.click()
        assert "3 of 3 replacements left" in said(screen.header)
        press(screen.plans, "remove-plan-p1")
        assert not at.library.about(Plan, DeviceId("d1"))
        assert "No plan is recorded." in said(screen.plans)


def test_a_passed_check_reopens_the_purchase(qtbot: QtBot, tmp_path: Path) -> None:
    late = make.device(region="DE", activated_at=NOW - timedelta(days=30))
    with opened(qtbot, tmp_path, late) as (screen, at):
        assert "After a check" in said(screen.answers)
        press(screen.plans, "add-notice")
        dialog = screen.dialog
        assert isinstance(dialog, NoticeDialog)
        dialog.answer.setCurrentIndex(1)
        dialog.primary.click()
        assert at.library.about(PurchaseNotice, DeviceId("d1"))
        assert "Care Refresh can be bought until" in said(screen.answers)


def test_a_missing_fact_is_a_question_that_opens_the_form_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, make.device(region="DE")) as (screen, _at):
        assert "When was it activated?" in said(screen.questions)
        press(screen.questions, "answer-activated_at")
        dialog = screen.dialog
        assert isinstance(dialog, DeviceDialog)
        dialog.activation.setCurrentIndex(2)
        dialog.primary.click()
        assert "When was it activated?" not in said(screen.questions)


def test_the_newest_edit_offers_undo(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED, make.binding(bound_at=BOUND)) as (screen, at):
        press(screen.bindings, "check-b1")
        assert "Binding checked" in said(screen.history)
        with qtbot.waitSignal(screen.undo_asked):
            press(screen.history, "undo-last")
        at.desk.workspace.undo()
        assert "Taken back: Binding checked" in said(screen.history)


def test_a_removed_device_says_so_and_undo_brings_it_back(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        press(screen.details, "remove-device")
        assert at.library.get(Device, "d1") is None
        assert "This device is no longer there" in said(screen)
        next(each for each in screen.findChildren(QPushButton) if each.text() == "Show all devices").click()
        assert at.trips.pages == ["devices"]
        at.desk.workspace.undo()
        assert "1581F6Z9C24AU0034SRD" in said(screen.header)


def test_the_serial_is_copied(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        press(screen.header, "copy-serial")
        assert QApplication.clipboard().text() == "1581F6Z9C24AU0034SRD"


def test_a_change_of_another_device_does_not_redraw_this_one(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, at):
        before = screen.bindings.findChildren(QPushButton)
        at.desk.workspace.do(RegisterDevice(device=make.device("d2")))
        at.desk.workspace.do(RemoveDevice(device=DeviceId("d2")))
        assert screen.bindings.findChildren(QPushButton) == before


@pytest.mark.parametrize("section", list(Section))
def test_the_page_opens_at_each_section(qtbot: QtBot, tmp_path: Path, section: Section) -> None:
    with opened(qtbot, tmp_path, *COVERED) as (screen, _at):
        screen.show_device(DeviceId("d1"), section)
        bar = screen.page.area.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.value() > 0)


def test_every_control_has_a_spoken_name(qtbot: QtBot, tmp_path: Path) -> None:
    controller = make.binding("b2", target="c1", to=BoundTo.CONTROLLER, bound_at=BOUND, unbound_at=NOW)
    with opened(qtbot, tmp_path, *COVERED, make.binding(bound_at=BOUND), controller) as (screen, at):
        assert at.library.all(Controller)
        kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)
        for kind in kinds:
            for each in screen.findChildren(kind):
                inner = isinstance(each.parentWidget(), QAbstractSpinBox | QComboBox)
                if not inner and each.isVisibleTo(screen):
                    spoken = QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
                    assert spoken, f"{kind.__name__} {each.objectName()} has no name"


def test_the_focus_stays_on_the_button_that_was_pressed(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, *COVERED, make.binding(bound_at=BOUND)) as (screen, _at):
        screen.activateWindow()
        qtbot.waitUntil(screen.isActiveWindow)
        button = screen.bindings.findChild(QPushButton, "check-b1")
        assert button is not None
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)

        def is_back() -> bool:
            focus = QApplication.focusWidget()
            return focus is not None and focus.objectName() == "check-b1"

        qtbot.waitUntil(is_back)
