"""Makes a new library's file, and brings an old one up to date.

`PRAGMA user_version` tells the version. All steps that are due run in one transaction; if one fails, the file is as
it was. A library with facts is first copied beside itself.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from homepoint.application.problems import HomepointError
from homepoint.storage.connecting import PATIENCE_S, cipher_module, connect, database_errors
from homepoint.storage.faults import clear_faults
from homepoint.storage.migrations import STEPS

if TYPE_CHECKING:
    from alembic.operations import Operations

APPLICATION_ID = 0x486D5074  # "HmPt", in the file's header


class Schema:
    """What a step may use: plain SQL, or Alembic's operations, which are imported only when a step asks for them."""

    def __init__(self, connection: sqlite3.Connection, *, is_encrypted: bool = False) -> None:
        self._connection, self._is_encrypted = connection, is_encrypted

    def run(self, sql: str, *values: object) -> None:
        """Carry out one statement."""
        self._connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Carry out one statement for each row of values."""
        self._connection.executemany(sql, rows)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return self._connection.execute(sql, values).fetchall()

    @cached_property
    def operations(self) -> "Operations":
        """Alembic's operations, inside the transaction of all steps."""
        from alembic.migration import MigrationContext
        from alembic.operations import Operations
        from sqlalchemy import create_engine
        from sqlalchemy.pool import StaticPool

        engine = create_engine(
            "sqlite://",
            creator=lambda: _Lent(self._connection),
            poolclass=StaticPool,
            module=cipher_module() if self._is_encrypted else sqlite3,
        )
        return Operations(MigrationContext.configure(engine.connect()))


class _Lent:
    """A connection lent to SQLAlchemy, which must not end the transaction of all steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leave the transaction open."""

    def rollback(self) -> None:
        """Leave the transaction open."""

    def close(self) -> None:
        """Leave the connection open."""


def bring_up_to_date(
    path: Path,
    steps: Sequence[Callable[[Schema], None]] = STEPS,
    patience_s: float = PATIENCE_S,
    key: bytes | None = None,
) -> Path | None:
    """Make the file if it is not there, migrate it if it is old, and return the backup that was made, if any.

    Raises:
        HomepointError: the file is no library, is of a newer Homepoint, cannot be opened or changed, or a step fails.
            The file is then as it was.
    """
    with (
        clear_faults(path),
        closing(connect(path, key, patience_s=patience_s)) as connection,
    ):
        found = _version(connection, path, len(steps))
        if found == len(steps):
            return None
        connection.execute("PRAGMA journal_mode = WAL")
        backup = _back_up(connection, path, found, patience_s, key) if found else None
        connection.execute("BEGIN IMMEDIATE")
        try:
            schema = Schema(connection, is_encrypted=key is not None)
            _run(schema, steps[_version(connection, path, len(steps)) :], path)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(steps)}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return backup


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    [found] = connection.execute("PRAGMA user_version").fetchone()
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (found or tables or application):
        raise HomepointError(
            f"{path.name} is a database of another program.", "Choose another folder for Homepoint's library."
        )
    if found > newest:
        raise HomepointError(
            f"{path.name} was written by a newer Homepoint (version {found}; this one knows {newest}).",
            "Install the newest Homepoint, then open it again. Nothing was changed.",
        )
    return int(found)


def _run(schema: Schema, steps: Sequence[Callable[[Schema], None]], path: Path) -> None:
    for step in steps:
        try:
            step(schema)
        except database_errors():
            raise  # the file's fault has its own sentence
        except Exception as fault:
            raise HomepointError(
                f"{path.name} could not be brought up to date.",
                "Nothing was changed. Copy the report and send it to Homepoint's authors.",
            ) from fault


def _back_up(connection: sqlite3.Connection, path: Path, version: int, patience_s: float, key: bytes | None) -> Path:
    backup = path.with_name(f"{path.stem}.version-{version}.backup")
    with closing(connect(backup, key, patience_s=patience_s)) as copy:
        connection.backup(copy)
    return backup
