"""Reads the models, the lists of models a benefit is offered for, and the warranty table by part."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from homepoint.catalogue.clauses import clause_ids
from homepoint.catalogue.entry import CatalogueError, Entry
from homepoint.domain.facts import Category
from homepoint.domain.terms import Confidence, Model, ModelList, PartWarranty, StandardWarranty
from homepoint.domain.values import EditionId

LISTS_OF_EDITIONS = ("flyaway", "repair-discount", "maintenance", "reward")
FLYAWAY_WORDS = frozenset({"yes", "not-listed", "care-enterprise-plus", "unknown", "not-applicable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenList:
    """A list of models with what it gives and in which editions; "international" belongs to none."""

    where: str
    gives: str
    editions: tuple[EditionId, ...]
    list: ModelList


def read_models(file: Entry) -> Mapping[str, Model]:
    """Read the models by name."""
    models: dict[str, Model] = {}
    for entry in file.tables("model", named_by="name"):
        model = Model(
            name=entry.text("name"),
            category=entry.one_of("category", Category),
            family=entry.text("family"),
            released=entry.text_if_any("released"),
            flyaway=entry.text("flyaway"),
            flyaway_source=entry.text_if_any("flyaway_source"),
            released_source=entry.text_if_any("released_source"),
            released_confidence=(
                entry.one_of("released_confidence", Confidence) if entry.has("released_confidence") else None
            ),
        )
        if model.flyaway not in FLYAWAY_WORDS:
            entry.fault(f"'flyaway' is none of {', '.join(sorted(FLYAWAY_WORDS))}")
        if model.name in models:
            entry.fault("this model is already there")
        entry.finish()
        models[model.name] = model
    file.finish()
    return models


def read_lists(file: Entry, models: Mapping[str, Model]) -> tuple[GivenList, ...]:
    """Read the lists of models; each model must be in the catalogue."""
    lists = []
    for entry in file.tables("list", named_by="name"):
        given = GivenList(
            where=entry.where,
            gives=entry.text("gives"),
            editions=tuple(EditionId(each) for each in entry.texts_if_any("editions")),
            list=ModelList(
                name=entry.text("name"),
                as_of=entry.text("as_of"),
                models=frozenset(entry.texts("models")),
                because=clause_ids(entry.texts("because")),
            ),
        )
        if given.gives not in (*LISTS_OF_EDITIONS, "international"):
            entry.fault(f"'gives' cannot be {given.gives!r}")
        if (given.gives == "international") is bool(given.editions):
            entry.fault("'editions' stands with every list but the international one")
        check_models(given.list.models, models, entry.where)
        entry.finish()
        lists.append(given)
    file.finish()
    return tuple(lists)


def international_models(lists: Iterable[GivenList]) -> ModelList:
    """Return the one list of models with cover in other countries."""
    found = [each.list for each in lists if each.gives == "international"]
    if len(found) != 1:
        raise CatalogueError("lists.toml: there must be one international list")
    return found[0]


def read_standard_warranties(file: Entry, models: Mapping[str, Model]) -> tuple[StandardWarranty, ...]:
    """Read the warranty table; models with the same lengths share one `StandardWarranty`."""
    because = clause_ids(file.texts("because"))
    all_models = file.texts("models")
    check_models(all_models, models, file.where)
    parts_of: dict[str, list[PartWarranty]] = {name: [] for name in all_models}
    for entry in file.tables("part", named_by="part"):
        part = PartWarranty(
            part=entry.text("part"), months=entry.number("months"), condition=entry.text_if_any("condition")
        )
        names = entry.texts("models") if entry.has("models") else all_models
        for name in names:
            if name not in parts_of:
                entry.fault(f"{name!r} is not among the table's models")
            if any(each.part == part.part for each in parts_of[name]):
                entry.fault(f"{name} already has {part.part!r}")
            parts_of[name].append(part)
        entry.finish()
    file.finish()
    groups: dict[tuple[PartWarranty, ...], list[str]] = {}
    for name, parts in parts_of.items():
        groups.setdefault(tuple(parts), []).append(name)
    return tuple(
        StandardWarranty(models=frozenset(names), parts=parts, because=because) for parts, names in groups.items()
    )


def check_models(names: Iterable[str], models: Collection[str], where: str) -> None:
    """Raise where a model is named that is not in the catalogue."""
    for name in names:
        if name not in models:
            raise CatalogueError(f"{where}: unknown model {name!r}")
