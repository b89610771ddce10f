"""What no well-behaved server does on demand: redirects, refusals, busy times, broken and hostile answers."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.replication import Trouble
from homepoint.sync import multistatus
from homepoint.sync.multistatus import listed
from homepoint.sync.patience import Patience, asked_wait
from homepoint.sync.remote import Listed, NotThere, RemoteError
from homepoint.sync.web_address import is_same_server, web_folder
from homepoint.sync.webdav import WebDavRemote

DATE = "Thu, 26 Nov 2026 12:00:00 GMT"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the toy server says. A `length` other than the body's own is a lie; None of it means: until I hang up."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    date: str | None = DATE
    length: int | None = -1


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the toy server was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class ToyServer:
    """Says what it is told to, in order, the last answer for ever; and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self._answers: list[Answer] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"toy": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/dav/"

    def says(self, *answers: Answer) -> None:
        self._answers = list(answers)

    def next_answer(self) -> Answer:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers for the toy server."""

    protocol_version = "HTTP/1.1"
    toy: ClassVar[ToyServer]

    def setup(self) -> None:
        super().setup()
        self.toy.connections += 1

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:  # the client has had enough
            self.close_connection = True

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.toy.asked.append(Asked(method=self.command, path=self.path, headers=dict(self.headers.items()), body=body))
        answer = self.toy.next_answer()
        self.send_response_only(answer.status)
        if answer.date is not None:
            self.send_header("Date", answer.date)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.length is not None:
            self.send_header("Content-Length", str(len(answer.body) if answer.length < 0 else answer.length))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = answer.length is None or answer.length > len(answer.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def toy() -> Iterator[ToyServer]:
    server = ToyServer()
    yield server
    server.close()


@dataclass
class Waits:
    """Remembers what was slept instead of sleeping it."""

    seconds: list[float] = field(default_factory=list)

    def patience(self, tries: int = 5) -> Patience:
        return Patience(tries=tries, sleep=self.seconds.append, random=lambda: 1.0)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def remote(toy: ToyServer, waits: Waits) -> Iterator[WebDavRemote]:
    opened = WebDavRemote(toy.address, "user", "password", patience=waits.patience())
    yield opened
    opened.close()


def _listing(*hrefs: str) -> bytes:
    entries = "".join(
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop><d:getcontentlength>5</d:getcontentlength></d:prop>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
        for href in hrefs
    )
    return f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">{entries}</d:multistatus>'.encode()


EMPTY = Answer(status=207, body=_listing())


def _trouble(ask: Callable[[], object]) -> tuple[Trouble, str]:
    with pytest.raises(RemoteError) as failure:
        ask()
    return failure.value.trouble, failure.value.details


# ---- redirects ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_request_is_not_sent_on_and_says_where_it_would_have_gone(
    status: int, toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(Answer(status=status, headers={"Location": "/elsewhere/"}))
    for ask in (
        lambda: remote.put("l", "a.hp", b"content"),
        lambda: remote.get("l", "a.hp", 10),
        lambda: remote.list("l"),
        lambda: remote.delete("l", "a.hp"),
    ):
        trouble, words = _trouble(ask)
        assert trouble is Trouble.SERVER
        assert "/elsewhere/" in words
    assert toy.methods == ["PUT", "GET", "PROPFIND", "DELETE"]


@pytest.mark.parametrize("status", [301, 308])
def test_the_test_follows_a_lasting_redirect_on_the_same_server_and_goes_on_there(
    status: int, toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(Answer(status=status, headers={"Location": "/new/place?x=1"}), EMPTY)
    report = remote.test()
    assert report.address == toy.address.replace("/dav/", "/new/place/")
    assert [asked.path for asked in toy.asked[:2]] == ["/dav/", "/new/place/"]
    assert {asked.path[:11] for asked in toy.asked[1:]} == {"/new/place/"}


def test_the_test_never_gives_the_password_to_another_server(
    toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    other = ToyServer()
    other.says(EMPTY)
    toy.says(Answer(status=301, headers={"Location": other.address}))
    report = remote.test()
    other.close()
    assert other.asked == []
    assert report.address == other.address
    assert f"sends on to {other.address}, which is another server" in report.lacks[0]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_the_test_takes_a_passing_redirect_for_a_page_that_is_no_webdav(
    status: int, toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(Answer(status=status, headers={"Location": "/login"}))
    report = remote.test()
    assert report.lacks == (f"There is no WebDAV at this address. It sends on to {toy.address[:-5]}/login.",)
    assert toy.methods == ["PROPFIND"]


def test_redirects_in_a_circle_come_to_an_end(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=301, headers={"Location": "/dav/"}))
    assert _trouble(remote.test)[0] is Trouble.SERVER
    assert len(toy.asked) <= 5


# ---- signing in --------------------------------------------------------------------------


def test_user_and_password_are_sent_at_once_in_utf8(toy: ToyServer) -> None:
    toy.says(EMPTY)
    WebDavRemote(toy.address, "Zoë", "Łódź").list("l")
    assert toy.asked[0].headers["Authorization"] == "Basic Wm/DqzrFgcOzZMW6"
    assert len(toy.asked) == 1


def test_without_a_user_nothing_is_sent(toy: ToyServer) -> None:
    toy.says(EMPTY)
    WebDavRemote(toy.address, "", "").list("l")
    assert "Authorization" not in toy.asked[0].headers


def test_a_refusal_at_the_beginning_is_final(toy: ToyServer, remote: WebDavRemote, waits: Waits) -> None:
    toy.says(Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'}))
    assert _trouble(lambda: remote.list("l"))[0] is Trouble.REFUSED
    assert len(toy.asked) == 1
    assert waits.seconds == []


def test_a_refusal_after_a_success_is_asked_about_once_more(toy: ToyServer, remote: WebDavRemote, waits: Waits) -> None:
    refused = Answer(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
    toy.says(EMPTY, refused, EMPTY, refused)
    remote.list("l")
    remote.list("l")
    assert waits.seconds == [1.0]
    assert _trouble(lambda: remote.list("l"))[0] is Trouble.REFUSED
    assert len(toy.asked) == 5


def test_a_way_to_sign_in_that_is_not_known_is_named(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=401, headers={"WWW-Authenticate": "Negotiate"}))
    trouble, words = _trouble(lambda: remote.list("l"))
    assert trouble is Trouble.REFUSED
    assert "Negotiate" in words


@pytest.mark.parametrize(
    "challenge",
    ["Digest", 'Digest realm="x"', 'Digest realm="x", nonce="y", algorithm=NEVER', 'Digest nonce="y", qop="auth-int"'],
)
def test_a_digest_challenge_that_makes_no_sense_is_a_clear_failure(
    challenge: str, toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(Answer(status=401, headers={"WWW-Authenticate": challenge}))
    assert _trouble(lambda: remote.list("l"))[0] in (Trouble.REFUSED, Trouble.SERVER)
    assert len(toy.asked) < 5


def test_a_user_without_rights_is_refused(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=403))
    trouble, words = _trouble(lambda: remote.put("l", "a.hp", b""))
    assert trouble is Trouble.REFUSED
    assert "no right" in words


def test_cookies_are_neither_kept_nor_sent(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=207, body=_listing(), headers={"Set-Cookie": "session=1; Path=/"}))
    remote.list("l")
    remote.list("l")
    assert "Cookie" not in toy.asked[1].headers


def test_what_the_surroundings_say_about_proxies_is_ignored(toy: ToyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.says(EMPTY)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.delenv("no_proxy", raising=False)
    assert WebDavRemote(toy.address, "", "").list("l") == []


# ---- a busy or full server ---------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 423, 425, 429, 500, 502, 503, 504, 520])
def test_a_busy_server_is_asked_again_after_ever_longer_waits(
    status: int, toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    toy.says(*[Answer(status=status)] * 4, Answer(status=200, body=b"content"))
    assert remote.get("l", "a.hp", 10) == b"content"
    assert waits.seconds == [1.0, 2.0, 4.0, 8.0]
    assert remote.requests == 5


@pytest.mark.parametrize("status", [423, 429, 500, 503])
def test_a_server_that_stays_busy_is_left_alone(
    status: int, toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    toy.says(Answer(status=status))
    trouble, words = _trouble(lambda: remote.list("l"))
    assert trouble is Trouble.BUSY
    assert str(status) in words
    assert len(toy.asked) == 5
    assert len(waits.seconds) == 4


@pytest.mark.parametrize("retry_after", ["7", "Thu, 26 Nov 2026 12:00:07 GMT"])
def test_a_server_is_given_the_time_it_asks_for(
    retry_after: str, toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    toy.says(Answer(status=429, headers={"Retry-After": retry_after}), EMPTY)
    remote.list("l")
    assert waits.seconds == [pytest.approx(7.7)]


def test_a_server_that_asks_for_an_hour_is_left_alone_at_once(
    toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    toy.says(Answer(status=503, headers={"Retry-After": "3600"}))
    trouble, words = _trouble(lambda: remote.list("l"))
    assert trouble is Trouble.BUSY
    assert "3600 seconds" in words
    assert waits.seconds == []


def test_waiting_can_be_broken_off(toy: ToyServer) -> None:
    class Stopped(Exception):  # noqa: N818  # what a cancelled job raises is no error
        pass

    def stop(_seconds: float) -> None:
        raise Stopped

    toy.says(Answer(status=503))
    with pytest.raises(Stopped):
        WebDavRemote(toy.address, "", "", patience=Patience(sleep=stop)).list("l")


@pytest.mark.parametrize("status", [413, 507])
def test_a_full_server_is_said_at_once(status: int, toy: ToyServer, remote: WebDavRemote, waits: Waits) -> None:
    toy.says(Answer(status=status))
    assert _trouble(lambda: remote.put("l", "a.hp", b"content"))[0] is Trouble.FULL
    assert toy.methods == ["PUT"]


@given(
    tried=st.integers(1, 60),
    asked=st.none() | st.floats(0, 100),
    drawn=st.floats(0, 1, exclude_max=True),
)
def test_a_pause_is_bounded_and_never_shorter_than_asked(tried: int, asked: float | None, drawn: float) -> None:
    patience = Patience(tries=50, random=lambda: drawn)
    pause = patience.pause(tried, asked)
    assert (pause is None) == (tried >= 50 or (asked is not None and asked > patience.longest))
    if pause is not None:
        assert (asked or 0) <= pause <= patience.longest * 1.1


@pytest.mark.parametrize("nonsense", [None, "", "soon", "-5", "1.5", "Thu, 99 Nov 2026 12:00:07 GMT", "²"])
def test_a_retry_after_that_makes_no_sense_is_no_wish(nonsense: str | None) -> None:
    assert asked_wait(nonsense, DATE) is None


# ---- broken and hostile answers ----------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "list"])
def test_an_answer_shorter_than_it_says_is_no_answer(method: str, toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=200 if method == "get" else 207, body=_listing(), length=10_000))
    ask = (lambda: remote.get("l", "a.hp", 100_000)) if method == "get" else (lambda: remote.list("l"))
    trouble, words = _trouble(ask)
    assert trouble is Trouble.OFFLINE
    assert words == "The connection broke off."


def test_an_answer_longer_than_it_says_does_not_spoil_the_next_one(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=200, body=b"content and more", length=7), Answer(status=200, body=b"the next"))
    assert remote.get("l", "a.hp", 100) == b"content"
    assert remote.get("l", "b.hp", 100) == b"the next"


def test_an_object_that_says_it_is_too_large_is_not_read(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=200, body=b"x", length=10**15), Answer(status=200, body=b"small"))
    trouble, words = _trouble(lambda: remote.get("l", "a.hp", 1_000))
    assert trouble is Trouble.DAMAGED
    assert words == "a.hp is larger than 1000 bytes."
    assert remote.get("l", "b.hp", 1_000) == b"small"


def test_an_object_without_a_length_is_read_no_further_than_wanted(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=200, body=b"x" * 30_000_000, length=None))
    assert _trouble(lambda: remote.get("l", "a.hp", 1_000))[0] is Trouble.DAMAGED
    toy.says(Answer(status=200, body=b"x" * 1_000, length=None))
    assert remote.get("l", "a.hp", 1_000) == b"x" * 1_000


def test_etags_of_any_kind_do_not_matter(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=200, body=b"content", headers={"ETag": '"1a2b-gzip"', "Vary": "Accept-Encoding"}))
    assert remote.get("l", "a.hp", 10) == b"content"
    assert toy.asked[0].headers["Accept-Encoding"] == "identity"
    assert not {"If-Match", "If-None-Match", "If"} & set(toy.asked[0].headers)


def test_an_answer_packed_against_our_wish_is_unpacked_within_bounds(toy: ToyServer, remote: WebDavRemote) -> None:
    import gzip

    toy.says(Answer(status=200, body=gzip.compress(b"content"), headers={"Content-Encoding": "gzip"}))
    assert remote.get("l", "a.hp", 100) == b"content"
    toy.says(Answer(status=200, body=gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}))
    assert _trouble(lambda: remote.get("l", "a.hp", 60_000))[0] is Trouble.DAMAGED
    toy.says(Answer(status=200, body=b"no gzip at all", headers={"Content-Encoding": "gzip"}))
    assert _trouble(lambda: remote.get("l", "a.hp", 100))[0] is Trouble.SERVER


def test_a_server_without_a_clock_tells_no_time(toy: ToyServer, remote: WebDavRemote) -> None:
    for nonsense in (None, "", "yesterday", "Thu, 26 Nov 99999 12:00:00 GMT"):
        toy.says(Answer(status=207, body=_listing(), date=nonsense))
        remote.list("l")
        assert remote.server_time is None


def test_the_servers_clock_is_read_from_every_answer(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=404))
    with pytest.raises(NotThere):
        remote.list("l")
    assert remote.server_time == datetime(2026, 11, 26, 12, tzinfo=UTC)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<d:multistatus xmlns:d="DAV:"><d:response><d:href>&b;</d:href></d:response></d:multistatus>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>hello</body></html>",
        b"{}",
        b"\x00\xff\xfe",
        _listing("/dav/homepoint-sync/v1/l/a.hp")[:-20],
        b'<?xml version="1.0" encoding="never-heard-of"?><multistatus xmlns="DAV:"/>',
        b'<?xml version="1.0" encoding="utf-7"?><multistatus xmlns="DAV:"/>',
        b"<multistatus/>",
        b'<multistatus xmlns="DAV:">' + b"<a>" * 100 + b"</a>" * 100 + b"</multistatus>",
        BOMB,
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><multistatus xmlns="DAV:"/>',
    ],
)
def test_a_listing_that_is_none_is_a_clear_failure(body: bytes, toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(Answer(status=207, body=body))
    trouble, words = _trouble(lambda: remote.list("l"))
    assert trouble is Trouble.SERVER
    assert words.startswith("Its list of files")


FRAGMENTS = (
    '<multistatus xmlns="DAV:">', "</multistatus>", "<response>", "</response>", "<href>/l/a.hp</href>", "<href>",
    "<propstat>", "</propstat>", "<status>HTTP/1.1 200 OK</status>", "<status>x</status>", "<getcontentlength>",
    "</getcontentlength>", "7", "<collection/>", "&amp;", "&nbsp;", "<![CDATA[", "]]>", "<!--", "-->", "\x00", "é",
)  # fmt: skip


@given(st.binary(max_size=100), st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join).map(str.encode))
def test_no_bytes_whatever_make_anything_but_a_listing_or_a_clear_failure(noise: bytes, tags: bytes) -> None:
    kept = _listing("/l/a.hp")
    for content in (noise, tags, b'<multistatus xmlns="DAV:">' + tags, kept[: len(noise)], kept[:90] + noise):
        with suppress(RemoteError):
            assert {file.name for file in listed([content[:50], content[50:]], "http://127.0.0.1/l/")} <= {"a.hp"}


def test_a_listing_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multistatus, "MOST_OBJECTS", 100)
    whole = _listing(*(f"/l/{number}.hp" for number in range(100)))
    assert len(listed([whole], "http://127.0.0.1/l/")) == 100
    with pytest.raises(RemoteError, match="no end"):
        listed([_listing(*(f"/l/{number}.hp" for number in range(101)))], "http://127.0.0.1/l/")
    monkeypatch.setattr(multistatus, "MOST_BYTES", len(whole) - 1)
    with pytest.raises(RemoteError, match="no end"):
        listed([whole], "http://127.0.0.1/l/")


# ---- dialects of listings ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("/dav/homepoint-sync/v1/l/a.hp", "a.hp"),
        ("http://127.0.0.1:8080/dav/homepoint-sync/v1/l/a.hp", "a.hp"),
        ("https://another.example/behind/a/front/end/l/a.hp", "a.hp"),
        ("a.hp", "a.hp"),
        ("./a.hp", "a.hp"),
        ("\n  /dav/homepoint-sync/v1/l/a.hp\n", "a.hp"),
        ("/dav/homepoint-sync/v1/l/b%20%28copy%29%20%25%C3%AB.hp", "b (copy) %ë.hp"),
        ("/dav/homepoint-sync/v1/%6c/a%2Ehp", "a.hp"),
        ("/dav/homepoint-sync/v1/l/", None),
        ("/dav/homepoint-sync/v1/l", None),
        ("/dav/homepoint-sync/v1/l/deeper/a.hp", None),
        ("/dav/homepoint-sync/v1/l/..%2F..%2Fa.hp", None),
        ("/dav/homepoint-sync/v1/l/%00", None),
        ("/dav/homepoint-sync/v1/l/.hidden", None),
        ("/dav/homepoint-sync/v1/a/a.hp", None),
        ("http://[broken/l/a.hp", None),
        ("", None),
    ],
)
def test_the_name_of_an_object_is_what_stands_directly_in_the_folder(href: str, name: str | None) -> None:
    objects = listed([_listing(href)], "http://127.0.0.1/dav/homepoint-sync/v1/l/")
    assert objects == ([] if name is None else [Listed(name=name, size=5)])


def _with_properties(properties: str, status: str = "<status>HTTP/1.1 200 OK</status>") -> list[Listed]:
    body = (
        f'<multistatus xmlns="DAV:"><response><href>/l/a.hp</href><propstat><prop>{properties}</prop>{status}'
        "</propstat></response></multistatus>"
    )
    return listed([body.encode()], "http://127.0.0.1/l/")


@pytest.mark.parametrize(
    ("properties", "size"),
    [
        ("<getcontentlength>12</getcontentlength><resourcetype/>", 12),
        ("<getcontentlength> 12\n</getcontentlength>", 12),
        ("<resourcetype/>", None),
        ("<getcontentlength/>", None),
        ("<getcontentlength>-1</getcontentlength>", None),
        ("<getcontentlength>twelve</getcontentlength>", None),
        ('<getcontentlength xmlns="other">12</getcontentlength>', None),
    ],
)
def test_a_size_is_what_the_server_says_or_nothing(properties: str, size: int | None) -> None:
    assert _with_properties(properties) == [Listed(name="a.hp", size=size)]


def test_a_property_that_the_server_does_not_have_says_nothing() -> None:
    missing = "<status>HTTP/1.1 404 Not Found</status>"
    assert _with_properties("<getcontentlength>0</getcontentlength>", missing) == [Listed(name="a.hp", size=None)]
    assert _with_properties("<getcontentlength>7</getcontentlength>", "") == [Listed(name="a.hp", size=7)]


def test_folders_and_what_is_gone_are_no_objects() -> None:
    assert _with_properties("<resourcetype><collection/></resourcetype>") == []
    gone = (
        b'<multistatus xmlns="DAV:"><response><href>/l/a.hp</href><status>HTTP/1.1 404 Not Found</status></response>'
        b"</multistatus>"
    )
    assert listed([gone], "http://127.0.0.1/l/") == []


# ---- what requests look like, and what they cost -----------------------------------------


def test_everything_is_asked_over_one_connection_and_as_every_server_likes_it(
    toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(
        Answer(status=409, body=b"no such folder"),
        Answer(status=405, body=b"is there"),
        Answer(status=201),
        Answer(status=201),
        Answer(status=201, body=b"thank you"),
        EMPTY,
        Answer(status=200, body=b"content"),
        Answer(status=404, body=b"x" * 5_000),
        Answer(status=204),
    )
    remote.put("l", "a b.hp", b"content")
    remote.list("l")
    assert remote.get("l", "a b.hp", 7) == b"content"
    remote.delete("l", "a b.hp")
    remote.delete("l", "a b.hp")
    folder = "/dav/homepoint-sync/v1/l/"
    assert [(asked.method, asked.path) for asked in toy.asked] == [
        ("PUT", f"{folder}a%20b.hp"),
        ("MKCOL", "/dav/homepoint-sync/"),
        ("MKCOL", "/dav/homepoint-sync/v1/"),
        ("MKCOL", folder),
        ("PUT", f"{folder}a%20b.hp"),
        ("PROPFIND", folder),
        ("GET", f"{folder}a%20b.hp"),
        ("DELETE", f"{folder}a%20b.hp"),
        ("DELETE", f"{folder}a%20b.hp"),
    ]
    assert remote.requests == 9
    assert toy.connections == 1
    for asked in toy.asked:
        assert "Transfer-Encoding" not in asked.headers
        assert asked.headers.get("Content-Length", "none") == (
            "none" if asked.method == "GET" else str(len(asked.body))
        )
    assert toy.asked[4].body == b"content"
    assert toy.asked[5].headers["Depth"] == "1"
    assert all(asked.headers["User-Agent"].startswith("Homepoint/") for asked in toy.asked)


@pytest.mark.parametrize("missing", [404, 409, 500])
def test_a_missing_folder_is_made_from_the_top_whatever_the_server_calls_it(
    missing: int, toy: ToyServer, remote: WebDavRemote, waits: Waits
) -> None:
    toy.says(Answer(status=missing), Answer(status=201))
    remote.put("l", "a.hp", b"content")
    assert toy.methods == ["PUT", "MKCOL", "MKCOL", "MKCOL", "PUT", "PUT"]
    assert toy.asked[4].path == "/dav/homepoint-sync/README.txt"
    assert waits.seconds == []


def test_the_page_for_people_is_no_condition(toy: ToyServer, remote: WebDavRemote) -> None:
    made = Answer(status=201)
    toy.says(Answer(status=409), made, made, made, Answer(status=500), made)
    remote.put("l", "a.hp", b"content")
    assert len(toy.asked) == 6


def test_folders_that_do_not_help_are_not_made_for_ever(toy: ToyServer, remote: WebDavRemote, waits: Waits) -> None:
    toy.says(*[Answer(status=409), *[Answer(status=405)] * 3, Answer(status=409)])
    assert _trouble(lambda: remote.put("l", "a.hp", b"content"))[0] is Trouble.SERVER
    assert len(toy.asked) == 5


def test_a_server_that_is_not_running_is_offline(toy: ToyServer) -> None:
    other = ToyServer()
    other.close()
    remote = WebDavRemote(other.address, "", "")
    for ask in (remote.test, lambda: remote.list("l"), lambda: remote.put("l", "a.hp", b"")):
        trouble, words = _trouble(ask)
        assert trouble is Trouble.OFFLINE
        assert words == "Nothing answers at this address."


# ---- the test of a connection ------------------------------------------------------------


def _script(**spoilt: Answer) -> list[Answer]:
    """Return what a good server says to a test, but for the steps that are spoilt."""
    steps = {
        "arrive": EMPTY,
        "options": Answer(status=200, headers={"DAV": "1", "Server": "Toy/1.0"}),
        "library": Answer(status=404),
        "make": Answer(status=201),
        "write": Answer(status=201),
        "names": Answer(status=207, body=_listing("probe.txt")),
        "read": Answer(status=404),
        "delete": Answer(status=204),
        "remove": Answer(status=204),
    }
    return list({**steps, **spoilt}.values())


NOT_GIVEN_BACK = "It does not give back what it was given."


@pytest.mark.parametrize(
    ("spoilt", "lacks"),
    [
        ({"arrive": Answer(status=405)}, ["There is no WebDAV at this address."]),
        ({"arrive": Answer(status=200, body=b"<html>")}, ["There is no WebDAV at this address."]),
        ({"arrive": Answer(status=404)}, ["There is no folder at this address."]),
        ({"make": Answer(status=405)}, ["It makes no folders."]),
        ({"make": Answer(status=403)}, ["It makes no folders."]),
        ({"write": Answer(status=403)}, ["It takes no files."]),
        ({"write": Answer(status=507)}, ["It takes no files. There is no room left on it."]),
        ({"names": EMPTY}, ["It does not list the files it has.", NOT_GIVEN_BACK]),
        ({"read": Answer(status=200, body=b"else")}, [NOT_GIVEN_BACK]),
        ({"delete": Answer(status=403)}, [NOT_GIVEN_BACK, "It removes no files."]),
    ],
)
def test_what_a_server_lacks_is_said_in_plain_words(
    spoilt: Mapping[str, Answer], lacks: Sequence[str], toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(*_script(**spoilt))
    report = remote.test()
    assert len(report.lacks) == len(lacks)
    for words, start in zip(report.lacks, lacks, strict=True):
        assert words.startswith(start)
    if toy.methods.count("MKCOL") and "make" not in spoilt:
        assert toy.methods[-1] == "DELETE", "the folder of the test is removed"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"Server": "Toy/1.0"}, "Toy/1.0"),
        ({}, "a server without a name"),
        ({"Server": "Apache", "DAV": "1, 3, nextcloud-checksum-update"}, "Apache, Nextcloud"),
        ({"Server": "nginx", "X-Sabre-Version": "4.7.0"}, "nginx, sabre/dav"),
        ({"Server": "x" * 1_000}, "x" * 80),
    ],
)
def test_the_server_is_called_what_it_calls_itself(
    headers: Mapping[str, str], name: str, toy: ToyServer, remote: WebDavRemote
) -> None:
    toy.says(*_script(options=Answer(status=200, headers=headers)))
    assert remote.test().server == name


def test_a_test_that_the_world_interrupts_says_so(toy: ToyServer, remote: WebDavRemote) -> None:
    toy.says(*_script(write=Answer(status=503))[:5])
    assert _trouble(remote.test)[0] is Trouble.BUSY


# ---- addresses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        ("https://cloud.example", "https://cloud.example/"),
        ("https://Cloud.Example:443/dav/", "https://cloud.example/dav/"),
        (" https://cloud.example:8443/my files ", "https://cloud.example:8443/my%20files/"),
        ("https://cloud.example/a%20b?x=1#y", "https://cloud.example/a%20b/"),
        ("http://localhost:8080/dav", "http://localhost:8080/dav/"),
        ("http://127.1.2.3/", "http://127.1.2.3/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://müller.example/dav", "https://müller.example/dav/"),
    ],
)
def test_an_address_has_one_spelling(address: str, folder: str) -> None:
    assert web_folder(address) == folder
    assert web_folder(folder) == folder


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://cloud.example/dav/", "use https://"),
        ("http://localhost.example/", "use https://"),
        ("http://10.0.0.1/", "use https://"),
        ("https://user:secret@cloud.example/", "their own fields"),
        ("ftp://cloud.example/", "is no web address"),
        ("cloud.example/dav", "is no web address"),
        ("https:///dav", "is no web address"),
        ("https://cloud example/", "is no web address"),
        ("https://cloud.example:99999/", "is no web address"),
        ("https://[broken/", "is no web address"),
        ("", "is no web address"),
    ],
)
def test_an_address_to_which_no_password_belongs_is_refused(address: str, words: str) -> None:
    with pytest.raises(RemoteError, match=words):
        WebDavRemote(address, "user", "password")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://cloud.example/dav/", True),
        ("https://CLOUD.example:443/", True),
        ("http://cloud.example/", False),
        ("https://cloud.example:8443/", False),
        ("https://cloud.example.evil/", False),
        ("https://evil/cloud.example/", False),
    ],
)
def test_a_password_goes_only_where_it_went_before(other: str, same: bool) -> None:
    assert is_same_server("https://cloud.example/", other) is same


def test_a_password_may_go_to_the_safer_door_of_this_computer() -> None:
    assert is_same_server("http://localhost:80/", "https://localhost/")
    assert not is_same_server("http://localhost:80/", "https://localhost:9999/")
