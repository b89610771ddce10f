"""The words about claims: whose turn it is, how long is left, what is at stake, and which steps are on the bar."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.claims import INVOICE_ASKED_ON, MESSAGES, QUOTE_UNTIL
from homepoint.catalogue import load_terms
from homepoint.domain.facts import Claim, ClaimStep, IncidentKind, Service, Step
from homepoint.domain.rules.claims import PATHS, claim_reading
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import DeviceId, Money
from homepoint.presentation.amounts import likely_currency, read_amount
from homepoint.presentation.claim_page import ClaimPage, Mark, business_days_after, claim_page, possible_steps
from homepoint.presentation.claims import ClaimsPage, claims_page, left_text, nearest, timers
from tests import builders
from tests.builders import BERLIN, NOW

TERMS = load_terms()
FACTS = DeviceFacts(device=builders.device(nickname="Kestrel", serial="1581F6Z9C24AU0034SRD"), zone=BERLIN)
PREMIUM, REPAIR = Service.EXPRESS_PREMIUM, Service.REPAIR_PAID


def _claim(service: Service | None, *steps: Step, days_ago: int = 1, id: str = "k1", **values: Any) -> Claim:
    taken = (ClaimStep(step=each, at=NOW - timedelta(days=days_ago, minutes=-at)) for at, each in enumerate(steps))
    return builders.claim(id, service=service, steps=tuple(taken), **values)


def _page(claim: Claim) -> ClaimPage:
    return claim_page(claim, claim_reading(FACTS, claim, TERMS, NOW), FACTS, None, (), NOW)


def _list(*claims: Claim, incidents: tuple[str, ...] = ()) -> ClaimsPage:
    read = [(each, claim_reading(FACTS, each, TERMS, NOW)) for each in claims]
    happened = [builders.incident(each, kind=IncidentKind.WATER) for each in incidents]
    return claims_page(read, happened, {DeviceId("d1"): "Kestrel"}, NOW, over_in_all=0)


def test_every_step_of_every_service_says_what_to_do_and_who_does_it() -> None:
    for service, path in PATHS.items():
        for taken in range(len(path)):
            act = _page(_claim(service, *path[:taken])).next
            assert act is not None
            assert (act.step, act.whose) == (path[taken], "Your turn" if act.is_mine else "DJI's turn")
            assert act.headline[0].isupper()
            assert act.says.endswith(".")
            assert act.button


@pytest.mark.parametrize(
    ("service", "steps", "turn"),
    [
        (PREMIUM, (Step.SUBMITTED, Step.REPLACEMENT_SENT), "Your turn: send the old unit"),
        (PREMIUM, (Step.SUBMITTED, Step.SENT), "DJI's turn: receive the old unit"),
        (REPAIR, (Step.SUBMITTED, Step.LABEL_RECEIVED), "Your turn: send the unit"),
        (REPAIR, (Step.SUBMITTED, Step.QUOTED), "Your turn: answer the quote, and pay if you accept"),
        (Service.FLYAWAY_REPORT, (), "Your turn: send the claim to DJI"),
        (PREMIUM, (Step.SUBMITTED, Step.WITHDRAWN), ""),
    ],
)
def test_a_row_says_whose_turn_it_is(service: Service, steps: tuple[Step, ...], turn: str) -> None:
    shown = _list(_claim(service, *steps))
    [row] = (*shown.open, *shown.over)
    assert row.turn == turn


def test_a_premium_claim_counts_down_to_the_first_limit_and_names_the_amount() -> None:
    deposit = Money(amount=Decimal("1159.00"), currency="USD")
    [row] = _list(_claim(PREMIUM, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD, deposit=deposit)).open
    assert row.timer is not None
    assert (row.timer.title, row.timer.target) == ("Hand the old unit to the carrier", date(2026, 5, 6))
    assert row.stake == "At stake: 1,159.00 USD"
    assert "2 days left, until the end of 6 May" in row.spoken


def test_a_deposit_without_an_amount_is_still_named() -> None:
    [row] = _list(_claim(PREMIUM, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD)).open
    assert row.stake == "At stake: the deposit (its amount is not noted yet)"


def test_once_the_unit_arrived_late_no_limit_is_counted_on() -> None:
    claim = builders.claim(
        service=PREMIUM,
        steps=(
            ClaimStep(step=Step.FEE_PAID, at=NOW - timedelta(days=12)),
            ClaimStep(step=Step.SENT, at=NOW - timedelta(days=11)),
            ClaimStep(step=Step.RECEIVED_BY_DJI, at=NOW - timedelta(days=1)),
        ),
    )
    found = timers(claim, claim_reading(FACTS, claim, TERMS, NOW), NOW)
    assert [each.is_met for each in found] == [True, False, True]
    assert nearest(found) is None


def test_how_late_a_limit_is_reads_as_late() -> None:
    today = NOW.date()
    assert left_text(today - timedelta(days=1), NOW) == "1 day late"
    assert left_text(today - timedelta(days=4), NOW) == "4 days late"
    assert left_text(today, NOW) == "last day"
    assert left_text(today + timedelta(days=3), NOW) == "3 days left"


def test_open_claims_with_a_running_limit_come_first_and_what_is_over_stands_apart() -> None:
    shown = _list(
        _claim(Service.FLYAWAY_REPORT, Step.SUBMITTED, id="dji"),
        _claim(REPAIR, Step.SUBMITTED, Step.QUOTED, id="mine"),
        _claim(PREMIUM, Step.SUBMITTED, Step.FEE_PAID, id="runs"),
        _claim(REPAIR, Step.SUBMITTED, Step.REFUSED, id="refused", days_ago=9),
        _claim(REPAIR, Step.SUBMITTED, Step.CLOSED, id="closed", days_ago=3),
    )
    assert [row.claim for row in shown.open] == ["runs", "mine", "dji"]
    assert [row.claim for row in shown.over] == ["closed", "refused"]


def test_an_unfinished_report_says_of_which_device_and_what() -> None:
    shown = _list(incidents=("i2",))
    assert [(row.incident, row.device_name, row.what) for row in shown.unfinished] == [
        ("i2", "Kestrel", "Water damage")
    ]
    assert _list().is_empty


def test_the_bar_marks_what_is_done_next_later_and_left_out() -> None:
    page = _page(_claim(Service.EXPRESS_BASIC, Step.SUBMITTED, Step.SENT))
    marks = [each.mark for each in page.bar]
    assert marks[:5] == [Mark.DONE, Mark.LEFT_OUT, Mark.LEFT_OUT, Mark.DONE, Mark.NEXT]
    assert set(marks[5:]) == {Mark.LATER}
    assert page.bar[4].spoken == "Step 5 of 8: Received by DJI, next, DJI's turn"
    assert page.bar[3].index == 1


def test_the_bar_of_a_withdrawn_claim_ends_with_the_withdrawal() -> None:
    page = _page(_claim(PREMIUM, Step.SUBMITTED, Step.WITHDRAWN))
    assert [each.step for each in page.bar] == [Step.SUBMITTED, Step.WITHDRAWN]
    assert page.ending.startswith("You withdrew this claim.")
    assert not page.is_open


def test_a_charged_deposit_takes_the_place_of_its_release_and_is_told_on_top() -> None:
    page = _page(_claim(PREMIUM, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD, Step.DEPOSIT_CHARGED))
    assert Step.DEPOSIT_CHARGED in [each.step for each in page.bar]
    assert Step.DEPOSIT_RELEASED not in [each.step for each in page.bar]
    assert page.warning.startswith("DJI charged the deposit.")


def test_a_quote_names_the_day_it_must_be_answered_where_one_is_noted() -> None:
    claim = _claim(REPAIR, Step.SUBMITTED, Step.QUOTED, extra={QUOTE_UNTIL: "2026-05-20"})
    act = _page(claim).next
    assert act is not None
    assert "answered by 20 May 2026" in act.says
    bare = _page(_claim(REPAIR, Step.SUBMITTED, Step.QUOTED)).next
    assert bare is not None
    assert "No general time to answer was found" in bare.says


@pytest.mark.parametrize(
    ("count", "day"),
    [(0, date(2026, 5, 8)), (1, date(2026, 5, 11)), (5, date(2026, 5, 15)), (10, date(2026, 5, 22))],
)
def test_business_days_leave_out_saturday_and_sunday(count: int, day: date) -> None:
    assert business_days_after(date(2026, 5, 8), count) == day  # a Friday


def test_an_invoice_is_expected_five_to_ten_business_days_after_it_was_asked_for() -> None:
    done = (Step.SUBMITTED, Step.REPAIRED)
    assert _page(_claim(REPAIR, Step.SUBMITTED)).invoice is None
    before = _page(_claim(REPAIR, *done)).invoice
    assert before is not None
    assert before.can_ask
    asked = _page(_claim(REPAIR, *done, extra={INVOICE_ASKED_ON: "2026-05-04"})).invoice
    assert asked is not None
    assert "from 11 May 2026 to 18 May 2026" in asked.says
    assert "public holidays are not taken into account" in asked.says
    late = _page(_claim(REPAIR, *done, extra={INVOICE_ASKED_ON: "2026-04-01"})).invoice
    assert late is not None
    assert late.says.endswith("It is late: ask DJI about it.")


def test_what_a_newer_program_wrote_into_the_notes_breaks_nothing() -> None:
    extra = {MESSAGES: ["?", {"at": 7, "text": "hello"}, {"at": "2026-05-01T10:00:00"}], INVOICE_ASKED_ON: 3}
    page = _page(_claim(REPAIR, Step.SUBMITTED, Step.REPAIRED, extra=extra))
    assert [(each.text, each.beside) for each in page.messages] == [("", "1 May 2026"), ("hello", "No date")]


def test_every_step_can_be_recorded_in_every_claim() -> None:
    for service in (None, *Service):
        assert sorted(possible_steps(service)) == sorted(Step)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("159", "159.00"), ("159.5", "159.50"), ("1 159,00", "1159.00"), ("1,159", None), ("", None), ("-5", None),
     ("free", None), ("1,159.00", None)],
)  # fmt: skip
def test_an_amount_is_read_only_where_it_can_mean_one_thing(typed: str, read: str | None) -> None:
    assert read_amount(typed) == (None if read is None else Decimal(read))


def test_the_currency_offered_is_that_of_the_last_amount_or_of_the_region() -> None:
    deposit = Money(amount=Decimal(1), currency="GBP")
    assert likely_currency(_claim(PREMIUM, deposit=deposit), FACTS.device.region) == "GBP"
    assert likely_currency(_claim(PREMIUM), None) == "USD"


_TAKEN = st.lists(
    st.builds(
        lambda step, hours: ClaimStep(step=step, at=NOW - timedelta(hours=hours)),
        st.sampled_from(Step),
        st.integers(0, 24 * 400),
    ),
    max_size=20,
)


@given(st.none() | st.sampled_from(Service), _TAKEN)
def test_whatever_was_recorded_the_page_can_be_drawn_and_says_what_is_next_or_that_it_is_over(
    service: Service | None, taken: list[ClaimStep]
) -> None:
    claim = builders.claim(service=service, steps=tuple(taken))
    page, reading = _page(claim), claim_reading(FACTS, claim, TERMS, NOW)
    assert (page.next is None) == (reading.next is None)
    assert bool(page.ending) == (not page.is_open)
    assert page.next is None or not page.ending
    assert len({each.step for each in page.bar}) == len(page.bar)
    if page.next is not None:
        assert [each.step for each in page.bar if each.mark is Mark.NEXT] == [page.next.step]
    shown = _list(claim)
    assert len(shown.open) + len(shown.over) == 1
    assert [taken[each.index].at for each in page.recorded] == sorted(each.at for each in taken)
