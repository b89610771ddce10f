"""How much of real flight records is read, how right, and how fast, beside the two best readers in public?

Reads ../shared/samples (or the folder named). The other two are installed under build/, never into the project. Each
reader works in a process of its own, whose start is not counted; the best of many rounds counts. Compared is like with
like: details and every frame as an object where the other reads frames, the details alone where it reads none. (Of
versions 13 and 14 only DJI can read the frames; pydjirecord returns none before version 13 either.)
"""

import json
import math
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from homepoint.intake.flight_record import read_flight_record, reading
from homepoint.intake.flight_record.details import read_details
from homepoint.intake.flight_record.prefix import read_prefix

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ROOT / "build" / "benchmarks"
PYTHON_PACKAGE, NODE_PACKAGE = "pydjirecord==1.3.0", "dji-log-parser-js@0.5.7"
LEAST_ROUNDS, SECONDS = 5, 0.2
_DEGREES_CLOSE = 1e-6
_NOT_OFFERED = object()

PYDJIRECORD = """
import json, sys, time
from pydjirecord import DJILog
def best(work):
    times = []
    until = time.perf_counter() + float(sys.argv[2])
    while len(times) < int(sys.argv[1]) or time.perf_counter() < until:
        begun = time.perf_counter(); work(); times.append(time.perf_counter() - begun)
    return min(times) * 1000
told = {}
for name in sys.argv[3:]:
    data = open(name, "rb").read()
    try:
        log = DJILog.from_bytes(data); d = log.details
        frames = [] if log.version > 12 else log.frames()
        work = (lambda: DJILog.from_bytes(data)) if log.version > 12 else (lambda: DJILog.from_bytes(data).frames())
        fields = {"version": log.version, "product_code": int(d.product_type), "aircraft_name": d.aircraft_name,
            "aircraft_sn": d.aircraft_sn, "camera_sn": d.camera_sn, "rc_sn": d.rc_sn, "battery_sn": d.battery_sn,
            "app_version": d.app_version, "platform": int(d.app_platform), "start_utc": str(d.start_time),
            "start_lat": d.latitude, "start_lon": d.longitude, "total_distance_m": d.total_distance,
            "total_time_s": d.total_time, "max_height_m": d.max_height}
        if frames:
            f = frames[-1]
            fields["last"] = {"t": str(f.custom.date_time), "lat": f.osd.latitude, "lon": f.osd.longitude,
                "h": f.osd.height, "bat": f.battery.charge_level}
            fields["home"] = [f.home.latitude, f.home.longitude, f.home.go_home_height]
        told[name] = {"frames": len(frames), "ms": best(work), "fields": fields}
    except Exception as fault:
        told[name] = {"frames": 0, "ms": None, "fields": {}, "fault": str(fault)}
print(json.dumps(told))
"""

DJI_LOG_PARSER_JS = """
import { DJILog } from "dji-log-parser-js";
import fs from "node:fs";
const [rounds, seconds, ...names] = process.argv.slice(2);
const platforms = { IOS: 1, Android: 2, DJIFly: 6, Window: 10, Mac: 11, Linux: 12 };
const best = (work) => {
  const times = [];
  const until = performance.now() + seconds * 1000;
  while (times.length < Number(rounds) || performance.now() < until) {
    const begun = performance.now(); work(); times.push(performance.now() - begun);
  }
  return Math.min(...times);
};
const instant = (text) => text.replace("T", " ").replace("Z", "+00:00").replace(/\\.(\\d{3})\\+/, ".$1000+");
const told = {};
for (const name of names) {
  const data = fs.readFileSync(name);
  try {
    const log = new DJILog(data), d = log.details, closed = log.version > 12;
    const frames = closed ? [] : log.frames();
    const work = () => { const again = new DJILog(data); closed ? again.details : again.frames(); again.free(); };
    const fields = { version: log.version, aircraft_name: d.aircraftName, aircraft_sn: d.aircraftSn,
      camera_sn: d.cameraSn, rc_sn: d.rcSn, battery_sn: d.batterySn, app_version: d.appVersion,
      platform: platforms[d.appPlatform], start_utc: instant(d.startTime),
      start_lat: d.latitude, start_lon: d.longitude,
      total_distance_m: d.totalDistance, total_time_s: d.totalTime, max_height_m: d.maxHeight, product: d.productType };
    if (frames.length) {
      const f = frames[frames.length - 1];
      fields.last = { t: instant(f.custom.dateTime), lat: f.osd.latitude, lon: f.osd.longitude, h: f.osd.height,
        bat: f.battery.chargeLevel };
      fields.home = [f.home.latitude, f.home.longitude, f.home.goHomeHeight];
    }
    told[name] = { frames: frames.length, ms: best(work), fields };
  } catch (fault) { told[name] = { frames: 0, ms: null, fields: {}, fault: String(fault) }; }
}
console.log(JSON.stringify(told));
"""

Told = Mapping[str, Mapping[str, Any]]


def ours(files: Sequence[Path]) -> Told:
    """Read every file with Homepoint."""
    told: dict[str, dict[str, Any]] = {}
    for file in files:
        data = file.read_bytes()
        record, plain = read_flight_record(data), reading(data).plain
        times = {"ms": _best(_all_of, data), "details_ms": _best(_details_of, data)}
        told[str(file)] = {"frames": len(list(record.frames)), "fields": plain, **times}
    return told


def _all_of(data: bytes) -> object:
    return list(read_flight_record(data).frames)


def _details_of(data: bytes) -> object:
    prefix = read_prefix(data)
    return prefix and read_details(data, prefix)


def _best(work: Callable[[bytes], object], data: bytes) -> float:
    times: list[float] = []
    until = time.perf_counter() + SECONDS
    while len(times) < LEAST_ROUNDS or time.perf_counter() < until:
        begun = time.perf_counter()
        work(data)
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


def pydjirecord(files: Sequence[Path]) -> Told | None:
    """Read every file with pydjirecord, in an environment of its own; None where it cannot be installed."""
    home = OTHERS / "python"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    if not _done([python, "-m", "pip", "install", "--quiet", PYTHON_PACKAGE]):
        return None
    return _told([python, "-c", PYDJIRECORD], files)


def dji_log_parser_js(files: Sequence[Path]) -> Told | None:
    """Read every file with dji-log-parser-js under Node; None where there is no Node or it cannot be installed."""
    home = OTHERS / "node"
    home.mkdir(parents=True, exist_ok=True)
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node or not _done([npm, "install", "--silent", "--no-audit", "--prefix", home, NODE_PACKAGE]):
        return None
    program = home / "read.mjs"
    program.write_text(DJI_LOG_PARSER_JS, "utf-8")
    return _told([node, program], files)


def _done(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _told(command: Sequence[str | Path], files: Sequence[Path]) -> Told:
    done = subprocess.run(
        [*command, str(LEAST_ROUNDS), str(SECONDS), *files], capture_output=True, text=True, check=True
    )
    told: Told = json.loads(done.stdout)
    return told


def right(told: Mapping[str, Any], wanted: Mapping[str, Any], *, exactly: bool) -> int:
    """Return how many fields are right; the others' numbers are rounded for them, and a product's name is lent."""
    return sum(
        told.get(key, _NOT_OFFERED) == value if exactly else _is_near(key, told.get(key, _NOT_OFFERED), value)
        for key, value in wanted.items()
        if key != "file"
    )


def _is_near(key: str, told: object, wanted: object) -> bool:
    if told is _NOT_OFFERED:
        return False
    if key == "product":
        return str(told).lower() == str(wanted).lower().replace(" ", "").replace("professional", "pro")
    if isinstance(told, dict) and isinstance(wanted, dict):
        return all(_is_near(part, told[part], wanted[part]) for part in told)
    if isinstance(told, list) and isinstance(wanted, list):
        return all(map(_is_near, [key] * len(told), told, wanted))
    if isinstance(told, float | int) and isinstance(wanted, float | int):
        is_degrees = round(wanted, 3) != wanted  # they come with more decimals than anything else
        return abs(told - wanted) < (_DEGREES_CLOSE if is_degrees else 0.051)
    return told == wanted


def main() -> None:
    """Print the table."""
    samples = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "samples"
    if not (samples / "expected.json").exists():
        print(f"no sample files in {samples.name}/: nothing to measure")
        return
    expected = {each["file"]: each for each in json.loads((samples / "expected.json").read_text("utf-8"))}
    files = [samples / "flight_records" / name for name in expected]
    rivals = {"pydjirecord": pydjirecord(files), "dji-log-parser-js": dji_log_parser_js(files)}
    mine, present = ours(files), {name: told for name, told in rivals.items() if told is not None}
    print(f"{'':34}{'homepoint':>44}" + "".join(f"{name:>38}" for name in present))
    print(
        f"{'file':<34}{'frames  right/24   all ms  details ms':>44}"
        + f"{'frames  right/24      ms   ours':>38}" * len(present)
    )
    for file in files:
        own, wanted = mine[str(file)], expected[file.name]
        count = right(own["fields"], wanted, exactly=True)
        head = f"{own['frames']:>6} {count:>9} {own['ms']:8.2f} {own['details_ms']:11.3f}"
        cells = [_cell(told[str(file)], own, wanted) for told in present.values()]
        print(f"{file.name[:33]:<34}{head:>44}" + "".join(f"{cell:>38}" for cell in cells))
    for name, told in present.items():
        _behind(name, told, mine)
    for name in rivals.keys() - present.keys():
        print(f"{name} could not be installed and was left out")


def _like_ms(own: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return our time for the work the other does: all of it, or the details if it reads no frame."""
    return float(own["ms"] if other["frames"] else own["details_ms"])


def _cell(told: Mapping[str, Any], own: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return frames, fields right, time, and how many times ours that is."""
    count = right(told["fields"], wanted, exactly=False)
    if told["ms"] is None:
        return f"{told['frames']:>6} {count:>9} {'fault':>8} {'':6}"
    return f"{told['frames']:>6} {count:>9} {told['ms']:8.2f} {told['ms'] / _like_ms(own, told):5.1f}x"


def _behind(name: str, told: Told, mine: Told) -> None:
    """Say on which files Homepoint is behind."""
    slower = [Path(file).name for file, one in told.items() if (one["ms"] or math.inf) <= _like_ms(mine[file], one)]
    fewer = [Path(file).name for file, one in told.items() if one["frames"] > mine[file]["frames"]]
    print(f"behind {name} in time on: {', '.join(slower) or 'none'}; in frames on: {', '.join(fewer) or 'none'}")


if __name__ == "__main__":
    main()
