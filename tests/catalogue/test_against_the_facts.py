"""What was keyed in equals the collected facts field by field, and no sentence was copied from them."""

import re
from collections import Counter
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from homepoint.domain.terms import Figure, Terms

PLANS = {
    "CR-1Y": "care-refresh-1y",
    "CR-2Y": "care-refresh-2y",
    "DJI-CARE-6M": "dji-care-6m",
    "CARE-EXPRESS-PREMIUM": "express-premium",
    "ENT-BASIC": "care-enterprise-basic",
    "ENT-PLUS": "care-enterprise-plus",
}
KINDS: dict[str, tuple[str, int | None, bool]] = {
    "plan_price": ("plan-price", None, False),
    "damage_fee_1": ("damage-fee", 1, False),
    "damage_fee_2": ("damage-fee", 2, False),
    "damage_fee_3": ("damage-fee", 3, False),
    "damage_fee_each": ("damage-fee", None, False),
    "damage_fee_next": ("damage-fee", 2, True),
    "flyaway_fee": ("flyaway-fee", None, False),
    "coverage_quota": ("quota", None, False),
    "preauthorization": ("deposit", None, False),
}
FLYAWAY = {
    "yes": "yes",
    "not on the 2024 DJI list": "not-listed",
    "unknown": "unknown",
    "n/a": "not-applicable",
    "yes (Care Enterprise Plus only)": "care-enterprise-plus",
}


def test_the_kept_list_of_statements_is_that_of_the_facts(terms: Terms, statements: Any) -> None:
    assert {each["id"] for each in statements["statements"]} <= set(terms.clauses)
    assert len(statements["statements"]) == 170


def test_statements_are_disputed_by_the_same_contradictions(terms: Terms, statements: Any) -> None:
    for each in statements["statements"]:
        assert set(terms.clauses[each["id"]].disputed_by) == set(each["contradictions"]), each["id"]
    found = {each.id: each.clauses for each in terms.contradictions}
    assert found == {each["id"]: tuple(each["statements"]) for each in statements["contradictions"]}


def test_statements_come_from_the_page_they_were_read_on(terms: Terms, statements: Any) -> None:
    for each in statements["statements"]:
        assert terms.clauses[each["id"]].source.url == each["source_url"], each["id"]


def test_no_sentence_is_a_copy_of_the_facts(terms: Terms, statements: Any) -> None:
    for each in statements["statements"]:
        ours, theirs = terms.clauses[each["id"]].says.lower(), each["paraphrase"].lower()
        assert SequenceMatcher(None, ours, theirs, autojunk=False).ratio() < 0.82, each["id"]


def test_numbers_of_statements_are_the_numbers_of_the_terms(terms: Terms, statements: Any) -> None:
    machine = {each["id"]: each["machine"] for each in statements["statements"]}
    newest, older = terms.editions[-1].products, terms.editions[1].products
    for plans, name, key in [
        (newest, "S0-14", "replacements"),
        (newest, "S0-16", "replacements"),
        (older, "S1-04", "replacements"),
        (older, "S1-05", "replacements"),
    ]:
        plan = next(each for product, each in plans.items() if product.value == PLANS[machine[name]["plan"]])
        assert plan.replacements.value == machine[name][key]
        assert plan.replacements.because[0] == name
    for name in ("S0-15", "S0-17"):
        plan = next(each for product, each in newest.items() if product.value == PLANS[machine[name]["plan"]])
        assert plan.flyaways.value == machine[name]["flyaway_max"]
    for name in ("S0-24", "S0-25"):
        plan = next(each for product, each in newest.items() if product.value == PLANS[machine[name]["plan"]])
        assert plan.repair_discounts.value == machine[name]["uses"]
    for name in ("S0-28", "S0-29"):
        plan = next(each for product, each in newest.items() if product.value == PLANS[machine[name]["plan"]])
        assert plan.maintenance.value == machine[name]["uses"]


def test_lists_of_models_are_those_of_the_statements(terms: Terms, statements: Any, facts: Any) -> None:
    machine = {each["id"]: each["machine"] for each in statements["statements"]}
    newest = terms.editions[-1]
    for found, name in [
        (newest.repair_discount_models, "S0-23"),
        (newest.maintenance_models, "S0-27"),
        (newest.reward_models, "S0-32"),
        (terms.international_models, "S0-59"),
    ]:
        assert found is not None
        assert found.models == set(machine[name]["models"])
    flyaway = [each.models for edition in terms.editions for each in edition.flyaway_lists]
    for each in facts["flyaway_lists"]:
        assert set(each["models"]) in flyaway
    assert terms.care_regions.value - terms.eu_members == set(machine["S0-53"]["regions"])


def test_editions_begin_and_end_where_the_facts_have_it(terms: Terms, facts: Any) -> None:
    dates = {each["id"].lower(): each for each in facts["editions"]}
    for edition in terms.editions:
        fact = dates[edition.id]
        assert edition.valid_from.isoformat().startswith(fact["valid_from"].split()[0])
        assert (edition.valid_to.isoformat() if edition.valid_to else None) == (
            fact["valid_to"].split()[0] if fact["valid_to"] else None
        )


def _plain(figure: Figure) -> tuple[object, ...]:
    return (
        figure.model, figure.plan, figure.kind, figure.use, figure.use_and_later, figure.money.amount,
        figure.money.currency, figure.region, figure.source.url, figure.source.seen, figure.edition,
        figure.confidence.value, bool(figure.note),
    )  # fmt: skip


def test_all_figures_are_those_of_the_facts(terms: Terms, facts: Any) -> None:
    expected = Counter(
        (
            each["model"], PLANS[each["plan"]], *KINDS[each["kind"]], Decimal(str(each["amount"])),
            each["currency"], each["region"], each["source"] if each["source"].startswith("http") else None,
            each["page_date"], each["edition"].lower(), each["confidence"], bool(each["note"]),
        )
        for each in facts["figures"]
    )  # fmt: skip
    assert Counter(_plain(figure) for figure in terms.figures) == expected


def test_all_models_are_those_of_the_facts(terms: Terms, facts: Any) -> None:
    assert list(terms.models) == [each["model"] for each in facts["models"]]
    newest = terms.editions[-1]
    assert newest.reward_models
    assert newest.repair_discount_models
    plans_seen: dict[str, set[str]] = {}
    for figure in terms.figures:
        plans_seen.setdefault(figure.model, set()).add(figure.plan)
    for each in facts["models"]:
        model = terms.models[each["model"]]
        assert (model.category.value, model.family) == (each["category"].replace("_", "-"), each["family"])
        assert (model.flyaway, model.flyaway_source) == (FLYAWAY[each["flyaway"]], each["flyaway_source"])
        assert (model.released is None) == (each["release"] is None)
        if model.released and model.released_confidence:
            years = re.findall(r"\d{4}", each["release"])
            assert years[0] in model.released
            assert model.released_confidence.value == each["release_confidence"]
        assert plans_seen.get(model.name, set()) == {PLANS[plan] for plan in each["plans_seen"]}
        assert (model.name in newest.reward_models.models) == each["safe_use_reward"]
        assert (model.name in terms.international_models.models) == each["international"]
        assert (model.name in newest.repair_discount_models.models) == each["repair_discount_and_maintenance"]


def test_all_prefixes_are_those_of_the_facts(terms: Terms, serials: Any) -> None:
    found = [
        (each.prefix, each.legacy_prefix, each.model, each.seen_in, each.confidence, each.disputed, bool(each.note))
        for each in terms.serial_prefixes
    ]
    assert found == [
        (
            each["rid_prefix"], each["legacy_prefix"], each["model"], tuple(each["sources"]),
            each["confidence"], each["conflict"], bool(each["note"]),
        )
        for each in serials["prefixes"]
    ]  # fmt: skip
    for letter, year in re.findall(r"\b([A-HJ-Z])=(20\d\d)", serials["date_decode"]["legacy_14"]):
        assert terms.year_letters[letter] == int(year)
    assert len(terms.year_letters) == 7


def test_links_contacts_and_the_warranty_table_are_those_of_the_facts(terms: Terms, facts: Any) -> None:
    assert [(link.step, link.url) for link in terms.links] == [(each["step"], each["url"]) for each in facts["links"]]
    phones = {contact.phone for contact in terms.contacts}
    assert {each["phone"] for each in facts["contacts"]} <= phones
    table = facts["warranty"]["policy_2019_09"]
    assert {name for each in terms.standard_warranties for name in each.models} == set(table["models"])
    months = [each["months"] for each in table["parts"]]
    for warranty in terms.standard_warranties:
        for ours, theirs in zip(warranty.parts, months, strict=True):
            assert ours.months == theirs or (isinstance(theirs, dict) and ours.months in theirs.values())
    assert len(terms.exclusions) == len(facts["exclusions"]["items"])
    assert all(rule["id"] in terms.clauses for rule in facts["warranty"]["rules"])
