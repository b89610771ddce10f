"""The document commands, end to end on real records with real files."""

import json
from pathlib import Path

import pytest

from homepoint.cli import main
from homepoint.system.attachments import FOLDER_NAME, EvidenceStore
from tests.documents.reading import info_of, plain_text_of
from tests.documents.records import png, records


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with records and one stored photo."""
    folder, photo = tmp_path / "data", tmp_path / "crash.png"
    photo.write_bytes(png())
    kept = EvidenceStore(folder / FOLDER_NAME).take_in(photo)
    file = {"id": "f1", "of": "i1", "name": kept.name, "media_type": kept.media_type}
    tree = records(attachments=[{**file, "sha256": kept.sha256, "size": kept.size}])
    (tmp_path / "owner.json").write_text(json.dumps(tree), encoding="utf-8")
    assert run("import", tmp_path / "owner.json", "--data", folder) == 0
    return folder


def run(*arguments: object) -> int:
    """Carry out one command line."""
    return main([str(each) for each in arguments], lambda data, *, hidden=False: 0)


def test_a_dossier_is_written_checked_and_found_out_when_touched(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, pdf = tmp_path / "o.zip", tmp_path / "o.pdf"
    assert run("dossier", "i1", out, "--pdf", pdf, "--data", data) == 0
    seal = capsys.readouterr().out.split("seal")[1].split()[0]
    assert seal in plain_text_of(pdf).replace(" ", "")
    assert run("verify", out) == 0
    said = capsys.readouterr().out
    assert said.startswith("Intact: dossier HP-")
    assert seal in said
    content = out.read_bytes()
    out.write_bytes(content.replace(png(), png()[:-1] + b"?"))
    assert run("verify", out) == 1
    assert "altered  evidence/001-crash.png" in capsys.readouterr().out
    assert run("verify", pdf) == 2
    assert "is neither a backup nor a dossier" in capsys.readouterr().err


def test_a_redacted_dossier_says_so(data: Path, tmp_path: Path) -> None:
    assert run("dossier", "i1", tmp_path / "o.zip", "--pdf", tmp_path / "o.pdf", "--redact", "--data", data) == 0
    assert "are hidden in this copy" in plain_text_of(tmp_path / "o.pdf")


def test_a_photo_lost_from_the_store_is_said_and_the_rest_is_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (data / FOLDER_NAME).rglob("*"):
        if file.is_file():
            file.unlink()
    assert run("dossier", "i1", tmp_path / "o.zip", "--data", data) == 0
    assert "crash.png is recorded, but no longer there" in capsys.readouterr().err


@pytest.mark.parametrize("paper", ["a6", "us-letter"])
def test_a_field_card_is_written(paper: str, data: Path, tmp_path: Path) -> None:
    assert run("field-card", "d1", tmp_path / "card.pdf", "--paper", paper, "--data", data) == 0
    assert info_of(tmp_path / "card.pdf")["Pages"] == "1"


def test_an_id_nobody_bears_is_an_input_fault(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("dossier", "nope", tmp_path / "o.zip", "--data", data) == 2
    assert run("field-card", "nope", tmp_path / "o.pdf", "--data", data) == 2
    assert "'nope'" in capsys.readouterr().err
    assert not (tmp_path / "o.zip").exists()
