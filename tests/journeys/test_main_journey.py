"""The whole program, from the first start to the next one, on a real screen."""

import pytest

from tests.journeys.conftest import Start
from tests.journeys.running import Running, second_start
from tests.journeys.screen import PrivateScreen, wait_for

pytestmark = [pytest.mark.screen, pytest.mark.slow]

SERIAL = "1581F6Z9C24AU0034SRD"
CONTROLLER = "5YSZK1234567AB"


def test_from_the_first_start_to_the_cover_and_all_is_there_at_the_next(start: Start) -> None:
    program = start()
    program.read("Add your first device")

    program.click("Add device")
    program.write("Serial", SERIAL)
    program.write("Nickname", "Kestrel")
    program.choose_next("Activated")
    program.choose("Region of purchase", "Germany")
    program.press("Add device")
    assert program.wait_for_row("SELECT serial, model, region FROM devices") == (SERIAL, "DJI Mini 4 Pro", "DE")
    program.see("Kestrel", "label")

    program.press("Record a binding to an account")
    program.write("Name of the account", "me")
    program.press("Record binding")
    program.wait_for_row("SELECT 1 FROM bindings WHERE \"to\" = 'account'")

    program.press("Record a binding to a controller")
    program.write("Serial of the controller", CONTROLLER)
    program.press("Record binding")
    program.wait_for_row("SELECT 1 FROM bindings WHERE \"to\" = 'controller'")

    program.press("Record a plan …")
    program.press("Record plan")
    program.wait_for_row("SELECT 1 FROM plans")
    program.read("2 of 2 replacements left")
    program.keys("ctrl+1")
    program.read("Flyaway: ready")
    program.quit()

    again = start()
    again.read("Flyaway: ready")
    again.press(again.read("Kestrel. ")["name"])
    again.see("Kestrel", "label")
    again.read(CONTROLLER)
    again.read("2 of 2 replacements left")
    again.quit()


def test_a_second_start_raises_the_first_window_and_ends(start: Start, screen: PrivateScreen) -> None:
    program = start()
    window = program.window()
    screen.hands("windowminimize", window)
    wait_for("the window to be away", lambda: program.window() == "")

    assert second_start(screen, program.data) == 0
    assert wait_for("the window to be back", program.window) == window
    wait_for("the keyboard in it", lambda: screen.hands("getactivewindow") == window)
    program.quit()


def test_sample_data_come_and_go_by_one_click_and_undo_brings_them_back(start: Start) -> None:
    program = start()
    program.click("Look around with sample data. Marked as sample data, and removed in one click.")
    devices = "SELECT count(*) FROM devices HAVING count(*) > 0"
    [sample] = program.wait_for_row(devices)
    program.read("This library holds sample data")

    program.press("Remove sample data")
    program.wait_for_row("SELECT 1 FROM (SELECT count(*) AS n FROM devices) WHERE n = 0")
    program.read("Add your first device")

    program.keys("ctrl+z")
    assert program.wait_for_row(devices) == (sample,)
    program.read("This library holds sample data")
    program.quit()


def test_what_was_told_as_done_survives_a_kill_at_that_moment(start: Start) -> None:
    program = start()
    program.keys("ctrl+k")
    program.write("Jump to a device, serial, claim or command", "add device")
    program.keys("Return")
    program.write("Serial", SERIAL)
    program.press("Add device")
    program.read("Device added")
    program.kill()

    again = start()
    again.read("DJI Mini 4 Pro. ")
    assert again.rows("SELECT serial FROM devices") == [(SERIAL,)]
    assert again.rows("PRAGMA integrity_check") == [("ok",)]
    again.quit()


def test_the_window_opens_as_large_as_it_was_closed(start: Start, screen: PrivateScreen) -> None:
    program = start()

    def size(running: Running) -> list[int]:
        [frame] = [each for each in running.all() if each["role"] == "frame"]
        found: list[int] = frame["place"][2:]
        return found

    screen.hands("windowsize", program.window(), "1010", "690")
    wait_for("the new size", lambda: size(program) == [1010, 690])
    program.quit()

    again = start()
    assert size(again) == [1010, 690]
    again.quit()
