"""The ways out of an incident side by side: why, why not, what each costs, leaves and takes, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from homepoint.domain.assessment import Caution, IncidentReading, Route
from homepoint.domain.facts import Incident, IncidentKind, Service, Wish
from homepoint.domain.reasons import Reason
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId
from homepoint.presentation.cautions import caution_text
from homepoint.presentation.device_answers import ClauseText, clause_texts, unknown_in_words
from homepoint.presentation.device_prices import AT_SETTLEMENT
from homepoint.presentation.dossier_parts import money_text
from homepoint.presentation.wording import counted, gap_sentence, name_of, region_name

_FAILURES = frozenset({IncidentKind.MALFUNCTION, IncidentKind.ARRIVED_FAULTY})
_EXPRESS = frozenset({Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM})
_USES_PLAN = _EXPRESS | {Service.FLYAWAY_REPORT}


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFact:
    """One line of a way: "Cost", what it is, and where that was read."""

    name: str
    words: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way out. `rank` 1 is the advised one; None: not open (`is_open` None: it depends on what is not known)."""

    service: Service
    name: str
    is_open: bool | None
    rank: int | None
    reason: str
    facts: tuple[WayFact, ...]
    cautions: tuple[str, ...]
    why: tuple[ClauseText, ...]

    @property
    def is_advised(self) -> bool:
        """True for the way that stands first."""
        return self.rank == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """All ways: open ones by rank, undecided ones, closed ones; `summary` says what that means."""

    summary: str
    open: tuple[Way, ...]
    undecided: tuple[Way, ...]
    closed: tuple[Way, ...]


def ways(reading: IncidentReading, incident: Incident, facts: DeviceFacts, terms: Terms) -> Ways:
    """Return every service as a way out, judged at the incident's own instant."""
    found = [_way(route, reading, incident, facts, terms) for route in reading.routes]
    open_ones = tuple(way for way in found if way.is_open)
    undecided = tuple(way for way in found if way.is_open is None)
    closed = tuple(way for way in found if way.is_open is False)
    return Ways(summary=_summary(open_ones, undecided), open=open_ones, undecided=undecided, closed=closed)


def _summary(open_ones: tuple[Way, ...], undecided: tuple[Way, ...]) -> str:
    if not open_ones and undecided:
        return "Which way is open depends on facts that are not recorded yet. They are named below."
    if not open_ones:
        return "As it is recorded, no way is open. What you can still do stands below."
    if len(open_ones) == 1:
        return f"One way is open: {open_ones[0].name}."
    return f"{len(open_ones)} ways are open. {open_ones[0].name} is advised; you decide."


def _way(route: Route, reading: IncidentReading, incident: Incident, facts: DeviceFacts, terms: Terms) -> Way:
    is_closed = route.open is False
    return Way(
        service=route.service,
        name=name_of(route.service),
        is_open=route.open,
        rank=route.rank,
        reason=_reason(route, reading, incident, facts, terms),
        facts=() if is_closed else tuple(_facts(route)),
        cautions=tuple(caution_text(each) for each in route.warnings if each is not Caution.FEE_NOT_KNOWN),
        why=clause_texts((*route.because, *(() if is_closed else _STATED.get(route.service, ()))), terms),
    )


def _reason(route: Route, reading: IncidentReading, incident: Incident, facts: DeviceFacts, terms: Terms) -> str:
    if route.open is False:
        return _why_not(route, reading, incident, facts, terms)
    if route.open is None:
        return _undecided(route)
    if route.service is Service.REPAIR_WARRANTY and incident.kind in _FAILURES:
        return "It failed by itself while a warranty was running. DJI looks at it and repairs it."
    return _WHY[route.service]


def _undecided(route: Route) -> str:
    if Caution.PARTS_UNKNOWN in route.warnings:
        return "It depends on whether your plan covers the parts that were damaged."
    if route.unknown:
        return f"It depends on {unknown_in_words(route.unknown)}, which is not recorded."
    return "It depends on something no source states. Ask DJI Support."


def _why_not(route: Route, reading: IncidentReading, incident: Incident, facts: DeviceFacts, terms: Terms) -> str:
    """Return the reason a way is closed, found by the clauses it rests on."""
    if route.service is Service.FLYAWAY_REPORT and route.because == reading.readiness.because:
        return " ".join(gap_sentence(gap) for gap in reading.readiness.missing)
    if route.because[: len(terms.premium_regions.because)] == terms.premium_regions.because:
        where = " and ".join(sorted(region_name(region) for region in terms.premium_regions.value))
        return f"DJI offers it only in {where}."
    if route.because == terms.defect_replacement_days.because:
        return f"It is for the first {counted(terms.defect_replacement_days.value, 'day')} after the purchase."
    wants_money = incident.kind is IncidentKind.RETURN or Wish.REFUND in incident.wants
    if route.service is Service.REFUND and wants_money and route.because == terms.because(Reason.SERVICE_REFUND):
        return "It was not bought in the DJI Store. Ask the shop you bought it from."
    if incident.kind is IncidentKind.RETURN and route.service is not Service.REFUND:
        return "It is for a device that needs help; you want to give yours back."
    fitting = [(len(terms.because(reason)), words) for reason, words in _WHY_NOT if _rests_on(route, reason, terms)]
    if fitting:
        where = region_name(reading.care.region or facts.device.region)
        return max(fitting)[1].format(region=where)
    return terms.clauses[route.because[0]].says


def _rests_on(route: Route, reason: Reason, terms: Terms) -> bool:
    clauses = terms.because(reason)
    return route.because[: len(clauses)] == clauses


def _facts(route: Route) -> tuple[WayFact, ...]:
    return (
        _cost(route),
        WayFact(name="Deposit", words=_DEPOSIT if route.deposit else "None"),
        WayFact(name="Left after it", words=_left(route)),
        WayFact(name="Time", words=_TIMES.get(route.service, "Not stated in any source")),
    )


def _cost(route: Route) -> WayFact:
    if route.service not in _USES_PLAN:
        return WayFact(name="Cost", words=_COSTS[route.service])
    use = f" (use {route.use} of the plan)" if route.use else ""
    if route.fee is None:
        return WayFact(name="Cost", words=f"{AT_SETTLEMENT}{use}")
    source = route.fee.source
    said = f"{source.name}, seen {source.seen}, {route.fee.confidence} confidence. DJI's own figure counts."
    note = f" {route.fee.note}" if route.fee.note else ""
    return WayFact(name="Cost", words=f"{money_text(route.fee.money)}{use}", source=f"{said}{note}")


def _left(route: Route) -> str:
    left = route.left_after
    if left is None:
        return "Nothing of a plan is used"
    if left.replacements is None:
        return "Not stated in any source"
    words = counted(left.replacements, "replacement")
    if left.flyaways:
        words += f", {left.flyaways} of them for a flyaway"
    return words if route.service in _USES_PLAN else f"{words}, as before"


_WHY: Mapping[Service, str] = MappingProxyType(
    {
        Service.EXPRESS_BASIC: "You send it in, and DJI sends you another one.",
        Service.EXPRESS_PREMIUM: "DJI sends you another one first; then you send yours in.",
        Service.REPLACEMENT: "A fault so soon after the purchase is a case for an exchange.",
        Service.REPAIR_WARRANTY: "DJI looks for a fault of the product. What an accident did is not free.",
        Service.REPAIR_PAID: "DJI looks at it and names a price. You may say no.",
        Service.REPAIR_DISCOUNT: "Your plan gives a repair at a lower price.",
        Service.FLYAWAY_REPORT: "Account and controller were bound and the plan covers it. DJI sends you another one.",
        Service.MAINTENANCE: "Your plan gives a factory maintenance: checked, cleaned, wearing parts changed.",
        Service.REFUND: "The DJI Store takes it back under My Orders.",
    }
)
_COSTS: Mapping[Service, str] = MappingProxyType(
    {
        Service.REPLACEMENT: "No fee is stated",
        Service.REPAIR_WARRANTY: "Nothing, if DJI finds a fault of the product",
        Service.REPAIR_PAID: "DJI's quote, before anything is done",
        Service.REPAIR_DISCOUNT: "DJI's quote, less the discount",
        Service.MAINTENANCE: "Part of the plan; no fee is stated",
        Service.REFUND: "No fee is stated",
    }
)
_DEPOSIT = "Held on your credit card until DJI has your old unit; checkout shows how much"
_TIMES: Mapping[Service, str] = MappingProxyType(
    {
        Service.EXPRESS_BASIC: "Sent once DJI has yours. DJI says it saves up to half of the usual time",
        Service.EXPRESS_PREMIUM: "Sent as soon as you have paid",
    }
)
_STATED: Mapping[Service, tuple[ClauseId, ...]] = MappingProxyType(
    {
        Service.EXPRESS_BASIC: (ClauseId("S2-06"), ClauseId("S2-08"), ClauseId("S2-43")),
        Service.EXPRESS_PREMIUM: (ClauseId("S2-07"), ClauseId("S2-09"), ClauseId("S2-10"), ClauseId("S2-11")),
        Service.REPAIR_WARRANTY: (ClauseId("S0-18"), ClauseId("S1-09")),
        Service.REPAIR_PAID: (ClauseId("S2-33"), ClauseId("S2-45")),
    }
)
_WHY_NOT: tuple[tuple[Reason, str], ...] = (
    (Reason.ROUTE_STOLEN, "Theft is not covered by any plan."),
    (Reason.ROUTE_DELIBERATE, "Damage done on purpose is not covered."),
    (Reason.ROUTE_UNSUITABLE_CONDITIONS, "Flying in conditions the manual warns of is not covered."),
    (Reason.ROUTE_THIRD_PARTY_PART, "Damage through parts of other makers is not covered."),
    (Reason.ROUTE_WATER_AT_LAUNCH, "The terms of this early plan leave water damage out."),
    (Reason.ROUTE_LOST, "There is no unit to send in."),
    (Reason.ROUTE_NOT_LOST, "It is for an aircraft that is gone. Yours can be sent in."),
    (Reason.ROUTE_NO_DEFECT, "It is for faults that come by themselves, and none is named here."),
    (Reason.ROUTE_OUTSIDE_AREA, "The plan gives service only in {region}."),
    (Reason.ROUTE_NO_RETURN_WANTED, "You did not ask for your money back."),
    (Reason.ROUTE_NOT_WORN, "It is for wear, or for a failure without an accident."),
    (Reason.SERVICE_NO_PLAN, "It comes with a care plan, and there was none."),
    (Reason.SERVICE_OUTSIDE_DATES, "The care plan was not running when it happened."),
    (Reason.SERVICE_NO_REPLACEMENT_LEFT, "No replacement was left on the plan."),
    (Reason.SERVICE_WARRANTY, "No warranty was running when it happened."),
    (Reason.SERVICE_NOT_ON_DISCOUNT_LIST, "DJI gives it for few models, and this is not one of them."),
    (Reason.SERVICE_NOT_ON_MAINTENANCE_LIST, "DJI gives it for few models, and this is not one of them."),
    (Reason.SERVICE_NOT_IN_USE, "The device is recorded as no longer in use."),
    (Reason.CARE_MOVED, "The replacement unit has taken over its plan."),
)
