"""What a pile of files holds: aircraft, controllers, flights, other files, and what was left out or not read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from homepoint.application.flight_facts import FlightFacts
from homepoint.domain.facts import Category, Device
from homepoint.domain.intake_values import BoxCodes
from homepoint.domain.values import Money

CUT_AT = 16
"""Apps write the serials of current aircraft so short; the label has all of its characters."""

MISSING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """One file as it was read: what is in it (`value`, a plain value), or what is in the way (`problem`, `advice`).

    `is_separate`: an owner file or a fleet table, which has its own preview. `sha256` is known once it is kept.
    `codes` are those on a photo; `note` says why a file that is kept all the same proposes nothing.
    """

    name: str
    kind: str = ""
    value: object = None
    points: int = 0
    sha256: str | None = None
    size: int | None = None
    media_type: str | None = None
    problem: str = ""
    advice: str = ""
    is_separate: bool = False
    path: str = ""
    codes: BoxCodes | None = None
    note: str = ""


class SkipReason(StrEnum):
    """Why a file that can be read adds nothing."""

    SAME_FILE = "same file"
    SAME_FLIGHT = "same flight"
    KEPT_BEFORE = "kept before"
    FLIGHT_KEPT_BEFORE = "flight kept before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that is left out, and the one that has the same in it already."""

    file: FoundFile
    why: SkipReason
    same_as: str


class CautionKind(StrEnum):
    """What is worth a look at the binding in DJI's app. None of it proves or disproves a binding."""

    CONTROLLER_NOT_BOUND = "controller not the bound one"
    OTHER_CONTROLLER = "another controller than before"
    OTHER_ACCOUNT = "another account than before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A flight that does not go with what is recorded, or with the flight before it."""

    kind: CautionKind
    at: datetime
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFlight:
    """A flight record that can be kept, and its flight."""

    file: FoundFile
    flight: FlightFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice:
    """An aircraft that flight records name. `key` is its serial as found; `registered` the owner's device, if any.

    `completes` is the whole serial where only its beginning is recorded. `clashes` are devices that all fit.
    """

    key: str
    is_cut: bool
    model: str
    name: str
    category: Category | None
    registered: Device | None
    completes: str | None
    clashes: tuple[Device, ...]
    flights: tuple[FoundFlight, ...]
    cautions: tuple[Caution, ...]

    @property
    def first_flight_at(self) -> datetime | None:
        """The earliest flight in the pile."""
        return min((each.flight.started_at for each in self.flights if each.flight.started_at), default=None)

    @property
    def activated_at(self) -> datetime | None:
        """When the records say that it was activated; a hint."""
        return next((each.flight.activated_at for each in self.flights if each.flight.activated_at), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundController:
    """A controller that flew, and whether the owner's records have it."""

    serial: str
    is_registered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOther:
    """Another file worth keeping. `device` is the key of the found device, or the id of a device, it belongs to."""

    file: FoundFile
    device: str | None


class Take(StrEnum):
    """What becomes of a value from a box, an invoice or a photo, once it is ticked."""

    REGISTER = "register"
    FILL = "fill in a serial"
    CONTROLLER = "controller"
    MODEL = "model"
    PURCHASED_ON = "purchase date"
    ORDER_NUMBER = "order number"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One value that may be right, and the line it stands on. `device` is the one a serial would be filled in of."""

    key: str
    take: Take
    value: str | date | Money
    line: str
    page: int | None = None
    models: tuple[str, ...] = ()
    category: Category | None = None
    device: Device | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a file, or several that say the same, propose. `owner` is the device it belongs to, as in `FoundOther`."""

    key: str
    owner: str | None
    files: tuple[FoundFile, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that a pile of files holds, held against the owner's records."""

    devices: tuple[FoundDevice, ...] = ()
    controllers: tuple[FoundController, ...] = ()
    others: tuple[FoundOther, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unread: tuple[FoundFile, ...] = ()
    separate: tuple[FoundFile, ...] = ()
    papers: tuple[Paper, ...] = ()

    @property
    def adds_by_itself(self) -> bool:
        """Say whether anything could be added without asking where a file belongs."""
        is_new = any(each.flights or each.completes for each in self.devices)
        return is_new or any(each.device for each in self.others)

    @property
    def is_worth_asking(self) -> bool:
        """Say whether anything could be added."""
        return self.adds_by_itself or bool(self.others)
