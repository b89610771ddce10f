"""Facts as plain JSON values and back, in the words of the owner file.

One table of fields a kind, read from the dataclasses once; the owner file, the database and the history all use it.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from homepoint.domain.values import FIRST_YEAR, LAST_YEAR

_DECODER = json.JSONDecoder()
_DAY_LENGTH = len("2025-03-10")

Plain = Any
"""None, bool, int, float, str, list or dict of these: what `json` reads and writes."""

Reader = Callable[[Plain], Any]
Writer = Callable[[Any], Plain]
F = TypeVar("F")


class NotPortableError(ValueError):
    """A plain value that is no fact; `path` names the field inside it, such as ("steps", 0, "at")."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def to_plain(fact: Any) -> dict[str, Plain]:
    """Return a fact as a JSON object: every field by its name, unknown ones as null, and the extra keys."""
    plain = _plain_fields(fact)
    plain.update(fact.extra)
    return plain


def from_plain(kind: type[F], plain: Mapping[str, Plain]) -> F:
    """Build a fact of a kind from a JSON object; keys the kind does not know go to `extra`.

    Raises:
        NotPortableError: a value has the wrong form, or a required key is missing or null.
    """
    values: dict[str, Any] = {}
    shape = _shape(kind)
    for name, read, _, default in shape:
        value = plain.get(name)
        if value is None:
            if default is MISSING:
                raise NotPortableError(f"needs a value for {name!r}", name)
            continue
        try:
            values[name] = read(value)
        except NotPortableError as fault:
            raise NotPortableError(fault.message, name, *fault.path) from None
    if len(plain) > len(shape) or not plain.keys() <= _names(kind):
        values["extra"] = types.MappingProxyType({key: plain[key] for key in plain if key not in _names(kind)})
    return kind(**values)


def normal_form(kind: type[Any], plain: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return what `to_plain` makes of the fact that `from_plain` makes, in a third of the time.

    Raises:
        NotPortableError: as `from_plain` does.
    """
    readers, required, defaults = _normal(kind)
    found = dict.fromkeys(readers)
    for name, write, default in defaults:
        found[name] = write(default)
    for name, value in plain.items():
        if name not in readers:
            found[name] = value
        elif value is not None:
            try:
                found[name] = readers[name](value)
            except NotPortableError as fault:
                raise NotPortableError(fault.message, name, *fault.path) from None
    for name in required:
        if found[name] is None:
            raise NotPortableError(f"needs a value for {name!r}", name)
    return found


def instant(text: str) -> datetime:
    """Read an RFC 3339 instant with an offset.

    Raises:
        NotPortableError: it is none, has no offset, or lies outside the years facts may name.
    """
    try:
        at = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise NotPortableError(f"{text!r} is not an instant such as 2025-03-10T11:00:00+01:00") from None
    if at.tzinfo is None:
        raise NotPortableError(f"{text!r} has no time zone: add an offset such as +01:00 or Z")
    _check_year(at.year, text)
    return at


def day(text: str) -> date:
    """Read a date as YYYY-MM-DD.

    Raises:
        NotPortableError: it is none, or lies outside the years facts may name.
    """
    try:
        found = date.fromisoformat(text)
        if len(text) != _DAY_LENGTH:
            raise ValueError
    except (ValueError, TypeError):
        raise NotPortableError(f"{text!r} is not a date such as 2025-03-10") from None
    _check_year(found.year, text)
    return found


def _check_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise NotPortableError(f"{text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR - 1}")


def instant_text(at: datetime) -> str:
    """Write an instant as RFC 3339, keeping its offset; UTC ends in Z."""
    text = at.isoformat()
    return text[: -len("+00:00")] + "Z" if text.endswith("+00:00") else text


Shape = tuple[tuple[str, Reader, Writer, Any], ...]
"""For each field: its name, how to read it, how to write it, and its default (MISSING where it is required)."""

_SHAPES: dict[type[Any], Shape] = {}
_NAMES: dict[type[Any], frozenset[str]] = {}


def _shape(kind: type[Any]) -> Shape:
    if kind not in _SHAPES:
        hints = get_type_hints(kind)
        _SHAPES[kind] = tuple(
            (each.name, *_codec(_known(hints[each.name])), _default(each))
            for each in fields(kind)
            if each.name != "extra"
        )
    return _SHAPES[kind]


Normal = tuple[Mapping[str, Reader], tuple[str, ...], tuple[tuple[str, Writer, Any], ...]]
"""How to read each field and write it at once, which ones are required, and those with a default that is not None."""

_NORMALS: dict[type[Any], Normal] = {}


def _normal(kind: type[Any]) -> Normal:
    if kind not in _NORMALS:
        shape = _shape(kind)
        _NORMALS[kind] = (
            {name: _read_and_write(read, write) for name, read, write, _ in shape},
            tuple(name for name, _, _, default in shape if default is MISSING),
            tuple((name, write, each) for name, _, write, each in shape if each is not MISSING and each is not None),
        )
    return _NORMALS[kind]


def _read_and_write(read: Reader, write: Writer) -> Reader:
    return read if write is _same else lambda value: write(read(value))


def from_json(text: str) -> Plain:
    """Read a JSON text as `json.loads` does, in two thirds of the time where nothing surrounds it.

    Raises:
        ValueError: it is none.
    """
    try:
        value, end = _DECODER.raw_decode(text)
    except ValueError:
        value, end = None, -1
    return value if end == len(text) else json.loads(text)


def _names(kind: type[Any]) -> frozenset[str]:
    if kind not in _NAMES:
        _NAMES[kind] = frozenset(name for name, *_ in _shape(kind))
    return _NAMES[kind]


def _plain_fields(value: Any) -> dict[str, Plain]:
    plain = {}
    for name, _, write, _ in _shape(type(value)):
        field = getattr(value, name)
        plain[name] = field if field is None or write is _same else write(field)  # most are unknown or text
    return plain


def _default(each: "Field[Any]") -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _known(hint: Any) -> Any:
    """Return the annotation of a field's value where it is not None: an unknown one is neither read nor written."""
    if get_origin(hint) in (Union, types.UnionType):
        [hint] = [each for each in get_args(hint) if each is not types.NoneType]
    return hint


def _codec(hint: Any) -> tuple[Reader, Writer]:
    """Return how to read and write a value of this annotation."""
    if isinstance(hint, NewType):
        return _codec(hint.__supertype__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        read, write = _codec(_known(hint))
        return read, lambda value: None if value is None else write(value)
    if origin is tuple:
        return _list_codec(*_codec(arguments[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_codec(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enum_reader(hint), str
    return _PLAIN_CODECS[hint]


def _list_codec(read: Reader, write: Writer) -> tuple[Reader, Writer]:
    def read_list(values: Plain) -> tuple[Any, ...]:
        if not isinstance(values, list):
            raise NotPortableError("is not a list")
        found = []
        for index, value in enumerate(values):
            try:
                found.append(read(value))
            except NotPortableError as fault:
                raise NotPortableError(fault.message, index, *fault.path) from None
        return tuple(found)

    return read_list, lambda values: [write(value) for value in values]


def _dataclass_codec(kind: type[Any]) -> tuple[Reader, Writer]:
    def read(value: Plain) -> Any:
        if not isinstance(value, dict):
            raise NotPortableError("is not an object")
        return from_plain(kind, value)

    return read, to_plain if "extra" in {each.name for each in fields(kind)} else _plain_fields


def _enum_reader(kind: type[StrEnum]) -> Reader:
    members = {str(each): each for each in kind}

    def read(value: Plain) -> StrEnum:
        try:
            return members[value]
        except (KeyError, TypeError):
            raise NotPortableError(f"{value!r} is none of {', '.join(kind)}") from None

    return read


def _exactly(kind: type[Any], name: str) -> Reader:
    def read(value: Plain) -> Any:
        if type(value) is kind:
            return value
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise NotPortableError(f"{value!r} is not {name}")
        return value

    return read


def _number(value: Plain) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise NotPortableError(f"{value!r} is not a number")
    return float(value)


def _decimal(value: Plain) -> Decimal:
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except ArithmeticError:
        found = None
    if found is None or not found.is_finite():
        raise NotPortableError(f'{value!r} is not an amount such as "159.00"')
    return found


def _same(value: Any) -> Plain:
    return value


_PLAIN_CODECS: Mapping[Any, tuple[Reader, Writer]] = {
    str: (_exactly(str, "text"), _same),
    bool: (_exactly(bool, "true or false"), _same),
    int: (_exactly(int, "a whole number"), _same),
    float: (_number, _same),
    Decimal: (_decimal, str),
    date: (day, date.isoformat),
    datetime: (instant, instant_text),
}
