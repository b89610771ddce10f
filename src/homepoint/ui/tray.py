"""The tray: an icon with a state, the next three deadlines, and the few acts one wants without the window."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from homepoint.presentation.tray import TrayView
from homepoint.ui.icons import IconName, icon
from homepoint.ui.tray_icon import tray_icon

_LONGEST_LINE: Final = 90
_WITHOUT_PANELS: Final = ("offscreen", "minimal", "vnc")  # Qt complains there of a signal it does not find
_OPENS_BY: Final = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)


class Tray(QObject):
    """Homepoint in the tray. It shows what it is given and tells what the owner asked for; it does nothing itself.

    Signals:
        device_chosen: the owner chose a deadline; the id of its device.
        open_asked: the owner wants the window.
        report_asked: the owner wants to report damage or loss.
        snooze_asked: the owner wants no reminder until tomorrow.
        quit_asked: the owner wants the program to end.
    """

    device_chosen = Signal(str)
    open_asked = Signal()
    report_asked = Signal()
    snooze_asked = Signal()
    quit_asked = Signal()

    def __init__(self, view: TrayView, parent: QObject | None = None) -> None:
        """Make it with what it shows first; it is not seen before `show`."""
        super().__init__(parent)
        self.icon = QSystemTrayIcon(self)
        self.icon.activated.connect(self._on_activated)
        self.menu = QMenu()  # a menu needs no parent window, and this object keeps it
        self.menu.setAccessibleName("Homepoint")
        self._rule = self.menu.addSeparator()
        self._add("&Open Homepoint", self.open_asked.emit, IconName.OVERVIEW)
        self._add("&Report damage or loss", self.report_asked.emit, IconName.ATTENTION)
        self.menu.addSeparator()
        self.snooze = self._add("", self.snooze_asked.emit, IconName.MOON)
        self.menu.addSeparator()
        self._add("&Quit Homepoint", self.quit_asked.emit)
        self.deadlines: list[QAction] = []
        self.show_view(view)
        self.icon.setContextMenu(self.menu)

    @property
    def is_hosted(self) -> bool:
        """True when this desktop has a place where the icon is seen."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Show the icon, at once or as soon as the desktop has a tray."""
        if QGuiApplication.platformName() not in _WITHOUT_PANELS:
            self.icon.show()

    def close(self) -> None:
        """Take the icon away."""
        self.icon.hide()

    def show_view(self, view: TrayView) -> None:
        """Show other deadlines."""
        self.icon.setIcon(tray_icon(view.state))
        self.icon.setToolTip(view.tip)
        for action in self.deadlines:
            self.menu.removeAction(action)
            action.deleteLater()
        self.deadlines = []
        for line in view.lines:
            action = QAction(tray_icon(line.state), _line_text(line.text), self.menu)
            action.triggered.connect(partial(self._choose, line.device))
            self.deadlines.append(action)
        if not view.lines:
            action = QAction(view.word, self.menu)
            action.setEnabled(False)
            self.deadlines.append(action)
        self.menu.insertActions(self._rule, self.deadlines)
        self.snooze.setText(view.snooze)
        self.snooze.setEnabled(view.can_snooze)

    def _choose(self, device: str) -> None:
        self.device_chosen.emit(device)

    def _add(self, text: str, then: Callable[[], object], icon_name: IconName | None = None) -> QAction:
        action = QAction(text, self.menu)
        if icon_name is not None:
            action.setIcon(icon(icon_name))
        action.triggered.connect(lambda: then())
        self.menu.addAction(action)
        return action

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in _OPENS_BY and sys.platform != "darwin":  # there, a click has opened the menu
            self.open_asked.emit()


def _line_text(text: str) -> str:
    """Return a line for a menu: not wider than a screen, and "&" as it is written."""
    shown = text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"
    return shown.replace("&", "&&")
