"""Lists and the agenda read the kept standings, and know which of them are out of date."""

from datetime import UTC, timedelta

import pytest

from homepoint.application.ports import DeviceQuery
from homepoint.domain.assessment import CareState, DeadlineState
from homepoint.domain.facts import DeviceStatus
from homepoint.storage.library import SqliteLibrary
from tests import builders as make

SOON, LATER = make.NOW + timedelta(hours=2), make.NOW + timedelta(days=3)


def ids(library: SqliteLibrary, **query: object) -> list[str]:
    return [row.device.id for row in library.rows(DeviceQuery(**query))[0]]  # type: ignore[arg-type]  # by name


@pytest.fixture
def fleet(library: SqliteLibrary) -> SqliteLibrary:
    library.write(
        make.adding(
            make.device("d1", nickname="Kestrel", serial="1581F6Z9C24AU0034SRD"),
            make.device("d2", nickname="ärger", model="DJI Air 3", status=DeviceStatus.SOLD),
            make.device("d3", model="100 % _ box"),
            make.device("d4", nickname="Albatross", model="DJI Air 3"),
        ),
        make.NOW,
    )
    library.keep([make.standing("d1", [LATER]), make.standing("d4", [LATER, SOON], care_ends_on="2026-01-01")])
    return library


def test_a_standing_comes_back_as_it_was_kept(fleet: SqliteLibrary) -> None:
    kept = make.standing(
        "d1",
        [SOON, LATER],
        holds_until=SOON,
        care_state=CareState.ACTIVE,
        care_ends_on="2026-06-01",
        flyaway_ready=True,
    )
    fleet.keep([kept])
    [row] = [row for row in fleet.rows(DeviceQuery())[0] if row.device.id == "d1"]
    assert row.standing == kept


def test_the_soonest_deadline_comes_first_and_devices_without_one_last(fleet: SqliteLibrary) -> None:
    assert ids(fleet) == ["d4", "d1", "d2", "d3"]
    assert ids(fleet, descending=True)[:2] == ["d1", "d4"]


def test_what_flies_unbound_under_a_plan_is_found_however_many_devices_there_are(fleet: SqliteLibrary) -> None:
    unbound = {"care_state": CareState.ACTIVE, "flyaway_missing": ("controller-binding",)}
    not_listed = {"care_state": CareState.ACTIVE, "flyaway_missing": ("model-support", "controller-binding")}
    fleet.keep(
        [
            make.standing("d1", [LATER], **unbound),
            make.standing("d2", [], **not_listed),
            make.standing("d3", [], care_state=CareState.EXPIRED, flyaway_missing=("plan", "account-binding")),
        ]
    )
    assert ids(fleet, unbound_only=True) == ["d1"]
    assert fleet.rows(DeviceQuery(unbound_only=True, order="name"))[1] == 1


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["d3", "d4", "d1", "d2"]),
        ("model", ["d3", "d2", "d4", "d1"]),
        ("serial", ["d1", "d2", "d3", "d4"]),
        ("care-ends", ["d4", "d1", "d2", "d3"]),
        ("added", ["d1", "d2", "d3", "d4"]),
    ],
)
def test_devices_are_listed_in_the_order_asked_for(fleet: SqliteLibrary, order: str, expected: list[str]) -> None:
    assert ids(fleet, order=order) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("kestrel", ["d1"]),
        ("ÄRGER", ["d2"]),
        ("air 3", ["d4", "d2"]),
        ("air alba", ["d4"]),
        ("0034s", ["d1"]),
        ("%", ["d3"]),
        ("air kestrel", []),
    ],
)
def test_every_word_must_occur_in_name_model_or_serial(fleet: SqliteLibrary, words: str, expected: list[str]) -> None:
    assert ids(fleet, words=words) == expected


def test_a_page_says_how_many_match_in_all(fleet: SqliteLibrary) -> None:
    page, total = fleet.rows(DeviceQuery(order="added", limit=1, offset=1, words="air"))
    assert ([row.device.id for row in page], total) == (["d4"], 2)


def test_only_the_statuses_asked_for_are_listed(fleet: SqliteLibrary) -> None:
    assert ids(fleet, statuses=frozenset({DeviceStatus.SOLD})) == ["d2"]
    assert ids(fleet, statuses=frozenset()) == []


def test_the_agenda_lists_devices_in_use_the_earliest_first(fleet: SqliteLibrary) -> None:
    fleet.keep([make.standing("d2", [SOON])])
    listed = fleet.agenda(before=None, device=None, limit=10)
    assert [(entry.device, entry.ends_at) for entry in listed] == [("d4", SOON), ("d1", LATER), ("d4", LATER)]
    assert len(fleet.agenda(before=LATER, device=None, limit=10)) == 1
    assert len(fleet.agenda(before=None, device=make.device("d4").id, limit=10)) == 2
    assert len(fleet.agenda(before=None, device=None, limit=1)) == 1


def test_the_agenda_leaves_out_what_is_met(fleet: SqliteLibrary) -> None:
    met = make.standing("d1", [SOON])
    from dataclasses import replace

    fleet.keep([replace(met, agenda=tuple(replace(entry, state=DeadlineState.MET) for entry in met.agenda))])
    assert fleet.agenda(before=None, device=make.device("d1").id, limit=10) == []


def test_a_device_is_stale_without_standing_after_its_time_and_with_another_catalogue(fleet: SqliteLibrary) -> None:
    assert fleet.stale(make.NOW, "test", 10) == ["d2", "d3"]
    assert fleet.stale(make.NOW, "newer", 10) == ["d1", "d2", "d3", "d4"]
    assert fleet.stale(make.NOW - timedelta(seconds=1), "test", 10) == ["d1", "d2", "d3", "d4"]
    fleet.keep([make.standing("d1", holds_until=SOON), make.standing("d2"), make.standing("d3")])
    assert fleet.next_change() == SOON
    assert fleet.stale(SOON - timedelta(microseconds=1), "test", 10) == []
    assert fleet.stale(SOON.astimezone(UTC), "test", 10) == ["d1"]


def test_an_edit_drops_the_standing_of_its_device_and_of_those_that_took_over(fleet: SqliteLibrary) -> None:
    fleet.write(make.adding(make.device("d5", succeeds="d4"), make.device("d6", succeeds="d5")), make.NOW)
    fleet.keep([make.standing(f"d{n}", [SOON]) for n in range(1, 7)])
    assert fleet.stale(make.NOW, "test", 10) == []
    fleet.write(make.adding(make.plan(device="d4")), make.NOW)
    assert fleet.stale(make.NOW, "test", 10) == ["d4", "d5", "d6"]


def test_a_standing_of_a_device_that_is_gone_is_not_kept(fleet: SqliteLibrary) -> None:
    fleet.keep([make.standing("gone", [SOON], holds_until=SOON)])
    assert fleet.next_change() is None
    assert fleet.agenda(before=None, device=make.device("gone").id, limit=10) == []


@pytest.mark.parametrize("descending", [False, True])
def test_pages_by_deadline_are_those_of_one_long_list(library: SqliteLibrary, descending: bool) -> None:
    library.write(make.adding(*(make.device(f"d{number}") for number in range(11))), make.NOW)
    library.keep([make.standing(f"d{number}", [SOON] if number % 2 else [LATER]) for number in range(7)])
    whole = ids(library, descending=descending)
    # The same order by sorting: a word that all contain takes the other road.
    assert whole == ids(library, descending=descending, words="mini")
    pages = [ids(library, descending=descending, limit=3, offset=offset) for offset in range(0, 12, 3)]
    assert [id for page in pages for id in page] == whole
