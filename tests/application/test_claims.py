"""Commands about claims: each is one step of undo, and refuses with a sentence what makes no sense."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from homepoint.application.claims import (
    MESSAGES,
    QUOTE_UNTIL,
    TRACKING_NUMBER,
    AddClaimFee,
    CheckReturn,
    ForgetMessage,
    KeepMessage,
    MarkTask,
    NoteOnClaim,
    ReceiveReplacement,
    RecordClaimStep,
    RemoveClaimFee,
    SetDeposit,
    tasks_done,
)
from homepoint.application.problems import Refused
from homepoint.application.workspace import Command, Workspace
from homepoint.domain.facts import (
    Claim,
    ClaimStep,
    Device,
    DeviceStatus,
    Fact,
    Fee,
    ReturnedUnit,
    Service,
    Step,
)
from homepoint.domain.values import ClaimId, DeviceId, Money
from homepoint.storage.library import SqliteLibrary
from tests import builders as make
from tests.builders import NOW

OLD, NEW = "1581F6Z9C24AU0034SRD", "1581F6Z9C24AU0034SRE"
K1 = ClaimId("k1")
USD = Money(amount=Decimal("159.00"), currency="USD")


@pytest.fixture
def claimed(library: SqliteLibrary) -> SqliteLibrary:
    begun = NOW - timedelta(days=60)
    facts: tuple[Fact, ...] = (
        make.device(serial=OLD, nickname="Kestrel"),
        make.plan(starts_on=begun.date(), bound_at=begun, purchased_at=begun),
        make.claim(service=Service.EXPRESS_BASIC, steps=_taken(Step.SUBMITTED, Step.SENT, Step.FEE_PAID)),
    )
    library.write(make.adding(*facts), NOW)
    return library


def _taken(*steps: Step) -> tuple[ClaimStep, ...]:
    return tuple(ClaimStep(step=each, at=NOW - timedelta(days=5 - at)) for at, each in enumerate(steps))


def _claim(library: SqliteLibrary, id: str = "k1") -> Claim:
    found = library.get(Claim, id)
    assert found is not None
    return found


def _done(workspace: Workspace, command: Command) -> None:
    assert not isinstance(workspace.do(command), Refused)


def _faults(workspace: Workspace, command: Command) -> dict[str, str]:
    answer = workspace.do(command)
    assert isinstance(answer, Refused)
    return dict(answer.fields)


def _snapshot(library: SqliteLibrary) -> Any:
    return library.snapshot()


def test_sending_notes_the_tracking_number_with_the_step_in_one_undo(
    workspace: Workspace, claimed: SqliteLibrary
) -> None:
    before = _claim(claimed)
    step = ClaimStep(step=Step.SENT, at=NOW)
    _done(workspace, RecordClaimStep(claim=K1, step=step, noted={TRACKING_NUMBER: "1Z 999"}))
    assert _claim(claimed).extra[TRACKING_NUMBER] == "1Z 999"
    assert step in _claim(claimed).steps
    workspace.undo()
    assert _claim(claimed) == before


def test_a_corrected_step_keeps_its_place_and_what_was_noted_can_be_forgotten(
    workspace: Workspace, claimed: SqliteLibrary
) -> None:
    _done(workspace, NoteOnClaim(claim=K1, noted={TRACKING_NUMBER: "1Z", QUOTE_UNTIL: "2026-05-20"}))
    moved = ClaimStep(step=Step.SENT, at=NOW - timedelta(hours=1))
    _done(workspace, RecordClaimStep(claim=K1, index=1, step=moved, noted={TRACKING_NUMBER: None}))
    assert dict(_claim(claimed).extra) == {QUOTE_UNTIL: "2026-05-20"}
    assert [each.step for each in _claim(claimed).steps] == [Step.SUBMITTED, Step.FEE_PAID, Step.SENT]


def test_paying_and_holding_note_their_amounts(workspace: Workspace, claimed: SqliteLibrary) -> None:
    fee = Fee(amount=USD, paid_at=NOW)
    _done(workspace, RecordClaimStep(claim=K1, step=ClaimStep(step=Step.FEE_PAID, at=NOW), fee=fee))
    _done(workspace, RecordClaimStep(claim=K1, step=ClaimStep(step=Step.DEPOSIT_HELD, at=NOW), deposit=USD))
    assert (_claim(claimed).fees, _claim(claimed).deposit) == ((fee,), USD)


def test_a_step_cannot_lie_in_the_future(workspace: Workspace, claimed: SqliteLibrary) -> None:
    later = ClaimStep(step=Step.CLOSED, at=NOW + timedelta(minutes=1))
    assert "steps" in _faults(workspace, RecordClaimStep(claim=K1, step=later))


def test_messages_are_kept_in_order_and_one_can_be_let_go(workspace: Workspace, claimed: SqliteLibrary) -> None:
    for text in ("first", " second "):
        _done(workspace, KeepMessage(claim=K1, at=NOW, text=text))
    _done(workspace, ForgetMessage(claim=K1, index=0))
    assert _claim(claimed).extra[MESSAGES] == [{"at": NOW.isoformat(), "text": "second"}]
    _done(workspace, ForgetMessage(claim=K1, index=0))
    assert MESSAGES not in _claim(claimed).extra


def test_an_empty_message_and_one_of_tomorrow_are_refused(workspace: Workspace, claimed: SqliteLibrary) -> None:
    wish = KeepMessage(claim=K1, at=NOW + timedelta(days=1), text=" ")
    assert _faults(workspace, wish).keys() == {"text", "at"}


def test_amounts_are_added_and_removed_and_the_deposit_can_be_forgotten(
    workspace: Workspace, claimed: SqliteLibrary
) -> None:
    _done(workspace, AddClaimFee(claim=K1, fee=Fee(amount=USD, label="shipping")))
    _done(workspace, SetDeposit(claim=K1, deposit=USD))
    assert _claim(claimed).fees[0].label == "shipping"
    _done(workspace, RemoveClaimFee(claim=K1, index=0))
    _done(workspace, SetDeposit(claim=K1, deposit=None))
    assert (_claim(claimed).fees, _claim(claimed).deposit) == ((), None)


def test_a_checked_return_is_kept_as_it_was_seen(workspace: Workspace, claimed: SqliteLibrary) -> None:
    returned = ReturnedUnit(serial=NEW, battery=False, genuine=True)
    _done(workspace, CheckReturn(claim=K1, returned=returned, battery_registered=False))
    assert (_claim(claimed).returned, _claim(claimed).battery_registered) == (returned, False)


def test_the_replacement_takes_over_closes_the_claim_and_one_undo_brings_all_back(
    workspace: Workspace, claimed: SqliteLibrary
) -> None:
    before = _snapshot(claimed)
    _done(
        workspace,
        ReceiveReplacement(
            claim=K1, serial=f" {NEW.lower()} ", received_on=NOW.date(), closes=True, new_device=DeviceId("d2")
        ),
    )
    new, old = claimed.get(Device, "d2"), claimed.get(Device, "d1")
    assert new is not None
    assert old is not None
    assert (new.serial, new.succeeds, new.nickname, old.status) == (NEW, "d1", "Kestrel", DeviceStatus.REPLACED)
    assert _claim(claimed).new_serial == NEW
    assert [each.step for each in _claim(claimed).steps][-2:] == [Step.REPLACEMENT_SENT, Step.CLOSED]
    assessed = workspace.assess(DeviceId("d2"), NOW)
    assert assessed is not None
    assert (assessed.care.plan, assessed.care.replacements.used) == ("p1", 1)
    workspace.undo()
    assert _snapshot(claimed) == before


def test_a_replacement_that_was_on_its_way_already_is_not_recorded_twice(
    workspace: Workspace, claimed: SqliteLibrary
) -> None:
    _done(workspace, RecordClaimStep(claim=K1, step=ClaimStep(step=Step.REPLACEMENT_SENT, at=NOW)))
    _done(workspace, ReceiveReplacement(claim=K1, serial=NEW))
    assert [each.step for each in _claim(claimed).steps].count(Step.REPLACEMENT_SENT) == 1


def test_the_old_units_own_serial_is_no_replacement(workspace: Workspace, claimed: SqliteLibrary) -> None:
    assert "old unit" in _faults(workspace, ReceiveReplacement(claim=K1, serial=OLD.lower()))["serial"]
    assert "serial" in _faults(workspace, ReceiveReplacement(claim=K1, serial=" "))


def test_a_replacement_arrives_once(workspace: Workspace, claimed: SqliteLibrary) -> None:
    _done(workspace, ReceiveReplacement(claim=K1, serial=NEW))
    assert "taken over" in _faults(workspace, ReceiveReplacement(claim=K1, serial=NEW[:-1] + "F"))[""]


def test_tasks_are_marked_done_and_open_again(workspace: Workspace, claimed: SqliteLibrary) -> None:
    for is_done, done in ((True, ("insurer",)), (True, ("insurer",)), (False, ())):
        _done(workspace, MarkTask(device=DeviceId("d1"), task="insurer", is_done=is_done))
        found = claimed.get(Device, "d1")
        assert found is not None
        assert tasks_done(found) == done


_GONE = ClaimId("gone")


@pytest.mark.parametrize(
    "wish",
    [
        RecordClaimStep(claim=_GONE, step=ClaimStep(step=Step.SENT, at=NOW)),
        NoteOnClaim(claim=_GONE, noted={}),
        KeepMessage(claim=_GONE, at=NOW, text="x"),
        ForgetMessage(claim=K1, index=0),
        AddClaimFee(claim=_GONE, fee=Fee(amount=USD)),
        RemoveClaimFee(claim=K1, index=0),
        SetDeposit(claim=_GONE, deposit=None),
        CheckReturn(claim=_GONE, returned=ReturnedUnit(), battery_registered=None),
        ReceiveReplacement(claim=_GONE, serial=NEW),
        MarkTask(device=DeviceId("gone"), task="x", is_done=True),
    ],
    ids=lambda wish: type(wish).__name__,
)
def test_what_is_not_there_is_refused(workspace: Workspace, claimed: SqliteLibrary, wish: Command) -> None:
    assert "no longer there" in _faults(workspace, wish)[""]
