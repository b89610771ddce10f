"""A file of any age opens, one of a newer Homepoint does not, and a step that fails leaves no trace."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from homepoint.application.problems import HomepointError
from homepoint.domain.facts import kind_of
from homepoint.storage.connecting import connect
from homepoint.storage.mapping import columns
from homepoint.storage.migrate import Schema, bring_up_to_date
from homepoint.storage.migrations import STEPS
from homepoint.storage.tables import FACT_ROWS, Row
from tests import builders as make


def _shape(path: Path, key: bytes | None = None) -> dict[str, Any]:
    """Return every table's columns and indexes as SQLite sees them."""
    with closing(connect(path, key)) as connection:
        objects = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        return {
            f"{kind} {name}": connection.execute(
                f"PRAGMA {'table_info' if kind == 'table' else 'index_xinfo'}('{name}')"
            ).fetchall()
            for kind, name in objects
        }


def _content(path: Path, key: bytes | None = None) -> list[str]:
    with closing(connect(path, key)) as connection:
        schema = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = [name for [name] in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
        return [f"{each}" for each in (connection.execute("PRAGMA user_version").fetchone(), *schema, *rows)]


def test_a_new_file_is_what_the_tables_say(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path / "steps.sqlite")
    models = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'models.sqlite'}")
    Row.metadata.create_all(models)
    models.dispose()
    assert _shape(tmp_path / "steps.sqlite") == _shape(tmp_path / "models.sqlite")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'steps.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("fact", make.one_of_each(), ids=lambda fact: type(fact).__name__)
def test_a_table_has_a_column_for_each_field_of_its_facts(fact: Any) -> None:
    [name] = [name for name, row in FACT_ROWS.items() if name == kind_of(fact)]
    has = set(FACT_ROWS[name].__table__.columns.keys()) - {"added", "serial_key", "search_text"}
    assert has == set(columns(type(fact)))


def test_a_new_library_is_made_without_sqlalchemy(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from zoneinfo import ZoneInfo as Zone;"
        "from homepoint.storage.library import SqliteLibrary;"
        f"library = SqliteLibrary(Path({str(tmp_path / 'new.sqlite')!r}), zone=Zone('UTC'), person='', computer='');"
        "library.snapshot();"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'alembic', 'sqlcipher3', 'cryptography')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("age", range(len(STEPS)))
def test_a_file_of_any_age_opens_with_its_facts(tmp_path: Path, age: int, key: bytes | None) -> None:
    path = tmp_path / "library.sqlite"
    bring_up_to_date(path, STEPS[:age], key=key)
    assert bring_up_to_date(path, key=key) is None or age
    assert _shape(path, key).keys() >= {"table devices"}


def _add_a_colour(schema: Schema) -> None:
    schema.operations.add_column("devices", sqlalchemy.Column("colour", sqlalchemy.Text))


def _add_a_shape_and_fail(schema: Schema) -> None:
    schema.operations.add_column("devices", sqlalchemy.Column("shape", sqlalchemy.Text))
    raise ZeroDivisionError


def test_a_step_of_alembic_changes_the_file_and_leaves_a_backup_of_it(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "library.sqlite"
    library = make.library_at(path, key=key)
    library.write(make.adding(make.device()), make.NOW)
    library.close()
    before = _content(path, key)
    backup = bring_up_to_date(path, [*STEPS, _add_a_colour], key=key)
    assert backup is not None
    assert _content(backup, key) == before
    assert any("colour" in column for column in _shape(path, key)["table devices"])
    assert bring_up_to_date(path, [*STEPS, _add_a_colour], key=key) is None


def test_a_step_that_fails_is_undone_with_all_before_it(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "library.sqlite"
    library = make.library_at(path, key=key)
    library.write(make.adding(make.device()), make.NOW)
    library.close()
    before = _content(path, key)
    with pytest.raises(HomepointError, match="could not be brought up to date"):
        bring_up_to_date(path, [*STEPS, _add_a_colour, _add_a_shape_and_fail], key=key)
    assert _content(path, key) == before
    make.library_at(path, key=key).close()


def test_a_file_of_a_newer_homepoint_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    bring_up_to_date(path, [*STEPS, _add_a_colour])
    before = path.read_bytes()
    with pytest.raises(HomepointError, match="newer Homepoint"):
        make.library_at(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    before = path.read_bytes()
    with pytest.raises(HomepointError, match="another program"):
        make.library_at(path)
    assert path.read_bytes() == before
