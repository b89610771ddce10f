"""Diagnostics say what helps and nothing that is the owner's, the same each time."""

from datetime import UTC, datetime
from pathlib import Path

from homepoint.system.diagnostics import LOG_LINES, diagnostics, surroundings
from homepoint.system.logs import LOG_NAME
from homepoint.system.masking import Mask

AT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
MASK = Mask(home="/srv/people/ada", people=["ada"], secrets=["hunter2"])


def _made(folder: Path, **values: object) -> str:
    usual: dict[str, object] = {
        "at": AT,
        "runs_on": {"Homepoint": "1.2", "System": "Linux"},
        "counts": {"devices": 3, "plans": 2},
        "keyring": "kept in the system's keyring (GNOME Keyring)",
        "synchronising": ["last complete 2026-11-21", "offline: https://ada:hunter2@cloud.example/ does not answer"],
        "folder": folder,
        "mask": MASK,
    }
    return diagnostics(**{**usual, **values})  # type: ignore[arg-type]  # the usual ones or those of the test


def test_all_of_it_is_one_masked_text_that_is_the_same_each_time(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_text("WARNING /srv/people/ada/x: 1581F6Z9C24AU0034SRD\n", encoding="utf-8")
    text = _made(tmp_path)
    assert text == _made(tmp_path)
    assert text == (
        "Homepoint diagnostics\n  made at 2026-11-22T10:15:00+00:00\n\n"
        "Program and system\n  Homepoint: 1.2\n  System: Linux\n\n"
        "Records\n  devices: 3\n  plans: 2\n\n"
        "Passwords\n  kept in the system's keyring (GNOME Keyring)\n\n"
        "Synchronising\n  last complete 2026-11-21\n"
        "  offline: https://[hidden]@cloud.example/ does not answer\n\n"
        "Log, its last 60 lines at most\n  WARNING ~/x: …4SRD\n"
    )


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    text = _made(tmp_path, counts={}, synchronising=())
    assert "Records\n  none\n" in text
    assert "Synchronising\n  off\n" in text
    assert text.endswith("at most\n  empty\n")


def test_of_a_long_log_only_the_end_is_shown(tmp_path: Path) -> None:
    (tmp_path / LOG_NAME).write_text("".join(f"line {number}\n" for number in range(200)), encoding="utf-8")
    text = _made(tmp_path)
    assert f"line {200 - LOG_LINES}\n" in text
    assert f"line {200 - LOG_LINES - 1}\n" not in text


def test_the_surroundings_name_system_and_packages() -> None:
    found = surroundings("1.2")
    assert found["Homepoint"] == "1.2"
    assert found["keyring"][0].isdigit()
    assert {"System", "Machine", "Python", "PySide6-Essentials"} <= found.keys()
