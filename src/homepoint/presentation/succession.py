"""The replacement arrived: what moves to the new unit, what does not, and the tasks that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homepoint.application.claims import tasks_done
from homepoint.domain.assessment import Assessment, Care, CareState
from homepoint.domain.facts import Binding, BoundTo, Category, Claim, Device, Step
from homepoint.domain.rules.claims import PATHS
from homepoint.presentation.wording import PRODUCT_NAMES, counted, day_text

REGISTER, INSURER = "register-serial", "tell-insurer"
BIND_ACCOUNT, BIND_CONTROLLER = "bind-account", "bind-controller"

_FLIES = frozenset({Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What a succession moves to the new unit, and what stays behind, each as sentences."""

    moves: tuple[str, ...]
    stays: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do for a new unit. Bindings show by themselves whether they are done; the others are `marked`."""

    key: str
    text: str
    says: str
    is_done: bool
    is_marked: bool


def moving(before: Assessment) -> Moving:
    """Say what moves and what does not, by what the rules say of the old unit."""
    moves = [_plan(before.care), "Its name, model and region of purchase."]
    stays = [
        "Incidents, claims and evidence stay with the old unit, which stays in your records.",
        "The DJI account is not bound to the new unit by itself: bind it in DJI's app.",
    ]
    if before.category in _FLIES:
        stays.append("The controller is not bound to it either. Until it is, a flyaway would not be covered.")
    return Moving(moves=tuple(moves), stays=tuple(stays))


def ends_with_arrival(claim: Claim) -> bool:
    """Say whether nothing is left to do once the replacement is there; with Premium the old unit still goes back."""
    taken = {each.step for each in claim.steps}
    path = PATHS.get(claim.service, ()) if claim.service else ()
    if Step.REPLACEMENT_SENT not in path or Step.CLOSED in taken:
        return False
    after = path[path.index(Step.REPLACEMENT_SENT) + 1 :]
    return all(each in taken or each is Step.CLOSED for each in after)


def tasks(new: Device, category: Category | None, bindings: Sequence[Binding], now: datetime) -> tuple[Task, ...]:
    """Return the tasks of a new unit with what is done.

    Args:
        new: the unit that took over.
        category: what kind of device it is.
        bindings: its own bindings.
        now: this instant.
    """
    held = {
        each.to
        for each in bindings
        if (each.bound_at is None or each.bound_at <= now) and (each.unbound_at is None or each.unbound_at > now)
    }
    done = tasks_done(new)
    found = [
        Task(
            key=BIND_ACCOUNT,
            text="Bind your DJI account to the new unit",
            says="Do it in DJI's app, then record the binding on the device's page.",
            is_done=BoundTo.ACCOUNT in held,
            is_marked=False,
        )
    ]
    if category in _FLIES:
        found += [
            Task(
                key=BIND_CONTROLLER,
                text="Bind the controller to it, or check that it is bound",
                says="Without this a flyaway is not covered. Record it on the device's page.",
                is_done=BoundTo.CONTROLLER in held,
                is_marked=False,
            ),
            Task(
                key=REGISTER,
                text="Register the new serial",
                says="With your aviation authority and for remote ID, where your country asks for it.",
                is_done=REGISTER in done,
                is_marked=True,
            ),
        ]
    insurer = Task(
        key=INSURER,
        text="Tell your insurer the new serial",
        says="If you have an insurance that names the unit.",
        is_done=INSURER in done,
        is_marked=True,
    )
    return (*found, insurer)


def _plan(care: Care) -> str:
    if care.state is CareState.NONE or care.product is None:
        return "There is no care plan that could move."
    name = PRODUCT_NAMES[care.product]
    ends = f", with its last day {day_text(care.ends_on)}" if care.ends_on else ""
    left = care.replacements.left
    uses = "the uses that are left" if left is None else f"{counted(left, 'replacement')} left"
    return f"{name}{ends}, and {uses}."
