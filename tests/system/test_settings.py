"""Settings are kept whole, and a broken file never stops a start."""

import json
from pathlib import Path

import pytest

from homepoint.system.settings import Settings


def test_what_was_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    settings = Settings(file)
    assert settings.read_text("page") is None
    settings.write_text("page", "devices")
    settings.write_bytes("geometry", bytes(range(256)))
    again = Settings(file)
    assert again.read_text("page") == "devices"
    assert again.read_bytes("geometry") == bytes(range(256))


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"null", b"\xff\xfe", b'"text"'])
def test_a_broken_file_is_set_aside_and_writing_goes_on(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    settings = Settings(file)
    assert settings.read_text("page") is None
    assert (tmp_path / "settings.broken").read_bytes() == content
    settings.write_text("page", "devices")
    assert Settings(file).read_text("page") == "devices"


def test_values_that_are_no_texts_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"page": 7, "theme": "dark", "geometry": "not base64!"}), "utf-8")
    settings = Settings(file)
    assert settings.read_text("page") is None
    assert settings.read_text("theme") == "dark"
    assert settings.read_bytes("geometry") is None


def test_where_nothing_can_be_written_the_program_goes_on(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "no such folder" / "settings.json")
    settings.write_text("page", "devices")
    assert settings.read_text("page") == "devices"
    assert not (tmp_path / "no such folder").exists()
