"""The owner file: all facts of an owner as portable JSON, read with care and written in a stable order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from homepoint.application.problems import HomepointError
from homepoint.domain.activation_codes import hint_of, safe_hint
from homepoint.domain.facts import FACT_KINDS, Fact, Plan, kind_of
from homepoint.domain.portable import NotPortableError, from_plain, to_plain
from homepoint.domain.snapshot import Snapshot, snapshot_of
from homepoint.domain.values import PlanId
from homepoint.intake.faults import MOST_FAULTS, Fault, pointer
from homepoint.intake.owner_file_checks import sense_faults
from homepoint.intake.owner_file_schema import FORMAT, VERSION, schema_faults
from homepoint.intake.strict_json import parse, read_bytes

_KNOWN = frozenset({"format", "version", "time_zone", *FACT_KINDS})
_CODE, _HINT = "activation_code", "activation_code_hint"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFile:
    """What an owner file holds: its facts, and apart from them the activation codes, which are secrets."""

    facts: Snapshot
    codes: Mapping[PlanId, str] = field(repr=False)


def read_owner_file(source: Path | bytes) -> Snapshot | list[Fault]:
    """Return all facts of an owner file, without its codes; see `open_owner_file`."""
    found = open_owner_file(source)
    return found.facts if isinstance(found, OwnerFile) else found


def open_owner_file(source: Path | bytes) -> OwnerFile | list[Fault]:
    """Return what an owner file (a path or its bytes) holds, or what is wrong with it and how to mend it.

    Raises:
        HomepointError: the file is there and cannot be read.
    """
    data = source if isinstance(source, bytes) else _bytes_of(source)
    if isinstance(data, Fault):
        return [data]
    tree, faults = parse(data)
    faults = faults or list(islice(schema_faults(tree), MOST_FAULTS))
    if faults:
        return _counted(faults)
    codes = _codes_taken_out(tree)
    facts = _snapshot(tree)
    return OwnerFile(facts=facts, codes=MappingProxyType(codes)) if isinstance(facts, Snapshot) else facts


def owner_file_text(snapshot: Snapshot) -> str:
    """Return the owner file of these facts: UTF-8 text, keys in a stable order, unknown keys after the known ones.

    No code leaves with it: `activation_code` is null, and the hint stands beside it where there is one.
    """
    kinds: dict[str, list[Any]] = {kind: [] for kind in FACT_KINDS}
    for fact in snapshot.facts():
        kinds[kind_of(fact)].append(_plain_plan(fact) if isinstance(fact, Plan) else to_plain(fact))
    tree = {"format": FORMAT, "version": VERSION, "time_zone": snapshot.zone.key, **kinds, **snapshot.extra}
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False, default=_plain_mapping) + "\n"


def _plain_plan(plan: Plan) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in to_plain(plan).items():
        if name != _HINT:
            plain[name] = value
            continue
        plain[_CODE] = None
        if value is not None:
            plain[name] = value
    return plain


def _codes_taken_out(tree: dict[str, Any]) -> dict[PlanId, str]:
    """Take the codes out of a tree that the schema found right, leave their hints, and return them by plan."""
    codes: dict[PlanId, str] = {}
    for plan in tree.get("plans") or ():
        code, hint = plan.pop(_CODE, None), plan.get(_HINT)
        if code and (told := hint_of(code)):
            codes[PlanId(plan["id"])] = code.strip()
            plan[_HINT] = told
        elif isinstance(hint, str):
            plan[_HINT] = safe_hint(hint)
    return codes


def _bytes_of(source: Path) -> bytes | Fault:
    try:
        return read_bytes(source)
    except OSError as error:
        raise HomepointError(
            f"{source} could not be read: {error.strerror}.", "Check that the file may be read, then try again."
        ) from error


def _counted(faults: list[Fault]) -> list[Fault]:
    if len(faults) < MOST_FAULTS:
        return faults
    return [*faults, Fault(pointer="", message=f"may have more faults than these {MOST_FAULTS}. Mend these first.")]


def _snapshot(tree: Mapping[str, Any]) -> Snapshot | list[Fault]:
    zone = _zone(tree["time_zone"])
    faults = [zone] if isinstance(zone, Fault) else []
    facts: list[Fact] = []
    for kind, fact in FACT_KINDS.items():
        for index, plain in enumerate(tree.get(kind) or ()):
            try:
                facts.append(from_plain(fact, plain))
            except NotPortableError as fault:
                message = f"{fault.message}. Correct it, or write null if it is not known."
                faults.append(Fault(pointer=pointer(kind, index, *fault.path), message=message))
    if faults or isinstance(zone, Fault):
        return _counted(faults[:MOST_FAULTS])
    extra = MappingProxyType({key: value for key, value in tree.items() if key not in _KNOWN})
    snapshot = snapshot_of(zone, facts, extra)
    return _counted(list(islice(sense_faults(snapshot), MOST_FAULTS))) or snapshot


def _zone(name: str) -> ZoneInfo | Fault:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        message = "is no time zone Homepoint knows. Write one such as Europe/Berlin, America/New_York or UTC."
        return Fault(pointer="/time_zone", message=message)


def _plain_mapping(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no part of a fact")
