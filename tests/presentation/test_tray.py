"""The tray names its state in a word, shows the next three deadlines, and no more than fits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from homepoint.application.ports import AgendaEntry
from homepoint.domain.assessment import DeadlineKind, DeadlineState
from homepoint.domain.values import DeviceId
from homepoint.presentation.tray import LONGEST_TIP, MOST_LINES, TrayState, TrayView, tray_view, view_holds_until
from tests.builders import BERLIN

NOW = datetime(2026, 6, 1, 10, 30, tzinfo=BERLIN)
NAMES = {DeviceId(f"d{number}"): f"Drone {number}" for number in range(10)}


def _entry(kind: DeadlineKind, left: timedelta, device: str = "d1") -> AgendaEntry:
    ends_at = NOW + left
    state = DeadlineState.PASSED if left <= timedelta(0) else DeadlineState.AHEAD
    return AgendaEntry(
        device=DeviceId(device), kind=kind, at_text=ends_at.isoformat(), ends_at=ends_at, state=state, because=()
    )


def _view(*entries: AgendaEntry, quiet_until: datetime | None = None) -> TrayView:
    return tray_view(sorted(entries, key=lambda each: each.ends_at), NAMES, NOW, quiet_until)


def test_the_next_three_are_shown_with_their_state_in_words_and_lead_to_their_device() -> None:
    view = _view(
        _entry(DeadlineKind.RENEWAL, timedelta(days=9), "d2"),
        _entry(DeadlineKind.FIRST_PURCHASE, timedelta(hours=3), "d1"),
        _entry(DeadlineKind.PLAN_END, timedelta(days=300), "d4"),
        _entry(DeadlineKind.WARRANTY_END, timedelta(days=100), "d3"),
    )
    assert [(line.device, line.text) for line in view.lines] == [
        ("d1", "Today - Drone 1: Buy a care plan, until 13:30 today"),
        ("d2", "Soon - Drone 2: Renew the care plan, until 10 Jun, 10:30"),
        ("d3", "Later - Drone 3: Warranty ends, until 9 Sep, 10:30"),
    ]
    assert (view.state, view.word) == (TrayState.TODAY, "Today")
    assert view.tip == "Homepoint: Today - Drone 1: Buy a care plan, until 13:30 today"


def test_one_that_passed_and_can_be_mended_makes_the_tray_overdue() -> None:
    late = _entry(DeadlineKind.RETURN_LAST, -timedelta(days=1))
    view = _view(late, _entry(DeadlineKind.PLAN_END, timedelta(days=3), "d2"))
    assert (view.state, view.lines[0].text) == (TrayState.OVERDUE, "Overdue - Drone 1: Return the old unit, last limit")
    assert view.tip.startswith("Homepoint: Overdue")


def test_what_passed_for_good_is_not_in_the_tray() -> None:
    view = _view(_entry(DeadlineKind.WARRANTY_END, -timedelta(days=1)))
    assert (view.state, view.word, view.lines, view.tip) == (
        TrayState.CLEAR, "No deadline", (), "Homepoint: No deadline",
    )  # fmt: skip


def test_snoozing_can_be_asked_for_once_and_says_until_when() -> None:
    assert (_view().snooze, _view().can_snooze) == ("Snooze all until tomorrow", True)
    quiet = _view(quiet_until=NOW + timedelta(days=1, hours=-2, minutes=-30))
    assert (quiet.snooze, quiet.can_snooze) == ("Snoozed until 08:00 tomorrow", False)
    assert _view(quiet_until=NOW).can_snooze


def test_the_view_holds_until_something_of_it_changes() -> None:
    midnight = datetime(2026, 6, 2, tzinfo=BERLIN)
    assert view_holds_until((), NOW) == midnight
    assert view_holds_until([_entry(DeadlineKind.PLAN_END, timedelta(days=9))], NOW) == midnight
    soon = [_entry(DeadlineKind.PLAN_END, timedelta(hours=left)) for left in (-3, 5, 26)]
    assert view_holds_until(soon, NOW) == NOW + timedelta(hours=2)
    assert view_holds_until(soon, NOW, NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert view_holds_until(soon, NOW, NOW) == NOW + timedelta(hours=2)


ENTRIES = some.lists(
    some.builds(
        _entry,
        some.sampled_from(DeadlineKind),
        some.integers(-20 * 24, 500 * 24).map(lambda hours: timedelta(hours=hours)),
        some.sampled_from(sorted(NAMES)),
    ),
    max_size=12,
)


@given(ENTRIES, some.text(min_size=1, max_size=200))
def test_it_is_never_more_than_fits_and_always_the_most_urgent_that_counts(
    entries: Sequence[AgendaEntry], name: str
) -> None:
    ordered = sorted(entries, key=lambda each: each.ends_at)
    view = tray_view(ordered, dict.fromkeys(NAMES, name), NOW)
    assert len(view.tip) <= LONGEST_TIP
    assert view.word in view.tip
    ahead = sum(entry.ends_at > NOW for entry in entries)
    assert min(ahead, MOST_LINES) <= len(view.lines) <= MOST_LINES
    assert all(line.text.lower().startswith(line.state.value) for line in view.lines)
    urgencies = list(TrayState)
    assert all(urgencies.index(view.state) <= urgencies.index(line.state) for line in view.lines)
