"""Reading JSON strictly: whatever two programs could read in two ways is a fault with its place."""

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from homepoint.intake.faults import MOST_FAULTS, Fault, pointer, shown

MOST_BYTES = 256 * 1024 * 1024
MOST_LEVELS = 64
MOST_DIGITS = 300
_BOM = b"\xef\xbb\xbf"


def read_bytes(source: Path, most: int = MOST_BYTES) -> bytes | Fault:
    """Return a file's bytes; one that is not there, is a folder or is too large gives a fault.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        with source.open("rb") as file:
            data = b"" if source.stat().st_size > most else file.read(most + 1)
            if len(data) > most or source.stat().st_size > most:
                return _whole(f"is larger than {most // 1024 // 1024} MB, so it was not read. Choose the right file.")
            return data
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return _whole(f"{source} does not exist. Check how the name is written.")
    except IsADirectoryError:
        return _whole(f"{source} is a folder. Name a file inside it.")


def parse(data: bytes) -> tuple[Any, list[Fault]]:
    """Return what the JSON holds, and its faults: encoding, syntax, doubled keys, numbers that are none, depth."""
    text = _decoded(data)
    if isinstance(text, Fault):
        return None, [text]
    reading = _Reading()
    try:
        tree = json.loads(
            text,
            object_pairs_hook=reading.pairs,
            parse_constant=_Odd,
            parse_float=_number,
            parse_int=_whole_number,
        )
    except json.JSONDecodeError as error:
        return None, [_syntax_fault(error)]
    except RecursionError:
        return None, [_whole(f"is nested too deeply. Take out what lies deeper than {MOST_LEVELS} levels.")]
    halves = re.search(r"\\u[dD][89a-fA-F]", text) is not None
    return tree, list(islice(_slips(tree, halves), MOST_FAULTS))


class _Odd:
    """Stands in the tree where the file has a number that is none, until its place is known."""

    def __init__(self, text: str) -> None:
        self.text = text


class _Doubled(dict[str, Any]):
    """An object in which keys stand twice, until its place is known."""

    doubled: str


class _Reading:
    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None, so `or` goes on
        marked = _Doubled(found)
        marked.doubled = twice
        return marked


def _number(text: str) -> Any:
    value = float(text)
    return _Odd(text) if value in (float("inf"), float("-inf")) else value


def _whole_number(text: str) -> Any:
    return _Odd(text) if len(text) > MOST_DIGITS else int(text)


def _decoded(data: bytes) -> str | Fault:
    start = len(_BOM) if data.startswith(_BOM) else 0
    try:
        text = data[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        place = start + error.start
        return _whole(f"is not UTF-8 text: byte {place} is 0x{data[place]:02x}. Save it again as UTF-8.")
    if not text.strip():
        return _whole("is empty (line 1, column 1). Choose the right file, or export it again.")
    return text


def _syntax_fault(error: json.JSONDecodeError) -> Fault:
    place = f"line {error.lineno}, column {error.colno}"
    if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated"):
        return _whole(f"ends too early ({place}): it was cut off. Copy or export it again.")
    if error.msg == "Extra data":
        return _whole(f"goes on after its end ({place}). Take out what follows the last bracket.")
    found = shown(error.doc[error.pos : error.pos + 1])
    wanted = next((words for start, words in _WANTED.items() if error.msg.startswith(start)), "proper JSON")
    return _whole(f"is not JSON ({place}): {wanted} should stand where {found} is. Mend it, or export it again.")


_WANTED = {
    "Expecting value": "a value",
    "Expecting property name": 'a key in quotation marks (")',
    "Expecting ',' delimiter": "a comma or a closing bracket",
    "Expecting ':' delimiter": "a colon",
    "Invalid control character": "an escaped sign such as \\n",
    "Invalid \\": "a proper escape such as \\n",
}

_Path = tuple["_Path", str | int] | None


def _slips(tree: Any, halves: bool) -> Iterator[Fault]:
    """Yield what JSON's grammar lets pass and this program does not; `halves`: look for halves of characters too."""
    waiting: deque[tuple[Any, _Path, int]] = deque([(tree, None, 1)])
    while waiting:
        value, path, level = waiting.popleft()
        if isinstance(value, _Odd):
            yield _at(path, f"is {shown(value.text)[1:-1]}, which is no number to reckon with. Write a number or null.")
        elif isinstance(value, str):
            if _is_broken(value):
                yield _at(path, "holds half of a character (a lone surrogate). Write the text again.")
        elif level > MOST_LEVELS:
            yield _at(path, f"is nested too deeply. Take out what lies deeper than {MOST_LEVELS} levels.")
        else:
            yield from _slips_of_keys(value, path, halves)
            steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            waiting.extend(
                (inner, (path, step), level + 1)
                for step, inner in steps
                if isinstance(inner, dict | list | _Odd) or (halves and isinstance(inner, str))
            )


def _slips_of_keys(value: Any, path: _Path, halves: bool) -> Iterator[Fault]:
    if isinstance(value, _Doubled):
        yield _at((path, value.doubled), "stands twice in one object. Keep one of the two.")
    if halves and isinstance(value, dict) and any(_is_broken(key) for key in value):
        yield _at(path, "has a key with half of a character (a lone surrogate). Write the key again.")


def _is_broken(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def _at(path: _Path, message: str) -> Fault:
    steps: list[str | int] = []
    while path is not None:
        path, step = path
        steps.append(step)
    return Fault(pointer=pointer(*reversed(steps)), message=message)


def _whole(message: str) -> Fault:
    return Fault(pointer="", message=message)
