"""Reminders come at the lead times, once each, whatever the clock, the zone and the marks of other computers do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from homepoint.domain.assessment import DeadlineKind
from homepoint.domain.lead_times import (
    DEFAULT_LEADS,
    Lead,
    LeadTimes,
    LeadUnit,
    ReminderKind,
    lead_name,
    lead_of,
    lead_problem,
    lead_times_of,
)
from homepoint.domain.reminder_record import (
    KEPT_AFTER_PASSING,
    Record,
    Told,
    done_name,
    mute_name,
    outlived,
    snooze_name,
    told_name,
)
from homepoint.domain.reminders import DeviceDeadline, due_at, kind_of_reminder, reminders_of
from homepoint.domain.rules.reminding import Announcement, Look, due, next_turn
from homepoint.domain.values import DeviceId, end_of

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from([BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("UTC")])
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
LEADS = st.builds(Lead, count=st.integers(1, 40), unit=st.sampled_from(LeadUnit))
LEAD_SETS = st.lists(LEADS, min_size=1, max_size=5).map(tuple)


def on(day: date, kind: DeadlineKind = DeadlineKind.RENEWAL, zone: ZoneInfo = BERLIN) -> DeviceDeadline:
    """Return a deadline at the end of a day."""
    return DeviceDeadline(device=DeviceId("d1"), kind=kind, at=day, ends_at=end_of(day, zone).astimezone(UTC))


def at(instant: datetime) -> DeviceDeadline:
    """Return the deadline of a window of hours."""
    return DeviceDeadline(device=DeviceId("d1"), kind=DeadlineKind.FIRST_PURCHASE, at=instant, ends_at=instant)


def looked(
    deadline: DeviceDeadline,
    since: datetime,
    now: datetime,
    marks: dict[str, str] | None = None,
    *,
    zone: ZoneInfo = BERLIN,
    times: LeadTimes | None = None,
    with_ends: bool = False,
) -> tuple[Announcement, ...]:
    """Return what one look tells of one deadline."""
    look = Look(since=since, now=now, zone=zone, zone_before=zone)
    reminders = reminders_of([deadline], times or LeadTimes(), zone)
    return due(reminders, Record(marks or {}), look, with_ends=with_ends)


def leads(announcements: tuple[Announcement, ...]) -> list[str]:
    """Return the reminders of at most one announcement."""
    assert len(announcements) <= 1
    return [str(each.lead) for found in announcements for each in found.reminders]


def test_days_before_a_day_come_at_nine_by_the_owners_clock_and_hours_to_the_second() -> None:
    renewal = reminders_of([on(date(2026, 4, 10))], LeadTimes(), BERLIN)
    assert [each.due_at.astimezone(BERLIN).isoformat() for each in renewal] == [
        "2026-03-11T09:00:00+01:00",
        "2026-03-27T09:00:00+01:00",
        "2026-04-07T09:00:00+02:00",
        "2026-04-10T09:00:00+02:00",
    ]
    ends_at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # the clocks change half an hour before
    hours = reminders_of([at(ends_at.astimezone(BERLIN))], LeadTimes(), BERLIN)
    assert [ends_at - each.due_at for each in hours] == [timedelta(hours=each) for each in (24, 6, 1)]


def test_a_window_of_hours_and_one_of_days_have_their_own_lead_times() -> None:
    assert kind_of_reminder(DeadlineKind.FIRST_PURCHASE, datetime(2026, 1, 1, tzinfo=UTC)) == "buy-within-hours"
    assert kind_of_reminder(DeadlineKind.FIRST_PURCHASE, date(2026, 1, 1)) == "buy-within-days"
    assert {kind_of_reminder(kind, date(2026, 1, 1)) for kind in DeadlineKind} == set(ReminderKind) - {
        ReminderKind.BUY_WITHIN_HOURS
    }
    assert all(not lead_problem(kind, found) for kind, found in DEFAULT_LEADS.items())


def test_the_key_is_the_same_in_every_time_zone_and_another_for_another_date() -> None:
    instant = datetime(2026, 5, 4, 12, tzinfo=BERLIN)
    assert (
        at(instant).key
        == at(instant.astimezone(ZoneInfo("Asia/Tokyo"))).key
        == "d1/first-purchase/2026-05-04T10:00:00Z"
    )
    assert on(date(2026, 5, 4)).key != on(date(2026, 5, 5)).key


def test_what_passed_since_the_last_look_is_one_announcement_with_each_reminder_named() -> None:
    deadline = on(date(2026, 4, 10))
    since, now = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 8, tzinfo=UTC)
    assert leads(looked(deadline, since, now)) == ["30d", "14d", "3d"]
    assert leads(looked(deadline, now, now)) == []


def test_what_had_passed_before_the_date_was_known_waits_for_the_next_one_unless_there_is_none() -> None:
    deadline = on(date(2026, 4, 10))
    noon = datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert looked(deadline, noon, noon) == ()
    last_day = datetime(2026, 4, 10, 12, tzinfo=UTC)
    assert leads(looked(deadline, last_day, last_day)) == ["0d"]
    assert looked(deadline, last_day + timedelta(days=1), last_day + timedelta(days=1)) == ()


def test_only_the_list_at_the_start_tells_of_windows_that_ended_without_a_reminder() -> None:
    deadline = on(date(2026, 4, 10))
    since, now = datetime(2026, 4, 10, 12, tzinfo=UTC), datetime(2026, 4, 11, 12, tzinfo=UTC)
    told = {told_name(deadline.key): Told(lead=lead_of("0d"), at=since - timedelta(hours=2), by="desk").text()}
    assert looked(deadline, since, now, told) == ()
    [found] = looked(deadline, since, now, told, with_ends=True)
    assert (found.has_ended, found.reminders, found.came_at) == (True, (), deadline.ends_at)
    told = {told_name(deadline.key): Told(lead=None, at=now, by="laptop").text()}
    assert looked(deadline, since, now, told, with_ends=True) == ()


def test_done_and_muted_deadlines_are_silent_and_a_new_date_is_not() -> None:
    deadline, moved = on(date(2026, 4, 10)), on(date(2026, 4, 11))
    since, now = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 8, 12, tzinfo=UTC)
    for name in (done_name(deadline.key), mute_name(deadline.device), mute_name(ReminderKind.RENEWAL)):
        assert looked(deadline, since, now, {name: "{}"}) == ()
    assert leads(looked(moved, since, now, {done_name(deadline.key): "{}"})) == ["30d", "14d", "3d"]


def test_a_snooze_comes_when_it_runs_out_and_hides_nothing_meanwhile() -> None:
    deadline = on(date(2026, 4, 10))
    until = datetime(2026, 4, 8, 9, tzinfo=UTC)
    marks = {snooze_name(deadline.key, until): "{}"}
    before = datetime(2026, 4, 6, tzinfo=UTC)
    assert leads(looked(deadline, before, until - timedelta(hours=1), marks)) == ["3d"]
    [found] = looked(deadline, until - timedelta(hours=1), until, marks)
    assert (found.snoozes, found.reminders) == ((until,), ())


def test_moving_to_another_time_zone_skips_no_reminder() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    deadline = on(date(2026, 4, 10))
    look_at = datetime(2026, 4, 7, 6, tzinfo=UTC)  # before nine in Berlin, past nine in Tokyo
    look = Look(since=look_at, now=look_at, zone=tokyo, zone_before=BERLIN)
    assert leads(due(reminders_of([deadline], LeadTimes(), tokyo), Record({}), look)) == ["3d"]


@given(DAYS, LEAD_SETS, ZONES, st.lists(st.integers(0, 60 * 24 * 70), max_size=12))
def test_however_often_one_looks_every_reminder_is_told_once(
    day: date, chosen: tuple[Lead, ...], zone: ZoneInfo, minutes: list[int]
) -> None:
    deadline = on(day, zone=zone)
    times = LeadTimes(own={ReminderKind.RENEWAL: chosen})
    start = deadline.ends_at - timedelta(days=50)
    marks: dict[str, str] = {}
    told: list[str] = []
    since = start
    looks = sorted(start + timedelta(minutes=each) for each in minutes)
    for now in (*looks, max([*looks, deadline.ends_at]) + timedelta(hours=1)):
        for each in looked(deadline, since, now, marks, zone=zone, times=times):
            told += [str(reminder.lead) for reminder in each.reminders]
            marks[told_name(deadline.key)] = Told(lead=each.reminders[-1].lead, at=now, by="desk").text()
        since = now
    all_of_them = [str(each.lead) for each in reminders_of([deadline], times, zone)]
    assert sorted(told) == sorted(all_of_them)


@given(DAYS, LEAD_SETS, LEAD_SETS, ZONES, ZONES, st.integers(0, 60 * 24 * 45), st.integers(0, 60 * 24 * 45))
def test_a_mark_that_wins_by_the_later_clock_never_says_less(
    day: date, mine: tuple[Lead, ...], theirs: tuple[Lead, ...], zone: ZoneInfo, moved: ZoneInfo, one: int, two: int
) -> None:
    """Two computers with other lead times mark apart; what the earlier one told stays told when the later one wins."""
    assume(one != two)
    deadline = on(day)
    earlier, later = sorted(deadline.ends_at - timedelta(minutes=each) for each in (one, two))
    told: list[tuple[str, Told]] = []
    for now, chosen in ((earlier, mine), (later, theirs)):
        times = LeadTimes(own={ReminderKind.RENEWAL: chosen})
        for each in looked(deadline, deadline.ends_at - timedelta(days=60), now, zone=zone, times=times):
            told += [(str(r.lead), Told(lead=each.reminders[-1].lead, at=now, by="x")) for r in each.reminders]
    assume(told)
    winner = told[-1][1]
    marks = {told_name(deadline.key): winner.text()}
    times = LeadTimes(own={ReminderKind.RENEWAL: mine})
    again = leads(looked(deadline, later, later + timedelta(minutes=1), marks, zone=zone, times=times))
    assert not {lead for lead, _ in told} & set(again)
    assert moved is not None


@given(DAYS, LEAD_SETS, ZONES, st.integers(0, 60 * 24 * 45))
def test_the_next_turn_is_when_something_comes_and_nothing_comes_before(
    day: date, chosen: tuple[Lead, ...], zone: ZoneInfo, minutes: int
) -> None:
    deadline = on(day, zone=zone)
    times = LeadTimes(own={ReminderKind.RENEWAL: chosen})
    now = deadline.ends_at - timedelta(minutes=minutes + 1)
    told = {told_name(deadline.key): Told(lead=Lead(count=99, unit=LeadUnit.DAYS), at=now, by="desk").text()}
    turn = next_turn(reminders_of([deadline], times, zone), Record(told), now, zone)
    assert turn is not None
    assert looked(deadline, now, turn - timedelta(microseconds=1), told, zone=zone, times=times) == ()
    if turn < deadline.ends_at:
        assert looked(deadline, now, turn, told, zone=zone, times=times)


@given(LEADS)
def test_a_lead_is_read_as_it_is_written(lead: Lead) -> None:
    assert lead_of(str(lead)) == lead


@given(st.text(alphabet='0123456789dh-:TZ+[]{}",é ', max_size=12))
def test_no_mark_and_no_lead_can_break_the_reading(text: str) -> None:
    lead_of(text or " ")
    marks = {"told/x/renewal/2026-01-01": text, f"snooze/x/{text}": text, f"all/{text}": text, "all/renewal": text}
    record = Record(marks)
    record.told("x/renewal/2026-01-01")
    record.snoozed_ends()
    assert lead_times_of(marks).of(ReminderKind.RENEWAL)
    assert list(outlived(marks, datetime(2026, 2, 1, tzinfo=UTC))) == []


def test_lead_times_of_a_device_come_before_those_of_the_kind_and_nonsense_counts_as_none() -> None:
    device = DeviceId("a/b")
    marks = {
        lead_name(ReminderKind.RENEWAL, None): '["10d"]',
        lead_name(ReminderKind.RENEWAL, device): '["5h"]',
        lead_name(ReminderKind.BUY_WITHIN_HOURS, None): '["0d"]',
    }
    times = lead_times_of(marks)
    assert [str(each) for each in times.of(ReminderKind.RENEWAL, device)] == ["5h"]
    assert [str(each) for each in times.of(ReminderKind.RENEWAL, DeviceId("other"))] == ["10d"]
    assert times.of(ReminderKind.BUY_WITHIN_HOURS) == DEFAULT_LEADS[ReminderKind.BUY_WITHIN_HOURS]
    assert times.longest == timedelta(days=30)


def test_marks_go_when_their_deadline_is_over_for_so_long_that_nobody_asks() -> None:
    deadline, mute = on(date(2026, 4, 10)), mute_name(DeviceId("d1"))
    names = [told_name(deadline.key), done_name(deadline.key), snooze_name(deadline.key, deadline.ends_at), mute]
    assert list(outlived(names, deadline.ends_at + KEPT_AFTER_PASSING - timedelta(days=2))) == []
    assert list(outlived(names, deadline.ends_at + KEPT_AFTER_PASSING + timedelta(days=2))) == names[:3]


def test_leads_in_hours_count_back_from_the_end_of_a_day() -> None:
    assert due_at(on(date(2026, 4, 10)), Lead(count=2, unit=LeadUnit.HOURS), BERLIN) == datetime(
        2026, 4, 10, 22, tzinfo=BERLIN
    )
