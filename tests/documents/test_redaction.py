"""A redacted dossier holds none of what it hides, in no file and in no form."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from homepoint.presentation.redaction import HIDDEN, redacted
from tests.documents.reading import plain_text_of
from tests.documents.records import SECRETS, Kept, dossier_of, png, records, snapshot, written


def everything_in(out: Path, folder: Path) -> bytes:
    """Return all bytes of a dossier: of the ZIP, of every file in it, and of its PDF unpacked and as text."""
    found = [out.read_bytes()]
    with zipfile.ZipFile(out) as archive:
        found += [archive.read(name) for name in archive.namelist()]
        found += [name.encode() for name in archive.namelist()]
        (folder / "inside.pdf").write_bytes(archive.read("dossier.pdf"))
    unpacked = ["qpdf", "--qdf", "--object-streams=disable", str(folder / "inside.pdf"), "-"]
    found.append(subprocess.run(unpacked, capture_output=True, check=True).stdout)
    found.append(plain_text_of(folder / "inside.pdf").encode())
    return b"\n".join(found)


def private_records() -> dict[str, object]:
    """Return records whose free texts name what is private, too."""
    tree = records()
    tree["incidents"][0]["description"] = (
        "Paid 1159.00 and then 169.00 EUR. Write to Ada Lovelace <ada@example.org> or friend@other.example, "
        "12 Nowhere Lane, code CODE-77-88."
    )
    tree["devices"][0]["nickname"] = "Kestrel of Ada Lovelace"
    return tree


def test_the_whole_dossier_does_hold_them(tmp_path: Path) -> None:
    """Otherwise the test below would prove nothing."""
    written(dossier_of(private_records()), Kept(), tmp_path / "o.zip")
    found = everything_in(tmp_path / "o.zip", tmp_path)
    assert [secret for secret in SECRETS if secret.encode() not in found] == ["1,159.00"]


def test_the_redacted_dossier_holds_none_of_them(tmp_path: Path) -> None:
    kept = Kept()
    files = [
        kept.add(png(), "crash, mail ada@example.org.png", "image/png"),
        kept.add(b"%PDF-1.4 1159.00 EUR to Ada Lovelace", "receipt 1159.00.pdf", "application/pdf", of="d1"),
    ]
    written(dossier_of(private_records(), *files, redact=True), kept, tmp_path / "o.zip")
    found = everything_in(tmp_path / "o.zip", tmp_path)
    for secret in (*SECRETS, "friend@other.example", "1159"):
        assert secret.encode() not in found, secret
        assert secret.encode("utf-16-be") not in found, secret
    text = plain_text_of(tmp_path / "inside.pdf")
    assert HIDDEN in text
    assert "are hidden in this copy" in text
    assert "1 file is listed below but not handed on" in text
    assert "1581F6Z9C24AU0034SRD" in text
    assert "52.516275, 13.377704" in text


def test_the_redacted_facts_still_open_and_say_that_they_are_redacted(tmp_path: Path) -> None:
    written(dossier_of(private_records(), redact=True), Kept(), tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        facts, manifest = json.loads(archive.read("facts.json")), json.loads(archive.read("manifest.json"))
    assert manifest["redacted"] is True
    assert facts["devices"][0]["price"] is None
    assert facts["claims"][0]["fees"] == []
    assert facts["accounts"] == [{"id": "account-1", "label": "the owner's account", "email": None}]
    assert facts["bindings"][0]["target"] == facts["incidents"][0]["account"] == "account-1"


@pytest.mark.parametrize("redact", [False, True])
def test_redacting_changes_no_verdict(redact: bool, tmp_path: Path) -> None:
    written(dossier_of(records(), redact=redact), Kept(), tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    text = plain_text_of(tmp_path / "o.pdf")
    assert "Everything a flyaway report asks for was in place at that moment." in text
    assert "2 in all, 0 used before, 2 left" in text


@pytest.mark.parametrize(
    ("code", "text", "hidden"),
    [
        ("CODE-77-88", "the code CODE-77-88.", "the code [hidden]."),
        ("AB12 CD34 EF56", "It is AB12 CD34 EF56, or ab12cd34ef56", "It is [hidden], or [hidden]"),
        ("SHORT", "Nothing is known of SHORT", "Nothing is known of SHORT"),
        ("ABCD-1234-5678", "In 5678 flights, 15678 m in all", "In 5678 flights, 15678 m in all"),
    ],
)
def test_what_ends_like_a_code_is_hidden_in_the_owners_words(code: str, text: str, hidden: str) -> None:
    tree = records()
    tree["plans"][0]["activation_code"], tree["incidents"][0]["description"] = code, text
    [incident] = redacted(snapshot(tree)).incidents
    assert incident.description == hidden
