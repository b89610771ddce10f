"""One owner's library: a SQLite file that is read at once and written through SQLAlchemy."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homepoint.application.changes import Edit, HistoryEntry
from homepoint.application.ports import AgendaEntry, DeviceQuery, DeviceRow, Standing
from homepoint.application.problems import HomepointError
from homepoint.application.replication import SETTINGS
from homepoint.domain.facts import FACT_KINDS, Attachment, Device, Extra, Fact, nothing_extra
from homepoint.domain.snapshot import DeviceFacts, Snapshot
from homepoint.domain.values import DeviceId
from homepoint.storage import history, marks, reading, standings
from homepoint.storage.connecting import PATIENCE_S, connect
from homepoint.storage.faults import clear_faults
from homepoint.storage.mapping import json_text
from homepoint.storage.migrate import bring_up_to_date

if TYPE_CHECKING:
    from homepoint.storage.writing import Writer

F = TypeVar("F", bound=Fact)


class SqliteLibrary:
    """`ports.Library` on a file. Use it from one thread; several programs may hold the same file.

    Raises:
        HomepointError: from every method, when the file cannot be read or written as asked.
    """

    def __init__(
        self,
        path: Path,
        *,
        zone: ZoneInfo,
        person: str,
        computer: str,
        patience_s: float = PATIENCE_S,
        key: bytes | None = None,
    ) -> None:
        """Open a library, made or brought up to date first.

        Args:
            path: the file; its folder must exist.
            zone: the owner's time zone for a new library; an old one has its own.
            person, computer: who writes, for the history.
            patience_s: how long to wait for another program that holds the file.
            key: the key of an encrypted library; None for a plain one.
        """
        self.path, self.key = path, key
        self._person, self._computer, self._patience_s = person, computer, patience_s
        self.backup = bring_up_to_date(path, patience_s=patience_s, key=key)
        with clear_faults(path):
            self._connection = connect(path, key, patience_s=patience_s)
            self._connection.execute("PRAGMA synchronous = NORMAL")  # it writes nothing but the cache
            self._connection.execute("PRAGMA cache_size = -32768")  # KiB: a search walks all devices
            if self._value("time_zone") is None:
                self._set_value("time_zone", zone.key)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        if "_writer" in self.__dict__:
            self._writer.engine.dispose()

    def warm_up(self) -> None:
        """Import what writing needs, which takes about half a second, before the owner has to wait for it."""
        self._writer  # noqa: B018  # the property imports and keeps it

    @property
    def own_id(self) -> str:
        """What tells this library from others on this computer; it stays here when the library is shared."""
        with clear_faults(self.path):
            return self._value("own-id") or ""

    @property
    def zone(self) -> ZoneInfo:
        """The owner's time zone, in which days begin and end."""
        chosen = self.marks(SETTINGS).get("time_zone")
        key = json.loads(chosen) if chosen else self._value("time_zone") or "UTC"
        try:
            return ZoneInfo(key)
        except (ZoneInfoNotFoundError, ValueError) as fault:
            raise HomepointError(
                f"The library's time zone {key!r} is not known on this computer.", "Install Homepoint again."
            ) from fault

    def set_zone(self, zone: ZoneInfo, at: datetime) -> None:
        """Take another time zone; every device must be assessed anew."""
        if zone != self.zone:
            self.set_marks(SETTINGS, {"time_zone": json_text(zone.key)}, at)
            with clear_faults(self.path):
                standings.forget_all(self._connection)

    @property
    def extra(self) -> Extra:
        """The unknown top-level keys of imported owner files."""
        kept = self.marks(SETTINGS).get("extra") or self._value("extra")
        found: Extra = json.loads(kept or "{}")
        return found or nothing_extra()

    def set_extra(self, extra: Mapping[str, object], at: datetime) -> None:
        """Keep unknown top-level keys of an owner file, for its export."""
        self.set_marks(SETTINGS, {"extra": json_text(dict(extra))}, at)

    def marks(self, kind: str) -> Mapping[str, str]:
        """Return the named values of a kind as JSON texts: what is no fact and yet the same on every computer."""
        with clear_faults(self.path):
            return marks.read(self._connection, kind)

    def set_marks(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        """Keep named values; None removes one. Undo does not touch them."""
        self._writer.mark(kind, values, at)

    def share_settings(self, at: datetime) -> None:
        """Make what holds for the whole library known to computers that will share it."""
        kept = self.marks(SETTINGS)
        mine = {"time_zone": json_text(self.zone.key), "extra": json_text(dict(self.extra)) if self.extra else None}
        self.set_marks(SETTINGS, {name: value for name, value in mine.items() if value and name not in kept}, at)

    @property
    def is_shared(self) -> bool:
        """True when this library is synchronised; asks for one value, so the start can afford it."""
        with clear_faults(self.path):
            return self._value("sync/location") is not None

    def get(self, kind: type[F], id: str) -> F | None:
        """Return one fact, or None."""
        with clear_faults(self.path):
            return reading.one(self._connection, kind, id)

    def all(self, kind: type[F]) -> Sequence[F]:
        """Return every fact of a kind in the order they were added."""
        with clear_faults(self.path):
            return reading.select(self._connection, kind)

    def about(self, kind: type[F], id: str) -> Sequence[F]:
        """Return the facts of a kind that name a device (attachments: what they are of), in the order of adding."""
        of = "of" if issubclass(kind, Attachment) else "device"
        with clear_faults(self.path):
            return reading.select(self._connection, kind, f'WHERE f."{of}" = ? ORDER BY f.added', id)

    def by_serial(self, serial: str) -> Sequence[Device]:
        """Return the devices of a serial, read without regard to case and surrounding blanks."""
        with clear_faults(self.path):
            return reading.of_serial(self._connection, serial)

    def device_facts(self, device: DeviceId) -> DeviceFacts | None:
        """Return a device with all that bears on it, or None."""
        with clear_faults(self.path):
            return reading.device_facts(self._connection, device, self.zone)

    def snapshot(self) -> Snapshot:
        """Return all facts."""
        with clear_faults(self.path):
            return reading.snapshot(self._connection, self.zone, self.extra)

    def rows(self, query: DeviceQuery) -> tuple[Sequence[DeviceRow], int]:
        """Return one page of devices and how many match in all."""
        with clear_faults(self.path):
            return standings.rows(self._connection, query)

    def agenda(self, *, before: datetime | None, device: DeviceId | None, limit: int) -> Sequence[AgendaEntry]:
        """Return deadlines of devices in use that are neither met nor long passed, the earliest first."""
        with clear_faults(self.path):
            return standings.agenda(self._connection, before, device, limit)

    def stale(self, now: datetime, catalogue: str, limit: int) -> Sequence[DeviceId]:
        """Return devices whose standing is missing, of another catalogue or no longer true at `now`."""
        with clear_faults(self.path):
            return standings.stale(self._connection, now, catalogue, limit)

    def next_change(self) -> datetime | None:
        """Return the earliest instant at which any standing stops being true."""
        with clear_faults(self.path):
            return standings.next_change(self._connection)

    def keep(self, kept: Iterable[Standing]) -> None:
        """Store standings, replacing those of the same devices."""
        with clear_faults(self.path):
            standings.keep(self._connection, kept)

    def write(self, edit: Edit, at: datetime, undoes: int | None = None) -> HistoryEntry:
        """Carry out an edit in one transaction and record it."""
        return self._writer.write(edit, at, undoes)

    def history(self, *, about: str | None = None, limit: int = 200) -> Sequence[HistoryEntry]:
        """Return recorded edits, the newest first; with `about`, those of one device and what they did to it."""
        with clear_faults(self.path):
            return history.entries(self._connection, about, limit)

    def undoable(self) -> HistoryEntry | None:
        """Return the edit that undo would take back, or None."""
        with clear_faults(self.path):
            return history.awaiting(self._connection, "undo")

    def redoable(self) -> HistoryEntry | None:
        """Return the undoing edit that redo would take back, or None."""
        with clear_faults(self.path):
            return history.awaiting(self._connection, "redo")

    def undo_titles(self) -> tuple[str | None, str | None]:
        """Return the titles of what undo and redo would take back, without reading their changes."""
        with clear_faults(self.path):
            return tuple(history.title_awaiting(self._connection, whom) for whom in ("undo", "redo"))  # type: ignore[return-value]  # two of them

    def counts(self) -> Mapping[str, int]:
        """Return how many facts of each kind there are, by the names in `FACT_KINDS`."""
        with clear_faults(self.path):
            return {kind: self._connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0] for kind in FACT_KINDS}

    def damage(self) -> Sequence[str]:
        """Return what SQLite's own check finds wrong with the file; nothing when it is sound."""
        with clear_faults(self.path):
            found = [str(line) for [line] in self._connection.execute("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    @cached_property
    def _writer(self) -> "Writer":
        from homepoint.storage.writing import Writer

        return Writer(self.path, self._person, self._computer, self._patience_s, self.key)

    def _value(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM library WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set_value(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO library (name, value) VALUES (?, ?)", (name, value))
