"""The fire drill names every gap with its act, and everything that could not be proven."""

from datetime import datetime

from homepoint.domain.assessment import Gap
from homepoint.domain.facts import Attachment
from homepoint.domain.rules.evaluate import evaluate
from homepoint.domain.values import AttachmentId
from homepoint.presentation.fire_drill import FireDrill, fire_drill
from homepoint.presentation.wording import Section
from tests.documents.records import TERMS, facts_of, records

AT = datetime.fromisoformat("2025-07-01T12:00:00+02:00")


def drill(at: datetime = AT, *media_types: str, **changed: object) -> FireDrill:
    """Hold the drill for the first device, with files of these kinds attached."""
    facts = facts_of(records(**{"claims": [], "incidents": [], **changed}))
    files = [Attachment(id=AttachmentId(each), of="d1", name=each, media_type=each) for each in media_types]
    return fire_drill(facts, evaluate(facts, TERMS, at), files, at)


def test_a_bound_and_documented_aircraft_is_ready_and_proven_but_for_a_binding_long_unchecked() -> None:
    found = drill(AT, "image/jpeg", "application/x-dji-flight-record")
    assert found.is_ready
    assert [each.key for each in found.unproven] == ["account-binding-check"]
    assert "could not be proven" in found.headline


def test_a_binding_made_lately_needs_no_check() -> None:
    lately = datetime.fromisoformat("2025-03-20T12:00:00+01:00")
    found = drill(lately, "image/jpeg", "application/x-dji-flight-record")
    assert found.unproven == ()
    assert "you could prove it" in found.headline


def test_every_gap_leads_to_where_it_is_closed() -> None:
    found = drill(bindings=[], plans=[])
    assert not found.is_ready
    assert {each.gap: each.act.section for each in found.gaps} == {
        Gap.PLAN: Section.PLANS,
        Gap.ACCOUNT_BINDING: Section.BINDINGS,
        Gap.CONTROLLER_BINDING: Section.BINDINGS,
    }
    assert all(each.says and each.remedy for each in found.gaps)
    assert found.because


def test_what_is_not_recorded_cannot_be_proven() -> None:
    tree = records()
    bare = {**tree["devices"][0], "serial": None, "proof_of_purchase": None}
    found = drill(devices=[bare], controllers=[{"id": "c1", "label": "RC 2"}])
    keys = {each.key for each in found.unproven}
    assert keys >= {"serial", "photo", "proof-of-purchase", "controller-serial", "flight-record"}


def test_a_handheld_is_never_said_to_be_ready_for_a_loss() -> None:
    handheld = {"id": "d1", "model": "Some handheld", "category": "handheld", "serial": "X", "proof_of_purchase": True}
    found = drill(AT, "image/png", devices=[handheld], plans=[], bindings=[])
    assert (found.is_ready, found.gaps, found.unproven) == (False, (), ())
    assert "handheld" in found.headline
