"""The activation codes of plans: kept with the secrets, so that the facts hold only how each ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from homepoint.application.changes import Change, Edit
from homepoint.application.problems import HomepointError
from homepoint.application.replication import SecretStore
from homepoint.domain.activation_codes import hint_of
from homepoint.domain.facts import Plan
from homepoint.domain.snapshot import Snapshot
from homepoint.domain.values import PlanId


class WaitingCodes(Protocol):
    """The codes an older Homepoint kept among the facts, until they are with the secrets."""

    def get(self, plan: PlanId) -> str | None:
        """Return the code of a plan, None where none waits."""
        ...

    def forget(self, plan: PlanId) -> None:
        """Let go of a plan's code; nothing happens where none waits."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCodes:
    """Which plans' codes were kept, which were not, and what was in the way (None: nothing)."""

    kept: frozenset[PlanId]
    lost: frozenset[PlanId] = frozenset()
    problem: HomepointError | None = None


class ActivationCodes:
    """The codes of one library's plans on this computer. Any call may take as long as a keyring does.

    Raises:
        HomepointError: from every method, when the store of secrets does not answer or refuses.
    """

    def __init__(self, secrets: SecretStore, library: str, waiting: WaitingCodes | None = None) -> None:
        """Use a store.

        Args:
            secrets: where codes are kept; it must outlast this run of the program, or refuse.
            library: tells the plans of one library from those of others with the same ids.
            waiting: codes that are not with the secrets yet.
        """
        self._secrets, self._library, self._waiting = secrets, library, waiting

    def keep(self, plan: PlanId, code: str) -> None:
        """Keep the code of a plan in place of an earlier one."""
        self._secrets.set(self._name(plan), code.strip())
        if self._waiting is not None:
            self._waiting.forget(plan)

    def code(self, plan: PlanId, hint: str) -> str | None:
        """Return the code of a plan that ends as its hint says; None where this computer has another one or none."""
        waiting = None if self._waiting is None else self._waiting.get(plan)
        if waiting is not None and hint_of(waiting) == hint:
            return waiting
        kept = self._secrets.get(self._name(plan))
        return kept if kept and hint_of(kept) == hint else None

    def forget(self, plan: PlanId) -> None:
        """Forget the code of a plan; nothing happens where there is none."""
        if self._waiting is not None:
            self._waiting.forget(plan)
        self._secrets.delete(self._name(plan))

    def keep_all(self, codes: Mapping[PlanId, str]) -> KeptCodes:
        """Keep many codes. The first that is refused ends it: a keyring that is locked shall be waited for once."""
        kept: set[PlanId] = set()
        for plan, code in codes.items():
            try:
                self.keep(plan, code)
            except HomepointError as problem:
                return KeptCodes(kept=frozenset(kept), lost=frozenset(codes.keys() - kept), problem=problem)
            kept.add(plan)
        return KeptCodes(kept=frozenset(kept))

    def _name(self, plan: PlanId) -> str:
        return f"plan/{self._library}/{plan}/activation-code"


def without_hints(snapshot: Snapshot, plans: Iterable[PlanId]) -> Snapshot:
    """Return facts without the hints of these plans, whose codes were not kept."""
    lost = frozenset(plans)
    told = tuple(replace(each, activation_code_hint=None) if each.id in lost else each for each in snapshot.plans)
    return replace(snapshot, plans=told)


def without_new_hints(edit: Edit, plans: Iterable[PlanId]) -> Edit | None:
    """Return an edit that leaves the hints of these plans as they are; None where nothing is left to do."""
    lost = frozenset(plans)
    changes = [_without_new_hint(each) if each.fact.id in lost else each for each in edit.changes]
    changes = [each for each in changes if each.before != each.after]
    return replace(edit, changes=tuple(changes)) if changes else None


def _without_new_hint(change: Change) -> Change:
    before, after = change.before, change.after
    if not isinstance(after, Plan):
        return change
    hint = before.activation_code_hint if isinstance(before, Plan) else None
    return Change(before=before, after=replace(after, activation_code_hint=hint))
