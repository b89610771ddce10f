"""Puts each edition together: its dates, what its plans give, how they go on, and its lists of models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from homepoint.catalogue.clauses import clause_ids
from homepoint.catalogue.entry import CatalogueError, Entry
from homepoint.catalogue.models import LISTS_OF_EDITIONS, GivenList
from homepoint.catalogue.stated import Place, StatedValues
from homepoint.domain.facts import PlanProduct
from homepoint.domain.terms import Edition, ModelList, ProductTerms, Renewal
from homepoint.domain.values import ClauseId, EditionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionHead:
    """What an edition's own file says besides its clauses."""

    where: str
    id: EditionId
    name: str
    valid_from: date
    valid_to: date | None
    about_dates: str
    because: tuple[ClauseId, ...]


def read_edition_head(file: Entry) -> EditionHead:
    """Read name and dates of an edition; its clauses must have been taken from the file before."""
    head = EditionHead(
        where=file.where,
        id=EditionId(file.text("id")),
        name=file.text("name"),
        valid_from=file.day("valid_from"),
        valid_to=file.day_if_any("valid_to"),
        about_dates=file.text("about_dates"),
        because=clause_ids(file.texts("because")),
    )
    file.finish()
    return head


def build_editions(
    heads: Iterable[EditionHead], values: StatedValues, lists: Iterable[GivenList]
) -> tuple[Edition, ...]:
    """Return the editions, oldest first; one must begin on the day after the one before it ends."""
    in_order = sorted(heads, key=lambda head: head.valid_from)
    for earlier, later in pairwise(in_order):
        if earlier.valid_to is None or earlier.valid_to + timedelta(days=1) != later.valid_from:
            raise CatalogueError(f"{later.where}: 'valid_from' must be the day after {earlier.id} ends")
    for head in in_order:
        if head.valid_to and head.valid_to < head.valid_from:
            raise CatalogueError(f"{head.where}: 'valid_to' is before 'valid_from'")
    all_lists = tuple(lists)
    return tuple(_build(head, values, all_lists) for head in in_order)


def _build(head: EditionHead, values: StatedValues, lists: tuple[GivenList, ...]) -> Edition:
    given: Mapping[str, tuple[ModelList, ...]] = {
        gives: tuple(each.list for each in lists if each.gives == gives and head.id in each.editions)
        for gives in LISTS_OF_EDITIONS
    }
    return Edition(
        id=head.id,
        name=head.name,
        valid_from=head.valid_from,
        valid_to=head.valid_to,
        about_dates=head.about_dates,
        because=head.because,
        products={product: _product_terms(head.id, product, values) for product in PlanProduct},
        flyaway_lists=given["flyaway"],
        repair_discount_models=_only(given["repair-discount"], head),
        maintenance_models=_only(given["maintenance"], head),
        reward_models=_only(given["reward"], head),
        reward_months=values.number_if_stated(Place("reward_months", head.id)),
        renewal=_renewal(head.id, values),
        used_up_ends_plan=values.flag(Place("used_up_ends_plan", head.id)),
        notice_hours=values.number(Place("notice_hours", head.id)),
    )


def _only(lists: tuple[ModelList, ...], head: EditionHead) -> ModelList | None:
    if len(lists) > 1:
        raise CatalogueError(f"lists.toml, {lists[1].name}: {head.id} already has {lists[0].name!r}")
    return lists[0] if lists else None


def _product_terms(edition: EditionId, product: PlanProduct, values: StatedValues) -> ProductTerms:
    return ProductTerms(
        product=product,
        months=values.number(Place("months", edition, product)),
        replacements=values.number(Place("replacements", edition, product)),
        flyaways=values.number_if_found(Place("flyaways", edition, product)),
        repair_discounts=values.number_if_found(Place("repair_discounts", edition, product)),
        maintenance=values.number_if_found(Place("maintenance", edition, product)),
        warranty=values.flag(Place("warranty", edition, product)),
    )


def _renewal(edition: EditionId, values: StatedValues) -> Renewal:
    return Renewal(
        product=values.product(Place("renewal_product", edition)),
        histories=values.histories(Place("renewal_histories", edition)),
        days_after=values.number(Place("renewal_days_after", edition)),
        max_months=values.number_if_found(Place("renewal_max_months", edition)),
        needs_replacement_left=values.flag(Place("renewal_needs_replacement_left", edition)),
        store_decides=values.clauses_if_true(Place("renewal_store_decides", edition)),
    )
