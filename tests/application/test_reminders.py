"""Reminders are told exactly once, and what the owner wishes about them holds."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from homepoint.application.problems import HomepointError, Refused
from homepoint.application.reminder_journal import Item, Noted, noted_of
from homepoint.application.reminder_wishes import ReminderWishes
from homepoint.application.reminders import MARKS, Reminders, Taken
from homepoint.application.sample_data import AddSampleData
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Device
from homepoint.domain.lead_times import ReminderKind, lead_of
from homepoint.domain.values import DeviceId
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.application.reminder_world import World
from tests.domain.owner import TERMS
from tests.doubles import HeldJournal, HeldMarks, SetClock


class Desk:
    """A program on a real library: `open` starts it, and starts it again."""

    def __init__(self, library: SqliteLibrary) -> None:
        self.clock, self.library = SetClock(), library
        self.marks, self.journal = HeldMarks(), HeldJournal()
        self.open()

    def open(self) -> None:
        self.workspace = Workspace(self.library, TERMS, self.clock)
        self.reminders = Reminders(self.workspace, self.marks, self.journal, "desk")
        self.wishes = ReminderWishes(self.reminders, self.workspace, self.marks)
        self.reminders.begin(self.clock())

    def take(self, after: timedelta = timedelta()) -> Taken:
        self.clock.move(after)
        while self.workspace.refresh_some(self.clock()):
            pass
        return self.reminders.take(self.clock())

    def told(self, after: timedelta = timedelta()) -> list[str]:
        """Return what is told, and let it be shown."""
        taken = self.take(after)
        self.reminders.shown()
        return [str(each.lead) for found in taken.announcements for each in found.reminders]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A program with one device that was activated this minute: 48 hours to buy a plan."""
    library = make.library_at(tmp_path / "library.db")
    library.write(make.adding(make.device(region="US", activated_at=make.NOW)), make.NOW)
    yield Desk(library)
    library.close()


def key_of(desk: Desk) -> str:
    return desk.reminders.deadlines(DeviceId("d1"), desk.clock())[0].key


def test_while_the_program_is_open_each_comes_at_its_hour_and_the_next_turn_names_it(desk: Desk) -> None:
    assert desk.told() == []
    told = []
    while (turn := desk.reminders.next_turn(desk.clock())) is not None and turn <= make.NOW + 3 * DAY:
        told += [(turn - make.NOW, lead) for lead in desk.told(turn - desk.clock())]
    assert told == [(24 * HOUR, "24h"), (42 * HOUR, "6h"), (47 * HOUR, "1h")]


def test_what_came_due_while_the_program_was_closed_is_one_row_of_the_list_at_the_start(desk: Desk) -> None:
    assert not desk.take().while_away, "there was no run before"
    desk.clock.move(43 * HOUR)
    desk.open()
    taken = desk.take()
    assert taken.while_away
    [found] = taken.announcements
    assert [str(each.lead) for each in found.reminders] == ["24h", "6h"]
    assert not found.may_have_been_shown


def test_a_window_that_ended_half_a_year_ago_while_the_program_was_closed_is_still_listed(desk: Desk) -> None:
    desk.take()
    desk.clock.move(200 * DAY)
    desk.open()
    [found] = desk.take().announcements
    assert found.has_ended
    assert [str(each.lead) for each in found.reminders] == ["24h", "6h", "1h"]


def test_a_first_start_that_is_cut_short_forgets_nothing_of_a_season_away(desk: Desk) -> None:
    desk.take()
    desk.clock.move(200 * DAY)
    desk.open()
    while desk.workspace.refresh_some(desk.clock()):  # lists no longer show what passed so long ago
        pass
    assert desk.reminders.deadlines(DeviceId("d1"), make.NOW) == ()
    desk.open()
    [found] = desk.take(DAY).announcements
    assert [str(each.lead) for each in found.reminders] == ["24h", "6h", "1h"]


def test_a_window_that_opened_and_closed_while_the_program_was_closed_is_listed(desk: Desk) -> None:
    shop = make.device("d2", region="US", activated_at=make.NOW + 10 * DAY)  # as its owner was told
    desk.library.write(make.adding(shop), make.NOW)
    desk.take()
    assert desk.reminders.deadlines(DeviceId("d2"), desk.clock()) == ()
    desk.clock.move(90 * DAY)
    desk.open()
    assert {found.deadline.device for found in desk.take().announcements} == {"d1", "d2"}


def test_what_was_marked_but_not_shown_is_listed_at_the_next_start_and_says_that_it_may_have_been_seen(
    desk: Desk,
) -> None:
    desk.told()
    assert desk.take(24 * HOUR).announcements, "and killed before it was shown"
    desk.open()
    [found] = desk.take().announcements
    assert [str(each.lead) for each in found.reminders] == ["24h"]
    assert found.may_have_been_shown
    desk.reminders.shown(found.deadline.key)
    desk.open()
    assert desk.take() == Taken(while_away=True)


def test_where_the_library_cannot_be_written_nothing_is_marked_and_the_next_look_finds_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise HomepointError("The library is in use.", "Close the other program.")

    desk.told()
    with monkeypatch.context() as patched:
        patched.setattr(desk.marks, "set_marks", refuse)
        with pytest.raises(HomepointError):
            desk.take(24 * HOUR)
    assert desk.told() == ["24h"]


def test_another_computer_that_sees_the_mark_says_nothing(desk: Desk) -> None:
    desk.told()
    laptop = Reminders(desk.workspace, desk.marks, HeldJournal(), "laptop")
    laptop.begin(desk.clock())
    laptop.take(desk.clock())
    assert desk.told(24 * HOUR) == ["24h"]
    assert laptop.take(desk.clock()).announcements == ()


def test_a_changed_date_brings_its_reminders_again_and_the_old_date_back_does_not(desk: Desk) -> None:
    desk.told()
    assert desk.told(24 * HOUR) == ["24h"]
    device = desk.library.get(Device, "d1")
    assert device is not None
    moved = make.device(region="US", activated_at=desk.clock())
    desk.library.write(make.changing(device, moved), desk.clock())
    assert desk.told() == []
    assert desk.told(24 * HOUR) == ["24h"]
    desk.library.write(make.changing(moved, device), desk.clock())
    assert desk.told() == []


def test_done_is_the_end_of_it_and_can_be_taken_back(desk: Desk) -> None:
    desk.told()
    key = key_of(desk)
    desk.wishes.mark_done(key, desk.clock())
    assert desk.told(43 * HOUR) == []
    desk.wishes.remind_again(key, desk.clock())
    assert desk.told() == []
    assert desk.told(4 * HOUR) == ["1h"]


def test_a_snooze_comes_once_and_a_time_that_makes_no_sense_is_refused(desk: Desk) -> None:
    desk.told()
    key, now = key_of(desk), desk.clock()
    assert isinstance(desk.wishes.snooze(key, now, now), Refused)
    assert isinstance(desk.wishes.snooze(key, now + 48 * HOUR, now), Refused)
    assert isinstance(desk.wishes.snooze("d1/renewal/2030-01-01", now + HOUR, now), Refused)
    assert desk.wishes.snooze(key, now + HOUR, now) is None
    assert desk.wishes.snooze(key, now + 2 * HOUR, now) is None, "in place of the first"
    assert desk.reminders.next_turn(now) == now + 2 * HOUR
    assert desk.take(HOUR).announcements == ()
    [found] = desk.take(HOUR).announcements
    assert found.snoozes == (now + 2 * HOUR,)
    assert desk.take(HOUR).announcements == ()
    assert desk.reminders.record().snoozes(key) == ()


def test_a_muted_kind_and_a_muted_device_are_silent_until_they_are_not(desk: Desk) -> None:
    desk.told()
    for muted, after, then in (
        (ReminderKind.BUY_WITHIN_HOURS, 25 * HOUR, []),
        (DeviceId("d1"), 22 * HOUR + HOUR / 2, ["1h"]),  # no other is left: better late than never
    ):
        desk.wishes.mute(muted, desk.clock())
        assert desk.told(after) == []
        desk.wishes.unmute(muted, desk.clock())
        assert desk.told() == then


def test_lead_times_can_be_chosen_for_all_and_for_one_device_and_nonsense_is_refused(desk: Desk) -> None:
    desk.told()
    kind, now, hours = ReminderKind.BUY_WITHIN_HOURS, desk.clock(), lead_of("3h")
    assert hours is not None
    heard: list[frozenset[str]] = []
    desk.workspace.subscribe(lambda changes: heard.append(changes.kinds))
    assert desk.wishes.set_lead_times(kind, [hours], now, DeviceId("d1")) is None
    assert heard == [frozenset({MARKS})]
    assert isinstance(desk.wishes.set_lead_times(kind, [], now), Refused)
    assert desk.told(44 * HOUR) == []
    assert desk.told(HOUR) == ["3h"]
    assert desk.wishes.set_lead_times(kind, None, now, DeviceId("d1")) is None
    assert desk.reminders.lead_times().of(kind, DeviceId("d1")) != (hours,)


def test_invented_devices_remind_nobody(desk: Desk) -> None:
    desk.told()
    desk.workspace.do(AddSampleData())
    taken = [desk.take(HOUR) for _ in range(60)]
    assert {found.deadline.device for each in taken for found in each.announcements} == {"d1"}


def test_marks_of_long_ago_are_taken_away(desk: Desk) -> None:
    desk.told()
    assert desk.told(24 * HOUR) == ["24h"]
    desk.clock.move(500 * DAY)
    desk.told()
    desk.told(2 * DAY)
    assert not [name for name in desk.marks.marks(MARKS) if "first-purchase" in name]


def test_a_journal_is_read_as_it_was_written_and_a_broken_one_is_a_first_run() -> None:
    lead = lead_of("3h")
    assert lead is not None
    item = Item(leads=(lead,), snoozes=(make.NOW.astimezone(UTC),), has_ended=True)
    noted = Noted(
        watched_until=make.NOW, zone=make.BERLIN, marking={"a": item}, marking_at=make.NOW, pending={"b": item},
        to_assess=("d1",),
    )  # fmt: skip
    assert noted_of(noted.text()) == noted
    for broken in ("", "{}", "[]", '{"watched_until": 3}', "null"):
        assert noted_of(broken) == Noted()


@pytest.mark.parametrize(("computers", "seed"), [(1, 3), (1, 17), (2, 29)])
def test_sixty_days_of_dates_changing_and_programs_being_killed(tmp_path: Path, computers: int, seed: int) -> None:
    world = World(tmp_path, seed, computers)
    world.run(60)
    assert world.tally["reminders in all"] > 20
    assert world.tally["kills"] > 2
