"""The fee of the n-th use: only a figure that was published for this very model, plan, edition and place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import Allowance, Care, CareState
from homepoint.domain.facts import Device, PlanProduct
from homepoint.domain.rules.fees import known_fee
from homepoint.domain.terms import Figure
from homepoint.domain.values import ClauseId, DeviceId, Region
from tests.domain.owner import TERMS

OURS = [figure for figure in TERMS.figures if figure.plan in set(PlanProduct)]  # the enterprise line has its own plans
DAMAGE = [figure for figure in OURS if figure.kind == "damage-fee"]
FLYAWAY = [figure for figure in OURS if figure.kind == "flyaway-fee"]


def care_for(figure: Figure, region: str | None = None) -> Care:
    """Return a running plan to which a figure applies."""
    return Care(
        state=CareState.ACTIVE,
        product=PlanProduct(figure.plan),
        edition=figure.edition,
        region=Region(region or figure.region),
        replacements=Allowance(allowed=2, used=0, left=2),
        because=(ClauseId("S0-14"),),
    )


def device_of(figure: Figure) -> Device:
    """Return a device to which a figure applies."""
    return Device(id=DeviceId("d1"), model=figure.model, region=figure.region)


def use_of(figure: Figure) -> int:
    """Return a use a figure is for."""
    return figure.use or 1


@pytest.mark.parametrize("figure", DAMAGE, ids=lambda each: f"{each.model}/{each.plan}/{each.region}/{each.use}")
def test_every_published_damage_fee_is_found_or_gives_way_to_a_surer_one(figure: Figure) -> None:
    found = known_fee(TERMS, device_of(figure), care_for(figure), use_of(figure), flyaway=False)
    assert found is not None
    assert (found.model, found.plan, found.edition) == (figure.model, figure.plan, figure.edition)
    assert found.kind == "damage-fee"
    order = ["high", "medium", "low"]
    assert order.index(found.confidence) <= order.index(figure.confidence)


@pytest.mark.parametrize("figure", FLYAWAY, ids=lambda each: f"{each.model}/{each.plan}/{each.region}")
def test_a_flyaway_never_gets_a_damage_fee(figure: Figure) -> None:
    found = known_fee(TERMS, device_of(figure), care_for(figure), 1, flyaway=True)
    assert found is not None
    assert found.kind == "flyaway-fee"


@pytest.mark.parametrize("figure", [each for each in DAMAGE if each.region == "EU"][:5])
def test_a_member_of_the_european_union_takes_the_unions_figure(figure: Figure) -> None:
    assert known_fee(TERMS, device_of(figure), care_for(figure, "DE"), use_of(figure), flyaway=False) is not None


@pytest.mark.parametrize("figure", [each for each in DAMAGE if each.region != "NZ"][:5])
def test_a_place_for_which_nothing_was_published_has_no_fee(figure: Figure) -> None:
    assert known_fee(TERMS, device_of(figure), care_for(figure, "NZ"), use_of(figure), flyaway=False) is None


def test_a_figure_for_the_first_use_is_not_one_for_the_second() -> None:
    firsts = [each for each in DAMAGE if each.use == 1 and not each.use_and_later]
    assert firsts
    for figure in firsts:
        found = known_fee(TERMS, device_of(figure), care_for(figure), 2, flyaway=False)
        assert found is None or found.use != 1 or found.use_and_later


def test_an_unknown_plan_has_no_fee() -> None:
    none = Care(state=CareState.NONE, because=(ClauseId("S0-06"),))
    assert known_fee(TERMS, device_of(DAMAGE[0]), none, 1, flyaway=False) is None


@given(
    model=st.sampled_from(sorted(TERMS.models)),
    product=st.sampled_from(list(PlanProduct)),
    edition=st.sampled_from([each.id for each in TERMS.editions]),
    region=st.sampled_from(sorted(TERMS.care_regions.value)),
    use=st.integers(1, 6),
    flyaway=st.booleans(),
)
def test_a_fee_is_always_a_published_figure_that_fits(
    model: str, product: PlanProduct, edition: str, region: str, use: int, flyaway: bool
) -> None:
    care = Care(
        state=CareState.ACTIVE,
        product=product,
        edition=next(each.id for each in TERMS.editions if each.id == edition),
        region=Region(region),
        because=(ClauseId("S0-14"),),
    )
    found = known_fee(TERMS, Device(id=DeviceId("d1"), model=model), care, use, flyaway=flyaway)
    if found is None:
        return
    assert found in TERMS.figures
    assert (found.model, found.plan, found.edition) == (model, product, edition)
    assert found.region == region or (found.region == "EU" and region in TERMS.eu_members)
    assert found.kind == ("flyaway-fee" if flyaway else "damage-fee")
    assert found.money.amount >= Decimal(0)
    assert flyaway or found.use is None or found.use == use or (found.use_and_later and found.use < use)
