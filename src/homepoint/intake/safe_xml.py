"""The one door for XML from outside: no document types, no entities, no references to other places, no floods."""

from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError

from homepoint.application.problems import HomepointError

MOST_ELEMENTS = 500_000
FEWEST_BYTES_AN_ELEMENT = 10
"""Fewer, over a hundred thousand elements, is no map: its shortest, <ele>5</ele>, has twelve."""

MOST_LEVELS = 200
_CHUNK = 64 * 1024


class Listener(Protocol):
    """Hears an XML file from its beginning to its end. Names have their namespace in braces before them."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Hear an element begin."""
        ...

    def end(self, tag: str) -> None:
        """Hear an element end."""
        ...

    def data(self, text: str) -> None:
        """Hear a piece of text."""
        ...


class _Guard:
    """Passes on what is heard until it becomes a flood."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._elements = self._levels = 0
        self.data = listener.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._levels += 1
        if self._elements > MOST_ELEMENTS or self._levels > MOST_LEVELS:
            raise _flood()
        self._listener.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._levels -= 1
        self._listener.end(tag)

    def check_density(self, read_bytes: int) -> None:
        """Stop a file that is little else than tags."""
        if self._elements > 100_000 and read_bytes < self._elements * FEWEST_BYTES_AN_ELEMENT:
            raise _flood()

    def close(self) -> None:
        """Hear the end of the file."""


def listen(data: bytes, listener: Listener) -> bool:
    """Read XML into a listener, and say whether it was whole; what stands before a fault has been heard.

    Raises:
        HomepointError: it has a document type, entities or references to other places, or too many elements.
    """
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # it ships no types

    guard = _Guard(listener)
    parser = DefusedXMLParser(target=guard, forbid_dtd=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            guard.check_density(start + _CHUNK)
        parser.close()
    except (ParseError, LookupError):  # LookupError: an encoding nobody knows
        return False
    except ValueError as error:
        raise _refusal(error) from error
    return True


def tree(data: bytes) -> Element | None:
    """Return small XML as a tree, or None where it is broken or not safe."""
    from defusedxml.ElementTree import fromstring

    try:
        root: Any = fromstring(data, forbid_dtd=True)
    except (ParseError, LookupError, ValueError):
        return None
    return root if isinstance(root, Element) else None


def _flood() -> HomepointError:
    return HomepointError("This XML file is far larger or deeper than any map file.", "Choose another file.")


def _refusal(error: ValueError) -> HomepointError:
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types

    if isinstance(error, DefusedXmlException):
        return HomepointError(
            "This file was refused: it has a document type or entities, with which an XML file can do harm.",
            "Export it again; map files need neither.",
        )
    return HomepointError("This is no XML that can be read.", "Export the file again.")
