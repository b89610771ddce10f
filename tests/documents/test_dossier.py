"""The dossier: readable, searchable, tagged, the same bytes each time, and nothing half-written."""

import json
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from homepoint.application.problems import HomepointError
from homepoint.documents.dossier import MOST_PHOTOS
from homepoint.documents.manifest import dossier_id
from homepoint.domain.facts import Attachment
from homepoint.domain.rules.routes import incident_reading
from homepoint.domain.snapshot import Snapshot
from homepoint.intake.owner_file import read_owner_file
from tests.documents.reading import info_of, is_sound, metadata_of, plain_text_of, tags_of, text_of
from tests.documents.records import NOW, TERMS, Kept, dossier_of, facts_of, png, records, written

ROOT = Path(__file__).resolve().parents[2]


def evidence(kept: Kept) -> list[Attachment]:
    """Keep two photos and a receipt."""
    return [
        kept.add(png(), "last picture.png", "image/png"),
        kept.add(png(shade=20), "meadow.png", "image/png", of="k1"),
        kept.add(b"%PDF-1.4 a receipt", "receipt.pdf", "application/pdf", of="d1"),
    ]


@pytest.fixture
def kept() -> Kept:
    """An empty evidence store."""
    return Kept()


@pytest.fixture
def pdf(kept: Kept, tmp_path: Path) -> Path:
    """The PDF of the whole dossier."""
    written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    return tmp_path / "o.pdf"


def test_everything_that_proves_the_claim_can_be_searched_for(pdf: Path) -> None:
    text = text_of(pdf)
    for wanted in (
        "My DJI Mini 4 Pro, serial 1581F6Z9C24AU0034SRD, flew away.",
        "It happened on 2 Jul 2025, 18:20 (UTC+02:00).",
        "2025-07-02 16:20:00 UTC",
        "I flew over the park when the picture froze.",
        "52.516275, 13.377704",
        "52° 30' 58.6\" N, 13° 22' 39.7\" E",
        "527 m at a bearing of 50° (north-east)",
        "RC 2, serial 5YSZK1234567AB",
        "Everything a flyaway report asks for was in place at that moment.",
        "11 March 2025 to 10 March 2026",
        "2 in all, 0 used before, 2 left",
        "Fee paid",
        "169.00 EUR",
        "S0-72",
        "https://www.dji.com/support/service/djicare-refresh/faq",
        "last picture.png",
        "receipt.pdf",
    ):
        assert wanted in text, wanted
    assert "An aircraft that lacked the account or the controller binding when it flew away" in plain_text_of(pdf)


def test_the_pdf_is_sound_tagged_titled_and_declares_its_standards(pdf: Path) -> None:
    assert is_sound(pdf)
    info = info_of(pdf)
    assert info["Title"] == "Flyaway: DJI Mini 4 Pro"
    assert info["Tagged"] == "yes"
    metadata = metadata_of(pdf)
    assert re.search(r"pdfaid:part>2<", metadata)
    assert re.search(r"pdfaid:conformance>A<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert re.search(r"<dc:language>.*\ben\b", metadata, re.DOTALL)
    tags = tags_of(pdf)
    for tag in ("H1", "Table", "TH", "Figure"):
        assert re.search(rf"\b{tag}\b", tags), tag
    raw = subprocess.run(
        ["qpdf", "--qdf", "--object-streams=disable", pdf, "-"], capture_output=True, check=True
    ).stdout
    assert b"/Outlines" in raw
    assert b"/Alt" in raw


def test_every_page_bears_the_dossiers_name_and_its_number(pdf: Path, kept: Kept, tmp_path: Path) -> None:
    made = written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "again.zip")
    pages = int(info_of(pdf)["Pages"])
    text = text_of(pdf)
    assert [f"Dossier {made.id} {number} of {pages}" in text for number in range(1, pages + 1)] == [True] * pages
    assert made.id == dossier_id(made.seal)
    assert made.seal in text.replace(" ", "")


MAKE = """
import sys
from pathlib import Path
from tests.documents.records import Kept, dossier_of, records, written
from tests.documents.test_dossier import evidence
kept = Kept()
print(written(dossier_of(records(), *evidence(kept)), kept, Path(sys.argv[1])).sha256)
"""


def test_the_same_input_gives_the_same_bytes_in_another_process_and_folder(kept: Kept, tmp_path: Path) -> None:
    outs = []
    for number, zone in enumerate(("UTC", "Asia/Tokyo")):
        folder = tmp_path / f"folder {number}"
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", MAKE, folder / f"{number}.zip"],
            cwd=ROOT,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": str(number + 1), "TMPDIR": str(folder)},
            capture_output=True,
            check=True,
        )
        outs.append((folder / f"{number}.zip").read_bytes())
    made = written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "here.zip")
    assert outs[0] == outs[1] == (tmp_path / "here.zip").read_bytes()
    assert made.size == len(outs[0])


def test_a_dossier_made_later_from_the_same_facts_is_the_same(kept: Kept, tmp_path: Path) -> None:
    for name, now in (("soon", NOW), ("late", NOW.replace(year=2029))):
        written(dossier_of(records(), *evidence(kept), now=now), kept, tmp_path / name)
    assert (tmp_path / "soon").read_bytes() == (tmp_path / "late").read_bytes()


def test_the_facts_inside_open_as_an_owner_file_and_judge_the_same(kept: Kept, tmp_path: Path) -> None:
    written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        found = read_owner_file(archive.read("facts.json"))
    assert isinstance(found, Snapshot), found
    inside = next(iter(found.by_device()))
    facts = facts_of(records())
    assert incident_reading(inside, inside.incidents[0], TERMS, NOW) == incident_reading(
        facts, facts.incidents[0], TERMS, NOW
    )


def test_originals_go_in_byte_for_byte(kept: Kept, tmp_path: Path) -> None:
    written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "o.zip")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert archive.namelist() == [
            "dossier.pdf",
            "facts.json",
            "manifest.json",
            "evidence/001-last picture.png",
            "evidence/002-meadow.png",
            "evidence/003-receipt.pdf",
        ]
        assert archive.read("evidence/001-last picture.png") == png()
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["version"]) == ("homepoint-dossier", 1)
    assert all({"name", "size", "sha256"} == set(each) for each in manifest["files"])


def test_a_file_that_is_gone_or_altered_is_named_and_left_out(kept: Kept, tmp_path: Path) -> None:
    files = evidence(kept)
    assert files[0].sha256 is not None
    assert files[1].sha256 is not None
    del kept.files[files[0].sha256]
    kept.files[files[1].sha256] += b"?"
    made = written(dossier_of(records(), *files), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    assert made.unkept == ("last picture.png", "meadow.png")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert [name for name in archive.namelist() if name.startswith("evidence/")] == ["evidence/003-receipt.pdf"]
    assert "no longer there as it was taken in, and so left out: last picture.png, meadow.png." in plain_text_of(
        tmp_path / "o.pdf"
    )


HOSTILE = {
    "markup": '#import "x": * ] } #{panic()} $x^2$ *bold* _it_ @ref <label> `raw` \\ // = Head #sys.inputs "quote"',
    "long": "x" * 10_000,
    "many lines": "line\n" * 500,
    "control": "a\x00b\x07c\u2028d\ufeffe\ue000f",
    "surrogate": "half \ud83d end",
    "right to left": "مرحبا بالعالم שלום \u202eevil",
    "emoji": "it fell 😭🚁",
    "chinese": "无人机飞走了 ドローン 드론",
    "half a link": "https://" + "a" * 300 + ".example",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_breaks_or_steers_the_page(text: str, kept: Kept, tmp_path: Path) -> None:
    tree = records()
    safe = text.encode("utf-8", errors="ignore").decode()
    tree["incidents"][0]["description"] = safe
    tree["devices"][0]["nickname"] = safe[:200] or None
    tree["devices"][0]["model"] = f"Model {safe[:80]}".strip()
    photo = kept.add(png(), f"{safe[:200]}.png", "image/png")
    made = written(dossier_of(tree, photo), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    assert is_sound(tmp_path / "o.pdf")
    assert info_of(tmp_path / "o.pdf")["Tagged"] == "yes"
    assert made.declares_standards or "does not declare PDF/A" in plain_text_of(tmp_path / "o.pdf")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert json.loads(archive.read("facts.json"))["incidents"][0]["description"] == safe


def test_markup_in_the_owners_words_stands_there_as_typed(kept: Kept, tmp_path: Path) -> None:
    tree = records()
    tree["incidents"][0]["description"] = '#panic("x") *not bold* $a$ ]'
    written(dossier_of(tree), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    assert '#panic("x") *not bold* $a$ ]' in plain_text_of(tmp_path / "o.pdf")


def test_a_damaged_photo_is_handed_on_and_not_shown(kept: Kept, tmp_path: Path) -> None:
    broken = kept.add(b"\xff\xd8\xff\xe0 not really", "broken.jpg", "image/jpeg")
    good = kept.add(png(), "good.png", "image/png")
    written(dossier_of(records(), broken, good), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    assert "1 of 2 photos are shown here; all of them are in the ZIP." in plain_text_of(tmp_path / "o.pdf")
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert "evidence/001-broken.jpg" in archive.namelist()


class FiveHundred(Kept):
    """500 photos that exist only while they are read."""

    SIZE = 300_000

    def photos(self) -> list[Attachment]:
        """Return their attachments."""
        found = []
        for number in range(500):
            found.append(self.add(self.content(number), f"photo {number}.png", "image/png", id=f"f{number}"))
            self.files.clear()
        self.numbers = {each.sha256: number for number, each in enumerate(found)}
        return found

    def content(self, number: int) -> bytes:
        """Return one photo."""
        return png(8, 8) + number.to_bytes(4, "big") * (self.SIZE // 4)

    def open(self, sha256: str) -> Any:
        """Open one photo."""
        self.files = {sha256: self.content(self.numbers[sha256])}
        return super().open(sha256)


def test_five_hundred_photos_report_each_step_and_stay_small_in_memory(tmp_path: Path) -> None:
    kept = FiveHundred()
    steps: list[tuple[int, int, str]] = []
    content = dossier_of(records(), *kept.photos())
    tracemalloc.start()
    try:
        made = written(content, kept, tmp_path / "o.zip", progress=lambda *step: steps.append(step))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert list(dict.fromkeys(done for done, _, _ in steps)) == list(range(1001))
    assert {total for _, total, _ in steps} == {1001}
    assert {name for _, _, name in steps} >= {f"photo {number}.png" for number in range(500)}
    assert made.size > 500 * kept.SIZE
    assert peak < (MOST_PHOTOS + 40) * kept.SIZE, f"{peak:,} bytes"


class StoppedError(Exception):
    """The owner pressed Cancel."""


@pytest.mark.parametrize("at", [0, 2, 3, 5])
def test_a_dossier_stopped_at_any_step_leaves_the_old_file_and_nothing_else(
    at: int, kept: Kept, tmp_path: Path
) -> None:
    (tmp_path / "o.zip").write_text("the one before")

    def stop(done: int, total: int, what: str) -> None:
        if done == at:
            raise StoppedError

    with pytest.raises(StoppedError):
        written(dossier_of(records(), *evidence(kept)), kept, tmp_path / "o.zip", progress=stop)
    assert [each.name for each in tmp_path.iterdir()] == ["o.zip"]
    assert (tmp_path / "o.zip").read_text() == "the one before"


def test_a_single_long_file_can_be_stopped_in_its_middle(kept: Kept, tmp_path: Path) -> None:
    film = kept.add(bytes(8 << 20), "film.mp4", "video/mp4")
    calls: list[int] = []

    def stop(done: int, total: int, what: str) -> None:
        calls.append(done)
        if len(calls) == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        written(dossier_of(records(), film), kept, tmp_path / "o.zip", progress=stop)
    assert calls == [0, 0, 0, 0]


def test_a_folder_that_is_not_there_is_said_in_a_sentence(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="could not be written"):
        written(dossier_of(records()), kept, tmp_path / "nowhere" / "o.zip")


def test_a_refused_flyaway_names_the_gap_and_what_closes_it(kept: Kept, tmp_path: Path) -> None:
    tree = records()
    tree["bindings"] = tree["bindings"][:1]
    tree["claims"] = []
    written(dossier_of(tree), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    text = plain_text_of(tmp_path / "o.pdf")
    assert "The controller is not bound." in text
    assert "No way was open." in text


def test_an_incident_of_which_little_is_known_makes_a_dossier_all_the_same(kept: Kept, tmp_path: Path) -> None:
    tree = {
        "format": "homepoint-owner-file", "version": 1, "time_zone": "UTC",
        "devices": [{"id": "d1", "model": "Some handheld", "category": "handheld"}],
        "incidents": [{"id": "i1", "device": "d1"}],
    }  # fmt: skip
    written(dossier_of(tree), kept, tmp_path / "o.zip", pdf_out=tmp_path / "o.pdf")
    text = plain_text_of(tmp_path / "o.pdf")
    assert "My Some handheld, serial not known, was part of an incident. The time it happened is not known." in text
    assert is_sound(tmp_path / "o.pdf")
