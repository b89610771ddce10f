"""An aircraft flew away while its controller was not bound: the report says no, and what can still be done."""

from pathlib import Path

import pytest

from tests.journeys import owners
from tests.journeys.conftest import Start
from tests.journeys.screen import PrivateScreen

pytestmark = [pytest.mark.screen, pytest.mark.slow]


def test_a_flyaway_without_its_controller_is_refused_with_the_way_out_and_left_in_the_middle(
    start: Start, screen: PrivateScreen, tmp_path: Path
) -> None:
    owners.take_in(
        screen,
        tmp_path / "data",
        device=owners.kestrel(62),
        bindings=[owners.bound_to_account(61), owners.bound_to_controller(61, unbound_days_ago=3)],
        plans=[owners.plan(61)],
    )
    program = start()
    program.keys("ctrl+3")
    program.press("Report damage or loss")
    program.press("Kestrel, DJI Mini 4 Pro", part=True)
    program.press("It flew away. ", part=True)
    program.read("Search before you report")
    program.write("Last position", "52.516275, 13.377704")
    program.write("Home point", "52.5139, 13.3712")
    program.read("From the home point:")
    program.press("Continue")
    program.press("When it happened: not known", "check box")
    program.go_to("When it happened: not known", "check box")
    program.choose("Can you get it back?", "No,")
    program.choose("DJI account", "me")
    program.choose("Controller", "RC")
    program.press("Continue")
    program.read("As it is recorded, the loss is not covered")
    program.quit()

    program = start()
    assert program.rows("SELECT kind, retrievable, account, controller FROM incidents") == [("flyaway", 0, "a1", "c1")]
    program.keys("ctrl+3")
    program.press("Go on with the report: Kestrel", part=True)
    program.read("As it is recorded, the loss is not covered")
    program.read("The controller that flew it was not bound to it.")
    program.read("Binding it now does not count for this loss.")
    program.press("Continue")
    program.press("Continue")
    program.see("What you can still do", "label")
    program.read("The controller that flew it was not bound to it. If it was bound at that moment")
    program.read("If you find it, come back")
    program.read("Look at your household or drone insurance.")
    assert not program.sees("Choose this way", part=True)

    program.press("Not open", "check box", part=True)
    program.see("Flyaway report", "label")
    program.press("Open the device page")
    program.see("Kestrel", "label")
    program.see("Record a binding to a controller")
    program.quit()
    assert program.rows("SELECT count(*) FROM claims") == [(0,)]
    assert program.rows("PRAGMA integrity_check") == [("ok",)]
