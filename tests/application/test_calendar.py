"""How one issue of the calendar follows on the last: sequences only rise, and what vanishes is cancelled once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.calendar import (
    CANCELLED_KEPT,
    NO_LONGER_DUE,
    CalendarEvent,
    Issue,
    Issued,
    IssueState,
    Kept,
    Records,
    adopted,
    devices_with_deadlines,
    kept_from,
    kept_text,
    next_issue,
)
from homepoint.application.workspace import LISTED_AFTER_PASSING, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Condition, DeviceStatus
from homepoint.domain.values import Region
from tests import builders as make

NOW, DAY = make.NOW, timedelta(days=1)


def event(
    uid: str = "a", starts: datetime | date = date(2026, 6, 1), title: str = "Renew", **values: str
) -> CalendarEvent:
    """Return an event that lies ahead."""
    return CalendarEvent(uid=uid, title=title, starts=starts, alarms=(DAY,), **values)  # type: ignore[arg-type]  # texts


def issued(known: Records, *events: CalendarEvent, days: float = 0) -> Issue:
    """Return the issue some days after NOW."""
    return next_issue(events, known, NOW + timedelta(days=days))


def test_a_first_issue_begins_at_zero() -> None:
    issue = issued({}, event())
    assert [(each.sequence, each.event) for each in issue.events] == [(0, event())]
    assert issue.events[0].issued_at == NOW.astimezone(UTC)


def test_an_unchanged_event_stays_as_it_was_first_issued() -> None:
    first = issued({}, event())
    assert issued(first.records, event(), days=9) == first


@pytest.mark.parametrize(
    "changed",
    [
        event(starts=date(2026, 6, 2)),
        event(starts=datetime(2026, 6, 1, tzinfo=UTC)),
        event(title="Renew now"),
        event(description="Because."),
        replace(event(), alarms=()),
    ],
)
def test_whatever_changes_in_an_event_its_sequence_rises(changed: CalendarEvent) -> None:
    issue = issued(issued({}, event()).records, changed, days=1)
    assert [(each.sequence, each.event) for each in issue.events] == [(1, changed)]
    assert issue.events[0].issued_at == (NOW + DAY).astimezone(UTC)


def test_what_vanishes_is_cancelled_once_kept_for_sixty_days_and_then_left_out() -> None:
    first = issued({}, event())
    gone = issued(first.records, days=1)
    (cancelled,) = gone.events
    assert cancelled.event == CalendarEvent(
        uid="a", title=NO_LONGER_DUE + "Renew", starts=date(2026, 6, 1), is_cancelled=True
    )
    assert cancelled.sequence == 1
    assert issued(gone.records, days=60) == gone
    over = issued(gone.records, days=1 + CANCELLED_KEPT.days)
    assert over.events == ()
    assert over.records["a"].state is IssueState.LEFT_OUT


def test_a_deadline_that_comes_back_rises_even_after_it_was_left_out() -> None:
    records = issued(issued({}, event()).records, days=1).records
    assert [each.sequence for each in issued(records, event(), days=2).events] == [2]
    left_out = issued(records, days=70).records
    late = event(starts=date(2026, 12, 1))
    assert [(each.sequence, each.event) for each in issued(left_out, late, days=71).events] == [(2, late)]


def test_a_deadline_that_passed_stays_for_thirty_days_and_is_then_left_out_without_being_cancelled() -> None:
    passing = event(starts=NOW + DAY)
    records = issued({}, passing).records
    assert [each.sequence for each in issued(records, passing, days=30).events] == [0]
    for after in (issued(records, passing, days=31), issued(records, days=31)):
        assert after.events == ()
        assert after.records["a"].state is IssueState.LEFT_OUT


def test_a_deadline_whose_date_turns_out_to_be_long_past_is_cancelled_where_it_stood() -> None:
    (told,) = issued(issued({}, event()).records, event(starts=date(2026, 1, 1))).events
    assert (told.event.is_cancelled, told.event.starts, told.sequence) == (True, date(2026, 6, 1), 1)


def test_a_deadline_met_after_it_passed_is_cancelled() -> None:
    records = issued({}, event(starts=NOW + DAY)).records
    assert [each.event.is_cancelled for each in issued(records, days=3).events] == [True]


@pytest.mark.parametrize("starts", [NOW, NOW - DAY, (NOW - DAY).date()])
def test_what_had_passed_before_it_was_ever_issued_is_not_issued(starts: datetime | date) -> None:
    assert issued({}, event(starts=starts)).events == ()


def test_a_last_day_is_still_issued_on_that_day() -> None:
    assert len(issued({}, event(starts=NOW.date())).events) == 1


def test_the_earliest_comes_first_whatever_the_order_given() -> None:
    found = [event("b", date(2026, 7, 1)), event("c", NOW + DAY), event("a", date(2026, 6, 1))]
    assert [each.event.uid for each in issued({}, *found).events] == ["c", "a", "b"]
    assert issued({}, *found) == issued({}, *reversed(found))


def test_what_a_calendar_itself_says_counts_where_it_is_further() -> None:
    here, there = issued({}, event("a"), event("b")).records, issued({}, event("a", title="x"), event("c")).records
    ahead = {uid: replace(each, sequence=7) for uid, each in there.items()}
    merged = adopted(here, ahead)
    assert {uid: each.sequence for uid, each in merged.items()} == {"a": 7, "b": 0, "c": 7}
    assert adopted(here, there)["a"] == here["a"]
    assert [each.sequence for each in issued(merged, event("a")).events if each.event.uid == "a"] == [8]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"events": {"a": {}}, "tags": {}}', '{"events": 3, "tags": {}}']
)
def test_a_memory_that_cannot_be_read_counts_as_none(text: str) -> None:
    assert kept_from(text) == Kept()


def test_a_memory_is_read_as_it_was_kept() -> None:
    records = issued(issued({}, event("a"), event("b", NOW + DAY)).records, event("b", NOW + DAY)).records
    kept = Kept(records=records, tags={"b": '"1"'})
    assert kept_from(kept_text(kept)) == kept


def test_the_devices_of_the_agenda_are_found_once_every_standing_is_fresh(tmp_path: Path) -> None:
    library, terms = make.library_at(tmp_path / "library.sqlite"), load_terms()
    fresh = make.device("d1", activated_at=NOW - DAY, region=Region("DE"), condition=Condition.NEW)
    library.write(make.adding(fresh, make.device("d2"), make.device("d3", status=DeviceStatus.SOLD)), NOW)
    assert devices_with_deadlines(library, terms, NOW) is None, "or their events would be cancelled"
    Workspace(library, terms, lambda: NOW).refresh_some(NOW)
    found = devices_with_deadlines(library, terms, NOW)
    assert found is not None
    assert [facts.device for facts in found] == [fresh]
    assert found[0] == library.device_facts(fresh.id)
    library.close()


_EVENTS = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(
        lambda title, day: (title, date(2026, 5, 1) + timedelta(days=day)),
        st.sampled_from(["x", "y"]),
        st.integers(0, 120),
    ),
)


@given(st.lists(st.tuples(st.integers(0, 40), _EVENTS), max_size=12))
def test_through_any_history_sequences_only_rise_and_each_change_is_told_once(
    rounds: list[tuple[int, dict[str, tuple[str, date]]]],
) -> None:
    """Whatever comes, changes, goes and comes back: this is what any calendar that reads along may rely on."""
    records: Records = {}
    now, seen = NOW, dict[str, Issued]()
    for days, wanted in rounds:
        now += timedelta(days=days)
        events = [event(uid, starts, title) for uid, (title, starts) in wanted.items()]
        issue = next_issue(events, records, now)
        assert next_issue(events, issue.records, now) == issue, "a second issue at once changes nothing"
        told = {each.event.uid: each for each in issue.events}
        assert len(told) == len(issue.events)
        for uid, each in told.items():
            long_passed = uid in wanted and now.date() > wanted[uid][1] + LISTED_AFTER_PASSING
            assert each.event.is_cancelled is (uid not in wanted or long_passed)
            if uid in seen:
                is_same = (seen[uid].digest, seen[uid].issued_at) == (each.event.digest, each.issued_at)
                assert each.sequence == seen[uid].sequence if is_same else each.sequence > seen[uid].sequence
                if seen[uid].digest == each.event.digest and issue.records[uid].state is records[uid].state:
                    assert is_same, "nothing changed, so nothing may differ"
            seen[uid] = issue.records[uid]
        for uid, (_, starts) in wanted.items():
            is_ahead = now.date() <= starts
            assert not is_ahead or uid in told, "a deadline ahead is always in the calendar"
        records = issue.records
        assert kept_from(kept_text(Kept(records=records))).records == records
