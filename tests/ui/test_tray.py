"""The tray offscreen: what its menu holds and tells, and icons that are told apart without colour, on any panel."""

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from homepoint.application.notices import Notice, NoticeAction, NoticeAnswered, NoticeEvent
from homepoint.domain.values import DeviceId
from homepoint.presentation.tray import TrayLine, TrayState, TrayView
from homepoint.ui.qt_notices import QtNotices
from homepoint.ui.theme import theme
from homepoint.ui.theme_colours import contrast
from homepoint.ui.tray import Tray
from homepoint.ui.tray_icon import RING, fill_of, tray_icon


def _view(*lines: TrayLine, can_snooze: bool = True) -> TrayView:
    state = lines[0].state if lines else TrayState.CLEAR
    return TrayView(
        state=state, word="No deadline", tip="Homepoint: a word", lines=lines, snooze="Snooze", can_snooze=can_snooze
    )


def _line(device: str, text: str = "Today - Kestrel: Buy a care plan") -> TrayLine:
    return TrayLine(device=DeviceId(device), state=TrayState.TODAY, text=text)


@pytest.fixture
def tray(qapp: object) -> Tray:
    theme()
    return Tray(_view(_line("d1"), _line("d2", "Soon - R&D's: Renew"), _line("d3", "x" * 300)))


def _texts(tray: Tray) -> list[str]:
    return [each.text().replace("&", "") for each in tray.menu.actions() if not each.isSeparator()]


def test_the_menu_leads_to_each_deadlines_device(qtbot: QtBot, tray: Tray) -> None:
    for at, device in enumerate(("d1", "d2", "d3")):
        with qtbot.waitSignal(tray.device_chosen) as chosen:
            tray.menu.actions()[at].trigger()
        assert chosen.args == [device]
    assert tray.menu.actions()[1].text() == "Soon - R&&D's: Renew"
    assert len(tray.menu.actions()[2].text()) < 100


def test_each_act_of_the_menu_is_told(qtbot: QtBot, tray: Tray) -> None:
    acts = {
        "Open Homepoint": tray.open_asked,
        "Report damage or loss": tray.report_asked,
        "Snooze": tray.snooze_asked,
        "Quit Homepoint": tray.quit_asked,
    }
    assert _texts(tray)[3:] == list(acts)
    for action in tray.menu.actions():
        if signal := acts.get(action.text().replace("&", "")):
            with qtbot.waitSignal(signal):
                action.trigger()


def test_other_deadlines_take_the_place_of_the_first(tray: Tray) -> None:
    tray.show_view(_view(can_snooze=False))
    assert _texts(tray)[0] == "No deadline"
    assert not tray.menu.actions()[0].isEnabled()
    assert not tray.snooze.isEnabled()
    assert tray.icon.toolTip() == "Homepoint: a word"
    tray.show_view(_view(_line("d9")))
    assert len(tray.deadlines) == 1
    assert len(_texts(tray)) == 5


@pytest.mark.parametrize(
    ("reason", "opens"),
    [
        (QSystemTrayIcon.ActivationReason.Trigger, True),
        (QSystemTrayIcon.ActivationReason.DoubleClick, True),
        (QSystemTrayIcon.ActivationReason.Context, False),
        (QSystemTrayIcon.ActivationReason.MiddleClick, False),
    ],
)
def test_a_click_on_the_icon_opens_the_window(
    tray: Tray, monkeypatch: pytest.MonkeyPatch, reason: QSystemTrayIcon.ActivationReason, opens: bool
) -> None:
    opened: list[bool] = []
    tray.open_asked.connect(lambda: opened.append(True))
    tray.icon.activated.emit(reason)
    assert bool(opened) is opens
    monkeypatch.setattr("sys.platform", "darwin")  # there, a click opens the menu, and nothing else
    tray.icon.activated.emit(reason)
    assert len(opened) == opens


def _without_colour(state: TrayState, side: int) -> list[int]:
    image = tray_icon(state).pixmap(QSize(side, side)).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    return [
        image.pixelColor(x, y).alpha() * (255 - image.pixelColor(x, y).lightness()) // 255
        for x in range(side)
        for y in range(side)
    ]


@pytest.mark.parametrize("side", [16, 22, 32])
def test_every_state_can_be_told_apart_without_colour(qapp: object, side: int) -> None:
    theme()
    seen = {state: _without_colour(state, side) for state in TrayState}
    for one, other in combinations(TrayState, 2):
        differing = sum(abs(a - b) > 80 for a, b in zip(seen[one], seen[other], strict=True))
        assert differing > side * side * 0.02, (one, other, differing)


@pytest.mark.parametrize("state", list(TrayState))
def test_every_state_is_seen_on_a_light_and_on_a_dark_panel(state: TrayState) -> None:
    assert contrast(fill_of(state), RING) >= 4.5  # the mark on the fill
    for panel in ("#000000", "#202020", "#808080", "#c0c0c0", "#ffffff"):
        assert max(contrast(fill_of(state), panel), contrast(RING, panel)) >= 3


def test_an_icon_for_a_sharp_screen_has_all_its_pixels(qapp: object) -> None:
    theme()
    picture = tray_icon(TrayState.SOON).pixmap(QSize(22, 22), 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (44, 2.0)


def test_notices_by_qt_say_so_when_the_desktop_shows_none(tray: Tray) -> None:
    notices = QtNotices(tray.icon, lambda _event: None)
    assert not notices.connect().is_available
    assert notices.send(Notice(key="a", title="t")) is None


def test_a_click_on_the_message_opens_what_was_told_last(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("isSystemTrayAvailable", "supportsMessages"):  # as on Windows and macOS, which have no tray here
        monkeypatch.setattr(QSystemTrayIcon, name, staticmethod(lambda: True))
    told: list[NoticeEvent] = []
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *words: shown.append(words))
    monkeypatch.setattr(QSystemTrayIcon, "isVisible", lambda _icon: True)
    notices = QtNotices(tray.icon, told.append)
    ability = notices.connect()
    assert (ability.is_available, ability.has_actions) == (True, False)
    tray.icon.messageClicked.emit()
    assert told == []
    assert [notices.send(Notice(key=key, title=key, urgent=key == "b")) for key in "ab"] == [1, 2]
    assert shown[1] == ("b", " ", QSystemTrayIcon.MessageIcon.Warning)
    tray.icon.messageClicked.emit()
    assert told == [NoticeAnswered(key="b", action=NoticeAction.OPEN)]
    notices.close()
    tray.icon.messageClicked.emit()
    assert (len(told), notices.send(Notice(key="c", title="c"))) == (1, None)
