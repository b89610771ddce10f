"""Facts to rows and back, by the fields the facts declare, so that no field is spelled here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from homepoint.domain.facts import FACT_KINDS, Device, Extra, Fact, nothing_extra
from homepoint.domain.portable import from_plain, to_plain
from homepoint.domain.serials import normalised

F = TypeVar("F", bound=Fact)

KIND_NAMES: Mapping[type, str] = {kind: name for name, kind in FACT_KINDS.items()}
"""The table of each type of fact."""


class Form(Enum):
    """How a column holds its field: as it is, as 0 or 1, or as JSON text."""

    SAME = "same"
    FLAG = "flag"
    JSON = "json"


def columns(kind: type) -> tuple[str, ...]:
    """Return the columns that hold a fact's fields, `extra` last."""
    return tuple(_FORMS[kind])


def to_row(fact: Fact) -> dict[str, Any]:
    """Return a fact as the values of its columns, the derived ones included."""
    return plain_to_row(type(fact), to_plain(fact))


def plain_to_row(kind: type, plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `to_row` does, from a fact as `to_plain` gives it."""
    row, extra = dict(plain), None
    if len(plain) >= len(_FORMS[kind]):  # which counts `extra`: there are more fields than the kind knows
        row = {name: plain[name] for name in _FORMS[kind] if name != "extra"}
        extra = {name: plain[name] for name in plain if name not in row}
    for name in _PACKED[kind]:
        row[name] = _stored(row[name])
    row["extra"] = extra_text(extra or {})
    if kind is Device:
        row["serial_key"] = None if row["serial"] is None else normalised(row["serial"])
        row["search_text"] = " ".join(filter(None, (row["nickname"], row["model"], row["serial"]))).casefold()
    return row


def from_row(kind: type[F], values: Sequence[Any]) -> F:
    """Build a fact from the values of `columns(kind)`, in their order."""
    return from_plain(kind, row_to_plain(kind, values))


def row_to_plain(kind: type, values: Sequence[Any]) -> dict[str, Any]:
    """Return a fact as `to_plain` gives it, from the values of `columns(kind)`."""
    plain: dict[str, Any] = {
        name: value if form is Form.SAME or value is None else json.loads(value) if form is Form.JSON else bool(value)
        for (name, form), value in zip(_FORMS[kind].items(), values, strict=True)
    }
    extra = plain.pop("extra") or {}
    return {**extra, **plain}


def to_text(fact: Fact) -> str:
    """Return a fact as one JSON text, as the history keeps it."""
    return json_text(to_plain(fact))


def from_text(kind: str, text: str) -> Fact:
    """Build a fact of a kind ("devices") from its JSON text."""
    return from_plain(FACT_KINDS[kind], json.loads(text))


def json_text(value: object) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def extra_text(extra: Extra) -> str | None:
    """Return unknown keys as JSON text, None where there are none."""
    return json_text(dict(extra)) if extra else None


def extra_from_text(text: str | None) -> Extra:
    """Read unknown keys back."""
    return json.loads(text) if text else nothing_extra()


def utc_text(at: datetime) -> str:
    """Return an instant as UTC text of one width, which sorts as the instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def quoted(names: Iterable[str], table: str) -> str:
    """Return column names for a query: some of them (`to`, `of`) are words of SQL."""
    return ", ".join(f'{table}."{name}"' for name in names)


def _stored(plain: Any) -> Any:
    if isinstance(plain, list | dict):
        return json_text(plain)
    return int(plain) if isinstance(plain, bool) else plain


def _forms(kind: type[Fact]) -> Mapping[str, Form]:
    hints = get_type_hints(kind)
    return {each.name: _form(hints[each.name]) for each in fields(kind) if each.name != "extra"} | {"extra": Form.JSON}


def _form(hint: Any) -> Form:
    for each in (hint, *get_args(hint)):
        if get_origin(each) is tuple or is_dataclass(each):
            return Form.JSON
        if each is bool:
            return Form.FLAG
    return Form.SAME


_FORMS: Mapping[type, Mapping[str, Form]] = {kind: _forms(kind) for kind in FACT_KINDS.values()}
_PACKED: Mapping[type, tuple[str, ...]] = {
    kind: tuple(name for name, form in forms.items() if form is not Form.SAME and name != "extra")
    for kind, forms in _FORMS.items()
}
