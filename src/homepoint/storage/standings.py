"""Keeps and lists what the rules last said about each device: a cache beside the facts, rebuilt at will."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from homepoint.application.ports import AgendaEntry, DeviceQuery, DeviceRow, Standing
from homepoint.domain.assessment import CLAIM_DEADLINES, CareState, DeadlineKind, DeadlineState
from homepoint.domain.facts import Category, Device, DeviceStatus
from homepoint.domain.values import DeviceId
from homepoint.storage.mapping import columns, from_row, json_text, quoted, utc_text

_STANDING = (
    "device", "assessed_at", "holds_until", "catalogue", "category", "care_state", "care_starts_on", "care_ends_on",
    "replacements_allowed", "replacements_left", "flyaway_ready", "flyaway_missing", "next_deadline",
)  # fmt: skip
_AGENDA = ("device", "kind", "at_text", "ends_at", "state", "because")
_ORDERS = {
    "next-deadline": "s.next_deadline",
    "name": "coalesce(f.nickname, f.model) COLLATE NOCASE",
    "model": "f.model COLLATE NOCASE",
    "serial": "f.serial_key",
    "care-ends": "s.care_ends_on",
    "added": "f.added",
}


def keep(connection: sqlite3.Connection, standings: Iterable[Standing]) -> None:
    """Store standings, replacing those of the same devices; a device that is gone meanwhile gets none."""
    kept = list(standings)
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany("DELETE FROM agenda WHERE device = ?", [(each.device,) for each in kept])
        connection.executemany(
            f"INSERT OR REPLACE INTO standing ({', '.join(_STANDING)}) SELECT {', '.join('?' * len(_STANDING))}"
            " WHERE EXISTS (SELECT 1 FROM devices WHERE id = ?1)",
            [_standing_values(each) for each in kept],
        )
        connection.executemany(
            f"INSERT INTO agenda ({', '.join(_AGENDA)}) SELECT {', '.join('?' * len(_AGENDA))}"
            " WHERE EXISTS (SELECT 1 FROM devices WHERE id = ?1)",
            [_agenda_values(entry) for each in kept for entry in each.agenda],
        )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def forget_all(connection: sqlite3.Connection) -> None:
    """Drop every standing, so that all devices are assessed anew."""
    connection.executescript("BEGIN IMMEDIATE; DELETE FROM agenda; DELETE FROM standing; COMMIT")


def forget_all_standings(connection: sqlite3.Connection) -> None:
    """Drop every standing, within the caller's transaction."""
    connection.execute("DELETE FROM agenda")
    connection.execute("DELETE FROM standing")


def forget_standings_of(connection: sqlite3.Connection, devices: Iterable[str]) -> None:
    """Drop what is no longer true of devices whose facts changed, and of the units that took over from them."""
    if connection.execute("SELECT 1 FROM standing LIMIT 1").fetchone() is None:
        return  # as while a new computer takes in all there is
    touched = connection.execute(
        "WITH RECURSIVE touched(id) AS (SELECT value FROM json_each(?) UNION"
        " SELECT devices.id FROM devices JOIN touched ON devices.succeeds = touched.id) SELECT id FROM touched",
        (json_text(sorted(devices)),),
    ).fetchall()
    connection.executemany("DELETE FROM standing WHERE device = ?", touched)
    connection.executemany("DELETE FROM agenda WHERE device = ?", touched)


def rows(connection: sqlite3.Connection, query: DeviceQuery) -> tuple[Sequence[DeviceRow], int]:
    """Return one page of devices and how many match in all. What has no value in the order asked for comes last."""
    where, values = _conditions(query)
    [total] = connection.execute(f"SELECT count(*) FROM devices f {_join(query)} {where}", values).fetchone()
    by_index = query.order == "next-deadline" and not query.words
    places = (_soonest if by_index else _sorted)(connection, query, where, values)
    device_columns = columns(Device)
    found = {
        row[0]: row[1:]
        for row in connection.execute(
            f"SELECT f.added, {quoted(device_columns, 'f')}, {quoted(_STANDING, 's')} FROM devices f"
            f" LEFT JOIN standing s ON s.device = f.id WHERE f.added IN ({', '.join('?' * len(places))})",
            places,
        )
    }
    width = len(device_columns)
    ordered = [found[place] for place in places]
    agendas = _agendas(connection, [row[width] for row in ordered if row[width] is not None])
    return [
        DeviceRow(
            device=from_row(Device, row[:width]),
            standing=None if row[width] is None else _standing(row[width:], agendas.get(row[width], ())),
        )
        for row in ordered
    ], total


def agenda(
    connection: sqlite3.Connection, before: datetime | None, device: DeviceId | None, limit: int
) -> Sequence[AgendaEntry]:
    """Return the kept deadlines that are not met, the earliest first.

    Those of a claim matter whatever became of the device; all others only while it is in use.
    """
    of_claims = ", ".join(f"'{kind}'" for kind in CLAIM_DEADLINES)
    where = [f"(f.status = ? OR a.kind IN ({of_claims}))", "a.state != ?"]
    values = [DeviceStatus.IN_USE.value, DeadlineState.MET.value]
    if before is not None:
        where.append("a.ends_at < ?")
        values.append(utc_text(before))
    if device is not None:
        where.append("a.device = ?")
        values.append(device)
    found = connection.execute(
        f"SELECT {quoted(_AGENDA, 'a')} FROM agenda a JOIN devices f ON f.id = a.device"
        f" WHERE {' AND '.join(where)} ORDER BY a.ends_at, a.number LIMIT ?",
        [*values, limit],
    )
    return [_agenda_entry(row) for row in found]


def stale(connection: sqlite3.Connection, now: datetime, catalogue: str, limit: int) -> Sequence[DeviceId]:
    """Return devices whose standing is missing, of another catalogue, no longer true, or from the future."""
    at = utc_text(now)
    found = connection.execute(
        "SELECT f.id FROM devices f LEFT JOIN standing s ON s.device = f.id"
        " WHERE s.device IS NULL OR s.catalogue != ? OR s.holds_until <= ? OR s.assessed_at > ?"
        " ORDER BY f.added LIMIT ?",
        (catalogue, at, at, limit),
    )
    return [DeviceId(id) for [id] in found]


def next_change(connection: sqlite3.Connection) -> datetime | None:
    """Return the earliest instant at which any standing stops being true."""
    [earliest] = connection.execute("SELECT min(holds_until) FROM standing").fetchone()
    return None if earliest is None else datetime.fromisoformat(earliest)


def _conditions(query: DeviceQuery) -> tuple[str, list[object]]:
    """Return the WHERE clause of a query: `instr` finds words where they stand, without wildcards to escape."""
    where, values = [], []
    for word in query.words.casefold().split():
        where.append("instr(f.search_text, ?) > 0")
        values.append(word)
    if query.statuses is not None:
        where.append(f"f.status IN ({', '.join('?' * len(query.statuses))})")
        values.extend(sorted(query.statuses))
    if query.unbound_only:
        where.append("s.care_state = ? AND s.flyaway_missing LIKE '%-binding\"%'")
        where.append("s.flyaway_missing NOT LIKE '%model-support%'")
        values.append(CareState.ACTIVE.value)
    return f"WHERE {' AND '.join(where)}" if where else "", list(values)


def _join(query: DeviceQuery) -> str:
    """Return the join with the standings where conditions or order need it; the count of all devices does without."""
    needed = query.unbound_only or _ORDERS[query.order].startswith("s.")
    return "LEFT JOIN standing s ON s.device = f.id" if needed else ""


def _sorted(connection: sqlite3.Connection, query: DeviceQuery, where: str, values: list[object]) -> list[int]:
    """Return the places of one page of devices."""
    key = _ORDERS[query.order]
    direction = "DESC" if query.descending else "ASC"
    found = connection.execute(
        f"SELECT f.added FROM devices f {_join(query)} {where}"
        f" ORDER BY {key} {direction} NULLS LAST, f.added {direction} LIMIT ? OFFSET ?",
        [*values, query.limit, query.offset],
    )
    return [place for [place] in found]


def _soonest(connection: sqlite3.Connection, query: DeviceQuery, where: str, values: list[object]) -> list[int]:
    """Return what `_sorted` does for the order by deadline, walking its index: this is what the first window shows."""
    direction = "DESC" if query.descending else "ASC"
    with_one = (
        "FROM standing s CROSS JOIN devices f ON f.id = s.device"  # CROSS: the standing first
        f" {where or 'WHERE 1'} AND s.next_deadline IS NOT NULL"
    )
    found = connection.execute(
        f"SELECT f.added {with_one} ORDER BY s.next_deadline {direction}, f.added {direction} LIMIT ? OFFSET ?",
        [*values, query.limit, query.offset],
    ).fetchall()
    if len(found) < query.limit:
        [deadlines] = connection.execute(f"SELECT count(*) {with_one}", values).fetchone()
        found += connection.execute(
            "SELECT f.added FROM devices f LEFT JOIN standing s ON s.device = f.id"
            f" {where or 'WHERE 1'} AND s.next_deadline IS NULL ORDER BY f.added {direction} LIMIT ? OFFSET ?",
            [*values, query.limit - len(found), max(0, query.offset - deadlines)],
        ).fetchall()
    return [place for [place] in found]


def _agendas(connection: sqlite3.Connection, devices: Sequence[str]) -> dict[str, tuple[AgendaEntry, ...]]:
    found: dict[str, tuple[AgendaEntry, ...]] = {}
    for row in connection.execute(
        f"SELECT {quoted(_AGENDA, 'a')} FROM agenda a WHERE a.device IN ({', '.join('?' * len(devices))})"
        " ORDER BY a.number",
        devices,
    ):
        found[row[0]] = (*found.get(row[0], ()), _agenda_entry(row))
    return found


def _standing_values(standing: Standing) -> tuple[object, ...]:
    ahead = (entry.ends_at for entry in standing.agenda if entry.state in (DeadlineState.AHEAD, DeadlineState.DUE))
    following = min(ahead, default=None)
    return (
        standing.device,
        utc_text(standing.assessed_at),
        None if standing.holds_until is None else utc_text(standing.holds_until),
        standing.catalogue,
        standing.category,
        standing.care_state,
        standing.care_starts_on,
        standing.care_ends_on,
        standing.replacements_allowed,
        standing.replacements_left,
        int(standing.flyaway_ready),
        json_text(list(standing.flyaway_missing)),
        None if following is None else utc_text(following),
    )


def _standing(row: Sequence[Any], entries: tuple[AgendaEntry, ...]) -> Standing:
    values = dict(zip(_STANDING, row, strict=True))
    del values["next_deadline"]
    holds_until, category = values["holds_until"], values["category"]
    return Standing(
        **values
        | {
            "assessed_at": datetime.fromisoformat(values["assessed_at"]),
            "holds_until": None if holds_until is None else datetime.fromisoformat(holds_until),
            "category": None if category is None else Category(category),
            "care_state": CareState(values["care_state"]),
            "flyaway_ready": bool(values["flyaway_ready"]),
            "flyaway_missing": tuple(json.loads(values["flyaway_missing"])),
            "agenda": entries,
        }
    )


def _agenda_values(entry: AgendaEntry) -> tuple[object, ...]:
    return (
        entry.device, entry.kind, entry.at_text, utc_text(entry.ends_at), entry.state, json_text(list(entry.because)),
    )  # fmt: skip


def _agenda_entry(row: Sequence[Any]) -> AgendaEntry:
    device, kind, at_text, ends_at, state, because = row
    return AgendaEntry(
        device=device,
        kind=DeadlineKind(kind),
        at_text=at_text,
        ends_at=datetime.fromisoformat(ends_at),
        state=DeadlineState(state),
        because=tuple(json.loads(because)),
    )
