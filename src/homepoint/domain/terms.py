"""What the terms catalogue says, as typed values: clauses, editions, models, lists, fees and addresses.

Python holds no number of the terms: all of them come from the catalogue's data files, each with its clause.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from homepoint.domain.facts import Category, PlanProduct
from homepoint.domain.reasons import Reason
from homepoint.domain.values import ClauseId, EditionId, Money, Region

T = TypeVar("T")


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Standing(StrEnum):
    """What the program does with a clause."""

    RULE = "rule"  # a rule computes with it
    GUIDANCE = "guidance"  # shown to the owner where it helps
    BACKGROUND = "background"  # kept for completeness; `reason` says why nothing uses it


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a clause or a figure was read: a page address or words for it, and the day (or about) it was seen."""

    name: str
    url: str | None
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule of the terms in our own words, with its source.

    `editions` empty means it does not depend on one. `disputed_by` names the contradictions (C-01 ...) it is part of.
    """

    id: ClauseId
    says: str
    topic: str
    standing: Standing
    reason: str | None
    editions: tuple[EditionId, ...]
    source: Source
    confidence: Confidence
    disputed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two or more clauses that do not agree, what each says, and which reading Homepoint takes and why."""

    id: str
    topic: str
    clauses: tuple[ClauseId, ...]
    what: str
    reading: str


@dataclass(frozen=True, slots=True)
class Stated(Generic[T]):
    """A value of the terms together with the clauses that state it; `value` None means no source states it."""

    value: T
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time as the terms give it: either hours (exact to the second) or whole calendar days."""

    hours: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTerms:
    """What one plan product gives in one edition. Benefits hold only for the models on `Edition.benefit_models`."""

    product: PlanProduct
    months: Stated[int]
    replacements: Stated[int]
    flyaways: Stated[int | None]
    repair_discounts: Stated[int | None]
    maintenance: Stated[int | None]
    warranty: Stated[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelList:
    """The models a benefit is offered for; `as_of` says when the list was seen."""

    name: str
    as_of: str
    models: frozenset[str]
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How a plan may go on in one edition.

    `histories` are the sequences of products already bought that may renew. `days_after` is how long after the last
    covered day it is still possible; `needs_replacement_left` whether at least one replacement must remain.
    """

    product: Stated[PlanProduct]
    histories: Stated[tuple[tuple[PlanProduct, ...], ...]]
    days_after: Stated[int]
    max_months: Stated[int | None]
    needs_replacement_left: Stated[bool]
    store_decides: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The set of terms for plans that start between `valid_from` and `valid_to` (both inclusive; None: open end)."""

    id: EditionId
    name: str
    valid_from: date
    valid_to: date | None
    about_dates: str
    because: tuple[ClauseId, ...]
    products: Mapping[PlanProduct, ProductTerms]
    flyaway_lists: tuple[ModelList, ...]
    repair_discount_models: ModelList | None
    maintenance_models: ModelList | None
    reward_models: ModelList | None
    reward_months: Stated[int] | None
    renewal: Renewal
    used_up_ends_plan: Stated[bool]
    notice_hours: Stated[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPurchaseWindow:
    """How long after activation a first plan may be bought: for some categories, in some regions, for some time.

    `regions` None means everywhere. Windows are kept most specific first: a regional one goes before the general one.
    """

    categories: frozenset[Category]
    regions: frozenset[Region] | None
    since: date | None
    until: date | None
    span: Span
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the catalogue. `family` is its series ("Mavic", "Osmo Action").

    `flyaway` is what was seen about flyaway cover, in a word; the rules use the lists of the editions.
    """

    name: str
    category: Category
    family: str
    released: str | None
    flyaway: str
    flyaway_source: str | None
    released_source: str | None = None
    released_confidence: Confidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWarranty:
    """The manufacturer's warranty on one part of some models: months from the start, or None where not found."""

    part: str
    months: int
    condition: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardWarranty:
    """A published table of the manufacturer's warranty by part, for the models it names."""

    models: frozenset[str]
    parts: tuple[PartWarranty, ...]
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredParts:
    """The parts a series' plan covers, by the words of an older edition."""

    families: frozenset[str]
    parts: frozenset[str]
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A price or fee someone published: what, for which model and plan, where, when, how sure.

    `kind` is "plan-price", "damage-fee" (with `use` 1, 2, 3, or None for each), "flyaway-fee", "deposit" or "quota".
    """

    model: str
    plan: str
    kind: str
    use: int | None
    use_and_later: bool
    money: Money
    region: Region
    edition: EditionId | None
    source: Source
    confidence: Confidence
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An official address for one step, or None where no source shows one.

    `confidence` is a `Confidence` or "unverified".
    """

    step: str
    label: str
    url: str | None
    seen: str
    confidence: str
    retired: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A support line: number, hours in its own zone, and where both were read.

    `region` None means all other regions; a phone of None was not found. `channel` is "phone" or "chat".
    """

    region: Region | None
    phone: str | None
    hours: str | None
    source: Source
    confidence: str
    channel: str = "phone"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A cause of loss no plan covers, in plain words."""

    id: ClauseId
    says: str
    note: str | None
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialPrefix:
    """The first characters of a serial and the model they hint at; `disputed` where other tables disagree."""

    prefix: str
    legacy_prefix: str
    model: str
    confidence: Confidence
    note: str
    seen_in: tuple[str, ...] = ()
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterServiceWarranty:
    """The warranty on what DJI repaired or sent: the rest of the original one, or this many days, the longer."""

    days: int
    because: tuple[ClauseId, ...]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The whole catalogue. Build it with `homepoint.catalogue.load_terms()`."""

    version: str
    clauses: Mapping[ClauseId, Clause]
    contradictions: tuple[Contradiction, ...]
    editions: tuple[Edition, ...]  # oldest first
    purchase_windows: tuple[FirstPurchaseWindow, ...]  # most specific first
    models: Mapping[str, Model]
    care_regions: Stated[frozenset[Region]]  # with "EU" spelled out as its members, and "EU" itself
    eu_members: frozenset[Region]
    premium_regions: Stated[frozenset[Region]]
    international_models: ModelList
    covered_parts: tuple[CoveredParts, ...]
    uncovered_parts: Stated[frozenset[str]]
    defect_replacement_days: Stated[int]
    bundle_start_days: Stated[int]
    return_days: Stated[tuple[int, ...]]  # the advised and the agreed periods of an Express Premium return
    standard_warranties: tuple[StandardWarranty, ...]
    warranty_starts: tuple[ClauseId, ...]
    factory_warranty_days: Stated[int]  # without proof of purchase: factory date + this
    after_service: AfterServiceWarranty
    exclusions: tuple[Exclusion, ...]
    figures: tuple[Figure, ...]
    links: tuple[Link, ...]
    contacts: tuple[Contact, ...]
    serial_prefixes: tuple[SerialPrefix, ...]
    reasons: Mapping[Reason, tuple[ClauseId, ...]]
    year_letters: Mapping[str, int]  # factory year by the letter of a 14-character serial

    def edition_on(self, day: date) -> Edition:
        """Return the edition in force on a day; days before the first one get the first."""
        in_force = [edition for edition in self.editions if edition.valid_from <= day]
        return in_force[-1] if in_force else self.editions[0]

    def edition(self, name: EditionId) -> Edition | None:
        """Return an edition by its id, or None where the catalogue has none of that name."""
        return next((edition for edition in self.editions if edition.id == name), None)

    def because(self, reason: Reason) -> tuple[ClauseId, ...]:
        """Return the clauses a reason rests on, the most decisive first."""
        return self.reasons[reason]

    def says(self, ids: Iterable[ClauseId]) -> tuple[Clause, ...]:
        """Return the clauses of these ids, in their order."""
        return tuple(self.clauses[each] for each in ids)

    @cached_property
    def hints(self) -> Mapping[str, tuple[SerialPrefix, ...]]:
        """Serial prefixes by prefix, long (`1581F6Z9`) and short (`6Z9`)."""
        found: dict[str, tuple[SerialPrefix, ...]] = {}
        for entry in self.serial_prefixes:
            for prefix in (entry.prefix, entry.legacy_prefix):
                found[prefix] = (*found.get(prefix, ()), entry)
        return found
