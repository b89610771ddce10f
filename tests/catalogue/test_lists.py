"""Models, lists, regions, figures and serial prefixes fit together."""

import re
from collections import Counter

from homepoint.domain.facts import Category
from homepoint.domain.terms import ModelList, Terms
from homepoint.domain.values import EditionId, Region

# Figures also come from two plans that are no edition of Care Refresh.
OTHER_PLANS = {"ent-2023-09", "djicare-2015"}


def test_the_76_models_fall_into_four_categories(terms: Terms) -> None:
    assert Counter(model.category for model in terms.models.values()) == {
        Category.AIRCRAFT: 41,
        Category.HANDHELD: 22,
        Category.ENTERPRISE_AIRCRAFT: 10,
        Category.GIMBAL_CAMERA: 3,
    }


def _newest(terms: Terms) -> dict[str, ModelList | None]:
    edition = terms.editions[-1]
    return {
        "reward": edition.reward_models,
        "discount": edition.repair_discount_models,
        "maintenance": edition.maintenance_models,
        "international": terms.international_models,
    }


def test_lists_have_the_lengths_the_statements_give(terms: Terms) -> None:
    lengths = {name: len(each.models) for name, each in _newest(terms).items() if each}
    assert lengths == {"reward": 19, "discount": 2, "maintenance": 2, "international": 17}


def test_benefit_lists_exist_only_since_2023(terms: Terms) -> None:
    for edition in terms.editions[:-1]:
        assert edition.repair_discount_models is None
        assert edition.maintenance_models is None
        assert edition.reward_models is None


def test_flyaway_lists_grow_from_edition_to_edition(terms: Terms) -> None:
    of_edition = [frozenset().union(*(each.models for each in edition.flyaway_lists)) for edition in terms.editions]
    assert [len(models) for models in of_edition] == [0, 13, 17]
    assert of_edition[1] < of_edition[2]


def test_the_mavic_4_pro_is_listed_by_a_shop_only(terms: Terms) -> None:
    naming = [each for each in terms.editions[-1].flyaway_lists if "DJI Mavic 4 Pro" in each.models]
    assert [each.because[0] for each in naming] == ["FLY-LIST-MAVIC-4-PRO"]
    assert terms.clauses[naming[0].because[0]].confidence == "medium"


def test_only_aircraft_are_on_flyaway_lists_and_only_handhelds_have_cover_abroad(terms: Terms) -> None:
    for edition in terms.editions:
        for each in edition.flyaway_lists:
            assert {terms.models[name].category for name in each.models} == {Category.AIRCRAFT}
    assert {terms.models[name].category for name in terms.international_models.models} == {Category.HANDHELD}


def test_every_list_names_clauses_that_exist(terms: Terms) -> None:
    lists = [each for edition in terms.editions for each in edition.flyaway_lists]
    for each in [*lists, *(each for each in _newest(terms).values() if each)]:
        assert each.because
        assert all(name in terms.clauses for name in each.because)


def test_the_european_union_has_27_members_and_counts_as_a_region(terms: Terms) -> None:
    assert len(terms.eu_members) == 27
    assert {"DE", "FR", "IE", "HR"} <= terms.eu_members
    assert terms.eu_members.isdisjoint({"GB", "CH", "NO"})
    assert terms.eu_members < terms.care_regions.value
    assert len(terms.care_regions.value) == 13 + 1 + 27
    assert Region("EU") in terms.care_regions.value
    assert Region("NZ") not in terms.care_regions.value
    assert terms.care_regions.because[0] == "S0-53"


def test_regions_and_currencies_are_codes(terms: Terms) -> None:
    assert all(re.fullmatch(r"[A-Z]{2}", region) for region in terms.care_regions.value)
    for figure in terms.figures:
        assert re.fullmatch(r"[A-Z]{2}", figure.region)
        assert re.fullmatch(r"[A-Z]{3}", figure.money.currency)


def test_figures_belong_to_a_known_edition_and_model(terms: Terms) -> None:
    assert len(terms.figures) == 104
    for figure in terms.figures:
        assert figure.model in terms.models
        assert figure.edition is not None
        assert terms.edition(EditionId(figure.edition)) or figure.edition in OTHER_PLANS
        assert figure.money.amount > 0
        assert figure.source.seen
        assert (figure.use is not None) <= (figure.kind == "damage-fee")
        assert figure.use_and_later <= (figure.use is not None)


def test_covered_parts_are_known_for_four_series_and_never_the_controller(terms: Terms) -> None:
    by_family = {family: each.parts for each in terms.covered_parts for family in each.families}
    assert by_family["Mavic"] == {"aircraft", "gimbal", "camera", "battery", "propellers"}
    assert by_family["Mavic"] == by_family["Spark"]
    assert "battery" not in by_family["Phantom"]
    assert by_family["Inspire"] == {"aircraft", "gimbal", "camera"}
    assert terms.uncovered_parts.because[0] == "S1-16"
    assert all(terms.uncovered_parts.value.isdisjoint(parts) for parts in by_family.values())


def test_the_warranty_table_names_each_part_once_a_model(terms: Terms) -> None:
    models = [name for table in terms.standard_warranties for name in table.models]
    assert sorted(models) == [
        "DJI Mavic 2 Pro", "DJI Mavic 2 Zoom", "DJI Mavic Air", "DJI Mavic Pro", "DJI Spark",
    ]  # fmt: skip
    for table in terms.standard_warranties:
        parts = {part.part: part.months for part in table.parts}
        assert len(parts) == len(table.parts) == 11
        assert parts["battery"] == 6
        assert parts["charger"] == (6 if "DJI Spark" in table.models else 12)


def test_prefixes_are_found_in_their_long_and_their_short_form(terms: Terms) -> None:
    assert len(terms.serial_prefixes) == 79
    assert [hint.model for hint in terms.hints["1581F6Z9"]] == ["DJI Mini 4 Pro"]
    assert terms.hints["6Z9"] == terms.hints["1581F6Z9"]
    for entry in terms.serial_prefixes:
        assert re.fullmatch(r"1581F[0-9A-HJ-NP-Z]{3}", entry.prefix)


def test_links_without_an_address_say_that_they_are_unverified(terms: Terms) -> None:
    assert len({link.step for link in terms.links}) == len(terms.links) == 21
    for link in terms.links:
        assert link.label
        assert link.url is None or link.url.startswith("http")
        assert (link.url is None) == (link.confidence == "unverified"), link.step


def test_support_lines_without_a_number_say_so(terms: Terms) -> None:
    assert {contact.region for contact in terms.contacts} == {"US", "CN", None}
    for contact in terms.contacts:
        assert contact.phone or contact.hours or contact.note
