"""The ways out of an incident: what each kind, wish, part and place opens and closes, and in which order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.assessment import Caution, Gap, IncidentReading, Route
from homepoint.domain.facts import FACT_KINDS, Category, IncidentKind, Part, Service, Wish
from homepoint.domain.portable import from_plain
from homepoint.domain.rules.routes import incident_reading
from tests.domain.owner import BOTH_BOUND, TERMS, device, facts_of, instant, plan, use

AT = "2025-07-02T10:00:00Z"
ACCIDENTS = ("collision", "water", "wear")
FAILURES = ("malfunction", "arrived-faulty")
EXPRESS = (Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM)
REPAIRS = (Service.REPAIR_WARRANTY, Service.REPAIR_DISCOUNT, Service.REPAIR_PAID)
NEEDS_A_UNIT = frozenset(Service) - {Service.FLYAWAY_REPORT}
POCKET = {"id": "d1", "model": "Osmo Pocket 3", "region": "US", "channel": "dji-store", "proof_of_purchase": True}


def read(
    kind: str | None = "collision",
    *,
    of: dict[str, Any] | None = None,
    plans: list[dict[str, Any]] | None = None,
    claims: list[dict[str, Any]] | None = None,
    bindings: list[dict[str, Any]] | None = None,
    **incident: Any,
) -> IncidentReading:
    """Return what is said about an incident of a covered Mini 4 Pro in the United States, with some facts changed."""
    told = {"id": "i1", "device": "d1", "at": AT, "kind": kind, **incident}
    unit = of or device(purchased_on="2025-03-01", received_on="2025-03-03")
    [facts] = facts_of(
        unit,
        plans=[plan()] if plans is None else plans,
        bindings=BOTH_BOUND if bindings is None else bindings,
        claims=claims or [],
        incidents=[told],
    )
    return incident_reading(facts, from_plain(FACT_KINDS["incidents"], told), TERMS, instant(AT))  # type: ignore[arg-type]  # the kind named


def way(reading: IncidentReading, service: Service) -> Route:
    """Return one way."""
    return next(route for route in reading.routes if route.service is service)


def open_ones(reading: IncidentReading) -> list[Service]:
    """Return the open ways by rank."""
    return [route.service for route in sorted(reading.routes, key=lambda each: each.rank or 99) if route.open]


# -- what holds for every incident ------------------------------------------------------------------------------------

ANY_INCIDENT = {
    "kind": st.one_of(st.none(), st.sampled_from([each.value for each in IncidentKind])),
    "wants": st.lists(st.sampled_from([each.value for each in Wish]), unique=True),
    "parts": st.lists(st.sampled_from([each.value for each in Part]), unique=True),
    "service_region": st.one_of(st.none(), st.sampled_from(["US", "DE", "EU", "FR", "JP", "NZ"])),
    "retrievable": st.sampled_from([None, True, False]),
    "account": st.sampled_from([None, "a1", "a2"]),
    "controller": st.sampled_from([None, "c1", "c2"]),
}
ANY_OWNER = st.fixed_dictionaries(
    {
        "of": st.sampled_from(
            [
                device(purchased_on="2025-06-25"),
                device(purchased_on="2025-03-01", region="DE"),
                device(model="DJI Mavic 3", channel=None),
                device(model="DJI FPV", region=None),
                device(model="Something else", category="aircraft"),
                device(status="sold"),
                POCKET,
                {**POCKET, "channel": "second-hand", "region": "DE"},
            ]
        ),
        "plans": st.sampled_from(
            [
                [],
                [plan()],
                [plan(region="DE")],
                [plan(product="care-refresh-2y")],
                [plan(starts_on="2026-01-01", purchased_at="2025-05-01T00:00:00Z")],
                [plan(starts_on="2017-03-11", purchased_at="2017-03-11T00:00:00Z", ends_on="2026-01-01")],
                [plan(replacements=1, flyaways=0)],
            ]
        ),
        "claims": st.sampled_from(
            [
                [],
                [use("k1", "2025-05-01")],
                [use("k1", "2025-05-01"), use("k2", "2025-06-01", "express-premium")],
                [use("k1", "2025-05-01", "flyaway-report")],
            ]
        ),
        "bindings": st.sampled_from([[], BOTH_BOUND, BOTH_BOUND[:1]]),
    }
)


@given(owner=ANY_OWNER, incident=st.fixed_dictionaries(ANY_INCIDENT))
def test_whatever_happens_the_ways_hold_together(owner: dict[str, Any], incident: dict[str, Any]) -> None:
    reading = read(**owner, **incident)
    assert sorted(route.service for route in reading.routes) == sorted(Service)
    ranks = [route.rank for route in reading.routes if route.open]
    assert ranks == list(range(1, len(ranks) + 1))
    assert all(route.rank is None for route in reading.routes if not route.open)
    for route in reading.routes:
        assert route.because, route.service
        assert all(clause in TERMS.clauses for clause in route.because)
        if route.left_after is not None:
            assert route.left_after.replacements is None or route.left_after.replacements >= 0
            assert route.left_after.flyaways is None or route.left_after.flyaways >= 0
        assert route.deposit == (route.service is Service.EXPRESS_PREMIUM and route.open is not False)
        if route.open is None:
            assert route.unknown or route.service in (
                Service.REPAIR_WARRANTY,
                Service.REPAIR_DISCOUNT,
                Service.MAINTENANCE,
            )
    is_lost = incident["retrievable"] is False or (
        incident["kind"] in ("flyaway", "lost") and incident["retrievable"] is None
    )
    if is_lost:
        assert all(route.open is False for route in reading.routes if route.service in NEEDS_A_UNIT)
    else:
        assert way(reading, Service.FLYAWAY_REPORT).open is False
    if incident["kind"] in FAILURES:
        first = open_ones(reading)[:1]
        assert not set(first) & set(EXPRESS)


@given(incident=st.fixed_dictionaries(ANY_INCIDENT))
def test_a_closed_way_promises_nothing(incident: dict[str, Any]) -> None:
    for route in read(**incident).routes:
        if route.open is False:
            assert (route.use, route.fee, route.deposit, route.left_after) == (None, None, False, None)


# -- accidents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ACCIDENTS)
def test_an_accident_in_the_united_states_goes_to_express_basic_first(kind: str) -> None:
    reading = read(kind)
    assert open_ones(reading)[:2] == list(EXPRESS)
    assert way(reading, Service.REPAIR_PAID).open
    assert way(reading, Service.REPAIR_WARRANTY).open is False


@pytest.mark.parametrize("kind", ACCIDENTS)
def test_who_wants_speed_gets_premium_first(kind: str) -> None:
    assert open_ones(read(kind, wants=["speed"]))[:2] == [Service.EXPRESS_PREMIUM, Service.EXPRESS_BASIC]


@pytest.mark.parametrize("wish", ["inspection", "quote-first"])
@pytest.mark.parametrize("kind", ACCIDENTS)
def test_who_wants_an_inspection_or_a_quote_gets_repair_first(kind: str, wish: str) -> None:
    order = open_ones(read(kind, wants=[wish]))
    assert order[0] in REPAIRS
    assert set(EXPRESS) < set(order)
    assert min(order.index(each) for each in EXPRESS) > max(order.index(each) for each in order if each in REPAIRS)


@pytest.mark.parametrize("wish", ["inspection", "quote-first"])
def test_speed_does_not_outweigh_an_inspection_or_a_quote(wish: str) -> None:
    order = open_ones(read(wants=[wish, "speed"]))
    assert order[0] in REPAIRS
    assert order.index(Service.EXPRESS_PREMIUM) < order.index(Service.EXPRESS_BASIC)


def test_premium_takes_a_deposit_and_basic_does_not() -> None:
    reading = read()
    basic, premium = (way(reading, each) for each in EXPRESS)
    assert (basic.deposit, premium.deposit) == (False, True)
    assert Caution.DEPOSIT in premium.warnings
    assert Caution.DEPOSIT not in basic.warnings


def test_premium_is_closed_where_dji_does_not_offer_it() -> None:
    reading = read(of=device(region="DE"), plans=[plan(region="DE")])
    assert way(reading, Service.EXPRESS_BASIC).open
    assert way(reading, Service.EXPRESS_PREMIUM).open is False
    assert way(reading, Service.EXPRESS_PREMIUM).because[0] == TERMS.premium_regions.because[0]


def test_the_last_replacement_is_named_as_such() -> None:
    last = way(read(claims=[use("k1", "2025-05-01")]), Service.EXPRESS_BASIC)
    assert (last.use, last.left_after.replacements if last.left_after else None) == (2, 0)
    assert Caution.LAST_REPLACEMENT in last.warnings


def test_a_plan_that_is_used_up_leaves_repair() -> None:
    reading = read(claims=[use("k1", "2025-05-01"), use("k2", "2025-06-01")])
    assert open_ones(reading) == [Service.REPAIR_PAID]


def test_without_a_plan_repair_remains() -> None:
    assert open_ones(read(plans=[])) == [Service.REPAIR_PAID]


def test_a_claim_after_the_incident_does_not_count_at_the_incident() -> None:
    assert way(read(claims=[use("k1", "2025-07-03")]), Service.EXPRESS_BASIC).use == 1


def test_a_plan_bought_after_the_incident_does_not_cover_it() -> None:
    late = plan(purchased_at="2025-07-03T00:00:00Z", bound_at="2025-07-03T00:00:00Z", starts_on="2025-07-03")
    assert not set(open_ones(read(plans=[late]))) & set(EXPRESS)


def test_a_paid_repair_leaves_the_plan_as_it_is() -> None:
    left = way(read(), Service.REPAIR_PAID).left_after
    assert left is not None
    assert (left.replacements, left.flyaways) == (2, 1)


# -- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wants", [[], ["speed"], ["inspection"], ["quote-first"], ["speed", "quote-first"]])
@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_never_goes_to_express_first(kind: str, wants: list[str]) -> None:
    order = open_ones(read(kind, wants=wants))
    assert order[0] is Service.REPAIR_WARRANTY
    assert set(EXPRESS) <= set(order[1:])


@pytest.mark.parametrize("service", EXPRESS)
def test_express_for_a_failure_warns_that_the_inspection_is_forfeited(service: Service) -> None:
    assert Caution.NO_INSPECTION in way(read("malfunction"), service).warnings


@pytest.mark.parametrize(("bought", "is_open"), [("2025-06-17", True), ("2025-06-16", False), ("2025-07-02", True)])
def test_a_fault_is_exchanged_until_the_end_of_the_fifteenth_day(bought: str, is_open: bool) -> None:
    route = way(read("arrived-faulty", of=device(purchased_on=bought)), Service.REPLACEMENT)
    assert route.open is is_open


def test_the_exchange_of_a_new_faulty_unit_stands_before_its_repair() -> None:
    order = open_ones(read("arrived-faulty", of=device(purchased_on="2025-06-25")))
    assert order[:2] == [Service.REPLACEMENT, Service.REPAIR_WARRANTY]


def test_without_the_day_of_purchase_the_exchange_is_undecided() -> None:
    route = way(read("arrived-faulty", of=device()), Service.REPLACEMENT)
    assert (route.open, route.unknown) == (None, ("purchased_on",))


@pytest.mark.parametrize("kind", ACCIDENTS)
def test_an_accident_is_no_case_for_the_exchange_of_a_fault(kind: str) -> None:
    assert way(read(kind, of=device(purchased_on="2025-06-25")), Service.REPLACEMENT).open is False


def test_an_inspection_after_a_crash_opens_the_warranty_with_a_warning() -> None:
    route = way(read(wants=["inspection"]), Service.REPAIR_WARRANTY)
    assert route.open
    assert Caution.NO_WARRANTY_FOR_ACCIDENTS in route.warnings


# -- losses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["flyaway", "lost"])
def test_a_lost_aircraft_with_everything_in_place_is_reported(kind: str) -> None:
    reading = read(kind)
    assert open_ones(reading) == [Service.FLYAWAY_REPORT]
    route = way(reading, Service.FLYAWAY_REPORT)
    assert {Caution.DO_NOT_UNBIND, Caution.NO_TIME_LIMIT_FOUND} <= set(route.warnings)
    assert route.left_after is not None
    assert (route.left_after.replacements, route.left_after.flyaways) == (1, 0)


def test_an_aircraft_that_cannot_be_retrieved_after_a_crash_is_reported_too() -> None:
    assert open_ones(read("collision", retrievable=False)) == [Service.FLYAWAY_REPORT]


def test_an_aircraft_that_was_found_again_is_sent_in() -> None:
    order = open_ones(read("flyaway", retrievable=True))
    assert Service.FLYAWAY_REPORT not in order
    assert order[0] is Service.EXPRESS_BASIC


def test_an_unbound_controller_refuses_the_report_and_leaves_nothing_open() -> None:
    reading = read("flyaway", bindings=BOTH_BOUND[:1])
    assert open_ones(reading) == []
    assert reading.readiness.missing == (Gap.CONTROLLER_BINDING,)
    assert way(reading, Service.FLYAWAY_REPORT).because == reading.readiness.because


def test_another_controller_than_the_bound_one_refuses_the_report() -> None:
    assert Gap.CONTROLLER_BINDING in read("flyaway", controller="c2").readiness.missing


def test_another_account_than_the_bound_one_cannot_report() -> None:
    assert read("flyaway", account="a2").readiness.missing == (Gap.CLAIMANT,)


def test_a_second_flyaway_of_a_one_year_plan_is_refused() -> None:
    reading = read("flyaway", claims=[use("k1", "2025-05-01", "flyaway-report")])
    assert reading.readiness.missing == (Gap.FLYAWAY_QUOTA,)
    assert open_ones(reading) == []


# -- what closes everything of the plan -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["stolen", "deliberate", "unsuitable-conditions", "third-party-part"])
@pytest.mark.parametrize("retrievable", [None, True, False])
def test_an_excluded_cause_closes_the_plan_and_the_warranty(kind: str, retrievable: bool | None) -> None:
    reading = read(kind, retrievable=retrievable, wants=["inspection"])
    for service in (*EXPRESS, Service.REPAIR_WARRANTY, Service.REPAIR_DISCOUNT, Service.FLYAWAY_REPORT):
        assert way(reading, service).open is False, service
    can_be_paid_for = kind != "stolen" and retrievable is not False
    assert way(reading, Service.REPAIR_PAID).open is can_be_paid_for


def test_the_launch_edition_does_not_cover_water() -> None:
    old = plan(starts_on="2017-03-11", purchased_at="2017-03-11T08:00:00Z", bound_at="2017-03-11T08:00:00Z")
    unit = device(model="Mavic Pro", category="aircraft")
    wet = read("water", of=unit, plans=[old], at="2017-07-02T10:00:00Z")
    crashed = read("collision", of=unit, plans=[old], at="2017-07-02T10:00:00Z")
    assert way(wet, Service.EXPRESS_BASIC).open is False
    assert way(wet, Service.EXPRESS_BASIC).because == ("X4",)
    assert way(crashed, Service.EXPRESS_BASIC).open


# -- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["remote-controller", "accessory"])
def test_what_no_plan_covers_closes_express_alone(part: str) -> None:
    reading = read(parts=[part])
    assert all(way(reading, each).open is False for each in EXPRESS)
    assert way(reading, Service.REPAIR_PAID).open


def test_a_controller_beside_the_aircraft_is_only_warned_of() -> None:
    route = way(read(parts=["aircraft", "remote-controller"]), Service.EXPRESS_BASIC)
    assert route.open
    assert Caution.CONTROLLER_NOT_COVERED in route.warnings


@pytest.mark.parametrize("part", ["gimbal", "camera"])
def test_what_every_published_list_names_is_covered_for_newer_models_too(part: str) -> None:
    assert way(read(parts=[part]), Service.EXPRESS_BASIC).open


@pytest.mark.parametrize("part", ["battery", "propellers"])
def test_a_part_of_a_model_without_a_published_list_is_undecided(part: str) -> None:
    route = way(read(parts=[part]), Service.EXPRESS_BASIC)
    assert (route.open, route.unknown) == (None, ("parts",))
    assert route.rank is None
    assert Caution.PARTS_UNKNOWN in route.warnings


@pytest.mark.parametrize(
    ("model", "parts", "is_open", "caution"),
    [
        ("DJI Phantom 4 Pro", ["aircraft", "battery"], True, Caution.PART_NOT_COVERED),
        ("DJI Phantom 4 Pro", ["battery"], False, None),
        ("DJI Phantom 4 Pro", ["propellers"], True, None),
        ("DJI Spark", ["aircraft", "battery"], True, None),
        ("DJI Mini 4 Pro", ["aircraft", "battery"], True, Caution.PARTS_UNKNOWN),
    ],
)
def test_parts_that_differ_by_series_are_said_and_do_not_close_the_rest(
    model: str, parts: list[str], is_open: bool, caution: Caution | None
) -> None:
    route = way(read(of=device(model=model), parts=parts), Service.EXPRESS_BASIC)
    assert route.open is is_open
    parts_said = {Caution.PART_NOT_COVERED, Caution.PARTS_UNKNOWN} & set(route.warnings)
    assert parts_said == ({caution} if caution else set())


@pytest.mark.parametrize("part", ["aircraft", "handheld"])
def test_the_product_itself_is_always_in_scope(part: str) -> None:
    assert way(read(parts=[part, "gimbal"]), Service.EXPRESS_BASIC).open


# -- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["DE", "EU", "JP", "NZ"])
def test_a_plan_of_the_united_states_gives_no_express_elsewhere(place: str) -> None:
    reading = read(service_region=place)
    assert all(way(reading, each).open is False for each in EXPRESS)
    assert way(reading, Service.REPAIR_PAID).open


@pytest.mark.parametrize("place", ["EU", "FR", "DE"])
def test_the_european_union_is_one_region_with_its_members_where_the_plan_is_for_the_union(place: str) -> None:
    reading = read(of=device(region="EU"), plans=[plan(region="EU")], service_region=place)
    assert way(reading, Service.EXPRESS_BASIC).open


def test_an_international_handheld_is_served_abroad() -> None:
    assert POCKET["model"] in TERMS.international_models.models
    reading = read(of=POCKET, bindings=[], service_region="DE")
    assert reading.routes[0].service is Service.EXPRESS_BASIC
    assert way(reading, Service.EXPRESS_BASIC).open
    assert way(reading, Service.EXPRESS_PREMIUM).open is False


@pytest.mark.parametrize("lacking", [{"proof_of_purchase": False}, {"channel": "second-hand"}])
def test_without_proof_or_authorized_seller_a_handheld_is_served_at_home_only(lacking: dict[str, Any]) -> None:
    reading = read(of={**POCKET, **lacking}, bindings=[], service_region="DE")
    assert way(reading, Service.EXPRESS_BASIC).open is False


def test_a_handheld_cannot_fly_away() -> None:
    reading = read("lost", of=POCKET, bindings=[])
    assert TERMS.models["Osmo Pocket 3"].category is Category.HANDHELD
    assert reading.readiness.missing == (Gap.NOT_AN_AIRCRAFT,)
    assert open_ones(reading) == []


# -- money back -------------------------------------------------------------------------------------------------------


def test_a_return_goes_to_the_store_it_was_bought_in() -> None:
    reading = read("return")
    assert open_ones(reading)[0] is Service.REFUND
    assert all(way(reading, each).open is False for each in EXPRESS)


def test_a_return_to_another_seller_is_not_for_dji() -> None:
    assert way(read("return", of=device(channel="other")), Service.REFUND).open is False


def test_without_the_channel_a_return_is_undecided() -> None:
    route = way(read("return", of=device(channel=None)), Service.REFUND)
    assert (route.open, route.unknown) == (None, ("channel",))


@pytest.mark.parametrize("kind", [*ACCIDENTS, *FAILURES])
def test_who_does_not_ask_for_money_is_not_sent_to_the_store(kind: str) -> None:
    assert way(read(kind), Service.REFUND).open is False


# -- extras of the Mavic 3 --------------------------------------------------------------------------------------------


def test_the_discount_and_the_maintenance_are_for_the_mavic_3_only() -> None:
    mavic = device(model="DJI Mavic 3", purchased_on="2025-03-01")
    assert way(read("collision", of=mavic), Service.REPAIR_DISCOUNT).open
    assert way(read("wear", of=mavic), Service.MAINTENANCE).open
    assert way(read("collision", of=mavic), Service.MAINTENANCE).open is False
    assert way(read("wear"), Service.REPAIR_DISCOUNT).open is False
    assert way(read("wear"), Service.MAINTENANCE).open is False
