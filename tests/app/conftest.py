"""The whole program in this process, on its own folder and a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from homepoint.app.wiring import Program
from homepoint.system.settings import Settings
from homepoint.ui.widgets.toast import Toast
from homepoint.ui.window import MainWindow
from tests.doubles import SetClock


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An open program, its window and its clock."""

    program: Program
    window: MainWindow
    clock: SetClock

    @property
    def told(self) -> str:
        """What stands at the foot of the window, "" for nothing."""
        found = self.window.findChild(Toast)
        return found.label.text() if isinstance(found, Toast) and found.isVisible() else ""


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """Open the program on an empty folder."""
    settings = Settings(tmp_path / "settings.json")
    window, clock = MainWindow(settings), SetClock()
    qtbot.addWidget(window)
    program = Program(window, settings, tmp_path, clock)
    program.open()
    window.show()
    yield Opened(program=program, window=window, clock=clock)
    program.close()
