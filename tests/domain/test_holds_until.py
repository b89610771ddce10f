"""An assessment says until when it is true, and it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.domain.rules.evaluate import evaluate
from tests.domain.owner import TERMS, facts_of

START = datetime(2020, 6, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(), timedelta(days=2400)).map(lambda passed: START + passed)
MODELS = st.sampled_from(["DJI Mini 3 Pro", "DJI Mini 2", "Osmo Pocket 3", "DJI FPV", "DJI Mavic 3", "A kite"])
MAYBE = st.one_of(st.none(), INSTANTS)


def text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


@st.composite
def owners(draw: st.DrawFn) -> dict[str, Any]:
    bought = sorted(draw(st.lists(INSTANTS, max_size=3)))
    products = st.sampled_from(["care-refresh-1y", "care-refresh-2y", "care-refresh-plus"])
    return {
        "device": {
            "id": "d1",
            "model": draw(MODELS),
            "category": draw(st.sampled_from([None, "aircraft"])),
            "region": draw(st.sampled_from([None, "US", "JP", "DE", "BR"])),
            "channel": draw(st.sampled_from([None, "dji-store", "dji-store-bundle"])),
            "condition": draw(st.sampled_from([None, "new"])),
            "activated_at": text(draw(MAYBE)),
            "shipped_at": text(draw(MAYBE)),
            "purchased_on": draw(st.one_of(st.none(), INSTANTS.map(lambda at: at.date().isoformat()))),
            "proof_of_purchase": draw(st.booleans()),
        },
        "plans": [
            {
                "id": f"p{index}",
                "device": "d1",
                "product": draw(products),
                "purchased_at": text(at),
                "bound_at": text(draw(st.sampled_from([None, at]))),
                "starts_on": draw(st.sampled_from([None, at.date().isoformat()])),
            }
            for index, at in enumerate(bought)
        ],
        "bindings": [
            {
                "id": f"b{index}",
                "device": "d1",
                "to": to,
                "target": "x",
                "bound_at": text(at),
                "unbound_at": text(draw(st.sampled_from([None, at + timedelta(days=draw(st.integers(0, 300)))]))),
            }
            for index, (to, at) in enumerate(
                draw(st.lists(st.tuples(st.sampled_from(["account", "controller"]), INSTANTS), max_size=3))
            )
        ],
        "claims": [
            {
                "id": f"k{index}",
                "device": "d1",
                "service": draw(st.sampled_from(["express-basic", "flyaway-report", "repair-paid"])),
                "steps": [{"step": draw(st.sampled_from(["fee-paid", "refused", "repaired"])), "at": text(at)}],
            }
            for index, at in enumerate(draw(st.lists(INSTANTS, max_size=3)))
        ],
        "purchase_notices": [
            {"id": f"n{index}", "device": "d1", "kind": "video", "result": "passed", "notice_at": text(at)}
            for index, at in enumerate(draw(st.lists(INSTANTS, max_size=1)))
        ],
    }


@settings(max_examples=150, deadline=None)
@given(owners(), INSTANTS, st.floats(0, 1), st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]))
def test_nothing_changes_before_it_says_so(owner: dict[str, Any], at: datetime, share: float, zone: str) -> None:
    facts = facts_of(owner["device"], zone=zone, **{kind: owner[kind] for kind in owner if kind != "device"})[0]
    found = evaluate(facts, TERMS, at)
    until = found.holds_until or at + timedelta(days=4000)
    assert until > at
    within = min(at + (until - at) * share, until - timedelta(microseconds=1))
    later = evaluate(facts, TERMS, within)
    assert replace(later, at=at) == found


@settings(max_examples=100, deadline=None)
@given(owners(), INSTANTS)
def test_every_verdict_names_clauses_the_catalogue_has(owner: dict[str, Any], at: datetime) -> None:
    facts = facts_of(owner["device"], **{kind: owner[kind] for kind in owner if kind != "device"})[0]
    found = evaluate(facts, TERMS, at)
    reasons = [each.because for each in (found.care, found.purchase, found.renewal, found.flyaway, found.service_area)]
    reasons += [each.because for each in found.services]
    reasons += [each.because for each in found.warranty]
    reasons += [each.because for each in found.deadlines]
    for because in reasons:
        assert because
        assert all(clause in TERMS.clauses for clause in because)
    assert 0 <= (found.care.flyaways.left or 0) <= (found.care.replacements.left or 0)


def test_what_rests_on_an_unbinding_changes_just_after_its_instant() -> None:
    unbound_at = START + timedelta(days=30)
    bound = {"device": "d1", "bound_at": text(START), "unbound_at": text(unbound_at)}
    facts = facts_of(
        {"id": "d1", "model": "DJI Mini 2"}, bindings=[{"id": "b1", "to": "account", "target": "a1", **bound}]
    )[0]
    at_that_instant = evaluate(facts, TERMS, unbound_at)
    assert "account-binding" not in at_that_instant.flyaway.missing
    assert at_that_instant.holds_until == unbound_at + timedelta(microseconds=1)
    assert "account-binding" in evaluate(facts, TERMS, at_that_instant.holds_until).flyaway.missing
