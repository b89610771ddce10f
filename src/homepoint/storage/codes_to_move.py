"""The activation codes that an older Homepoint kept among the facts: moved to the secrets, then wiped from the file.

Every call opens the file anew: it may come from any thread, and a keyring may let the caller wait.
"""

import glob
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from homepoint.application.activation_codes import ActivationCodes
from homepoint.application.problems import HomepointError
from homepoint.domain.activation_codes import hint_of
from homepoint.domain.values import PlanId
from homepoint.storage.connecting import PATIENCE_S, connect
from homepoint.storage.faults import clear_faults

_IN_FILE = "codes-in-file"
"""The library's value that is there until no trace of a code is left in the file and its old copies."""


class CodesToMove:
    """`activation_codes.WaitingCodes` in a library's file that is up to date."""

    def __init__(self, path: Path, key: bytes | None = None, patience_s: float = PATIENCE_S) -> None:
        """Look into a library's file, with its key where it is encrypted."""
        self._path, self._key, self._patience_s = path, key, patience_s

    def are_gone(self) -> bool:
        """Say whether neither codes nor traces of them are left."""
        with self._opened() as connection:
            return not _is_marked(connection)

    def count(self) -> int:
        """Return how many codes wait."""
        with self._opened() as connection:
            return int(connection.execute("SELECT count(*) FROM codes_to_move").fetchone()[0])

    def get(self, plan: PlanId) -> str | None:
        """Return the code of a plan, None where none waits."""
        with self._opened() as connection:
            row = connection.execute('SELECT code FROM codes_to_move WHERE "plan" = ?', (plan,)).fetchone()
        return None if row is None else str(row[0])

    def forget(self, plan: PlanId) -> None:
        """Let go of a plan's code; nothing happens where none waits."""
        with self._opened() as connection:
            connection.execute('DELETE FROM codes_to_move WHERE "plan" = ?', (plan,))

    def move(self, codes: ActivationCodes) -> int:
        """Keep every waiting code with the secrets, wipe the file, and return how many were kept.

        A code whose plan has another one by now is let go of.

        Raises:
            HomepointError: the secrets cannot be kept, or the file cannot be wiped now. What was not moved waits on.
        """
        moved = 0
        for plan, code, hint in self._waiting():
            if hint is None or hint == hint_of(code):
                codes.keep(plan, code)
                moved += 1
            self.forget(plan)
        self._wipe()
        return moved

    def forget_all(self) -> None:
        """Let go of every waiting code by the owner's wish, and wipe the file. Raises as `move`."""
        with self._opened() as connection:
            connection.execute("DELETE FROM codes_to_move")
        self._wipe()

    def _waiting(self) -> list[tuple[PlanId, str, str | None]]:
        with self._opened() as connection:
            found = connection.execute(
                "SELECT w.\"plan\", w.code, CASE WHEN p.id IS NULL THEN NULL ELSE coalesce(p.activation_code_hint, '')"
                ' END FROM codes_to_move w LEFT JOIN plans p ON p.id = w."plan"'
            ).fetchall()
        return [(PlanId(plan), code, hint) for plan, code, hint in found]

    def _wipe(self) -> None:
        """Leave no trace of a code: not in free pages, not in the write-ahead log, not in copies made before steps."""
        with self._opened() as connection:
            if not _is_marked(connection):
                return
            if connection.execute("SELECT 1 FROM codes_to_move").fetchone():
                return  # one came meanwhile from another program that holds the file
            self._remove_copies()
            connection.execute("VACUUM")
            [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise HomepointError(
                    "The activation codes were moved, but traces of them are left in the library's file.",
                    "Another program is using the file. Close it, then start Homepoint again.",
                )
            connection.execute("DELETE FROM library WHERE name = ?", (_IN_FILE,))

    def _remove_copies(self) -> None:
        for copy in self._path.parent.glob(f"{glob.escape(self._path.stem)}.version-*.backup*"):
            try:
                copy.unlink(missing_ok=True)
            except OSError as fault:
                raise HomepointError(
                    f"{copy.name} holds activation codes and cannot be removed: {fault.strerror}.",
                    f"Remove {copy} yourself.",
                ) from fault

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with (
            clear_faults(self._path),
            closing(connect(self._path, self._key, patience_s=self._patience_s)) as connection,
        ):
            connection.execute("PRAGMA secure_delete = ON")
            yield connection


def take_codes_out(copy: sqlite3.Connection) -> None:
    """Leave neither codes nor traces of them in a copy of a library, such as a backup.

    Args:
        copy: opened in autocommit, and nobody else's.
    """
    if _is_marked(copy):
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM codes_to_move")
        copy.execute("DELETE FROM library WHERE name = ?", (_IN_FILE,))
        copy.execute("VACUUM")


def _is_marked(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM library WHERE name = ?", (_IN_FILE,)).fetchone() is not None
