"""Files dropped on the window or chosen: read, previewed, taken over, and what is left when nobody wanted them."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QRadioButton, QTreeWidget
from pytestqt.qtbot import QtBot

from homepoint.app.dropping import DroppingOnWindow
from homepoint.domain.facts import Attachment, Controller, Device, Incident, IncidentKind, Plan, Position
from homepoint.presentation.incident_guide import ReportPage, home_position
from homepoint.ui.dialogs.fleet_preview import FleetDialog
from homepoint.ui.dialogs.intake_preview import IntakeDialog
from tests import builders as make
from tests.app.conftest import Opened
from tests.intake.flight_record_builder import Moment, Recipe, flight_record, track

HERE = QPointF(600, 400)


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """Return a folder of two flights of one aircraft, one of them twice, a text and a broken record."""
    folder = tmp_path / "pile"
    (folder / "more").mkdir(parents=True)
    first = flight_record(Recipe(moments=track()))
    (folder / "one.txt").write_bytes(first)
    (folder / "again.txt").write_bytes(first)
    (folder / "more" / "two.txt").write_bytes(flight_record(Recipe(start_ms=Recipe().start_ms + 86_400_000)))
    (folder / "notes.md").write_text("no flight at all")
    (folder / "zeros.txt").write_bytes(bytes(5000))
    return folder


def preview(opened: Opened, qtbot: QtBot) -> IntakeDialog:
    """Wait for the preview."""
    qtbot.waitUntil(lambda: opened.program.intake.dialog is not None, timeout=20_000)
    dialog = opened.program.intake.dialog
    assert dialog is not None
    return dialog


def kept(opened: Opened) -> int:
    """Count the copies in the evidence store."""
    return len(list(opened.program.evidence.folder.glob("*/*")))


def dragged(paths: list[Path]) -> QMimeData:
    """Return what a file manager hands over."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(each)) for each in paths])
    return mime


def send_drag(opened: Opened, mime: QMimeData) -> QDragEnterEvent:
    """Drag files over the window."""
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDragEnterEvent(HERE.toPoint(), copy, mime, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(opened.window, event)
    return event


def overlay_shown(opened: Opened) -> bool:
    """Say whether the window says that files can be dropped."""
    [dropping] = [each for each in opened.window.children() if isinstance(each, DroppingOnWindow)]
    return dropping.overlay is not None and dropping.overlay.isVisible()


def test_a_folder_dropped_anywhere_is_looked_into_and_taken_over_in_one_step(
    opened: Opened, pile: Path, qtbot: QtBot
) -> None:
    mime = dragged([pile])
    assert send_drag(opened, mime).isAccepted()
    assert overlay_shown(opened)
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(HERE, copy, mime, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(opened.window, event)
    assert event.isAccepted()
    assert not overlay_shown(opened)
    dialog = preview(opened, qtbot)
    assert "2 new flights; 1 aircraft, 1 of them new" in dialog._preview.headline
    assert not opened.program.library.all(Device), "nothing is written before the owner says so"
    dialog.primary.click()
    library = opened.program.library
    [device] = library.all(Device)
    assert (device.nickname, device.serial) == ("Kestrel", "0M6TEST0010001")
    assert {each.name for each in library.about(Attachment, device.id)} >= {"two.txt"}
    assert len(library.about(Attachment, device.id)) == kept(opened) == 2
    assert opened.told == "Files taken in"
    opened.window.undo_action.trigger()
    assert not library.all(Device)
    assert not library.all(Controller)


def test_words_dragged_over_the_window_are_not_taken_for_files(opened: Opened) -> None:
    mime = QMimeData()
    mime.setText("hello")
    mime.setUrls([QUrl("https://example.org/file.txt")])
    send_drag(opened, mime)
    assert not overlay_shown(opened)


def test_the_veil_goes_when_the_files_are_dragged_away(opened: Opened, pile: Path) -> None:
    send_drag(opened, dragged([pile]))
    assert overlay_shown(opened)
    QApplication.sendEvent(opened.window, QDragLeaveEvent())
    assert not overlay_shown(opened)


def test_what_nobody_takes_over_leaves_no_copy_behind(opened: Opened, pile: Path, qtbot: QtBot) -> None:
    opened.program.intake.take([pile])
    dialog = preview(opened, qtbot)
    assert kept(opened) == 2, "the bytes are kept before anything is made of them"
    dialog.cancel.click()
    assert kept(opened) == 0
    assert not opened.program.library.all(Device)


def test_a_copy_that_was_there_before_stays(opened: Opened, pile: Path, qtbot: QtBot) -> None:
    opened.program.evidence.take_in(pile / "one.txt")
    opened.program.intake.take([pile])
    preview(opened, qtbot).cancel.click()
    assert kept(opened) == 1


def test_cancelled_reading_leaves_nothing_and_the_next_pile_can_be_read(
    opened: Opened, pile: Path, qtbot: QtBot
) -> None:
    intake = opened.program.intake
    intake.take([pile])
    assert intake._job is not None
    intake._job.cancel()
    qtbot.waitUntil(lambda: intake._job is None)
    assert (kept(opened), intake.dialog) == (0, None)
    intake.take([pile / "one.txt"])
    preview(opened, qtbot).cancel.click()


def test_two_piles_at_once_are_shown_one_after_the_other(opened: Opened, pile: Path, qtbot: QtBot) -> None:
    opened.program.intake.take([pile / "one.txt"])
    opened.program.intake.take([pile / "more"])
    first = preview(opened, qtbot)
    first.primary.click()
    second = preview(opened, qtbot)
    assert second is not first
    assert second._preview.devices[0].state == "one of your devices, by its serial"
    second.primary.click()
    assert len(opened.program.library.all(Attachment)) == 2


def test_import_takes_files_of_any_kind(
    opened: Opened, pile: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [str(pile / "one.txt"), str(pile / "notes.md")]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (chosen, ""))
    opened.program.ask_import()
    dialog = preview(opened, qtbot)
    assert [line.name for line in dialog._preview.files if line.is_unread] == ["notes.md"]
    dialog.cancel.click()


def fleet_dialog(opened: Opened, qtbot: QtBot) -> FleetDialog:
    """Wait for the preview of a table."""
    qtbot.waitUntil(lambda: bool(opened.window.findChildren(FleetDialog)), timeout=20_000)
    return opened.window.findChildren(FleetDialog)[-1]


def test_a_fleet_table_shows_its_faults_by_row_and_takes_nothing_in_until_they_are_mended(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    table = tmp_path / "fleet.csv"
    table.write_text("model,serial,purchased_on\nDJI Air 3,1581F6Z9C24AU0034SRD,2025-02-01\nDJI Mini 2,,soon\n")
    opened.program.intake.take([table])
    dialog = fleet_dialog(opened, qtbot)
    rows = dialog.findChild(QTreeWidget)
    assert isinstance(rows, QTreeWidget)
    first = rows.topLevelItem(0)
    assert first is not None
    assert (first.text(0), "purchased_on" in first.text(5)) == ("3", True)
    assert not dialog.primary.isEnabled()
    dialog.mapping["purchased_on"].set_value(None)
    assert dialog.primary.isEnabled()
    dialog.primary.click()
    assert len(opened.program.library.all(Device)) == 2
    assert opened.told == "Fleet table imported"


def test_an_export_as_a_table_comes_back_with_nothing_to_do(opened: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    opened.program.library.write(make.adding(make.device(nickname="Möwe"), make.plan()), make.NOW)
    table = tmp_path / "out.csv"
    opened.program.exchange.save(table)
    opened.program.intake.take([table])
    dialog = fleet_dialog(opened, qtbot)
    assert dialog.view.says.startswith("Nothing to do")
    dialog.cancel.click()
    assert len(opened.program.library.all(Plan)) == 1


def fill_button(opened: Opened) -> QPushButton | None:
    """Return the button that fills a report in, if there is one."""
    found = opened.program.pages.report_page.evidence.from_files.findChildren(QPushButton)
    return next((each for each in found if each.objectName().startswith("fill-") and each.isEnabled()), None)


def evidence_step(
    opened: Opened, record: Path, qtbot: QtBot, until: Callable[[Opened], object] = fill_button
) -> Callable[[], Incident]:
    """Attach a record to a flyaway report, wait until its card has what is named, and return what reads the report."""
    library = opened.program.library
    aircraft = make.device(serial="0M6TEST0010001")
    controller = make.controller(serial="0VETEST0010003")
    flyaway = make.incident(kind=IncidentKind.FLYAWAY, at=None)
    library.write(make.adding(aircraft, controller, flyaway), make.NOW)
    opened.program.pages.go_on_with_report(flyaway.id)
    page = opened.program.pages.report_page
    page.go_to(ReportPage.EVIDENCE)
    page.evidence.taking.take([record], flyaway.id)
    qtbot.waitUntil(lambda: bool(until(opened)), timeout=20_000)

    def report() -> Incident:
        found = library.get(Incident, flyaway.id)
        assert found is not None
        return found

    return report


def test_a_flight_record_fills_a_report_in_and_one_undo_takes_it_back(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    record = tmp_path / "record.txt"
    record.write_bytes(flight_record(Recipe(moments=track(40, lost=range(30, 40)))))
    report = evidence_step(opened, record, qtbot)
    assert report().at is None, "only proposed so far"
    button = fill_button(opened)
    assert button is not None
    button.click()
    filled = report()
    assert (filled.at is not None, filled.controller) == (True, "c1")
    assert filled.position is not None
    assert round(filled.position.lat, 4) == 47.5002
    assert home_position(filled) is not None
    [kept_file] = opened.program.library.about(Attachment, "i1")
    assert "homepoint-flight" in kept_file.extra
    opened.program.undo()
    assert (report().at, report().position) == (None, None)


def test_an_enciphered_record_fills_in_what_its_header_gives_and_no_last_position(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    record = tmp_path / "record.txt"
    record.write_bytes(flight_record(replace(Recipe(), version=14, moments=(Moment(),) * 5)))
    report = evidence_step(opened, record, qtbot)
    button = fill_button(opened)
    assert button is not None
    button.click()
    assert report().at is not None
    assert report().position is None
    assert home_position(report()) is not None


def test_the_pictures_inside_a_flight_record_are_counted_and_shown_small(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    with io.BytesIO() as written:
        Image.new("RGB", (320, 180), "navy").save(written, "JPEG")
        picture = written.getvalue()
    record = tmp_path / "record.txt"
    record.write_bytes(flight_record(Recipe(moments=track(5), pictures=(picture, picture))))

    def pictures(opened: Opened) -> list[QLabel]:
        found = opened.program.pages.report_page.evidence.from_files.findChildren(QLabel)
        return [each for each in found if each.accessibleName().startswith("Picture ")]

    evidence_step(opened, record, qtbot, until=pictures)
    assert [max(each.pixmap().width(), each.pixmap().height()) for each in pictures(opened)] == [144, 144]
    said = [each.text() for each in opened.program.pages.report_page.evidence.from_files.findChildren(QLabel)]
    assert "2 pictures, kept with the record" in said


def reading_buttons(opened: Opened) -> list[QRadioButton]:
    """Return the choices between two ways to read a track."""
    found = opened.program.pages.report_page.evidence.from_files.findChildren(QRadioButton)
    return [each for each in found if each.isVisibleTo(opened.window)]


def test_subtitles_that_do_not_say_which_number_is_latitude_fill_in_nothing_before_the_owner_chose(
    opened: Opened, tmp_path: Path, qtbot: QtBot
) -> None:
    film = tmp_path / "film.srt"
    film.write_text("1\n00:00:01,000 --> 00:00:02,000\n2017.07.03 10:15:03\nGPS(-58.4563,-34.7383,19) BAROMETER:20.1\n")
    report = evidence_step(opened, film, qtbot, until=reading_buttons)
    first, second = reading_buttons(opened)
    assert (first.text(), second.text()) == (
        "Latitude first: it ends at -58.456300, -34.738300",
        "Longitude first: it ends at -34.738300, -58.456300",
    )
    assert not first.isChecked()
    assert not second.isChecked()
    assert fill_button(opened) is None
    second.click()
    qtbot.waitUntil(lambda: [each.isChecked() for each in reading_buttons(opened)] == [False, True])
    reading_buttons(opened)[0].click()
    qtbot.waitUntil(lambda: [each.isChecked() for each in reading_buttons(opened)] == [True, False])
    reading_buttons(opened)[1].click()
    qtbot.waitUntil(lambda: [each.isChecked() for each in reading_buttons(opened)] == [False, True])
    buttons = opened.program.pages.report_page.evidence.from_files.findChildren(QPushButton)
    [button] = [each for each in buttons if each.objectName().startswith("fill-") and each.isVisibleTo(opened.window)]
    button.click()
    assert report().position == Position(lat=-34.7383, lon=-58.4563)


@pytest.mark.parametrize("ending", ["gpx", "kml", "geojson"])
def test_the_search_area_is_saved_for_a_phone(opened: Opened, tmp_path: Path, qtbot: QtBot, ending: str) -> None:
    record, out = tmp_path / "record.txt", tmp_path / f"map.{ending}"
    record.write_bytes(flight_record(Recipe(moments=track(40))))
    report = evidence_step(opened, record, qtbot)
    button = fill_button(opened)
    assert button is not None
    button.click()
    opened.program.phone_map.save(report(), out)
    qtbot.waitUntil(out.exists)
    text = out.read_text("utf-8")
    assert "last position" in text
    assert "track" in text
    assert "47.50" in text


def test_the_drop_goes_to_the_reports_own_place_for_evidence_when_it_is_above_it(opened: Opened, pile: Path) -> None:
    zone = opened.program.pages.report_page.evidence.zone
    assert zone.acceptDrops()
    send_drag(opened, dragged([pile]))
    [dropping] = [each for each in opened.window.children() if isinstance(each, DroppingOnWindow)]
    assert dropping.overlay is not None
    assert dropping.overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert opened.window.childAt(QPoint(600, 400)) is not dropping.overlay
