"""Every kind of file is told by its content and shown as JSON and in words."""

import json

import pytest

from homepoint.application.problems import HomepointError
from homepoint.intake.readers import read_bytes
from homepoint.intake.reading import FileKind
from homepoint.intake.recognise import recognise
from tests.intake.photos import photo
from tests.intake.test_exports import AIRDATA
from tests.intake.test_geo_files import GPX, KML, kmz
from tests.intake.test_photo import BERLIN
from tests.intake.test_srt import TIME

FILES = {
    "photo": (FileKind.PHOTO, photo({0x010F: "DJI"}, {0xA431: "5YSCK1234567AB"}, BERLIN)),
    "png": (FileKind.PHOTO, photo(form="PNG")),
    "subtitles": (FileKind.SUBTITLES, (TIME + "GPS(-58.4,-34.7,9)").encode("utf-16")),
    "export": (FileKind.FLIGHT_EXPORT, AIRDATA.encode()),
    "gpx": (FileKind.GPX, GPX.encode()),
    "kml": (FileKind.KML, KML.encode("utf-16")),
    "kmz": (FileKind.KML, kmz()),
    "table": (FileKind.TABLE, "model;serial;hue\nMini;X;red\n;Y\n".encode("utf-8-sig")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_told_by_its_content_and_shown(name: str) -> None:
    kind, data = FILES[name]
    assert recognise(data) is kind
    reading = read_bytes(data)
    assert reading.kind is kind
    assert json.loads(json.dumps(reading.plain, allow_nan=False)) == reading.plain
    assert reading.rows
    assert all(text.isprintable() for row in reading.rows for text in row)


def test_a_serial_is_shown_with_what_it_is_of() -> None:
    rows = dict(read_bytes(FILES["photo"][1]).rows)
    assert rows["camera serial"] == "5YSCK1234567AB"


def test_a_pdf_is_told_but_only_proposes_values_where_the_owner_asks() -> None:
    assert recognise(b"%PDF-1.7\n") is FileKind.PDF
    with pytest.raises(HomepointError):
        read_bytes(b"%PDF-1.7\n")


@pytest.mark.parametrize(
    "data", [b"", b"hello, world", b"PK\3\4 a letter.docx", b"a,b,c\n1,2,3\n", bytes(100), b"\xff\xfe"]
)
def test_anything_else_is_of_no_kind(data: bytes) -> None:
    assert recognise(data) is None
