"""The workspace carries out, takes back, keeps standings fresh, and tells everyone what changed."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from homepoint.application.bindings import AddAccount, BindAccount, CheckBinding, RemoveBinding, Unbind
from homepoint.application.changes import Changes
from homepoint.application.devices import CorrectDevice, RegisterDevice, RemoveDevice, ReplaceDevice, SetDeviceStatus
from homepoint.application.incidents import AddClaimStep, AddIncident, OpenClaim, RemoveIncident
from homepoint.application.plans import RecordPlan, RemovePlan
from homepoint.application.ports import DeviceQuery, Library, Standing
from homepoint.application.problems import Refused
from homepoint.application.sample_data import AddSampleData, RemoveSampleData, has_sample_data, is_sample
from homepoint.application.workspace import LISTED_AFTER_PASSING, Command, Workspace
from homepoint.catalogue import load_terms
from homepoint.domain.assessment import CareState, DeadlineKind, DeadlineState, PurchaseVerdict, RenewalVerdict
from homepoint.domain.facts import ClaimStep, DeviceStatus, Step
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import DeviceId
from tests import builders as make
from tests.doubles import SetClock

D1 = make.device().id


def standings(library: Library) -> dict[str, Standing | None]:
    return {row.device.id: row.standing for row in library.rows(DeviceQuery())[0]}


def test_a_refusal_writes_nothing_and_tells_nobody(workspace: Workspace, library: Library) -> None:
    told: list[Changes] = []
    workspace.subscribe(told.append)
    assert isinstance(workspace.do(RegisterDevice(device=make.device(model=""))), Refused)
    assert (list(library.history()), told) == ([], [])


def test_a_new_device_has_its_standing_at_once_and_listeners_hear_of_it(workspace: Workspace, library: Library) -> None:
    told: list[Changes] = []
    leave = workspace.subscribe(told.append)
    workspace.do(RegisterDevice(device=make.device()))
    leave()
    workspace.do(RegisterDevice(device=make.device("d2")))
    assert told == [Changes(kinds=frozenset({"devices"}), devices=frozenset({D1}))]
    assert all(standings(library).values())
    assert library.stale(make.NOW, workspace.terms.version, 10) == []


def test_a_plan_reaches_the_unit_that_took_over(workspace: Workspace, library: Library) -> None:
    workspace.do(RegisterDevice(device=make.device(region="DE", activated_at=make.NOW - timedelta(days=20))))
    new = ReplaceDevice(device=D1, serial="NEW", received_on=make.NOW.date() - timedelta(days=1))
    workspace.do(new)
    told: list[Changes] = []
    workspace.subscribe(told.append)
    workspace.do(RecordPlan(plan_bought=make.plan(starts_on=make.NOW.date() - timedelta(days=19), region="DE")))
    assert told[0].devices == {D1, new.new_device}
    standing = standings(library)[new.new_device]
    assert standing is not None
    assert standing.care_state is CareState.ACTIVE


def test_undo_and_redo_go_back_and_forth_and_keep_standings_fresh(workspace: Workspace, library: Library) -> None:
    workspace.do(RegisterDevice(device=make.device(region="DE")))
    workspace.do(RecordPlan(plan_bought=make.plan(starts_on=make.NOW.date(), region="DE")))
    with_plan = library.snapshot()

    def care() -> CareState:
        standing = standings(library)["d1"]
        assert standing is not None
        return standing.care_state

    assert care() is CareState.ACTIVE
    assert workspace.undo() is not None
    assert care() is CareState.NONE
    assert workspace.redo() is not None
    assert care() is CareState.ACTIVE
    assert library.snapshot() == with_plan
    assert workspace.redo() is None
    workspace.undo()
    workspace.undo()
    assert workspace.undo() is None
    assert list(library.snapshot().facts()) == []


def test_time_makes_standings_stale_and_refreshing_in_steps_ends(
    workspace: Workspace, library: Library, clock: SetClock
) -> None:
    workspace.do(AddSampleData())
    due = library.next_change()
    assert due is not None
    assert workspace.refresh_some(due - timedelta(microseconds=1)) == 0
    clock.now = due
    told: list[Changes] = []
    workspace.subscribe(told.append)
    assert workspace.refresh_some(due, limit=100) >= 1
    assert told[0].devices
    assert workspace.refresh_some(due, limit=100) == 0
    following = library.next_change()
    assert following is not None
    assert following > due


def test_a_large_edit_is_left_to_refreshing_in_steps(workspace: Workspace, library: Library) -> None:
    class AddFleet:
        def plan(self, library: Library, now: Any) -> Any:
            return make.adding(*(make.device(f"d{number}") for number in range(150)))

    told: list[Changes] = []
    workspace.subscribe(told.append)
    workspace.do(AddFleet())
    assert told == [Changes(kinds=frozenset({"devices"}), everything=True)]
    sizes = list(iter(lambda: workspace.refresh_some(make.NOW, limit=60), 0))
    assert sizes == [60, 60, 30]
    assert all(standings(library).values())


def test_any_instant_can_be_asked_for(workspace: Workspace) -> None:
    workspace.do(AddSampleData())
    wren = DeviceId("sample-wren")
    for after, verdict in ((timedelta(), PurchaseVerdict.OPEN), (timedelta(hours=18), PurchaseVerdict.VERIFY)):
        assessment = workspace.assess(wren, make.NOW + after)
        assert assessment is not None
        assert assessment.purchase.verdict is verdict
    assert workspace.assess(DeviceId("nowhere"), make.NOW) is None


def test_a_passed_deadline_leaves_the_lists_after_a_month(
    workspace: Workspace, library: Library, clock: SetClock
) -> None:
    workspace.do(AddSampleData())
    pocket = DeviceId("sample-pocket")
    passed = [
        each
        for each in library.agenda(before=None, device=pocket, limit=9)
        if (each.kind, each.state) == (DeadlineKind.PLAN_END, DeadlineState.PASSED)
    ]
    clock.now = passed[0].ends_at + LISTED_AFTER_PASSING
    while workspace.refresh_some(clock.now):
        pass
    kinds = {entry.kind for entry in library.agenda(before=None, device=pocket, limit=9)}
    assert DeadlineKind.PLAN_END not in kinds


def test_sample_data_shows_each_state_and_leaves_in_one_step(workspace: Workspace, library: Library) -> None:
    workspace.do(RegisterDevice(device=make.device()))
    mine = library.snapshot()
    workspace.do(AddSampleData())
    assert has_sample_data(library)
    assert workspace.do(AddSampleData()) is None
    shown = standings(library)
    pocket = workspace.assess(DeviceId("sample-pocket"), make.NOW)
    assert pocket is not None
    assert (pocket.renewal.verdict, pocket.renewal.until) == (
        RenewalVerdict.OPEN,
        make.NOW.date() + timedelta(days=6),
    )
    ready = {id for id, standing in shown.items() if standing is not None and standing.flyaway_ready}
    assert ready == {"sample-osprey", "sample-swift"}
    kestrel = shown["sample-kestrel"]
    assert kestrel is not None
    assert (kestrel.replacements_left, kestrel.replacements_allowed) == (1, 2)
    assert kestrel.flyaway_missing == ("controller-binding",)
    workspace.do(RecordPlan(plan_bought=make.plan("mine", "sample-wren")))
    workspace.do(RemoveSampleData())
    assert library.snapshot() == mine
    assert not has_sample_data(library)
    assert workspace.do(RemoveSampleData()) is None


def test_every_sample_fact_is_marked_and_undo_removes_them_too(workspace: Workspace, library: Library) -> None:
    before = library.snapshot()
    workspace.do(AddSampleData())
    assert all(is_sample(fact) for fact in library.snapshot().facts())
    workspace.undo()
    assert library.snapshot() == before


terms_once = cache(load_terms)
_SOME = st.sampled_from(["1", "2", "3"])
_FULL = (*make.one_of_each(), make.device("d2"), make.account("a2"), make.plan("p2", "d2"))


def _commands() -> st.SearchStrategy[Command]:
    """Draw commands about few ids, so that they meet each other; some are refused, as in life."""

    def about(one: str, other: str, days: int) -> st.SearchStrategy[Command]:
        at = make.NOW - timedelta(days=days)
        device, binding = make.device(f"d{one}", serial=f"S{one}{other}"), make.binding(f"b{one}")
        commands: list[Command] = [
            RegisterDevice(device=device),
            CorrectDevice(device=make.device(f"d{one}", serial=f"S{one}{days}", nickname=str(days))),
            SetDeviceStatus(device=device.id, status=DeviceStatus.SOLD if days % 2 else DeviceStatus.IN_USE),
            ReplaceDevice(device=device.id, serial=f"N{days}", new_device=make.device(f"d{other}").id),
            RemoveDevice(device=device.id),
            AddAccount(account=make.account(f"a{one}")),
            BindAccount(device=device.id, account=make.account(f"a{other}").id, bound_at=at, id=binding.id),
            CheckBinding(binding=binding.id, checked_at=at),
            Unbind(binding=binding.id, unbound_at=at),
            RemoveBinding(binding=binding.id),
            RecordPlan(plan_bought=make.plan(f"p{other}", device.id, starts_on=at.date())),
            RemovePlan(plan_id=make.plan(f"p{one}").id),
            AddIncident(incident=make.incident(f"i{one}", f"d{other}", at=at)),
            RemoveIncident(incident=make.incident(f"i{one}").id),
            OpenClaim(claim=make.claim(f"k{one}", f"d{other}", incident=make.incident(f"i{one}").id)),
            AddClaimStep(claim=make.claim(f"k{one}").id, step=ClaimStep(step=Step.SUBMITTED, at=at)),
        ]
        return st.sampled_from(commands)

    return st.tuples(_SOME, _SOME, st.integers(0, 40)).flatmap(lambda drawn: about(*drawn))


class UndoAndRedo(RuleBasedStateMachine):
    """Whatever is done, taken back and done again: every state on the way is exactly the one that was there before."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.open()

    def open(self) -> None:
        self.library = make.library_at(Path(self.folder.name) / "library.sqlite")
        self.workspace = Workspace(self.library, terms_once(), SetClock())

    @initialize()
    def start(self) -> None:
        self.states: list[Snapshot] = [self.library.snapshot()]
        self.library.write(make.adding(*_FULL), make.NOW)
        while self.workspace.refresh_some(make.NOW):
            pass
        self.states.append(self.library.snapshot())
        self.position = 1

    @rule(commands=st.lists(_commands(), min_size=1, max_size=6))
    def do(self, commands: list[Command]) -> None:
        for command in commands:
            entry = self.workspace.do(command)
            if entry is not None and not isinstance(entry, Refused):
                del self.states[self.position + 1 :]
                self.states.append(self.library.snapshot())
                self.position += 1

    @rule()
    def undo(self) -> None:
        assert (self.workspace.undo() is None) == (self.position == 0)
        self.position = max(0, self.position - 1)

    @rule()
    def redo(self) -> None:
        assert (self.workspace.redo() is None) == (self.position == len(self.states) - 1)
        self.position = min(len(self.states) - 1, self.position + 1)

    @rule()
    def restart(self) -> None:
        self.library.close()
        self.open()

    @invariant()
    def the_facts_are_those_of_this_point_in_time(self) -> None:
        if hasattr(self, "states"):
            assert self.library.snapshot() == self.states[self.position]
            assert self.library.stale(make.NOW, self.workspace.terms.version, 1) == []

    def teardown(self) -> None:
        while self.workspace.undo():
            pass
        assert self.library.snapshot() == self.states[0]
        while self.workspace.redo():
            pass
        assert self.library.snapshot() == self.states[-1]
        self.library.close()
        self.folder.cleanup()


TestUndoAndRedo = pytest.mark.slow(UndoAndRedo.TestCase)
TestUndoAndRedo.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
