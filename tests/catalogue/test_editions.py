"""The editions follow one another without a gap, and each says everything about each plan."""

from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

import pytest

from homepoint.catalogue.clauses import clause_ids
from homepoint.domain.facts import Category, PlanProduct
from homepoint.domain.terms import Edition, Span, Stated, Terms
from homepoint.domain.values import EditionId

ONE, TWO, PLUS = PlanProduct.ONE_YEAR, PlanProduct.TWO_YEARS, PlanProduct.PLUS


def _edition(terms: Terms, name: str) -> Edition:
    edition = terms.edition(EditionId(name))
    assert edition is not None
    return edition


Value = TypeVar("Value")


def _stated(value: Value, *clauses: str) -> Stated[Value]:
    return Stated(value, clause_ids(clauses))


def test_editions_rise_and_leave_no_day_without_one(terms: Terms) -> None:
    assert [edition.id for edition in terms.editions] == ["cr-2016", "cr-2021", "cr-2023-07"]
    for earlier, later in pairwise(terms.editions):
        assert earlier.valid_to is not None
        assert later.valid_from == earlier.valid_to + timedelta(days=1)
    assert terms.editions[-1].valid_to is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2015, 1, 1), "cr-2016"),
        (date(2021, 1, 25), "cr-2016"),
        (date(2021, 1, 26), "cr-2021"),
        (date(2023, 7, 12), "cr-2021"),
        (date(2023, 7, 13), "cr-2023-07"),
        (date(2030, 1, 1), "cr-2023-07"),
    ],
)
def test_a_day_belongs_to_the_edition_in_force(terms: Terms, day: date, name: str) -> None:
    assert terms.edition_on(day).id == name


@pytest.mark.parametrize(
    ("name", "product", "months", "replacements", "flyaways", "discounts", "maintenance"),
    [
        ("cr-2016", ONE, 12, 2, 0, None, None),
        ("cr-2016", TWO, 24, 3, 0, None, None),
        ("cr-2016", PLUS, 12, 1, 0, None, None),
        ("cr-2021", ONE, 12, 2, 1, None, None),
        ("cr-2021", TWO, 24, 3, 2, None, None),
        ("cr-2021", PLUS, 12, 1, None, None, None),
        ("cr-2023-07", ONE, 12, 2, 1, 2, 1),
        ("cr-2023-07", TWO, 24, 4, 2, 3, 2),
        ("cr-2023-07", PLUS, 12, 1, None, None, None),
    ],
)
def test_each_plan_gives_in_each_edition_what_its_clauses_say(
    terms: Terms,
    name: str,
    product: PlanProduct,
    months: int,
    replacements: int,
    flyaways: int | None,
    discounts: int | None,
    maintenance: int | None,
) -> None:
    plan = _edition(terms, name).products[product]
    given = (plan.months, plan.replacements, plan.flyaways, plan.repair_discounts, plan.maintenance)
    assert tuple(each.value for each in given) == (months, replacements, flyaways, discounts, maintenance)
    assert plan.warranty.value is True


def test_every_value_stands_with_clauses_and_what_is_not_found_says_so(terms: Terms) -> None:
    for edition in terms.editions:
        assert set(edition.products) == set(PlanProduct)
        for plan in edition.products.values():
            stated: list[Stated[int | None]] = [plan.flyaways, plan.repair_discounts, plan.maintenance]
            assert plan.months.because
            assert plan.replacements.because
            assert plan.warranty.because
            for each in stated:
                assert each.because
                assert (each.value is None) == ("NOT-FOUND" in each.because[0]), each


@pytest.mark.parametrize(
    ("name", "product", "clauses"),
    [
        ("cr-2023-07", ONE, {"S0-14", "S0-15"}),
        ("cr-2023-07", TWO, {"S0-16", "S0-17"}),
        ("cr-2021", TWO, {"S1-05", "CR-2021", "S0-17"}),
        ("cr-2016", ONE, {"S1-04", "S1-17"}),
        ("cr-2016", TWO, {"CR-2016-2Y", "S1-05", "S1-17"}),
    ],
)
def test_allowances_name_their_statements(terms: Terms, name: str, product: PlanProduct, clauses: set[str]) -> None:
    plan = _edition(terms, name).products[product]
    assert clauses <= {*plan.replacements.because, *plan.flyaways.because}


def test_today_a_plan_is_renewed_by_a_1_year_plan_until_15_days_after(terms: Terms) -> None:
    edition = _edition(terms, "cr-2023-07")
    renewal = edition.renewal
    assert renewal.product == _stated(ONE, "S0-43")
    assert set(renewal.histories.value) == {(ONE,), (TWO,), (ONE, PLUS), (ONE, ONE)}
    assert renewal.histories.because == ("S0-44", "S0-45", "S0-46", "S0-47", "S0-48")
    assert (renewal.days_after.value, renewal.days_after.because) == (15, ("S0-49",))
    assert (renewal.max_months.value, renewal.max_months.because) == (36, ("HP-RENEW-36",))
    assert renewal.needs_replacement_left.value is False
    assert renewal.store_decides == ("S0-50", "S0-51", "S0-52")
    assert edition.used_up_ends_plan.value is False


@pytest.mark.parametrize("name", ["cr-2016", "cr-2021"])
def test_under_older_terms_care_refresh_plus_follows_a_running_1_year_plan(terms: Terms, name: str) -> None:
    edition = _edition(terms, name)
    renewal = edition.renewal
    assert renewal.product.value is PLUS
    assert renewal.histories.value == ((ONE,),)
    assert renewal.days_after == _stated(0, "S1-41")
    assert renewal.max_months.value is None
    assert renewal.needs_replacement_left.value is True
    assert renewal.store_decides == ()
    assert edition.used_up_ends_plan == _stated(True, "S1-40")
    assert edition.reward_months is None
    assert edition.reward_models is None


def test_the_reward_is_a_year_and_a_notice_holds_for_72_hours(terms: Terms) -> None:
    edition = _edition(terms, "cr-2023-07")
    assert edition.reward_months == _stated(12, "S0-30", "S0-31")
    assert all(each.notice_hours == _stated(72, "S0-42") for each in terms.editions)


def test_purchase_windows_are_kept_most_specific_first(terms: Terms) -> None:
    regional = [window.regions is not None for window in terms.purchase_windows]
    assert regional == sorted(regional, reverse=True)
    assert terms.purchase_windows[0].because == ("JP-96H",)


@pytest.mark.parametrize(
    ("category", "general", "japanese"),
    [
        (Category.AIRCRAFT, Span(hours=48), Span(hours=96)),
        (Category.GIMBAL_CAMERA, Span(hours=48), Span(hours=96)),
        (Category.HANDHELD, Span(days=30), Span(days=30)),
    ],
)
def test_the_first_purchase_window_depends_on_category_and_region(
    terms: Terms, category: Category, general: Span, japanese: Span
) -> None:
    spans = [(window.regions, window.span) for window in terms.purchase_windows if category in window.categories]
    assert spans == [(frozenset({"JP"}), japanese), (None, general)]


def test_enterprise_aircraft_have_no_window_of_their_own(terms: Terms) -> None:
    assert all(Category.ENTERPRISE_AIRCRAFT not in window.categories for window in terms.purchase_windows)


def test_single_figures_stand_with_their_statements(terms: Terms) -> None:
    assert terms.defect_replacement_days == _stated(15, "S2-34")
    assert terms.bundle_start_days == _stated(2, "S1-28")
    assert terms.return_days == _stated((3, 7, 14), "S2-12", "S2-15")
    assert terms.factory_warranty_days == _stated(90, "W2")
    assert (terms.after_service.days, terms.after_service.because) == (90, ("W4", "W5"))
    assert terms.warranty_starts == ("W1", "W6")
    assert terms.premium_regions.value == {"US"}
    assert terms.premium_regions.because[0] == "S2-04"
