"""A fault in a file from outside: where it is, and what is wrong and how to mend it."""

import json
from dataclasses import dataclass

MOST_FAULTS = 100
"""More than these are not listed: whoever has a hundred faults to mend starts with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a file. `pointer` is a JSON pointer (RFC 6901), empty where the file as a whole is meant."""

    pointer: str
    message: str

    @property
    def place(self) -> str:
        """The pointer as it is shown, on one line."""
        return _printable(self.pointer) or "(whole file)"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def pointer(*path: str | int) -> str:
    """Return the JSON pointer of a path of keys and indexes."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def shown(value: object) -> str:
    """Return a value as a message may quote it: on one line, and short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str) and len(value) > 50:
        value = value[:50] + "…"
    return _printable(json.dumps(value, ensure_ascii=False))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
