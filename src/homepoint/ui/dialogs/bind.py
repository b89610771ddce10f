"""The forms to record that a device was bound to an account or a controller, and that a binding ended."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from homepoint.application.bindings import AddAccount, AddController, BindAccount, BindController, Unbind
from homepoint.domain.facts import Account, BoundTo, Controller
from homepoint.domain.serials import same_serial
from homepoint.domain.values import AccountId, BindingId, ControllerId, DeviceId
from homepoint.presentation.plan_forms import bind_problems
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.account import account_of
from homepoint.ui.dialogs.controller import controller_of
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import Choice, line, moment_field, moment_of, zone_problem

_WHERE = "Do it in DJI's app first: Profile, Device Management. Homepoint records what you did there; it binds nothing."


class BindDialog(FormDialog):
    """Records a binding to an account or a controller, chosen from the recorded ones or added right here."""

    def __init__(self, desk: Desk, device: DeviceId, to: BoundTo, parent: QWidget | None = None) -> None:
        """Ask which account or controller, and since when."""
        is_account = to is BoundTo.ACCOUNT
        super().__init__(f"Record the {to.value} it is bound to", "Record binding", _WHERE, parent)
        self._desk, self._device, self._to = desk, device, to
        options = _accounts(desk) if is_account else _controllers(desk)
        first = options[0][0] if options else None
        self.target = Choice[str | None](to.value.capitalize(), [*options, (None, f"A new {to.value} …")], first)
        self.serial = line("Serial of the controller", "")
        self.model = line("Model of the controller", "", "Such as DJI RC 2")
        self.label = line(f"Name of the {to.value}", "", "Such as the person who owns it" if is_account else "")
        self.email = line("E-mail of the account", "", "May stay empty")
        self.bound = moment_field("Bound", desk.now(), desk.now(), desk.zone)
        if options:
            self.add_row("target", to.value.capitalize(), self.target)
        new = ("label", "email") if is_account else ("serial", "model", "label")
        words = {"serial": "Its serial", "model": "Its model", "label": "Its name", "email": "Its e-mail"}
        for key in new:
            self.add_row(key, words[key], getattr(self, key))
        self._new = new
        self.add_row(
            "bound_at", "Bound", self.bound, "For flyaway cover, what counts is that it was bound before the loss."
        )
        self.target.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        for key in self._new:
            self.rows[key].set_visible(self.target.value is None)

    def entered(self) -> object:
        """Return what was typed."""
        return (self.target.value, *(getattr(self, key).text() for key in self._new), self.bound.value)

    def send(self) -> Mapping[str, str]:
        """Add the account or controller if it is new, then record the binding."""
        target = self.target.value
        problems = {
            **bind_problems(self._to, target, self.label.text(), self.serial.text()),
            **zone_problem("bound_at", self.bound),
        }
        if problems:
            return problems
        if target is None:
            target, refused = self._add()
            if refused:
                return refused
        bound_at = moment_of(self.bound)
        if self._to is BoundTo.ACCOUNT:
            command: BindAccount | BindController = BindAccount(
                device=self._device, account=AccountId(target), bound_at=bound_at
            )
        else:
            command = BindController(device=self._device, controller=ControllerId(target), bound_at=bound_at)
        return problems_of(self._desk.do(command))

    def _add(self) -> tuple[str, Mapping[str, str]]:
        """Add what was typed; what a first try added before the binding was refused is taken as it is."""
        library = self._desk.workspace.library
        if self._to is BoundTo.ACCOUNT:
            account = account_of(self.label.text(), self.email.text())
            for each in library.all(Account):
                if (each.label, each.email) == (account.label, account.email):
                    return each.id, {}
            return account.id, problems_of(self._desk.do(AddAccount(account=account)))
        controller = controller_of(self.serial.text(), self.model.text(), self.label.text())
        for known in library.all(Controller):
            if same_serial(known.serial, controller.serial):
                return known.id, {}
        return controller.id, problems_of(self._desk.do(AddController(controller=controller)))


class UnbindDialog(FormDialog):
    """Records that a binding ended."""

    def __init__(self, desk: Desk, binding: BindingId, name: str, parent: QWidget | None = None) -> None:
        """Ask when `name` was unbound."""
        super().__init__(
            f"{name}: unbound",
            "Record unbinding",
            "The binding stays in the history: it proves that the device was bound until then.",
            parent,
        )
        self._desk, self._binding = desk, binding
        self.unbound = moment_field("Unbound", desk.now(), desk.now(), desk.zone, can_be_unknown=False)
        self.add_row("unbound_at", "Unbound", self.unbound)

    def entered(self) -> object:
        """Return what was typed."""
        return self.unbound.value

    def send(self) -> Mapping[str, str]:
        """Record the end of the binding."""
        unbound_at = moment_of(self.unbound)
        if unbound_at is None:
            return zone_problem("unbound_at", self.unbound)
        return problems_of(self._desk.do(Unbind(binding=self._binding, unbound_at=unbound_at)))


Options = list[tuple[str | None, str]]


def _accounts(desk: Desk) -> Options:
    accounts = desk.workspace.library.all(Account)
    return [(each.id, f"{each.label} ({each.email})" if each.email else each.label) for each in accounts]


def _controllers(desk: Desk) -> Options:
    found: Options = []
    for each in desk.workspace.library.all(Controller):
        name = each.label or each.model or "Controller"
        found.append((each.id, f"{name} · {each.serial}" if each.serial else name))
    return found
