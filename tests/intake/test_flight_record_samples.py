"""Real flight records, where they lie beside the checkout: every field as it was found by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from homepoint.domain.flight import FlightRecord
from homepoint.intake.readers import read_file
from tests.cli.run import Run, runner

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
EXPECTED = SAMPLES / "expected.json"
pytestmark = pytest.mark.skipif(not EXPECTED.exists(), reason="the sample files are not beside this checkout")


def expected() -> list[dict[str, Any]]:
    """Return what the samples hold; nothing where they are absent."""
    found: list[dict[str, Any]] = json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.exists() else []
    return found


def _file(name: str) -> Path:
    return SAMPLES / "flight_records" / name


@pytest.mark.parametrize("wanted", expected(), ids=lambda wanted: wanted["file"])
def test_every_field_of_a_real_record_is_right(wanted: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    run: Run = runner(capsys)
    done = run("inspect", "--json", _file(wanted["file"]))
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == wanted


@pytest.mark.parametrize("wanted", expected(), ids=lambda wanted: wanted["file"])
def test_every_frame_of_a_real_record_is_read_in_rising_time(wanted: dict[str, Any]) -> None:
    record = read_file(_file(wanted["file"])).value
    assert isinstance(record, FlightRecord)
    assert len(record.frames) == (0 if wanted["version"] > 12 else wanted["osd_records"])
    times = [frame.at_ms for frame in record.frames if frame.at_ms is not None]
    assert times == sorted(times)


def test_a_flight_that_came_twice_with_other_bytes_has_one_key() -> None:
    one, other = (read_file(_file(name)).value for name in ("v08_node_mavic2_1.txt", "v08_node_phantom3_0.txt"))
    assert isinstance(one, FlightRecord)
    assert isinstance(other, FlightRecord)
    assert one.flight_key == other.flight_key is not None


@pytest.mark.parametrize(
    "wanted", [each for each in expected() if each["version"] <= 12], ids=lambda each: each["file"]
)
def test_half_of_a_real_record_still_tells_who_flew_and_where(wanted: dict[str, Any], tmp_path: Path) -> None:
    half = tmp_path / "half.txt"
    whole = _file(wanted["file"]).read_bytes()
    half.write_bytes(whole[: len(whole) // 2])
    record = read_file(half).value
    assert isinstance(record, FlightRecord)
    assert record.identity.aircraft_serial == wanted["aircraft_sn"]
    assert record.identity.controller_serial == (wanted["rc_sn"] or None)
    assert any(frame.latitude is not None for frame in record.frames)
    assert record.started_at is not None
