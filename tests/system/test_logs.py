"""The log stays small and says where, never what the owner recorded."""

import logging
from pathlib import Path

import pytest

from homepoint.system.logs import LARGEST_LOG, LOG_NAME, close_log, log_fault, open_log, report, tail

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


def test_whatever_is_logged_by_mistake_is_masked_the_texts_of_errors_too(tmp_path: Path) -> None:
    secrets: list[str] = []
    handler = open_log(tmp_path, lambda: secrets)
    log = logging.getLogger("homepoint.sync")
    secrets.append("hunter2")  # a secret may become known after the log was opened
    log.warning("unit %s of %s at %s", "1581F6Z9C24AU0034SRD", "ada@example.org", {"key": "hunter2"})
    try:
        try:
            raise ValueError("hunter2 of 5YSZK1234567AB")
        except ValueError as inner:
            raise OSError("https://ada:pw@cloud.example/") from inner
    except OSError:
        log.exception("ada@example.org", stack_info=True)
    close_log(handler)
    written = (tmp_path / LOG_NAME).read_text("utf-8")
    assert "WARNING homepoint.sync: unit …4SRD of [e-mail] at {'key': '[hidden]'}" in written
    assert "ValueError: [hidden] of …67AB" in written
    assert "OSError: https://[hidden]@cloud.example/" in written
    assert "Stack (most recent call last)" in written
    for personal in ("1581", "hunter2", "5YSZK", "ada@", "ada:"):
        assert personal not in written.replace('log.warning("unit %s', ""), personal


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
    assert tail(tmp_path / "nowhere", 10) == []


def test_the_tail_reaches_into_the_older_part(tmp_path: Path) -> None:
    (tmp_path / f"{LOG_NAME}.1").write_text("1\n2\n", encoding="utf-8")
    (tmp_path / LOG_NAME).write_bytes(b"3\n\xff\n")
    assert tail(tmp_path, 3) == ["2", "3", "\N{REPLACEMENT CHARACTER}"]
    assert tail(tmp_path, 0) == []


def test_the_report_names_version_error_and_place_but_nothing_personal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    told = report(_fault(f"cannot read {tmp_path}/flights of 1581F6Z9C24AU0034SRD: hunter2"), "1.2", ["hunter2"])
    assert told.startswith("Homepoint 1.2\nValueError: cannot read ~/flights of …4SRD: [hidden]\n  test_logs.py:")
