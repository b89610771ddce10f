"""The plain work that first downloads are compared with: fetch the same objects, open them, insert as many rows."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import requests
from requests.auth import HTTPBasicAuth
from sharing import FIELDS, Place, devices

from homepoint.storage.replication import CACHE_KIB
from homepoint.sync.cipher import LibraryKeys, unseal
from homepoint.sync.names import kind_of, label_of


def plain_rows(changes: int) -> list[tuple[str, str, str, str, str]]:
    """Return as many rows as there are changes: kind, id, field, value, clock."""
    rows: list[tuple[str, str, str, str, str]] = []
    for number, device in enumerate(devices(changes // len(FIELDS))):
        clock = f"{number:016x}{number * 7919 % 2**40:010x}"
        rows += [("devices", device.id, name, str(getattr(device, name)), clock) for name in FIELDS]
    return rows


def rows_in(body: bytes) -> list[tuple[str, str, str, str, str]]:
    """Return the rows of a body's entries."""
    rows: list[tuple[str, str, str, str, str]] = []
    for line in body.split(b"\n")[1:]:
        stamp, *_, changes = json.loads(line)
        for kind, fact, _, _, _, after in changes:
            values = json.loads(after)
            rows += [(kind, fact, name, values[name], stamp) for name in FIELDS]
    return rows


def fetch_and_insert(
    where: Place, names: Sequence[str], keys: LibraryKeys, ready: Sequence[tuple[str, ...]] | None, file: Path
) -> None:
    """Fetch objects with requests, open them with the same cipher, and insert rows in one transaction.

    Args:
        where: the storage.
        names: of the objects.
        keys: the library's.
        ready: the rows, or None to read them out of the objects.
        file: the database, made anew.
    """
    rows = list(ready or ())
    session = requests.Session()
    session.trust_env = False
    session.auth = HTTPBasicAuth(where.location.user.encode(), where.password.encode())
    for name in names:
        answer = session.get(f"{where.location.address}homepoint-sync/v1/l/{name}", timeout=60)
        answer.raise_for_status()
        if kind_of(name) == "k":
            continue
        body, _ = unseal(answer.content, label_of(name), keys)
        if ready is None and kind_of(name) in ("b", "p"):
            rows += rows_in(body)
    session.close()
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute(
        "CREATE TABLE changes (kind TEXT, id TEXT, field TEXT, value TEXT, clock TEXT, PRIMARY KEY (kind, id, field))"
    )
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO changes VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    connection.close()
