"""The cover timeline as values: lanes, exact words, unknown ends, marks, and an axis that fits."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from homepoint.catalogue import load_terms
from homepoint.domain.facts import Category, ClaimStep, PlanProduct, Service, Step
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import DeviceFacts
from homepoint.presentation.timeline import Lane, Timeline, ticks, timeline
from tests import builders as make
from tests.builders import BERLIN, NOW

TERMS = load_terms()
BOUND = datetime(2025, 3, 11, 9, 10, tzinfo=BERLIN)


def drawn(at: datetime = NOW, device: dict[str, Any] | None = None, **kinds: Any) -> Timeline:
    """Return the timeline of a German device."""
    facts = DeviceFacts(device=make.device(**{"region": "DE", **(device or {})}), zone=BERLIN, **kinds)
    return timeline(evaluate(facts, TERMS, at), facts, TERMS, is_now=at == NOW)


def lane(shown: Timeline, name: str) -> Lane:
    """Return a lane."""
    return next(each for each in shown.lanes if each.name == name)


def test_a_plan_is_drawn_from_its_first_midnight_to_the_end_of_its_last_day() -> None:
    span = lane(drawn(plans=(make.plan(bound_at=BOUND),)), "Care plan").spans[0]
    assert span.starts_at == datetime(2025, 3, 11, tzinfo=BERLIN)
    assert span.ends_at == datetime(2026, 3, 11, tzinfo=BERLIN)
    assert span.detail == "Care Refresh 1-Year: from 11 Mar 2025 to 10 Mar 2026, that day included."


def test_the_renewal_window_ends_with_its_last_day() -> None:
    span = lane(drawn(plans=(make.plan(bound_at=BOUND),), at=NOW - timedelta(days=50)), "Renewal").spans[0]
    assert span.ends_at == datetime(2026, 3, 26, tzinfo=BERLIN)


def test_a_plan_without_a_start_is_drawn_as_not_known() -> None:
    span = lane(drawn(plans=(make.plan(),)), "Care plan").spans[0]
    assert (span.starts_at, span.ends_at) == (None, None)
    assert "its beginning is not known" in span.detail


def test_a_used_replacement_is_a_mark_with_its_instant() -> None:
    steps = (ClaimStep(step=Step.FEE_PAID, at=BOUND + timedelta(days=30)),)
    claim = make.claim(service=Service.FLYAWAY_REPORT, plan="p1", steps=steps)
    plan = make.plan(bound_at=BOUND, product=PlanProduct.TWO_YEARS)
    mark = lane(drawn(plans=(plan,), claims=(claim,)), "Care plan").marks[0]
    assert mark.detail == "Flyaway replacement 1 of Care Refresh 2-Year used: 10 Apr 2025, 09:10."


def test_parts_with_the_same_days_share_a_row() -> None:
    shown = drawn(device={"model": "DJI Mavic Air", "received_on": date(2026, 1, 1)})
    rows = shown.lanes[[each.name for each in shown.lanes].index("Warranty") :]
    assert [each.name for each in rows] == ["Warranty", ""]
    assert rows[0].spans[0].label.startswith("Main controller, remote controller")


def test_the_first_purchase_window_is_exact_to_the_hour() -> None:
    shown = drawn(device={"activated_at": NOW - timedelta(hours=5), "category": Category.AIRCRAFT})
    span = lane(shown, "First purchase").spans[0]
    assert span.ends_at == NOW + timedelta(hours=43)
    assert span.detail == "Buy a plan: from 4 May 2026, 07:00 until 6 May 2026, 07:00."


def test_the_reward_after_an_unused_first_plan_has_its_own_lane() -> None:
    plan = make.plan(bound_at=BOUND)
    model = next(iter(TERMS.editions[-1].reward_models.models))  # type: ignore[union-attr]  # this edition has some
    shown = drawn(device={"model": model}, plans=(plan,))
    assert lane(shown, "Extended warranty").spans[0].label == "Safe-use reward"


def test_everything_drawn_lies_within_the_range_and_in_the_description() -> None:
    shown = drawn(at=NOW + timedelta(days=2000), plans=(make.plan(bound_at=BOUND),))
    for each in shown.lanes:
        for span in each.spans:
            assert span.detail in shown.description
            assert all(shown.from_at <= at <= shown.until_at for at in (span.starts_at, span.ends_at) if at)
    assert shown.from_at < shown.at < shown.until_at
    assert shown.at_label == "25 Oct 2031"


@given(
    begins=some.dates(date(2005, 1, 1), date(2150, 1, 1)),
    days=some.integers(1, 12_000),
    most=some.integers(1, 30),
)
def test_an_axis_never_has_more_lines_than_fit_and_they_rise(begins: date, days: int, most: int) -> None:
    from_at = datetime(begins.year, begins.month, begins.day, tzinfo=BERLIN)
    found = ticks(from_at, from_at + timedelta(days=days), BERLIN, most)
    assert len(found) <= max(most, 1) + days // 3650 + 1
    assert all(one.at < other.at for one, other in pairwise(found))
    assert all(from_at <= each.at for each in found)
