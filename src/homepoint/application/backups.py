"""Backups: what is in one, which automatic ones are kept, when the next is due, and what restoring would change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from homepoint.application.problems import HomepointError

DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""Of how many days, weeks and months an automatic backup is kept."""

AHEAD_OF_ITS_TIME = timedelta(days=1)
"""A backup from further ahead was made under a wrong clock: it is kept, and takes no other one's place."""

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done; whatever it raises stops the work cleanly."""


class BackupKind(StrEnum):
    """Who wanted a backup."""

    BY_OWNER = "by-owner"
    AUTOMATIC = "automatic"
    BEFORE_RESTORE = "before-restore"


class LibraryIsDamagedError(HomepointError):
    """A library cannot be backed up because it is damaged: the owner has to be asked what to do with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryCheck:
    """What reading a library through found: its schema, how many of each kind it holds, and what is wrong with it."""

    schema: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    edits: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEdit:
    """One line of a library's history."""

    number: int
    at: str
    person: str
    computer: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryContents:
    """What comparing two libraries needs of each. `devices` are names by id, `edits` the history, the oldest first."""

    counts: Mapping[str, int]
    devices: Mapping[str, str]
    edits: tuple[RecordedEdit, ...]
    evidence: frozenset[str]


class LibraryFiles(Protocol):
    """What backups need of library files; storage provides it."""

    @property
    def newest_schema(self) -> int:
        """The newest schema this program knows."""
        ...

    def copy(self, source: Path, target: Path, progress: Progress) -> None:
        """Copy a library, which may be written to meanwhile, as it is at one moment."""
        ...

    def check(self, path: Path) -> LibraryCheck:
        """Read a library through."""
        ...

    def contents(self, path: Path) -> LibraryContents:
        """Return what a comparison needs."""
        ...

    def mark(self, path: Path) -> str:
        """Return a text that differs once anything was recorded."""
        ...

    def settled(self, path: Path) -> AbstractContextManager[str]:
        """Bring a library into its one file, let nobody else write inside the block, and give its mark."""
        ...

    def make_ready(self, path: Path) -> None:
        """Turn a copy into a library that is worked with."""
        ...


# -- keeping ----------------------------------------------------------------------------------------------------------


class Kept(Protocol):
    """What the rule needs to know of a backup."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        ...

    @property
    def kind(self) -> BackupKind:
        """Who wanted it."""
        ...

    @property
    def is_good(self) -> bool:
        """Whether it was found whole."""
        ...


B = TypeVar("B", bound=Kept)


def superfluous(backups: Iterable[B], now: datetime, zone: ZoneInfo) -> tuple[B, ...]:
    """Return the automatic backups that need not be kept any more.

    Kept is the newest of each of the last 7 days, 4 weeks and 12 months *that have one*: a computer switched off for
    a year keeps all it had, and a clock that is wrong for a while deletes nothing. Days are the owner's. What is not
    good does not count and is left alone, as is everything the owner asked for.
    """
    counted = [
        each
        for each in backups
        if each.kind is BackupKind.AUTOMATIC and each.is_good and each.made_at <= now + AHEAD_OF_ITS_TIME
    ]
    counted.sort(key=lambda each: each.made_at, reverse=True)
    wanted: set[int] = set()
    for most, period in ((DAILY, _day), (WEEKLY, _week), (MONTHLY, _month)):
        newest: dict[object, int] = {}
        for at, each in enumerate(counted):
            newest.setdefault(period(each.made_at.astimezone(zone).date()), at)
        wanted |= set(list(newest.values())[:most])
    return tuple(each for at, each in enumerate(counted) if at not in wanted)


def _day(on: date) -> object:
    return on


def _week(on: date) -> object:
    return on.isocalendar()[:2]


def _month(on: date) -> object:
    return on.year, on.month


def next_automatic_at(last_at: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next automatic backup is due, `now` or earlier where it is due already.

    One is due on each of the owner's days; `last_at` is the newest good one's instant. One that seems to come from
    the future was made under a wrong clock and puts nothing off.
    """
    if last_at is None or last_at > now:
        return now
    following = last_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, time(), tzinfo=zone)


# -- restoring --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePreview:
    """What restoring a backup would change.

    `only_here` and `only_there` are devices by name; `lost` are the edits recorded here that the backup does not
    know, the newest first; `returning` how many edits the backup knows that are not here. `here` is None where there
    is no library that can be read.
    """

    made_at: datetime
    homepoint: str
    there: Mapping[str, int]
    here: Mapping[str, int] | None
    only_here: tuple[str, ...] = ()
    only_there: tuple[str, ...] = ()
    lost: tuple[RecordedEdit, ...] = ()
    returning: int = 0
    evidence_there: int = 0
    evidence_only_here: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Say whether what is here is what the backup holds."""
        return self.here == self.there and not (self.only_here or self.only_there or self.lost or self.returning)


def restore_preview(
    there: LibraryContents, here: LibraryContents | None, *, made_at: datetime, homepoint: str
) -> RestorePreview:
    """Compare a backup with what is here."""
    if here is None:
        return RestorePreview(
            made_at=made_at, homepoint=homepoint, there=there.counts, here=None,
            only_there=tuple(there.devices.values()), returning=len(there.edits), evidence_there=len(there.evidence),
        )  # fmt: skip
    known_there, known_here = frozenset(there.edits), frozenset(here.edits)
    return RestorePreview(
        made_at=made_at,
        homepoint=homepoint,
        there=there.counts,
        here=here.counts,
        only_here=_only(here.devices, there.devices),
        only_there=_only(there.devices, here.devices),
        lost=tuple(each for each in reversed(here.edits) if each not in known_there),
        returning=sum(1 for each in there.edits if each not in known_here),
        evidence_there=len(there.evidence),
        evidence_only_here=len(here.evidence - there.evidence),
    )


def _only(these: Mapping[str, str], those: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for id, name in these.items() if id not in those)


# -- saving what can be read ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedKind:
    """How many of one kind of fact were read, how many more were found in the history, and how many are missing."""

    read: int = 0
    from_history: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SalvageReport:
    """What was saved of a damaged library. `unreadable` are the tables of which an unknown number may be missing."""

    kinds: Mapping[str, SavedKind]
    edits: int
    unreadable: Sequence[str] = ()
    kept_aside: Path | None = None

    @property
    def saved(self) -> int:
        """How many facts there are."""
        return sum(each.read + each.from_history for each in self.kinds.values())

    @property
    def missing(self) -> int:
        """How many facts are known to be missing."""
        return sum(each.missing for each in self.kinds.values())
