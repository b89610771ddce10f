"""The library as synchronising sees it: its history as logs, one for each computer, and what is known of the remote."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from homepoint.application.replication import OWN_LOG, Applied, LogChange, LogEntry, Sent
from homepoint.storage.connecting import PATIENCE_S, clash_errors, connect
from homepoint.storage.faults import clear_faults
from homepoint.storage.joining import join
from homepoint.storage.stamps import chunks

CACHE_KIB = 8_192
"""Taking in edits writes all over several indexes."""

_PREFIX = "sync/"
_EVIDENCE = "evidence"
_SENT = "name, size, is_ours, is_verified, log, first, last"


class SqliteReplica:
    """`application.replication.ReplicaStore` on a library's file that is up to date. Use it from one thread."""

    def __init__(self, path: Path, patience_s: float = PATIENCE_S, key: bytes | None = None) -> None:
        """Open the file, with its key where it is encrypted; it may be open in the window at the same time."""
        self._path = path
        with clear_faults(path):
            self._connection = connect(path, key, patience_s=patience_s, check_same_thread=False)
            self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # What synchronising keeps for itself.

    def value(self, name: str) -> str | None:
        """Return what is kept under a name."""
        with clear_faults(self._path):
            row = self._connection.execute("SELECT value FROM library WHERE name = ?", (_PREFIX + name,)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, values: Mapping[str, str | None]) -> None:
        """Keep values, all or none; None forgets one."""
        with self._transaction() as connection:
            for name, value in values.items():
                connection.execute("DELETE FROM library WHERE name = ?", (_PREFIX + name,))
                if value is not None:
                    connection.execute("INSERT INTO library (name, value) VALUES (?, ?)", (_PREFIX + name, value))

    # Logs.

    def last(self, log: str) -> int:
        """Return the number of a log's last entry without a gap before it."""
        with clear_faults(self._path):
            if log == OWN_LOG:
                [last] = self._connection.execute("SELECT max(seq) FROM history WHERE log = ''").fetchone()
                return int(last or 0)
            row = self._connection.execute(
                "SELECT last FROM sync_ranges WHERE log = ? AND first = 1", (log,)
            ).fetchone()
        return 0 if row is None else int(row[0])

    def logs(self) -> Mapping[str, int]:
        """Return `last` of every log."""
        with clear_faults(self._path):
            others = self._connection.execute(
                "SELECT log, max(CASE WHEN first = 1 THEN last ELSE 0 END) FROM sync_ranges GROUP BY log"
            ).fetchall()
        return {OWN_LOG: self.last(OWN_LOG), **dict(others)}

    def entries(self, log: str, first: int, last: int) -> Sequence[LogEntry]:
        """Return the entries of a log with these numbers, in order."""
        with clear_faults(self._path):
            found = self._connection.execute(
                "SELECT number, stamp, at, person, computer, title, undone FROM history"
                " WHERE log = ? AND seq BETWEEN ? AND ? ORDER BY seq",
                (log, first, last),
            ).fetchall()
            changes = self._changes([str(row[0]) for row in found])
        return [
            LogEntry(
                stamp=stamp,
                at=at,
                person=person,
                computer=computer,
                title=title,
                undoes=undone,
                changes=tuple(changes.get(number, ())),
            )
            for number, stamp, at, person, computer, title, undone in found
        ]

    def apply(self, log: str, first: int, entries: Sequence[LogEntry], known: Iterable[Sent] = ()) -> Applied:
        """Take in entries of another computer's log; see the port."""
        with self._transaction() as connection:
            here = _already_here(connection, entries)
            new = [(first + index, entry) for index, entry in enumerate(entries) if entry.stamp not in here]
            fork = _first_taken(connection, log, [seq for seq, _ in new])
            applied = _take_in(connection, log, new)
            if fork is not None:
                _adopt(connection, log, fork - 1)
            if entries:
                _add_range(connection, log, first, first + len(entries) - 1)
            _remember(connection, known)
        return applied

    def whole(self, log: str) -> int:
        """Return up to which number all entries are here under this very log."""
        expected = 0
        with clear_faults(self._path):
            [last, count] = self._connection.execute(
                "SELECT max(seq), count(DISTINCT seq) FROM history WHERE log = ?", (log,)
            ).fetchone()
            if last == count:
                return int(last or 0)
            for [seq] in self._connection.execute("SELECT seq FROM history WHERE log = ? ORDER BY seq", (log,)):
                if seq > expected + 1:
                    break
                expected = seq
        return expected

    def adopt(self, log: str, after: int, *, forget: bool = False) -> None:
        """Number the entries of another's log from `after` on as own ones; see the port."""
        with self._transaction() as connection:
            _adopt(connection, log, after)
            if forget:
                connection.execute("DELETE FROM sync_ranges WHERE log = ? AND first > ?", (log, after))
                connection.execute("UPDATE sync_ranges SET last = min(last, ?) WHERE log = ?", (after, log))
                connection.execute("DELETE FROM sync_chains WHERE log = ? AND last > ?", (log, after))

    def leave_own_log(self, name: str, last: int) -> None:
        """Name the own log's entries up to `last` as another's, and number the rest anew; see the port."""
        with self._transaction() as connection:
            connection.execute("UPDATE history SET log = ? WHERE log = '' AND seq <= ?", (name, last))
            connection.execute("UPDATE history SET seq = seq - ? WHERE log = ''", (last,))
            connection.execute("DELETE FROM sync_chains WHERE log = '' AND last > ?", (last,))
            connection.execute("UPDATE OR REPLACE sync_chains SET log = ? WHERE log = ''", (name,))
            connection.execute("UPDATE sync_objects SET is_ours = 0, log = ? WHERE log = ''", (name,))
            if last:
                _add_range(connection, name, 1, last)

    # The remote.

    def sent(self) -> Mapping[str, Sent]:
        """Return every known object with entries of logs, by name."""
        with clear_faults(self._path):
            rows = self._connection.execute(f"SELECT {_SENT} FROM sync_objects WHERE log != ?", (_EVIDENCE,)).fetchall()
        return {
            name: Sent(
                name=name,
                size=size,
                is_ours=bool(is_ours),
                is_verified=bool(is_verified),
                log=log,
                first=first,
                last=last,
            )
            for name, size, is_ours, is_verified, log, first, last in rows
        }

    def knows_evidence(self, name: str) -> bool:
        """Say whether an object that holds (part of) a file is known to be at the remote."""
        with clear_faults(self._path):
            return self._connection.execute("SELECT 1 FROM sync_objects WHERE name = ?", (name,)).fetchone() is not None

    def keep_evidence(self, names: Iterable[str]) -> None:
        """Remember objects that hold files."""
        self.remember(Sent(name=name, size=0, is_ours=False, is_verified=False, log=_EVIDENCE) for name in names)

    def remember(self, objects: Iterable[Sent], forget: Iterable[str] = ()) -> None:
        """Keep what is known of objects, and forget others."""
        with self._transaction() as connection:
            _remember(connection, objects)
            connection.executemany("DELETE FROM sync_objects WHERE name = ?", [(name,) for name in forget])

    def ranges(self, log: str) -> Sequence[tuple[int, int]]:
        """Return which entries of another computer's log are here, as (first, last) in order."""
        with clear_faults(self._path):
            return self._connection.execute(
                "SELECT first, last FROM sync_ranges WHERE log = ? ORDER BY first", (log,)
            ).fetchall()

    def chains(self, log: str, after: int | None = None) -> frozenset[tuple[int, str]]:
        """Return the kept chain values of a log, or only those after one entry; there is one for every batch ever."""
        only, values = ("", (log,)) if after is None else (" AND last = ?", (log, after))
        with clear_faults(self._path):
            return frozenset(
                self._connection.execute(f"SELECT last, chain FROM sync_chains WHERE log = ?{only}", values).fetchall()
            )

    def keep_chains(self, log: str, chains: Iterable[tuple[int, str]]) -> None:
        """Keep chain values."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO sync_chains (log, last, chain) VALUES (?, ?, ?)",
                [(log, last, chain) for last, chain in chains],
            )

    def evidence(self) -> Mapping[str, str]:
        """Return the SHA-256 and the name of every file that facts name as evidence."""
        with clear_faults(self._path):
            return dict(
                self._connection.execute(
                    "SELECT sha256, max(name) FROM attachments"
                    " WHERE length(sha256) = 64 AND NOT sha256 GLOB '*[^0-9a-f]*'"
                    " GROUP BY sha256 ORDER BY sha256"
                ).fetchall()
            )

    def forget_remote(self) -> None:
        """Forget the remote: all edits there are become this computer's own log, for whatever remote comes next."""
        with self._transaction() as connection:
            for table in ("sync_objects", "sync_chains", "sync_ranges"):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("DELETE FROM library WHERE name GLOB ?", (_PREFIX + "*",))
            connection.execute(
                "UPDATE history SET log = '', seq = numbered.seq"
                " FROM (SELECT number, row_number() OVER (ORDER BY number) AS seq FROM history) AS numbered"
                " WHERE history.number = numbered.number"
            )

    def _changes(self, numbers: list[str]) -> dict[int, list[LogChange]]:
        found: dict[int, list[LogChange]] = {}
        for chunk in chunks(numbers):
            rows = self._connection.execute(
                'SELECT entry, kind, fact, device, place, "before", "after" FROM history_changes'
                f" WHERE entry IN ({', '.join('?' * len(chunk))}) ORDER BY number",
                chunk,
            )
            for entry, kind, fact, device, place, before, after in rows:
                found.setdefault(entry, []).append(
                    LogChange(kind=kind, fact=fact, device=device, place=place, before=before, after=after)
                )
        return found

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with clear_faults(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _already_here(connection: sqlite3.Connection, entries: Sequence[LogEntry]) -> set[str]:
    found: set[str] = set()
    for chunk in chunks([entry.stamp for entry in entries]):
        rows = connection.execute(f"SELECT stamp FROM history WHERE stamp IN ({', '.join('?' * len(chunk))})", chunk)
        found |= {stamp for [stamp] in rows}
    return found


def _take_in(connection: sqlite3.Connection, log: str, new: Sequence[tuple[int, LogEntry]]) -> Applied:
    try:
        _record(connection, log, new)
        return join(connection, [entry for _, entry in new])
    except Exception as fault:
        if not isinstance(fault, (UnicodeEncodeError, OverflowError, *clash_errors())):
            raise
        raise ValueError("they hold what no library can") from fault


def _first_taken(connection: sqlite3.Connection, log: str, numbers: Sequence[int]) -> int | None:
    """Return the first of these numbers that another entry of the log has: a copied library went on under its name."""
    if not numbers:
        return None
    taken = {
        seq
        for [seq] in connection.execute(
            "SELECT seq FROM history WHERE log = ? AND seq BETWEEN ? AND ?", (log, numbers[0], numbers[-1])
        )
    }
    return min((number for number in numbers if number in taken), default=None)


def _adopt(connection: sqlite3.Connection, log: str, after: int) -> None:
    [last] = connection.execute("SELECT coalesce(max(seq), 0) FROM history WHERE log = ''").fetchone()
    connection.execute(
        "UPDATE history SET log = '', seq = ? + adopted.place"
        " FROM (SELECT number, row_number() OVER (ORDER BY seq, number) AS place FROM history"
        " WHERE log = ? AND seq > ?) AS adopted WHERE history.number = adopted.number",
        (last, log, after),
    )


def _record(connection: sqlite3.Connection, log: str, entries: Sequence[tuple[int, LogEntry]]) -> None:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'history'").fetchone()
    begin = (row[0] if row else 0) + 1
    connection.executemany(
        "INSERT INTO history (number, at, person, computer, title, stamp, log, seq, undone)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''))",  # the driver is slow with None
        [
            (number, entry.at, entry.person, entry.computer, entry.title, entry.stamp, log, seq, entry.undoes or "")
            for number, (seq, entry) in enumerate(entries, start=begin)
        ],
    )
    connection.executemany(
        'INSERT INTO history_changes (entry, kind, fact, device, place, "before", "after")'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (number, each.kind, each.fact, each.device, each.place, each.before, each.after)
            for number, (_, entry) in enumerate(entries, start=begin)
            for each in entry.changes
        ],
    )


def _add_range(connection: sqlite3.Connection, log: str, first: int, last: int) -> None:
    """Note that entries are here, as one range with those beside them."""
    beside = connection.execute(
        "SELECT first, last FROM sync_ranges WHERE log = ? AND first <= ? AND last >= ?", (log, last + 1, first - 1)
    ).fetchall()
    connection.executemany("DELETE FROM sync_ranges WHERE log = ? AND first = ?", [(log, each[0]) for each in beside])
    connection.execute(
        "INSERT INTO sync_ranges (log, first, last) VALUES (?, ?, ?)",
        (log, min([first, *(each[0] for each in beside)]), max([last, *(each[1] for each in beside)])),
    )


def _remember(connection: sqlite3.Connection, objects: Iterable[Sent]) -> None:
    connection.executemany(
        f"INSERT OR REPLACE INTO sync_objects ({_SENT}) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(each.name, each.size, each.is_ours, each.is_verified, each.log, each.first, each.last) for each in objects],
    )
