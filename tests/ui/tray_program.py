"""A program that has nothing but the tray: it says on its standard output what the tray tells, as JSON lines."""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from homepoint.domain.values import DeviceId
from homepoint.presentation.tray import TrayLine, TrayState, TrayView
from homepoint.ui.theme import theme
from homepoint.ui.tray import Tray


def say(what: str, **more: object) -> None:
    """Say one thing."""
    sys.stdout.write(json.dumps({"what": what, **more}) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Show the tray in the state of the first argument until Quit is chosen; Open saves a picture of the screen."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    theme()
    state = TrayState(sys.argv[1])
    lines = tuple(
        TrayLine(device=DeviceId(f"d{number}"), state=state, text=f"{state.value.title()} - Kestrel {number}: Buy")
        for number in (1, 2, 3)
    )
    tray = Tray(
        TrayView(state=state, word=state.value.title(), tip=f"Homepoint: {state.value.title()}", lines=lines,
                 snooze="Snooze all until tomorrow", can_snooze=True)
    )  # fmt: skip
    tray.device_chosen.connect(lambda device: say("device", id=device))
    tray.report_asked.connect(lambda: say("report"))
    tray.snooze_asked.connect(lambda: say("snooze"))
    tray.quit_asked.connect(app.quit)

    def take_picture(name: str) -> None:
        app.primaryScreen().grabWindow(0).save(str(Path(sys.argv[2], f"{name}.png")))
        say(name)

    tray.open_asked.connect(lambda: take_picture("open"))
    tray.menu.aboutToShow.connect(lambda: QTimer.singleShot(200, lambda: take_picture("menu")))
    said: list[object] = []

    def look() -> None:
        place = tray.icon.geometry().getRect()
        now = (tray.is_hosted, tray.icon.isVisible(), place)
        if said[-1:] != [now]:
            said.append(now)
            say("tray", hosted=now[0], visible=now[1], place=place)

    watching = QTimer()
    watching.timeout.connect(look)
    watching.start(20)
    tray.show()
    look()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
