"""Reads the clauses and the sources they name, and checks that whatever names a clause names one that exists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from homepoint.catalogue.entry import CatalogueError, Entry, texts, word
from homepoint.domain.facts import Category, PlanProduct
from homepoint.domain.reasons import Reason
from homepoint.domain.terms import (
    Clause,
    Confidence,
    Contradiction,
    CoveredParts,
    Exclusion,
    FirstPurchaseWindow,
    Source,
    Span,
    Standing,
)
from homepoint.domain.values import ClauseId, EditionId, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A clause as its file has it: the clause itself and what stands with it for the rules.

    `because` are the clauses named after it wherever it decides. `sets` are values it states, `not_found` values of
    which it says that no source states them.
    """

    where: str
    clause: Clause
    products: tuple[PlanProduct, ...]
    because: tuple[ClauseId, ...]
    sets: Mapping[str, object]
    not_found: tuple[str, ...]
    windows: tuple[FirstPurchaseWindow, ...]
    covers: CoveredParts | None
    exclusion: Exclusion | None


def clause_ids(names: Iterable[str]) -> tuple[ClauseId, ...]:
    """Return texts as clause ids."""
    return tuple(ClauseId(name) for name in names)


def read_source(entry: Entry) -> Source:
    """Read a table of name, url and seen."""
    source = Source(name=entry.text("name"), url=entry.text_if_any("url"), seen=entry.text("seen"))
    entry.finish()
    return source


def read_sources(file: Entry) -> Mapping[str, Source]:
    """Read the pages that clauses name by a key."""
    return {
        key: read_source(Entry({"page": page}, f"{file.where}, {key}").table("page"))
        for key, page in file.rest().items()
    }


def read_clauses(file: Entry, sources: Mapping[str, Source]) -> tuple[Written, ...]:
    """Read the clauses of one file; its `topic` and `source` hold for each that names no other."""
    entries = file.tables("clause", named_by="id")
    topic, source = file.text_if_any("topic"), file.text_if_any("source")
    return tuple(_read_clause(entry, topic, source, sources) for entry in entries)


def _read_clause(entry: Entry, topic: str | None, source: str | None, sources: Mapping[str, Source]) -> Written:
    name = ClauseId(entry.text("id"))
    because = (name, *clause_ids(entry.texts_if_any("because")))
    clause = Clause(
        id=name,
        says=entry.text("says"),
        topic=entry.text("topic") if entry.has("topic") or topic is None else topic,
        standing=entry.one_of("standing", Standing),
        reason=entry.text_if_any("reason"),
        editions=tuple(EditionId(each) for each in entry.texts_if_any("editions")),
        source=_source_of(entry, source, sources),
        confidence=entry.one_of("confidence", Confidence) if entry.has("confidence") else Confidence.HIGH,
    )
    if (clause.standing is Standing.BACKGROUND) is (clause.reason is None):
        entry.fault("'reason' stands with a background clause, and with no other")
    written = Written(
        where=entry.where,
        clause=clause,
        products=tuple(word(each, PlanProduct, entry.where) for each in entry.texts_if_any("products")),
        because=because[1:],
        sets=entry.table("sets").rest() if entry.has("sets") else {},
        not_found=entry.texts_if_any("not_found"),
        windows=tuple(_read_window(each, because) for each in entry.tables("windows")),
        covers=_read_covers(entry.table("covers"), because) if entry.has("covers") else None,
        exclusion=_read_exclusion(entry.table("exclusion"), clause) if entry.has("exclusion") else None,
    )
    entry.finish()
    return written


def _source_of(entry: Entry, default: str | None, sources: Mapping[str, Source]) -> Source:
    if entry.is_table("source"):
        return read_source(entry.table("source"))
    key = entry.text("source") if entry.has("source") or default is None else default
    if key not in sources:
        entry.fault(f"unknown source {key!r}")
    return sources[key]


def _read_window(entry: Entry, because: tuple[ClauseId, ...]) -> FirstPurchaseWindow:
    regions = entry.texts_if_any("regions")
    span = Span(hours=entry.number_if_any("hours"), days=entry.number_if_any("days"))
    if (span.hours is None) is (span.days is None):
        entry.fault("a window has either 'hours' or 'days'")
    window = FirstPurchaseWindow(
        categories=frozenset(word(each, Category, entry.where) for each in entry.texts("categories")),
        regions=frozenset(Region(each) for each in regions) if regions else None,
        since=entry.day_if_any("since"),
        until=entry.day_if_any("until"),
        span=span,
        because=because,
    )
    if window.since and window.until and window.until < window.since:
        entry.fault("the window ends before it begins")
    entry.finish()
    return window


def _read_covers(entry: Entry, because: tuple[ClauseId, ...]) -> CoveredParts:
    covers = CoveredParts(
        families=frozenset(entry.texts("families")), parts=frozenset(entry.texts("parts")), because=because
    )
    entry.finish()
    return covers


def _read_exclusion(entry: Entry, clause: Clause) -> Exclusion:
    exclusion = Exclusion(id=clause.id, says=clause.says, note=entry.text_if_any("note"), current=entry.flag("current"))
    entry.finish()
    return exclusion


def read_contradictions(file: Entry) -> tuple[Contradiction, ...]:
    """Read where clauses do not agree."""
    found = []
    for entry in file.tables("contradiction", named_by="id"):
        found.append(
            Contradiction(
                id=entry.text("id"),
                topic=entry.text("topic"),
                clauses=clause_ids(entry.texts("clauses")),
                what=entry.text("what"),
                reading=entry.text("reading"),
            )
        )
        entry.finish()
    file.finish()
    return tuple(found)


def read_reasons(file: Entry) -> Mapping[Reason, tuple[ClauseId, ...]]:
    """Read the clauses of every reason that a rule can give; none may be left out."""
    reasons = {
        word(name, Reason, file.where): clause_ids(texts(ids, f"{file.where}, {name}"))
        for name, ids in file.rest().items()
    }
    for reason in Reason:
        if not reasons.get(reason):
            raise CatalogueError(f"{file.where}: {reason.value!r} has no clauses")
    return reasons


def by_id(written: Iterable[Written], contradictions: Iterable[Contradiction]) -> Mapping[ClauseId, Clause]:
    """Return the clauses by id, each with the contradictions it is part of; an id may stand only once."""
    disputes: dict[ClauseId, tuple[str, ...]] = {}
    for each in contradictions:
        for name in each.clauses:
            disputes[name] = (*disputes.get(name, ()), each.id)
    clauses: dict[ClauseId, Clause] = {}
    for one in written:
        if one.clause.id in clauses:
            raise CatalogueError(f"{one.where}: this id is already taken")
        clauses[one.clause.id] = replace(one.clause, disputed_by=disputes.get(one.clause.id, ()))
    return clauses


def check_named(names: Iterable[ClauseId], clauses: Mapping[ClauseId, Clause], where: str) -> None:
    """Raise where a clause is named that does not exist."""
    for name in names:
        if name not in clauses:
            raise CatalogueError(f"{where}: unknown clause {name!r}")
