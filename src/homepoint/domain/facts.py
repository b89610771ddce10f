"""The facts an owner records. They are stored as they are; whatever can be computed from them never is.

A field that is `None` is not known. `extra` keeps what a newer program wrote and this one does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from homepoint.domain.values import (
    AccountId,
    AttachmentId,
    BindingId,
    ClaimId,
    ControllerId,
    DeviceId,
    EditionId,
    IncidentId,
    Money,
    NoticeId,
    PlanId,
    Region,
)

Extra = Mapping[str, object]
NOTHING_EXTRA: Extra = MappingProxyType({})


def nothing_extra() -> Extra:
    """Return the one empty mapping of unknown keys."""
    return NOTHING_EXTRA


class Category(StrEnum):
    AIRCRAFT = "aircraft"
    HANDHELD = "handheld"
    GIMBAL_CAMERA = "gimbal-camera"
    ENTERPRISE_AIRCRAFT = "enterprise-aircraft"


class Channel(StrEnum):
    DJI_STORE = "dji-store"
    DJI_STORE_BUNDLE = "dji-store-bundle"
    AUTHORIZED_DEALER = "authorized-dealer"
    OTHER = "other"
    SECOND_HAND = "second-hand"


class Condition(StrEnum):
    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"


class DeviceStatus(StrEnum):
    IN_USE = "in-use"
    LOST = "lost"
    REPLACED = "replaced"
    SOLD = "sold"
    RETIRED = "retired"


class BoundTo(StrEnum):
    ACCOUNT = "account"
    CONTROLLER = "controller"


class PlanProduct(StrEnum):
    ONE_YEAR = "care-refresh-1y"
    TWO_YEARS = "care-refresh-2y"
    PLUS = "care-refresh-plus"


class NoticeKind(StrEnum):
    VIDEO = "video"
    SEND_IN = "send-in"


class NoticeResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"


class IncidentKind(StrEnum):
    COLLISION = "collision"
    WATER = "water"
    WEAR = "wear"
    MALFUNCTION = "malfunction"
    ARRIVED_FAULTY = "arrived-faulty"
    FLYAWAY = "flyaway"
    LOST = "lost"
    STOLEN = "stolen"
    DELIBERATE = "deliberate"
    UNSUITABLE_CONDITIONS = "unsuitable-conditions"
    THIRD_PARTY_PART = "third-party-part"
    RETURN = "return"


class Wish(StrEnum):
    INSPECTION = "inspection"
    QUOTE_FIRST = "quote-first"
    SPEED = "speed"
    REFUND = "refund"


class Part(StrEnum):
    AIRCRAFT = "aircraft"
    GIMBAL = "gimbal"
    CAMERA = "camera"
    BATTERY = "battery"
    PROPELLERS = "propellers"
    REMOTE_CONTROLLER = "remote-controller"
    HANDHELD = "handheld"
    ACCESSORY = "accessory"


class Service(StrEnum):
    EXPRESS_BASIC = "express-basic"
    EXPRESS_PREMIUM = "express-premium"
    REPLACEMENT = "replacement"
    REPAIR_WARRANTY = "repair-warranty"
    REPAIR_PAID = "repair-paid"
    REPAIR_DISCOUNT = "repair-discount"
    FLYAWAY_REPORT = "flyaway-report"
    MAINTENANCE = "maintenance"
    REFUND = "refund"


class Step(StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LABEL_RECEIVED = "label-received"
    SENT = "sent"
    RECEIVED_BY_DJI = "received-by-dji"
    INSPECTED = "inspected"
    QUOTED = "quoted"
    FEE_PAID = "fee-paid"
    DEPOSIT_HELD = "deposit-held"
    DEPOSIT_RELEASED = "deposit-released"
    DEPOSIT_CHARGED = "deposit-charged"
    REPLACEMENT_SENT = "replacement-sent"
    REPAIRED = "repaired"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A DJI account, known by a label; Homepoint never holds its password."""

    id: AccountId
    label: str
    email: str | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """A remote controller, known by its own serial."""

    id: ControllerId
    serial: str | None = None
    model: str | None = None
    label: str | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A registered product: an aircraft or a handheld. `succeeds` names the unit it replaced."""

    id: DeviceId
    model: str
    category: Category | None = None
    serial: str | None = None
    nickname: str | None = None
    region: Region | None = None
    channel: Channel | None = None
    condition: Condition | None = None
    purchased_on: date | None = None
    received_on: date | None = None
    shipped_at: datetime | None = None
    activated_at: datetime | None = None
    price: Money | None = None
    proof_of_purchase: bool | None = None
    status: DeviceStatus = DeviceStatus.IN_USE
    succeeds: DeviceId | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The interval during which a device was bound to an account or to a controller.

    `target` is an `AccountId` or a `ControllerId`, as `to` says.
    """

    id: BindingId
    device: DeviceId
    to: BoundTo
    target: str
    bound_at: datetime | None = None
    unbound_at: datetime | None = None
    checked_at: tuple[datetime, ...] = ()
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A care plan on one device. `ends_on` and the counts are what the owner's service agreement says, if given.

    Of an activation code only a hint is a fact (see `activation_codes`); the code is a secret and kept as one.
    """

    id: PlanId
    device: DeviceId
    product: PlanProduct
    region: Region | None = None
    purchased_at: datetime | None = None
    bound_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    replacements: int | None = None
    flyaways: int | None = None
    edition: EditionId | None = None
    activation_code_hint: str | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseNotice:
    """A verification by video or send-in that may reopen the first purchase; `result` is None while pending."""

    id: NoticeId
    device: DeviceId
    kind: NoticeKind
    submitted_at: datetime | None = None
    result: NoticeResult | None = None
    notice_at: datetime | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place on earth: degrees (WGS 84, north and east positive) and metres."""

    lat: float
    lon: float
    altitude_m: float | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What happened to a device: when, where, what kind, and what the owner wants."""

    id: IncidentId
    device: DeviceId
    at: datetime | None = None
    kind: IncidentKind | None = None
    retrievable: bool | None = None
    account: AccountId | None = None
    controller: ControllerId | None = None
    service_region: Region | None = None
    wants: tuple[Wish, ...] = ()
    parts: tuple[Part, ...] = ()
    position: Position | None = None
    description: str | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStep:
    """One event in the life of a claim."""

    step: Step
    at: datetime
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """An amount that was paid or asked for in a claim."""

    amount: Money
    label: str | None = None
    paid_at: datetime | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedUnit:
    """What was put in the box that went back to DJI."""

    serial: str | None = None
    battery: bool | None = None
    genuine: bool | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request to DJI because of an incident: the service chosen, its steps, fees and outcome."""

    id: ClaimId
    incident: IncidentId | None = None
    device: DeviceId
    plan: PlanId | None = None
    service: Service | None = None
    steps: tuple[ClaimStep, ...] = ()
    battery_registered: bool | None = None
    returned: ReturnedUnit | None = None
    deposit: Money | None = None
    fees: tuple[Fee, ...] = ()
    new_serial: str | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file kept as evidence; `of` is the id of an incident, a claim, a device or a plan."""

    id: AttachmentId
    of: str
    name: str
    media_type: str | None = None
    sha256: str | None = None
    size: int | None = None
    extra: Extra = field(default_factory=nothing_extra, hash=False)


Fact = Account | Controller | Device | Binding | Plan | PurchaseNotice | Incident | Claim | Attachment
FACT_KINDS: Mapping[str, type[Fact]] = MappingProxyType(
    {
        "accounts": Account,
        "controllers": Controller,
        "devices": Device,
        "bindings": Binding,
        "plans": Plan,
        "purchase_notices": PurchaseNotice,
        "incidents": Incident,
        "claims": Claim,
        "attachments": Attachment,
    }
)
"""Every kind of fact under the name it bears in the owner file, in its order."""


def kind_of(fact: Fact) -> str:
    """Return the owner file's name for a fact's kind, such as "devices"."""
    return _NAMES[type(fact)]


_NAMES: Mapping[type[Fact], str] = {kind: name for name, kind in FACT_KINDS.items()}
