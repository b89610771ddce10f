"""Reads the catalogue's TOML files value by value, so that every fault names its file and entry."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import Never, TypeVar

Kind = TypeVar("Kind", bound=StrEnum)


class CatalogueError(Exception):
    """The catalogue's data are wrong: says in which file and entry, and what."""


class Entry:
    """One table of a file. Each key is taken once; what nobody took is a fault found by `finish`."""

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self.where = where
        self._left = dict(values)

    def fault(self, what: str) -> Never:
        """Raise a `CatalogueError` that names this entry."""
        raise CatalogueError(f"{self.where}: {what}")

    def finish(self) -> None:
        """Raise for a key that has no meaning here."""
        if self._left:
            self.fault(f"unknown key {sorted(self._left)[0]!r}")

    def has(self, key: str) -> bool:
        """Say whether a key is there and not yet taken."""
        return key in self._left

    def is_table(self, key: str) -> bool:
        """Say whether a key holds a table."""
        return isinstance(self._left.get(key), dict)

    def rest(self) -> Mapping[str, object]:
        """Take all keys that are left."""
        left, self._left = self._left, {}
        return left

    def text(self, key: str) -> str:
        """Take a text that must be there and not be blank."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{key!r} must be a text, not {value!r}")
        return value

    def text_if_any(self, key: str) -> str | None:
        """Take a text, or None where the key is missing."""
        return self.text(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts."""
        return texts(self._take(key), f"{self.where}: {key!r}")

    def texts_if_any(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; a missing key is an empty one."""
        return self.texts(key) if self.has(key) else ()

    def number(self, key: str) -> int:
        """Take a whole number that is not negative."""
        return number(self._take(key), f"{self.where}: {key!r}")

    def number_if_any(self, key: str) -> int | None:
        """Take a whole number, or None where the key is missing."""
        return self.number(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Take true or false; without a default the key must be there."""
        if default is not None and not self.has(key):
            return default
        return flag(self._take(key), f"{self.where}: {key!r}")

    def day(self, key: str) -> date:
        """Take a date without a time."""
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(f"{key!r} must be a date, not {value!r}")
        return value

    def day_if_any(self, key: str) -> date | None:
        """Take a date, or None where the key is missing."""
        return self.day(key) if self.has(key) else None

    def one_of(self, key: str, kind: type[Kind]) -> Kind:
        """Take one of the words of an enumeration."""
        return word(self.text(key), kind, self.where)

    def table(self, key: str) -> "Entry":
        """Take a table as an entry of its own."""
        value = self._take(key)
        if not isinstance(value, dict):
            self.fault(f"{key!r} must be a table")
        return Entry(value, self.where)

    def tables(self, key: str, *, named_by: str | None = None) -> tuple["Entry", ...]:
        """Take a list of tables; `named_by` is the key whose value names each of them in a fault."""
        value = self._take(key) if self.has(key) else []
        if not isinstance(value, list):
            self.fault(f"{key!r} must be a list of tables")
        entries = []
        for index, each in enumerate(value, start=1):
            if not isinstance(each, dict):
                self.fault(f"{key} {index} must be a table")
            name = each.get(named_by) if named_by else None
            entries.append(Entry(each, f"{self.where}, {name or f'{key} {index}'}"))
        return tuple(entries)

    def _take(self, key: str) -> object:
        if key not in self._left:
            self.fault(f"{key!r} is missing")
        return self._left.pop(key)


def read(root: Traversable, *path: str) -> Entry:
    """Read one file of the catalogue.

    Raises:
        CatalogueError: it is missing, or is no TOML.
    """
    name = "/".join(path)
    try:
        return Entry(tomllib.loads(root.joinpath(*path).read_text(encoding="utf-8")), name)
    except OSError as error:
        raise CatalogueError(f"{name}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise CatalogueError(f"{name}: {error}") from error


def read_all(root: Traversable, folder: str) -> tuple[Entry, ...]:
    """Read all files of a folder in the order of their names."""
    names = sorted(each.name for each in root.joinpath(folder).iterdir() if each.name.endswith(".toml"))
    return tuple(read(root, folder, name) for name in names)


def number(value: object, where: str) -> int:
    """Return a value that must be a whole number and not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise CatalogueError(f"{where} must be a whole number, not {value!r}")
    return value


def flag(value: object, where: str) -> bool:
    """Return a value that must be true or false."""
    if not isinstance(value, bool):
        raise CatalogueError(f"{where} must be true or false, not {value!r}")
    return value


def texts(value: object, where: str) -> tuple[str, ...]:
    """Return a value that must be a list of different texts and not empty."""
    if not isinstance(value, list) or not value:
        raise CatalogueError(f"{where} must be a list of texts, not {value!r}")
    found: list[str] = []
    for each in value:
        if not isinstance(each, str) or not each.strip():
            raise CatalogueError(f"{where} must hold texts only, not {each!r}")
        found.append(each)
    if len(set(found)) < len(found):
        raise CatalogueError(f"{where} names something twice")
    return tuple(found)


def word(value: str, kind: type[Kind], where: str) -> Kind:
    """Return the member of an enumeration that a text names."""
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(each.value for each in kind)
        raise CatalogueError(f"{where}: {value!r} is none of {known}") from None
