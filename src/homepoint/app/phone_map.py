"""Saves a last position with its rings, and the track of an attached flight record, for the map of a phone."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.workspace import Workspace
from homepoint.documents.track_files import SearchMap, geojson, gpx, kml
from homepoint.domain.facts import Attachment, Device, Incident, Position
from homepoint.domain.flight import FlightRecord
from homepoint.domain.intake_values import TrackPoint
from homepoint.intake.readers import read_bytes
from homepoint.intake.reading import MOST_BYTES
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_guide import home_position
from homepoint.system.attachments import EvidenceStore
from homepoint.system.files import write_whole
from homepoint.system.media_types import FLIGHT_RECORD
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress

WRITERS: dict[str, Callable[[SearchMap], bytes]] = {".gpx": gpx, ".kml": kml, ".geojson": geojson}
_FILTERS = {
    "GPX, for most map apps (*.gpx)": ".gpx",
    "KML, for Google Earth (*.kml)": ".kml",
    "GeoJSON (*.geojson)": ".geojson",
}
_EVERY = 10


class PhoneMap:
    """Asks for a file and writes the search area of an incident into it, off the GUI thread."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        store: EvidenceStore,
        pool: ThreadPoolExecutor,
        tell: Callable[[str], None],
    ) -> None:
        self._window, self._workspace, self._store, self._pool, self._tell = window, workspace, store, pool, tell
        self._job: Job[None] | None = None

    def ask(self, incident: Incident | None) -> None:
        """Let the owner choose a file; the ending says which kind of map file it is."""
        if incident is None or incident.position is None:
            return
        chosen, kind = QFileDialog.getSaveFileName(
            self._window, "Save for a phone map", "last-position.gpx", ";;".join(_FILTERS)
        )
        if chosen:
            file = Path(chosen)
            wanted = _FILTERS.get(kind, ".gpx")
            known = file.suffix.lower() in WRITERS and not (file.name == "last-position.gpx" and wanted != ".gpx")
            self.save(incident, file if known else file.with_suffix(wanted))

    def save(self, incident: Incident, file: Path) -> None:
        """Write the search area of an incident into a file."""
        last, home = incident.position, home_position(incident)
        if last is None:
            return
        library = self._workspace.library
        device = library.get(Device, incident.device)
        records = [
            each.sha256
            for each in library.about(Attachment, incident.id)
            if each.sha256 and each.media_type == FLIGHT_RECORD
        ]
        title = device_name(device) if device else "Aircraft"
        point = TrackPoint(lat=last.lat, lon=last.lon, at=incident.at)

        def work(progress: Progress) -> None:
            progress(0, 0)
            search = SearchMap(title=title, last=point, home=_point(home), track=_track(self._store, records, last))
            write_whole(file, WRITERS[file.suffix.lower()](search))

        job: Job[None] = Job(work, self._window)
        job.finished.connect(lambda _none: self._tell(f"Saved: {file}"))
        job.failed.connect(lambda error: show_error(self._window, error))
        self._job = job
        job.start(self._pool)


def _point(place: Position | None) -> TrackPoint | None:
    return None if place is None else TrackPoint(lat=place.lat, lon=place.lon)


def _track(store: EvidenceStore, records: Sequence[str], last: Position) -> tuple[TrackPoint, ...]:
    """Return the track of the record that ends at the last position: about a point a second."""
    for sha256 in records:
        try:
            with store.open(sha256) as stream:
                record = read_bytes(stream.read(MOST_BYTES + 1)).value
        except (FileNotFoundError, HomepointError):
            continue
        if not isinstance(record, FlightRecord):
            continue
        placed = [each for each in record.frames if each.latitude is not None]
        if placed and _is_near(placed[-1].position, last):
            kept = [*placed[::_EVERY], placed[-1]]
            return tuple(
                TrackPoint(lat=each.latitude, lon=each.longitude, at=each.at)
                for each in kept
                if each.latitude is not None and each.longitude is not None
            )
    return ()


def _is_near(end: tuple[float, float] | None, last: Position) -> bool:
    return end is not None and abs(end[0] - last.lat) < 1e-4 and abs(end[1] - last.lon) < 1e-4
