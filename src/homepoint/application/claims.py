"""Commands about a claim beyond its bare steps: what was noted, paid, sent back and received for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from homepoint.application.changes import Change, Edit
from homepoint.application.checks import gone
from homepoint.application.devices import CorrectDevice, ReplaceDevice, new_device_id
from homepoint.application.incidents import AddClaimStep, CorrectClaim, CorrectClaimStep
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Claim, ClaimStep, Device, Extra, Fee, ReturnedUnit, Step
from homepoint.domain.rules.claims import PATHS
from homepoint.domain.serials import same_serial
from homepoint.domain.values import ClaimId, DeviceId, Money, day_of, start_of

TRACKING_NUMBER = "tracking_number"
MESSAGES = "homepoint-messages"
INVOICE_ASKED_ON = "homepoint-invoice-asked-on"
QUOTE_UNTIL = "homepoint-quote-until"
TASKS_DONE = "homepoint-tasks"
"""The keys under which a claim (and a new unit its tasks) keeps what the owner file has no field for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaimStep:
    """Record a step, or put it in place of the one at `index`, with what became known by it.

    `noted` goes into the claim's extra keys (None forgets one); `fee` was paid with the step, `deposit` held by it.
    """

    claim: ClaimId
    step: ClaimStep
    index: int | None = None
    noted: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    fee: Fee | None = None
    deposit: Money | None = None

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        if self.index is None:
            edit = AddClaimStep(claim=self.claim, step=self.step).plan(library, now)
        else:
            edit = CorrectClaimStep(claim=self.claim, index=self.index, step=self.step).plan(library, now)
        if isinstance(edit, Refused):
            return edit
        stored = library.get(Claim, self.claim)
        assert stored is not None, "a claim whose steps were planned is there"
        changed = next((change.after for change in edit.changes if isinstance(change.after, Claim)), stored)
        after = replace(
            changed,
            extra=_with(changed.extra, self.noted),
            fees=changed.fees if self.fee is None else (*changed.fees, self.fee),
            deposit=self.deposit or changed.deposit,
        )
        return Edit(title=edit.title, changes=(Change(before=stored, after=after),) if after != stored else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOnClaim:
    """Keep something beside a claim under a key of this module; None forgets it."""

    claim: ClaimId
    noted: Mapping[str, object]

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        return _changed(library, now, replace(claim, extra=_with(claim.extra, self.noted)), "Claim: note kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMessage:
    """Keep a dated note of what DJI and the owner told each other."""

    claim: ClaimId
    at: datetime
    text: str

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        wrong = {}
        if not self.text.strip():
            wrong["text"] = "Write down what was said."
        if self.at > now:
            wrong["at"] = "This lies in the future. Check the date, the time and the time zone."
        if wrong:
            return Refused(fields=MappingProxyType(wrong))
        kept = [*messages_kept(claim), {"at": self.at.isoformat(), "text": self.text.strip()}]
        after = replace(claim, extra=_with(claim.extra, {MESSAGES: kept}))
        return _changed(library, now, after, "Claim: message kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetMessage:
    """Let go of a kept message; `index` counts them from 0, as they were kept."""

    claim: ClaimId
    index: int

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        kept = messages_kept(claim) if claim else []
        if claim is None or not 0 <= self.index < len(kept):
            return gone(Claim)
        left = [*kept[: self.index], *kept[self.index + 1 :]] or None
        return _changed(library, now, replace(claim, extra=_with(claim.extra, {MESSAGES: left})), "Message removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClaimFee:
    """Note an amount that was paid or asked for."""

    claim: ClaimId
    fee: Fee

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        return _changed(library, now, replace(claim, fees=(*claim.fees, self.fee)), "Claim: amount noted")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveClaimFee:
    """Take an amount out of a claim; `index` counts `fees` from 0."""

    claim: ClaimId
    index: int

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None or not 0 <= self.index < len(claim.fees):
            return gone(Claim)
        left = (*claim.fees[: self.index], *claim.fees[self.index + 1 :])
        return _changed(library, now, replace(claim, fees=left), "Claim: amount removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDeposit:
    """Note how much DJI holds on the card; None: not known."""

    claim: ClaimId
    deposit: Money | None

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        return _changed(library, now, replace(claim, deposit=self.deposit), "Claim: deposit noted")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReturn:
    """Note what goes back to DJI, and whether a battery was registered with the claim."""

    claim: ClaimId
    returned: ReturnedUnit
    battery_registered: bool | None

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        after = replace(claim, returned=self.returned, battery_registered=self.battery_registered)
        return _changed(library, now, after, "Return checked")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReplacement:
    """The new unit of a claim is there: it takes over from the old one, and the claim notes it, in one step of undo.

    What the claim's path still lacks of "replacement sent" is recorded with it: the unit could not be here otherwise.
    With `closes` the claim is closed as well.
    """

    claim: ClaimId
    serial: str
    received_on: date | None = None
    closes: bool = False
    new_device: DeviceId = field(default_factory=new_device_id)

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        claim = library.get(Claim, self.claim)
        if claim is None:
            return gone(Claim)
        replacing = ReplaceDevice(
            device=claim.device,
            serial=self.serial.strip().upper(),
            received_on=self.received_on,
            claim=claim.id,
            new_device=self.new_device,
        ).plan(library, now)
        if isinstance(replacing, Refused):
            return replacing
        old = library.get(Device, claim.device)
        if old is not None and same_serial(old.serial, self.serial):
            says = "This is the serial of the old unit. Read it off the new one, on its label or in DJI's app."
            return Refused(fields=MappingProxyType({"serial": says}))
        others = [change for change in replacing.changes if not isinstance(change.after, Claim)]
        after = replace(claim, new_serial=self.serial.strip().upper(), steps=self._steps(claim, library, now))
        return Edit(title="Replacement received", changes=(*others, Change(before=claim, after=after)))

    def _steps(self, claim: Claim, library: Library, now: datetime) -> tuple[ClaimStep, ...]:
        steps, done = list(claim.steps), {each.step for each in claim.steps}
        path = PATHS.get(claim.service, ()) if claim.service else ()
        if Step.REPLACEMENT_SENT in path and Step.REPLACEMENT_SENT not in done:
            arrived_on = self.received_on or day_of(now, library.zone)
            latest = max((each.at for each in steps), default=start_of(arrived_on, library.zone))
            at = min(now, max(latest, start_of(arrived_on, library.zone)))
            steps.append(ClaimStep(step=Step.REPLACEMENT_SENT, at=at))
        if self.closes and Step.CLOSED not in done:
            latest = max((each.at for each in steps), default=now)
            steps.append(ClaimStep(step=Step.CLOSED, at=max(now, latest)))
        return tuple(sorted(steps, key=lambda each: each.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTask:
    """Say that a task about a new unit is done, or not done after all."""

    device: DeviceId
    task: str
    is_done: bool

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        device = library.get(Device, self.device)
        if device is None:
            return gone(Device)
        done = [each for each in tasks_done(device) if each != self.task]
        if self.is_done:
            done.append(self.task)
        after = replace(device, extra=_with(device.extra, {TASKS_DONE: done or None}))
        edit = CorrectDevice(device=after).plan(library, now)
        return edit if isinstance(edit, Refused) else replace(edit, title="Task done" if self.is_done else "Task open")


def messages_kept(claim: Claim) -> list[Mapping[str, object]]:
    """Return the messages kept with a claim as they are stored, in their order; what is no message is left out."""
    kept = claim.extra.get(MESSAGES)
    return [each for each in kept if isinstance(each, Mapping)] if isinstance(kept, list | tuple) else []


def tasks_done(device: Device) -> tuple[str, ...]:
    """Return the names of the tasks that were marked as done for a new unit."""
    kept = device.extra.get(TASKS_DONE)
    return tuple(each for each in kept if isinstance(each, str)) if isinstance(kept, list | tuple) else ()


def _with(extra: Extra, noted: Mapping[str, object]) -> Extra:
    """Return extra keys with some put in, or taken out where the value is None."""
    return {key: value for key, value in {**extra, **noted}.items() if value is not None}


def _changed(library: Library, now: datetime, after: Claim, title: str) -> Edit | Refused:
    """Return the edit that puts a claim in place, under a title of its own."""
    edit = CorrectClaim(claim=after).plan(library, now)
    return edit if isinstance(edit, Refused) else replace(edit, title=title)
