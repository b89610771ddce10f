"""`homepoint inspect`: says what files hold, without writing anything."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.intake.readers import read_file
from homepoint.intake.reading import FileKind, Reading

OK, SOME_UNREADABLE = 0, 2


def run(given: Namespace) -> int:
    """Print what each file holds; 2 if one could not be read, whatever the others gave."""
    found = [(file, _held(file)) for file in given.files]
    if given.json:
        objects = [_plain(file, held) for file, held in found]
        print(json.dumps(objects if len(objects) > 1 else objects[0], indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print("\n\n".join("\n".join(_lines(file, held)) for file, held in found if isinstance(held, Reading)))
    problems = [(file, held) for file, held in found if isinstance(held, HomepointError)]
    for file, problem in problems:
        print(f"{_name(file)}: {problem}", file=sys.stderr)
    return SOME_UNREADABLE if problems else OK


def _held(file: Path) -> Reading | HomepointError:
    try:
        return read_file(file)
    except HomepointError as problem:
        return problem


def _plain(file: Path, held: Reading | HomepointError) -> Mapping[str, object]:
    """Return the JSON of one file; a flight record has the agreed keys and no other."""
    if isinstance(held, HomepointError):
        return {"file": _name(file), "problem": held.title, "advice": held.advice}
    if held.kind is FileKind.FLIGHT_RECORD:
        return {"file": _name(file), **held.plain}
    return {"file": _name(file), "kind": held.kind, **held.plain}


def _lines(file: Path, held: Reading) -> list[str]:
    width = max((len(label) for label, _ in held.rows), default=0)
    return [f"{_name(file)}: {held.kind}", *(f"  {label:<{width}}  {text}" for label, text in held.rows)]


def _name(file: Path) -> str:
    """Return a file's name as it can be printed, whatever bytes it is made of."""
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)
