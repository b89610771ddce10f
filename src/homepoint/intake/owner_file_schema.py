"""Holding an owner file against its JSON Schema, with each error said in a plain sentence."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from homepoint.domain.values import FIRST_YEAR, LAST_YEAR
from homepoint.intake.faults import Fault, pointer, shown

FORMAT, VERSION = "homepoint-owner-file", 1


def schema_faults(tree: Any) -> Iterator[Fault]:
    """Yield the faults of form: another format or version alone, otherwise all that the schema finds."""
    if not isinstance(tree, dict):
        yield Fault(pointer="", message=f"is {_kind(tree)}, not an owner file, which is an object {{…}}. {_RIGHT_FILE}")
    elif tree.get("format") != FORMAT:
        found = "is missing" if tree.get("format") is None else f"is {shown(tree['format'])}"
        yield Fault(pointer="/format", message=f'{found}; an owner file has "{FORMAT}". {_RIGHT_FILE}')
    elif (version := tree.get("version")) != VERSION or isinstance(version, bool | float):
        yield Fault(pointer="/version", message=_about_version(version))
    else:
        yield from (_fault(error) for error in _validator().iter_errors(tree))


_RIGHT_FILE = "Choose a file that Homepoint exported."


def _about_version(version: object) -> str:
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        return f"is {shown(version)}: a newer Homepoint wrote this file. Update Homepoint to read it."
    found = "is missing" if version is None else f"is {shown(version)}"
    return f"{found}; this Homepoint reads version {VERSION}. Write {VERSION} if the file was made by hand."


@cache
def _validator() -> jsonschema_rs.Validator:
    text = files("homepoint").joinpath("resources/schemas/owner-file-1.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(text), validate_formats=True)


def _fault(error: jsonschema_rs.ValidationError) -> Fault:
    path, about = list(error.instance_path), error.kind.as_dict()
    if error.kind.name == "required":
        path.append(about["property"])
        return Fault(pointer=pointer(*path), message=_about_missing(str(about["property"])))
    say = _SENTENCES.get(error.kind.name, _about_anything)
    key = str(next((step for step in reversed(path) if isinstance(step, str)), ""))
    return Fault(pointer=pointer(*path), message=say(error.instance, about, key))


def _about_missing(key: str) -> str:
    if key == "time_zone":
        return "is missing. Add the owner's time zone such as Europe/Berlin: days begin and end in it."
    return "is missing. Add it: without it the rest says nothing."


def _about_type(value: Any, about: dict[str, Any], key: str) -> str:
    types = about["types"]
    if value is None:
        return "is null, but must be known here. Fill it in, or take the whole entry out."
    wanted = " or ".join(_WORDS[each] for each in types if each != "null")
    mend = "Correct it, or write null if it is not known." if "null" in types else "Correct it."
    found = _kind(value) if isinstance(value, dict | list) else shown(value)
    return f"is {found}, but must be {wanted}. {mend}"


def _about_enum(value: Any, about: dict[str, Any], key: str) -> str:
    options = about["options"]
    mend = " Choose one of them, or write null if it is not known." if None in options else " Choose one of them."
    return f"is {shown(value)}, but must be one of: {', '.join(each for each in options if each)}.{mend}"


def _about_format(value: Any, about: dict[str, Any], key: str) -> str:
    text = str(value)
    years = f"the years {FIRST_YEAR} to {LAST_YEAR - 1}"
    if re.match(r"\d{4}-\d\d-\d\d", text) and not FIRST_YEAR <= int(text[:4]) < LAST_YEAR:
        return f"is {shown(value)}, which is outside {years}. Correct the year."
    if about["format"] == "date":
        return f"is {shown(value)}, not a date such as 2025-03-10. Correct it, or write null if it is not known."
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", text):
        return f"is {shown(value)}, which has no time zone. Add an offset such as +01:00, or Z for UTC."
    return f"is {shown(value)}, not an instant such as 2025-03-10T11:00:00+01:00. Correct it, or write null."


def _about_pattern(value: Any, about: dict[str, Any], key: str) -> str:
    return f"is {shown(value)}, but must be {_PATTERNS.get(key, 'written otherwise')}. Correct it."


def _about_bound(value: Any, about: dict[str, Any], key: str) -> str:
    return f"is {shown(value)}, which is out of range (limit {about['limit']}). Correct it, or write null if not known."


def _about_length(value: Any, about: dict[str, Any], key: str) -> str:
    if value == "":
        return "is empty. Fill it in, or write null where that is allowed."
    return f"is {len(value)} characters long; at most {about['limit']} are kept. Shorten it."


def _about_anything(value: Any, about: dict[str, Any], key: str) -> str:
    return f"is {shown(value)}, which does not fit. Correct it as docs/formats.md says."


def _kind(value: Any) -> str:
    return shown(value) if isinstance(value, dict | list) else f"the value {shown(value)}"


_SENTENCES = {
    "type": _about_type,
    "enum": _about_enum,
    "format": _about_format,
    "pattern": _about_pattern,
    "minimum": _about_bound,
    "maximum": _about_bound,
    "minLength": _about_length,
    "maxLength": _about_length,
}
_WORDS = {
    "string": "text in quotation marks",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object {…}",
    "array": "a list […]",
}
_PATTERNS = {
    "region": "two capital letters such as DE or US",
    "service_region": "two capital letters such as DE or US",
    "amount": 'decimal text such as "159.00", not negative',
    "currency": "three capital letters such as EUR",
    "sha256": "the 64 hexadecimal digits of a SHA-256",
}
