"""Everything an owner can do about synchronising one library; keeps its settings, its keys, and what rounds found."""

import base64
import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from homepoint.application.problems import HomepointError
from homepoint.application.replication import (
    Computer,
    EvidenceFiles,
    Finding,
    Location,
    Progress,
    RemoteKind,
    RemoteReport,
    ReplicaStore,
    RoundReport,
    SecretStore,
    SyncStatus,
    Trouble,
    no_progress,
)
from homepoint.presentation.syncing import problem_of
from homepoint.sync import invitations, keys
from homepoint.sync.cipher import CannotOpen, LibraryKeys, ReplicaKeys, bytes_of, text_of
from homepoint.sync.evidence import fetch_files
from homepoint.sync.keyfile import Following, StoppedByKeyError, begin_change, fetched_key, keep_key, newest_key
from homepoint.sync.names import LOGS, kind_of
from homepoint.sync.remote import NotThere, Remote, RemoteError
from homepoint.sync.roster import computers
from homepoint.sync.round import EmptiedError, look, report_of, run_round
from homepoint.sync.session import Session
from homepoint.sync.verify import verify_all

OpenRemote = Callable[[Location, str], Remote]


class Synchroniser:
    """`application.replication.Synchronisation`: see there for what each method promises."""

    def __init__(
        self,
        store: ReplicaStore,
        evidence: EvidenceFiles,
        secrets: SecretStore,
        open_remote: OpenRemote,
        clock: Callable[[], datetime],
        *,
        computer: str,
        person: str,
        cost: keys.Cost | None = None,
    ) -> None:
        """Work on one library.

        Args:
            store: the library.
            evidence: its files.
            secrets: where keys and the server's password are kept.
            open_remote: opens a location with a password.
            clock: tells this instant.
            computer, person: what others shall call this computer.
            cost: what one guess at a new passphrase shall cost.
        """
        self._store, self._evidence, self._secrets = store, evidence, secrets
        self._open_remote, self._clock = open_remote, clock
        self._computer, self._person = computer, person
        self._cost = cost or keys.Cost()

    # Looking.

    def status(self) -> SyncStatus:
        """Say where it stands, from what is kept on this computer."""
        location = self._location()
        return SyncStatus(
            location=location,
            last_round_at=_instant(self._kept("last_round_at", None)),
            last_complete_at=_instant(self._kept("last_complete_at", None)),
            waiting=0 if location is None else self._waiting(),
            findings=tuple(
                Finding(trouble=Trouble(trouble), about=about, details=details)
                for trouble, about, details in self._kept("findings", [])
            ),
            computers=tuple(self._computers()) if location else (),
        )

    def test(self, location: Location, password: str) -> RemoteReport:
        """Try a location out."""
        with self._remote(location, password) as remote:
            return remote.test()

    # Beginning and ending.

    def set_up(self, location: Location, password: str, passphrase: str) -> str:
        """Begin to share this library at a location that holds none, and return the recovery code."""
        self._must_not_be_set_up()
        _check_passphrase(passphrase)
        with self._remote(location, password) as remote:
            report = remote.test()
            if report.lacks:
                raise HomepointError(
                    f"{report.server} cannot be used: {'; '.join(report.lacks)}.", "Choose another place."
                )
            if report.holds_a_library:
                raise HomepointError(
                    "There is a Homepoint library at this place already.",
                    "Join it with its passphrase, or choose an empty place.",
                )
            library, salt = uuid.uuid4().hex, os.urandom(32)
            fresh = LibraryKeys((os.urandom(32),))
            me = ReplicaKeys.of(fresh, salt)
            code = keys.new_code()
            slots = (
                keys.passphrase_slot(passphrase, fresh.newest, self._cost),
                keys.code_slot(code, fresh.newest),
            )
            session = self._session(remote, fresh, me, no_progress)
            content = keys.written(library, fresh, 0, slots, {}, me)
            session.put_plain(keys.label_of_key(0, 0), content)
        self._keep_membership(location, password, library, salt, fresh, content)
        return code

    def join(self, location: Location, password: str, secret: str) -> None:
        """Share the library at a location, with its passphrase or its recovery code."""
        self._must_not_be_set_up()
        with self._remote(location, password) as remote:
            found = _key_at(remote)
            newest = keys.key_by_secret(found, secret)
            if newest is None:
                raise _wrong_secret(secret)
            opened = keys.keys_of(found, newest)
        self._keep_membership(location, password, found.library, os.urandom(32), opened, found.content)

    def invitation(self, pin: str) -> str:
        """Return one line that lets another computer join with a PIN."""
        location = self._must_be_set_up()
        return invitations.written(location, self._keys().newest, pin, self._cost)

    def accept(self, invitation: str, pin: str, password: str) -> None:
        """Join by an invitation and its PIN."""
        self._must_not_be_set_up()
        location, newest = invitations.opened(invitation, pin)
        with self._remote(location, password) as remote:
            found = _key_at(remote)
            try:
                opened = keys.keys_of(found, newest)
            except CannotOpen:
                raise HomepointError(
                    "This invitation is no longer valid: the library's key was changed since.",
                    "Make a new one on the other computer.",
                ) from None
        self._keep_membership(location, password, found.library, os.urandom(32), opened, found.content)

    def is_unlocked(self) -> bool:
        """Say whether key and password are at hand, so that nothing needs to be typed."""
        if self._location() is None:
            return False
        try:
            self._keys()
            self._password()
        except HomepointError:
            return False
        return True

    def has_password(self) -> bool:
        """Say whether the server's password is at hand."""
        try:
            return bool(self._password())
        except HomepointError:
            return False

    def leave(self) -> None:
        """Share no more from this computer; facts, history and the remote stay as they are."""
        for name in ("key", "password"):
            self._secrets.delete(self._secret_name(name))
        self._store.forget_remote()

    # Rounds.

    def round(self, progress: Progress = no_progress, *, refill: bool = False) -> RoundReport:
        """Receive, send and tidy up once."""
        return self._carry_out(progress, lambda session, following: run_round(session, following, refilling=refill))

    def verify(self, progress: Progress = no_progress) -> RoundReport:
        """Read every object at the remote through, and send again what is damaged or lost there."""

        def work(session: Session, following: Following) -> None:
            look(session)
            following.follow(session)
            verify_all(session)
            run_round(session, following, refilling=False)

        return self._carry_out(progress, work)

    def remove(self, computer: str, passphrase: str, progress: Progress = no_progress) -> str:
        """Remove a computer: new key under a new passphrase; return the new recovery code."""
        self._must_be_set_up()
        _check_passphrase(passphrase)
        removed = self._computer_called(computer)
        code = keys.new_code()

        def work(session: Session, following: Following) -> None:
            run_round(session, following, refilling=False)
            fetch_files(session)
            self._change_key(session, following, removed, passphrase, code)

        report = self._carry_out(progress, work)
        stopping = [each for each in report.findings if not report.complete]
        if self._kept("removed", {}).get(removed.id) is None:
            title, advice = (
                problem_of(stopping[0]) if stopping else ("The computer could not be removed.", "Try again.")
            )
            raise HomepointError(title, advice)
        return code

    def change_passphrase(self, passphrase: str) -> None:
        """Let another passphrase open the library from now on; the recovery code stays."""
        _check_passphrase(passphrase)
        location, opened = self._must_be_set_up(), self._keys()
        with self._remote(location, self._password()) as remote:
            found = _key_at(remote)
            if found.epoch != opened.epoch:
                raise HomepointError(
                    "The library's key was changed by another computer.", "Synchronise first, then try again."
                )
            slots = [slot for slot in found.slots if slot["by"] != "passphrase"]
            slots.insert(0, keys.passphrase_slot(passphrase, opened.newest, self._cost))
            me = self._me(opened)
            content = keys.written(found.library, opened, found.revision + 1, tuple(slots), found.removed, me)
            session = self._session(remote, opened, me, no_progress)
            old = [each.name for each in remote.list(LOGS) if kind_of(each.name) == "k"]
            session.put_plain(keys.label_of_key(opened.epoch, found.revision + 1), content)
            keep_key(session, keys.read(content))
            for name in old:
                remote.delete(LOGS, name)

    def unlock(self, passphrase: str, password: str | None = None) -> None:
        """Give the passphrase, and the server's password, for this run of the program."""
        location = self._must_be_set_up()
        if password:
            self._secrets.set(self._secret_name("password"), password)
        found = keys.read(base64.b64decode(self._store.value("key_object") or ""))
        newest = keys.key_by_secret(found, passphrase)
        if newest is None:
            with self._remote(location, self._password()) as remote:
                found = _key_at(remote)
            newest = keys.key_by_secret(found, passphrase)
        if newest is None:
            raise _wrong_secret(passphrase)
        keys.keys_of(found, newest)
        self._store.keep({"key_object": base64.b64encode(found.content).decode("ascii")})
        self._keep_keys(LibraryKeys((newest,)))

    # Within.

    def _carry_out(self, progress: Progress, work: Callable[[Session, Following], None]) -> RoundReport:
        location = self._must_be_set_up()
        at = self._clock()
        try:
            opened = self._keys()
            password = self._password()
        except HomepointError as problem:
            return self._kept_report(
                _failed(at, Finding(trouble=Trouble.LOCKED, details=problem.title), self._waiting())
            )
        try:
            remote = self._open_remote(location, password)
        except RemoteError as fault:
            return self._kept_report(
                _failed(at, Finding(trouble=fault.trouble, details=fault.details), self._waiting())
            )
        session = self._session(remote, opened, self._me(opened), progress)
        following = Following(self._store.value("library") or "", self._keep_keys)
        stopping: tuple[Finding, ...] = ()
        try:
            work(session, following)
        except RemoteError as fault:
            stopping = (Finding(trouble=fault.trouble, details=fault.details),)
        except EmptiedError:
            stopping = (Finding(trouble=Trouble.EMPTIED),)
        except StoppedByKeyError as stop:
            stopping = (Finding(trouble=stop.trouble, about=stop.about, details=stop.details),)
        finally:
            remote.close()
        return self._kept_report(report_of(session, complete=not stopping, findings=stopping))

    def _kept_report(self, report: RoundReport) -> RoundReport:
        values: dict[str, str | None] = {
            "last_round_at": json.dumps(report.at.isoformat()),
            "waiting": json.dumps(report.waiting),
            "findings": json.dumps([[each.trouble, each.about, each.details] for each in report.findings]),
        }
        if report.complete:
            values["last_complete_at"] = json.dumps(report.at.isoformat())
        self._store.keep(values)
        return report

    def _change_key(
        self, session: Session, following: Following, removed: Computer, passphrase: str, code: str
    ) -> None:
        found = keys.read(base64.b64decode(self._store.value("key_object") or ""))
        begin_change(session, session.keys.newest)
        changed = LibraryKeys((*session.keys.epochs, os.urandom(32)))
        cards = session.kept("cards", {})
        stay = {replica: bytes_of(card["receiver"]) for replica, card in cards.items() if replica != removed.id}
        stay[session.me.replica] = session.me.receiver
        slots = (
            keys.passphrase_slot(passphrase, changed.newest, self._cost),
            keys.code_slot(code, changed.newest),
            *(
                keys.computer_slot(replica, receiver, changed.newest)
                for replica, receiver in sorted(stay.items())
                if replica not in found.removed
            ),
        )
        others = set(self._store.logs()) - {"", session.me.replica, *stay}  # names that copied libraries left, too
        gone = {**{replica: _end(self._store, replica) for replica in {*others, removed.id}}, **found.removed}
        content = keys.written(found.library, changed, 0, slots, gone, session.me)
        session.put_plain(keys.label_of_key(changed.epoch, 0), content)
        session.keys = changed
        self._keep_keys(changed)
        keep_key(session, keys.read(content))
        following.removed = gone
        following.finish_change(session)

    def _session(self, remote: Remote, opened: LibraryKeys, me: ReplicaKeys, progress: Progress) -> Session:
        return Session(
            store=self._store,
            evidence=self._evidence,
            remote=remote,
            keys=opened,
            me=me,
            at=self._clock(),
            computer=self._computer,
            person=self._person,
            progress=progress,
        )

    @contextmanager
    def _remote(self, location: Location, password: str) -> Iterator[Remote]:
        """Open a remote, and turn its failures into words for the owner."""
        try:
            remote = self._open_remote(location, password)
            try:
                yield remote
            finally:
                remote.close()
        except RemoteError as fault:
            raise HomepointError(*problem_of(Finding(trouble=fault.trouble, details=fault.details))) from fault
        except StoppedByKeyError as stop:
            raise HomepointError(
                *problem_of(Finding(trouble=stop.trouble, about=stop.about, details=stop.details))
            ) from stop
        except CannotOpen as fault:
            raise HomepointError(*problem_of(Finding(trouble=Trouble.DAMAGED, details=str(fault)))) from fault

    def _computers(self) -> list[Computer]:
        kept = {name: self._kept(name, {}) for name in ("cards", "seen_at", "removed")}
        return computers(self._store, self._kept("replica", ""), self._computer, self._person, kept)

    def _computer_called(self, wanted: str) -> Computer:
        others = [each for each in self._computers() if not each.is_this]
        found = [each for each in others if each.id == wanted] or [each for each in others if each.name == wanted]
        if len(found) == 1:
            return found[0]
        names = ", ".join(f"{each.name} ({each.id})" for each in others) or "none"
        many = "More than one computer is" if found else "No other computer is"
        raise HomepointError(f"{many} called {wanted}.", f"Name one of these by its id: {names}.")

    def _keep_membership(
        self, location: Location, password: str, library: str, salt: bytes, opened: LibraryKeys, key_object: bytes
    ) -> None:
        me = ReplicaKeys.of(opened, salt)
        for name, value in (("key", text_of(opened.newest)), ("password", password)):
            self._secrets.set(f"sync/{library}/{name}", value)
        place = {"kind": location.kind, "address": location.address, "user": location.user}
        self._store.keep(
            {
                "library": library,
                "location": json.dumps({**place, "certificates": location.certificates}),
                "salt": json.dumps(text_of(salt)),
                "replica": json.dumps(me.replica),
                "key_object": base64.b64encode(key_object).decode("ascii"),
                "removed": json.dumps(dict(keys.read(key_object).removed)),
            }
        )

    def _location(self) -> Location | None:
        text = self._store.value("location")
        if text is None:
            return None
        place = json.loads(text)
        return Location(
            kind=RemoteKind(place["kind"]),
            address=place["address"],
            user=place["user"],
            certificates=place["certificates"],
        )

    def _must_be_set_up(self) -> Location:
        location = self._location()
        if location is None:
            raise HomepointError("This library is not synchronised yet.", "Set it up, or join a library, first.")
        return location

    def _must_not_be_set_up(self) -> None:
        if self._location() is not None:
            raise HomepointError("This library is synchronised already.", "Stop sharing it first.")

    def _secret_name(self, name: str) -> str:
        return f"sync/{self._store.value('library')}/{name}"

    def _keys(self) -> LibraryKeys:
        newest = self._secrets.get(self._secret_name("key"))
        kept = self._store.value("key_object")
        if newest is None or kept is None:
            raise HomepointError(
                "The library's key is not at hand.", "Type the passphrase; a keyring would remember it."
            )
        try:
            return keys.keys_of(keys.read(base64.b64decode(kept)), bytes_of(newest))
        except (CannotOpen, ValueError):
            raise HomepointError(
                "The key in the keyring does not fit this library.", "Type the passphrase again."
            ) from None

    def _keep_keys(self, opened: LibraryKeys) -> None:
        self._secrets.set(self._secret_name("key"), text_of(opened.newest))

    def _password(self) -> str:
        location = self._location()
        if location is not None and not location.user:
            return ""
        found = self._secrets.get(self._secret_name("password"))
        if found is None:
            raise HomepointError("The server's password is not at hand.", "Type it again.")
        return found

    def _me(self, opened: LibraryKeys) -> ReplicaKeys:
        return ReplicaKeys.of(opened, bytes_of(self._kept("salt", "")))

    def _waiting(self) -> int:
        return max(0, self._store.last("") - int(self._kept("sent_to", 0)))

    def _kept(self, name: str, default: Any) -> Any:
        text = self._store.value(name)
        return default if text is None else json.loads(text)


def _end(store: ReplicaStore, log: str) -> int:
    ranges = store.ranges(log)
    return ranges[-1][1] if ranges else 0


def _check_passphrase(passphrase: str) -> None:
    if len(passphrase.strip()) < keys.LEAST_PASSPHRASE:
        raise HomepointError(
            f"The passphrase is shorter than {keys.LEAST_PASSPHRASE} characters.",
            "Take four or five words that do not belong together.",
        )


def _wrong_secret(secret: str) -> HomepointError:
    if len(secret.replace("-", "").replace(" ", "")) == 28 and " " not in secret.strip():
        return HomepointError("This recovery code does not open the library.", "Compare it with the printed one.")
    return HomepointError(
        "This passphrase does not open the library.",
        "Type it again. It was changed if a computer was removed; the recovery code opens it too.",
    )


def _key_at(remote: Remote) -> keys.KeyObject:
    try:
        listing = {each.name: each.size for each in remote.list(LOGS)}
    except NotThere:
        listing = {}
    found = newest_key(partial(fetched_key, remote), listing)
    if found is None and any(kind_of(name) == "k" for name in listing):
        raise HomepointError(
            "The library's key at this place is damaged.",
            "Synchronise a computer that shares the library already and check the storage there: it mends the key.",
        )
    if found is None:
        raise HomepointError(
            "There is no Homepoint library at this place.",
            "Check the address, or set up a new library there.",
        )
    return found


def _failed(at: datetime, finding: Finding, waiting: int) -> RoundReport:
    return RoundReport(at=at, complete=False, received=0, sent=0, requests=0, waiting=waiting, findings=(finding,))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
