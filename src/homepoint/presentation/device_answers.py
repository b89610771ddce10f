"""What the owner can ask for, service by service: yes, no or not known, the reason, the price, and the clauses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from homepoint.domain.assessment import (
    Allowance,
    Assessment,
    Care,
    CareState,
    PurchaseVerdict,
    RenewalVerdict,
    ServiceReading,
)
from homepoint.domain.facts import Category, PlanProduct, Service
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import ModelList, Terms
from homepoint.domain.values import ClauseId, day_of
from homepoint.presentation.device_prices import Price, plan_prices, service_prices
from homepoint.presentation.wording import (
    PRODUCT_NAMES,
    counted,
    day_text,
    gap_sentence,
    moment_text,
    name_of,
    region_name,
)


class Verdict(StrEnum):
    """The answer to "can I?"; AFTER_A_CHECK is a yes once DJI has looked at the device."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"
    AFTER_A_CHECK = "after-a-check"


VERDICT_WORDS = {
    Verdict.YES: "Yes",
    Verdict.NO: "No",
    Verdict.NOT_KNOWN: "Not known",
    Verdict.AFTER_A_CHECK: "After a check",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """A clause as shown behind "Why?": what it says, where it stands, and who contradicts it."""

    says: str
    source: str
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One row of "What you can ask for today"."""

    key: str
    name: str
    verdict: Verdict
    reason: str
    prices: tuple[Price, ...] = ()
    why: tuple[ClauseText, ...] = ()

    @property
    def word(self) -> str:
        """The verdict as a word."""
        return VERDICT_WORDS[self.verdict]


def clause_texts(ids: Iterable[ClauseId], terms: Terms) -> tuple[ClauseText, ...]:
    """Return clauses in words, each once, with the contradictions they are part of."""
    contradictions = {each.id: each for each in terms.contradictions}
    found = []
    for clause in terms.says(dict.fromkeys(ids)):
        source = f"{clause.id} · {clause.source.name}, seen: {clause.source.seen} · {clause.confidence} confidence"
        disputes = (contradictions[each] for each in clause.disputed_by if each in contradictions)
        said = tuple(f"Sources differ. {each.what} {each.reading}" for each in disputes)
        found.append(ClauseText(says=clause.says, source=source, disputes=said))
    return tuple(found)


def answers(assessment: Assessment, facts: DeviceFacts, terms: Terms) -> tuple[Answer, ...]:
    """Return one row a service, in the order an owner thinks of them."""
    readings = {reading.service: reading for reading in assessment.services}
    return (
        *_purchase(assessment, facts, terms),
        *(_of_service(readings[each], assessment, facts, terms) for each in _shown(facts, terms)),
        *_renewal(assessment, facts, terms),
    )


def _shown(facts: DeviceFacts, terms: Terms) -> Iterator[Service]:
    """Every service except those that exist for few models only, where this is not one of them."""
    model = facts.device.model
    yield from (
        Service.EXPRESS_BASIC,
        Service.EXPRESS_PREMIUM,
        Service.FLYAWAY_REPORT,
        Service.REPLACEMENT,
        Service.REPAIR_WARRANTY,
    )
    if _on_a_list(model, (edition.repair_discount_models for edition in terms.editions)):
        yield Service.REPAIR_DISCOUNT
    yield Service.REPAIR_PAID
    if _on_a_list(model, (edition.maintenance_models for edition in terms.editions)):
        yield Service.MAINTENANCE


def _on_a_list(model: str, lists: Iterable[ModelList | None]) -> bool:
    return any(each is not None and model in each.models for each in lists)


def _of_service(reading: ServiceReading, assessment: Assessment, facts: DeviceFacts, terms: Terms) -> Answer:
    verdict = Verdict.YES if reading.open else Verdict.NO
    if reading.open is None:
        verdict = Verdict.NOT_KNOWN
    name = name_of(reading.service)
    if reading.service is Service.REPLACEMENT:
        name = f"Replacement within {terms.defect_replacement_days.value} days"
    if reading.service is Service.EXPRESS_PREMIUM and reading.unknown and _is_open(assessment, Service.EXPRESS_BASIC):
        verdict = Verdict.NOT_KNOWN
    prices = service_prices(reading.service, assessment, facts, terms) if verdict is Verdict.YES else ()
    return Answer(
        key=reading.service.value,
        name=name,
        verdict=verdict,
        reason=_reason(reading, assessment, facts, verdict),
        prices=prices,
        why=clause_texts(reading.because, terms),
    )


def _is_open(assessment: Assessment, service: Service) -> bool:
    return any(each.service is service and each.open for each in assessment.services)


def _reason(reading: ServiceReading, assessment: Assessment, facts: DeviceFacts, verdict: Verdict) -> str:
    care = assessment.care
    if _gave_way(assessment):
        return "The replacement unit has taken over; ask for it there." if facts.successor else _not_in_use(facts)
    if reading.service in (Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM):
        return _express(reading, care, facts, verdict)
    if reading.service in (Service.REPAIR_DISCOUNT, Service.MAINTENANCE):
        allowance = care.repair_discounts if reading.service is Service.REPAIR_DISCOUNT else care.maintenance
        return _benefit(allowance, care)
    if reading.service is Service.FLYAWAY_REPORT:
        return _flyaway(assessment)
    if reading.service is Service.REPLACEMENT:
        return _defect(reading, facts, assessment.at)
    if reading.service is Service.REPAIR_WARRANTY:
        return _warranty(reading)
    return "DJI looks at the device and names the price before it repairs."


def _gave_way(assessment: Assessment) -> bool:
    """The rules close every service, a paid repair included, only for a unit that is no longer the owner's."""
    return not any(reading.open is not False for reading in assessment.services)


def _not_in_use(facts: DeviceFacts) -> str:
    return f"The device is recorded as {name_of(facts.device.status).lower()}."


def _express(reading: ServiceReading, care: Care, facts: DeviceFacts, verdict: Verdict) -> str:
    if care.state is not CareState.ACTIVE:
        return _no_cover(care)
    if verdict is Verdict.NOT_KNOWN:
        return "DJI offers it in few regions; the region of purchase is not recorded."
    if not reading.open:
        return f"DJI does not offer it in {region_name(care.region or facts.device.region)}."
    left, until = care.replacements.left, care.ends_on
    ends = f" until {day_text(until)}" if until else ""
    if left is None:
        return f"{_product(care)} runs{ends}."
    return f"{_product(care)} runs{ends}; {left} of {counted(care.replacements.allowed or 0, 'replacement')} left."


def _product(care: Care) -> str:
    return PRODUCT_NAMES[care.product] if care.product else "The plan"


def _no_cover(care: Care) -> str:
    if care.state is CareState.NOT_STARTED:
        begins = f"starts on {day_text(care.starts_on)}" if care.starts_on else "has not started: it starts once bound"
        return f"{_product(care)} {begins}."
    if care.state is CareState.EXPIRED:
        return (
            f"{_product(care)} ended on {day_text(care.ends_on)}." if care.ends_on else f"{_product(care)} has ended."
        )
    if care.state is CareState.USED_UP:
        allowed = care.replacements.allowed or 0
        made = "The one replacement is" if allowed == 1 else f"All {allowed} replacements are"
        return f"{made} used."
    return "It comes with a care plan, and there is none."


def _benefit(allowance: Allowance, care: Care) -> str:
    if care.state not in (CareState.ACTIVE, CareState.USED_UP):
        return _no_cover(care)
    if allowance.allowed is None:
        return f"How often {_product(care)} gives it is not stated anywhere; DJI's status page tells."
    if allowance.allowed == 0:
        return f"{_product(care)} does not include it."
    return f"{allowance.left} of {allowance.allowed} left with {_product(care)}."


def _flyaway(assessment: Assessment) -> str:
    missing = assessment.flyaway.missing
    if missing:
        more = len(missing) - 1
        others = f" {counted(more, 'more thing')} {'is' if more == 1 else 'are'} missing, see below." if more else ""
        return gap_sentence(missing[0]) + others
    left = assessment.care.flyaways.left
    counts = "" if left is None else f" {counted(left, 'flyaway')} left."
    return f"Account and controller are bound and the plan covers it.{counts}"


def _defect(reading: ServiceReading, facts: DeviceFacts, at: datetime) -> str:
    until = _last_day(reading.until)
    if reading.open is None:
        return "It depends on the day of purchase, which is not recorded."
    if reading.open:
        return f"A fault from the factory is exchanged until {until}."
    bought_on = facts.device.purchased_on
    if bought_on is not None and day_of(at, facts.zone) < bought_on:
        return f"It was bought later, on {day_text(bought_on)}."
    begins = f"Bought on {day_text(bought_on)}; " if bought_on else ""
    return f"{begins}the last day for it was {until}."


def _warranty(reading: ServiceReading) -> str:
    if reading.open:
        return f"A warranty runs until {_last_day(reading.until)}."
    if reading.open is None and reading.unknown:
        return "It depends on the day you received the device, which is not recorded."
    if reading.open is None:
        return "The length of DJI's own warranty for this model is not in the catalogue."
    return "No warranty runs on this day."


def _last_day(until: datetime | date | None) -> str:
    if until is None:
        return ""
    return day_text(until.date() if isinstance(until, datetime) else until)


def _purchase(assessment: Assessment, facts: DeviceFacts, terms: Terms) -> Iterator[Answer]:
    """The first purchase matters while there is no plan and the device is the owner's."""
    reading = assessment.purchase
    if assessment.care.plan is not None or facts.successor is not None or _gave_way(assessment):
        return
    verdicts = {
        PurchaseVerdict.OPEN: Verdict.YES,
        PurchaseVerdict.VERIFY: Verdict.AFTER_A_CHECK,
        PurchaseVerdict.UNDECIDED: Verdict.NOT_KNOWN,
    }
    verdict = verdicts.get(reading.verdict, Verdict.NO)
    prices: tuple[Price, ...] = ()
    if verdict in (Verdict.YES, Verdict.AFTER_A_CHECK):
        prices = plan_prices(assessment, facts, terms, (PlanProduct.ONE_YEAR, PlanProduct.TWO_YEARS))
    yield Answer(
        key="first-purchase",
        name="Buy a care plan",
        verdict=verdict,
        reason=purchase_reason(assessment, facts),
        prices=prices,
        why=clause_texts(reading.because, terms),
    )


_UNKNOWN_WORDS = {
    "activated_at": "when it was activated",
    "region": "the region of purchase",
    "category": "what kind of device it is",
    "purchased_on": "the day of purchase",
    "received_on": "the day you received it",
    "channel": "where it was bought",
    "proof_of_purchase": "whether there is a proof of purchase",
}


def unknown_in_words(names: Iterable[str]) -> str:
    """Return missing facts as words: "when it was activated and the region of purchase"."""
    words = [_UNKNOWN_WORDS.get(name, name.replace("_", " ")) for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def purchase_reason(assessment: Assessment, facts: DeviceFacts) -> str:
    """Say in one sentence whether, how and until when a first plan can be bought."""
    reading = assessment.purchase
    if reading.verdict is PurchaseVerdict.OPEN:
        if reading.until is None:
            return "It is new and not activated yet; the time to buy begins with the activation."
        if isinstance(reading.until, datetime):
            return f"Care Refresh can be bought until {moment_text(reading.until, facts.zone)}."
        return f"Care Refresh can be bought until the end of {day_text(reading.until)}."
    if reading.verdict is PurchaseVerdict.VERIFY:
        return "The time after activation is over; DJI first checks the device by video or in its workshop."
    if reading.verdict is PurchaseVerdict.UNDECIDED:
        return f"It depends on {unknown_in_words(reading.unknown)}."
    if reading.verdict is PurchaseVerdict.UNAVAILABLE:
        if assessment.category is Category.ENTERPRISE_AIRCRAFT:
            return "Care Refresh is not offered for this kind of device; DJI has another plan line for it."
        return f"DJI does not offer Care Refresh in {region_name(facts.device.region)}."
    return "A first plan cannot be bought for this device any more."


def _renewal(assessment: Assessment, facts: DeviceFacts, terms: Terms) -> Iterator[Answer]:
    reading = assessment.renewal
    if assessment.care.plan is None or reading.verdict is RenewalVerdict.NOT_NEEDED:
        return
    is_open = reading.verdict is RenewalVerdict.OPEN
    prices: tuple[Price, ...] = ()
    if is_open:
        product = PRODUCT_NAMES[reading.product] if reading.product else "A further plan"
        reason = f"{product} can follow"
        reason += f"; it can be bought until the end of {day_text(reading.until)}." if reading.until else "."
        if reading.product:
            prices = plan_prices(assessment, facts, terms, (reading.product,))
    elif reading.until is not None:
        reason = f"The last day to renew was {day_text(reading.until)}."
    else:
        reason = "The plans bought so far cannot be followed by another one."
    yield Answer(
        key="renewal",
        name="Renew the plan",
        verdict=Verdict.YES if is_open else Verdict.NO,
        reason=reason,
        prices=prices,
        why=clause_texts(reading.because, terms),
    )
