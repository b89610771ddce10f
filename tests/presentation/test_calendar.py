"""The deadlines as calendar events: what they are called, when they ring, and names that outlast a moved date."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.calendar import CalendarEvent
from homepoint.domain.assessment import DeadlineKind, DeadlineState
from homepoint.domain.rules.evaluate import evaluate
from homepoint.presentation.calendar import USUAL_LEADS, Leads, calendar_events, event_uid
from tests.domain.owner import TERMS, device, facts_of, instant, plan, use

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRESH = device(activated_at="2025-03-10T10:00:00Z", nickname="Kestrel")


def events(at: str, *devices: dict[str, Any], leads: Leads = USUAL_LEADS, **kinds: Any) -> list[CalendarEvent]:
    """Return the events of these devices at an instant."""
    known = facts_of(*devices, zone="Europe/Berlin", **kinds)
    return list(calendar_events([(each, evaluate(each, TERMS, instant(at))) for each in known], TERMS, leads))


def of_kind(found: list[CalendarEvent], title: str) -> list[CalendarEvent]:
    """Return the events whose title begins so."""
    return [event for event in found if event.title.startswith(title)]


def premium(id: str, paid_on: str) -> dict[str, Any]:
    """Return an Express Premium claim whose old unit has not been sent yet."""
    return use(id, paid_on, "express-premium", steps=("fee-paid", "deposit-held"))


def test_the_hours_to_buy_a_plan_end_at_an_instant_and_ring_in_the_last_day() -> None:
    (event,) = of_kind(events("2025-03-11T00:00:00Z", FRESH), "Buy a care plan")
    assert event.title == "Buy a care plan: Kestrel"
    assert event.starts == datetime(2025, 3, 12, 10, tzinfo=UTC)
    assert event.alarms == (24 * HOUR, 6 * HOUR, HOUR)
    assert not event.is_cancelled


def test_an_event_says_what_is_lost_until_when_and_by_which_clause() -> None:
    (event,) = of_kind(events("2025-03-11T00:00:00Z", FRESH), "Buy a care plan")
    assert event.description.startswith("After this, a plan can only be bought once DJI has checked the device.")
    assert "Open until 12 Mar 2025, 11:00 (Europe/Berlin)." in event.description
    deadline = evaluate(facts_of(FRESH)[0], TERMS, instant("2025-03-11T00:00:00Z")).deadlines[0]
    assert deadline.kind is DeadlineKind.FIRST_PURCHASE
    for clause in deadline.because:
        assert TERMS.clauses[clause].says in event.description
        assert clause in event.description


def test_the_last_day_to_renew_is_a_whole_day_and_rings_in_the_morning() -> None:
    (event,) = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan()]), "Renew the care plan")
    assert type(event.starts) is date
    assert event.alarms == tuple(days * DAY - 9 * HOUR for days in (30, 14, 3, 0))
    assert "Care Refresh 1-Year can no longer be renewed" in event.description
    assert "Open until the end of " in event.description


def test_hours_before_the_end_of_a_day_window_ring_on_its_last_day() -> None:
    leads = {DeadlineKind.RENEWAL: (6 * HOUR, HOUR, DAY)}
    (event,) = of_kind(events("2026-03-01T00:00:00Z", FRESH, leads=leads, plans=[plan()]), "Renew the care plan")
    assert event.alarms == (15 * HOUR, -18 * HOUR, -23 * HOUR)


def test_a_kind_without_lead_times_does_not_ring() -> None:
    assert all(event.alarms == () for event in events("2025-03-11T00:00:00Z", FRESH, leads={}))


def test_every_kind_of_deadline_has_lead_times_of_its_own() -> None:
    assert set(USUAL_LEADS) == set(DeadlineKind)
    assert USUAL_LEADS[DeadlineKind.RETURN_LAST] == (4 * DAY, 2 * DAY, DAY, 0 * DAY)
    assert USUAL_LEADS[DeadlineKind.PLAN_END] == (30 * DAY, 7 * DAY, DAY)


def test_a_met_deadline_has_no_event() -> None:
    known = facts_of(FRESH, plans=[plan()])[0]
    met = [d for d in evaluate(known, TERMS, instant("2025-03-12T00:00:00Z")).deadlines if d.state is DeadlineState.MET]
    assert {each.kind for each in met} == {DeadlineKind.FIRST_PURCHASE}
    assert not of_kind(events("2025-03-12T00:00:00Z", FRESH, plans=[plan()]), "Buy a care plan")


def test_a_corrected_date_keeps_the_name_of_its_event() -> None:
    (before,) = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan()]), "Renew")
    (after,) = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan(starts_on="2025-03-20")]), "Renew")
    assert before.uid == after.uid
    assert before.starts != after.starts
    assert before.digest != after.digest


def test_the_renewals_of_two_plans_of_one_device_are_two_events() -> None:
    second = plan(id="p2", purchased_at="2026-03-05T08:00:00Z", bound_at="2026-03-05T08:00:00Z", starts_on="2026-03-11")
    (first,) = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan()]), "Care plan ends")
    (next_,) = of_kind(events("2027-03-01T00:00:00Z", FRESH, plans=[plan(), second]), "Care plan ends")
    assert first.uid != next_.uid
    renewing = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan()]), "Renew")
    another = of_kind(events("2026-03-01T00:00:00Z", FRESH, plans=[plan(id="p9")]), "Renew")
    assert renewing[0].uid != another[0].uid


def test_the_renewal_belongs_to_the_plan_that_ends_last() -> None:
    second = plan(id="p2", purchased_at="2026-03-05T08:00:00Z", bound_at="2026-03-05T08:00:00Z", starts_on="2026-03-11")
    found = of_kind(events("2026-03-06T00:00:00Z", FRESH, plans=[second, plan()]), "Renew")
    assert [event.uid for event in found] in ([], [event_uid("d1", DeadlineKind.RENEWAL, "p2")])
    assert [event.uid for event in of_kind(events("2026-03-06T00:00:00Z", FRESH, plans=[plan()]), "Renew")] == [
        event_uid("d1", DeadlineKind.RENEWAL, "p1")
    ]


def test_two_claims_of_one_device_have_their_own_limits_to_return() -> None:
    claims = [premium("k1", "2025-06-01"), premium("k2", "2025-06-05")]
    found = of_kind(events("2025-06-06T00:00:00Z", FRESH, plans=[plan()], claims=claims), "Return the old unit, last")
    assert len({event.uid for event in found}) == 2
    later = [premium("k1", "2025-06-01"), premium("k2", "2025-06-06")]
    moved = of_kind(events("2025-06-07T00:00:00Z", FRESH, plans=[plan()], claims=later), "Return the old unit, last")
    assert [event.uid for event in found] == [event.uid for event in moved]
    assert [event.starts for event in found] != [event.starts for event in moved]


def test_a_window_after_a_check_belongs_to_that_check() -> None:
    def notice(id: str, at: str) -> dict[str, Any]:
        return {"id": id, "device": "d1", "kind": "video", "result": "passed", "notice_at": at}

    late = "2025-06-11T00:00:00Z"
    (first,) = of_kind(
        events(late, FRESH, purchase_notices=[notice("n1", "2025-06-10T08:00:00Z")]), "Buy a care plan a"
    )
    (moved,) = of_kind(
        events(late, FRESH, purchase_notices=[notice("n1", "2025-06-10T09:00:00Z")]), "Buy a care plan a"
    )
    both = [notice("n2", "2025-06-10T20:00:00Z"), notice("n1", "2025-06-10T08:00:00Z")]
    (second,) = of_kind(events(late, FRESH, purchase_notices=both), "Buy a care plan a")
    assert first.uid == moved.uid != second.uid
    assert first.starts != moved.starts


def test_two_devices_of_one_name_are_told_apart_by_their_last_four() -> None:
    other = device(id="d2", serial="1581F6Z9C24AU0099XYZ", activated_at="2025-03-10T10:00:00Z", nickname="Kestrel")
    titles = [event.title for event in of_kind(events("2025-03-11T00:00:00Z", FRESH, other), "Buy a care plan")]
    assert titles == ["Buy a care plan: Kestrel …4SRD", "Buy a care plan: Kestrel …9XYZ"]


def test_no_event_holds_a_serial() -> None:
    found = events("2025-06-02T00:00:00Z", FRESH, plans=[plan()], claims=[premium("k1", "2025-06-01")])
    assert found
    assert not any("1581F6Z9C24AU0034SRD" in f"{event.uid} {event.title} {event.description}" for event in found)
    assert all(event.uid.endswith("@homepoint") for event in found)


@given(st.text(), st.text(), st.sampled_from(DeadlineKind), st.sampled_from(DeadlineKind), st.text(), st.text())
def test_events_have_the_same_name_only_where_they_are_the_same(
    device: str, another: str, kind: DeadlineKind, other_kind: DeadlineKind, of: str, other_of: str
) -> None:
    same = (device, kind, of) == (another, other_kind, other_of)
    assert (event_uid(device, kind, of) == event_uid(another, other_kind, other_of)) is same


@given(moved=st.dates(date(2025, 3, 1), date(2025, 12, 1)), zone=st.sampled_from(["UTC", "Asia/Tokyo"]))
def test_whatever_the_first_day_of_a_plan_its_events_keep_their_names(moved: date, zone: str) -> None:
    def uids(starts_on: date) -> set[str]:
        known = facts_of(FRESH, zone=zone, plans=[plan(starts_on=starts_on.isoformat())])[0]
        at = datetime(2025, 12, 2, tzinfo=ZoneInfo(zone))
        found = calendar_events([(known, evaluate(known, TERMS, at))], TERMS)
        return {event.uid for event in found if event.title.startswith(("Renew", "Care plan ends"))}

    assert uids(moved) == uids(date(2025, 3, 11)) != set()
