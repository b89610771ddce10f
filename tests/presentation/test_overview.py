"""What needs the owner comes first, and nothing is alarming that is not."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from homepoint.application.ports import AgendaEntry, DeviceRow, Standing
from homepoint.domain.assessment import CareState, DeadlineKind, DeadlineState, Gap
from homepoint.domain.facts import Category, ClaimStep, DeviceStatus, Step
from homepoint.domain.values import DeviceId
from homepoint.presentation.overview import Need, calm_text, card_of, needs, open_claims
from homepoint.presentation.wording import Urgency
from tests import builders
from tests.builders import BERLIN

NOW = datetime(2026, 6, 1, 10, 30, tzinfo=BERLIN)
NAMES = {DeviceId(f"d{number}"): f"Drone {number}" for number in range(10)}


def _entry(kind: DeadlineKind, left: timedelta, device: str = "d1") -> AgendaEntry:
    ends_at = NOW + left
    state = DeadlineState.PASSED if left <= timedelta(0) else DeadlineState.AHEAD
    return AgendaEntry(
        device=DeviceId(device), kind=kind, at_text=ends_at.isoformat(), ends_at=ends_at, state=state, because=()
    )


def _standing(**values: object) -> Standing:
    plain: dict[str, object] = {
        "device": DeviceId("d1"), "assessed_at": NOW, "holds_until": None, "catalogue": "1",
        "category": Category.AIRCRAFT, "care_state": CareState.ACTIVE, "care_starts_on": "2026-01-01",
        "care_ends_on": "2026-12-31", "replacements_allowed": 2, "replacements_left": 1, "flyaway_ready": True,
        "flyaway_missing": (), "agenda": (),
    }  # fmt: skip
    return Standing(**{**plain, **values})  # type: ignore[arg-type]  # named fields above


def _needs(entries: Iterable[AgendaEntry], rows: Iterable[DeviceRow] = ()) -> tuple[Need, ...]:
    return needs(entries, rows, NAMES, NOW)


def test_at_most_five_and_the_most_urgent_first() -> None:
    entries = [_entry(DeadlineKind.PLAN_END, timedelta(days=days), f"d{days}") for days in (9, 3, 7, 1, 5, 2)]
    assert [need.device_name for need in _needs(entries)] == [f"Drone {days}" for days in (1, 2, 3, 5, 7)]


def test_what_passed_and_cannot_be_mended_does_not_need_the_owner() -> None:
    late = _entry(DeadlineKind.WARRANTY_END, -timedelta(days=1))
    mendable = _entry(DeadlineKind.RETURN_LAST, -timedelta(days=1))
    assert [need.title for need in _needs([late, mendable])] == ["Return the old unit, last limit"]
    assert _needs([mendable])[0].urgency is Urgency.OVERDUE


def test_a_closed_purchase_window_gives_way_to_one_that_is_still_open() -> None:
    closed = _entry(DeadlineKind.FIRST_PURCHASE, -timedelta(days=2), "d1")
    still_open = _entry(DeadlineKind.FIRST_PURCHASE, timedelta(hours=3), "d2")
    assert [need.device_name for need in _needs([closed, still_open])] == ["Drone 2", "Drone 1"]


def test_what_ends_in_many_months_does_not_need_the_owner_yet() -> None:
    far = _entry(DeadlineKind.PLAN_END, timedelta(days=200))
    assert _needs([far]) == ()
    assert calm_text(far, NAMES, NOW) == (
        "Nothing needs you now. The next deadline: Care plan ends, Drone 1, on 18 December 2026."
    )


def test_an_unbound_controller_under_an_active_plan_needs_the_owner_on_every_flight() -> None:
    gap = _standing(flyaway_ready=False, flyaway_missing=(Gap.CONTROLLER_BINDING.value,))
    [need] = _needs([], [DeviceRow(device=builders.device(nickname="Kestrel"), standing=gap)])
    assert (need.title, need.target, need.act.text) == ("The controller is not bound", None, "Bind the controller")


def test_without_a_plan_an_unbound_controller_is_no_alarm() -> None:
    gap = _standing(
        care_state=CareState.NONE, flyaway_ready=False, flyaway_missing=(Gap.PLAN.value, Gap.CONTROLLER_BINDING.value)
    )
    assert _needs([], [DeviceRow(device=builders.device(), standing=gap)]) == ()


def test_a_card_says_what_is_left_and_whether_a_flyaway_is_covered() -> None:
    card = card_of(DeviceRow(device=builders.device(nickname="Kestrel", serial=" 1581f6z9c24au0034srd "),
                             standing=_standing()), NOW)  # fmt: skip
    assert (card.serial, card.ring.text, card.uses, card.flyaway) == ("4SRD", "214 d", (1, 2), "Flyaway: ready")
    assert "serial ends in 4 S R D" in card.spoken


def test_the_last_day_of_a_plan_still_counts() -> None:
    standing = _standing(care_ends_on=date(2026, 6, 1).isoformat())
    card = card_of(DeviceRow(device=builders.device(), standing=standing), NOW)
    assert (card.ring.text, card.ring.urgency) == ("1 d", Urgency.TODAY)


def test_a_lost_device_is_called_lost() -> None:
    card = card_of(DeviceRow(device=builders.device(status=DeviceStatus.LOST), standing=_standing()), NOW)
    assert (card.care, card.flyaway) == ("Lost", "")


def test_a_closed_claim_is_not_open() -> None:
    closed = builders.claim("k1", steps=(ClaimStep(step=Step.CLOSED, at=NOW),))
    sent = builders.claim("k2", steps=(ClaimStep(step=Step.FEE_PAID, at=NOW),))
    assert [claim.step for claim in open_claims([closed, sent], {})] == ["Fee paid"]
