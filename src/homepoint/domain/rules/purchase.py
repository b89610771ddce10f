"""May a first plan be bought for this device now, how, and until when?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homepoint.domain.assessment import Purchase, PurchasePath, PurchaseVerdict
from homepoint.domain.facts import Category, Channel, Condition, Device, DeviceStatus, NoticeResult
from homepoint.domain.reasons import Reason
from homepoint.domain.rules.plans import PlanSpan
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import FirstPurchaseWindow, Terms
from homepoint.domain.values import ClauseId, Region, day_of, end_of

_DEALERS_OF_REFURBISHED = frozenset({Channel.DJI_STORE, Channel.DJI_STORE_BUNDLE, Channel.AUTHORIZED_DEALER})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindow:
    """A window to buy: its end as shown (`until`) and as computed with (`ends_at`, no longer inside)."""

    until: datetime | date
    ends_at: datetime
    because: tuple[ClauseId, ...]


def purchase(
    facts: DeviceFacts, category: Category | None, spans: tuple[PlanSpan, ...], terms: Terms, at: datetime
) -> Purchase:
    """Say whether a first plan may be bought at this instant.

    One of three is enough: brand new and not activated, or within the window after activation, or within the hours
    after a verification was passed. A device has one first plan in its life.
    """
    return (
        _never(facts, category, spans, terms)
        or _after_notice(facts, terms, at)
        or _by_activation(facts, category, terms, at)
    )


def first_purchase_window(facts: DeviceFacts, category: Category | None, terms: Terms) -> OpenWindow | None:
    """Return the window that activation opened, or None where activation, region or category is not known."""
    device = facts.device
    if device.activated_at is None or category is None:
        return None
    window = _window_at(device.activated_at, device.region, category, facts, terms)
    if window is None:
        return None
    if window.span.hours is not None:
        ends_at = device.activated_at + timedelta(hours=window.span.hours)
        return OpenWindow(until=ends_at, ends_at=ends_at, because=window.because)
    last = day_of(device.activated_at, facts.zone) + timedelta(days=window.span.days or 0)
    return OpenWindow(until=last, ends_at=end_of(last, facts.zone), because=window.because)


def notice_window(facts: DeviceFacts, terms: Terms, at: datetime) -> OpenWindow | None:
    """Return the window that the latest passed verification opened, or None."""
    passed = [
        notice.notice_at
        for notice in facts.notices
        if notice.result is NoticeResult.PASSED and notice.notice_at is not None and notice.notice_at <= at
    ]
    if not passed:
        return None
    hours = terms.edition_on(day_of(max(passed), facts.zone)).notice_hours
    ends_at = max(passed) + timedelta(hours=hours.value)
    return OpenWindow(until=ends_at, ends_at=ends_at, because=hours.because)


def _never(facts: DeviceFacts, category: Category | None, spans: tuple[PlanSpan, ...], terms: Terms) -> Purchase | None:
    """Return the verdict where no first plan can be bought at all, or None."""
    device = facts.device
    if facts.successor is not None or device.status is not DeviceStatus.IN_USE:
        why = Reason.CARE_MOVED if facts.successor is not None else Reason.PURCHASE_NOT_OWNED
        return Purchase(verdict=PurchaseVerdict.CLOSED, because=terms.because(why))
    if spans:
        return Purchase(verdict=PurchaseVerdict.CLOSED, because=terms.because(Reason.PURCHASE_HAD_A_PLAN))
    if device.region is not None and device.region not in terms.care_regions.value:
        return Purchase(verdict=PurchaseVerdict.UNAVAILABLE, because=terms.because(Reason.PURCHASE_REGION))
    if category is Category.ENTERPRISE_AIRCRAFT:
        return Purchase(verdict=PurchaseVerdict.UNAVAILABLE, because=terms.because(Reason.PURCHASE_OTHER_LINE))
    if _refurbished_elsewhere(device):
        return Purchase(verdict=PurchaseVerdict.CLOSED, because=terms.because(Reason.PURCHASE_REFURBISHED))
    return None


def _refurbished_elsewhere(device: Device) -> bool:
    """Refurbished devices can get a plan when the DJI Store or an authorized dealer sold them."""
    known = device.condition is Condition.REFURBISHED and device.channel is not None
    return known and device.channel not in _DEALERS_OF_REFURBISHED


def _after_notice(facts: DeviceFacts, terms: Terms, at: datetime) -> Purchase | None:
    window = notice_window(facts, terms, at)
    if window is None or at >= window.ends_at:
        return None
    return _direct(window.until, window.because)


def _by_activation(facts: DeviceFacts, category: Category | None, terms: Terms, at: datetime) -> Purchase:
    device = facts.device
    if device.activated_at is None and not_activated(facts):
        return _missing_region(device, terms) or _direct(None, terms.because(Reason.PURCHASE_NOT_ACTIVATED))
    unknown = _unknown(device, category)
    if unknown:
        why = terms.because(Reason.PURCHASE_UNKNOWN)
        return Purchase(verdict=PurchaseVerdict.UNDECIDED, unknown=unknown, because=why)
    window = first_purchase_window(facts, category, terms)
    if window is not None and at < window.ends_at:
        return _direct(window.until, window.because)
    return Purchase(
        verdict=PurchaseVerdict.VERIFY,
        paths=(PurchasePath.VIDEO, PurchasePath.SEND_IN),
        because=(*terms.because(Reason.PURCHASE_VERIFY), *(window.because if window else ())),
    )


def not_activated(facts: DeviceFacts) -> bool:
    """Say whether an unknown activation means "not activated yet": new, and nothing ever happened with it."""
    if facts.device.activated_at is not None or facts.device.condition is not Condition.NEW:
        return False
    return not any(unit.plans or unit.bindings or unit.incidents for unit in facts.lineage())


def _unknown(device: Device, category: Category | None) -> tuple[str, ...]:
    missing = {
        "activated_at": device.activated_at is None,
        "region": device.region is None,
        "category": category is None,
    }
    return tuple(name for name, is_missing in missing.items() if is_missing)


def _missing_region(device: Device, terms: Terms) -> Purchase | None:
    if device.region is not None:
        return None
    why = terms.because(Reason.PURCHASE_REGION)
    return Purchase(verdict=PurchaseVerdict.UNDECIDED, unknown=("region",), because=why)


def _direct(until: datetime | date | None, because: tuple[ClauseId, ...]) -> Purchase:
    return Purchase(verdict=PurchaseVerdict.OPEN, until=until, paths=(PurchasePath.DIRECT,), because=because)


def _window_at(
    activated_at: datetime, region: Region | None, category: Category, facts: DeviceFacts, terms: Terms
) -> FirstPurchaseWindow | None:
    """Return the window in force in the device's region on the day of activation; a regional one goes first."""
    day = day_of(activated_at, facts.zone)
    for window in terms.purchase_windows:
        fits = category in window.categories and (window.regions is None or region in window.regions)
        began = window.since is None or window.since <= day
        if fits and began and (window.until is None or day <= window.until):
            return window
    return None
