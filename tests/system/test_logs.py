"""The log stays small and says where, never what the owner recorded."""

from pathlib import Path

import pytest

from homepoint.system.logs import LARGEST_LOG, LOG_NAME, close_log, log_fault, open_log, report

pytestmark = pytest.mark.logs_expected


def _fault(words: str) -> ValueError:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_a_fault_is_logged_by_its_kind_and_place_without_its_words(tmp_path: Path) -> None:
    handler = open_log(tmp_path)
    log_fault(_fault("ada@example.org lost 1581F6Z9C24AU0034SRD"))
    close_log(handler)
    [line] = (tmp_path / LOG_NAME).read_text("utf-8").splitlines()
    assert "ValueError at test_logs.py:" in line
    assert "example" not in line
    assert "1581" not in line
    assert str(Path(__file__).parent) not in line


def test_the_log_never_grows_beyond_its_two_parts(tmp_path: Path) -> None:
    handler = open_log(tmp_path)
    for _ in range(3 * LARGEST_LOG // 60):
        log_fault(_fault(""))
    close_log(handler)
    logs = list(tmp_path.iterdir())
    assert len(logs) == 2
    assert all(each.stat().st_size <= LARGEST_LOG for each in logs)


def test_a_folder_that_cannot_be_written_has_no_log(tmp_path: Path) -> None:
    assert open_log(tmp_path / "nowhere") is None
    close_log(None)


def test_the_report_names_version_error_and_place_but_not_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told = report(_fault(f"cannot read {tmp_path}/flights"), "1.2")
    assert told.startswith("Homepoint 1.2\nValueError: cannot read ~/flights\n  test_logs.py:")
