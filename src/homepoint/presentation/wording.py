"""What verdicts, deadlines, states and times are called, in calm plain English: every common word in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from homepoint.domain.assessment import CareState, DeadlineKind, Gap, WarrantyBasis
from homepoint.domain.facts import Category, Channel, Condition, DeviceStatus, PlanProduct, Service
from homepoint.domain.values import Region
from homepoint.presentation.region_names import REGION_NAMES

W = TypeVar("W", bound=StrEnum)

TODAY_HOURS, SOON_DAYS = 24, 14
"""Until when a deadline is "Today" and "Soon": Homepoint's own choice of when to look at it, not one of the terms."""

_MONTHS = ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December")  # fmt: skip


def _words(words: Mapping[W, str]) -> Mapping[W, str]:
    return MappingProxyType(dict(words))


PRODUCT_NAMES: Mapping[PlanProduct, str] = _words(
    {
        PlanProduct.ONE_YEAR: "Care Refresh 1-Year",
        PlanProduct.TWO_YEARS: "Care Refresh 2-Year",
        PlanProduct.PLUS: "Care Refresh +",
    }
)

DEADLINE_NAMES: Mapping[DeadlineKind, str] = _words(
    {
        DeadlineKind.FIRST_PURCHASE: "Buy a care plan",
        DeadlineKind.NOTICE_PURCHASE: "Buy a care plan after the check",
        DeadlineKind.DEFECT_REPLACEMENT: "Report a defect for replacement",
        DeadlineKind.PLAN_END: "Care plan ends",
        DeadlineKind.RENEWAL: "Renew the care plan",
        DeadlineKind.WARRANTY_END: "Warranty ends",
        DeadlineKind.SHIP_OLD_UNIT: "Hand the old unit to the carrier",
        DeadlineKind.RETURN_EARLY: "Return the old unit, first limit",
        DeadlineKind.RETURN_LAST: "Return the old unit, last limit",
    }
)

_PASSED_NAMES: Mapping[DeadlineKind, str] = _words(
    {
        DeadlineKind.FIRST_PURCHASE: "The time to buy a plan is over",
        DeadlineKind.NOTICE_PURCHASE: "The time to buy after the check is over",
        DeadlineKind.DEFECT_REPLACEMENT: "The time for a replacement is over",
        DeadlineKind.PLAN_END: "The care plan has ended",
        DeadlineKind.RENEWAL: "The time to renew is over",
        DeadlineKind.WARRANTY_END: "The warranty has ended",
    }
)

_SHORT_NAMES: Mapping[DeadlineKind, str] = _words(
    {
        DeadlineKind.FIRST_PURCHASE: "Buy plan",
        DeadlineKind.NOTICE_PURCHASE: "Buy plan",
        DeadlineKind.DEFECT_REPLACEMENT: "Report defect",
        DeadlineKind.PLAN_END: "Plan ends",
        DeadlineKind.RENEWAL: "Renew plan",
        DeadlineKind.WARRANTY_END: "Warranty ends",
        DeadlineKind.SHIP_OLD_UNIT: "Send old unit",
        DeadlineKind.RETURN_EARLY: "Return unit",
        DeadlineKind.RETURN_LAST: "Return unit",
    }
)

_LOSSES: Mapping[DeadlineKind, str] = _words(
    {
        DeadlineKind.FIRST_PURCHASE: "After this, a plan can only be bought once DJI has checked the device.",
        DeadlineKind.NOTICE_PURCHASE: "After this, the passed check no longer counts and has to be made again.",
        DeadlineKind.DEFECT_REPLACEMENT: "After this, a device that came faulty is repaired instead of replaced.",
        DeadlineKind.PLAN_END: "After this, {plan} no longer replaces or covers the device, and unused uses lapse.",
        DeadlineKind.RENEWAL: "After this, {plan} can no longer be renewed and cover stays ended.",
        DeadlineKind.WARRANTY_END: "After this, a defect is repaired at your own cost.",
        DeadlineKind.SHIP_OLD_UNIT: "Send it by then, so that it arrives in time and the deposit is given back.",
        DeadlineKind.RETURN_EARLY: "After this, the old unit is late and the deposit may be at risk.",
        DeadlineKind.RETURN_LAST: "After this, the deposit may be kept.",
    }
)

_LOST: Mapping[DeadlineKind, str] = _words(
    {
        DeadlineKind.FIRST_PURCHASE: "A plan can now only be bought once DJI has checked the device.",
        DeadlineKind.NOTICE_PURCHASE: "The passed check no longer counts; it has to be made again.",
        DeadlineKind.DEFECT_REPLACEMENT: "A device that came faulty is now repaired instead of replaced.",
        DeadlineKind.PLAN_END: "{plan} no longer replaces or covers the device; unused uses have lapsed.",
        DeadlineKind.RENEWAL: "{plan} can no longer be renewed.",
        DeadlineKind.WARRANTY_END: "A defect is now repaired at your own cost.",
        DeadlineKind.SHIP_OLD_UNIT: "Send the old unit now; the deposit is given back once it has arrived and passed.",
        DeadlineKind.RETURN_EARLY: "The old unit is late. Send it now; the deposit may be at risk.",
        DeadlineKind.RETURN_LAST: "The deposit may be kept. Send the old unit now and speak to DJI.",
    }
)


def deadline_name(kind: DeadlineKind, *, passed: bool = False) -> str:
    """Return what a deadline is about, or what has come of it once it has passed."""
    return _PASSED_NAMES.get(kind, DEADLINE_NAMES[kind]) if passed else DEADLINE_NAMES[kind]


def short_deadline_name(kind: DeadlineKind) -> str:
    """Return what a deadline is about in two words, for columns."""
    return _SHORT_NAMES[kind]


def loss_of(kind: DeadlineKind, product: PlanProduct | None = None) -> str:
    """Say what the owner loses when a deadline passes; `product` is the plan it is about, if there is one."""
    return _LOSSES[kind].format(plan=PRODUCT_NAMES[product] if product else "the care plan")


def lost_by(kind: DeadlineKind, product: PlanProduct | None = None) -> str:
    """Say what is so now that a deadline has passed; `product` as for `loss_of`."""
    return _LOST[kind].format(plan=PRODUCT_NAMES[product] if product else "The care plan")


# -- times ------------------------------------------------------------------------------------------------------------


class Urgency(StrEnum):
    """How near a deadline is."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


_URGENCIES = {
    Urgency.OVERDUE: "Overdue",
    Urgency.TODAY: "Today",
    Urgency.SOON: "Soon",
    Urgency.LATER: "Later",
}


def urgency_of(ends_at: datetime, now: datetime) -> Urgency:
    """Say how near the end of a window is; `now` is in the owner's time zone, in which days begin and end."""
    if now >= ends_at:
        return Urgency.OVERDUE
    if ends_at - now <= timedelta(hours=TODAY_HOURS) or last_open_day(ends_at, now) == now.date():
        return Urgency.TODAY
    return Urgency.SOON if (last_open_day(ends_at, now) - now.date()).days <= SOON_DAYS else Urgency.LATER


def urgency_word(urgency: Urgency) -> str:
    """Return the word beside the colour."""
    return _URGENCIES[urgency]


def day_text(day: date) -> str:
    """Return a day in full: "16 June 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day_text(day: date) -> str:
    """Return a day for columns: "16 Jun 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def moment_text(at: datetime, zone: tzinfo) -> str:
    """Return an instant by the owner's clock, to the minute: "12 Mar 2025, 11:00"."""
    local = at.astimezone(zone)
    return f"{short_day_text(local.date())}, {local:%H:%M}"


def until_text(target: datetime | date, now: datetime) -> str:
    """Return the end of a window: "until the end of 16 June" for a day, "until 12 Mar, 11:00" for an instant.

    The year is named where it is not this one. `now` is in the owner's time zone.
    """
    if isinstance(target, datetime):
        return f"until {when_text(target, now)}"
    return f"until the end of {_day_beside(target, now.date(), short=False)}"


def when_text(target: datetime | date, now: datetime) -> str:
    """Return a day or an instant in short, for columns: "28 Nov", "12 Mar 2027", "04:30 tomorrow".

    The year is named where it is not this one. `now` is in the owner's time zone.
    """
    if not isinstance(target, datetime):
        return _day_beside(target, now.date(), short=True)
    local = target.astimezone(now.tzinfo)
    day = _day_beside(local.date(), now.date(), short=True)
    return f"{local:%H:%M} {day}" if day.startswith("to") else f"{day}, {local:%H:%M}"


def countdown_text(target: datetime | date, now: datetime) -> str:
    """Return the time left: "2 d 4 h 12 m left", in the last hour "42 m 07 s left", for a day "12 days left".

    What is over reads "3 days ago". `now` is in the owner's time zone.
    """
    if not isinstance(target, datetime):
        return _days_text((target - now.date()).days)
    left = target - now
    if left <= timedelta(0):
        return _ago_text(-left)
    minutes, seconds = divmod(int(left.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h {minutes} m left"
    return f"{hours} h {minutes} m left" if hours else f"{minutes} m {seconds:02} s left"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: "1 device", "1,204 devices"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _days_text(days: int) -> str:
    if days == 0:
        return "last day"
    if days > 0:
        return f"{counted(days, 'day')} left"
    return "yesterday" if days == -1 else f"{-days:,} days ago"


def _ago_text(gone: timedelta) -> str:
    if gone.days:
        return f"{counted(gone.days, 'day')} ago"
    hours = int(gone.total_seconds()) // 3600
    if hours:
        return f"{counted(hours, 'hour')} ago"
    minutes = int(gone.total_seconds()) // 60
    return f"{counted(minutes, 'minute')} ago" if minutes else "just now"


def _day_beside(day: date, today: date, *, short: bool) -> str:
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    text = short_day_text(day) if short else day_text(day)
    return text.removesuffix(f" {day.year}") if day.year == today.year else text


def last_open_day(ends_at: datetime, now: datetime) -> date:
    """Return the last day on which a window is open: one that ends at midnight ends with the day before.

    `now` is in the owner's time zone.
    """
    return (ends_at.astimezone(now.tzinfo) - timedelta(microseconds=1)).date()


# -- what to do -------------------------------------------------------------------------------------------------------


class Section(StrEnum):
    """The parts of the device page that an act can lead to."""

    COVER = "cover"
    BINDINGS = "bindings"
    PLANS = "plans"
    WARRANTY = "warranty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a button does: open an official page (a `step` of the links), a page, or a section of a device's page."""

    text: str
    section: Section
    step: str | None = None
    page: str | None = None


_ACTS = {
    DeadlineKind.FIRST_PURCHASE: Act(text="Buy a plan", step="purchase", section=Section.PLANS),
    DeadlineKind.NOTICE_PURCHASE: Act(text="Buy a plan", step="purchase", section=Section.PLANS),
    DeadlineKind.DEFECT_REPLACEMENT: Act(text="Ask DJI Support", step="support_home", section=Section.COVER),
    DeadlineKind.PLAN_END: Act(text="See the plan", section=Section.PLANS),
    DeadlineKind.RENEWAL: Act(text="Renew the plan", step="purchase", section=Section.PLANS),
    DeadlineKind.WARRANTY_END: Act(text="See the warranty", section=Section.WARRANTY),
    DeadlineKind.SHIP_OLD_UNIT: Act(text="See the claim", page="claims", section=Section.COVER),
    DeadlineKind.RETURN_EARLY: Act(text="See the claim", page="claims", section=Section.COVER),
    DeadlineKind.RETURN_LAST: Act(text="See the claim", page="claims", section=Section.COVER),
}
_ACTS_AFTERWARDS = {
    DeadlineKind.FIRST_PURCHASE: Act(text="Send in a video", step="video_verification", section=Section.PLANS),
    DeadlineKind.NOTICE_PURCHASE: Act(text="Send in a video", step="video_verification", section=Section.PLANS),
    DeadlineKind.DEFECT_REPLACEMENT: Act(text="See what is covered", section=Section.COVER),
    DeadlineKind.RENEWAL: Act(text="See the plan", section=Section.PLANS),
}


def act_for(kind: DeadlineKind, *, passed: bool = False) -> Act:
    """Return what to do about a deadline, or once it has passed."""
    return _ACTS_AFTERWARDS.get(kind, _ACTS[kind]) if passed else _ACTS[kind]


# -- flyaway gaps -----------------------------------------------------------------------------------------------------

_GAPS = {
    Gap.NOT_AN_AIRCRAFT: ("not an aircraft", "Only an aircraft can fly away.", "Nothing is needed."),
    Gap.PLAN: ("no care plan", "There is no care plan.", "Buy a care plan while its window is open."),
    Gap.PLAN_NOT_STARTED: ("plan not started", "The care plan has not started yet.", "Wait for its first day."),
    Gap.REPLACEMENTS: ("no replacement left", "No replacement is left on the plan.", "Renew the plan, if it can be."),
    Gap.FLYAWAY_QUOTA: (
        "no flyaway left",
        "No flyaway is known to be left on the plan.",
        "Look at DJI's status page and enter what your service agreement says.",
    ),
    Gap.MODEL_SUPPORT: (
        "model not listed",
        "DJI's list of models with flyaway cover does not name this one.",
        "If your service agreement grants flyaways, enter their number with the plan.",
    ),
    Gap.ACCOUNT_BINDING: (
        "account not bound",
        "No DJI account is bound.",
        "Bind the aircraft to your DJI account in DJI's app, then record it here.",
    ),
    Gap.CONTROLLER_BINDING: (
        "controller not bound",
        "The controller is not bound.",
        "Bind the controller to the aircraft in DJI's app, then record it here.",
    ),
    Gap.CLAIMANT: (
        "another account is bound",
        "The account that asks is not the bound one.",
        "The owner of the bound account must report the loss.",
    ),
}


def gap_in_short(gap: Gap) -> str:
    """Return what is missing for flyaway cover in two or three words: "controller not bound"."""
    return _GAPS[gap][0]


def gap_sentence(gap: Gap) -> str:
    """Return what is missing for flyaway cover as a sentence."""
    return _GAPS[gap][1]


def gap_remedy(gap: Gap) -> str:
    """Return what closes a gap in flyaway cover, as a sentence."""
    return _GAPS[gap][2]


def flyaway_text(missing: tuple[Gap, ...]) -> str:
    """Return the flyaway readiness of an aircraft: "ready", or "not ready - controller not bound"."""
    if not missing:
        return "ready"
    if Gap.ACCOUNT_BINDING in missing and missing[0] is Gap.ACCOUNT_BINDING and Gap.CONTROLLER_BINDING in missing:
        return "not ready - account and controller not bound"
    return f"not ready - {gap_in_short(missing[0])}"


# -- names of values --------------------------------------------------------------------------------------------------

_NAMES: Mapping[type[StrEnum], Mapping[str, str]] = {
    CareState: {
        CareState.NONE: "No plan",
        CareState.NOT_STARTED: "Not started",
        CareState.ACTIVE: "Active",
        CareState.USED_UP: "Used up",
        CareState.EXPIRED: "Ended",
    },
    Category: {
        Category.AIRCRAFT: "Aircraft",
        Category.HANDHELD: "Handheld",
        Category.GIMBAL_CAMERA: "Gimbal camera",
        Category.ENTERPRISE_AIRCRAFT: "Enterprise aircraft",
    },
    Channel: {
        Channel.DJI_STORE: "DJI Store",
        Channel.DJI_STORE_BUNDLE: "DJI Store, together with a plan",
        Channel.AUTHORIZED_DEALER: "Authorised dealer",
        Channel.OTHER: "Another shop",
        Channel.SECOND_HAND: "Second hand",
    },
    Condition: {Condition.NEW: "New", Condition.REFURBISHED: "Refurbished", Condition.USED: "Used"},
    DeviceStatus: {
        DeviceStatus.IN_USE: "In use",
        DeviceStatus.LOST: "Lost",
        DeviceStatus.REPLACED: "Replaced",
        DeviceStatus.SOLD: "Sold",
        DeviceStatus.RETIRED: "Retired",
    },
    WarrantyBasis: {
        WarrantyBasis.CARE_PLAN: "Care plan",
        WarrantyBasis.STANDARD: "Manufacturer's warranty",
        WarrantyBasis.SAFE_USE_REWARD: "Safe-use reward",
        WarrantyBasis.CARE_PLUS: "Care Refresh +",
        WarrantyBasis.AFTER_SERVICE: "Warranty after a repair or replacement",
    },
    Service: {
        Service.EXPRESS_BASIC: "Express Basic",
        Service.EXPRESS_PREMIUM: "Express Premium",
        Service.REPLACEMENT: "Replacement for a defect",
        Service.REPAIR_WARRANTY: "Repair under warranty",
        Service.REPAIR_PAID: "Repair at your own cost",
        Service.REPAIR_DISCOUNT: "Repair at a discount",
        Service.FLYAWAY_REPORT: "Flyaway report",
        Service.MAINTENANCE: "Factory maintenance",
        Service.REFUND: "Refund",
    },
    PlanProduct: PRODUCT_NAMES,  # type: ignore[dict-item]  # its keys are str as well
}


def name_of(value: StrEnum) -> str:
    """Return what a category, channel, condition, status, care state, product, service or warranty basis is called."""
    return _NAMES[type(value)][value]


def region_name(region: Region | str | None) -> str:
    """Return a region by name; an unknown code stands for itself."""
    return "Not known" if region is None else REGION_NAMES.get(region, region)
