"""What can the owner ask DJI for today, service by service?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from homepoint.domain.assessment import (
    Allowance,
    Care,
    CareState,
    Readiness,
    ServiceReading,
    WarrantySpan,
)
from homepoint.domain.facts import Channel, DeviceStatus, Service
from homepoint.domain.reasons import Reason
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import day_of, end_of

_DJI_STORE = frozenset({Channel.DJI_STORE, Channel.DJI_STORE_BUNDLE})


def services(
    facts: DeviceFacts,
    care: Care,
    warranties: tuple[WarrantySpan, ...],
    readiness: Readiness,
    terms: Terms,
    at: datetime,
) -> tuple[ServiceReading, ...]:
    """Say for every service whether it is open at this instant, and why."""
    if facts.successor is not None or facts.device.status in (DeviceStatus.REPLACED, DeviceStatus.SOLD):
        because = terms.because(Reason.CARE_MOVED if facts.successor else Reason.SERVICE_NOT_IN_USE)
        return tuple(ServiceReading(service=each, open=False, because=because) for each in Service)
    return tuple(_readings(facts, care, warranties, readiness, terms, at))


def _readings(
    facts: DeviceFacts,
    care: Care,
    warranties: tuple[WarrantySpan, ...],
    readiness: Readiness,
    terms: Terms,
    at: datetime,
) -> Iterator[ServiceReading]:
    basic = _express(care, terms)
    yield basic
    yield _premium(basic, facts, care, terms)
    yield _defect_replacement(facts, terms, at)
    yield _warranty_repair(facts, warranties, terms, at)
    yield ServiceReading(service=Service.REPAIR_PAID, open=True, because=terms.because(Reason.SERVICE_REPAIR))
    yield _benefit(
        Service.REPAIR_DISCOUNT,
        care,
        care.repair_discounts,
        (Reason.SERVICE_DISCOUNT, Reason.SERVICE_NOT_ON_DISCOUNT_LIST),
        terms,
    )
    yield ServiceReading(
        service=Service.FLYAWAY_REPORT,
        open=readiness.ready,
        until=care.ends_on if readiness.ready else None,
        because=readiness.because,
    )
    yield _benefit(
        Service.MAINTENANCE,
        care,
        care.maintenance,
        (Reason.SERVICE_MAINTENANCE, Reason.SERVICE_NOT_ON_MAINTENANCE_LIST),
        terms,
    )
    yield _refund(facts, terms)


def _express(care: Care, terms: Terms) -> ServiceReading:
    """Express wants a plan within its dates and a replacement left."""
    hindrances = {
        CareState.NONE: Reason.SERVICE_NO_PLAN,
        CareState.NOT_STARTED: Reason.SERVICE_OUTSIDE_DATES,
        CareState.EXPIRED: Reason.SERVICE_OUTSIDE_DATES,
        CareState.USED_UP: Reason.SERVICE_NO_REPLACEMENT_LEFT,
    }
    is_open = care.state is CareState.ACTIVE
    return ServiceReading(
        service=Service.EXPRESS_BASIC,
        open=is_open,
        until=care.ends_on if is_open else None,
        because=terms.because(hindrances.get(care.state, Reason.SERVICE_EXPRESS)),
    )


def _premium(basic: ServiceReading, facts: DeviceFacts, care: Care, terms: Terms) -> ServiceReading:
    """Premium is Express where DJI offers it, at present in few regions."""
    region = care.region or facts.device.region
    where = terms.premium_regions
    offered = region in where.value
    return ServiceReading(
        service=Service.EXPRESS_PREMIUM,
        open=basic.open and offered,
        until=basic.until if offered else None,
        unknown=("region",) if region is None else (),
        because=(*where.because, *basic.because)
        if offered and basic.open
        else (basic.because if not basic.open else where.because),
    )


def _defect_replacement(facts: DeviceFacts, terms: Terms, at: datetime) -> ServiceReading:
    """A factory fault within some calendar days of the purchase is exchanged."""
    days = terms.defect_replacement_days
    bought_on = facts.device.purchased_on
    if bought_on is None:
        return ServiceReading(service=Service.REPLACEMENT, open=None, unknown=("purchased_on",), because=days.because)
    last = bought_on + timedelta(days=days.value)
    is_open = bought_on <= day_of(at, facts.zone) and at < end_of(last, facts.zone)
    return ServiceReading(service=Service.REPLACEMENT, open=is_open, until=last, because=days.because)


def _warranty_repair(
    facts: DeviceFacts, warranties: tuple[WarrantySpan, ...], terms: Terms, at: datetime
) -> ServiceReading:
    """A warranty repair is open while any warranty runs, and undecided where its end is not known."""
    today = day_of(at, facts.zone)
    running = [
        span
        for span in warranties
        if span.from_day is not None and span.until_day is not None and span.from_day <= today <= span.until_day
    ]
    if running:
        longest = max(running, key=lambda span: span.until_day or today)
        return ServiceReading(
            service=Service.REPAIR_WARRANTY,
            open=True,
            until=longest.until_day,
            because=(*terms.because(Reason.SERVICE_WARRANTY), *longest.because),
        )
    unclear = [span for span in warranties if span.until_day is None]
    if unclear:
        unknown = ("received_on",) if unclear[0].from_day is None else ()
        return ServiceReading(service=Service.REPAIR_WARRANTY, open=None, unknown=unknown, because=unclear[0].because)
    return ServiceReading(service=Service.REPAIR_WARRANTY, open=False, because=terms.because(Reason.SERVICE_WARRANTY))


def _benefit(
    service: Service, care: Care, allowance: Allowance, reasons: tuple[Reason, Reason], terms: Terms
) -> ServiceReading:
    given, not_listed = reasons
    if allowance.allowed == 0:
        return ServiceReading(service=service, open=False, because=terms.because(not_listed))
    if care.state not in (CareState.ACTIVE, CareState.USED_UP):
        return ServiceReading(service=service, open=False, because=terms.because(Reason.SERVICE_OUTSIDE_DATES))
    is_open = None if allowance.left is None else allowance.left > 0
    until = care.ends_on if is_open else None
    return ServiceReading(service=service, open=is_open, until=until, because=terms.because(given))


def _refund(facts: DeviceFacts, terms: Terms) -> ServiceReading:
    """A return for money goes through the DJI Store, if the device was bought there."""
    channel = facts.device.channel
    return ServiceReading(
        service=Service.REFUND,
        open=None if channel is None else channel in _DJI_STORE,
        unknown=("channel",) if channel is None else (),
        because=terms.because(Reason.SERVICE_REFUND),
    )
