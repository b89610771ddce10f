"""A device that fails ten days after it was bought: the replacement for a defect is advised, and its claim opened."""

import json
from pathlib import Path

import pytest

from tests.journeys import owners
from tests.journeys.conftest import Start
from tests.journeys.screen import PrivateScreen

pytestmark = [pytest.mark.screen, pytest.mark.slow]


def test_a_defect_on_day_10_leads_to_a_replacement_and_the_claim_goes_on_at_the_next_start(
    start: Start, screen: PrivateScreen, tmp_path: Path
) -> None:
    owners.take_in(
        screen,
        tmp_path / "data",
        device=owners.kestrel(10),
        bindings=[owners.bound_to_account(9), owners.bound_to_controller(9)],
        plans=[],
    )
    program = start()
    program.keys("ctrl+3")
    program.press("Report damage or loss")
    program.press("Kestrel, DJI Mini 4 Pro", part=True)
    program.press("It arrived faulty. ", part=True)
    program.press("When it happened: not known", "check box")
    program.write("In your own words", "The gimbal has trembled since the first flight.")
    program.press("Continue")
    program.see("Choose files …")
    program.press("Continue")
    program.read("is advised")
    program.see("Replacement for a defect, advised.", part=True)
    program.press("Choose this way: Replacement for a defect")
    program.see("Go to the claim")
    program.quit()

    program = start()
    assert program.rows("SELECT service, steps FROM claims") == [("replacement", "[]")]
    program.keys("ctrl+3")
    program.press("Open the claim: ", part=True)
    program.press("I sent the claim: record when")
    program.press("Record step")
    program.read("DJI accepted it: record when")
    program.quit()

    [[steps]] = program.rows("SELECT steps FROM claims")
    assert [each["step"] for each in json.loads(steps)] == ["submitted"]
    assert program.rows("PRAGMA integrity_check") == [("ok",)]
