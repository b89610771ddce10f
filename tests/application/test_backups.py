"""Which automatic backups are kept, when the next is due, and what a restore would change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from homepoint.application.backups import (
    AHEAD_OF_ITS_TIME,
    DAILY,
    MONTHLY,
    WEEKLY,
    BackupKind,
    LibraryContents,
    RecordedEdit,
    next_automatic_at,
    restore_preview,
    superfluous,
)
from tests.builders import BERLIN, NOW


@dataclass(frozen=True)
class Made:
    made_at: datetime
    kind: BackupKind = BackupKind.AUTOMATIC
    is_good: bool = True


ZONES = some.sampled_from([BERLIN, ZoneInfo("UTC"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Los_Angeles")])
MADE = some.builds(
    Made,
    some.integers(-24 * 60, 24 * 800).map(lambda hours: NOW - timedelta(hours=hours)),
    some.sampled_from(BackupKind),
    some.booleans(),
)
MANY = some.lists(MADE, max_size=120, unique=True)


def _counted(backups: list[Made]) -> list[Made]:
    return [
        each
        for each in backups
        if each.kind is BackupKind.AUTOMATIC and each.is_good and each.made_at <= NOW + AHEAD_OF_ITS_TIME
    ]


@given(MANY, ZONES)
def test_nothing_but_good_automatic_backups_ever_goes(backups: list[Made], zone: ZoneInfo) -> None:
    assert set(superfluous(backups, NOW, zone)) <= set(_counted(backups))


@given(MANY, ZONES)
def test_of_each_of_the_last_days_weeks_and_months_that_have_one_the_newest_stays(
    backups: list[Made], zone: ZoneInfo
) -> None:
    kept = set(backups) - set(superfluous(backups, NOW, zone))
    for most, form in ((DAILY, "%Y-%m-%d"), (WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        newest: dict[str, Made] = {}
        for each in sorted(_counted(backups), key=lambda one: one.made_at):
            newest[each.made_at.astimezone(zone).strftime(form)] = each
        assert {newest[period] for period in sorted(newest)[-most:]} <= kept


@given(MANY, ZONES)
def test_no_more_is_kept_than_the_rule_names(backups: list[Made], zone: ZoneInfo) -> None:
    kept = set(_counted(backups)) - set(superfluous(backups, NOW, zone))
    assert len(kept) <= DAILY + WEEKLY + MONTHLY


@given(MANY, ZONES)
def test_letting_go_twice_lets_nothing_more_go(backups: list[Made], zone: ZoneInfo) -> None:
    gone = superfluous(backups, NOW, zone)
    assert superfluous([each for each in backups if each not in gone], NOW, zone) == ()


@given(some.lists(some.integers(-2000, 2000), min_size=1, max_size=40))
def test_a_clock_that_jumps_never_deletes_the_backup_just_made(days: list[int]) -> None:
    there: list[Made] = []
    for day in days:  # each day the clock shows any day
        now = NOW + timedelta(days=day)
        made = Made(now)
        there.append(made)
        there = [each for each in there if each not in superfluous(there, now, BERLIN) or each is made]
        assert made not in superfluous(there, now, BERLIN) or any(
            each.made_at > made.made_at for each in there if each.made_at <= now + AHEAD_OF_ITS_TIME
        )


def test_a_clock_set_back_ten_years_deletes_nothing() -> None:
    backups = [Made(NOW - timedelta(days=day)) for day in range(20)]
    assert superfluous(backups, NOW - timedelta(days=3650), BERLIN) == ()


def test_a_computer_off_for_a_year_keeps_what_it_had() -> None:
    backups = [Made(NOW - timedelta(days=day)) for day in range(DAILY)]
    assert superfluous(backups, NOW + timedelta(days=365), BERLIN) == ()


def test_more_than_a_year_of_daily_backups_leave_seven_days_four_weeks_and_twelve_months() -> None:
    there: list[Made] = []
    for day in range(420):
        now = NOW + timedelta(days=day)
        there.append(Made(now))
        there = [each for each in there if each not in superfluous(there, now, BERLIN)]
    assert DAILY + MONTHLY <= len(there) <= DAILY + WEEKLY + MONTHLY
    assert max(there, key=lambda each: each.made_at).made_at == NOW + timedelta(days=419)
    assert len({each.made_at.strftime("%Y-%m") for each in there}) == MONTHLY


def test_the_next_is_due_when_the_owners_next_day_begins() -> None:
    late = datetime(2026, 5, 4, 23, 50, tzinfo=BERLIN)
    assert next_automatic_at(late, late, BERLIN) == datetime(2026, 5, 5, tzinfo=BERLIN)
    assert next_automatic_at(late, late + timedelta(minutes=20), BERLIN) <= late + timedelta(minutes=20)


def test_one_is_due_at_once_where_there_is_none_or_only_one_from_the_future() -> None:
    assert next_automatic_at(None, NOW, BERLIN) == NOW
    assert next_automatic_at(NOW + timedelta(days=400), NOW, BERLIN) == NOW


def _edit(number: int, title: str = "Added") -> RecordedEdit:
    return RecordedEdit(number=number, at=NOW.isoformat(), person="Ada", computer="desk", title=title)


def _contents(devices: dict[str, str], *edits: RecordedEdit) -> LibraryContents:
    return LibraryContents(
        counts={"devices": len(devices)}, devices=devices, edits=edits, evidence=frozenset(devices)
    )  # fmt: skip


def test_a_preview_tells_what_comes_back_what_goes_and_which_edits_are_lost() -> None:
    there = _contents({"a": "Kestrel", "b": "Merlin"}, _edit(1), _edit(2, "Removed elsewhere"))
    here = _contents({"a": "Kestrel", "c": "Hobby"}, _edit(1), _edit(2, "Added Hobby"), _edit(3))
    found = restore_preview(there, here, made_at=NOW, homepoint="1")
    assert (found.only_there, found.only_here) == (("Merlin",), ("Hobby",))
    assert [each.number for each in found.lost] == [3, 2]
    assert (found.returning, found.evidence_only_here, found.changes_nothing) == (1, 1, False)


def test_restoring_what_is_here_already_changes_nothing() -> None:
    here = _contents({"a": "Kestrel"}, _edit(1))
    assert restore_preview(here, here, made_at=NOW, homepoint="1").changes_nothing
