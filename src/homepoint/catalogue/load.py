"""Loads the whole terms catalogue from its data files and checks that it holds together."""

from collections.abc import Collection, Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from homepoint.catalogue.clauses import (
    Written,
    by_id,
    check_named,
    read_clauses,
    read_contradictions,
    read_reasons,
    read_sources,
)
from homepoint.catalogue.editions import EditionHead, build_editions, read_edition_head
from homepoint.catalogue.entry import CatalogueError, read, read_all
from homepoint.catalogue.models import (
    GivenList,
    international_models,
    read_lists,
    read_models,
    read_standard_warranties,
)
from homepoint.catalogue.published import read_contacts, read_figures, read_links, read_serials
from homepoint.catalogue.stated import Place, StatedValues
from homepoint.domain.terms import AfterServiceWarranty, Clause, FirstPurchaseWindow, Model, Stated, Terms
from homepoint.domain.values import ClauseId, EditionId, Region


def load_terms(root: Traversable | None = None) -> Terms:
    """Return the terms catalogue.

    Args:
        root: the folder of the data files; None means those that come with Homepoint.

    Raises:
        CatalogueError: the data are wrong; says in which file and entry.
    """
    root = root or files("homepoint") / "resources" / "catalogue"
    written, heads = _read_clauses_and_heads(root)
    contradictions = read_contradictions(read(root, "contradictions.toml"))
    clauses = by_id(written, contradictions)
    reasons = read_reasons(read(root, "reasons.toml"))
    models = read_models(read(root, "models.toml"))
    lists = read_lists(read(root, "lists.toml"), models)
    warranties = read_standard_warranties(read(root, "warranty_table.toml"), models)

    _check_clauses(written, clauses, {head.id for head in heads}, models)
    _check_lists(lists, clauses, {head.id for head in heads})
    named: dict[str, tuple[ClauseId, ...]] = {head.where: head.because for head in heads}
    named |= {f"contradictions.toml, {each.id}": each.clauses for each in contradictions}
    named |= {f"reasons.toml, {reason.value}": names for reason, names in reasons.items()}
    named |= {"warranty_table.toml": warranties[0].because}
    for where, names in named.items():
        check_named(names, clauses, where)

    values = StatedValues(written)
    catalogue, regions = read(root, "catalogue.toml"), read(root, "regions.toml")
    eu_members = frozenset(Region(each) for each in regions.texts("eu_members"))
    prefixes, years = read_serials(read(root, "serial_prefixes.toml"))
    terms = Terms(
        version=catalogue.text("version"),
        clauses=clauses,
        contradictions=contradictions,
        editions=build_editions(heads, values, lists),
        purchase_windows=_most_specific_first(window for each in written for window in each.windows),
        models=models,
        care_regions=_regions(values.texts(Place("care_regions")), eu_members),
        eu_members=eu_members,
        premium_regions=_regions(values.texts(Place("premium_regions")), eu_members),
        international_models=international_models(lists),
        covered_parts=tuple(each.covers for each in written if each.covers),
        uncovered_parts=_as_set(values.texts(Place("uncovered_parts"))),
        defect_replacement_days=values.number(Place("defect_replacement_days")),
        bundle_start_days=values.number(Place("bundle_start_days")),
        return_days=_return_days(values),
        standard_warranties=warranties,
        warranty_starts=values.clauses_if_true(Place("warranty_starts")),
        factory_warranty_days=values.number(Place("factory_warranty_days")),
        after_service=_after_service(values),
        exclusions=tuple(each.exclusion for each in written if each.exclusion),
        figures=read_figures(read(root, "figures.toml"), models),
        links=read_links(read(root, "links.toml")),
        contacts=read_contacts(read(root, "contacts.toml")),
        serial_prefixes=prefixes,
        year_letters=years,
        reasons=reasons,
    )
    catalogue.finish()
    regions.finish()
    return terms


def _read_clauses_and_heads(root: Traversable) -> tuple[tuple[Written, ...], tuple[EditionHead, ...]]:
    sources = read_sources(read(root, "sources.toml"))
    written: list[Written] = []
    heads: list[EditionHead] = []
    for file in read_all(root, "editions"):
        written.extend(read_clauses(file, sources))
        heads.append(read_edition_head(file))
    for file in read_all(root, "clauses"):
        written.extend(read_clauses(file, sources))
        file.finish()
    return tuple(written), tuple(heads)


def _check_clauses(
    written: Iterable[Written],
    clauses: Mapping[ClauseId, Clause],
    editions: Collection[EditionId],
    models: Mapping[str, Model],
) -> None:
    families = {model.family for model in models.values()}
    for each in written:
        check_named(each.because, clauses, each.where)
        _check_editions(each.clause.editions, editions, each.where)
        for family in each.covers.families if each.covers else ():
            if family not in families:
                raise CatalogueError(f"{each.where}: unknown family {family!r}")


def _check_lists(
    lists: Iterable[GivenList], clauses: Mapping[ClauseId, Clause], editions: Collection[EditionId]
) -> None:
    for each in lists:
        check_named(each.list.because, clauses, each.where)
        _check_editions(each.editions, editions, each.where)


def _check_editions(names: Iterable[EditionId], editions: Collection[EditionId], where: str) -> None:
    for name in names:
        if name not in editions:
            raise CatalogueError(f"{where}: unknown edition {name!r}")


def _most_specific_first(windows: Iterable[FirstPurchaseWindow]) -> tuple[FirstPurchaseWindow, ...]:
    """Put regional windows before the general ones; otherwise the order of the files stays."""
    return tuple(sorted(windows, key=lambda window: window.regions is None))


def _regions(stated: Stated[tuple[str, ...]], eu_members: frozenset[Region]) -> Stated[frozenset[Region]]:
    """Return regions with "EU" spelled out as its members, and "EU" itself."""
    regions = frozenset(Region(each) for each in stated.value)
    return Stated(regions | eu_members if Region("EU") in regions else regions, stated.because)


def _as_set(stated: Stated[tuple[str, ...]]) -> Stated[frozenset[str]]:
    return Stated(frozenset(stated.value), stated.because)


def _return_days(values: StatedValues) -> Stated[tuple[int, ...]]:
    advised, agreed = values.number(Place("return_advised_days")), values.numbers(Place("return_agreed_days"))
    return Stated((advised.value, *agreed.value), (*advised.because, *agreed.because))


def _after_service(values: StatedValues) -> AfterServiceWarranty:
    days = values.number(Place("after_service_days"))
    return AfterServiceWarranty(days=days.value, because=days.because)
