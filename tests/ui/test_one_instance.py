"""Of two starts on one folder the first stays and hears of the second; a crash leaves nothing in the way."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from homepoint.ui.one_instance import LOCK_NAME, OneInstance


def test_the_second_start_is_told_so_and_the_first_hears_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    first = OneInstance(tmp_path)
    assert first.is_first()
    first.listen()
    with qtbot.waitSignal(first.raised):
        assert not OneInstance(tmp_path).is_first()
    first.close()


def test_a_start_at_the_same_moment_waits_until_the_first_one_listens(qtbot: QtBot, tmp_path: Path) -> None:
    first = OneInstance(tmp_path)
    assert first.is_first()
    found: list[bool] = []
    second = threading.Thread(target=lambda: found.append(OneInstance(tmp_path).is_first()))
    with qtbot.waitSignal(first.raised):
        second.start()
        first.listen()
    second.join()
    assert found == [False]
    first.close()


def test_another_folder_has_a_window_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, other = OneInstance(tmp_path), OneInstance(tmp_path / "other")
    assert first.is_first()
    assert other.is_first()
    first.close()
    other.close()


def test_after_the_first_has_closed_the_next_is_first(tmp_path: Path) -> None:
    for _ in range(2):
        each = OneInstance(tmp_path)
        assert each.is_first()
        each.listen()
        each.close()


def test_what_a_killed_process_left_behind_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from homepoint.ui.one_instance import OneInstance; app = QCoreApplication([]);"
        "one = OneInstance(Path(sys.argv[1])); one.is_first(); one.listen(); print('listens', flush=True); app.exec()"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "listens\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert (tmp_path / LOCK_NAME).exists()
    after = OneInstance(tmp_path)
    assert after.is_first()
    after.listen()
    with qtbot.waitSignal(after.raised):
        assert not OneInstance(tmp_path).is_first()
    after.close()
