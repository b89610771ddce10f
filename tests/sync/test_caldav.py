"""Publishing to a calendar server: a real Radicale, and a server that misbehaves as told."""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from icalendar import Calendar, Component

from homepoint.application.calendar import CalendarEvent, IssueState, Kept, next_issue
from homepoint.application.calendar_publishing import Publication, publish, withdraw
from homepoint.application.problems import HomepointError
from homepoint.documents import calendar as text
from homepoint.sync.caldav import CaldavCalendar, DavSession
from tests import builders as make
from tests.sync.radicale_server import PASSWORD, USER, RunningRadicale, radicale

_NUMBERS = count(1)
NOW, DAY, HOUR = make.NOW, timedelta(days=1), timedelta(hours=1)
BUY = CalendarEvent(
    uid=f"{'a' * 32}@homepoint",
    title="Buy a care plan: Kestrel 鷹",
    starts=datetime(2026, 5, 6, 10, 30, tzinfo=UTC),
    description="After this, …",
    alarms=(24 * HOUR, HOUR),
)
RENEW = CalendarEvent(uid=f"{'b' * 32}@homepoint", title="Renew", starts=date(2026, 6, 16), alarms=(30 * DAY,))
MOVED = replace(RENEW, starts=date(2026, 7, 1))
STRANGER = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\n"
    b"DTSTAMP:20260101T000000Z\r\nDTSTART:20260601T080000Z\r\nSUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def no_sleep(seconds: float) -> None:
    """Stand in for waiting where no waiting may happen."""
    raise AssertionError(f"waited for {seconds} s")


def calendar_at(address: str, user: str = USER, password: str = PASSWORD) -> CaldavCalendar:
    """Return a calendar that is asked without ever waiting."""
    return CaldavCalendar(address, DavSession(address, user, password, sleep=no_sleep))


def sent(address: str, *events: CalendarEvent, kept: Kept | None = None, days: float = 0) -> Publication:
    """Publish events some days after NOW."""
    calendar = calendar_at(address)
    try:
        return publish(events, kept or Kept(), calendar, text, NOW + timedelta(days=days))
    finally:
        calendar.close()


# -- Radicale ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRadicale]:
    """A Radicale for all tests of this module."""
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


@pytest.fixture
def address(server: RunningRadicale) -> Iterator[str]:
    """A fresh calendar with an event of somebody else, and one with a name like ours; both must stay as they were."""
    made = server.calendar(f"deadlines-{next(_NUMBERS)}")
    strange = [f"{made}dentist.ics", f"{made}homepoint-notes.ics"]
    for number, each in enumerate(strange):
        assert server.ask("PUT", each, STRANGER.replace(b"dentist", b"%d" % number)).status_code == 201
    before = [server.ask("GET", each) for each in strange]
    yield made
    after = [server.ask("GET", each) for each in strange]
    assert [(each.status_code, each.content, each.headers["ETag"]) for each in after] == [
        (200, each.content, each.headers["ETag"]) for each in before
    ]


def there(server: RunningRadicale, address: str) -> dict[str, Component]:
    """Return Homepoint's events as the server hands out the whole calendar."""
    events = Calendar.from_ical(server.ask("GET", address).content).walk("VEVENT")
    return {str(event["UID"]): event for event in events if str(event["UID"]).endswith("@homepoint")}


def test_radicale_takes_every_event_as_it_was_written(server: RunningRadicale, address: str) -> None:
    done = sent(address, BUY, RENEW)
    assert (done.sent, done.removed) == (2, 0)
    found = there(server, address)
    assert set(found) == {BUY.uid, RENEW.uid}
    assert str(found[BUY.uid]["SUMMARY"]) == BUY.title
    assert found[BUY.uid].decoded("DTSTART") == BUY.starts
    assert [alarm.decoded("TRIGGER") for alarm in found[BUY.uid].walk("VALARM")] == [-24 * HOUR, -HOUR]


def test_radicale_takes_a_whole_file_as_a_calendar(server: RunningRadicale) -> None:
    content = text.calendar_text(next_issue([BUY, RENEW], {}, NOW).events, "Homepoint deadlines")
    imported = f"{server.address}/{USER}/imported-{next(_NUMBERS)}/"
    assert server.ask("PUT", imported, content).status_code == 201
    assert set(there(server, imported)) == {BUY.uid, RENEW.uid}
    assert calendar_at(imported).test().name == "Homepoint deadlines"


def test_what_did_not_change_is_not_sent_again(server: RunningRadicale, address: str) -> None:
    first = sent(address, BUY, RENEW)
    again = sent(address, BUY, RENEW, kept=first.kept, days=1)
    assert (again.sent, again.removed, again.kept) == (0, 0, first.kept)


def test_a_changed_event_is_changed_there_and_only_that_one_is_sent(server: RunningRadicale, address: str) -> None:
    kept = sent(address, BUY, RENEW).kept
    done = sent(address, BUY, MOVED, kept=kept, days=1)
    assert done.sent == 1
    found = there(server, address)[RENEW.uid]
    assert (found.decoded("DTSTART"), found["SEQUENCE"]) == (date(2026, 7, 1), 1)


def test_a_met_deadline_is_cancelled_there_and_removed_after_sixty_days(server: RunningRadicale, address: str) -> None:
    kept = sent(address, BUY, RENEW).kept
    done = sent(address, BUY, kept=kept, days=1)
    assert there(server, address)[RENEW.uid]["STATUS"] == "CANCELLED"
    later = sent(address, BUY, kept=done.kept, days=30)
    assert (later.sent, later.removed) == (0, 0)
    over = sent(address, kept=done.kept, days=61)
    assert over.removed == 2
    assert there(server, address) == {}
    assert sent(address, kept=over.kept, days=62).removed == 0


def test_a_computer_that_remembers_nothing_goes_on_where_the_server_is(server: RunningRadicale, address: str) -> None:
    kept = sent(address, RENEW).kept
    kept = sent(address, MOVED, kept=kept, days=1).kept
    same = sent(address, MOVED, days=2)
    assert same.sent == 0
    assert same.kept.records == kept.records
    sent(address, RENEW, days=3)
    assert there(server, address)[RENEW.uid]["SEQUENCE"] == 2


def test_two_computers_do_not_undo_each_other(server: RunningRadicale, address: str) -> None:
    desk = sent(address, BUY, RENEW).kept
    laptop = sent(address, RENEW)  # it has not heard of the new device yet
    assert (laptop.sent, laptop.removed) == (0, 0)
    assert set(there(server, address)) == {BUY.uid, RENEW.uid}
    for day in range(1, 4):
        desk = sent(address, BUY, replace(RENEW, starts=date(2026, 8, day)), kept=desk, days=day).kept
    late = sent(address, BUY, replace(RENEW, starts=date(2026, 8, 20)), kept=laptop.kept, days=5)
    assert there(server, address)[RENEW.uid]["SEQUENCE"] == 4
    assert sent(address, BUY, replace(RENEW, starts=date(2026, 8, 20)), kept=desk, days=6).sent == 0
    assert late.kept.records[RENEW.uid].sequence == 4


def test_a_deadline_ahead_that_was_deleted_there_comes_back(server: RunningRadicale, address: str) -> None:
    kept = sent(address, BUY, RENEW).kept
    assert server.ask("DELETE", f"{address}homepoint-{'b' * 32}.ics").status_code == 200
    assert sent(address, BUY, RENEW, kept=kept).sent == 1
    assert set(there(server, address)) == {BUY.uid, RENEW.uid}


def test_an_alarm_the_owner_added_there_stays_until_the_deadline_changes(server: RunningRadicale, address: str) -> None:
    kept = sent(address, RENEW).kept
    own = f"{address}homepoint-{'b' * 32}.ics"
    edited = server.ask("GET", own).content.replace(b"-P30D", b"-P31D")
    assert server.ask("PUT", own, edited).status_code == 204
    assert sent(address, RENEW, kept=kept).sent == 0
    assert b"-P31D" in server.ask("GET", own).content
    assert sent(address, MOVED, kept=kept).sent == 1
    assert b"-P31D" not in server.ask("GET", own).content


def test_stopping_halfway_is_made_good_by_the_next_round(server: RunningRadicale, address: str) -> None:
    def stop_at_second(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish([BUY, RENEW], Kept(), calendar_at(address), text, NOW, stop_at_second)
    assert len(there(server, address)) == 1
    assert sent(address, BUY, RENEW, days=1).sent == 1
    assert {str(event["SEQUENCE"]) for event in there(server, address).values()} == {"0"}


def test_withdrawing_removes_all_of_ours_and_nothing_else(server: RunningRadicale, address: str) -> None:
    sent(address, BUY, RENEW)
    assert withdraw(calendar_at(address)) == 2
    assert there(server, address) == {}


def test_events_imported_from_a_file_stand_in_the_way_and_it_is_said(server: RunningRadicale, address: str) -> None:
    kept = sent(address, RENEW).kept
    content = server.ask("GET", f"{address}homepoint-{'b' * 32}.ics").content
    server.ask("DELETE", f"{address}homepoint-{'b' * 32}.ics")
    assert server.ask("PUT", f"{address}imported.ics", content).status_code == 201
    with pytest.raises(HomepointError, match="a file made by Homepoint was imported"):
        sent(address, RENEW, kept=kept)


@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_is_said_plainly(server: RunningRadicale, address: str, user: str, password: str) -> None:
    for act in (lambda each: each.test(), lambda each: publish([BUY], Kept(), each, text, NOW)):
        with pytest.raises(HomepointError) as raised:
            act(calendar_at(address, user, password))
        assert raised.value.title == "The calendar's server does not accept the user name or the password."
        assert "app password" in raised.value.advice


def test_a_calendar_is_named_and_lacks_nothing(server: RunningRadicale, address: str) -> None:
    report = calendar_at(address.removesuffix("/")).test()
    assert (report.address, report.lacks, report.calendars) == (address, (), ())
    assert report.name in address


def test_a_list_of_tasks_takes_no_events_and_says_so(server: RunningRadicale) -> None:
    report = calendar_at(server.calendar("tasks", kinds=("VTODO",))).test()
    assert report.lacks == ("This calendar takes no events, only other entries such as tasks.",)


def test_the_folder_above_is_no_calendar_but_names_those_beneath(server: RunningRadicale, address: str) -> None:
    report = calendar_at(f"{server.address}/{USER}/").test()
    assert report.lacks == ("This address is not a calendar.",)
    assert address in {place.address for place in report.calendars}
    assert not any("tasks" in place.address for place in report.calendars)


def test_an_address_without_anything_is_said(server: RunningRadicale) -> None:
    nothing = f"{server.address}/{USER}/nothing/"
    assert calendar_at(nothing).test().lacks == ("There is nothing at this address.",)
    with pytest.raises(HomepointError, match="is not where it was"):
        sent(nothing, BUY)


def test_another_users_calendar_may_not_be_changed(server: RunningRadicale) -> None:
    with pytest.raises(HomepointError, match="does not allow this"):
        calendar_at(f"{server.address}/grace/deadlines/").test()


# -- a server that misbehaves -----------------------------------------------------------------------------------------


class Scripted(ThreadingHTTPServer):
    """A server that gives prepared answers in turn, the last one for ever, and notes what it was asked."""

    def __init__(self, answers: Sequence[tuple[int, dict[str, str], bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.answers, self.asked = list(answers), list[tuple[str, str, str | None]]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/dav/"


class _Answering(BaseHTTPRequestHandler):
    server: Scripted

    def handle_any(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_PROPFIND = do_PUT = do_GET = do_DELETE = handle_any  # noqa: N815  # the names http.server asks for


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> Iterator[Scripted]:
    """A server with the answers of the test's parameter."""
    with Scripted(request.param) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


Answer = tuple[int, dict[str, str], bytes]
EMPTY: Answer = (207, {}, b'<multistatus xmlns="DAV:"/>')


def waits_of(scripted: Scripted) -> tuple[list[float], HomepointError | None]:
    """Ask for the tags and return how long was waited, and what went wrong in the end."""
    waits: list[float] = []
    session = DavSession(scripted.address, USER, PASSWORD, sleep=waits.append)
    try:
        CaldavCalendar(scripted.address, session).tags()
    except HomepointError as problem:
        return waits, problem
    finally:
        session.close()
    return waits, None


@pytest.mark.parametrize(
    ("scripted", "waited"),
    [
        ([(423, {}, b""), (503, {}, b""), EMPTY], [1, 2]),
        ([(429, {"Retry-After": "7"}, b""), EMPTY], [7]),
        ([(429, {"Retry-After": "86400"}, b""), EMPTY], [60]),
        (
            [
                (
                    503,
                    {"Date": "Wed, 21 Oct 2026 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2026 07:28:09 GMT"},
                    b"",
                ),
                EMPTY,
            ],
            [9],
        ),
        ([(503, {"Retry-After": "soon"}, b""), EMPTY], [1]),
    ],
    indirect=["scripted"],
)
def test_a_busy_server_is_given_the_time_it_asks_for(scripted: Scripted, waited: list[float]) -> None:
    assert waits_of(scripted) == (waited, None)


@pytest.mark.parametrize("scripted", [[(503, {}, b"")]], indirect=True)
def test_a_server_that_stays_busy_is_left_alone_after_a_while(scripted: Scripted) -> None:
    waited, problem = waits_of(scripted)
    assert waited == [1, 2, 4]
    assert problem is not None
    assert problem.title == "The calendar's server is busy or out of order (503)."
    assert len(scripted.asked) == 4


@pytest.mark.parametrize("scripted", [[(301, {"Location": "https://example.org/steal/"}, b"")]], indirect=True)
def test_a_redirect_is_told_and_never_followed(scripted: Scripted) -> None:
    report = calendar_at(scripted.address).test()
    assert report.address == "https://example.org/steal/"
    assert report.lacks == ("The server says that the calendar is at https://example.org/steal/.",)
    assert waits_of(scripted)[1] is not None
    assert [asked[:2] for asked in scripted.asked] == [("PROPFIND", "/dav/")] * 2


@pytest.mark.parametrize("scripted", [[(200, {}, b"<html>hello</html>")]], indirect=True)
def test_an_ordinary_web_page_does_not_speak_caldav(scripted: Scripted) -> None:
    assert calendar_at(scripted.address).test().lacks == ("This server does not speak CalDAV.",)


_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>'


@pytest.mark.parametrize("scripted", [[(207, {}, b"<multi")], [(207, {}, b"")], [(207, {}, _BOMB)]], indirect=True)
def test_an_answer_that_cannot_be_read_is_said(scripted: Scripted) -> None:
    problem = waits_of(scripted)[1]
    assert problem is not None
    assert problem.title == "The calendar's server gave an answer that cannot be read."


@pytest.mark.parametrize("scripted", [[EMPTY, (507, {}, b"")]], indirect=True)
def test_a_full_server_is_said(scripted: Scripted) -> None:
    with pytest.raises(HomepointError, match="has no room left"):
        sent(scripted.address, BUY)


@pytest.mark.parametrize("scripted", [[EMPTY]], indirect=True)
def test_logins_and_proxies_of_the_surroundings_are_not_used(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert calendar_at(scripted.address, user="", password="").tags() == {}
    assert scripted.asked == [("PROPFIND", "/dav/", None)]


def test_a_server_out_of_reach_is_said_without_its_inner_words() -> None:
    with Scripted([EMPTY]) as closed:
        address = closed.address
    with pytest.raises(HomepointError) as raised:
        calendar_at(address).tags()
    assert raised.value.title.startswith("The calendar's server 127.0.0.1 did not answer: ")
    assert "object at" not in raised.value.title


def test_certificates_that_are_not_there_are_said(tmp_path: Path) -> None:
    session = DavSession("https://127.0.0.1:9/", USER, PASSWORD, tmp_path / "none.pem", sleep=no_sleep)
    with pytest.raises(HomepointError, match="certificate"):
        CaldavCalendar("https://127.0.0.1:9/", session).tags()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of this computer that no authority knows, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2200, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@pytest.mark.parametrize("scripted", [[EMPTY]], indirect=True)
def test_a_certificate_is_checked_and_one_of_the_owners_own_is_taken_when_named(
    scripted: Scripted, tmp_path: Path
) -> None:
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    scripted.socket = context.wrap_socket(scripted.socket, server_side=True)
    address = scripted.address.replace("http:", "https:")
    known = DavSession(address, USER, PASSWORD, certificate, sleep=no_sleep)
    assert CaldavCalendar(address, known).tags() == {}
    known.close()
    with pytest.raises(HomepointError, match="certificate"):
        calendar_at(address).tags()
    assert len(scripted.asked) == 1, "nothing was said to a server that could be another"


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("http://example.org/dav/", "readable for others"),
        ("http://localhost.example.org/", "readable for others"),
        ("https://ada:secret@example.org/", "holds a user name or a password"),
        ("ftp://example.org/", "not an address"),
        ("example.org/dav", "not an address"),
        ("https://", "not an address"),
        ("https://[::1/", "not an address"),
        ("https://example.org:port/", "not an address"),
        ("", "not an address"),
    ],
)
def test_an_address_that_cannot_be_right_is_turned_down_before_anything_is_sent(typed: str, title: str) -> None:
    with pytest.raises(HomepointError, match=title) as raised:
        DavSession(typed, USER, PASSWORD)
    assert "secret@" not in str(raised.value)


@pytest.mark.parametrize("typed", ["http://localhost:1/", "http://127.0.0.2/", "http://[::1]:8/", "https://x.test/"])
def test_a_safe_address_is_taken(typed: str) -> None:
    DavSession(typed, USER, PASSWORD).close()


def test_the_sessions_own_server_is_the_only_one_asked() -> None:
    session = DavSession("http://127.0.0.1:1/", USER, PASSWORD)
    with pytest.raises(HomepointError, match="names another server"):
        session.ask("GET", "http://127.0.0.1:2/")


def test_a_record_that_was_left_out_stays_left_out(server: RunningRadicale, address: str) -> None:
    kept = sent(address, RENEW).kept
    over = sent(address, kept=kept, days=90)
    assert over.kept.records[RENEW.uid].state is IssueState.LEFT_OUT
    assert over.removed == 1
