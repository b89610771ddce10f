"""Commands record what makes sense, and refuse the rest with a sentence by field."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from homepoint.application.bindings import (
    AddAccount,
    AddController,
    BindAccount,
    BindController,
    CheckBinding,
    CorrectAccount,
    CorrectBinding,
    CorrectController,
    RemoveBinding,
    Unbind,
)
from homepoint.application.devices import CorrectDevice, RegisterDevice, RemoveDevice, ReplaceDevice, SetDeviceStatus
from homepoint.application.incidents import (
    AddClaimStep,
    AddIncident,
    CorrectClaim,
    CorrectClaimStep,
    CorrectIncident,
    OpenClaim,
    RemoveClaim,
    RemoveClaimStep,
    RemoveIncident,
)
from homepoint.application.plans import (
    CorrectPlan,
    CorrectPurchaseNotice,
    RecordPlan,
    RecordPurchaseNotice,
    RemovePlan,
    RemovePurchaseNotice,
)
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.application.workspace import Command, Workspace
from homepoint.domain.facts import (
    Account,
    Attachment,
    Binding,
    Claim,
    ClaimStep,
    Controller,
    Device,
    DeviceStatus,
    Incident,
    NoticeResult,
    Plan,
    Position,
    PurchaseNotice,
    Step,
)
from homepoint.domain.values import AccountId, ControllerId, Money
from homepoint.storage.library import SqliteLibrary
from tests import builders as make

SERIAL = "1581F6Z9C24AU0034SRD"
HOUR = timedelta(hours=1)
TOMORROW = make.NOW + timedelta(days=1)
D1, A1, C1 = make.device().id, make.account().id, make.controller().id


@pytest.fixture
def library(library: SqliteLibrary) -> SqliteLibrary:
    """Fill the library with one device, account and controller."""
    library.write(make.adding(make.device(serial=SERIAL), make.account(), make.controller()), make.NOW)
    return library


def refusal(command: Command, library: Library) -> dict[str, str]:
    planned = command.plan(library, make.NOW)
    assert isinstance(planned, Refused), planned
    return dict(planned.fields)


def done(workspace: Workspace, *commands: Command) -> None:
    for command in commands:
        entry = workspace.do(command)
        assert not isinstance(entry, Refused), entry
        assert entry is not None


def test_a_device_is_registered_corrected_and_removed(workspace: Workspace, library: Library) -> None:
    new = make.device("d2", serial="SOMETHING WRONG?")
    done(workspace, RegisterDevice(device=new), CorrectDevice(device=replace(new, nickname="Kestrel")))
    assert library.get(Device, "d2") == replace(new, nickname="Kestrel")
    done(workspace, RemoveDevice(device=new.id))
    assert library.get(Device, "d2") is None


def test_a_correction_that_changes_nothing_leaves_no_trace(workspace: Workspace, library: Library) -> None:
    before = library.history()
    assert workspace.do(CorrectDevice(device=make.device(serial=SERIAL))) is None
    assert library.history() == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"model": "  "}, "model"),
        ({"serial": SERIAL.lower() + " "}, "serial"),
        ({"activated_at": make.NOW + HOUR}, "activated_at"),
        ({"shipped_at": make.NOW + HOUR}, "shipped_at"),
        ({"purchased_on": TOMORROW.date()}, "purchased_on"),
        ({"received_on": TOMORROW.date()}, "received_on"),
        ({"price": Money(amount=Decimal("-1"), currency="EUR")}, "price"),
        ({"succeeds": "nowhere"}, "succeeds"),
        ({"succeeds": "d2"}, "succeeds"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_device_that_makes_no_sense_is_refused_at_its_field(
    library: Library, values: dict[str, Any], field: str
) -> None:
    assert refusal(RegisterDevice(device=make.device("d2", **values)), library).keys() == {field}


def test_today_and_now_are_not_the_future(workspace: Workspace) -> None:
    done(workspace, RegisterDevice(device=make.device("d2", purchased_on=make.NOW.date(), activated_at=make.NOW)))


def test_an_id_that_is_taken_is_refused(library: Library) -> None:
    assert "" in refusal(RegisterDevice(device=make.device()), library)


def test_a_serial_may_come_back_after_its_device_was_sold(workspace: Workspace, library: Library) -> None:
    done(
        workspace,
        SetDeviceStatus(device=D1, status=DeviceStatus.SOLD),
        RegisterDevice(device=make.device("d2", serial=SERIAL, purchased_on=make.NOW.date())),
    )
    assert "status" in refusal(SetDeviceStatus(device=D1, status=DeviceStatus.IN_USE), library)


def test_what_is_gone_cannot_be_corrected_nor_removed(library: Library) -> None:
    step = ClaimStep(step=Step.SENT, at=make.NOW)
    for command in (
        CorrectDevice(device=make.device("x")),
        SetDeviceStatus(device=make.device("x").id, status=DeviceStatus.LOST),
        ReplaceDevice(device=make.device("x").id, serial="NEW"),
        RemoveDevice(device=make.device("x").id),
        CheckBinding(binding=make.binding().id, checked_at=make.NOW),
        Unbind(binding=make.binding().id, unbound_at=make.NOW),
        CorrectBinding(binding=make.binding()),
        RemoveBinding(binding=make.binding().id),
        CorrectPlan(plan_bought=make.plan()),
        RemovePlan(plan_id=make.plan().id),
        CorrectIncident(incident=make.incident()),
        RemoveIncident(incident=make.incident().id),
        AddClaimStep(claim=make.claim().id, step=step),
        CorrectClaimStep(claim=make.claim().id, index=0, step=step),
        RemoveClaimStep(claim=make.claim().id, index=0),
    ):
        assert "no longer there" in refusal(command, library)[""]


def test_a_new_unit_takes_over_from_the_old_one(workspace: Workspace, library: Library) -> None:
    done(
        workspace,
        OpenClaim(claim=make.claim()),
        ReplaceDevice(device=D1, serial=" NEWSERIAL ", claim=make.claim().id, new_device=make.device("d2").id),
    )
    old, new, claim = library.get(Device, "d1"), library.get(Device, "d2"), library.get(Claim, "k1")
    assert old is not None
    assert new is not None
    assert claim is not None
    assert old.status is DeviceStatus.REPLACED
    assert (new.succeeds, new.serial, new.model, new.status) == ("d1", "NEWSERIAL", old.model, DeviceStatus.IN_USE)
    assert claim.new_serial == "NEWSERIAL"
    assert "" in refusal(ReplaceDevice(device=D1, serial="THIRD"), library)


def test_a_new_unit_needs_its_serial(library: Library) -> None:
    assert refusal(ReplaceDevice(device=D1, serial=" "), library).keys() == {"serial"}


def test_a_device_takes_everything_recorded_of_it_along(workspace: Workspace, library: Library) -> None:
    library.write(
        make.adding(
            make.binding(), make.plan(), make.notice(), make.incident(), make.claim(incident=make.incident().id),
            make.attachment("f1", "d1"), make.attachment("f2", "k1"), make.device("d2", succeeds="d1"),
        ),
        make.NOW,
    )  # fmt: skip
    before = library.snapshot()
    done(workspace, RemoveDevice(device=D1))
    left = library.snapshot()
    assert [fact.id for fact in left.facts()] == ["a1", "c1", "d2"]
    assert left.devices[0].succeeds is None
    assert workspace.undo() is not None
    assert library.snapshot() == before


def test_accounts_and_controllers_are_added_and_corrected(workspace: Workspace, library: Library) -> None:
    friend, second = make.account("a2", label="friend"), make.controller("c2", serial="OTHER")
    done(
        workspace,
        AddAccount(account=friend),
        CorrectAccount(account=replace(friend, label="best friend")),
        AddController(controller=second),
        CorrectController(controller=replace(second, label="RC 2")),
    )
    assert [account.label for account in library.all(Account)] == ["me", "best friend"]
    assert [controller.label for controller in library.all(Controller)] == [None, "RC 2"]


def test_accounts_and_controllers_need_something_to_be_known_by(library: Library) -> None:
    assert refusal(AddAccount(account=make.account("a2", label=" ")), library).keys() == {"label"}
    assert refusal(AddController(controller=make.controller("c2", serial=" ")), library).keys() == {"serial"}
    twin = make.controller("c2", serial=" 5yszk1234567ab")
    assert refusal(AddController(controller=twin), library).keys() == {"serial"}


def test_a_binding_is_made_checked_and_ended(workspace: Workspace, library: Library) -> None:
    bind = BindController(device=D1, controller=C1, bound_at=make.NOW - 3 * HOUR)
    done(
        workspace,
        bind,
        CheckBinding(binding=bind.id, checked_at=make.NOW - HOUR),
        CheckBinding(binding=bind.id, checked_at=make.NOW - 2 * HOUR),
        Unbind(binding=bind.id, unbound_at=make.NOW),
    )
    binding = library.get(Binding, bind.id)
    assert binding is not None
    assert binding.checked_at == (make.NOW - 2 * HOUR, make.NOW - HOUR)
    assert binding.unbound_at == make.NOW
    assert "" in refusal(Unbind(binding=bind.id, unbound_at=make.NOW), library)


def test_a_device_is_bound_to_one_account_at_a_time(workspace: Workspace, library: Library) -> None:
    bind = BindAccount(device=D1, account=A1, bound_at=make.NOW - 3 * HOUR)
    done(workspace, AddAccount(account=make.account("a2")), bind)
    other = BindAccount(device=D1, account=AccountId("a2"), bound_at=make.NOW - HOUR)
    assert "unbind it there first" in refusal(other, library)["target"]
    done(workspace, Unbind(binding=bind.id, unbound_at=make.NOW - HOUR), other)
    assert "target" in refusal(BindAccount(device=D1, account=A1, bound_at=None), library)


def test_a_device_is_bound_to_the_same_controller_once(workspace: Workspace, library: Library) -> None:
    done(
        workspace,
        BindController(device=D1, controller=C1, bound_at=make.NOW - HOUR),
        AddController(controller=make.controller("c2", serial="OTHER")),
        BindController(device=D1, controller=ControllerId("c2"), bound_at=make.NOW),
    )
    assert "target" in refusal(BindController(device=D1, controller=C1, bound_at=make.NOW), library)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"device": "x"}, "device"),
        ({"target": "x"}, "target"),
        ({"bound_at": make.NOW + HOUR}, "bound_at"),
        ({"unbound_at": make.NOW + HOUR}, "unbound_at"),
        ({"unbound_at": make.NOW - timedelta(days=2)}, "unbound_at"),
        ({"checked_at": (make.NOW - timedelta(days=2),)}, "checked_at"),
        ({"checked_at": (make.NOW + HOUR,)}, "checked_at"),
        ({"checked_at": (make.NOW,), "unbound_at": make.NOW - HOUR}, "checked_at"),
    ],
)
def test_a_binding_that_makes_no_sense_is_refused_at_its_field(
    workspace: Workspace, library: Library, values: dict[str, Any], field: str
) -> None:
    done(workspace, BindAccount(device=D1, account=A1, bound_at=None, id=make.binding().id))
    assert refusal(CorrectBinding(binding=make.binding(**values)), library).keys() == {field}


def test_a_binding_that_an_import_left_dangling_can_still_be_ended(workspace: Workspace, library: Library) -> None:
    library.write(make.adding(make.binding(target="gone")), make.NOW)
    done(workspace, Unbind(binding=make.binding().id, unbound_at=make.NOW), RemoveBinding(binding=make.binding().id))
    assert library.all(Binding) == []


def test_a_plan_is_recorded_corrected_and_removed(workspace: Workspace, library: Library) -> None:
    starts_tomorrow = make.plan(starts_on=TOMORROW.date(), purchased_at=make.NOW)
    done(
        workspace,
        RecordPlan(plan_bought=starts_tomorrow),
        CorrectPlan(plan_bought=replace(starts_tomorrow, replacements=3)),
    )
    assert library.get(Plan, "p1") == replace(starts_tomorrow, replacements=3)
    done(workspace, RemovePlan(plan_id=starts_tomorrow.id))
    assert library.get(Plan, "p1") is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"device": "x"}, "device"),
        ({"purchased_at": make.NOW + HOUR}, "purchased_at"),
        ({"bound_at": make.NOW + HOUR}, "bound_at"),
        ({"starts_on": make.NOW.date(), "ends_on": make.NOW.date() - timedelta(days=1)}, "ends_on"),
        ({"replacements": -1}, "replacements"),
        ({"flyaways": -1}, "flyaways"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_at_its_field(
    library: Library, values: dict[str, Any], field: str
) -> None:
    assert refusal(RecordPlan(plan_bought=make.plan(**values)), library).keys() == {field}


def test_a_verification_is_recorded_answered_and_removed(workspace: Workspace, library: Library) -> None:
    pending = make.notice(submitted_at=make.NOW - HOUR)
    passed = replace(pending, result=NoticeResult.PASSED, notice_at=make.NOW)
    done(workspace, RecordPurchaseNotice(notice=pending), CorrectPurchaseNotice(notice=passed))
    assert library.all(PurchaseNotice) == [passed]
    assert "result" in refusal(CorrectPurchaseNotice(notice=replace(passed, result=None)), library)
    early = replace(passed, notice_at=make.NOW - 2 * HOUR)
    assert refusal(CorrectPurchaseNotice(notice=early), library).keys() == {"notice_at"}
    done(workspace, RemovePurchaseNotice(notice=pending.id))
    assert library.all(PurchaseNotice) == []


def test_an_incident_is_recorded_corrected_and_removed_and_its_claim_stays(
    workspace: Workspace, library: Library
) -> None:
    crash = make.incident()
    done(
        workspace,
        AddIncident(incident=crash),
        CorrectIncident(incident=replace(crash, description="A branch.")),
        OpenClaim(claim=make.claim(incident=crash.id)),
    )
    library.write(make.adding(make.attachment("f1", crash.id)), make.NOW)
    done(workspace, RemoveIncident(incident=crash.id))
    assert (library.all(Incident), library.all(Attachment)) == ([], [])
    assert library.all(Claim) == [make.claim()]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"device": "x"}, "device"),
        ({"account": "x"}, "account"),
        ({"controller": "x"}, "controller"),
        ({"at": make.NOW + HOUR}, "at"),
        ({"position": Position(lat=91.0, lon=0.0)}, "position"),
    ],
)
def test_an_incident_that_makes_no_sense_is_refused_at_its_field(
    library: Library, values: dict[str, Any], field: str
) -> None:
    assert refusal(AddIncident(incident=make.incident(**values)), library).keys() == {field}


def test_steps_of_a_claim_stand_in_the_order_they_happened_and_can_be_mended(
    workspace: Workspace, library: Library
) -> None:
    sent = ClaimStep(step=Step.SENT, at=make.NOW)
    submitted = ClaimStep(step=Step.SUBMITTED, at=make.NOW - HOUR)
    accepted = ClaimStep(step=Step.ACCEPTED, at=make.NOW - HOUR / 2)
    k1 = make.claim().id
    done(workspace, OpenClaim(claim=make.claim()))

    def steps() -> tuple[ClaimStep, ...]:
        found = library.get(Claim, k1)
        assert found is not None
        return found.steps

    done(workspace, AddClaimStep(claim=k1, step=sent), AddClaimStep(claim=k1, step=submitted))
    assert steps() == (submitted, sent)
    done(workspace, CorrectClaimStep(claim=k1, index=1, step=accepted))
    assert steps() == (submitted, accepted)
    done(workspace, RemoveClaimStep(claim=k1, index=0))
    assert steps() == (accepted,)
    assert "steps" in refusal(AddClaimStep(claim=k1, step=replace(sent, at=TOMORROW)), library)
    assert "" in refusal(RemoveClaimStep(claim=k1, index=1), library)
    done(workspace, CorrectClaim(claim=make.claim(new_serial="X")), RemoveClaim(claim=k1))
    assert library.all(Claim) == []
