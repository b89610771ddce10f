"""What the rules say about one device at one instant: values only, each with the clauses it rests on."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from homepoint.domain.facts import Category, PlanProduct, Service, Step
from homepoint.domain.terms import Figure
from homepoint.domain.values import ClaimId, ClauseId, DeviceId, EditionId, IncidentId, PlanId, Region

Because = tuple[ClauseId, ...]
"""Clause ids, the most decisive first; never empty in a verdict."""


class SerialForm(StrEnum):
    CTA_2063_A = "cta-2063-a"
    DJI_14 = "dji-14"
    UNKNOWN = "unknown"


class SerialFault(StrEnum):
    LENGTH = "length"
    EXCLUDED_LETTER = "excluded-letter"
    CHARACTER = "character"
    LENGTH_CODE = "length-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialReading:
    """What a serial's characters tell. `text` is the serial as compared: upper case, without surrounding blanks.

    `factory_day` is a guess from the date characters (none where they tell nothing); `model_hint` the models its
    prefix was seen on.
    """

    text: str
    form: SerialForm
    faults: tuple[SerialFault, ...]
    model_hint: tuple[str, ...]
    factory_day: date | None


class CareState(StrEnum):
    NONE = "none"
    NOT_STARTED = "not-started"
    ACTIVE = "active"
    USED_UP = "used-up"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How often a benefit may be used, was used, and is left; None where no source states it."""

    allowed: int | None
    used: int
    left: int | None


NO_ALLOWANCE = Allowance(allowed=0, used=0, left=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The plan in force (or the latest that was, or the one to come) and what it still gives.

    `starts_on` and `ends_on` are the first and last covered day in the owner's time zone.
    """

    state: CareState
    plan: PlanId | None = None
    product: PlanProduct | None = None
    edition: EditionId | None = None
    region: Region | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    replacements: Allowance = NO_ALLOWANCE
    flyaways: Allowance = NO_ALLOWANCE
    repair_discounts: Allowance = NO_ALLOWANCE
    maintenance: Allowance = NO_ALLOWANCE
    because: Because


class WarrantyBasis(StrEnum):
    CARE_PLAN = "care-plan"
    STANDARD = "standard"
    SAFE_USE_REWARD = "safe-use-reward"
    CARE_PLUS = "care-plus"
    AFTER_SERVICE = "after-service"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantySpan:
    """One span of warranty, first to last covered day; `part` None means every covered part; days None: not known."""

    basis: WarrantyBasis
    part: str | None = None
    from_day: date | None = None
    until_day: date | None = None
    note: str | None = None
    because: Because


class PurchaseVerdict(StrEnum):
    OPEN = "open"
    VERIFY = "verify"
    CLOSED = "closed"
    UNAVAILABLE = "unavailable"
    UNDECIDED = "undecided"


class PurchasePath(StrEnum):
    DIRECT = "direct"
    VIDEO = "video"
    SEND_IN = "send-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Whether a first plan may be bought now. `until` is an instant for hour windows, the last open day for day ones.

    `unknown` names the facts that are missing (as owner file fields), for a question on the screen.
    """

    verdict: PurchaseVerdict
    until: datetime | date | None = None
    paths: tuple[PurchasePath, ...] = ()
    unknown: tuple[str, ...] = ()
    because: Because


class RenewalVerdict(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalReading:
    """Whether the plan may go on, with which product, and the last day to do it."""

    verdict: RenewalVerdict
    product: PlanProduct | None = None
    until: date | None = None
    because: Because


class Gap(StrEnum):
    """What stands between an aircraft and flyaway cover."""

    NOT_AN_AIRCRAFT = "not-an-aircraft"
    PLAN = "plan"
    PLAN_NOT_STARTED = "plan-not-started"
    REPLACEMENTS = "replacements"
    FLYAWAY_QUOTA = "flyaway-quota"
    MODEL_SUPPORT = "model-support"
    ACCOUNT_BINDING = "account-binding"
    CONTROLLER_BINDING = "controller-binding"
    CLAIMANT = "claimant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether a flyaway at this instant would be covered, and what is missing."""

    missing: tuple[Gap, ...]
    because: Because

    @property
    def ready(self) -> bool:
        """True when nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceArea:
    """Where DJI serves this device: `local` means only in the plan's own region."""

    local: bool
    regions: tuple[Region, ...]
    unknown: tuple[str, ...] = ()
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReading:
    """Whether a service may be asked for now; `open` None means undecided, because `unknown` is not known.

    `until` is the last instant or day it stays open, where it has one.
    """

    service: Service
    open: bool | None
    until: datetime | date | None = None
    unknown: tuple[str, ...] = ()
    because: Because


class DeadlineKind(StrEnum):
    FIRST_PURCHASE = "first-purchase"
    NOTICE_PURCHASE = "notice-purchase"
    DEFECT_REPLACEMENT = "defect-replacement"
    PLAN_END = "plan-end"
    RENEWAL = "renewal"
    WARRANTY_END = "warranty-end"
    SHIP_OLD_UNIT = "ship-old-unit"
    RETURN_EARLY = "return-early"
    RETURN_LAST = "return-last"


CLAIM_DEADLINES = (DeadlineKind.SHIP_OLD_UNIT, DeadlineKind.RETURN_EARLY, DeadlineKind.RETURN_LAST)
"""The deadlines of a claim: they run whatever became of its device."""


class DeadlineState(StrEnum):
    AHEAD = "ahead"
    DUE = "due"
    PASSED = "passed"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The end of a window; `at` is an instant for hour windows and the last open day for day windows.

    `ends_at` is the instant at which it is over, for sorting and countdowns. The loss is put into words by
    `presentation.wording`.
    """

    kind: DeadlineKind
    at: datetime | date
    ends_at: datetime
    state: DeadlineState
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything the rules say about one device at `at`, true until `holds_until` (None: until a fact changes)."""

    device: DeviceId
    at: datetime
    holds_until: datetime | None
    category: Category | None
    serial: SerialReading
    care: Care
    warranty: tuple[WarrantySpan, ...]
    purchase: Purchase
    renewal: RenewalReading
    flyaway: Readiness
    service_area: ServiceArea
    services: tuple[ServiceReading, ...]
    deadlines: tuple[Deadline, ...]


class Caution(StrEnum):
    """What an owner should know before choosing a route; `presentation.wording` says it in plain words."""

    NO_INSPECTION = "no-inspection"
    NO_WARRANTY_FOR_ACCIDENTS = "no-warranty-for-accidents"
    DEPOSIT = "deposit"
    LAST_REPLACEMENT = "last-replacement"
    CONTROLLER_NOT_COVERED = "controller-not-covered"
    PARTS_UNKNOWN = "parts-unknown"
    PART_NOT_COVERED = "part-not-covered"
    FEE_NOT_KNOWN = "fee-not-known"
    DO_NOT_UNBIND = "do-not-unbind"
    NO_TIME_LIMIT_FOUND = "no-time-limit-found"
    FEE_AFTER_INSPECTION = "fee-after-inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAfter:
    """What a plan still gives after a route was taken; None where no source states it."""

    replacements: int | None
    flyaways: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One service as a way out of an incident.

    `open` None means undecided, because `unknown` is not known. `rank` counts the open ones from 1, the advised one;
    `use` is the how-manieth use of the plan it would be; `fee` a published figure for it, if one was found.
    """

    service: Service
    open: bool | None
    rank: int | None = None
    use: int | None = None
    fee: Figure | None = None
    deposit: bool = False
    left_after: LeftAfter | None = None
    warnings: tuple[Caution, ...] = ()
    unknown: tuple[str, ...] = ()
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReading:
    """What the rules say about one incident, judged at its own instant and place."""

    incident: IncidentId
    judged_at: datetime
    care: Care
    readiness: Readiness
    routes: tuple[Route, ...]


class Whose(StrEnum):
    OWNER = "owner"
    DJI = "dji"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReading:
    """Whether what went back to DJI is what it must be; None where that is not known yet."""

    serial_matches: bool | None
    battery_ok: bool | None
    genuine: bool | None
    deposit_at_risk: bool
    because: Because


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimReading:
    """Where a claim stands: its latest step (None: a draft), the next one and whose it is, and what is at stake."""

    claim: ClaimId
    state: Step | None
    next: Step | None
    whose: Whose | None
    returned: ReturnReading
    deadlines: tuple[Deadline, ...]
