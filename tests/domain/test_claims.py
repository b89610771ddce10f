"""Claims: the state, the next act and whose it is follow from the steps; so do the time limits and what is at stake."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import ClaimReading, DeadlineKind, DeadlineState, Whose
from homepoint.domain.facts import Claim, ClaimStep, ReturnedUnit, Service, Step
from homepoint.domain.rules.claims import PATHS, claim_reading, whose
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import ClaimId, DeviceId
from tests.domain.owner import TERMS, device, facts_of

PAID = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
OVER = {Step.CLOSED, Step.WITHDRAWN, Step.REFUSED}
FACTS = facts_of(device())[0]
SERIAL = str(FACTS.device.serial)
RIGHT = ReturnedUnit(serial=f" {SERIAL.lower()} ", battery=True, genuine=True)


def _claim(service: Service | None, *steps: Step, returned: ReturnedUnit | None = None, **values: object) -> Claim:
    """Return a claim whose steps follow each other by a minute from PAID on."""
    taken = tuple(ClaimStep(step=step, at=PAID + timedelta(minutes=at)) for at, step in enumerate(steps))
    return Claim(
        id=ClaimId("k1"),
        device=DeviceId("d1"),
        service=service,
        steps=taken,
        returned=returned,
        **values,  # type: ignore[arg-type]  # the fields of a claim by name
    )


def _read(claim: Claim, at: datetime = PAID + timedelta(hours=2), facts: DeviceFacts = FACTS) -> ClaimReading:
    return claim_reading(facts, claim, TERMS, at)


def _premium(*steps: Step, returned: ReturnedUnit | None = None, **values: object) -> Claim:
    return _claim(Service.EXPRESS_PREMIUM, *steps, returned=returned, **values)


def test_a_claim_without_steps_is_a_draft_and_waits_for_its_owner() -> None:
    reading = _read(_premium())
    assert (reading.state, reading.next, reading.whose) == (None, Step.SUBMITTED, Whose.OWNER)


@pytest.mark.parametrize("service", list(Service))
def test_every_service_has_a_path_from_submitted_to_closed(service: Service) -> None:
    path = PATHS[service]
    assert (path[0], path[-1]) == (Step.SUBMITTED, Step.CLOSED)
    assert len(set(path)) == len(path)


@pytest.mark.parametrize("service", list(Service))
def test_step_by_step_each_path_leads_to_its_next_and_ends_closed(service: Service) -> None:
    path = PATHS[service]
    for taken, (here, following) in enumerate(pairwise(path), start=1):
        reading = _read(_claim(service, *path[:taken]))
        assert (reading.state, reading.next, reading.whose) == (here, following, whose(following))
    closed = _read(_claim(service, *path))
    assert (closed.state, closed.next, closed.whose) == (Step.CLOSED, None, None)


def test_premium_pays_first_and_sends_the_old_unit_after_the_replacement() -> None:
    path = PATHS[Service.EXPRESS_PREMIUM]
    assert path.index(Step.FEE_PAID) < path.index(Step.REPLACEMENT_SENT) < path.index(Step.SENT)


def test_basic_sends_the_unit_first() -> None:
    path = PATHS[Service.EXPRESS_BASIC]
    assert path.index(Step.SENT) < path.index(Step.FEE_PAID) < path.index(Step.REPLACEMENT_SENT)


def test_only_a_repair_at_the_owners_cost_is_quoted() -> None:
    quoted = {service for service, path in PATHS.items() if Step.QUOTED in path}
    assert quoted == {Service.REPAIR_PAID, Service.REPAIR_DISCOUNT}


def test_sending_paying_and_closing_are_the_owners_acts_and_the_rest_is_djis() -> None:
    assert {step for step in Step if whose(step) is Whose.OWNER} == {
        Step.SUBMITTED,
        Step.SENT,
        Step.FEE_PAID,
        Step.CLOSED,
        Step.WITHDRAWN,
    }


def test_a_step_that_was_left_out_is_not_asked_for_again() -> None:
    reading = _read(_claim(Service.EXPRESS_BASIC, Step.SUBMITTED, Step.SENT))
    assert reading.next is Step.RECEIVED_BY_DJI


def test_steps_count_by_their_instants_and_not_by_their_order_in_the_list() -> None:
    late, early = PAID + timedelta(hours=1), PAID
    steps = (ClaimStep(step=Step.ACCEPTED, at=late), ClaimStep(step=Step.SUBMITTED, at=early))
    claim = Claim(id=ClaimId("k1"), device=DeviceId("d1"), service=Service.FLYAWAY_REPORT, steps=steps)
    assert _read(claim).state is Step.ACCEPTED


def test_a_step_of_tomorrow_is_not_known_today() -> None:
    claim = _claim(Service.FLYAWAY_REPORT, Step.SUBMITTED, Step.ACCEPTED)
    reading = _read(claim, at=PAID)
    assert (reading.state, reading.next) == (Step.SUBMITTED, Step.ACCEPTED)


@pytest.mark.parametrize("ending", sorted(OVER))
def test_what_is_over_has_no_next_act(ending: Step) -> None:
    reading = _read(_premium(Step.SUBMITTED, ending, Step.FEE_PAID))
    assert (reading.state, reading.next, reading.whose) == (ending, None, None)


def test_after_a_charged_deposit_only_closing_is_left() -> None:
    steps = (Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD, Step.REPLACEMENT_SENT, Step.DEPOSIT_CHARGED)
    assert _read(_premium(*steps)).next is Step.CLOSED


# -- what went back ---------------------------------------------------------------------------------------------------


def test_of_a_unit_that_was_not_checked_nothing_is_known() -> None:
    returned = _read(_premium(Step.SUBMITTED)).returned
    assert (returned.serial_matches, returned.battery_ok, returned.genuine) == (None, None, None)


def test_serials_are_compared_without_regard_to_case_and_blanks() -> None:
    assert _read(_premium(Step.SUBMITTED, returned=RIGHT)).returned.serial_matches is True


def test_another_serial_does_not_match() -> None:
    wrong = ReturnedUnit(serial=SERIAL[:-1] + "X", battery=True, genuine=True)
    assert _read(_premium(Step.SUBMITTED, returned=wrong)).returned.serial_matches is False


def test_where_no_battery_was_registered_none_is_missed() -> None:
    claim = _premium(Step.SUBMITTED, returned=ReturnedUnit(battery=False), battery_registered=False)
    assert _read(claim).returned.battery_ok is True


@pytest.mark.parametrize("is_registered", [True, None])
def test_a_battery_that_stays_at_home_is_missed_unless_none_was_registered(is_registered: bool | None) -> None:
    claim = _premium(Step.SUBMITTED, returned=ReturnedUnit(battery=False), battery_registered=is_registered)
    assert _read(claim).returned.battery_ok is False


@pytest.mark.parametrize(
    ("steps", "returned", "is_at_risk"),
    [
        ((Step.SUBMITTED, Step.FEE_PAID), RIGHT, False),
        ((Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD), RIGHT, True),
        ((Step.DEPOSIT_HELD, Step.SENT), RIGHT, True),
        ((Step.DEPOSIT_HELD, Step.SENT, Step.RECEIVED_BY_DJI), RIGHT, False),
        ((Step.DEPOSIT_HELD, Step.SENT, Step.RECEIVED_BY_DJI), None, True),
        ((Step.DEPOSIT_HELD, Step.RECEIVED_BY_DJI), ReturnedUnit(serial="X", battery=True, genuine=True), True),
        ((Step.DEPOSIT_HELD, Step.RECEIVED_BY_DJI), ReturnedUnit(serial=SERIAL, battery=False, genuine=True), True),
        ((Step.DEPOSIT_HELD, Step.RECEIVED_BY_DJI), ReturnedUnit(serial=SERIAL, battery=True, genuine=False), True),
        ((Step.DEPOSIT_HELD, Step.RECEIVED_BY_DJI), ReturnedUnit(serial=SERIAL, battery=True), True),
        ((Step.DEPOSIT_HELD, Step.DEPOSIT_RELEASED), None, False),
        ((Step.DEPOSIT_HELD, Step.DEPOSIT_RELEASED), ReturnedUnit(serial="X"), False),
    ],
)
def test_a_deposit_is_at_risk_until_the_right_unit_arrived_or_it_was_released(
    steps: tuple[Step, ...], returned: ReturnedUnit | None, is_at_risk: bool
) -> None:
    assert _read(_premium(*steps, returned=returned)).returned.deposit_at_risk is is_at_risk


@pytest.mark.parametrize("service", [each for each in Service if each is not Service.EXPRESS_PREMIUM])
def test_no_other_service_has_a_deposit_at_risk(service: Service) -> None:
    assert not _read(_claim(service, Step.SUBMITTED, Step.DEPOSIT_HELD)).returned.deposit_at_risk


# -- time limits ------------------------------------------------------------------------------------------------------


def _states(claim: Claim, day: date, hour: int = 12) -> list[DeadlineState]:
    reading = _read(claim, at=datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
    return [each.state for each in reading.deadlines]


def test_premium_has_three_limits_from_the_payment_on() -> None:
    limits = _read(_premium(Step.SUBMITTED, Step.FEE_PAID)).deadlines
    assert [(each.kind, each.at) for each in limits] == [
        (DeadlineKind.SHIP_OLD_UNIT, date(2025, 7, 4)),
        (DeadlineKind.RETURN_EARLY, date(2025, 7, 8)),
        (DeadlineKind.RETURN_LAST, date(2025, 7, 15)),
    ]
    assert all(each.because for each in limits)


def test_days_begin_and_end_in_the_owners_time_zone() -> None:
    """Midday UTC on 1 July is 2 July in Kiritimati, 14 hours ahead."""
    facts = facts_of(device(), zone="Pacific/Kiritimati")[0]
    limits = _read(_premium(Step.FEE_PAID), facts=facts).deadlines
    assert [each.at for each in limits] == [date(2025, 7, 5), date(2025, 7, 9), date(2025, 7, 16)]


def test_before_the_payment_nothing_runs() -> None:
    assert _read(_premium(Step.SUBMITTED)).deadlines == ()
    assert _read(_premium(Step.SUBMITTED, Step.FEE_PAID), at=PAID).deadlines == ()


@pytest.mark.parametrize("service", [each for each in Service if each is not Service.EXPRESS_PREMIUM])
def test_other_services_have_no_return_period(service: Service) -> None:
    assert _read(_claim(service, Step.SUBMITTED, Step.FEE_PAID)).deadlines == ()


@pytest.mark.parametrize("ending", [Step.WITHDRAWN, Step.REFUSED])
def test_a_claim_withdrawn_or_refused_has_no_limits(ending: Step) -> None:
    assert _read(_premium(Step.FEE_PAID, ending)).deadlines == ()


def test_a_limit_is_due_three_days_before_its_end_and_passed_after_its_last_day() -> None:
    claim = _premium(Step.FEE_PAID)
    ahead, due, passed = DeadlineState.AHEAD, DeadlineState.DUE, DeadlineState.PASSED
    assert _states(claim, date(2025, 7, 1), 13) == [ahead, ahead, ahead]
    assert _states(claim, date(2025, 7, 2)) == [due, ahead, ahead]
    assert _states(claim, date(2025, 7, 4), 23) == [due, ahead, ahead]
    assert _states(claim, date(2025, 7, 5), 0) == [passed, ahead, ahead]
    assert _states(claim, date(2025, 7, 6)) == [passed, due, ahead]
    assert _states(claim, date(2025, 7, 16)) == [passed, passed, passed]


def _sent_and_received(sent: datetime, received: datetime | None = None) -> Claim:
    steps = [ClaimStep(step=Step.FEE_PAID, at=PAID), ClaimStep(step=Step.SENT, at=sent)]
    if received is not None:
        steps.append(ClaimStep(step=Step.RECEIVED_BY_DJI, at=received))
    return Claim(id=ClaimId("k1"), device=DeviceId("d1"), service=Service.EXPRESS_PREMIUM, steps=tuple(steps))


def test_sending_in_time_meets_the_first_limit_only() -> None:
    claim = _sent_and_received(datetime(2025, 7, 4, 23, 59, tzinfo=UTC))
    assert _states(claim, date(2025, 7, 5)) == [DeadlineState.MET, DeadlineState.AHEAD, DeadlineState.AHEAD]


def test_sending_a_minute_late_does_not_meet_it() -> None:
    claim = _sent_and_received(datetime(2025, 7, 5, 0, 0, tzinfo=UTC))
    assert _states(claim, date(2025, 7, 5))[0] is DeadlineState.PASSED


def test_the_return_counts_from_its_arrival_at_dji() -> None:
    claim = _sent_and_received(PAID + timedelta(days=1), datetime(2025, 7, 10, 8, 0, tzinfo=UTC))
    assert _states(claim, date(2025, 7, 11)) == [DeadlineState.MET, DeadlineState.PASSED, DeadlineState.MET]


def test_an_arrival_without_a_recorded_dispatch_meets_all_three() -> None:
    claim = _premium(Step.FEE_PAID, Step.RECEIVED_BY_DJI)
    assert _states(claim, date(2025, 7, 2)) == [DeadlineState.MET] * 3


def test_a_released_deposit_says_that_the_unit_arrived() -> None:
    claim = _premium(Step.FEE_PAID, Step.DEPOSIT_HELD, Step.DEPOSIT_RELEASED)
    assert _states(claim, date(2025, 7, 20)) == [DeadlineState.MET] * 3


# -- any steps whatever -----------------------------------------------------------------------------------------------

_AT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds are naive
_STEPS = st.lists(st.builds(lambda step, at: ClaimStep(step=step, at=at), st.sampled_from(Step), _AT), max_size=20)
_YES = st.sampled_from((True, False, None))
_RETURNED = st.none() | st.builds(
    lambda serial, battery, genuine: ReturnedUnit(serial=serial, battery=battery, genuine=genuine),
    st.sampled_from((None, "", SERIAL, SERIAL.lower(), "OTHER")),
    _YES,
    _YES,
)


@given(st.none() | st.sampled_from(Service), _STEPS, _RETURNED, _YES, _AT)
def test_any_set_of_steps_has_a_state_a_next_act_or_an_end(
    service: Service | None,
    steps: list[ClaimStep],
    returned: ReturnedUnit | None,
    registered: bool | None,
    at: datetime,
) -> None:
    claim = Claim(
        id=ClaimId("k1"),
        device=DeviceId("d1"),
        service=service,
        steps=tuple(steps),
        returned=returned,
        battery_registered=registered,
    )
    reading = _read(claim, at=at)
    known = {each.step for each in steps if each.at <= at}
    assert (reading.state is None) == (not known)
    assert reading.state is None or reading.state in known
    assert (reading.next is None) == (reading.whose is None)
    assert reading.next is None or reading.next not in known
    if known & OVER:
        assert reading.state in OVER
        assert reading.next is None
    assert len(reading.deadlines) in (0, 3)
    assert reading.returned.because


@given(_STEPS, _AT)
def test_the_order_in_which_steps_were_written_down_does_not_matter(steps: list[ClaimStep], at: datetime) -> None:
    distinct = list({each.at: each for each in steps}.values())
    forth = Claim(id=ClaimId("k"), device=DeviceId("d1"), service=Service.EXPRESS_PREMIUM, steps=tuple(distinct))
    back = Claim(id=ClaimId("k"), device=DeviceId("d1"), service=Service.EXPRESS_PREMIUM, steps=tuple(distinct[::-1]))
    assert _read(forth, at=at) == _read(back, at=at)
