"""Publishes the owner's deadlines to a calendar on a CalDAV server, and touches nothing there but its own events."""

import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from homepoint.application.calendar_publishing import CalendarPlace, CalendarReport
from homepoint.application.problems import HomepointError

if TYPE_CHECKING:
    from requests import Response

Sleep = Callable[[float], None]

CONNECT_S, READ_S = 10, 60
TRIES = 4
LONGEST_WAIT_S = 60.0
LARGEST_ANSWER = 32 * 1024 * 1024

_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_BUSY = frozenset({423, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_OWN = re.compile(r"homepoint-([0-9a-f]{32})\.ics")
_UID = re.compile(r"([0-9a-f]{32})@homepoint")
_NAMESPACES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
_ASK_TAGS = f"<propfind {_NAMESPACES}><prop><getetag/></prop></propfind>".encode()
_ASK_WHAT = (
    f"<propfind {_NAMESPACES}><prop><resourcetype/><displayname/><current-user-privilege-set/>"
    "<c:supported-calendar-component-set/></prop></propfind>"
).encode()


class DavSession:
    """Requests to one server: no redirects followed, no proxy or login from the surroundings, waits where it is busy.

    Args:
        address: https, or http where the server is this computer.
        user: the user's name on the server; "" for none.
        password: the password of that user.
        certificates: a file with the certificates of a private authority; None for the usual ones.
        sleep: waits for seconds.

    Raises:
        HomepointError: the address is none, or would send the password readable for others.
    """

    def __init__(
        self, address: str, user: str, password: str, certificates: Path | None = None, sleep: Sleep = time.sleep
    ) -> None:
        import requests  # late: the program works offline

        self._faults = requests.RequestException
        self._origin = _origin(address)
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = True if certificates is None else str(certificates)
        if user:
            # As UTF-8, which servers expect; requests itself would write Latin-1, and fail on other letters.
            self._session.auth = requests.auth.HTTPBasicAuth(user.encode(), password.encode())

    def ask(self, method: str, url: str, content: bytes = b"", **headers: str) -> tuple["Response", bytes]:
        """Make one request and return the answer with its content, whatever its status but 401, 403 and "busy".

        `headers` are named with underscores for hyphens.

        Raises:
            HomepointError: out of reach, not allowed, still busy after some waiting, or too large an answer.
        """
        if _origin(url) != self._origin:
            raise HomepointError("The calendar's server names another server.", "Check the calendar's address.")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer, body = self._once(method, url, content, named)
        for tried in range(1, TRIES):
            if answer.status_code not in _BUSY:
                break
            self._sleep(_wait_s(answer, tried))
            answer, body = self._once(method, url, content, named)
        return self._allowed(answer), body

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _once(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> tuple["Response", bytes]:
        try:
            with closing(
                self._session.request(
                    method, url, data=content or None, headers=headers,
                    timeout=(CONNECT_S, READ_S), allow_redirects=False, stream=True,
                )
            ) as answer:  # fmt: skip
                return answer, _read(answer)
        except (self._faults, OSError) as fault:  # a file of certificates that is not there is an OSError
            raise HomepointError(
                f"The calendar's server {urlsplit(url).hostname} did not answer: {_short(fault)}.",
                "Check the connection, the address and, for a server of your own, its certificate; then try again.",
            ) from fault

    def _allowed(self, answer: "Response") -> "Response":
        status = answer.status_code
        if status == 401:
            raise HomepointError(
                "The calendar's server does not accept the user name or the password.",
                "Enter them again; many servers want an app password, made in their own settings.",
            )
        if status == 403:
            raise HomepointError(
                "The calendar's server does not allow this.", "Check that this user may change this calendar."
            )
        if status in _BUSY:
            raise HomepointError(
                f"The calendar's server is busy or out of order ({status}).", "Nothing is lost: try again later."
            )
        return answer


class CaldavCalendar:
    """A calendar collection on a CalDAV server. Only resources named `homepoint-….ics` are read, written or removed."""

    def __init__(self, address: str, session: DavSession) -> None:
        self.address = address if address.endswith("/") else address + "/"
        self._session = session

    def test(self) -> CalendarReport:
        """Say whether the address is a calendar that takes events from this user; changes nothing there."""
        answer, body = self._session.ask("PROPFIND", self.address, _ASK_WHAT, Depth="0", Content_Type="application/xml")
        address = self.address
        if answer.status_code in _MOVED:
            return self._elsewhere(urljoin(address, answer.headers.get("Location", "")))
        if answer.status_code == 404:
            return CalendarReport(name="", address=address, lacks=("There is nothing at this address.",))
        if answer.status_code != 207:
            return CalendarReport(name="", address=address, lacks=("This server does not speak CalDAV.",))
        found = next((each for _, each in _properties(body)), Element("prop"))
        if not _is_calendar(found):
            return CalendarReport(
                name=_name(found),
                address=address,
                lacks=("This address is not a calendar.",),
                calendars=self._beneath(),
            )
        return CalendarReport(name=_name(found), address=address, lacks=tuple(_lacks(found)))

    def tags(self) -> Mapping[str, str]:
        """Return the UIDs of Homepoint's events with their entity tags."""
        body = self._expect("PROPFIND", self.address, _ASK_TAGS, {207}, Depth="1", Content_Type="application/xml")[1]
        named = ((_own_uid(href), found) for href, found in _properties(body))
        return {uid: found.findtext(f"{_DAV}getetag", "") for uid, found in named if uid}

    def get(self, uid: str) -> bytes:
        """Return an event; nothing where it is gone."""
        status, body = self._expect("GET", self._url(uid), b"", {200, 404, 410})
        return body if status == 200 else b""

    def put(self, uid: str, content: bytes) -> None:
        """Write an event, whole."""
        address = self._url(uid)
        kind = "text/calendar; charset=utf-8"
        status, _ = self._expect("PUT", address, content, {200, 201, 204, 409, 412}, Content_Type=kind)
        if status in {409, 412}:
            raise HomepointError(
                "The calendar does not take an event of Homepoint's.",
                "If a file made by Homepoint was imported into it, remove those events there; else check its address.",
            )

    def remove(self, uid: str) -> None:
        """Remove an event; one that is gone is removed already."""
        self._expect("DELETE", self._url(uid), b"", {200, 202, 204, 404, 410})

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _url(self, uid: str) -> str:
        named = _UID.fullmatch(uid)
        if named is None:
            raise ValueError(f"not a UID of Homepoint's: {uid!r}")
        return f"{self.address}homepoint-{named[1]}.ics"

    def _expect(self, method: str, url: str, content: bytes, good: set[int], **headers: str) -> tuple[int, bytes]:
        answer, body = self._session.ask(method, url, content, **headers)
        status = answer.status_code
        if status in good:
            return status, body
        if status in _MOVED or status in {404, 405, 410}:
            raise HomepointError(
                "The calendar is not where it was.", "Test its address in the settings: the server may name a new one."
            )
        if status in {413, 507}:
            raise HomepointError("The calendar's server has no room left.", "Make room there, then try again.")
        raise HomepointError(f"The calendar's server answered with {status}.", "Try again later, or test its address.")

    def _elsewhere(self, address: str) -> CalendarReport:
        return CalendarReport(name="", address=address, lacks=(f"The server says that the calendar is at {address}.",))

    def _beneath(self) -> tuple[CalendarPlace, ...]:
        answer, body = self._session.ask("PROPFIND", self.address, _ASK_WHAT, Depth="1", Content_Type="application/xml")
        if answer.status_code != 207:
            return ()
        return tuple(
            CalendarPlace(name=_name(found), address=urljoin(self.address, href))
            for href, found in _properties(body)
            if _is_calendar(found) and not tuple(_lacks(found))
        )


def _origin(address: str) -> str:
    """Return scheme, host and port of an address; refuse one that would show a password to others."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if not host or parts.scheme not in {"https", "http"}:
        raise HomepointError("This is not an address of a calendar.", "It begins with https:// and the server's name.")
    if parts.username or parts.password:
        raise HomepointError(
            "The address holds a user name or a password.", "Enter them in their own fields, so that they stay secret."
        )
    if parts.scheme == "http" and not _is_this_computer(host):
        raise HomepointError(
            "This address would send your password readable for others.", "Use one that begins with https://."
        )
    return f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 80)}"


def _is_this_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wait_s(answer: "Response", tried: int) -> float:
    """Return how long to wait: what the server says, in seconds or as a date by its own clock, else 1, 2, 4 s."""
    said = answer.headers.get("Retry-After", "")
    wait = float(2 ** (tried - 1))
    if said.isdecimal():
        wait = float(said)
    elif said:
        try:
            until, now = parsedate_to_datetime(said), parsedate_to_datetime(answer.headers["Date"])
            wait = (until - now).total_seconds()
        except (ValueError, TypeError, KeyError):
            pass
    return min(max(wait, 0.0), LONGEST_WAIT_S)


def _read(answer: "Response") -> bytes:
    content = bytearray()
    for piece in answer.iter_content(65536):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise HomepointError("The calendar's server answers with too much.", "Choose a calendar with fewer events.")
    return bytes(content)


def _properties(body: bytes) -> Iterator[tuple[str, Element]]:
    """Yield the address of each resource of a multistatus with the properties it has."""
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it ships no types

    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as fault:
        raise HomepointError(
            "The calendar's server gave an answer that cannot be read.", "Test its address, or try again later."
        ) from fault
    for response in root.iter(f"{_DAV}response"):
        for part in response.iter(f"{_DAV}propstat"):
            found = part.find(f"{_DAV}prop")
            if found is not None and " 200 " in f"{part.findtext(f'{_DAV}status', '')} ":
                yield response.findtext(f"{_DAV}href", "").strip(), found


def _own_uid(href: str) -> str | None:
    named = _OWN.fullmatch(unquote(urlsplit(href).path).rpartition("/")[2])
    return f"{named[1]}@homepoint" if named else None


def _is_calendar(found: Element) -> bool:
    return found.find(f"{_DAV}resourcetype/{_CAL}calendar") is not None


def _lacks(found: Element) -> Iterator[str]:
    """Say what a calendar lacks; where the server does not tell, nothing is lacking."""
    kinds = found.find(f"{_CAL}supported-calendar-component-set")
    if kinds is not None and "VEVENT" not in {each.get("name") for each in kinds}:
        yield "This calendar takes no events, only other entries such as tasks."
    rights = found.find(f"{_DAV}current-user-privilege-set")
    if rights is not None:
        held = {each.tag for each in rights.iterfind(f"{_DAV}privilege/*")}
        if not held & {f"{_DAV}{right}" for right in ("all", "write", "write-content", "bind")}:
            yield "This user may only read this calendar."


def _name(found: Element) -> str:
    return found.findtext(f"{_DAV}displayname", "").strip()


def _short(fault: Exception) -> str:
    """Return the last reason of an error, without the addresses and objects around it."""
    reason = str(fault).rpartition("(Caused by ")[2] or str(fault)
    return re.sub(r"<[^>]*>[,:]?\s*", "", reason).strip("() '\"")[:200] or type(fault).__name__
