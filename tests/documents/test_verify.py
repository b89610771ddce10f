"""A dossier that was touched is found out, and one made to harm is not opened."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.documents.manifest import Listed, seal_of
from homepoint.documents.verify import Outcome, verify
from tests.documents.records import Kept, dossier_of, png, records, written

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier with one photo."""
    kept, out = Kept(), tmp_path_factory.mktemp("dossier") / "o.zip"
    written(dossier_of(records(), kept.add(png(), "crash.png", "image/png")), kept, out)
    return out


def changed(dossier: Path, folder: Path, change: Callable[[Files], object]) -> Path:
    """Return a copy of a dossier whose files were changed."""
    with zipfile.ZipFile(dossier) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(folder / "changed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return folder / "changed.zip"


def test_an_untouched_dossier_is_intact(dossier: Path) -> None:
    found = verify(dossier)
    assert found.outcome is Outcome.INTACT
    assert found.files == 3
    assert found.seal == found.sealed_as


def test_packing_it_anew_does_no_harm(dossier: Path, tmp_path: Path) -> None:
    assert verify(changed(dossier, tmp_path, lambda files: None)).outcome is Outcome.INTACT


@pytest.mark.parametrize("name", ["dossier.pdf", "facts.json", "evidence/001-crash.png"])
def test_one_altered_byte_names_the_file(name: str, dossier: Path, tmp_path: Path) -> None:
    found = verify(changed(dossier, tmp_path, lambda files: files.update({name: files[name][:-1] + b"?"})))
    assert (found.outcome, found.altered, found.missing, found.added) == (Outcome.ALTERED, (name,), (), ())


def test_a_missing_and_an_added_file_are_named(dossier: Path, tmp_path: Path) -> None:
    def exchange(files: Files) -> None:
        files["evidence/001-other.png"] = files.pop("evidence/001-crash.png")

    found = verify(changed(dossier, tmp_path, exchange))
    assert found.outcome is Outcome.ALTERED
    assert found.missing == ("evidence/001-crash.png",)
    assert found.added == ("evidence/001-other.png",)


def test_a_manifest_changed_to_fit_no_longer_fits_its_seal(dossier: Path, tmp_path: Path) -> None:
    def forge(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        del manifest["files"][1]
        del files["evidence/001-crash.png"]
        files["manifest.json"] = json.dumps(manifest).encode()

    found = verify(changed(dossier, tmp_path, forge))
    assert (found.outcome, found.altered) == (Outcome.ALTERED, ("manifest.json",))
    assert found.seal != found.sealed_as


def test_a_dossier_made_anew_bears_another_seal(dossier: Path, tmp_path: Path) -> None:
    """This is what the seal cannot prevent, and why it is to be sent or noted."""

    def forge(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        del manifest["files"][1]
        del files["evidence/001-crash.png"]
        manifest["seal"] = seal_of([Listed(**each) for each in manifest["files"]])
        files["manifest.json"] = json.dumps(manifest).encode()

    found = verify(changed(dossier, tmp_path, forge))
    assert found.outcome is Outcome.INTACT
    assert found.seal != verify(dossier).seal


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_byte_flipped_in_the_file_itself_is_found(place: float, dossier: Path, tmp_path: Path) -> None:
    content = bytearray(dossier.read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(content)
    assert verify(tmp_path / "flipped.zip").outcome is not Outcome.INTACT


@pytest.mark.parametrize(
    ("name", "says"),
    [("../out.txt", "unsafe name"), ("/etc/x", "unsafe name"), ("a\\..\\b", "unsafe name"), ("C:/x", "unsafe name")],
)
def test_a_name_that_leads_out_is_refused(name: str, says: str, dossier: Path, tmp_path: Path) -> None:
    found = verify(changed(dossier, tmp_path, lambda files: files.update({name: b"x"})))
    assert found.outcome is Outcome.NOT_A_DOSSIER
    assert says in found.problem


def test_a_link_a_double_and_a_bomb_are_refused(dossier: Path, tmp_path: Path) -> None:
    for name, says in (("link", "a link"), ("facts.JSON", "twice"), ("bomb", "suspiciously much")):
        copy = tmp_path / f"{name}.zip"
        copy.write_bytes(dossier.read_bytes())
        with zipfile.ZipFile(copy, "a", zipfile.ZIP_DEFLATED) as archive:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == "link":
                info.external_attr = 0o120777 << 16
            archive.writestr(info, b"facts.json" if name != "bomb" else bytes(50 << 20))
        found = verify(copy)
        assert found.outcome is Outcome.NOT_A_DOSSIER
        assert says in found.problem


def test_a_declared_size_beyond_two_gigabytes_is_refused_unread(dossier: Path, tmp_path: Path) -> None:
    content = bytearray(dossier.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 20 : entry + 28] = (0xF0000000).to_bytes(4, "little") * 2
    (tmp_path / "big.zip").write_bytes(content)
    found = verify(tmp_path / "big.zip")
    assert found.outcome is Outcome.NOT_A_DOSSIER
    assert "2 GB" in found.problem


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"%PDF-1.7"])
def test_another_file_is_no_dossier(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(content)
    assert verify(tmp_path / "x").outcome is Outcome.NOT_A_DOSSIER


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[]",
        b"{",
        b'{"format": "homepoint-dossier"}',
        b'{"format": "homepoint-dossier", "version": 9}',
        b"[" * 99999,
    ],
)
def test_a_zip_without_a_proper_manifest_is_no_dossier(manifest: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("manifest.json", manifest)
    found = verify(tmp_path / "x.zip")
    assert found.outcome is Outcome.NOT_A_DOSSIER
    assert found.problem


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="could not be read"):
        verify(tmp_path / "gone.zip")


@given(place=st.integers(min_value=0), value=st.binary(min_size=1, max_size=8))
@settings(max_examples=60)
def test_no_damage_whatever_ends_in_a_fault_of_ours(
    place: int, value: bytes, dossier: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(dossier.read_bytes())
    place %= len(content)
    content[place : place + len(value)] = value
    file = tmp_path_factory.mktemp("damage") / "x.zip"
    file.write_bytes(content)
    assert verify(file).outcome in Outcome
