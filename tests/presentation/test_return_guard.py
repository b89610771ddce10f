"""The return guard names the wrong unit, the missing battery and the foreign part before the box is closed."""

from typing import Any

import pytest

from homepoint.catalogue import load_terms
from homepoint.domain.facts import Category, ClaimStep, ReturnedUnit, Service, Step
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.snapshot import DeviceFacts
from homepoint.presentation.return_guard import (
    ReturnText,
    Standing,
    battery_point,
    difference,
    pack_list,
    return_text,
    serial_point,
)
from tests import builders
from tests.builders import BERLIN, NOW

SERIAL, OTHERS = "1581F6Z9C24AU0034SRD", "1581F6Z9C24AU0034SRE"
KESTREL = builders.device("d1", nickname="Kestrel", serial=SERIAL)
WREN = builders.device("d2", nickname="Wren", serial=OTHERS)


def test_the_serial_counts_only_when_typed_twice_alike() -> None:
    assert serial_point("", "", KESTREL, ()).standing is Standing.OPEN
    assert serial_point(SERIAL, "", KESTREL, ()).standing is Standing.OPEN
    assert serial_point(SERIAL, SERIAL.lower() + " ", KESTREL, [KESTREL]).standing is Standing.RIGHT


def test_two_readings_that_differ_show_where() -> None:
    point = serial_point(SERIAL, OTHERS, KESTREL, ())
    assert point.standing is Standing.WRONG
    assert "character 20 is D (first) and E (second)" in point.says


def test_the_serial_of_ones_own_other_device_is_named_as_such() -> None:
    point = serial_point(OTHERS, OTHERS, KESTREL, [WREN])
    assert point.standing is Standing.WRONG
    assert point.says.startswith("This is the serial of your other device Wren (DJI Mini 4 Pro).")
    assert SERIAL in point.says


def test_a_near_miss_shows_the_character_that_differs() -> None:
    typed = SERIAL.replace("U", "V")
    point = serial_point(typed, typed, KESTREL, ())
    assert "Character 13 is V (unit) and U (claim)." in point.says


def test_a_serial_of_another_length_or_altogether_other_is_not_spelled_out() -> None:
    assert difference(SERIAL[:-1], SERIAL, "unit", "claim") == "it has 19 characters (unit) against 20 (claim)."
    assert difference("A" * 20, SERIAL, "unit", "claim").startswith("they differ in ")


def test_a_device_without_a_serial_cannot_be_compared() -> None:
    point = serial_point(SERIAL, SERIAL, builders.device(nickname="Kestrel"), ())
    assert point.standing is Standing.OPEN
    assert "Record it first" in point.says


@pytest.mark.parametrize(
    ("is_registered", "is_in_box", "standing"),
    [
        (True, True, Standing.RIGHT),
        (True, False, Standing.WRONG),
        (True, None, Standing.OPEN),
        (None, False, Standing.WRONG),
        (None, True, Standing.RIGHT),
        (False, False, Standing.RIGHT),
        (False, None, Standing.RIGHT),
    ],
)
def test_the_battery_must_go_back_unless_none_was_registered(
    is_registered: bool | None, is_in_box: bool | None, standing: Standing
) -> None:
    assert battery_point(is_registered, is_in_box).standing is standing


def _guard(*steps: Step, service: Service = Service.EXPRESS_PREMIUM, **values: Any) -> ReturnText:
    taken = tuple(ClaimStep(step=each, at=NOW) for each in steps)
    claim = builders.claim(service=service, steps=taken, **values)
    facts = DeviceFacts(device=KESTREL, zone=BERLIN)
    return return_text(claim, claim_reading(facts, claim, load_terms(), NOW), KESTREL, ())


def test_the_guard_says_what_is_at_stake_and_until_when() -> None:
    held = (Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD)
    right = ReturnedUnit(serial=SERIAL, battery=True, genuine=True)
    assert "is at stake until DJI has received the right unit" in _guard(*held, returned=right).stake
    assert "is not at stake now" in _guard(*held, Step.RECEIVED_BY_DJI, returned=right).stake
    assert _guard(*held, returned=right).all_right
    assert not _guard(*held).is_checked


def test_basic_has_no_deposit_at_stake() -> None:
    assert _guard(Step.SUBMITTED, service=Service.EXPRESS_BASIC).stake.startswith("No deposit is held")


def test_the_pack_list_marks_what_djis_terms_name_apart_from_advice() -> None:
    items = pack_list(KESTREL, Category.AIRCRAFT, builders.claim(battery_registered=True))
    stated = [each.text for each in items if each.is_stated]
    assert len(stated) == 3
    assert SERIAL in stated[0]
    assert "battery" in stated[1]
    assert any("controller" in each.text for each in items if not each.is_stated)


def test_the_pack_list_names_no_battery_where_none_was_registered_and_no_controller_of_a_handheld() -> None:
    items = pack_list(KESTREL, Category.HANDHELD, builders.claim(battery_registered=False))
    assert not any("battery" in each.text or "controller" in each.text for each in items)
