"""What a dossier is made of: parts under headings, tables, quoted clauses, and the subject they are written from."""

from dataclasses import dataclass, field
from datetime import datetime

from homepoint.domain.assessment import Because, ClaimReading, IncidentReading
from homepoint.domain.facts import Claim, Incident, IncidentKind
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import ClauseId, Money
from homepoint.presentation.wording import moment_text

NOT_KNOWN = "Not known"
_LOSSES = (IncidentKind.FLYAWAY, IncidentKind.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A clause in our own words with where and when it was read."""

    id: ClauseId
    says: str
    source: str
    url: str
    seen: str
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; `widths` are shares of the line, 0 for as wide as its words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part under its heading: a sentence, values by name, a table, sentences, and the clauses it rests on."""

    key: str
    title: str
    lead: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    remarks: tuple[str, ...] = ()
    because: Because = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An incident with its facts and what the rules say: what every part of the dossier is written from."""

    facts: DeviceFacts
    incident: Incident
    reading: IncidentReading
    claims: tuple[tuple[Claim, ClaimReading], ...]
    terms: Terms = field(repr=False)

    @property
    def when(self) -> str:
        """The incident's instant by the owner's clock with its offset, or that it is not known."""
        return "At a time not known" if self.incident.at is None else self.clock(self.incident.at)

    @property
    def is_lost(self) -> bool:
        """True when the unit is gone."""
        lost = self.incident.retrievable is None and self.incident.kind in _LOSSES
        return self.incident.retrievable is False or lost

    def clock(self, at: datetime) -> str:
        """Return an instant by the owner's clock, with the offset from UTC."""
        offset = at.astimezone(self.facts.zone).strftime("%z")
        return f"{moment_text(at, self.facts.zone)} (UTC{offset[:3]}:{offset[3:]})"

    def account_name(self, id: str | None) -> str:
        """Return an account's label; one that is not recorded stands as such."""
        return next((each.label for each in self.facts.accounts if each.id == id), "an account not in the records")

    def controller_name(self, id: str | None) -> str:
        """Return a controller's name and serial."""
        found = next((each for each in self.facts.controllers if each.id == id), None)
        if found is None:
            return "a controller not in the records"
        serial = f"serial {found.serial}" if found.serial else "serial not known"
        name = found.label or found.model
        return f"{name}, {serial}" if name else serial


def money_text(money: Money) -> str:
    """Return an amount with its currency: "1,159.00 USD"."""
    return f"{money.amount:,} {money.currency}"
