"""Version 2: every edit gets a stamp and every field the stamp of its last edit, so that libraries can be joined.

Old edits are stamped by their own instants and contents: two copies of one old library come to the same stamps.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homepoint.storage.migrate import Schema

STATEMENTS = """
ALTER TABLE history ADD COLUMN stamp TEXT;
ALTER TABLE history ADD COLUMN log TEXT DEFAULT '' NOT NULL;
ALTER TABLE history ADD COLUMN seq INTEGER;
ALTER TABLE history ADD COLUMN undone TEXT;
CREATE UNIQUE INDEX ix_history_stamp ON history (stamp);
CREATE INDEX ix_history_log_seq ON history (log, seq);
CREATE TABLE fact_stamps (
    kind TEXT NOT NULL,
    fact TEXT NOT NULL,
    base TEXT NOT NULL,
    later TEXT,
    gone TEXT NOT NULL,
    kept TEXT,
    PRIMARY KEY (kind, fact)
) WITHOUT ROWID;
CREATE TABLE marks (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    stamp TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE sync_ranges (
    log TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (log, first)
) WITHOUT ROWID;
CREATE TABLE sync_chains (
    log TEXT NOT NULL,
    last INTEGER NOT NULL,
    chain TEXT NOT NULL,
    PRIMARY KEY (log, last, chain)
) WITHOUT ROWID;
CREATE TABLE sync_objects (
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    is_ours INTEGER NOT NULL,
    is_verified INTEGER NOT NULL,
    log TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (name)
) WITHOUT ROWID;
"""
FACT_TABLES = (
    "accounts", "controllers", "devices", "bindings", "plans", "purchase_notices", "incidents", "claims", "attachments",
)  # fmt: skip


def upgrade(schema: "Schema") -> None:
    """Add the tables, then stamp the edits there are and place facts by the stamp of the edit that added them."""
    for statement in STATEMENTS.split(";"):
        schema.run(statement)
    places: dict[tuple[str, int], int] = {}
    fields: dict[tuple[str, str], _Stamps] = {}
    clock = 0
    for seq, (number, at, person, computer, title, undoes) in enumerate(
        schema.rows("SELECT number, at, person, computer, title, undoes FROM history ORDER BY number"), start=1
    ):
        changes = schema.rows(
            'SELECT number, kind, fact, place, "before", "after" FROM history_changes WHERE entry = ? ORDER BY number',
            number,
        )
        clock = max(int(datetime.fromisoformat(at).timestamp() * 1000) << 16, clock + 1)
        digest = hashlib.sha256(json.dumps([person, computer, title, changes]).encode("utf-8", "surrogatepass"))
        stamp = f"{clock:016x}{digest.hexdigest()[:10]}"
        schema.run("UPDATE history SET stamp = ?, seq = ? WHERE number = ?", stamp, seq, number)
        if undoes is not None:
            schema.run(
                "UPDATE history SET undone = (SELECT stamp FROM history WHERE number = ?) WHERE number = ?",
                undoes,
                number,
            )
        for index, (change, kind, fact, place, before, after) in enumerate(changes):
            if place is not None:
                new_place = places.setdefault((kind, place), clock + index)
                schema.run("UPDATE history_changes SET place = ? WHERE number = ?", new_place, change)
            fields.setdefault((kind, fact), _Stamps()).note(stamp, before, after)
        clock += len(changes)
    for kind in FACT_TABLES:
        moves = [(new, old) for (of, old), new in places.items() if of == kind]
        schema.run_many(f"UPDATE {kind} SET added = ? WHERE added = ?", moves)
    schema.run_many(
        "INSERT INTO fact_stamps (kind, fact, base, later, gone, kept) VALUES (?, ?, ?, ?, ?, ?)",
        ((kind, fact, *row) for (kind, fact), stamps in fields.items() for row in stamps.rows()),
    )
    newest = {kind: max((new for (of, _), new in places.items() if of == kind), default=0) for kind in FACT_TABLES}
    for kind, place in newest.items():
        schema.run("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", place, kind)


class _Stamps:
    """The stamps of one fact while its edits are walked through."""

    def __init__(self) -> None:
        self.base, self.gone = "", ""
        self.kept: str | None = None
        self.later: dict[str, str] = {}

    def note(self, stamp: str, before: str | None, after: str | None) -> None:
        if after is None:
            self.gone, self.kept = stamp, before
        elif before is None:
            self.base, self.later, self.kept = stamp, {}, None
        else:
            self.kept = None
            self.later |= dict.fromkeys(_changed(json.loads(before), json.loads(after)), stamp)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        later = json.dumps(self.later, separators=(",", ":")) if self.later else None
        yield self.base, later, self.gone, self.kept


def _changed(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    return (name for name in {**before, **after} if before.get(name) != after.get(name))
