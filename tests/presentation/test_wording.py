"""What the owner reads is true at every instant: countdowns, urgency, dates, losses and names."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import DeadlineKind, Gap
from homepoint.domain.facts import PlanProduct
from homepoint.presentation.wording import (
    Urgency,
    act_for,
    countdown_text,
    deadline_name,
    flyaway_text,
    gap_in_short,
    gap_remedy,
    gap_sentence,
    loss_of,
    lost_by,
    moment_text,
    region_name,
    until_text,
    urgency_of,
    when_text,
)
from tests.builders import BERLIN

NOW = datetime(2026, 6, 1, 10, 30, tzinfo=BERLIN)
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def _seconds(text: str) -> int:
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+) ([dhms])\b", text))


@given(left=st.timedeltas(timedelta(0), timedelta(days=400)), later=st.timedeltas(timedelta(0), timedelta(days=10)))
def test_a_countdown_never_grows_and_never_goes_below_nothing(left: timedelta, later: timedelta) -> None:
    target = NOW + left
    earlier_text, later_text = countdown_text(target, NOW), countdown_text(target, NOW + later)
    assert "-" not in earlier_text + later_text
    if later_text.endswith("left"):
        assert 0 <= _seconds(later_text) <= _seconds(earlier_text)


@given(left=st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_a_countdown_never_promises_more_than_is_left(left: timedelta) -> None:
    assert _seconds(countdown_text(NOW + left, NOW)) <= left.total_seconds()


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=2, hours=4, minutes=12), "2 d 4 h 12 m left"),
        (timedelta(hours=1), "1 h 0 m left"),
        (timedelta(minutes=42, seconds=7), "42 m 07 s left"),
        (timedelta(0), "just now"),
        (-timedelta(minutes=1), "1 minute ago"),
        (-timedelta(hours=5), "5 hours ago"),
        (-timedelta(days=3, hours=2), "3 days ago"),
    ],
)
def test_an_hour_window_counts_days_hours_minutes_and_in_the_last_hour_seconds(left: timedelta, text: str) -> None:
    assert countdown_text(NOW + left, NOW) == text


@pytest.mark.parametrize(
    ("day", "countdown", "until"),
    [
        (date(2026, 6, 1), "last day", "until the end of today"),
        (date(2026, 6, 2), "1 day left", "until the end of tomorrow"),
        (date(2026, 6, 16), "15 days left", "until the end of 16 June"),
        (date(2027, 6, 1), "365 days left", "until the end of 1 June 2027"),
        (date(2026, 5, 31), "yesterday", "until the end of 31 May"),
        (date(2026, 5, 29), "3 days ago", "until the end of 29 May"),
    ],
)
def test_a_day_window_counts_calendar_days(day: date, countdown: str, until: str) -> None:
    assert (countdown_text(day, NOW), until_text(day, NOW)) == (countdown, until)


def test_instants_are_shown_by_the_owners_clock() -> None:
    at = datetime(2025, 3, 12, 10, 0, tzinfo=UTC)
    assert moment_text(at, BERLIN) == "12 Mar 2025, 11:00"
    assert when_text(datetime(2026, 6, 1, 22, 30, tzinfo=UTC), NOW) == "00:30 tomorrow"


@pytest.mark.parametrize(
    ("left", "urgency"),
    [
        (timedelta(0), Urgency.OVERDUE),
        (timedelta(microseconds=1), Urgency.TODAY),
        (timedelta(hours=24), Urgency.TODAY),
        (timedelta(hours=25), Urgency.SOON),
        (timedelta(days=14), Urgency.SOON),
        (timedelta(days=16), Urgency.LATER),
    ],
)
def test_urgency_follows_the_time_left(left: timedelta, urgency: Urgency) -> None:
    assert urgency_of(NOW + left, NOW) is urgency


@given(first=st.timedeltas(-timedelta(days=40), timedelta(days=40)), more=st.timedeltas(timedelta(0)))
def test_what_ends_later_is_never_more_urgent(first: timedelta, more: timedelta) -> None:
    order = list(Urgency)
    more = min(more, timedelta(days=900))
    assert order.index(urgency_of(NOW + first, NOW)) <= order.index(urgency_of(NOW + first + more, NOW))


@pytest.mark.parametrize("kind", list(DeadlineKind))
def test_every_deadline_has_a_name_a_loss_and_an_act(kind: DeadlineKind) -> None:
    for text in (loss_of(kind, PlanProduct.ONE_YEAR), loss_of(kind), lost_by(kind), lost_by(kind, PlanProduct.PLUS)):
        assert text.endswith(".")
        assert "{" not in text
    for passed in (False, True):
        assert deadline_name(kind, passed=passed)
        assert act_for(kind, passed=passed).text


@pytest.mark.parametrize("gap", list(Gap))
def test_every_gap_says_what_is_missing_and_what_closes_it(gap: Gap) -> None:
    assert gap_in_short(gap)
    assert gap_sentence(gap).endswith(".")
    assert gap_remedy(gap).endswith(".")


def test_a_flyaway_answer_names_the_first_gap_or_both_bindings() -> None:
    assert flyaway_text(()) == "ready"
    assert flyaway_text((Gap.CONTROLLER_BINDING,)) == "not ready - controller not bound"
    assert flyaway_text((Gap.ACCOUNT_BINDING, Gap.CONTROLLER_BINDING)).endswith("account and controller not bound")
    assert flyaway_text((Gap.PLAN, Gap.CONTROLLER_BINDING)) == "not ready - no care plan"


def test_a_region_without_a_name_shows_its_code() -> None:
    assert (region_name("DE"), region_name("QQ"), region_name(None)) == ("Germany", "QQ", "Not known")
