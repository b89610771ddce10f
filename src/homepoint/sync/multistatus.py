"""Reads a WebDAV server's listing of a folder, in whatever dialect and however large, without trusting it."""

from collections.abc import Iterable
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import ParseError

from homepoint.application.replication import Trouble
from homepoint.sync.layout import is_object_name
from homepoint.sync.remote import Listed, RemoteError

QUESTION = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><getcontentlength/><resourcetype/></prop></propfind>'
)
"""What is asked about every object: its size, and whether it is a folder."""

MOST_BYTES = 128 * 1024 * 1024
MOST_OBJECTS = 300_000
_MOST_TEXT = 8 * 1024
_MOST_LEVELS = 50


def listed(chunks: Iterable[bytes], folder_url: str) -> list[Listed]:
    """Return the objects that a multistatus answer tells of: what lies directly in the folder and is no folder itself.

    Args:
        chunks: the answer's body, piece by piece.
        folder_url: the address that was asked.

    Raises:
        RemoteError: it is no such answer, or an unsafe or endless one.
    """
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
    from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]  # it ships no types

    answer = _Answer(folder_url)
    parser = DefusedXMLParser(target=answer, forbid_dtd=True)
    read = 0
    try:
        for chunk in chunks:
            read += len(chunk)
            if read > MOST_BYTES:
                raise RemoteError(Trouble.SERVER, "Its list of files has no end.")
            parser.feed(chunk)
        parser.close()
    except (ParseError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise RemoteError(Trouble.SERVER, "Its list of files is no XML that can be read.") from error
    except DefusedXmlException as error:
        raise RemoteError(Trouble.SERVER, "Its list of files has entities, which can do harm.") from error
    except ValueError as error:  # expat: a multi-byte encoding it does not take, a null byte
        raise RemoteError(Trouble.SERVER, "Its list of files cannot be read.") from error
    if not answer.is_multistatus:
        raise RemoteError(Trouble.SERVER, "Its list of files is not as WebDAV wants it.")
    return list(answer.objects.values())


class _Answer:
    """Hears a multistatus answer from its beginning to its end and keeps the objects, never the whole text."""

    def __init__(self, folder_url: str) -> None:
        self.objects: dict[str, Listed] = {}
        self.is_multistatus = False
        self._folder_url = folder_url
        self._folder = urlsplit(folder_url).path.rstrip("/").rpartition("/")[2]
        self._levels = 0
        self._text: list[str] = []
        self._text_length = 0
        self._clear()

    def _clear(self) -> None:
        self._href = ""
        self._size: int | None = None
        self._is_folder = self._is_gone = False
        self._clear_properties()

    def _clear_properties(self) -> None:
        self._told_size: int | None = None
        self._told_folder = False
        self._status = ""
        self._in_properties = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            raise RemoteError(Trouble.SERVER, "Its list of files is nested without end.")
        self._text, self._text_length = [], 0
        match tag:
            case "{DAV:}multistatus" if self._levels == 1:
                self.is_multistatus = True
            case "{DAV:}response":
                self._clear()
            case "{DAV:}propstat":
                self._clear_properties()
                self._in_properties = True
            case "{DAV:}collection":
                self._told_folder = True

    def data(self, text: str) -> None:
        self._text_length += len(text)
        if self._text_length <= _MOST_TEXT:
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._levels -= 1
        text = "".join(self._text).strip()
        match tag:
            case "{DAV:}href" if not self._href:
                self._href = text
            case "{DAV:}getcontentlength" if text.isascii() and text.isdigit():
                self._told_size = int(text[:18])
            case "{DAV:}status" if self._in_properties:
                self._status = text
            case "{DAV:}status":
                self._is_gone = not _is_good(text)
            case "{DAV:}propstat":
                self._take_properties()
            case "{DAV:}response":
                self._take_response()

    def close(self) -> None:
        """Hear the end of the answer."""

    def _take_properties(self) -> None:
        # A block of properties that the server does not have says nothing.
        if _is_good(self._status):
            self._size = self._told_size if self._told_size is not None else self._size
            self._is_folder = self._is_folder or self._told_folder
        self._clear_properties()

    def _take_response(self) -> None:
        name = self._name()
        if name is None or self._is_folder or self._is_gone:
            return
        if len(self.objects) >= MOST_OBJECTS:
            raise RemoteError(Trouble.SERVER, "Its list of files has no end.")
        self.objects[name] = Listed(name=name, size=self._size)

    def _name(self) -> str | None:
        """Return the name of what the address is about, None where it is not directly in the folder.

        Behind a front end a server may tell paths that begin otherwise than those asked for, so only the last two
        parts count.
        """
        try:
            path = urlsplit(urljoin(self._folder_url, self._href)).path
        except ValueError:
            return None
        above, _, name = path.rpartition("/")
        if unquote(above.rpartition("/")[2]) != unquote(self._folder):
            return None
        name = unquote(name)
        return name if is_object_name(name) else None


def _is_good(status: str) -> bool:
    """True for a status line of success, or where there is none: "HTTP/1.1 200 OK"."""
    words = status.split()
    return len(words) < 2 or words[1].startswith("2")
