"""The start as a process of its own: what is imported before the first paint, and what is said when it cannot open."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from homepoint.app.starting import Started
from homepoint.system.settings import Settings
from homepoint.ui.one_instance import OneInstance

_LATE = (
    "sqlalchemy",
    "alembic",
    "keyring",
    "requests",
    "sqlcipher3",
    "cryptography",
    "jsonschema_rs",
    "typst",
    "homepoint.domain",
    "homepoint.storage",
)
_UNTIL_THE_FIRST_PAINT = f"""
import sys
import homepoint.__main__
import homepoint.app.starting as starting
def painted(started):
    print(*(name for name in {_LATE!r} if name in sys.modules))
    started.window.close()
starting.Started.fill = painted
sys.exit(homepoint.__main__.main())
"""


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=dict(os.environ), capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.slow
def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    done = _python("-c", _UNTIL_THE_FIRST_PAINT, "--data", str(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_a_library_file_that_is_no_database_is_said_plainly_and_the_window_closes(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "homepoint.sqlite").write_bytes(b"this is a shopping list" * 100)
    started = Started(tmp_path, Settings(tmp_path / "settings.json"), OneInstance(tmp_path))
    qtbot.addWidget(started.window)
    started.window.show()
    started.fill()
    assert started.damaged is not None
    dialog = started.damaged.dialog
    assert "homepoint.sqlite" in dialog.problem.text()
    assert "Traceback" not in dialog.problem.text()
    qtbot.waitUntil(dialog.quit.isEnabled)
    assert not dialog.restore.isEnabled(), "there is no backup"
    dialog.quit.click()
    started.close()
    assert not started.window.isVisible()
    assert (tmp_path / "homepoint.sqlite").read_bytes().startswith(b"this is a shopping list")
