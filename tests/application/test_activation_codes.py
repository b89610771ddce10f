"""The activation codes of plans: kept with the secrets, shown only where the hint fits, and never mixed up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from homepoint.application.activation_codes import ActivationCodes, without_hints, without_new_hints
from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import PlanId
from tests import builders as make
from tests.doubles import LockableSecrets

PLAN, OTHER = PlanId("p1"), PlanId("p2")
CODE = "ABCD-1234-5678"


@dataclass
class Waiting:
    """Codes that are still in the library's file."""

    codes: dict[PlanId, str] = field(default_factory=dict)

    def get(self, plan: PlanId) -> str | None:
        return self.codes.get(plan)

    def forget(self, plan: PlanId) -> None:
        self.codes.pop(plan, None)


def test_a_code_is_found_by_its_plan_and_hint_until_it_is_forgotten() -> None:
    secrets = LockableSecrets()
    codes = ActivationCodes(secrets, "lib")
    codes.keep(PLAN, f" {CODE}\n")
    assert secrets.kept == {"plan/lib/p1/activation-code": CODE}
    assert codes.code(PLAN, "5678") == CODE
    assert codes.code(OTHER, "5678") is None
    codes.forget(PLAN)
    codes.forget(PLAN)
    assert codes.code(PLAN, "5678") is None


def test_a_code_whose_hint_is_another_is_not_shown_for_it() -> None:
    """Undo brought an earlier hint back, or another computer set it."""
    codes = ActivationCodes(LockableSecrets(), "lib")
    codes.keep(PLAN, CODE)
    assert codes.code(PLAN, "9999") is None


def test_plans_of_the_same_id_in_two_libraries_have_their_own_codes() -> None:
    secrets = LockableSecrets()
    one, two = ActivationCodes(secrets, "one"), ActivationCodes(secrets, "two")
    one.keep(PLAN, CODE)
    two.keep(PLAN, "WXYZ-1234-5678")
    assert (one.code(PLAN, "5678"), two.code(PLAN, "5678")) == (CODE, "WXYZ-1234-5678")


def test_a_code_that_waits_in_the_file_is_shown_without_the_keyring_and_gives_way_to_a_new_one() -> None:
    waiting, secrets = Waiting({PLAN: CODE}), LockableSecrets(is_locked=True)
    codes = ActivationCodes(secrets, "lib", waiting)
    assert codes.code(PLAN, "5678") == CODE
    with pytest.raises(HomepointError):
        codes.keep(PLAN, "EFGH-1234-0000")
    assert waiting.codes, "what could not be replaced stays"
    secrets.is_locked = False
    codes.keep(PLAN, "EFGH-1234-0000")
    assert not waiting.codes


def test_a_code_that_is_taken_away_does_not_wait_in_the_file_either() -> None:
    waiting = Waiting({PLAN: CODE})
    ActivationCodes(LockableSecrets(), "lib", waiting).forget(PLAN)
    assert not waiting.codes


def test_of_many_codes_the_first_refusal_ends_it_and_the_rest_is_named() -> None:
    class Full(LockableSecrets):
        def set(self, name: str, value: str) -> None:
            super().set(name, value)
            self.is_locked = True

    codes: Mapping[PlanId, str] = {PLAN: CODE, OTHER: CODE, PlanId("p3"): CODE}
    kept = ActivationCodes(Full(), "lib").keep_all(codes)
    assert (set(kept.kept), set(kept.lost)) == ({PLAN}, {OTHER, PlanId("p3")})
    assert kept.problem is not None
    assert ActivationCodes(LockableSecrets(), "lib").keep_all(codes).problem is None


def test_a_plan_whose_code_was_not_kept_is_taken_in_without_its_hint() -> None:
    hinted = make.plan(activation_code_hint="5678")
    snapshot = Snapshot(zone=make.BERLIN, plans=(hinted, make.plan("p2", activation_code_hint="0000")))
    assert [each.activation_code_hint for each in without_hints(snapshot, [PLAN]).plans] == [None, "0000"]


def test_an_edit_loses_only_the_hints_whose_codes_were_not_kept() -> None:
    old, new = make.plan(activation_code_hint="0000"), make.plan(activation_code_hint="5678", replacements=2)
    only = make.plan("p2", activation_code_hint="5678")
    edit = Edit(title="x", changes=(Change(before=old, after=new), Change(before=make.plan("p2"), after=only)))
    left = without_new_hints(edit, [PLAN, OTHER])
    assert left is not None
    [change] = left.changes
    assert change.after == make.plan(activation_code_hint="0000", replacements=2)
    assert without_new_hints(Edit(title="x", changes=edit.changes[1:]), [OTHER]) is None
    assert without_new_hints(edit, []) == edit
