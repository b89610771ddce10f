"""A crash in the United States: from the first click to the deposit released, and left twice on the way."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from tests.journeys import owners
from tests.journeys.conftest import Start
from tests.journeys.running import Running
from tests.journeys.screen import PrivateScreen

pytestmark = [pytest.mark.screen, pytest.mark.slow]

STORY = "It hit a branch and fell."


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a photo of the damage."""
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("#705030"))
    assert image.save(str(tmp_path / "broken-arm.png"))
    return tmp_path / "broken-arm.png"


def _steps(program: Running) -> list[str]:
    [[text]] = program.rows("SELECT steps FROM claims")
    return [each["step"] for each in json.loads(text)]


def _record(program: Running, act: str, *, amount: tuple[str, str] | None = None, then: str) -> None:
    """Record the next step through its form, and see what is said to come after it."""
    program.press(f"{act}: record when")
    if amount is not None:
        program.write(*amount)
    program.press("Record step")
    program.read(then)


def _report_crash(program: Running) -> None:
    program.keys("ctrl+3")
    program.press("Report damage or loss")
    program.press("Kestrel, DJI Mini 4 Pro", part=True)
    program.press("It crashed. ", part=True)
    program.press("When it happened: not known", "check box")
    program.go_to("When it happened: not known", "check box")
    program.choose("Can you get it back?", "Yes")
    program.write("In your own words", STORY)
    program.press("Damaged: Gimbal", "check box")
    program.choose("DJI account", "me")
    program.write("Place, if you know it", "40.7812, -73.9665")
    program.press("Continue")


def _attach(program: Running, photo: Path) -> None:
    program.press("Choose files …")
    program.read("Choose evidence")
    program.write("File name:", str(photo))
    program.press("Open")
    program.read("1 file kept")
    assert program.rows("SELECT name, media_type FROM attachments") == [(photo.name, "image/png")]


def _choose_premium(program: Running) -> None:
    program.press("Continue")
    program.read("Express Basic is advised")
    assert program.sees("Express Basic, advised.", part=True)
    assert program.sees("A deposit is held on your card", part=True)
    program.press("Choose this way: Express Premium")
    program.press("Go to the claim")
    program.see("Express Premium for Kestrel", "label")


def _guard_return(program: Running) -> None:
    """Type the serial of the unit twice: a slip is told, the right one is right."""
    program.press("Check what goes back …")
    program.write("Serial on the unit", owners.SERIAL)
    program.write("The serial once more", owners.OTHER_SERIAL)
    program.read("The two do not agree")
    program.keys("ctrl+a")
    program.write("The serial once more", owners.SERIAL)
    program.choose("A battery was registered with the claim", "Yes")
    program.choose("The battery is in the box", "Yes")
    program.choose("All of it is made by DJI", "Yes")
    program.read("All three points are right")
    program.press("Save the check")
    program.press("Check again …")
    program.press("Cancel")


def test_with_premium_to_the_deposit_released_and_left_twice_on_the_way(
    start: Start, screen: PrivateScreen, tmp_path: Path, photo: Path
) -> None:
    owners.take_in(
        screen,
        tmp_path / "data",
        device=owners.kestrel(62),
        bindings=[owners.bound_to_account(61), owners.bound_to_controller(61)],
        plans=[owners.plan(61)],
    )
    program = start()
    _report_crash(program)
    _attach(program, photo)
    program.quit()

    program = start()
    assert program.rows("SELECT kind, retrievable, parts, account, description FROM incidents") == [
        ("collision", 1, '["gimbal"]', "a1", STORY)
    ]
    program.keys("ctrl+3")
    program.press("Go on with the report: Kestrel", part=True)
    program.read("1 file kept")
    _choose_premium(program)
    _record(program, "I sent the claim", then="Pay the fee")
    _record(program, "I paid it", amount=("Amount paid", "79"), then="79.00")
    _record(program, "The deposit is held", amount=("Deposit", "759"), then="759.00 USD is at stake")
    program.quit()

    program = start()
    assert _steps(program) == ["submitted", "fee-paid", "deposit-held"]
    program.keys("ctrl+3")
    program.press("Open the claim: ", part=True)
    _record(program, "DJI has sent it", then="I sent it: record when")
    _guard_return(program)
    _record(program, "I sent it", amount=("Tracking number", "1Z999"), then="DJI has received it: record when")
    _record(program, "DJI has received it", then="The deposit is released: record when")
    program.read("is not at stake now")
    _record(program, "The deposit is released", then="Close the claim: record when")
    _record(program, "Close the claim", then="This claim is closed.")
    program.quit()

    assert _steps(program) == [
        "submitted", "fee-paid", "deposit-held", "replacement-sent", "sent", "received-by-dji", "deposit-released",
        "closed",
    ]  # fmt: skip
    [[service, battery, returned, deposit]] = program.rows(
        "SELECT service, battery_registered, returned, deposit FROM claims"
    )
    assert (service, battery) == ("express-premium", 1)
    assert json.loads(returned) == {"serial": owners.SERIAL, "battery": True, "genuine": True}
    assert json.loads(deposit) == {"amount": "759.00", "currency": "USD"}
    assert program.rows("PRAGMA integrity_check") == [("ok",)]
