"""Draws every page with sample data, in both sizes and schemes, into docs/screenshots/: `make screenshots`.

`python scripts/screenshots.py [--only NAME] [FOLDER]`. Clock, time zone, screen and sample data are the same at every
run, so a picture changes only when the program does.
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SIZES = ((1180, 760), (900, 600))
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"

# The offscreen platform's own screen is smaller than our windows; dialogs keep within it. Read before Qt is imported.
_SCREEN = Path(tempfile.mkdtemp()) / "screen.json"
_ONE = {"name": "one", "x": 0, "y": 0, "width": 1280, "height": 860, "logicalDpi": 96, "dpr": 1}
_SCREEN.write_text(json.dumps({"screens": [_ONE]}), encoding="utf-8")
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_SCREEN}"
os.environ["TZ"] = "Europe/Berlin"
os.environ["QT_LOGGING_RULES"] = "default.warning=false"  # it knows no limits of size, and says so at every window

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer  # noqa: E402  # the environment goes first
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap  # noqa: E402  # as above
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402  # as above

from homepoint.app.preferences import KeptPreferences  # noqa: E402  # as above
from homepoint.app.wiring import Program  # noqa: E402  # as above
from homepoint.application.sample_data import AddSampleData  # noqa: E402  # as above
from homepoint.domain.facts import BoundTo, Claim, Device  # noqa: E402  # as above
from homepoint.domain.values import DeviceId  # noqa: E402  # as above
from homepoint.system.settings import Settings  # noqa: E402  # as above
from homepoint.ui.dialogs.bind import BindDialog  # noqa: E402  # as above
from homepoint.ui.dialogs.plan import PlanDialog  # noqa: E402  # as above
from homepoint.ui.theme import SchemeChoice, theme  # noqa: E402  # as above
from homepoint.ui.window import MainWindow  # noqa: E402  # as above

_SETTLED_MS = 60


def in_few_colours(image: QImage) -> QImage:
    """Return a picture with a palette of its 256 most frequent colours: a third of the size, and no eye sees it."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(plain.constBits()).cast("I"))
    table = [colour for colour, _ in sorted(counted.most_common(256))]
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


def settle() -> None:
    """Let layouts, paints and short timers happen."""
    loop = QEventLoop()
    QTimer.singleShot(_SETTLED_MS, loop.quit)
    loop.exec()


@contextmanager
def opened(folder: Path, *, sample: bool) -> Iterator[Program]:
    """Yield the whole program, with sample data assessed or empty."""
    window = MainWindow(Settings(folder / "settings.json"))
    program = Program(window, Settings(folder / "settings.json"), folder, lambda: NOW)
    program.preferences = KeptPreferences(Settings(folder / "settings.json"), Path("~/.local/share/homepoint"))
    if sample:
        program.workspace.do(AddSampleData())
    while program.workspace.refresh_some(NOW):
        pass
    program.open()
    window.show()
    try:
        yield program
    finally:
        window.close()
        program.close()


class Camera:
    """Takes one picture after another of a window in its present size and scheme."""

    def __init__(self, program: Program, folder: Path, suffix: str, only: str) -> None:
        self._window, self._folder, self._suffix, self._only = program.window, folder, suffix, only

    def take(self, name: str) -> None:
        """Save the window, with the dialog over it if one is open."""
        if self._only not in name:
            return
        settle()
        picture = self._window.grab()
        for dialog in (each for each in self._window.findChildren(QDialog) if each.isVisible()):
            self._lay_over(picture, dialog)
        image = in_few_colours(picture.toImage())
        self._folder.mkdir(parents=True, exist_ok=True)
        image.save(str(self._folder / f"{name}-{self._suffix}.png"), quality=0)

    def _lay_over(self, picture: QPixmap, dialog: QWidget) -> None:
        over = dialog.grab()
        at = QPoint((picture.width() - over.width()) // 2, max(8, (picture.height() - over.height()) // 2))
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 70))
        painter.drawPixmap(at, over)
        painter.setPen(QColor(theme().colours.field_line))
        painter.drawRect(at.x() - 1, at.y() - 1, over.width() + 1, over.height() + 1)
        painter.end()


def take_first_start(program: Program, camera: Camera) -> None:
    """Take what an owner sees first."""
    program.window.show_page("overview")
    camera.take("first-start")
    program.add_device()
    with_dialog(program, camera, "add-device", _type_serial)


def _type_serial(dialog: QDialog) -> None:
    serial = getattr(dialog, "serial", None)
    if serial is not None:
        serial.line.setText("1581F6Z9C24AU0034SRD")


def take_pages(program: Program, camera: Camera) -> None:
    """Take every page with sample data."""
    window = program.window
    for page in ("overview", "devices", "claims", "deadlines", "settings"):
        window.show_page(page)
        settle()
        camera.take(page)
    device = best_covered(program)
    program.pages.open_device(device)
    settle()
    area = program.pages.device.page.area
    bar = area.verticalScrollBar()
    camera.take("device-1")
    for part in (2, 3, 4):
        bar.setValue((part - 1) * (area.viewport().height() - 40))
        camera.take(f"device-{part}")
    bar.setValue(0)
    settle()
    claims = program.library.all(Claim)
    if claims:
        program.pages.open_claim(claims[0].id)
        camera.take("claim")
    program.pages.report(device)
    camera.take("report")
    program.pages.open_device(device)


def take_dialogs(program: Program, camera: Camera) -> None:
    """Take the forms, About and the jump box."""
    device = best_covered(program)
    facts = program.library.device_facts(device)
    assert facts is not None
    forms: list[tuple[str, Callable[[], QDialog]]] = [
        ("bind", lambda: BindDialog(program.desk, device, BoundTo.CONTROLLER, program.window)),
        ("plan", lambda: PlanDialog(program.desk, facts, parent=program.window)),
    ]
    for name, make in forms:
        make().open()
        with_dialog(program, camera, name)
    program.show_about()
    with_dialog(program, camera, "about")
    program.window.show_page("overview")
    program.window.open_jump_box()
    camera.take("jump")


def with_dialog(
    program: Program, camera: Camera, name: str, then: Callable[[QDialog], None] = lambda _dialog: None
) -> None:
    """Take the window with the dialog that is open, then take the dialog away."""
    settle()
    for dialog in program.window.findChildren(QDialog):
        if dialog.isVisible():
            then(dialog)
            camera.take(name)
            dialog.setParent(None)
            dialog.deleteLater()


def best_covered(program: Program) -> DeviceId:
    """Return the sample device that has the most to show: most plans, bindings and history."""
    found = [program.library.device_facts(each.id) for each in program.library.all(Device)]
    return max((len(facts.plans) + len(facts.bindings), facts.device.id) for facts in found if facts is not None)[1]


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=TARGET, help="where the pictures go")
    parser.add_argument("--only", default="", metavar="NAME", help="only pictures with this in their name")
    chosen = parser.parse_args()
    application = QApplication([])
    application.setApplicationName("Homepoint")
    application.setCursorFlashTime(0)  # a cursor that blinks is there on some pictures and not on others
    for scheme in (SchemeChoice.LIGHT, SchemeChoice.DARK):
        theme().choose_scheme(scheme)
        for width, height in SIZES:
            for sample in (False, True):
                with tempfile.TemporaryDirectory() as folder, opened(Path(folder), sample=sample) as program:
                    program.window.resize(width, height)
                    camera = Camera(program, chosen.folder, f"{width}x{height}-{scheme}", chosen.only)
                    for take in (take_pages, take_dialogs) if sample else (take_first_start,):
                        take(program, camera)
    print(f"{len(list(chosen.folder.glob('*.png')))} pictures in {chosen.folder}")


if __name__ == "__main__":
    main()
