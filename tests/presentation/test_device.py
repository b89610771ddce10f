"""What the device page says: answers with reasons and prices, questions, readiness, records."""

from datetime import date, datetime, timedelta
from typing import Any

from homepoint.application.changes import HistoryEntry
from homepoint.catalogue import load_terms
from homepoint.domain.facts import (
    BoundTo,
    Category,
    Channel,
    ClaimStep,
    Condition,
    DeviceStatus,
    PlanProduct,
    Service,
    Step,
)
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.snapshot import DeviceFacts
from homepoint.presentation.device import DevicePage, Form, device_page
from homepoint.presentation.device_answers import Answer, Verdict
from tests import builders as make
from tests.builders import BERLIN, NOW

TERMS = load_terms()
BOUND = datetime(2026, 1, 11, 9, 10, tzinfo=BERLIN)


def facts(device: dict[str, Any] | None = None, **kinds: Any) -> DeviceFacts:
    """Return a German Mini 4 Pro and what bears on it."""
    values = {"region": "DE", "activated_at": BOUND, "purchased_on": date(2026, 1, 8), **(device or {})}
    return DeviceFacts(device=make.device(**values), zone=BERLIN, **kinds)


def covered(**kinds: Any) -> DeviceFacts:
    """Return the same with a 2-year plan, and bound to both."""
    to_controller = make.binding("b2", target="c1", to=BoundTo.CONTROLLER, bound_at=BOUND)
    return facts(
        **{
            "plans": (make.plan(product=PlanProduct.TWO_YEARS, bound_at=BOUND, region="DE"),),
            "bindings": (make.binding(bound_at=BOUND), to_controller),
            "accounts": (make.account(),),
            "controllers": (make.controller(),),
            **kinds,
        }
    )


def page(of: DeviceFacts, at: datetime = NOW, *, is_now: bool = True, history: Any = ()) -> DevicePage:
    """Return the page."""
    return device_page(evaluate(of, TERMS, at), of, TERMS, is_now=is_now, history=history)


def answer(shown: DevicePage, key: str) -> Answer:
    """Return one row."""
    return next(each for each in shown.answers if each.key == key)


def test_express_names_the_plan_its_end_and_what_is_left() -> None:
    said = answer(page(covered()), "express-basic")
    assert said.verdict is Verdict.YES
    assert said.reason == "Care Refresh 2-Year runs until 10 January 2028; 4 of 4 replacements left."


def test_without_a_plan_express_is_no_and_says_why() -> None:
    said = answer(page(facts()), "express-basic")
    assert (said.word, said.reason) == ("No", "It comes with a care plan, and there is none.")
    assert not said.prices


def test_premium_is_refused_for_the_region_it_is_not_offered_in() -> None:
    assert answer(page(covered()), "express-premium").reason == "DJI does not offer it in Germany."


def test_premium_is_not_known_while_the_region_is_not() -> None:
    plan = make.plan(bound_at=BOUND)
    shown = page(facts({"region": None}, plans=(plan,)))
    assert answer(shown, "express-premium").verdict is Verdict.NOT_KNOWN
    assert any(each.field == "region" and each.form is Form.DEVICE for each in shown.questions)


def test_every_answer_has_clauses_with_source_and_confidence() -> None:
    for of in (facts(), covered()):
        for each in page(of).answers:
            assert each.why, each.key
            assert all("seen" in clause.source and "confidence" in clause.source for clause in each.why)


def test_a_disputed_clause_says_that_sources_differ() -> None:
    disputes = [dispute for each in page(covered()).answers for clause in each.why for dispute in clause.disputes]
    assert disputes
    assert all(each.startswith("Sources differ. ") for each in disputes)


def test_a_published_fee_comes_with_its_source_and_others_are_shown_at_settlement() -> None:
    shown = page(covered())
    fee = answer(shown, "express-basic").prices[0]
    assert fee.source
    assert "confidence" in fee.source
    elsewhere = page(covered(device={"model": "DJI Mavic Air 2"}))
    assert [each.amount for each in answer(elsewhere, "express-basic").prices] == ["Shown by DJI at settlement"]


def test_a_first_purchase_is_asked_only_while_there_is_no_plan() -> None:
    assert any(each.key == "first-purchase" for each in page(facts()).answers)
    assert not any(each.key == "first-purchase" for each in page(covered()).answers)


def test_an_unknown_activation_becomes_a_question_that_opens_the_device_form() -> None:
    shown = page(facts({"activated_at": None, "condition": Condition.USED}))
    said = answer(shown, "first-purchase")
    assert (said.verdict, said.reason) == (Verdict.NOT_KNOWN, "It depends on when it was activated.")
    asked = next(each for each in shown.questions if each.field == "activated_at")
    assert (asked.asks, asked.form) == ("When was it activated?", Form.DEVICE)


def test_a_plan_without_a_start_asks_when_it_was_bound() -> None:
    shown = page(facts(plans=(make.plan(),)))
    asked = shown.questions[0]
    assert (asked.asks, asked.form, asked.plan) == ("When was Care Refresh 1-Year bound?", Form.PLAN, "p1")


def test_a_sold_device_asks_nothing_and_every_answer_is_no() -> None:
    shown = page(facts({"status": DeviceStatus.SOLD, "received_on": None}))
    assert not shown.questions
    assert {each.verdict for each in shown.answers} == {Verdict.NO}
    assert answer(shown, "repair-paid").reason == "The device is recorded as sold."


def test_readiness_names_each_gap_with_the_act_that_closes_it() -> None:
    shown = page(covered(bindings=(make.binding(bound_at=BOUND),)))
    assert shown.readiness is not None
    assert not shown.readiness.is_ready
    assert [(gap.sentence, gap.form) for gap in shown.readiness.gaps] == [
        ("The controller is not bound.", Form.BIND_CONTROLLER)
    ]
    assert any("Device Management" in each for each in shown.readiness.where)


def test_bound_to_both_under_a_plan_is_ready() -> None:
    readiness = page(covered()).readiness
    assert readiness is not None
    assert readiness.is_ready
    assert not readiness.where


def test_a_handheld_has_no_flyaway_readiness() -> None:
    assert page(facts({"model": "Osmo Action 4", "category": Category.HANDHELD})).readiness is None


def test_bindings_in_force_come_first_and_a_dangling_one_says_so() -> None:
    past = make.binding("b0", target="gone", bound_at=BOUND, unbound_at=BOUND + timedelta(days=3))
    shown = page(covered(bindings=(past, make.binding(bound_at=BOUND))))
    assert [(each.name, each.holds) for each in shown.accounts] == [
        ("me", True),
        ("An account that is no longer recorded", False),
    ]
    assert shown.accounts[1].since == "Bound from 11 Jan 2026, 09:10 to 14 Jan 2026, 09:10"


def test_a_check_made_after_the_instant_shown_is_not_told() -> None:
    checked = make.binding(bound_at=BOUND, checked_at=(NOW,))
    then = page(covered(bindings=(checked,)), NOW - timedelta(days=1), is_now=False)
    assert then.accounts[0].checked == "Not checked since"
    assert page(covered(bindings=(checked,))).accounts[0].checked == "Last checked 4 May 2026, 12:00"


def test_another_instant_is_said_in_title_and_banner() -> None:
    shown = page(covered(), datetime(2028, 2, 1, 12, tzinfo=BERLIN), is_now=False)
    assert shown.asks_title == "What you can ask for on 1 February 2028"
    assert shown.as_of is not None
    assert shown.as_of.startswith("You are looking at 1 Feb 2028, 12:00.")
    assert answer(shown, "express-basic").reason == "Care Refresh 2-Year ended on 10 January 2028."


def test_a_plan_tells_dates_agreement_and_keeps_its_code_apart() -> None:
    plan = make.plan(bound_at=BOUND, activation_code_hint="ET-1", replacements=3, ends_on=date(2027, 2, 1))
    told = page(facts(plans=(plan,))).plans[0]
    assert told.code_hint == "ET-1"
    rows = dict(told.rows)
    assert rows["Last covered day"] == "1 Feb 2027"
    assert rows["Service agreement"] == "Ends on 1 Feb 2027, 3 replacements."
    assert "ET-1" not in str(told.rows)


def test_used_replacements_are_left_out_of_what_remains() -> None:
    steps = (ClaimStep(step=Step.FEE_PAID, at=NOW - timedelta(days=2)),)
    used = make.claim(service=Service.EXPRESS_BASIC, plan="p1", steps=steps)
    assert page(covered(claims=(used,))).cover == "Care Refresh 2-Year until 10 January 2028, 3 of 4 replacements left."


def test_an_unknown_warranty_says_not_known() -> None:
    row = page(facts()).warranty[-1]
    assert (row.part, row.ends, row.runs) == ("The device", "Not known", None)


def test_history_says_who_changed_what_where() -> None:
    before, after = make.device(), make.device(nickname="Kestrel", channel=Channel.OTHER)
    edit = make.changing(before, after, "Device changed")
    entry = HistoryEntry(number=3, at=NOW, person="Ada", computer="desk", edit=edit)
    taken_back = HistoryEntry(number=4, at=NOW, person="Ada", computer="desk", edit=edit.reversed(), undoes=3)
    last, first = page(facts(), history=(taken_back, entry)).history
    assert (first.at, first.title, first.who) == ("4 May 2026, 12:00", "Device changed", "Ada on desk")
    assert first.what == "Device: nickname, channel"
    assert last.title == "Taken back: Device changed"
