"""Every control of the pages is reached by Tab, and Tab comes round: no page holds the keyboard."""

import pytest

from tests.journeys.conftest import Start
from tests.journeys.running import Running, Seen

pytestmark = [pytest.mark.screen, pytest.mark.slow]

MOST = 120
PRESSED = {"push button", "check box", "toggle button", "combo box", "spin button", "text"}
"""Roles that Tab must reach each by itself; of a group of radio buttons one is enough, the arrows do the rest."""


def _round(program: Running) -> list[Seen]:
    """Press Tab until it comes to something again and return what had the focus; a trap leaves controls out."""
    passed: list[Seen] = []
    for _ in range(MOST):
        found = _next(program)
        assert found is not None, f"Tab did nothing after {[each['name'] for each in passed[-3:]]}"
        if _identity(found) in map(_identity, passed):
            return passed
        passed.append(found)
    raise AssertionError(f"Tab did not come round after {MOST} presses")


def _next(program: Running) -> Seen | None:
    """Press Tab until the focus moves: a field for a day has three parts, and Tab goes through them."""
    return next((found for _ in range(3) if (found := program.tab(seconds=0.4)) is not None), None)


def _identity(seen: Seen) -> tuple[str, str, str]:
    return seen["role"], seen["name"], seen["path"]


def _unreached(program: Running) -> list[str]:
    reached = {_identity(each) for each in _round(program)}
    return [
        f"{each['role']} {each['name']!r}"
        for each in program.all()
        if each["role"] in PRESSED and each["is_enabled"] and each["takes_focus"] and _identity(each) not in reached
    ]


def test_tab_reaches_every_control_of_overview_and_device_page(start: Start) -> None:
    program = start()
    program.press("Look around with sample data. Marked as sample data, and removed in one click.")
    program.read("This library holds sample data")
    assert not _unreached(program)

    program.press(next(each["name"] for each in program.all() if "replacements left" in each["name"]))
    program.see("Edit the device")
    program.press("Close this message")
    assert not _unreached(program)
    program.quit()
