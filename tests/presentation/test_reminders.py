"""What a reminder says, and how lead times are written and read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import DeadlineKind
from homepoint.domain.lead_times import DEFAULT_LEADS, Lead, LeadTimes, LeadUnit, ReminderKind
from homepoint.domain.reminder_record import Record, done_name, mute_name, snooze_name
from homepoint.domain.reminders import DeviceDeadline, reminders_of
from homepoint.domain.rules.reminding import Announcement
from homepoint.domain.values import ClauseId, DeviceId, end_of
from homepoint.presentation.reminder_words import defaults_text, leads_of_text, leads_text
from homepoint.presentation.reminders import (
    MANY_KEY,
    away_rows,
    away_summary,
    notices,
    remind_me_text,
    reminders_of_device,
    snooze_choices,
)
from homepoint.presentation.wording import Urgency
from tests.builders import BERLIN
from tests.domain.owner import TERMS

NOW = datetime(2026, 6, 1, 10, 30, tzinfo=BERLIN)
NAMES = {DeviceId(f"d{number}"): f"Drone {number}" for number in range(1, 9)}
CLAUSE = next(iter(TERMS.clauses))


def renewal(day: date, device: str = "d1") -> DeviceDeadline:
    return DeviceDeadline(
        device=DeviceId(device),
        kind=DeadlineKind.RENEWAL,
        at=day,
        ends_at=end_of(day, BERLIN),
        because=(ClauseId("not-in-the-catalogue"), CLAUSE),
    )


def came(deadline: DeviceDeadline, now: datetime = NOW) -> Announcement:
    """Return what has come due of a deadline by now."""
    due = [each for each in reminders_of([deadline], LeadTimes(), BERLIN) if each.due_at <= now]
    return Announcement(deadline=deadline, reminders=tuple(due), has_ended=deadline.ends_at <= now)


def test_a_notice_says_what_ends_how_soon_on_which_device_what_is_lost_and_by_which_clause() -> None:
    [notice] = notices([came(renewal(date(2026, 6, 15)))], NAMES, TERMS, NOW)
    assert notice.title == "Renew the care plan: 14 days left"
    device, loss, clause = notice.body.split("\n")
    assert device == "Drone 1"
    assert loss == "After this, the care plan can no longer be renewed and cover stays ended."
    assert clause == f"{TERMS.clauses[CLAUSE].says} ({CLAUSE})"
    assert not notice.urgent


def test_the_last_day_and_what_is_over_are_urgent_and_said_so() -> None:
    [last] = notices([came(renewal(date(2026, 6, 1)))], NAMES, TERMS, NOW)
    [over] = notices([came(renewal(date(2026, 5, 31)))], NAMES, TERMS, NOW)
    assert (last.title, last.urgent) == ("Renew the care plan: today is the last day", True)
    assert (over.title, over.urgent) == ("The time to renew is over", True)
    assert "can no longer be renewed" in over.body


def test_many_at_once_are_one_notice_that_names_the_first_and_counts_the_rest() -> None:
    many = [came(renewal(date(2026, 6, 2), f"d{number}")) for number in range(1, 8)]
    [notice] = notices(many, NAMES, TERMS, NOW)
    assert (notice.key, notice.title) == (MANY_KEY, "7 deadlines need you")
    assert notice.body.split("\n")[0] == "Drone 1: Renew the care plan: 1 day left"
    assert notice.body.split("\n")[-1] == "and 3 more"


def test_the_list_names_each_reminder_with_its_moment_and_what_may_have_been_seen() -> None:
    deadline = renewal(date(2026, 5, 31))
    first = came(renewal(date(2026, 6, 15), "d2"))
    over = Announcement(
        deadline=deadline,
        reminders=came(deadline).reminders[-2:],
        snoozes=(datetime(2026, 5, 30, 8, tzinfo=UTC),),
        has_ended=True,
        may_have_been_shown=True,
    )
    rows = away_rows([over, first], NAMES, NOW)
    assert [row.device_name for row in rows] == ["Drone 1", "Drone 2"], "what came first first"
    assert rows[0].came == (
        "Reminder 3 days before: 28 May 2026, 09:00",
        "Snoozed until: 30 May 2026, 10:00",
        "Reminder on the day: 31 May 2026, 09:00",
        "Ended: 1 Jun 2026, 00:00",
        "You may have seen this before Homepoint was stopped.",
    )
    assert (rows[0].urgency, rows[0].can_be_done, rows[0].time_left) == (Urgency.OVERDUE, False, "yesterday")
    assert (rows[1].can_be_done, rows[1].act.text) == (True, "Renew the plan")
    assert away_summary(rows) == "2 deadlines came closer while Homepoint was closed; 1 of them is over."
    assert away_summary(()) == "Nothing came due while Homepoint was closed."


def test_snoozing_is_offered_only_as_long_as_the_deadline_runs() -> None:
    soon = snooze_choices(NOW + timedelta(hours=20), NOW)
    assert [words for _, words in soon] == ["For an hour"]
    later = snooze_choices(NOW + timedelta(days=30), NOW)
    assert later[1] == (datetime(2026, 6, 2, 9, tzinfo=BERLIN), "Until tomorrow, 9:00")
    assert snooze_choices(NOW + timedelta(minutes=5), NOW) == ()


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ([], "Next reminder: 8 Jun 2026, 09:00."),
        ([mute_name(ReminderKind.RENEWAL)], "Reminders of this kind are off."),
        ([mute_name(DeviceId("d1"))], "The device is muted."),
        ([done_name(renewal(date(2026, 6, 11)).key)], "Done: no more reminders, unless the date changes."),
        (
            [snooze_name(renewal(date(2026, 6, 11)).key, NOW + timedelta(hours=2))],
            "Snoozed until 1 Jun 2026, 12:30.",
        ),
    ],
)
def test_what_is_to_come_of_a_deadline_is_said_in_a_sentence(marks: list[str], says: str) -> None:
    record = Record(dict.fromkeys(marks, "{}"))
    [line] = reminders_of_device([renewal(date(2026, 6, 11))], LeadTimes(), record, NOW)
    assert (line.title, line.until, line.says) == ("Renew the care plan", "until the end of 11 June", says)
    [today] = reminders_of_device([renewal(date(2026, 6, 1))], LeadTimes(), Record({}), NOW)
    assert today.says == "No reminder is left."


def test_the_device_page_says_whether_it_reminds_and_when_next() -> None:
    deadlines = [renewal(date(2026, 8, 1)), renewal(date(2026, 6, 11))]
    device = DeviceId("d1")
    assert remind_me_text(deadlines, LeadTimes(), Record({}), device, NOW) == (
        "Next: 8 Jun 2026, 09:00, Renew the care plan."
    )
    assert remind_me_text([], LeadTimes(), Record({}), device, NOW) == "No reminder is to come."
    assert remind_me_text(deadlines, LeadTimes(), Record({mute_name(device): "{}"}), device, NOW) == (
        "The device is muted."
    )


def test_lead_times_are_written_as_one_speaks() -> None:
    assert leads_text(DEFAULT_LEADS[ReminderKind.RENEWAL]) == "30 days, 14 days, 3 days, on the day"
    assert defaults_text(ReminderKind.BUY_WITHIN_HOURS) == "Homepoint's default: 24 hours, 6 hours, 1 hour."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("3 days, 14d; 30", "30 days, 14 days, 3 days"),
        ("2 weeks, On the Day, 5 HOURS before", "14 days, 5 hours, on the day"),
        ("0", "on the day"),
        ("7, 7 days,,", "7 days"),
    ],
)
def test_lead_times_are_read_as_people_type_them(typed: str, read: str) -> None:
    leads, problem = leads_of_text(typed, ReminderKind.RENEWAL)
    assert (leads_text(leads), problem) == (read, "")


def test_a_bare_number_counts_in_the_unit_of_the_kind() -> None:
    assert leads_text(leads_of_text("12", ReminderKind.BUY_WITHIN_HOURS)[0]) == "12 hours"


def test_what_is_no_time_is_named_with_the_way_to_write_one() -> None:
    leads, problem = leads_of_text("3 days, soon", ReminderKind.RENEWAL)
    assert leads == ()
    assert problem.startswith('"soon" is no time before a deadline.')


@given(st.lists(st.builds(Lead, count=st.integers(1, 365), unit=st.sampled_from(LeadUnit)), min_size=1, max_size=8))
def test_what_is_written_is_read_back(leads: list[Lead]) -> None:
    text = leads_text(leads)
    read, problem = leads_of_text(text, ReminderKind.RENEWAL)
    assert (leads_text(read), set(read), problem) == (text, set(leads), "")
