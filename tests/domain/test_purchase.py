"""May a first plan be bought, how, and until when?"""

from datetime import date

import pytest

from homepoint.domain.assessment import DeadlineKind, DeadlineState, PurchasePath, PurchaseVerdict
from tests.domain.owner import assess, device, instant, plan

ACTIVATED = device(activated_at="2025-03-10T10:00:00Z")


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2025-03-10T10:00:00Z", PurchaseVerdict.OPEN),
        ("2025-03-12T09:59:59Z", PurchaseVerdict.OPEN),
        ("2025-03-12T10:00:00Z", PurchaseVerdict.VERIFY),
    ],
)
def test_an_aircraft_has_48_hours_to_the_second(at: str, verdict: PurchaseVerdict) -> None:
    assert assess(at, ACTIVATED).purchase.verdict is verdict


def test_an_hour_window_does_not_stretch_when_clocks_change() -> None:
    found = assess(
        "2025-03-30T00:00:00Z", device(region="DE", activated_at="2025-03-29T12:00:00+01:00"), zone="Europe/Berlin"
    )
    assert found.purchase.until == instant("2025-03-31T11:00:00Z")


def test_a_handheld_has_thirty_calendar_days_in_the_owners_zone() -> None:
    pocket = device(model="Osmo Pocket 3", activated_at="2025-03-01T23:30:00-05:00")
    last_minute = assess("2025-04-01T03:59:00Z", pocket, zone="America/New_York")
    assert last_minute.purchase.verdict is PurchaseVerdict.OPEN
    assert last_minute.purchase.until == date(2025, 3, 31)
    assert assess("2025-04-01T04:00:00Z", pocket, zone="America/New_York").purchase.verdict is PurchaseVerdict.VERIFY


def test_japan_gave_aircraft_96_hours_between_2021_and_2023() -> None:
    in_japan = device(region="JP", activated_at="2022-05-01T00:00:00+09:00")
    assert assess("2022-05-04T23:59:00+09:00", in_japan).purchase.verdict is PurchaseVerdict.OPEN
    assert assess("2022-05-05T00:00:00+09:00", in_japan).purchase.verdict is PurchaseVerdict.VERIFY
    later = device(region="JP", activated_at="2024-05-01T00:00:00+09:00")
    assert assess("2024-05-03T00:00:00+09:00", later).purchase.verdict is PurchaseVerdict.VERIFY


def test_a_new_device_that_nothing_happened_to_counts_as_not_activated() -> None:
    found = assess("2025-03-10T10:00:00Z").purchase
    assert (found.verdict, found.until, found.paths) == (PurchaseVerdict.OPEN, None, (PurchasePath.DIRECT,))


def test_a_bound_device_without_activation_is_a_question_not_an_answer() -> None:
    bound = [{"id": "b1", "device": "d1", "to": "account", "target": "a1", "bound_at": "2025-03-10T10:00:00Z"}]
    found = assess("2025-03-11T10:00:00Z", bindings=bound).purchase
    assert (found.verdict, found.unknown) == (PurchaseVerdict.UNDECIDED, ("activated_at",))
    assert found.because


def test_an_activation_to_come_is_not_known_yet() -> None:
    assert assess("2025-03-01T00:00:00Z", ACTIVATED).purchase.until is None


@pytest.mark.parametrize("kind", ["video", "send-in"])
@pytest.mark.parametrize(
    ("at", "verdict"),
    [("2025-05-04T07:59:59Z", PurchaseVerdict.OPEN), ("2025-05-04T08:00:00Z", PurchaseVerdict.VERIFY)],
)
def test_a_passed_verification_opens_72_hours(kind: str, at: str, verdict: PurchaseVerdict) -> None:
    notice = {
        "id": "n1",
        "device": "d1",
        "kind": kind,
        "result": "passed",
        "submitted_at": "2025-04-29T08:00:00Z",
        "notice_at": "2025-05-01T08:00:00Z",
    }
    assert assess(at, ACTIVATED, purchase_notices=[notice]).purchase.verdict is verdict


@pytest.mark.parametrize("result", ["failed", None])
def test_a_verification_that_did_not_pass_changes_nothing(result: str | None) -> None:
    notice = {"id": "n1", "device": "d1", "kind": "video", "result": result, "notice_at": "2025-05-01T08:00:00Z"}
    found = assess("2025-05-02T08:00:00Z", ACTIVATED, purchase_notices=[notice]).purchase
    assert found.verdict is PurchaseVerdict.VERIFY
    assert set(found.paths) == {PurchasePath.VIDEO, PurchasePath.SEND_IN}


def test_a_device_has_one_first_plan_in_its_life() -> None:
    found = assess("2026-06-01T00:00:00Z", ACTIVATED, plans=[plan()])
    assert found.purchase.verdict is PurchaseVerdict.CLOSED
    first = next(each for each in found.deadlines if each.kind is DeadlineKind.FIRST_PURCHASE)
    assert first.state is DeadlineState.MET


def test_a_plan_bought_later_is_not_known_before() -> None:
    assert assess("2025-03-11T07:00:00Z", ACTIVATED, plans=[plan()]).purchase.verdict is PurchaseVerdict.OPEN


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"region": "BR"}, PurchaseVerdict.UNAVAILABLE),
        ({"region": "PT"}, PurchaseVerdict.OPEN),
        ({"region": "EU"}, PurchaseVerdict.OPEN),
        ({"region": None}, PurchaseVerdict.UNDECIDED),
        ({"model": "DJI Mavic 3E"}, PurchaseVerdict.UNAVAILABLE),
        ({"condition": "refurbished", "channel": "other"}, PurchaseVerdict.CLOSED),
        ({"condition": "refurbished", "channel": "authorized-dealer"}, PurchaseVerdict.OPEN),
        ({"condition": "used", "channel": "second-hand"}, PurchaseVerdict.OPEN),
        ({"status": "sold"}, PurchaseVerdict.CLOSED),
        ({"model": "A kite", "category": None}, PurchaseVerdict.UNDECIDED),
        ({"model": "A kite", "category": "aircraft"}, PurchaseVerdict.OPEN),
    ],
)
def test_where_who_and_what_decide_whether_there_is_a_plan_at_all(
    changed: dict[str, str | None], verdict: PurchaseVerdict
) -> None:
    found = assess("2025-03-11T10:00:00Z", {**ACTIVATED, **changed}).purchase
    assert found.verdict is verdict
    assert found.because
