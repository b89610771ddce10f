"""The replacement arrived: what moves is told before it is done, and the tasks show by themselves where they can."""

from datetime import timedelta

from homepoint.application.claims import TASKS_DONE
from homepoint.catalogue import load_terms
from homepoint.domain.facts import BoundTo, Category, ClaimStep, Service, Step
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import Region
from homepoint.presentation.succession import (
    BIND_ACCOUNT,
    BIND_CONTROLLER,
    INSURER,
    REGISTER,
    ends_with_arrival,
    moving,
    tasks,
)
from tests import builders
from tests.builders import BERLIN, NOW

TERMS = load_terms()


def test_the_plan_with_its_last_day_and_uses_moves_and_the_bindings_do_not() -> None:
    begun = NOW - timedelta(days=60)
    plan = builders.plan(region=Region("DE"), starts_on=begun.date(), bound_at=begun, purchased_at=begun)
    facts = DeviceFacts(device=builders.device(region=Region("DE")), zone=BERLIN, plans=(plan,))
    told = moving(evaluate(facts, TERMS, NOW))
    assert told.moves[0] == "Care Refresh 1-Year, with its last day 4 March 2027, and 2 replacements left."
    assert any("account is not bound" in each for each in told.stays)
    assert any("controller is not bound" in each for each in told.stays)


def test_without_a_plan_none_moves_and_a_handheld_has_no_controller() -> None:
    facts = DeviceFacts(device=builders.device(model="DJI Osmo Pocket 3", category=Category.HANDHELD), zone=BERLIN)
    told = moving(evaluate(facts, TERMS, NOW))
    assert told.moves[0] == "There is no care plan that could move."
    assert not any("controller" in each for each in told.stays)


def test_bindings_show_by_themselves_and_the_rest_is_marked() -> None:
    new = builders.device("d2", extra={TASKS_DONE: [REGISTER]})
    bound = [
        builders.binding("b1", "d2"),
        builders.binding("b2", "d2", target="c1", to=BoundTo.CONTROLLER, unbound_at=NOW - timedelta(hours=1)),
    ]
    found = {each.key: each for each in tasks(new, Category.AIRCRAFT, bound, NOW)}
    assert {key: each.is_done for key, each in found.items()} == {
        BIND_ACCOUNT: True,
        BIND_CONTROLLER: False,
        REGISTER: True,
        INSURER: False,
    }
    assert {key for key, each in found.items() if each.is_marked} == {REGISTER, INSURER}


def test_a_handheld_is_neither_bound_to_a_controller_nor_registered() -> None:
    found = tasks(builders.device("d2"), Category.HANDHELD, (), NOW)
    assert [each.key for each in found] == [BIND_ACCOUNT, INSURER]


def test_with_premium_the_arrival_does_not_end_the_claim_until_the_old_unit_is_settled() -> None:
    def claim(service: Service, *steps: Step) -> bool:
        taken = tuple(ClaimStep(step=each, at=NOW) for each in steps)
        return ends_with_arrival(builders.claim(service=service, steps=taken))

    assert claim(Service.EXPRESS_BASIC, Step.SUBMITTED, Step.FEE_PAID)
    assert claim(Service.FLYAWAY_REPORT, Step.REPLACEMENT_SENT)
    assert not claim(Service.EXPRESS_PREMIUM, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD)
    assert not claim(Service.REPAIR_PAID, Step.REPAIRED)
    assert not claim(Service.EXPRESS_BASIC, Step.CLOSED)
