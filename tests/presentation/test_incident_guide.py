"""The guided report in words: its pages, what a draft is, the ways side by side, the loss gap by gap, places typed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.catalogue import load_terms
from homepoint.domain.facts import (
    BoundTo,
    Category,
    Channel,
    Fact,
    Incident,
    IncidentKind,
    Position,
    Service,
    Wish,
)
from homepoint.domain.rules.routes import incident_reading
from homepoint.domain.snapshot import DeviceFacts, snapshot_of
from homepoint.domain.values import Region
from homepoint.presentation.flyaway_guide import loss_cover, still_possible
from homepoint.presentation.incident_guide import (
    RARE_TILES,
    TILES,
    ReportPage,
    at_page,
    copy_texts,
    draft_line,
    home_position,
    is_draft,
    open_pages,
    page_of,
    pages_of,
    put_away,
    service_regions,
    statement,
    with_home,
)
from homepoint.presentation.incident_ways import Ways, ways
from homepoint.presentation.places import decimal_text, degrees_text
from homepoint.presentation.position_text import geo_link, read_position
from tests import builders as make
from tests.builders import BERLIN, NOW

TERMS = load_terms()
MONTH = timedelta(days=30)


def facts_of(*more: Fact, **device: Any) -> DeviceFacts:
    """Return a covered aircraft of the United States, bound to account and controller."""
    known: dict[str, Any] = {
        "nickname": "Kestrel",
        "serial": "1581F6Z9C24AU0034SRD",
        "region": Region("US"),
        "channel": Channel.DJI_STORE,
    }
    facts: list[Fact] = [
        make.device(**{**known, **device}),
        make.account(),
        make.controller(label="RC 2"),
        make.plan(region=Region("US"), starts_on=(NOW - MONTH).date(), purchased_at=NOW - MONTH),
        make.binding(bound_at=NOW - MONTH),
        *more,
    ]
    [found] = snapshot_of(BERLIN, facts).by_device()
    return found


CONTROLLER = make.binding("b2", to=BoundTo.CONTROLLER, target="c1", bound_at=NOW - MONTH)


def ways_of(incident: Incident, facts: DeviceFacts) -> Ways:
    """Return the ways out of an incident."""
    return ways(incident_reading(facts, incident, TERMS, NOW), incident, facts, TERMS)


# -- pages and drafts -------------------------------------------------------------------------------------------------


def test_only_a_loss_has_the_search_and_the_question_of_cover() -> None:
    lost = pages_of(make.incident(kind=IncidentKind.FLYAWAY))
    crashed = pages_of(make.incident(kind=IncidentKind.COLLISION))
    assert set(lost) - set(crashed) == {ReportPage.FIND, ReportPage.READY}
    assert lost.index(ReportPage.FIND) < lost.index(ReportPage.WHEN) < lost.index(ReportPage.READY)


def test_before_it_is_said_what_happened_only_the_first_two_pages_are_open() -> None:
    assert open_pages(make.incident(kind=None), None) == {ReportPage.DEVICE, ReportPage.WHAT}


def test_the_checklist_waits_for_a_way() -> None:
    incident = make.incident(kind=IncidentKind.WATER)
    assert ReportPage.CHECKLIST not in open_pages(incident, None)
    assert ReportPage.CHECKLIST in open_pages(incident, make.claim())


def test_a_report_goes_on_where_it_had_got_to_and_never_behind_that() -> None:
    incident = at_page(make.incident(kind=IncidentKind.COLLISION), ReportPage.EVIDENCE)
    assert page_of(incident) is ReportPage.EVIDENCE
    assert page_of(at_page(incident, ReportPage.WHAT)) is ReportPage.EVIDENCE


def test_a_page_that_the_new_answer_took_away_is_not_gone_back_to() -> None:
    lost = at_page(make.incident(kind=IncidentKind.FLYAWAY), ReportPage.READY)
    assert page_of(replace(lost, kind=IncidentKind.COLLISION)) is ReportPage.WHEN


def test_a_draft_is_begun_here_and_has_no_claim() -> None:
    imported = make.incident()
    begun = at_page(imported, ReportPage.WHEN)
    assert not is_draft(imported, [])
    assert is_draft(begun, [make.claim(incident=None)])
    assert not is_draft(begun, [make.claim(incident="i1")])
    assert not is_draft(put_away(begun), [])


def test_a_draft_is_called_by_device_kind_and_day() -> None:
    incident = make.incident(kind=IncidentKind.COLLISION, at=NOW - timedelta(days=10))
    assert draft_line(incident, make.device(nickname="Kestrel"), NOW).title == "Kestrel, crash on 24 Apr"
    assert draft_line(replace(incident, at=NOW), make.device(), NOW).title == "DJI Mini 4 Pro, crash today"


def test_every_kind_of_incident_can_be_chosen() -> None:
    assert sorted(tile.kind for tile in (*TILES, *RARE_TILES)) == sorted(IncidentKind)


def test_the_home_point_is_kept_beside_what_is_not_known_here() -> None:
    incident = replace(make.incident(), extra={"newer": 1})
    home = Position(lat=52.5, lon=13.4)
    assert home_position(with_home(incident, home)) == home
    assert with_home(with_home(incident, home), None) == incident


def test_service_is_first_offered_where_the_device_was_bought() -> None:
    offered = service_regions(facts_of(), TERMS)
    assert offered[0] == (None, "Where it was bought (United States)")
    assert "US" not in [region for region, _words in offered]


def test_the_statement_says_only_what_is_recorded() -> None:
    bare = statement(make.incident(kind=IncidentKind.COLLISION, at=None), facts_of(serial=None))
    assert bare == "My DJI Mini 4 Pro was damaged in a crash."
    whole = statement(make.incident(kind=IncidentKind.WATER, description=" In a pond. "), facts_of())
    assert whole == (
        "My DJI Mini 4 Pro (serial 1581F6Z9C24AU0034SRD) was damaged by water on 3 May 2026, 12:00 (UTC+02:00). "
        "In a pond."
    )


def test_what_dji_asks_for_can_be_copied() -> None:
    assert [each.label for each in copy_texts(make.incident(), facts_of())] == [
        "Device",
        "Serial",
        "When it happened",
        "What happened",
    ]


# -- ways -------------------------------------------------------------------------------------------------------------


def test_a_crash_in_the_united_states_is_advised_express_basic() -> None:
    found = ways_of(make.incident(kind=IncidentKind.COLLISION), facts_of())
    advised = found.open[0]
    assert (advised.service, advised.is_advised) == (Service.EXPRESS_BASIC, True)
    facts = {fact.name: fact.words for fact in advised.facts}
    assert facts["Cost"] == "Shown by DJI at settlement (use 1 of the plan)"
    assert facts["Deposit"] == "None"
    assert facts["Left after it"].startswith("1 replacement")


def test_a_published_fee_comes_with_its_source_and_its_date() -> None:
    plan = make.plan(
        product="care-refresh-2y", region=Region("PL"), starts_on=(NOW - MONTH).date(), purchased_at=NOW - MONTH
    )
    [facts] = snapshot_of(BERLIN, [make.device(region=Region("PL")), plan]).by_device()
    found = ways_of(make.incident(kind=IncidentKind.COLLISION), facts)
    cost = found.open[0].facts[0]
    assert "PLN" in cost.words
    assert "seen" in cost.source
    assert "confidence" in cost.source


@pytest.mark.parametrize("kind", [IncidentKind.MALFUNCTION, IncidentKind.ARRIVED_FAULTY])
def test_a_failure_is_never_advised_express(kind: IncidentKind) -> None:
    found = ways_of(make.incident(kind=kind), facts_of())
    assert found.open[0].service is Service.REPAIR_WARRANTY
    express = next(way for way in found.open if way.service is Service.EXPRESS_BASIC)
    assert any("without looking for a factory fault" in caution for caution in express.cautions)


@pytest.mark.parametrize("kind", list(IncidentKind))
@pytest.mark.parametrize("wants", [(), (Wish.REFUND,), (Wish.INSPECTION,)])
@pytest.mark.parametrize("plans", [True, False])
def test_every_way_has_a_reason_and_a_clause_behind_it(
    kind: IncidentKind, wants: tuple[Wish, ...], plans: bool
) -> None:
    facts = facts_of(CONTROLLER)
    if not plans:
        facts = replace(facts, plans=())
    found = ways_of(make.incident(kind=kind, wants=wants), facts)
    every = (*found.open, *found.undecided, *found.closed)
    assert len(every) == len(Service)
    for way in every:
        assert way.reason.endswith((".", "?")), way
        assert "{" not in way.reason
        assert way.why, way.service


def test_stolen_has_no_way_and_says_what_can_still_be_done() -> None:
    incident, facts = make.incident(kind=IncidentKind.STOLEN), facts_of(CONTROLLER)
    found = ways_of(incident, facts)
    assert found.open == ()
    assert "no way is open" in found.summary
    assert any("police" in words for words in still_possible(incident_reading(facts, incident, TERMS, NOW), incident))


def test_a_refund_from_another_shop_is_sent_to_that_shop() -> None:
    found = ways_of(make.incident(kind=IncidentKind.RETURN), facts_of(channel=Channel.OTHER))
    refund = next(way for way in found.closed if way.service is Service.REFUND)
    assert refund.reason == "It was not bought in the DJI Store. Ask the shop you bought it from."


# -- losses -----------------------------------------------------------------------------------------------------------


def test_a_loss_with_an_unbound_controller_names_the_gap_and_the_way_out() -> None:
    incident, facts = make.incident(), facts_of()
    reading = incident_reading(facts, incident, TERMS, NOW)
    cover = loss_cover(reading, incident, facts, TERMS)
    assert not cover.is_covered
    assert [gap.sentence for gap in cover.gaps] == ["The controller that flew it was not bound to it."]
    assert "Binding it now does not count for this loss." in cover.gaps[0].remedy
    possible = still_possible(reading, incident)
    assert any("If you find it" in words for words in possible)


def test_a_covered_loss_says_who_may_report_it_with_which_controller_and_that_no_time_limit_was_found() -> None:
    incident, facts = make.incident(), facts_of(CONTROLLER)
    cover = loss_cover(incident_reading(facts, incident, TERMS, NOW), incident, facts, TERMS)
    about = dict(cover.about)
    assert cover.is_covered
    assert about["Who may report"].startswith("me:")
    assert about["With which controller"].startswith("RC 2 (5YSZK1234567AB)")
    assert about["Time limit"].startswith("Not found in any source")
    assert TERMS.version in about["Where"]


def test_a_loss_without_a_time_says_that_it_is_judged_by_now() -> None:
    incident, facts = make.incident(at=None), facts_of(CONTROLLER)
    cover = loss_cover(incident_reading(facts, incident, TERMS, NOW), incident, facts, TERMS)
    assert "The time of the loss is not recorded" in cover.sentence


def test_a_handheld_has_no_cover_for_flying_away() -> None:
    incident, facts = make.incident(kind=IncidentKind.LOST), facts_of(model="X", category=Category.HANDHELD)
    cover = loss_cover(incident_reading(facts, incident, TERMS, NOW), incident, facts, TERMS)
    assert [gap.sentence for gap in cover.gaps] == ["It is not an aircraft."]


# -- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "52.516275, 13.377704",
        "52.516275 13.377704",
        " 52.516275;13.377704 ",
        "+52.516275, +13.377704, 80 m",
        "52.516275°, 13.377704°",
        "geo:52.516275,13.377704;u=20",
        "52° 30' 58.59\" N, 13° 22' 39.73\" E",
        "52°30'58.59\"N 13°22'39.73\"E",
        "N 52 30 58.59, E 13 22 39.73",
        "N52.516275 E13.377704",
        "E 13.377704, N 52.516275",
        "52° 30.9765' N, 13° 22.6622' E",
    ],
)
def test_a_place_is_read_in_every_common_notation(text: str) -> None:
    found = read_position(text)
    assert found is not None
    assert (round(found.lat, 4), round(found.lon, 4)) == (52.5163, 13.3777)


def test_south_and_west_are_negative() -> None:
    found = read_position("33° 51' 31\" S, 70° 40' 1\" W")
    assert found is not None
    assert found.lat < 0
    assert found.lon < 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "here",
        "52.5",
        "91, 0",
        "0, 181",
        "40 N 20 N",
        "10 E, 20 E",
        "52° 61' 0\" N, 13° 0' 0\" E",
        "52,5, 13,4",
        "N 52",
    ],
)
def test_what_is_no_place_is_not_guessed_at(text: str) -> None:
    assert read_position(text) is None


PLACES = st.builds(
    lambda lat, lon: Position(lat=lat, lon=lon),
    st.floats(-90, 90).map(lambda each: round(each, 5)),
    st.floats(-180, 180).map(lambda each: round(each, 5)),
)


@given(PLACES)
def test_what_homepoint_writes_it_reads_again(place: Position) -> None:
    for text in (decimal_text(place), degrees_text(place), geo_link(place)):
        found = read_position(text)
        assert found is not None, text
        assert found.lat == pytest.approx(place.lat, abs=2e-5)
        assert found.lon == pytest.approx(place.lon, abs=2e-5)


@given(st.text(max_size=40))
def test_any_text_is_a_place_on_earth_or_none(text: str) -> None:
    found = read_position(text)
    assert found is None or (-90 <= found.lat <= 90 and -180 <= found.lon <= 180)
