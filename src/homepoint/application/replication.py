"""What synchronising needs from the world, as protocols, and what it says of itself, as plain values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from homepoint.domain.values import DeviceId

Progress = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all (0: not known) and what is being done; it may raise to stop."""


def no_progress(done: int, total: int, words: str = "") -> None:
    """Report to nobody."""


# What is replicated: the history.


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChange:
    """One fact before and after, as the history keeps it: JSON texts, None where there was or is none.

    `kind` is a kind of fact ("devices") or of mark ("library"), of which `fact` is the name and the texts the values.
    `device` is the device in whose history it belongs; `place` orders facts of a kind by when they were added.
    """

    kind: str
    fact: str
    device: str | None
    place: int | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One edit, as every computer keeps it. `stamp` names it, unique everywhere, and sorts as edits follow on another.

    `at` is RFC 3339 text by the clock of the computer that wrote it; `undoes` is the stamp of the edit it took back.
    """

    stamp: str
    at: str
    person: str
    computer: str
    title: str
    undoes: str | None
    changes: tuple[LogChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What taking in entries did: how many were new, and whose standing must be worked out anew."""

    entries: int = 0
    kinds: frozenset[str] = frozenset()
    devices: frozenset[DeviceId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An object of the remote that this library knows: its name, its bytes, and the part of a log it holds, if any."""

    name: str
    size: int
    is_ours: bool
    is_verified: bool
    log: str = ""
    first: int = 0
    last: int = 0


SETTINGS = "library"
"""The kind of the marks that hold for the whole library, such as its time zone."""

MARK_KINDS = frozenset({SETTINGS, "reminders", "lead-times"})
"""Kinds of named values that are the same on every computer. Kinds that are neither these nor facts come from a newer
program: the history keeps them until this one understands them."""

OWN_LOG = ""
"""How a library names the log of its own edits; other computers know it by the id of this replica."""


class ReplicaStore(Protocol):
    """A library as synchronising sees it. Use it from one thread, which need not be the one that shows the window."""

    def value(self, name: str) -> str | None:
        """Return what synchronising keeps for itself under a name."""
        ...

    def keep(self, values: Mapping[str, str | None]) -> None:
        """Keep values, all or none; None forgets one."""
        ...

    def last(self, log: str) -> int:
        """Return the number of a log's last entry without a gap before it, 0 where there is none."""
        ...

    def logs(self) -> Mapping[str, int]:
        """Return `last` of every log, the own one under `OWN_LOG`."""
        ...

    def entries(self, log: str, first: int, last: int) -> Sequence[LogEntry]:
        """Return the entries of a log with these numbers, both included, in order."""
        ...

    def apply(self, log: str, first: int, entries: Sequence[LogEntry], known: Iterable["Sent"] = ()) -> Applied:
        """Take in entries of a log, numbered from `first`, in one transaction; what is there already is left alone.

        Field by field the greatest stamp wins, so order and repetition do not matter. `known` is remembered in the
        same transaction. Where another entry has the same number, a copied library went on under its name: all from
        there on become own entries too, since no log of one line can hold both.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: the entries make no sense; nothing was taken in.
        """
        ...

    def whole(self, log: str) -> int:
        """Return up to which number all entries are here under this very log.

        It is less than `last` where entries came under another name first, as those of copied libraries do.
        """
        ...

    def adopt(self, log: str, after: int, *, forget: bool = False) -> None:
        """Number the entries of another's log that come after a number as own ones, so that this computer sends them.

        For entries that nobody else will send: of a log that went two ways, or of a computer that was removed. With
        `forget`, they no longer count as entries of that log.
        """
        ...

    def leave_own_log(self, name: str, last: int) -> None:
        """Name the own log's entries up to `last` as another's, and number the rest anew from 1 as the own log.

        For a copied or restored library: what its other self sent belongs to that one.
        """
        ...

    def sent(self) -> Mapping[str, Sent]:
        """Return every known object with entries of logs, by name."""
        ...

    def knows_evidence(self, name: str) -> bool:
        """Say whether an object that holds (part of) a file is known to be at the remote."""
        ...

    def keep_evidence(self, names: Iterable[str]) -> None:
        """Remember objects that hold files."""
        ...

    def remember(self, objects: Iterable[Sent], forget: Iterable[str] = ()) -> None:
        """Keep what is known of objects, and forget others by name, in one transaction."""
        ...

    def ranges(self, log: str) -> Sequence[tuple[int, int]]:
        """Return which entries of another computer's log are here, as (first, last) in order."""
        ...

    def chains(self, log: str, after: int | None = None) -> frozenset[tuple[int, str]]:
        """Return the kept chain values of a log, or only those after one entry, each with that entry's number.

        A log has two values after one entry where a copied library went on under the same name.
        """
        ...

    def keep_chains(self, log: str, chains: Iterable[tuple[int, str]]) -> None:
        """Keep chain values."""
        ...

    def evidence(self) -> Mapping[str, str]:
        """Return the SHA-256 and the name of every file that facts name as evidence."""
        ...

    def forget_remote(self) -> None:
        """Forget everything that is known of the remote and of other computers' logs there; facts and history stay."""
        ...


class EvidenceFiles(Protocol):
    """The files kept as evidence on this computer."""

    def has(self, sha256: str) -> bool:
        """Say whether a file is here."""
        ...

    def size(self, sha256: str) -> int:
        """Return how many bytes a file has that is here."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Open a file that is here for reading."""
        ...

    def take_in_parts(self, parts: Iterable[bytes], name: str) -> object:
        """Take in a file that comes in parts; when they raise, nothing of it stays."""
        ...


class SecretStore(Protocol):
    """Keeps secrets: the system's keyring, or memory where there is none."""

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept.

        Raises:
            HomepointError: the keyring is locked or refuses.
        """
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a secret.

        Raises:
            HomepointError: the keyring is locked, refuses, or there is none.
        """
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none."""
        ...


# Where the objects are.


class RemoteKind(StrEnum):
    """How the storage is reached."""

    WEBDAV = "webdav"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the objects are: a WebDAV address (https, or http on this computer) with a user, or a folder's path.

    `certificates` is a file with the certificates of a private authority, or None for the system's own.
    """

    kind: RemoteKind
    address: str
    user: str = ""
    certificates: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteReport:
    """What a connection test found: the server's own name, what it lacks (nothing: all is well), and its address.

    `address` differs from the one asked for where the server answers from another place.
    """

    server: str
    lacks: tuple[str, ...]
    address: str
    holds_a_library: bool


# What is said of it.


class Trouble(StrEnum):
    """What can be wrong, or worth knowing; `presentation.syncing` has the words."""

    OFFLINE = "offline"
    REFUSED = "refused"  # the server's word against user or password
    SERVER = "server"  # it answers, but not as it should
    BUSY = "busy"
    FULL = "full"
    EMPTIED = "emptied"
    LOCKED = "locked"  # the key is not at hand: passphrase or keyring
    REMOVED = "removed"  # this computer was removed by another
    NEWER = "newer"  # written by a newer Homepoint
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    MISSING = "missing"  # others' changes that the storage once had
    LOST_AND_SENT = "lost-and-sent"
    CLONE = "clone"
    FORK = "fork"
    CLOCK = "clock"
    EVIDENCE = "evidence"


STOPPING = frozenset(
    {
        Trouble.OFFLINE,
        Trouble.REFUSED,
        Trouble.SERVER,
        Trouble.BUSY,
        Trouble.EMPTIED,
        Trouble.LOCKED,
        Trouble.REMOVED,
        Trouble.NEWER,
    }
)
"""What ends a round; everything else is said, and the round goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a round found: of what kind, about which object, computer or file, and details as the world
    gave them."""

    trouble: Trouble
    about: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computer:
    """A computer that shares the library. `id` is its log's name; `seen_at` is when it last sent something."""

    id: str
    name: str
    person: str
    seen_at: datetime | None
    is_this: bool
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """What a round did. It is `complete` when everything was received and sent; `findings` say what was not."""

    at: datetime
    complete: bool
    received: int
    sent: int
    requests: int
    waiting: int
    findings: tuple[Finding, ...]
    kinds: frozenset[str] = frozenset()
    devices: frozenset[DeviceId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """Where synchronising stands. `waiting` counts edits of this computer that are not at the remote yet."""

    location: Location | None
    last_round_at: datetime | None
    last_complete_at: datetime | None
    waiting: int
    findings: tuple[Finding, ...]
    computers: tuple[Computer, ...]

    @property
    def is_set_up(self) -> bool:
        """True when this library is synchronised at all."""
        return self.location is not None


class Synchronisation(Protocol):
    """Everything an owner can do about synchronising; one object for one library. `sync` provides it.

    Every method may take long and may be called from any one thread at a time. All raise HomepointError with what to
    do where the world is in the way.
    """

    def status(self) -> SyncStatus:
        """Say where it stands, from what is kept on this computer; asks nobody."""
        ...

    def test(self, location: Location, password: str) -> RemoteReport:
        """Try a location out: reads, writes and removes a small object there."""
        ...

    def set_up(self, location: Location, password: str, passphrase: str) -> str:
        """Begin to share this library at a location that holds none, and return the recovery code to print.

        The owner must confirm it; then comes the first round.
        """
        ...

    def join(self, location: Location, password: str, secret: str) -> None:
        """Share the library at a location; `secret` is its passphrase or its recovery code."""
        ...

    def invitation(self, pin: str) -> str:
        """Return one line that lets another computer join: address, user, and the key locked by a PIN of 6 digits."""
        ...

    def accept(self, invitation: str, pin: str, password: str) -> None:
        """Join by an invitation; the password of the server, where it has one, is not in it."""
        ...

    def round(self, progress: Progress = no_progress, *, refill: bool = False) -> RoundReport:
        """Receive, send and tidy up once. Never raises for what a round can find: it is in the report.

        Args:
            progress: told how far it is; what it raises stops the round, which can be continued at any time.
            refill: the owner said that an emptied remote is to be filled again.
        """
        ...

    def verify(self, progress: Progress = no_progress) -> RoundReport:
        """Read every object at the remote through, and send again what of this computer is damaged there."""
        ...

    def remove(self, computer: str, passphrase: str, progress: Progress = no_progress) -> str:
        """Remove a computer (id or name): new key under a new passphrase; return the new recovery code."""
        ...

    def change_passphrase(self, passphrase: str) -> None:
        """Let another passphrase open the library from now on; the recovery code stays."""
        ...

    def unlock(self, passphrase: str, password: str | None = None) -> None:
        """Give the passphrase, and the server's password where it is not at hand: where there is no keyring."""
        ...

    def is_unlocked(self) -> bool:
        """Say whether key and password are at hand, so that nothing needs to be typed."""
        ...

    def has_password(self) -> bool:
        """Say whether the server's password is at hand."""
        ...

    def leave(self) -> None:
        """Share no more from this computer; facts, history and the remote stay as they are."""
        ...
