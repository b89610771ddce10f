"""Before the old unit goes back to DJI: is it the right one, is all of it in the box, and what is at stake if not?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from homepoint.domain.assessment import ClaimReading
from homepoint.domain.facts import Category, Claim, Device, Service, Step
from homepoint.domain.serials import normalised, same_serial
from homepoint.presentation.claims import amount_text
from homepoint.presentation.device_list import device_name
from homepoint.presentation.wording import name_of

NEAR = 3
"""Up to this many differing characters are shown one by one: a slip of the eye; more are another serial."""

_FLIES = frozenset({Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT})


class Standing(StrEnum):
    """How one point of the check stands."""

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the check in words."""

    name: str
    standing: Standing
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackItem:
    """One line of the pack-out list; `is_stated` where DJI's terms name it, else it is advice."""

    text: str
    is_stated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnText:
    """The return guard of a claim: its points, what is at stake, and whether it may be sealed."""

    points: tuple[Point, ...]
    stake: str
    all_right: bool
    is_checked: bool

    @property
    def warning(self) -> str:
        """What is wrong, in a sentence or two; nothing where nothing is."""
        wrong = [f"{each.name}: {each.says}" for each in self.points if each.standing is Standing.WRONG]
        return f"Do not close the box yet. {' '.join(wrong)}" if wrong else ""


def serial_point(typed: str, again: str, device: Device, same: Sequence[Device]) -> Point:
    """Say whether a serial read off the unit is the claim's device; typed twice, so that a slip does not pass.

    Args:
        typed: the serial as first typed.
        again: as typed the second time.
        device: the device of the claim.
        same: the recorded devices that bear the typed serial.
    """
    if not typed.strip():
        return _open("Read it off the unit itself, not off the box: boxes get mixed up.")
    if not again.strip():
        return _open("Type it once more, from the unit.")
    if not same_serial(typed, again):
        return _wrong(f"The two do not agree: {difference(typed, again, 'first', 'second')}")
    return registered_point(typed, device, same)


def registered_point(serial: str | None, device: Device, same: Sequence[Device]) -> Point:
    """Compare one serial with the claim's device, and name the owner's own device whose serial it is instead."""
    if not serial:
        return _open("Not checked yet.")
    if not device.serial:
        return _open(f"The serial of {device_name(device)} is not recorded, so it cannot be compared. Record it first.")
    if same_serial(serial, device.serial):
        return Point(name="Serial", standing=Standing.RIGHT, says=f"{normalised(serial)} is the one of this claim.")
    other = next((each for each in same if each.id != device.id), None)
    if other is not None:
        return _wrong(
            f"This is the serial of your other device {device_name(other)} ({other.model}). Send {device_name(device)} "
            f"back: {device.serial}."
        )
    found = difference(serial, device.serial, "unit", "claim")
    return _wrong(f"This is not the unit of the claim. {found[:1].upper()}{found[1:]} Look at the label again.")


def difference(one: str, other: str, first: str, second: str) -> str:
    """Say in which characters two serials differ: "character 12 is 5 (unit) and S (claim)."."""
    left, right = normalised(one), normalised(other)
    if len(left) != len(right):
        return f"it has {len(left)} characters ({first}) against {len(right)} ({second})."
    places = [place for place in range(len(left)) if left[place] != right[place]]
    if len(places) > NEAR:
        return f"they differ in {len(places)} of {len(left)} characters."
    told = [f"character {place + 1} is {left[place]} ({first}) and {right[place]} ({second})" for place in places]
    return f"{', '.join(told)}."


def battery_point(is_registered: bool | None, is_in_box: bool | None) -> Point:
    """Say how the battery stands: it must go back where one was registered with the claim."""
    name = "Battery"
    if is_registered is False:
        return Point(name=name, standing=Standing.RIGHT, says="None was registered with the claim, so none is missed.")
    if is_in_box is True:
        return Point(name=name, standing=Standing.RIGHT, says="It is in the box.")
    if is_in_box is False:
        says = "Put it in. A battery that was registered with the claim and does not come back costs the deposit."
        if is_registered is None:
            says = "Put it in, unless you are sure that no battery was registered with the claim."
        return Point(name=name, standing=Standing.WRONG, says=says)
    return Point(name=name, standing=Standing.OPEN, says="Not checked yet.")


def genuine_point(is_genuine: bool | None) -> Point:
    """Say whether what goes back is a DJI product."""
    name = "Genuine DJI product"
    if is_genuine is True:
        return Point(name=name, standing=Standing.RIGHT, says="You looked: it is a DJI product.")
    if is_genuine is False:
        says = "DJI treats another maker's product as a unit that never came back. Put the original in the box."
        return Point(name=name, standing=Standing.WRONG, says=says)
    return Point(name=name, standing=Standing.OPEN, says="Not checked yet.")


def return_text(claim: Claim, reading: ClaimReading, device: Device, same: Sequence[Device]) -> ReturnText:
    """Return the guard as recorded; `same` are the recorded devices that bear the serial that went back."""
    returned = claim.returned
    points = (
        registered_point(returned.serial if returned else None, device, same),
        battery_point(claim.battery_registered, returned.battery if returned else None),
        genuine_point(returned.genuine if returned else None),
    )
    return ReturnText(
        points=points,
        stake=_stake(claim, reading),
        all_right=all(each.standing is Standing.RIGHT for each in points),
        is_checked=returned is not None,
    )


def pack_list(device: Device, category: Category | None, claim: Claim) -> tuple[PackItem, ...]:
    """Return what to put in the box: first what DJI's terms name, then our advice."""
    what = name_of(category).lower() if category else "unit"
    items = [PackItem(text=f"The {what} with serial {device.serial or '(not recorded)'}", is_stated=True)]
    if claim.battery_registered is not False:
        sure = claim.battery_registered is True
        text = "The battery that was registered with the claim"
        items.append(PackItem(text=text if sure else f"{text}, if there was one", is_stated=True))
    items.append(PackItem(text="Genuine DJI parts only: put the originals back in place of others", is_stated=True))
    items.append(PackItem(text="Take out the memory card; keep your own copy of the pictures on it", is_stated=False))
    if category in _FLIES:
        items.append(PackItem(text="Keep the remote controller unless DJI asked for it", is_stated=False))
        items.append(PackItem(text="Take off filters, stickers and whatever else is yours", is_stated=False))
    items.append(PackItem(text="Photograph the serial on the unit, and each thing before you close the box",
                          is_stated=False))  # fmt: skip
    return tuple(items)


def _stake(claim: Claim, reading: ClaimReading) -> str:
    if claim.service is not Service.EXPRESS_PREMIUM:
        return "No deposit is held with this service. DJI may still send a wrong unit back."
    amount = amount_text(claim.deposit) if claim.deposit else "The deposit (its amount is not noted yet)"
    if any(each.step is Step.DEPOSIT_CHARGED for each in claim.steps):
        return f"{amount} was charged."
    if reading.returned.deposit_at_risk:
        return f"{amount} is at stake until DJI has received the right unit, or has released it."
    return f"{amount} is not at stake now."


def _open(says: str) -> Point:
    return Point(name="Serial", standing=Standing.OPEN, says=says)


def _wrong(says: str) -> Point:
    return Point(name="Serial", standing=Standing.WRONG, says=says)
