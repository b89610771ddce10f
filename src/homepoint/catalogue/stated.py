"""Gathers the values that clauses state, by edition and plan product, each once and with its clauses."""

from collections.abc import Iterable
from dataclasses import dataclass

from homepoint.catalogue.clauses import Written
from homepoint.catalogue.entry import CatalogueError, flag, number, texts, word
from homepoint.domain.facts import PlanProduct
from homepoint.domain.terms import Stated
from homepoint.domain.values import ClauseId, EditionId

# How to add a value: name it here, state it with a clause (`sets`), take it where the terms are put together.
PRODUCT_VALUES = frozenset({"months", "replacements", "flyaways", "repair_discounts", "maintenance", "warranty"})
EDITION_VALUES = frozenset(
    {
        "renewal_product",
        "renewal_histories",
        "renewal_days_after",
        "renewal_max_months",
        "renewal_needs_replacement_left",
        "renewal_store_decides",
        "used_up_ends_plan",
        "notice_hours",
        "reward_months",
    }
)
CATALOGUE_VALUES = frozenset(
    {
        "care_regions",
        "premium_regions",
        "uncovered_parts",
        "defect_replacement_days",
        "bundle_start_days",
        "return_advised_days",
        "return_agreed_days",
        "warranty_starts",
        "factory_warranty_days",
        "after_service_days",
    }
)
MAY_BE_NOT_FOUND = frozenset({"flyaways", "repair_discounts", "maintenance", "renewal_max_months"})


@dataclass(frozen=True, slots=True)
class Place:
    """What a value belongs to: an edition and a product, an edition, or the whole catalogue."""

    name: str
    edition: EditionId | None = None
    product: PlanProduct | None = None

    def __str__(self) -> str:
        """Return the place in words, for a fault."""
        return " of ".join(str(each) for each in (repr(self.name), self.product, self.edition) if each is not None)


@dataclass(frozen=True, slots=True)
class _Setting:
    value: object
    because: tuple[ClauseId, ...]
    where: str


class StatedValues:
    """All values of the catalogue; asking for one that no clause states, or in the wrong shape, is a fault."""

    def __init__(self, written: Iterable[Written]) -> None:
        self._settings: dict[Place, _Setting] = {}
        for each in written:
            for name in each.not_found:
                if name not in MAY_BE_NOT_FOUND:
                    raise CatalogueError(f"{each.where}: {name!r} cannot be left not found")
                self._set(each, name, None)
            for name, value in each.sets.items():
                self._set(each, name, value)

    def _set(self, written: Written, name: str, value: object) -> None:
        for place in _places(written, name):
            earlier = self._settings.get(place)
            if earlier:
                raise CatalogueError(f"{written.where}: {place} is already set by {earlier.where}")
            self._settings[place] = _Setting(value, (written.clause.id, *written.because), written.where)

    def number(self, place: Place) -> Stated[int]:
        """Return a whole number and its clauses."""
        setting = self._setting(place)
        return Stated(number(setting.value, f"{setting.where}: {place}"), setting.because)

    def number_if_found(self, place: Place) -> Stated[int | None]:
        """Return a whole number, or None where a clause says that it was not found."""
        setting = self._setting(place)
        if setting.value is None:
            return Stated(None, setting.because)
        return Stated(number(setting.value, f"{setting.where}: {place}"), setting.because)

    def number_if_stated(self, place: Place) -> Stated[int] | None:
        """Return a whole number, or None where no clause speaks of it at all."""
        return self.number(place) if place in self._settings else None

    def flag(self, place: Place) -> Stated[bool]:
        """Return true or false and its clauses."""
        setting = self._setting(place)
        return Stated(flag(setting.value, f"{setting.where}: {place}"), setting.because)

    def clauses_if_true(self, place: Place) -> tuple[ClauseId, ...]:
        """Return the clauses that say yes; none where no clause speaks of it, or it says no."""
        stated = self.flag(place) if place in self._settings else None
        return stated.because if stated and stated.value else ()

    def texts(self, place: Place) -> Stated[tuple[str, ...]]:
        """Return a list of texts and its clauses."""
        setting = self._setting(place)
        return Stated(texts(setting.value, f"{setting.where}: {place}"), setting.because)

    def numbers(self, place: Place) -> Stated[tuple[int, ...]]:
        """Return a list of whole numbers and its clauses."""
        setting = self._setting(place)
        where = f"{setting.where}: {place}"
        if not isinstance(setting.value, list):
            raise CatalogueError(f"{where} must be a list of whole numbers")
        return Stated(tuple(number(each, where) for each in setting.value), setting.because)

    def product(self, place: Place) -> Stated[PlanProduct]:
        """Return a plan product and its clauses."""
        setting = self._setting(place)
        return Stated(word(str(setting.value), PlanProduct, setting.where), setting.because)

    def histories(self, place: Place) -> Stated[tuple[tuple[PlanProduct, ...], ...]]:
        """Return sequences of plan products and their clauses."""
        setting = self._setting(place)
        where = f"{setting.where}: {place}"
        if not isinstance(setting.value, list) or not all(isinstance(each, list) for each in setting.value):
            raise CatalogueError(f"{where} must be a list of lists")
        found = tuple(tuple(word(str(each), PlanProduct, where) for each in history) for history in setting.value)
        return Stated(found, setting.because)

    def _setting(self, place: Place) -> _Setting:
        if place not in self._settings:
            raise CatalogueError(f"clauses: no clause states {place}")
        return self._settings[place]


def _places(written: Written, name: str) -> tuple[Place, ...]:
    editions, products = written.clause.editions, written.products
    if name not in PRODUCT_VALUES | EDITION_VALUES | CATALOGUE_VALUES:
        raise CatalogueError(f"{written.where}: unknown value {name!r}")
    if name in PRODUCT_VALUES:
        if not editions or not products:
            raise CatalogueError(f"{written.where}: {name!r} needs 'editions' and 'products'")
        return tuple(Place(name, edition, product) for edition in editions for product in products)
    if products:
        raise CatalogueError(f"{written.where}: {name!r} does not belong to a product")
    if name in EDITION_VALUES:
        if not editions:
            raise CatalogueError(f"{written.where}: {name!r} needs 'editions'")
        return tuple(Place(name, edition) for edition in editions)
    if editions:
        raise CatalogueError(f"{written.where}: {name!r} does not belong to an edition")
    return (Place(name),)
