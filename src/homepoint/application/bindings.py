"""Commands about accounts, controllers and bindings: add, correct, bind, check, unbind."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from homepoint.application.changes import Edit
from homepoint.application.checks import Wrong, add, check_known, check_order, check_past, correct, gone, new_id, remove
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Account, Binding, BoundTo, Controller, Device
from homepoint.domain.serials import same_serial
from homepoint.domain.values import AccountId, BindingId, ControllerId, DeviceId


def new_binding_id() -> BindingId:
    """Return an id for a new binding."""
    return BindingId(new_id())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAccount:
    """Add a DJI account by its label."""

    account: Account

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.account, _account_faults(self.account), "Account added")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectAccount:
    """Put these values in place of what is recorded of the account with this id."""

    account: Account

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.account, _account_faults(self.account), "Account changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddController:
    """Add a remote controller."""

    controller: Controller

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.controller, _controller_faults(self.controller, library), "Controller added")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectController:
    """Put these values in place of what is recorded of the controller with this id."""

    controller: Controller

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.controller, _controller_faults(self.controller, library), "Controller changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class BindAccount:
    """Record that a device is bound to an account; `bound_at` None means since an unknown instant."""

    device: DeviceId
    account: AccountId
    bound_at: datetime | None
    id: BindingId = field(default_factory=new_binding_id)

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        binding = Binding(
            id=self.id, device=self.device, to=BoundTo.ACCOUNT, target=self.account, bound_at=self.bound_at
        )
        return add(library, binding, _faults(binding, library, now), "Account bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class BindController:
    """Record that a device is bound to a controller; `bound_at` None means since an unknown instant."""

    device: DeviceId
    controller: ControllerId
    bound_at: datetime | None
    id: BindingId = field(default_factory=new_binding_id)

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        binding = Binding(
            id=self.id, device=self.device, to=BoundTo.CONTROLLER, target=self.controller, bound_at=self.bound_at
        )
        return add(library, binding, _faults(binding, library, now), "Controller bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckBinding:
    """Record that the owner looked and found the binding still there."""

    binding: BindingId
    checked_at: datetime

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Binding, self.binding)
        if before is None:
            return gone(Binding)
        after = replace(before, checked_at=tuple(sorted({*before.checked_at, self.checked_at})))
        return correct(library, after, _faults(after, library, now), "Binding checked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbind:
    """Record that a binding ended."""

    binding: BindingId
    unbound_at: datetime

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        before = library.get(Binding, self.binding)
        if before is None:
            return gone(Binding)
        after = replace(before, unbound_at=self.unbound_at)
        wrong = _faults(after, library, now)
        if before.unbound_at is not None:
            wrong[""] = "This binding has ended already. Correct it if the time is wrong."
        return correct(library, after, wrong, "Unbound")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectBinding:
    """Put these values in place of what is recorded of the binding with this id."""

    binding: Binding

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.binding, _faults(self.binding, library, now), "Binding changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBinding:
    """Remove a binding recorded by mistake. One that ended is unbound instead: its history counts."""

    binding: BindingId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return remove(library, Binding, self.binding, "Binding removed")


def _account_faults(account: Account) -> Wrong:
    return {} if account.label.strip() else {"label": "Give the account a name, such as the person who owns it."}


def _controller_faults(controller: Controller, library: Library) -> Wrong:
    wrong: Wrong = {}
    if not any(text and text.strip() for text in (controller.serial, controller.model, controller.label)):
        wrong["serial"] = "Enter its serial, its model or a name for it."
    for other in library.all(Controller):
        if other.id != controller.id and same_serial(other.serial, controller.serial):
            wrong["serial"] = f"{other.label or other.model or 'Another controller'} has this serial already."
    return wrong


def _faults(binding: Binding, library: Library, now: datetime) -> Wrong:
    wrong: Wrong = {}
    target = Account if binding.to is BoundTo.ACCOUNT else Controller
    check_known(wrong, library, binding, device=Device, target=target)
    check_order(wrong, binding.bound_at, binding.unbound_at, "unbound_at", "A binding cannot end before it began.")
    for checked_at in binding.checked_at:
        check_order(wrong, binding.bound_at, checked_at, "checked_at", "It was not bound yet when it was checked.")
        check_order(wrong, checked_at, binding.unbound_at, "checked_at", "It was no longer bound when it was checked.")
        check_past(wrong, library, now, checked_at=checked_at)
    check_past(wrong, library, now, bound_at=binding.bound_at, unbound_at=binding.unbound_at)
    if not wrong:
        _check_overlap(wrong, binding, library)
    return wrong


def _check_overlap(wrong: Wrong, binding: Binding, library: Library) -> None:
    """A device is bound to one account at a time; to the same controller only once at a time."""
    for other in library.about(Binding, binding.device):
        if other.id == binding.id or other.to is not binding.to or not _overlap(binding, other):
            continue
        if binding.to is BoundTo.ACCOUNT:
            account = library.get(Account, other.target)
            name = account.label if account is not None else "another account"
            wrong["target"] = (
                f"The device is bound to {name} at that time. It can be bound to one account only:"
                " unbind it there first."
            )
        elif other.target == binding.target:
            wrong["target"] = "The device is bound to this controller at that time already."


def _overlap(one: Binding, other: Binding) -> bool:
    """Say whether two bindings share an instant; an unknown start lies before all, an open end after all."""
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Binding, other: Binding) -> bool:
    return one.bound_at is None or other.unbound_at is None or one.bound_at < other.unbound_at
