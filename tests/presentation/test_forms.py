"""Forms as values: serials read aloud, drafts that keep what they do not show, previews by the rules."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from homepoint.catalogue import load_terms
from homepoint.domain.facts import BoundTo, Category, Channel, Condition, NoticeResult, PlanProduct
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import DeviceId, Region
from homepoint.presentation.forms import (
    Activation,
    DeviceForm,
    activation_note,
    draft,
    form_of,
    instant_of,
    preview,
    serial_words,
)
from homepoint.presentation.plan_forms import (
    NoticeForm,
    PlanForm,
    bind_problems,
    bundle_note,
    check_notice,
    check_plan,
    draft_plan,
    plan_form_of,
    preview_plan,
    products_offered,
)
from tests import builders as make
from tests.builders import BERLIN, NOW

TERMS = load_terms()


def facts(**values: Any) -> DeviceFacts:
    """Return a German device."""
    return DeviceFacts(device=make.device(**{"region": "DE", **values}), zone=BERLIN)


@pytest.mark.parametrize(
    ("serial", "fault"),
    [
        ("1581F6Z9C24AU0O34SRD", "O is never used in a serial: probably 0."),
        ("I581F6Z9C24AU0O34SRD", "I and O are never used in a serial: probably 1 and 0."),
        ("1581F6Z9C24AU003", "The last four characters are missing: it should have 20, and has 16."),
        ("1581F6Z9C24AU0034SR", "The last character is missing: it should have 20, and has 19."),
        ("1581F6Z9C24AU0034SRD7", "1 character too many: it should have 20, and has 21."),
        ("ABC", "DJI's serials have 14 or 20 characters; this one has 3."),
        ("1581F6Z9C24AU-034SRD", "“-” does not occur in a serial, only digits and capital letters do."),
        ("1581F6Z9C24A U034SRD", "A blank does not occur in a serial, only digits and capital letters do."),
        (
            "1581G6Z9C24AU0034SRD",
            "The fifth character tells how many follow, and this one cannot; look at the label again.",
        ),
    ],
)
def test_a_serial_that_looks_odd_says_what_is_odd(serial: str, fault: str) -> None:
    assert fault in serial_words(serial, TERMS).faults


def test_a_good_serial_tells_form_model_and_day() -> None:
    words = serial_words(" 1581f6z9c24au0034srd ", TERMS)
    assert words.tells == "Remote-ID serial, probably DJI Mini 4 Pro, made about 28 Oct 2024."
    assert (words.faults, words.model) == ((), "DJI Mini 4 Pro")


def test_a_device_needs_a_model_and_a_strange_one_its_kind() -> None:
    assert set(draft(DeviceForm(serial="X"), TERMS).problems) == {"model"}
    assert set(draft(DeviceForm(model="My own"), TERMS).problems) == {"category"}
    assert not draft(DeviceForm(model="My own", category=Category.AIRCRAFT), TERMS).problems
    assert not draft(DeviceForm(model="DJI Mini 4 Pro", serial="nonsense"), TERMS).problems


def test_the_catalogue_knows_the_kind_of_its_models() -> None:
    assert draft(DeviceForm(model="Osmo Action 4"), TERMS).device.category is Category.HANDHELD


def test_not_activated_yet_makes_it_new_and_not_known_leaves_the_condition_open() -> None:
    not_yet = DeviceForm(model="DJI Mini 4 Pro", activation=Activation.NOT_YET)
    assert draft(not_yet, TERMS).device.condition is Condition.NEW
    unknown = DeviceForm(model="DJI Mini 4 Pro", condition=Condition.NEW)
    assert draft(unknown, TERMS).device.condition is None
    assert activation_note(unknown)


def test_a_correction_keeps_what_the_form_does_not_show() -> None:
    whole = next(each for each in make.one_of_each() if isinstance(each, type(make.device())))
    recorded = replace(whole, region=Region("DE"), succeeds=DeviceId("d0"))
    shown = form_of(DeviceFacts(device=recorded, zone=BERLIN))
    drafted = draft(replace(shown, nickname="Kestrel"), TERMS, recorded).device
    assert drafted == replace(recorded, nickname="Kestrel", serial="1581F6Z9C24AU0034SRD")


def test_the_answer_counts_the_hours_left_to_buy() -> None:
    form = DeviceForm(
        model="DJI Mini 4 Pro",
        region=make.device(region="DE").region,
        activation=Activation.AT,
        activated_at=NOW - timedelta(hours=30),
    )
    told = preview(draft(form, TERMS), None, TERMS, BERLIN, NOW)
    assert told.words == "Care Refresh can be bought until 5 May 2026, 06:00 (18 h 0 m left)."
    assert told.is_open


def test_the_answer_says_what_it_depends_on() -> None:
    told = preview(draft(DeviceForm(model="DJI Mini 4 Pro"), TERMS), None, TERMS, BERLIN, NOW)
    assert told.words.startswith("Whether a care plan can be bought depends on")


def test_a_watch_in_no_zone_shows_no_instant() -> None:
    assert instant_of(date(2026, 1, 1), time(9), "Mars/Base") is None
    assert instant_of(date(2026, 1, 1), time(9), "Asia/Tokyo") == datetime(2026, 1, 1, 1, tzinfo=BERLIN)


def test_a_plan_form_shows_and_gives_back_the_same_plan() -> None:
    recorded = make.plan(bound_at=NOW, replacements=2, activation_code_hint="77-8", edition="cr-2021")
    assert draft_plan(plan_form_of(recorded), recorded.device, recorded) == recorded


def test_the_preview_of_a_plan_gives_days_and_uses() -> None:
    plan = draft_plan(PlanForm(product=PlanProduct.TWO_YEARS, bound_at=NOW), make.device().id)
    told = preview_plan(plan, facts(), TERMS, NOW)
    assert told.words == "Covers 4 May 2026 to 3 May 2028: 4 replacements, of these 2 flyaways."
    assert told.is_open


def test_the_preview_of_a_plan_without_a_start_asks_for_it() -> None:
    assert "not known yet" in preview_plan(draft_plan(PlanForm(), make.device().id), facts(), TERMS, NOW).words


def test_care_refresh_plus_is_offered_only_after_another_plan() -> None:
    assert [each for each, _words in products_offered(facts(), None)] == [PlanProduct.ONE_YEAR, PlanProduct.TWO_YEARS]
    after = replace(facts(), plans=(make.plan(),))
    assert PlanProduct.PLUS in [each for each, _words in products_offered(after, None)]


def test_a_bundle_says_what_it_still_needs() -> None:
    assert "where the device was bought" in bundle_note(facts(), TERMS)
    assert "not recorded" in bundle_note(facts(channel=Channel.DJI_STORE_BUNDLE), TERMS)
    assert "4 May 2026" in bundle_note(facts(channel=Channel.DJI_STORE_BUNDLE, shipped_at=NOW), TERMS)


def test_slips_of_the_pen_are_named() -> None:
    assert set(check_plan(PlanForm(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)))) == {"ends_on"}
    assert set(check_notice(NoticeForm(result=NoticeResult.PASSED))) == {"notice_at"}
    assert set(check_notice(NoticeForm(submitted_at=NOW, notice_at=NOW - timedelta(1)))) == {"notice_at"}
    assert set(bind_problems(BoundTo.ACCOUNT, None, " ", "")) == {"label"}
    assert set(bind_problems(BoundTo.CONTROLLER, None, "", "")) == {"serial"}
    assert not bind_problems(BoundTo.CONTROLLER, "c1", "", "")
