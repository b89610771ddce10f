"""The tray on a real X screen in a real tray host: seen, clicked, chosen from, and back after the panel restarts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage

from homepoint.presentation.tray import TrayState
from homepoint.ui.tray_icon import fill_of
from tests.system.desktop import Desktop, end, need

PROGRAM = Path(__file__).with_name("tray_program.py")


class Shown:
    """The tray's program on a screen of its own."""

    def __init__(self, folder: Path, state: TrayState) -> None:
        self.folder = folder
        self.desktop = Desktop(folder)
        self.desktop.start_bus()
        self.desktop.start_screen()
        self.desktop.environment["QT_QPA_PLATFORM"] = "xcb"
        self.desktop.environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2] / "src")
        self.desktop.start("openbox")
        self.process = self.desktop.start(sys.executable, str(PROGRAM), state.value, str(folder), quiet=False)

    def host(self) -> "subprocess.Popen[str]":
        """Start a tray host at the foot of the screen."""
        return self.desktop.start("trayer", "--edge", "bottom", "--align", "right", "--width", "20", "--height", "32")

    def told(self, what: str) -> dict[str, Any]:
        """Wait until the program says something of a kind, and return that."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if said["what"] == what:
                return said
        raise AssertionError(f"it ended without saying {what}")

    def place(self) -> tuple[int, int, int, int]:
        """Wait until the icon lies in the panel, and return where."""
        while not ((said := self.told("tray"))["hosted"] and said["place"][1] > 500):
            continue
        assert said["visible"]
        left, top, width, height = said["place"]
        return left, top, width, height

    def click(self, place: tuple[int, int, int, int], button: str) -> None:
        """Click into the middle of a place."""
        left, top, width, height = place
        self.desktop.run("xdotool", "mousemove", str(left + width // 2), str(top + height // 2), "click", button)


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    need("Xvfb", "openbox", "trayer", "xdotool", "dbus-daemon")
    made = Shown(tmp_path, TrayState.TODAY)
    yield made
    made.desktop.close()


@pytest.mark.screen
def test_the_icon_is_in_the_panel_and_its_menu_leads_to_a_device(shown: Shown) -> None:
    assert not shown.told("tray")["hosted"]  # it is there before the panel, as at login
    panel = shown.host()
    place = shown.place()
    shown.click(place, "1")
    shown.told("open")
    picture = QImage(str(shown.folder / "open.png"))
    left, top, width, height = place
    fill = QColor(fill_of(TrayState.TODAY))
    seen = sum(picture.pixelColor(x, y) == fill for x in range(left, left + width) for y in range(top, top + height))
    assert seen > width * width * 0.2

    shown.click(place, "3")
    shown.told("menu")
    shown.desktop.run("xdotool", "key", "Down", "Down", "Return")
    assert shown.told("device")["id"] == "d2"

    end(panel)
    while shown.told("tray")["hosted"]:
        continue
    shown.host()
    shown.click(shown.place(), "3")
    shown.told("menu")
    shown.desktop.run("xdotool", "key", "q")  # Quit, by its mnemonic
    assert shown.process.wait(10) == 0
