"""What a service or a plan costs, where someone published a figure for this model, plan, edition and region."""

from dataclasses import dataclass

from homepoint.domain.assessment import Assessment
from homepoint.domain.facts import PlanProduct, Service
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Figure, Terms
from homepoint.domain.values import EditionId, Region
from homepoint.presentation.wording import PRODUCT_NAMES

AT_SETTLEMENT = "Shown by DJI at settlement"
ON_PURCHASE = "Shown by DJI when you buy"
ON_PURCHASE = "Shown by DJI when you buy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """An amount someone published, and the words that say how far to trust it; no amount: DJI names it."""

    amount: str
    source: str = ""


def service_prices(service: Service, assessment: Assessment, facts: DeviceFacts, terms: Terms) -> tuple[Price, ...]:
    """Return what was published for the next use of this plan; DJI shows every other price at settlement."""
    care = assessment.care
    region = care.region or facts.device.region
    if service in (Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM, Service.FLYAWAY_REPORT):
        kind = "flyaway-fee" if service is Service.FLYAWAY_REPORT else "damage-fee"
        use = care.replacements.used + 1
        found = _published(terms, facts.device.model, care.product, kind, region, care.edition)
        return tuple(_price(each) for each in found if _is_for_use(each, use)) or (Price(amount=AT_SETTLEMENT),)
    if service in (Service.REPAIR_PAID, Service.REPAIR_DISCOUNT):
        return (Price(amount=AT_SETTLEMENT),)
    return ()


def plan_prices(
    assessment: Assessment, facts: DeviceFacts, terms: Terms, products: tuple[PlanProduct, ...]
) -> tuple[Price, ...]:
    edition = terms.edition_on(assessment.at.astimezone(facts.zone).date()).id
    found = [
        (PRODUCT_NAMES[product], each)
        for product in products
        for each in _published(terms, facts.device.model, product, "plan-price", facts.device.region, edition)
    ]
    return tuple(_price(each, name if len(products) > 1 else "") for name, each in found) or (
        Price(amount=ON_PURCHASE),
    )


def _published(
    terms: Terms,
    model: str,
    product: PlanProduct | None,
    kind: str,
    region: Region | None,
    edition: EditionId | None,
) -> list[Figure]:
    regions = {region, Region("EU")} if region in terms.eu_members else {region}
    return [
        each
        for each in terms.figures
        if each.model == model
        and each.plan == product
        and each.kind == kind
        and each.region in regions
        and each.edition == edition
    ]


def _is_for_use(figure: Figure, use: int) -> bool:
    return figure.use is None or figure.use == use or (figure.use_and_later and figure.use <= use)


def _price(figure: Figure, name: str = "") -> Price:
    amount = f"{figure.money.amount} {figure.money.currency}"
    use = f"For use {figure.use}: " if figure.use is not None else ""
    note = f" {figure.note}" if figure.note else ""
    source = f"{use}{figure.source.name}, seen: {figure.source.seen}, {figure.confidence} confidence.{note}"
    return Price(amount=f"{name}: {amount}" if name else amount, source=source)
