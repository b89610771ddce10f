"""How long until Homepoint's window is painted, and its data, against an empty PySide6 window in the same run?

`python benchmarks/startup.py [--screen] [--runs N]`: offscreen, or on a private Xvfb. Ends with 1 over the limit.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fleet import make_library

DEVICES = 1_000
LIMIT = 1.7
DATA_LIMIT = 2.5
"""First paint and data on screen, against the first paint of the empty window."""

EMPTY = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print((time.time_ns() - int(sys.argv[1])) / 1e6, flush=True)
            app.quit()
        return False
app = QApplication([])
window, watch = QMainWindow(), Watch()
window.resize(1200, 780)
window.installEventFilter(watch)
window.show()
app.exec()
"""

HOMEPOINT = """
import sys, time
begun, data = int(sys.argv.pop(1)), sys.argv[2]
from homepoint.__main__ import main
from homepoint.app import _import_qt_without_its_hook
_import_qt_without_its_hook()
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
plain = QApplication.exec
class Watch(QObject):
    def __init__(self, window):
        super().__init__()
        self.window = window
        window.installEventFilter(self)
        window.stack.currentChanged.connect(lambda _: window.stack.currentWidget().installEventFilter(self))
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print((time.time_ns() - begun) / 1e6, flush=True)
            watched.removeEventFilter(self)
            if watched is not self.window:
                QApplication.quit()
        return False
def run(*_):
    app = QApplication.instance()
    app.watch = Watch(app.property("homepoint").window)
    return plain()
QApplication.exec = run
main()
"""


def make_data(folder: Path) -> None:
    """Make a library whose standings are true now, as they are at most starts."""
    from homepoint.application.workspace import Workspace
    from homepoint.catalogue import load_terms

    library = make_library(folder, DEVICES)
    now = datetime.now(UTC)
    workspace = Workspace(library, load_terms(), lambda: now)
    while workspace.refresh_some(now, 200):
        pass
    library.close()


def times(code: str, *arguments: str) -> list[float]:
    """Run a program and return the milliseconds from its start that it prints."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    begun = str(time.time_ns())
    done = subprocess.run(
        [sys.executable, "-c", code, begun, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return [float(line) for line in done.stdout.split()]


@contextmanager
def platform(*, is_screen: bool) -> Iterator[None]:
    """Draw offscreen, or on an Xvfb of our own."""
    if not is_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            os.environ["DISPLAY"] = f":{answer.readline().strip()}"
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        yield
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screen", action="store_true", help="draw on a private Xvfb instead of offscreen")
    parser.add_argument("--runs", type=int, default=9, help="how many starts of each (default 9)")
    chosen = parser.parse_args()
    empty, painted, filled = [], [], []
    with tempfile.TemporaryDirectory() as folder, platform(is_screen=chosen.screen):
        make_data(Path(folder))
        for number in range(chosen.runs + 1):
            [blank] = times(EMPTY)
            [paint, data] = times(HOMEPOINT, "--data", folder)
            if number:  # the first one warms the page cache and writes bytecode
                empty.append(blank)
                painted.append(paint)
                filled.append(data)
    base, first, shown = (statistics.median(each) for each in (empty, painted, filled))
    print(f"{chosen.runs} starts each, {DEVICES:,} devices, {'Xvfb' if chosen.screen else 'offscreen'}; medians in ms")
    print(f"{'empty window, first paint':<28}{base:>7.0f}")
    print(f"{'Homepoint, first paint':<28}{first:>7.0f}{first / base:>7.2f}x  limit {LIMIT}x")
    print(f"{'Homepoint, data on screen':<28}{shown:>7.0f}{shown / base:>7.2f}x  aim {DATA_LIMIT}x")
    return 0 if first <= LIMIT * base else 1


if __name__ == "__main__":
    sys.exit(main())
