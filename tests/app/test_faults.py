"""An error nobody foresaw is logged without anything of the owner's, and shown once with a report."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from homepoint.app.faults import UnforeseenFaults
from homepoint.application.problems import HomepointError
from homepoint.system.logs import LOG_NAME

pytestmark = pytest.mark.logs_expected


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What message boxes say; nobody has to close them."""
    said: list[str] = []

    def note(box: QMessageBox) -> None:
        said.append(f"{box.text()}\n{box.informativeText()}\n{box.detailedText()}")

    monkeypatch.setattr(QMessageBox, "exec", note)
    return said


@pytest.fixture
def faults(qtbot: QtBot, tmp_path: Path) -> Iterator[UnforeseenFaults]:
    window = QWidget()
    qtbot.addWidget(window)
    made = UnforeseenFaults(window, tmp_path)
    yield made
    made.close()


def _raise(error: BaseException) -> None:
    try:
        raise error
    except BaseException as caught:
        sys.excepthook(type(caught), caught, caught.__traceback__)


@pytest.mark.usefixtures("faults")
def test_a_bug_is_shown_with_a_report_and_logged_with_its_place(qtbot: QtBot, tmp_path: Path, shown: list[str]) -> None:
    _raise(ValueError("serial 1581F6Z9C24AU0034SRD"))
    qtbot.waitUntil(lambda: bool(shown))
    assert "Homepoint made a mistake. What you had recorded is safe." in shown[0]
    assert "ValueError: serial …4SRD" in shown[0], "the owner sees all of it before sending it, and it is masked"
    log = (tmp_path / LOG_NAME).read_text("utf-8")
    assert "ValueError at test_faults.py:" in log
    assert "1581" not in log


@pytest.mark.usefixtures("faults")
def test_an_error_that_comes_again_and_again_is_shown_once(qtbot: QtBot, tmp_path: Path, shown: list[str]) -> None:
    for _ in range(5):
        _raise(ValueError())
    qtbot.waitUntil(lambda: bool(shown))
    assert len(shown) == 1
    assert len((tmp_path / LOG_NAME).read_text("utf-8").splitlines()) == 5
    _raise(KeyError())
    qtbot.waitUntil(lambda: len(shown) == 2)


@pytest.mark.usefixtures("faults")
def test_the_world_in_the_way_is_told_with_its_advice(qtbot: QtBot, shown: list[str]) -> None:
    _raise(HomepointError("The drive is full.", "Free some room."))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[0].startswith("The drive is full.\nFree some room.")


def test_ctrl_c_in_the_terminal_and_a_closed_window_go_the_usual_way(
    qtbot: QtBot, tmp_path: Path, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: usual.append(kind))
    window = QWidget()
    qtbot.addWidget(window)
    faults = UnforeseenFaults(window, tmp_path)
    _raise(KeyboardInterrupt())
    faults.close()
    _raise(ValueError())
    assert usual == [KeyboardInterrupt, ValueError]
    assert not shown
