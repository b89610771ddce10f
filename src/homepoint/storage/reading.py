"""Reads facts with the standard library's sqlite3: the first window must not wait for SQLAlchemy's import."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from zoneinfo import ZoneInfo

from homepoint.domain.facts import (
    FACT_KINDS,
    Account,
    Binding,
    BoundTo,
    Claim,
    Controller,
    Device,
    Extra,
    Fact,
    Incident,
    Plan,
    PurchaseNotice,
)
from homepoint.domain.serials import normalised
from homepoint.domain.snapshot import DeviceFacts, Snapshot, snapshot_of
from homepoint.domain.values import DeviceId
from homepoint.storage.mapping import KIND_NAMES, columns, from_row, quoted

F = TypeVar("F", bound=Fact)

LONGEST_LINEAGE = 1_000
"""No device was replaced that often; a chain beyond it is cut like a circle."""


@contextmanager
def one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """Let several queries see the same state of the library."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def select(connection: sqlite3.Connection, kind: type[F], rest: str = "", *values: object) -> list[F]:
    """Return facts of a kind; `rest` is the query from its WHERE on, facts are called `f` there."""
    sql = f"SELECT {quoted(columns(kind), 'f')} FROM {KIND_NAMES[kind]} f {rest or 'ORDER BY f.added'}"
    return [from_row(kind, row) for row in connection.execute(sql, values)]


def one(connection: sqlite3.Connection, kind: type[F], id: str) -> F | None:
    """Return one fact, or None."""
    return next(iter(select(connection, kind, "WHERE f.id = ?", id)), None)


def of_serial(connection: sqlite3.Connection, serial: str) -> list[Device]:
    """Return the devices of a serial, compared without regard to case and surrounding blanks."""
    return select(connection, Device, "WHERE f.serial_key = ? ORDER BY f.added", normalised(serial))


def snapshot(connection: sqlite3.Connection, zone: ZoneInfo, extra: Extra) -> Snapshot:
    """Return all facts."""
    with one_view(connection):
        return snapshot_of(zone, (fact for kind in FACT_KINDS.values() for fact in select(connection, kind)), extra)


def device_facts(connection: sqlite3.Connection, id: DeviceId, zone: ZoneInfo) -> DeviceFacts | None:
    """Return a device with all that bears on it, the units before it and the one after it; a circle is cut."""
    with one_view(connection):
        lineage = _lineage(connection, id)
        found: DeviceFacts | None = None
        for unit in reversed(lineage):
            found = _facts_of(connection, unit, zone, found)
        return found


def _lineage(connection: sqlite3.Connection, id: DeviceId) -> list[Device]:
    lineage: list[Device] = []
    seen: set[str] = set()
    wanted: str | None = id
    while wanted and wanted not in seen and len(lineage) < LONGEST_LINEAGE:
        unit = one(connection, Device, wanted)
        if unit is None:
            break
        lineage.append(unit)
        seen.add(unit.id)
        wanted = unit.succeeds
    return lineage


def _facts_of(
    connection: sqlite3.Connection, unit: Device, zone: ZoneInfo, predecessor: DeviceFacts | None
) -> DeviceFacts:
    def of_unit(kind: type[F]) -> tuple[F, ...]:
        return tuple(select(connection, kind, "WHERE f.device = ? ORDER BY f.added", unit.id))

    bindings, incidents = of_unit(Binding), of_unit(Incident)
    accounts = {each.target for each in bindings if each.to is BoundTo.ACCOUNT}
    controllers = {each.target for each in bindings if each.to is BoundTo.CONTROLLER}
    accounts |= {each.account for each in incidents if each.account}
    controllers |= {each.controller for each in incidents if each.controller}
    if predecessor is not None:
        accounts |= {each.id for each in predecessor.accounts}
        controllers |= {each.id for each in predecessor.controllers}
    successors = select(connection, Device, "WHERE f.succeeds = ? ORDER BY f.added DESC LIMIT 1", unit.id)
    return DeviceFacts(
        device=unit,
        zone=zone,
        bindings=bindings,
        plans=of_unit(Plan),
        notices=of_unit(PurchaseNotice),
        incidents=incidents,
        claims=of_unit(Claim),
        predecessor=predecessor,
        successor=successors[0] if successors else None,
        accounts=tuple(_named(connection, Account, accounts)),
        controllers=tuple(_named(connection, Controller, controllers)),
    )


def _named(connection: sqlite3.Connection, kind: type[F], ids: Iterable[str]) -> Sequence[F]:
    wanted = sorted(ids)
    if not wanted:
        return ()
    return select(connection, kind, f"WHERE f.id IN ({', '.join('?' * len(wanted))}) ORDER BY f.added", *wanted)
