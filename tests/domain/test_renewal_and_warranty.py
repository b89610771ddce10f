"""How a plan goes on, and which warranties run."""

from datetime import date
from typing import Any

import pytest

from homepoint.domain.assessment import RenewalVerdict, WarrantyBasis
from homepoint.domain.facts import PlanProduct
from tests.domain.owner import assess, device, plan, use


def bought(id: str, starts_on: str, product: str = "care-refresh-1y") -> dict[str, Any]:
    at = f"{starts_on}T08:00:00Z"
    return plan(id=id, product=product, starts_on=starts_on, purchased_at=at, bound_at=at)


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2024-12-01T00:00:00Z", RenewalVerdict.OPEN),
        ("2025-06-16T23:59:00Z", RenewalVerdict.OPEN),
        ("2025-06-17T00:00:00Z", RenewalVerdict.CLOSED),
    ],
)
def test_renewal_ends_fifteen_days_after_the_last_covered_day(at: str, verdict: RenewalVerdict) -> None:
    found = assess(at, plans=[bought("p1", "2024-06-02")]).renewal
    assert (found.verdict, found.until) == (verdict, date(2025, 6, 16))
    assert "S0-49" in found.because


@pytest.mark.parametrize(
    ("plans", "verdict"),
    [
        ([], RenewalVerdict.NOT_NEEDED),
        ([bought("p1", "2024-06-02", "care-refresh-2y")], RenewalVerdict.OPEN),
        ([bought("p1", "2024-06-02"), bought("p2", "2025-06-02")], RenewalVerdict.OPEN),
        (
            [bought("p1", "2023-08-02"), bought("p2", "2024-08-02"), bought("p3", "2025-08-02")],
            RenewalVerdict.CLOSED,
        ),
        ([bought("p1", "2023-08-02", "care-refresh-2y"), bought("p2", "2025-08-02")], RenewalVerdict.CLOSED),
        ([bought("p1", "2024-06-02"), bought("p2", "2025-06-02", "care-refresh-plus")], RenewalVerdict.OPEN),
    ],
)
def test_what_was_bought_decides_and_three_years_are_the_most(
    plans: list[dict[str, Any]], verdict: RenewalVerdict
) -> None:
    assert assess("2025-09-01T00:00:00Z", plans=plans).renewal.verdict is verdict


def test_a_used_up_plan_renews_today_but_not_by_the_old_terms() -> None:
    uses = [use("k1", "2025-05-01"), use("k2", "2025-06-01")]
    assert assess("2025-07-01T00:00:00Z", plans=[plan()], claims=uses).renewal.verdict is RenewalVerdict.OPEN
    old = [use("k1", "2022-05-01"), use("k2", "2022-06-01")]
    found = assess("2022-07-01T00:00:00Z", plans=[bought("p1", "2022-03-11")], claims=old).renewal
    assert found.verdict is RenewalVerdict.CLOSED


def test_before_july_2023_a_plan_went_on_with_care_refresh_plus_until_its_last_day() -> None:
    found = assess("2022-12-01T00:00:00Z", plans=[bought("p1", "2022-03-11")]).renewal
    assert (found.verdict, found.product) == (RenewalVerdict.OPEN, PlanProduct.PLUS)
    assert found.until == date(2023, 3, 10)
    assert assess("2023-03-11T00:00:00Z", plans=[bought("p1", "2022-03-11")]).renewal.verdict is RenewalVerdict.CLOSED


def test_an_unused_first_plan_of_a_listed_model_earns_a_year() -> None:
    first = bought("p1", "2024-09-02")
    found = assess("2025-10-01T00:00:00Z", device(model="DJI Mini 3 Pro"), plans=[first]).warranty
    [reward] = [span for span in found if span.basis is WarrantyBasis.SAFE_USE_REWARD]
    assert (reward.from_day, reward.until_day) == (date(2025, 9, 2), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("model", "at", "claims"),
    [
        ("DJI Mini 3 Pro", "2025-09-01T12:00:00Z", []),
        ("DJI Mini 3 Pro", "2025-10-01T00:00:00Z", [use("k1", "2025-05-01")]),
        ("DJI Mini 4 Pro", "2025-10-01T00:00:00Z", []),
    ],
)
def test_no_reward_while_it_runs_after_a_use_or_off_the_list(model: str, at: str, claims: list[dict[str, Any]]) -> None:
    found = assess(at, device(model=model), plans=[bought("p1", "2024-09-02")], claims=claims).warranty
    assert WarrantyBasis.SAFE_USE_REWARD not in {span.basis for span in found}


def test_a_renewal_earns_no_second_reward() -> None:
    plans = [bought("p1", "2023-09-02"), bought("p2", "2024-09-02")]
    found = assess("2025-10-01T00:00:00Z", device(model="DJI Mini 3 Pro"), plans=plans).warranty
    rewards = [span.from_day for span in found if span.basis is WarrantyBasis.SAFE_USE_REWARD]
    assert rewards == [date(2024, 9, 2)]


def test_the_old_terms_end_the_plans_warranty_with_its_last_replacement() -> None:
    old = [use("k1", "2022-05-01"), use("k2", "2022-06-01")]
    found = assess("2022-07-01T00:00:00Z", plans=[bought("p1", "2022-03-11")], claims=old).warranty
    assert [span.until_day for span in found if span.basis is WarrantyBasis.CARE_PLAN] == [date(2022, 6, 1)]
    new = [use("k1", "2025-05-01"), use("k2", "2025-06-01")]
    found = assess("2025-07-01T00:00:00Z", plans=[plan()], claims=new).warranty
    assert [span.until_day for span in found if span.basis is WarrantyBasis.CARE_PLAN] == [date(2026, 3, 10)]


def test_a_known_table_gives_each_part_its_own_end_and_others_stay_unknown() -> None:
    spark = device(model="DJI Spark", received_on="2019-10-01")
    parts = {span.part: span.until_day for span in assess("2020-01-01T00:00:00Z", spark).warranty}
    assert parts["main-controller"] == date(2020, 9, 30)
    assert parts["battery"] == date(2020, 3, 31)
    assert "propellers" not in parts
    [unknown] = assess("2025-07-01T00:00:00Z", device(received_on="2025-03-01")).warranty
    assert (unknown.basis, unknown.until_day) == (WarrantyBasis.STANDARD, None)
    assert "HP-NOT-FOUND-WARRANTY" in unknown.because


def test_a_repair_is_under_warranty_for_ninety_days() -> None:
    repaired = use("k1", "2025-05-01", "repair-paid", steps=("repaired",))
    found = assess("2025-06-01T00:00:00Z", claims=[repaired]).warranty
    [after] = [span for span in found if span.basis is WarrantyBasis.AFTER_SERVICE]
    assert (after.from_day, after.until_day) == (date(2025, 5, 1), date(2025, 7, 30))
