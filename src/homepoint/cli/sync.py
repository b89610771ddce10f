"""`homepoint sync …`: share the library with other computers through storage of the owner's, and say how it stands."""

import getpass
import json
import secrets
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homepoint.application.problems import HomepointError
from homepoint.application.replication import Location, RemoteKind, RoundReport, SyncStatus
from homepoint.cli.fleet import zone_of_this_computer
from homepoint.cli.records import evidence_of, library, this_instant
from homepoint.domain.portable import instant_text
from homepoint.presentation.syncing import finding_text, sync_text
from homepoint.presentation.wording import counted
from homepoint.system.people import computer, person

if TYPE_CHECKING:
    from homepoint.storage.library import SqliteLibrary
    from homepoint.sync.synchroniser import Synchroniser

OK, STOPPED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    library: "SqliteLibrary"
    sync: "Synchroniser"
    typed: "_Typed"


class _Typed:
    """What the owner types: lines of the standard input, or answers to questions that do not show on screen."""

    def __init__(self, *, from_stdin: bool) -> None:
        self._from_stdin = from_stdin

    def line(self, question: str, *, shown: bool = False) -> str:
        """Return an answer.

        Raises:
            HomepointError: there is nobody to ask, and no line left.
        """
        found = self.next_line() if self._from_stdin else _asked(question, shown=shown)
        if found is None:
            raise HomepointError(
                f"{question}: nothing was typed.",
                "Type it when asked, or give it as a line of the standard input with --passphrase-stdin.",
            )
        return found

    def next_line(self) -> str | None:
        """Return the next line of the standard input, None where there is none or it is not to be read."""
        line = sys.stdin.readline() if self._from_stdin else ""
        return line.rstrip("\r\n") or None

    @property
    def is_given(self) -> bool:
        """True when secrets come by the standard input."""
        return self._from_stdin


def run(given: Namespace) -> int:
    """Carry out one of the commands; 0 when all went well, 1 when something holds synchronising up."""
    acts: Mapping[str, Callable[[Namespace, _Opened], int]] = {
        "setup": _set_up,
        "join": _join,
        "invite": _invite,
        "now": _now,
        "status": _status,
        "verify": _verify,
        "remove": _remove,
        "passphrase": _passphrase,
        "leave": _leave,
    }
    with _opened(given) as opened:
        return acts[given.act](given, opened)


@contextmanager
def _opened(given: Namespace) -> Iterator[_Opened]:
    from homepoint.storage.replication import SqliteReplica
    from homepoint.sync.places import open_remote
    from homepoint.sync.synchroniser import Synchroniser
    from homepoint.system.secrets import secrets_for

    zone = zone_of_this_computer() if given.act in ("setup", "join") else None
    with library(given.data, zone_for_new=zone) as records:
        folder = records.path.parent
        store = SqliteReplica(records.path, key=records.key)
        synchroniser = Synchroniser(
            store,
            evidence_of(records),
            secrets_for(folder),
            open_remote,
            this_instant,
            computer=computer(),
            person=person(),
        )
        try:
            typed = _Typed(from_stdin=getattr(given, "passphrase_stdin", False))
            yield _Opened(library=records, sync=synchroniser, typed=typed)
        finally:
            store.close()


def _set_up(given: Namespace, opened: _Opened) -> int:
    location = _location(given)
    passphrase = opened.typed.line("New passphrase of the library")
    if not opened.typed.is_given and opened.typed.line("The same passphrase again") != passphrase:
        raise HomepointError("The two passphrases are not the same.", "Nothing was set up; try again.")
    code = opened.sync.set_up(location, _password_for(location, opened), passphrase)
    opened.library.share_settings(this_instant())
    _print_code(code)
    return _tell(opened.sync.round(_progress), opened)


def _join(given: Namespace, opened: _Opened) -> int:
    if given.invitation:
        invitation = opened.typed.line("Invitation", shown=True)
        pin = opened.typed.line("PIN")
        password = opened.typed.next_line() if opened.typed.is_given else _asked("Password of the storage", shown=False)
        opened.sync.accept(invitation, pin, password or "")
    else:
        location = _location(given)
        secret = opened.typed.line("Passphrase or recovery code of the library")
        opened.sync.join(location, _password_for(location, opened), secret)
    return _tell(opened.sync.round(_progress), opened)


def _invite(given: Namespace, opened: _Opened) -> int:
    _unlock(opened)
    pin = f"{secrets.randbelow(1_000_000):06}"
    print(opened.sync.invitation(pin))
    print(f"PIN: {pin}", file=sys.stderr)
    return OK


def _now(given: Namespace, opened: _Opened) -> int:
    _unlock(opened)
    return _tell(opened.sync.round(_progress, refill=given.refill), opened)


def _verify(given: Namespace, opened: _Opened) -> int:
    _unlock(opened)
    return _tell(opened.sync.verify(_progress), opened)


def _remove(given: Namespace, opened: _Opened) -> int:
    current = _unlock(opened)
    if opened.typed.is_given:
        new = opened.typed.next_line() or current
    else:
        new = opened.typed.line("New passphrase of the library")
    if new == current:
        print(
            "homepoint: the passphrase stays the same: whoever knows it and reaches the storage can join again.",
            file=sys.stderr,
        )
    code = opened.sync.remove(given.computer, new or "", _progress)
    print(f"Removed {given.computer}. The library has a new key; the other computers take it over by themselves.")
    _print_code(code)
    print("Change the password of the storage too, so that the removed computer cannot reach it.")
    return OK


def _passphrase(given: Namespace, opened: _Opened) -> int:
    _unlock(opened)
    opened.sync.change_passphrase(opened.typed.line("New passphrase of the library"))
    print("The passphrase is changed. The recovery code stays.")
    return OK


def _leave(given: Namespace, opened: _Opened) -> int:
    opened.sync.leave()
    print("This computer shares no more. Your records are here, and the storage is as it was.")
    return OK


def _status(given: Namespace, opened: _Opened) -> int:
    status = opened.sync.status()
    if given.json:
        print(json.dumps(_plain(status), indent=2, ensure_ascii=False))
        return OK
    if not status.is_set_up:
        print(
            "This library is not synchronised. `homepoint sync setup` begins, `homepoint sync join` shares another's."
        )
        return OK
    text = sync_text(status, this_instant().astimezone(opened.library.zone))
    print(text.place)
    print(text.state)
    for finding in text.findings:
        print(f"!!  {finding.title}\n      -> {finding.advice}")
    for each in text.computers:
        print(f"{each.name:<24} {each.note} ({each.id})")
    return OK


def _unlock(opened: _Opened) -> str | None:
    """Give the passphrase where it is handed over, or where no keyring has the key; return it if it was typed."""
    status = opened.sync.status()
    if status.location is None:
        return None  # the act itself says that nothing is set up
    if not opened.typed.is_given and opened.sync.is_unlocked():
        return None
    passphrase = opened.typed.line("Passphrase of the library")
    opened.sync.unlock(passphrase, _password_for(status.location, opened, is_needed=not opened.sync.has_password()))
    return passphrase


def _location(given: Namespace) -> Location:
    if given.folder is not None:
        return Location(kind=RemoteKind.FOLDER, address=str(given.folder.expanduser().resolve()))
    certificates = None if given.certificates is None else str(given.certificates.expanduser().resolve())
    return Location(kind=RemoteKind.WEBDAV, address=given.webdav, user=given.user or "", certificates=certificates)


def _password_for(location: Location, opened: _Opened, *, is_needed: bool = True) -> str:
    if location.kind is RemoteKind.FOLDER or not location.user or not is_needed:
        return ""
    return opened.typed.line(f"Password of {location.user} at {location.address}")


def _asked(question: str, *, shown: bool) -> str | None:
    if not sys.stdin.isatty():
        return None
    print(f"{question}: ", end="", file=sys.stderr, flush=True)
    return (input() if shown else getpass.getpass("", stream=sys.stderr)) or None


def _print_code(code: str) -> None:
    print(f"Recovery code: {code}")
    print("Print it or write it down. It opens the library when the passphrase is forgotten, and is not shown again.")


def _tell(report: RoundReport, opened: _Opened) -> int:
    """Say what a round did and found."""
    status = opened.sync.status()
    done = "Done" if report.complete else "Stopped"
    print(
        f"{done}: {counted(report.received, 'change')} received, {report.sent} sent, {report.waiting} waiting,"
        f" {counted(report.requests, 'request')}."
    )
    for finding in report.findings:
        text = finding_text(finding, status)
        print(f"homepoint: {text.title} {text.advice}", file=sys.stderr)
    return OK if report.complete else STOPPED


def _progress(done: int, total: int, words: str = "") -> None:
    if sys.stderr.isatty() and words:
        many = f" {done + 1} of {total}" if total else ""
        print(f"\r\033[K{words}{many}", end="\r", file=sys.stderr, flush=True)


def _plain(status: SyncStatus) -> dict[str, object]:
    location = status.location
    return {
        "set_up": status.is_set_up,
        "location": None
        if location is None
        else {"kind": location.kind, "address": location.address, "user": location.user},
        "last_round_at": None if status.last_round_at is None else instant_text(status.last_round_at),
        "last_complete_at": None if status.last_complete_at is None else instant_text(status.last_complete_at),
        "waiting": status.waiting,
        "findings": [
            {
                "trouble": each.trouble,
                "about": each.about,
                "details": each.details,
                "says": finding_text(each, status).title,
                "advice": finding_text(each, status).advice,
            }
            for each in status.findings
        ],
        "computers": [
            {
                "id": each.id,
                "name": each.name,
                "person": each.person,
                "seen_at": None if each.seen_at is None else instant_text(each.seen_at),
                "is_this": each.is_this,
                "changes": each.entries,
            }
            for each in status.computers
        ],
    }
