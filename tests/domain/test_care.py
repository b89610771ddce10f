"""What a plan gives, when it runs, and what is left of it."""

from datetime import date
from typing import Any

import pytest

from homepoint.domain.assessment import Allowance, CareState
from tests.domain.owner import assess, device, facts_of, instant, plan, use


@pytest.mark.parametrize(
    ("starts_on", "product", "ends_on"),
    [
        ("2025-03-11", "care-refresh-1y", date(2026, 3, 10)),
        ("2025-03-11", "care-refresh-2y", date(2027, 3, 10)),
        ("2024-02-29", "care-refresh-1y", date(2025, 2, 27)),
        ("2025-01-01", "care-refresh-1y", date(2025, 12, 31)),
    ],
)
def test_a_term_covers_the_day_before_its_anniversary(starts_on: str, product: str, ends_on: date) -> None:
    found = assess("2025-07-01T00:00:00Z", plans=[plan(starts_on=starts_on, product=product)])
    assert found.care.ends_on == ends_on


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-03-10T22:59:00Z", CareState.NONE),
        ("2025-03-11T12:00:00Z", CareState.ACTIVE),
        ("2026-03-10T22:59:00Z", CareState.ACTIVE),
        ("2026-03-10T23:00:00Z", CareState.EXPIRED),
    ],
)
def test_days_begin_and_end_in_the_owners_zone(at: str, state: CareState) -> None:
    assert assess(at, plans=[plan(region="DE")], zone="Europe/Berlin").care.state is state


def test_a_plan_that_starts_later_has_not_started() -> None:
    found = assess("2025-03-20T00:00:00Z", plans=[plan(starts_on="2025-04-01")])
    assert found.care.state is CareState.NOT_STARTED


def test_a_plan_whose_code_is_not_bound_has_no_days_yet() -> None:
    found = assess("2025-07-01T00:00:00Z", plans=[plan(bound_at=None, starts_on=None)])
    assert (found.care.state, found.care.starts_on, found.care.ends_on) == (CareState.NOT_STARTED, None, None)


@pytest.mark.parametrize(
    ("starts_on", "product", "allowed", "flyaways", "clause"),
    [
        ("2020-06-01", "care-refresh-1y", 2, 0, "S1-04"),
        ("2022-06-01", "care-refresh-1y", 2, 1, "S1-04"),
        ("2022-06-01", "care-refresh-2y", 3, 2, "S1-05"),
        ("2023-07-12", "care-refresh-2y", 3, 2, "S1-05"),
        ("2023-07-13", "care-refresh-2y", 4, 2, "S0-16"),
        ("2024-06-01", "care-refresh-1y", 2, 1, "S0-14"),
    ],
)
def test_the_edition_of_its_first_day_decides_what_a_plan_gives(
    starts_on: str, product: str, allowed: int, flyaways: int, clause: str
) -> None:
    bought = f"{starts_on}T08:00:00Z"
    found = assess(
        f"{starts_on}T20:00:00Z",
        device(model="DJI Mini 2"),
        plans=[plan(product=product, starts_on=starts_on, purchased_at=bought, bound_at=bought)],
    ).care
    assert found.replacements.allowed == allowed
    assert found.flyaways.allowed == flyaways
    assert clause in found.because


def test_the_service_agreement_wins_over_the_catalogue() -> None:
    agreed = plan(ends_on="2026-06-30", replacements=5, flyaways=3)
    found = assess("2025-07-01T00:00:00Z", device(model="DJI FPV"), plans=[agreed]).care
    assert found.ends_on == date(2026, 6, 30)
    assert found.replacements.allowed == 5
    assert found.flyaways.allowed == 3


@pytest.mark.parametrize(
    ("service", "steps", "used"),
    [
        ("express-basic", ("fee-paid",), 1),
        ("express-premium", ("replacement-sent",), 1),
        ("flyaway-report", ("fee-paid",), 1),
        ("express-basic", (), 0),
        ("express-basic", ("fee-paid", "refused"), 0),
        ("express-basic", ("fee-paid", "withdrawn"), 0),
        ("repair-warranty", ("repaired",), 0),
        ("replacement", ("replacement-sent",), 0),
        ("repair-paid", ("fee-paid", "repaired"), 0),
    ],
)
def test_only_paid_or_sent_replacements_of_the_plan_are_uses(service: str, steps: tuple[str, ...], used: int) -> None:
    found = assess("2025-07-01T00:00:00Z", plans=[plan()], claims=[use("k1", "2025-05-01", service, steps=steps)])
    assert found.care.replacements == Allowance(allowed=2, used=used, left=2 - used)


def test_a_step_to_come_is_not_a_use_yet() -> None:
    claim = use("k1", "2025-08-01")
    assert assess("2025-07-01T00:00:00Z", plans=[plan()], claims=[claim]).care.replacements.used == 0


def test_the_last_replacement_takes_the_last_flyaway_with_it() -> None:
    claims = [use("k1", "2025-05-01"), use("k2", "2025-06-01")]
    found = assess("2025-07-01T00:00:00Z", plans=[plan()], claims=claims).care
    assert found.state is CareState.USED_UP
    assert (found.flyaways.allowed, found.flyaways.left) == (1, 0)


def test_a_claim_that_names_no_plan_counts_for_the_one_in_force_then() -> None:
    renewed = plan(
        id="p2", starts_on="2026-03-11", purchased_at="2026-03-01T08:00:00Z", bound_at="2026-03-01T08:00:00Z"
    )
    found = assess("2026-07-01T00:00:00Z", plans=[plan(), renewed], claims=[use("k1", "2025-05-01")]).care
    assert (found.plan, found.replacements.used) == ("p2", 0)


def test_a_renewal_without_a_given_start_follows_the_running_plan() -> None:
    renewed = plan(id="p2", starts_on=None, purchased_at="2026-03-01T08:00:00Z", bound_at="2026-03-01T08:00:00Z")
    found = assess("2026-07-01T00:00:00Z", plans=[plan(), renewed]).care
    assert (found.starts_on, found.ends_on) == (date(2026, 3, 11), date(2027, 3, 10))


def test_care_refresh_plus_starts_when_the_first_ends_with_one_replacement() -> None:
    first = plan(starts_on="2021-03-01", purchased_at="2021-03-01T08:00:00Z", bound_at="2021-03-01T08:00:00Z")
    more = plan(
        id="p2",
        product="care-refresh-plus",
        starts_on=None,
        purchased_at="2022-02-01T08:00:00Z",
        bound_at="2022-02-01T08:00:00Z",
    )
    found = assess("2022-07-01T00:00:00Z", device(model="DJI Mini 2"), plans=[more, first]).care
    assert (found.plan, found.starts_on, found.ends_on) == ("p2", date(2022, 3, 1), date(2023, 2, 28))
    assert found.replacements.allowed == 1
    assert found.flyaways.allowed is None


def test_a_bundle_starts_two_days_after_shipping_whatever_was_bound() -> None:
    bundled = device(channel="dji-store-bundle", shipped_at="2025-05-01T10:00:00Z")
    found = assess(
        "2025-06-01T00:00:00Z",
        bundled,
        plans=[plan(starts_on=None, bound_at=None, purchased_at="2025-04-30T08:00:00Z")],
    )
    assert found.care.starts_on == date(2025, 5, 3)


@pytest.mark.parametrize(
    ("model", "product", "discounts", "maintenance"),
    [
        ("DJI Mavic 3", "care-refresh-1y", 2, 1),
        ("DJI Mavic 3 Cine", "care-refresh-2y", 3, 2),
        ("DJI Mavic 3 Pro", "care-refresh-2y", 0, 0),
    ],
)
def test_extras_belong_to_two_models_and_never_double(
    model: str, product: str, discounts: int, maintenance: int
) -> None:
    found = assess("2025-07-01T00:00:00Z", device(model=model), plans=[plan(product=product)]).care
    assert (found.repair_discounts.allowed, found.maintenance.allowed) == (discounts, maintenance)


def _succession(at: str, **new: Any) -> tuple[Any, Any]:
    from homepoint.domain.rules.evaluate import evaluate
    from tests.domain.owner import TERMS

    claim = {
        **use("k1", "2025-05-01", steps=("fee-paid", "replacement-sent")),
        "new_serial": "1581F6Z9C24AU0099SRD",
    }
    old = device(status="replaced")
    unit = device(id="d2", serial="1581f6z9c24au0099srd ", succeeds="d1", **new)
    both = facts_of(old, unit, plans=[plan(product="care-refresh-2y")], claims=[claim])
    first, second = (evaluate(each, TERMS, instant(at)) for each in both)
    return first, second


def test_the_new_unit_inherits_plan_end_and_uses() -> None:
    old, new = _succession("2025-07-01T00:00:00Z")
    assert (new.care.plan, new.care.ends_on) == ("p1", date(2027, 3, 10))
    assert new.care.replacements == Allowance(allowed=4, used=1, left=3)
    assert "S1-26" in new.care.because
    assert old.care.state is CareState.NONE
    assert not any(service.open for service in old.services)


def test_before_the_replacement_was_sent_the_old_unit_has_the_plan() -> None:
    old, new = _succession("2025-04-01T00:00:00Z")
    assert (old.care.state, new.care.state) == (CareState.ACTIVE, CareState.NONE)


def test_bindings_do_not_move_to_the_new_unit() -> None:
    _, new = _succession("2025-07-01T00:00:00Z")
    assert {"account-binding", "controller-binding"} <= set(new.flyaway.missing)
