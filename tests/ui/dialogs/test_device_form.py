"""The add-device form as an owner uses it: type a serial, read what it tells, press Enter."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDateEdit, QLineEdit, QTimeEdit, QWidget
from pytestqt.qtbot import QtBot

from homepoint.application.ports import DeviceQuery
from homepoint.domain.facts import Category, Channel, Condition, Device, DeviceStatus, Fact
from homepoint.domain.values import DeviceId, Region
from homepoint.presentation.forms import Activation
from homepoint.ui.dialogs.add_device import DeviceDialog
from tests import builders as make
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk


@contextmanager
def opened(qtbot: QtBot, folder: Path, *facts: Fact, edit: str = "") -> Iterator[tuple[DeviceDialog, At]]:
    """Open the form, empty or on a recorded device."""
    with at_a_desk(folder, *facts) as at:
        dialog = DeviceDialog(at.desk, at.library.device_facts(DeviceId(edit)) if edit else None)
        qtbot.addWidget(dialog)
        dialog.show()
        yield dialog, at


def devices(at: At) -> list[Device]:
    """Return all devices."""
    rows, _count = at.library.rows(DeviceQuery())
    return [row.device for row in rows]


def test_a_serial_with_an_o_names_the_fault_and_is_kept_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, at):
        QTest.keyClicks(dialog.serial.line, "1581F6Z9C24AU0O34SRD")
        assert dialog.serial.faults.text() == "O is never used in a serial: probably 0."
        assert dialog.model.currentText() == "DJI Mini 4 Pro"
        QTest.keyClick(dialog.serial.line, Qt.Key.Key_Return)
        assert [each.serial for each in devices(at)] == ["1581F6Z9C24AU0O34SRD"]


def test_sixteen_characters_say_that_four_are_missing(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        QTest.keyClicks(dialog.serial.line, "1581f6z9c24au003")
        assert "The last four characters are missing" in dialog.serial.faults.text()
        QTest.keyClicks(dialog.serial.line, "4srd")
        assert not dialog.serial.faults.text()


def test_the_serial_never_overwrites_a_model_the_owner_chose(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        dialog.model.setCurrentText("DJI Air 3")
        QTest.keyClicks(dialog.serial.line, "1581F6Z9C24AU0034SRD")
        assert dialog.model.currentText() == "DJI Air 3"


def test_enter_adds_the_device_and_tells_its_id(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, at):
        QTest.keyClicks(dialog.serial.line, "1581F6Z9C24AU0034SRD")
        QTest.keyClicks(dialog.nickname, "Kestrel")
        dialog.region.set_value(Region("DE"))
        dialog.channel.set_value(Channel.DJI_STORE)
        dialog.activation.set_value(Activation.AT)
        assert "Care Refresh can be bought until 6 May 2026, 12:00 (2 d 0 h 0 m left)." in dialog.preview.text()
        with qtbot.waitSignal(dialog.saved) as saved:
            QTest.keyClick(dialog.nickname, Qt.Key.Key_Return)
        device = devices(at)[0]
        assert saved.args == [device.id]
        assert (device.nickname, device.region, device.activated_at) == ("Kestrel", "DE", NOW)
        assert not dialog.isVisible()


def test_a_model_of_no_catalogue_asks_for_its_kind(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, at):
        assert dialog.category.isHidden()
        dialog.model.setCurrentText("Home-made")
        assert not dialog.category.isHidden()
        dialog.primary.click()
        assert "say what kind of device it is" in dialog.rows["category"].fault
        dialog.category.set_value(Category.AIRCRAFT)
        dialog.primary.click()
        assert devices(at)[0].category is Category.AIRCRAFT


def test_a_model_is_found_by_any_part_of_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        completer = dialog.model.completer()
        assert completer is not None
        completer.setCompletionPrefix("mini 4")
        assert completer.currentCompletion() == "DJI Mini 4 Pro"


def test_a_taken_serial_is_refused_beside_the_field(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, make.device(serial="1581F6Z9C24AU0034SRD", nickname="Kestrel")) as (dialog, at):
        QTest.keyClicks(dialog.serial.line, "1581f6z9c24au0034srd")
        dialog.primary.click()
        assert dialog.rows["serial"].fault.startswith("Kestrel has this serial already.")
        assert dialog.isVisible()
        assert len(devices(at)) == 1


def test_escape_closes_an_untouched_form_and_asks_before_losing_words(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
    with opened(qtbot, tmp_path) as (dialog, at):
        QTest.keyClicks(dialog.nickname, "K")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.stay.isVisible()
        dialog.stay.click()
        assert dialog.primary.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        dialog.discard.click()
        assert not dialog.isVisible()
        assert not devices(at)


def test_not_activated_yet_is_kept_as_new(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, at):
        dialog.model.setCurrentText("DJI Mini 4 Pro")
        dialog.region.set_value(Region("DE"))
        dialog.activation.set_value(Activation.NOT_YET)
        assert "the time to buy begins with the activation" in dialog.preview.text()
        dialog.primary.click()
        assert devices(at)[0].condition is Condition.NEW


def test_editing_shows_what_is_recorded_and_changes_only_what_was_touched(qtbot: QtBot, tmp_path: Path) -> None:
    whole = make.device(
        region="DE", serial="1581F6Z9C24AU0034SRD", activated_at=NOW - timedelta(seconds=17), extra={"x": 1}
    )
    with opened(qtbot, tmp_path, whole, edit="d1") as (dialog, at):
        assert dialog.form.activation is Activation.AT
        dialog.status.set_value(DeviceStatus.LOST)
        dialog.primary.click()
        device = at.library.get(Device, "d1")
        assert device is not None
        assert device.status is DeviceStatus.LOST
        assert (device.activated_at, dict(device.extra)) == (whole.activated_at, {"x": 1})


def test_a_date_in_the_future_is_refused_beside_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        dialog.model.setCurrentText("DJI Mini 4 Pro")
        dialog.purchased.set_value(NOW.date() + timedelta(days=2))
        dialog.primary.click()
        assert dialog.rows["purchased_on"].fault == "This day lies in the future. Check the date."


def test_every_field_has_a_spoken_name(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path, make.device(), edit="d1") as (dialog, _at):
        for kind in (QLineEdit, QComboBox, QDateEdit, QTimeEdit, QAbstractButton):
            for each in dialog.findChildren(kind):
                inner = each.objectName().startswith("qt_") or isinstance(each.parentWidget(), QDateEdit | QTimeEdit)
                if each.isVisibleTo(dialog) and not inner:
                    assert each.accessibleName() or getattr(each, "text", str)(), each


def test_the_tab_key_walks_from_the_serial_to_the_button(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(qtbot, tmp_path) as (dialog, _at):
        assert dialog.serial.line is dialog.focusWidget()
        order: list[QWidget | None] = [dialog.serial.line]
        while (following := order[-1]) is not None and following.nextInFocusChain() is not dialog.serial.line:
            order.append(following.nextInFocusChain())
        places = [order.index(each) for each in (dialog.nickname, dialog.cancel, dialog.primary)]
        assert places == sorted(places)
