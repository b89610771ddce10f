"""The window's shell: navigation, the jump box and the acts every page shares."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from homepoint.ui.icons import IconName
from homepoint.ui.jump_box import JumpBox, JumpResult
from homepoint.ui.theme import theme
from homepoint.ui.widgets.toast import Toast
from homepoint.ui.window import MainWindow


class Memory:
    """A window memory in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes | str] = {}

    def read_bytes(self, key: str) -> bytes | None:
        value = self.kept.get(key)
        return value if isinstance(value, bytes) else None

    def write_bytes(self, key: str, value: bytes) -> None:
        self.kept[key] = value

    def read_text(self, key: str) -> str | None:
        value = self.kept.get(key)
        return value if isinstance(value, str) else None

    def write_text(self, key: str, value: str) -> None:
        self.kept[key] = value


def window_of_three(qtbot: QtBot, memory: Memory) -> MainWindow:
    window = MainWindow(memory)
    qtbot.addWidget(window)
    window.add_page("overview", "Overview", IconName.OVERVIEW, lambda: QLabel("overview"))
    window.add_page("devices", "Devices", IconName.DEVICES, lambda: QLabel("devices"))
    window.add_page("device", "Device", None, lambda: QLabel("device"), under="devices")
    window.add_page("claims", "Claims", IconName.CLAIMS, lambda: QLabel("claims"))
    window.open_on("overview")
    window.resize(1200, 780)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    theme().set_text_scale(1.0)
    return window_of_three(qtbot, Memory())


def test_the_sidebar_folds_at_999_pixels_and_keeps_the_page(window: MainWindow) -> None:
    window.show_page("claims")
    folded = {}
    for width in (1000, 999):
        window.resize(width, 700)
        folded[width] = window.sidebar.is_folded
    assert folded == {1000: False, 999: True}
    assert (window.current_page, window.sidebar.current) == ("claims", "claims")


def test_pages_are_made_when_first_shown_and_only_once(qtbot: QtBot) -> None:
    made: list[str] = []

    def make() -> QWidget:
        made.append("page")
        return QWidget()

    window = MainWindow(Memory())
    qtbot.addWidget(window)
    window.add_page("devices", "Devices", IconName.DEVICES, make)
    assert made == []
    window.show_page("devices")
    window.show_page("devices")
    assert made == ["page"]


def test_control_and_a_number_open_a_page(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "claims"


def test_a_page_below_another_marks_that_one_in_the_sidebar(window: MainWindow) -> None:
    window.show_page("device")
    assert window.sidebar.current == "devices"


def test_the_window_comes_back_to_its_last_page(qtbot: QtBot) -> None:
    memory = Memory()
    first = window_of_three(qtbot, memory)
    first.show_page("device")
    first.close()
    assert window_of_three(qtbot, memory).current_page == "devices"


def test_a_remembered_page_that_is_no_more_does_no_harm(qtbot: QtBot) -> None:
    memory = Memory()
    memory.write_text("window/page", "gone")
    memory.write_bytes("window/geometry", b"nonsense")
    assert window_of_three(qtbot, memory).current_page == "overview"


def found(text: str) -> Sequence[JumpResult]:
    everything = [
        JumpResult(key="device:1", title="Coast", detail="serial 4F7K"),
        JumpResult(key="device:2", title="Cave", detail="serial 9QQQ"),
        JumpResult(key="command:export", title="Export"),
    ]
    return [result for result in everything if text.lower() in result.title.lower()]


def opened_box(window: MainWindow, qtbot: QtBot) -> JumpBox:
    window.set_jump_provider(found)
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = window.findChild(JumpBox)
    assert isinstance(box, JumpBox)
    assert box.isVisible()
    return box


def test_control_k_opens_the_jump_box_and_arrows_and_enter_choose(window: MainWindow, qtbot: QtBot) -> None:
    box = opened_box(window, qtbot)
    QTest.keyClicks(box.field, "ca")
    QTest.keyClick(box.field, Qt.Key.Key_Backspace)
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.jump_chosen) as chosen:
        QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert chosen.args is not None
    assert chosen.args[0].key == "device:2"
    assert not box.isVisible()


def test_escape_leaves_the_jump_box_and_gives_the_focus_back(window: MainWindow, qtbot: QtBot) -> None:
    window.sidebar.more.setFocus()
    box = opened_box(window, qtbot)
    assert box.field.hasFocus()
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()
    assert window.sidebar.more.hasFocus()


def test_a_click_beside_the_jump_box_leaves_it(window: MainWindow, qtbot: QtBot) -> None:
    box = opened_box(window, qtbot)
    QTest.mouseClick(window.page("overview"), Qt.MouseButton.LeftButton)
    assert not box.isVisible()


def test_the_jump_box_says_when_nothing_was_found(window: MainWindow, qtbot: QtBot) -> None:
    box = opened_box(window, qtbot)
    QTest.keyClicks(box.field, "zzz")
    assert box.empty.isVisible()
    assert box.list.accessibleDescription() == "0 results"
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert box.isVisible()


def test_undo_and_redo_are_dead_until_there_is_something(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.undo_asked):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.set_undo("add device", None)
    assert window.undo_action.text() == "Undo add device"
    with qtbot.waitSignal(window.undo_asked):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_toast_offers_undo_and_goes(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[bool] = []
    window.tell("Device added", "Undo", lambda: undone.append(True))
    toast = window.findChild(Toast)
    assert isinstance(toast, Toast)
    assert toast.isVisible()
    QTest.mouseClick(toast.button, Qt.MouseButton.LeftButton)
    assert undone == [True]
    assert not toast.isVisible()


def test_a_toast_goes_by_itself(window: MainWindow, qtbot: QtBot) -> None:
    toast = Toast(window)
    toast.tell("Copied", None, shown_ms=10)
    assert not toast.button.isVisible()
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_the_first_paint_reads_no_jump_box_and_no_svg() -> None:
    program = (
        "import sys; import homepoint.ui.window; "
        "late = 'PySide6.QtSvg', 'homepoint.ui.jump_box', 'homepoint.ui.widgets.toast'; "
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert QApplication.instance() is not None
