"""Is a flyaway covered, and where is service given?"""

from typing import Any

import pytest

from homepoint.domain.assessment import Gap
from homepoint.domain.facts import Service
from tests.domain.owner import BOTH_BOUND, assess, device, plan, use

ACCOUNT, CONTROLLER = BOTH_BOUND


def test_bound_account_and_controller_and_a_plan_make_it_ready() -> None:
    found = assess("2025-07-01T00:00:00Z", plans=[plan()], bindings=BOTH_BOUND).flyaway
    assert (found.ready, found.missing) == (True, ())
    assert found.because[0] == "S0-65"


@pytest.mark.parametrize(
    ("unbound_at", "missing"),
    [
        ("2025-06-30T23:59:00Z", (Gap.CONTROLLER_BINDING,)),
        ("2025-07-01T00:00:00Z", ()),
        ("2025-07-01T00:01:00Z", ()),
    ],
)
def test_a_controller_unbound_a_minute_before_the_loss_is_not_bound(unbound_at: str, missing: tuple[Gap, ...]) -> None:
    bindings = [ACCOUNT, {**CONTROLLER, "unbound_at": unbound_at}]
    assert assess("2025-07-01T00:00:00Z", plans=[plan()], bindings=bindings).flyaway.missing == missing


def test_a_binding_made_after_the_loss_does_not_count() -> None:
    late = [ACCOUNT, {**CONTROLLER, "bound_at": "2025-07-01T00:00:01Z"}]
    found = assess("2025-07-01T00:00:00Z", plans=[plan()], bindings=late).flyaway
    assert found.missing == (Gap.CONTROLLER_BINDING,)


def test_a_binding_of_unknown_beginning_counts_from_its_first_check() -> None:
    checked = [ACCOUNT, {**CONTROLLER, "bound_at": None, "checked_at": ["2025-06-01T00:00:00Z"]}]
    assert assess("2025-07-01T00:00:00Z", plans=[plan()], bindings=checked).flyaway.ready
    assert not assess("2025-05-01T00:00:00Z", plans=[plan()], bindings=checked).flyaway.ready


@pytest.mark.parametrize(
    ("kinds", "at", "missing"),
    [
        ({}, "2025-07-01T00:00:00Z", (Gap.PLAN,)),
        ({"plans": [plan()]}, "2026-07-01T00:00:00Z", (Gap.PLAN,)),
        ({"plans": [plan(starts_on="2025-08-01")]}, "2025-07-01T00:00:00Z", (Gap.PLAN_NOT_STARTED,)),
        (
            {"plans": [plan()], "claims": [use("k1", "2025-05-01"), use("k2", "2025-05-02")]},
            "2025-07-01T00:00:00Z",
            (Gap.REPLACEMENTS,),
        ),
        (
            {"plans": [plan()], "claims": [use("k1", "2025-05-01", "flyaway-report")]},
            "2025-07-01T00:00:00Z",
            (Gap.FLYAWAY_QUOTA,),
        ),
    ],
)
def test_each_gap_is_named_and_only_it(kinds: dict[str, Any], at: str, missing: tuple[Gap, ...]) -> None:
    found = assess(at, bindings=BOTH_BOUND, **kinds).flyaway
    assert found.missing == missing
    assert found.because


@pytest.mark.parametrize(
    ("model", "category", "missing"),
    [
        ("DJI FPV", None, (Gap.MODEL_SUPPORT,)),
        ("DJI Mini 5 Pro", None, (Gap.MODEL_SUPPORT,)),
        ("DJI Mavic 4 Pro", None, ()),
        ("My own drone", "aircraft", (Gap.MODEL_SUPPORT,)),
        ("Osmo Pocket 3", None, (Gap.NOT_AN_AIRCRAFT,)),
        ("Zenmuse X7", None, (Gap.NOT_AN_AIRCRAFT,)),
    ],
)
def test_only_listed_aircraft_have_flyaway_cover(model: str, category: str | None, missing: tuple[Gap, ...]) -> None:
    found = assess("2025-07-01T00:00:00Z", device(model=model, category=category), plans=[plan()], bindings=BOTH_BOUND)
    assert found.flyaway.missing == missing


def test_most_devices_are_served_where_the_plan_was_bought() -> None:
    found = assess("2025-07-01T00:00:00Z", device(region="DE"), plans=[plan(region="US")]).service_area
    assert (found.local, found.regions) == (True, ("US",))
    assert {"S0-64", "S0-55"} <= set(found.because)


def test_listed_handhelds_are_served_wherever_the_plan_is_offered_with_proof() -> None:
    pocket = device(model="Osmo Pocket 3")
    found = assess("2025-07-01T00:00:00Z", pocket, plans=[plan()]).service_area
    assert not found.local
    assert {"US", "JP", "DE", "EU"} <= set(found.regions)
    without = assess("2025-07-01T00:00:00Z", {**pocket, "proof_of_purchase": False}, plans=[plan()]).service_area
    assert (without.local, without.regions) == (True, ("US",))
    unknown = assess("2025-07-01T00:00:00Z", {**pocket, "proof_of_purchase": None}, plans=[plan()]).service_area
    assert unknown.unknown == ("proof_of_purchase",)


def test_premium_is_offered_in_the_united_states_only() -> None:
    def premium(region: str) -> bool | None:
        found = assess("2025-07-01T00:00:00Z", device(region=region), plans=[plan(region=region)])
        return next(each.open for each in found.services if each.service is Service.EXPRESS_PREMIUM)

    assert premium("US") is True
    assert premium("DE") is False


def test_a_defect_is_exchanged_until_the_fifteenth_day_after_purchase() -> None:
    def exchange(at: str, bought_on: str | None = "2025-03-01") -> bool | None:
        found = assess(at, device(purchased_on=bought_on))
        return next(each.open for each in found.services if each.service is Service.REPLACEMENT)

    assert exchange("2025-03-16T23:59:00Z") is True
    assert exchange("2025-03-17T00:00:00Z") is False
    assert exchange("2025-03-17T00:00:00Z", None) is None
