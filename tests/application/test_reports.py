"""Commands of the guided report: what an answer takes with it."""

from dataclasses import replace

import pytest

from homepoint.application.problems import Refused
from homepoint.application.reports import AnswerReport
from homepoint.application.workspace import Workspace
from homepoint.domain.facts import Claim, ClaimStep, Fact, Incident, Service, Step
from homepoint.domain.values import DeviceId, IncidentId
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.builders import NOW

CLAIM = make.claim(service=Service.EXPRESS_BASIC, incident=IncidentId("i1"))
OTHER_DEVICE = AnswerReport(incident=replace(make.incident(), device=DeviceId("d2")), about="which device")


@pytest.fixture
def reported(library: SqliteLibrary) -> SqliteLibrary:
    library.write(make.adding(make.device(), make.device("d2"), make.incident()), NOW)
    return library


def _add(library: SqliteLibrary, *facts: Fact) -> None:
    library.write(make.adding(*facts), NOW)


def test_another_device_takes_the_way_chosen_for_the_first_back_in_one_step_of_undo(
    reported: SqliteLibrary, workspace: Workspace
) -> None:
    _add(reported, CLAIM)
    workspace.do(OTHER_DEVICE)
    assert reported.all(Claim) == []
    assert [each.device for each in reported.all(Incident)] == ["d2"]
    workspace.undo()
    assert reported.all(Claim) == [CLAIM]
    assert [each.device for each in reported.all(Incident)] == ["d1"]


def test_the_device_stays_once_a_claim_of_the_report_has_steps(reported: SqliteLibrary, workspace: Workspace) -> None:
    _add(reported, replace(CLAIM, steps=(ClaimStep(step=Step.SUBMITTED, at=NOW),)))
    refused = workspace.do(OTHER_DEVICE)
    assert isinstance(refused, Refused)
    assert "its device stays" in refused.fields[""]
    assert [each.device for each in reported.all(Incident)] == ["d1"]


def test_another_device_leaves_claims_of_other_reports_alone(reported: SqliteLibrary, workspace: Workspace) -> None:
    other = replace(CLAIM, incident=None)
    _add(reported, other)
    workspace.do(OTHER_DEVICE)
    assert reported.all(Claim) == [other]
