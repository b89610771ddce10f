"""What the settings page shows: the choices kept for the owner, and the terms catalogue in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from homepoint.domain.terms import Edition, Standing, Terms
from homepoint.presentation.deadline_list import clause_texts
from homepoint.presentation.wording import counted, day_text

THEMES: Sequence[tuple[str, str]] = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


class Preferences(Protocol):
    """The owner's choices on this computer; kept outside the library."""

    @property
    def theme(self) -> str:
        """One of the keys of `THEMES`."""
        ...

    def set_theme(self, theme: str) -> None:
        """Keep another theme; showing it is not its task."""
        ...

    @property
    def data_folder(self) -> str:
        """The folder of the database, as the owner would type it."""
        ...

    @property
    def stays_in_tray(self) -> bool:
        """Whether closing the window leaves Homepoint in the tray; no, until the owner chose it."""
        ...

    def set_stays_in_tray(self, stays: bool) -> None:
        """Keep the other choice."""
        ...

    @property
    def starts_at_login(self) -> bool:
        """Whether the system starts Homepoint at login, as the system has it; no, until the owner chose it."""
        ...

    def set_starts_at_login(self, starts: bool) -> None:
        """Tell the system.

        Raises:
            HomepointError: it does not take it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionText:
    """One edition of the terms: its name, the days of its plans, and what is not certain about them."""

    name: str
    dates: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionText:
    """A matter on which sources do not agree: what they say, how Homepoint reads it, and the clauses."""

    id: str
    title: str
    what: str
    reading: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsText:
    """The terms catalogue in words."""

    version: str
    summary: str
    editions: tuple[EditionText, ...]
    contradictions: tuple[ContradictionText, ...]
    sources: tuple[str, ...]


def terms_text(terms: Terms) -> TermsText:
    """Put the catalogue into words."""
    rules = sum(clause.standing is Standing.RULE for clause in terms.clauses.values())
    return TermsText(
        version=terms.version,
        summary=(
            f"{counted(len(terms.clauses), 'clause')}, {rules:,} of them used by the rules; "
            f"{counted(len(terms.models), 'model')}."
        ),
        editions=tuple(_edition(edition) for edition in reversed(terms.editions)),
        contradictions=tuple(
            ContradictionText(
                id=each.id,
                title=each.topic,
                what=each.what,
                reading=each.reading,
                clauses=clause_texts(terms, each.clauses, disputes=False),
            )
            for each in terms.contradictions
        ),
        sources=_sources(terms),
    )


def _edition(edition: Edition) -> EditionText:
    since = day_text(edition.valid_from)
    dates = (
        f"Plans from {since} on" if edition.valid_to is None else f"Plans from {since} to {day_text(edition.valid_to)}"
    )
    return EditionText(name=edition.name, dates=dates, note=edition.about_dates)


def _sources(terms: Terms) -> tuple[str, ...]:
    """Return each source once with its address, by name."""
    found = {}
    for clause in terms.clauses.values():
        source = clause.source
        address = f" {source.url}" if source.url else ""
        found[source.name, source.url] = f"{source.name} (seen: {source.seen}){address}"
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or "")))
