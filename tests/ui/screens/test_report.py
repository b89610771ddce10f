"""The report as an owner drives it: click by click and by keyboard, left, undone, killed and gone on with."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from homepoint.application.changes import Changes
from homepoint.domain.facts import (
    Attachment,
    BoundTo,
    Category,
    Channel,
    Claim,
    Condition,
    Fact,
    Incident,
    IncidentKind,
    Part,
    Service,
    Wish,
)
from homepoint.domain.values import DeviceId, IncidentId, Region
from homepoint.presentation.incident_guide import ReportPage
from homepoint.system.attachments import EvidenceStore
from homepoint.ui.jobs import Progress
from homepoint.ui.screens.report import ReportScreen
from homepoint.ui.screens.report_dossier import DossierCard
from homepoint.ui.screens.report_find import FindStep
from homepoint.ui.screens.report_when import WhenStep
from homepoint.ui.widgets.text import Label
from homepoint.ui.widgets.way_card import WayCard
from tests import builders as make
from tests.builders import NOW, library_at
from tests.ui.screens.desks import At, at_a_desk

MONTH = timedelta(days=30)
CONTROLLER = make.binding("b2", to=BoundTo.CONTROLLER, target="c1", bound_at=NOW - MONTH)


def owner(*more: Fact) -> tuple[Fact, ...]:
    """Return a covered aircraft of the United States whose controller is not bound, and a handheld."""
    return (
        make.device(
            nickname="Kestrel",
            serial="1581F6Z9C24AU0034SRD",
            region=Region("US"),
            channel=Channel.DJI_STORE,
            condition=Condition.NEW,
            purchased_on=(NOW - MONTH).date(),
            received_on=(NOW - MONTH).date(),
            activated_at=NOW - MONTH,
        ),
        make.device("d2", model="Osmo Pocket 3", category=Category.HANDHELD),
        make.account(),
        make.controller(label="RC 2"),
        make.plan(region=Region("US"), starts_on=(NOW - MONTH).date(), purchased_at=NOW - MONTH, bound_at=NOW - MONTH),
        make.binding(bound_at=NOW - MONTH),
        *more,
    )


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """The report on a screen, with what it is driven by."""

    at: At
    screen: ReportScreen
    store: EvidenceStore
    qtbot: QtBot

    def press(self, name: str) -> None:
        """Press the button of a name."""
        self.settle()
        [button] = [each for each in self.screen.findChildren(QAbstractButton, name) if each.isVisible()]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def settle(self) -> None:
        """Let the page come to rest."""
        self.qtbot.waitUntil(lambda: not self.screen._settling.isActive() and not self.screen._writing.isActive())

    def page(self) -> ReportPage:
        """Return the page shown."""
        return self.screen.page

    @property
    def incident(self) -> Incident:
        """Return the only incident there is."""
        [found] = self.at.library.all(Incident)
        return found

    @property
    def when(self) -> WhenStep:
        """Return the page "When and where"."""
        step = self.screen.steps[ReportPage.WHEN]
        assert isinstance(step, WhenStep)
        return step

    @property
    def words(self) -> str:
        """Return all words on the page."""
        self.settle()
        return "\n".join(each.text() for each in self.screen.findChildren(Label) if each.isVisible())

    def ways(self) -> list[str]:
        """Return the ways that stand side by side, by rank."""
        self.settle()
        return [each.objectName() for each in self.screen.findChildren(WayCard) if each.isVisible()]


@contextmanager
def reporting(qtbot: QtBot, folder: Path, *facts: Fact) -> Iterator[Reporting]:
    """Yield a report on screen over a new library with these facts."""
    pool = ThreadPoolExecutor(2)
    with at_a_desk(folder, *facts) as at:
        store = EvidenceStore(folder / "evidence")
        screen = ReportScreen(at.desk, store, pool)
        qtbot.addWidget(screen)
        at.desk.workspace.subscribe(screen.mark_changed)
        screen.resize(1100, 760)
        screen.show()
        report = Reporting(at=at, screen=screen, store=store, qtbot=qtbot)
        report.settle()
        try:
            yield report
        finally:
            screen.hide()
            pool.shutdown()


def test_a_crash_in_the_united_states_is_led_to_express_basic_and_its_claim(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        assert report.page() is ReportPage.WHEN
        report.screen.go_on()
        report.screen.go_on()
        assert report.page() is ReportPage.WAYS
        assert report.ways()[:2] == ["way-express-basic", "way-express-premium"]
        assert "Express Basic is advised" in report.words
        report.press("choose-express-basic")
        assert report.page() is ReportPage.CHECKLIST
        [claim] = report.at.library.all(Claim)
        assert (claim.service, claim.incident, claim.plan) == (Service.EXPRESS_BASIC, report.incident.id, "p1")
        with qtbot.waitSignal(report.screen.claim_opened) as opened:
            QTest.mouseClick(report.screen.forward, Qt.MouseButton.LeftButton)
        assert opened.args == [claim.id]


def test_another_way_chosen_later_changes_the_claim_and_makes_no_second_one(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        report.press("step-ways")
        report.press("choose-express-basic")
        report.press("step-ways")
        report.press("choose-express-premium")
        [claim] = report.at.library.all(Claim)
        assert claim.service is Service.EXPRESS_PREMIUM


@pytest.mark.parametrize("kind", ["malfunction", "arrived-faulty"])
def test_what_fails_by_itself_is_never_led_to_express_first(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press(f"what-{kind}")
        report.press("step-ways")
        assert report.ways()[0] == "way-repair-warranty"
        assert "without looking for a factory fault" in report.words


def test_a_flyaway_with_an_unbound_controller_is_refused_with_the_way_out(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-flyaway")
        assert report.page() is ReportPage.FIND
        report.press("step-ready")
        assert "As it is recorded, the loss is not covered" in report.words
        assert "The controller that flew it was not bound to it." in report.words
        report.press("step-ways")
        assert report.ways() == []
        assert "If you find it, come back" in report.words
        report.press("open-device")
        assert report.at.trips.devices == ["d1"]


def test_a_binding_recorded_meanwhile_opens_the_report(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-flyaway")
        report.press("step-ways")
        report.at.record(CONTROLLER)
        report.screen.begin()
        report.press(f"resume-{report.incident.id}")
        report.press("step-ways")
        assert report.ways() == ["way-flyaway-report"]
        assert "No source says how soon" in report.words


def test_every_answer_outlives_going_back_and_forth(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-water")
        report.when.words.setPlainText("In a pond.")
        report.press("box-gimbal")
        report.press("box-speed")
        report.when.retrievable.setCurrentIndex(1)
        report.when.region.setCurrentIndex(2)
        for _ in range(2):
            report.screen.go_back()
        assert report.page() is ReportPage.DEVICE
        for _ in range(2):
            QTest.mouseClick(report.screen.forward, Qt.MouseButton.LeftButton)
        assert report.page() is ReportPage.WHEN
        kept = report.incident
        assert (kept.kind, kept.description, kept.retrievable) == (IncidentKind.WATER, "In a pond.", True)
        assert (kept.parts, kept.wants) == ((Part.GIMBAL,), (Wish.SPEED,))
        assert kept.service_region is not None
        assert report.when.words.toPlainText() == "In a pond."


def test_an_answer_is_written_a_moment_after_it_was_given_without_any_button(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        QTest.keyClicks(report.when.words, "A branch.")
        qtbot.waitUntil(lambda: report.incident.description == "A branch.")
        assert "Everything you entered is kept." in report.words


def test_news_from_elsewhere_does_not_wipe_out_what_is_being_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        QTest.keyClicks(report.when.words, "A br")
        report.at.desk.workspace.announce(Changes(devices=frozenset({DeviceId("d1")})))
        report.at.desk.workspace.announce(Changes(kinds=frozenset({"claims"})))
        QTest.keyClicks(report.when.words, "anch.")
        qtbot.waitUntil(lambda: report.incident.description == "A branch.")


def test_leaving_the_page_writes_at_once_what_was_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        QTest.keyClicks(report.when.words, "A branch.")
        report.screen.hide()
        assert report.incident.description == "A branch."


def test_the_dossier_is_made_off_the_window_and_says_where_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[tuple[str, bool]] = []

    def prepare(incident: IncidentId, redact: bool) -> Callable[[Path, Progress], object]:
        asked.append((incident, redact))

        def work(out: Path, progress: Progress) -> object:
            progress(1, 2, "photo")
            return out.write_bytes(b"sealed")

        return work

    pool = ThreadPoolExecutor(1)
    card = DossierCard(prepare, pool)
    qtbot.addWidget(card)
    card.show()
    card.show_incident(IncidentId("i1"))
    card.redact.click()
    card.make(tmp_path / "dossier.zip")
    qtbot.waitUntil(lambda: "Saved" in card.words.text())
    assert asked == [("i1", True)]
    assert (tmp_path / "dossier.zip").read_bytes() == b"sealed"
    assert card.make_button.isEnabled()
    pool.shutdown()


def test_without_a_maker_there_is_no_dossier_button(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        assert report.screen.checklist.dossier is None


def test_a_killed_program_goes_on_on_the_right_page(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        report.when.words.setPlainText("A branch.")
        report.screen.go_on()
        assert report.page() is ReportPage.EVIDENCE
        other = library_at(tmp_path / "library.db")  # as a new start of the program would see it
        [kept] = other.all(Incident)
        other.close()
        assert kept.description == "A branch."
    with reporting(qtbot, tmp_path) as again:
        assert "Kestrel, crash" in again.words
        again.press(f"resume-{kept.id}")
        assert again.page() is ReportPage.EVIDENCE
        again.screen.go_back()
        assert again.when.words.toPlainText() == "A branch."


def test_the_device_page_can_begin_the_report(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.screen.begin(DeviceId("d1"))
        assert report.page() is ReportPage.WHAT
        assert report.at.library.all(Incident) == []
        report.settle()
        report.press("what-wear")
        assert report.incident.device == "d1"


def test_undo_takes_the_last_answer_back_on_the_screen(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        report.when.words.setPlainText("A branch.")
        qtbot.waitUntil(lambda: report.incident.description == "A branch.")
        report.at.desk.workspace.undo()
        assert report.when.words.toPlainText() == ""


def test_a_discarded_report_is_brought_back_by_undo_with_its_files(qtbot: QtBot, tmp_path: Path) -> None:
    begun = make.incident(kind=IncidentKind.WATER, extra={"homepoint-page": "evidence"})
    with reporting(qtbot, tmp_path, *owner(begun, make.attachment(of="i1"))) as report:
        report.screen.resume(IncidentId("i1"))
        with qtbot.waitSignal(report.screen.left):
            report.screen.discard()
        assert report.at.library.all(Incident) == []
        assert report.at.library.all(Attachment) == []
        assert report.page() is ReportPage.DEVICE
        report.at.desk.workspace.undo()
        report.settle()
        assert report.incident == begun
        assert len(report.at.library.all(Attachment)) == 1
        assert "Kestrel, water damage" in report.words


def test_a_report_can_be_kept_without_a_claim(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-stolen")
        report.press("step-ways")
        with qtbot.waitSignal(report.screen.left):
            report.press("put-away")
        assert report.incident.kind is IncidentKind.STOLEN
        report.screen.begin()
        assert "Not finished yet" not in report.words


def test_an_instant_in_the_future_is_said_beside_its_field_and_not_written(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner(make.incident(kind=IncidentKind.WATER))) as report:
        report.screen.resume(IncidentId("i1"))
        report.screen.go_to(ReportPage.WHEN)
        before = report.incident.at
        [year] = [each for each in report.when.when.findChildren(QAbstractSpinBox) if "day" in each.accessibleName()]
        year.stepBy(3)
        report.screen.go_on()
        assert report.page() is ReportPage.WHEN
        assert "future" in report.when.rows["at"].fault
        assert report.incident.at == before


def test_a_position_is_kept_in_any_notation_and_drawn(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner(CONTROLLER)) as report:
        report.press("device-d1")
        report.press("what-flyaway")
        step = report.screen.steps[ReportPage.FIND]
        assert isinstance(step, FindStep)
        QTest.keyClicks(step.places.last, "52° 30' 58.6\" N, 13° 22' 39.7\" E")
        QTest.keyClicks(step.places.home, "52.513, 13.371")
        qtbot.waitUntil(lambda: step.place.isVisible())
        assert report.incident.position is not None
        assert step.places.last.text().startswith("52° 30'")
        assert "From the home point it is" in step.place.map.accessibleDescription()
        assert "500 cuts of real flights" in report.words
        report.screen.go_on()
        assert report.incident.extra["home"] == {"lat": 52.513, "lon": 13.371}


def test_what_is_no_place_holds_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-flyaway")
        step = report.screen.steps[ReportPage.FIND]
        assert isinstance(step, FindStep)
        QTest.keyClicks(step.places.last, "over there")
        report.screen.go_on()
        assert report.page() is ReportPage.FIND
        assert step.places.rows["position"].fault


def _photo(path: Path) -> Path:
    image = QImage(120, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("#508090"))
    assert image.save(str(path))
    return path


def test_dropped_files_are_copied_listed_and_left_as_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    photo, absent = _photo(tmp_path / "crash.png"), tmp_path / "absent.png"
    before = photo.read_bytes()
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        report.press("step-evidence")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(photo)), QUrl.fromLocalFile(str(absent))])
        drop = QDropEvent(
            QPointF(QPoint(10, 10)),
            Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        with qtbot.waitSignal(report.screen.evidence.taking.ended):
            report.screen.evidence.zone.dropEvent(drop)
        assert drop.dropAction() is Qt.DropAction.CopyAction
        [kept] = report.at.library.about(Attachment, report.incident.id)
        assert kept.sha256 is not None
        assert (kept.name, kept.media_type, kept.size) == ("crash.png", "image/png", len(before))
        assert report.store.path(kept.sha256).read_bytes() == before
        assert photo.read_bytes() == before
        qtbot.waitUntil(lambda: str(kept.sha256)[:12] in report.words)
        qtbot.waitUntil(lambda: "absent.png cannot be read" in report.words)
        qtbot.waitUntil(lambda: kept.sha256 in report.screen.evidence._pictures)
        report.press(f"remove-{kept.id}")
        assert report.at.library.all(Attachment) == []


def test_copying_can_be_cancelled_and_keeps_what_was_done(qtbot: QtBot, tmp_path: Path) -> None:
    files = []
    for number in range(30):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(f"note {number}", encoding="utf-8")
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-collision")
        report.press("step-evidence")
        taking = report.screen.evidence.taking
        with qtbot.waitSignal(taking.attached):
            report.screen.evidence.zone.files_chosen.emit(files)
        with qtbot.waitSignal(taking.ended):
            taking.cancel()
        kept = report.at.library.about(Attachment, report.incident.id)
        assert 1 <= len(kept) < 30
        assert not report.screen.evidence.progress.isVisible()


def test_the_official_page_opens_only_on_a_click_and_only_by_https(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-malfunction")
        report.press("step-ways")
        report.press("choose-repair-warranty")
        assert report.at.trips.links == []
        report.press("official-page")
        [opened] = report.at.trips.links
        assert opened.startswith("https://")


def test_the_serial_is_put_on_the_clipboard(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d1")
        report.press("what-malfunction")
        report.press("step-ways")
        report.press("choose-repair-warranty")
        [copy] = [
            each for each in report.screen.findChildren(QAbstractButton) if each.accessibleName() == "Copy: Serial"
        ]
        QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
        assert QApplication.clipboard().text() == "1581F6Z9C24AU0034SRD"


def _focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def test_the_report_is_driven_by_the_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        for name in ("device-d1", "what-collision"):
            for _ in range(40):
                if _focused().objectName() == name:
                    break
                QTest.keyClick(_focused(), Qt.Key.Key_Tab)
            assert _focused().objectName() == name
            QTest.keyClick(_focused(), Qt.Key.Key_Return)
            report.settle()
        assert report.page() is ReportPage.WHEN
        for _ in range(2):
            QTest.keyClick(_focused(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
            report.settle()
        assert report.page() is ReportPage.WAYS
        assert _focused().objectName() == "choose-express-basic"
        QTest.keyClick(_focused(), Qt.Key.Key_Return)
        report.settle()
        assert report.page() is ReportPage.CHECKLIST
        QTest.keyClick(_focused(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert report.page() is ReportPage.WAYS


def test_a_handheld_is_not_asked_whether_it_flew_away_or_who_flew_it(qtbot: QtBot, tmp_path: Path) -> None:
    with reporting(qtbot, tmp_path, *owner()) as report:
        report.press("device-d2")
        assert not report.screen.findChildren(QAbstractButton, "what-flyaway")
        report.press("what-water")
        assert "account" not in report.when.rows
        assert "handheld" in report.when.parts


@pytest.mark.parametrize("kind", ["collision", "flyaway"])
def test_every_control_of_every_page_has_an_accessible_name(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    with reporting(qtbot, tmp_path, *owner(CONTROLLER)) as report:
        report.press("device-d1")
        report.press(f"what-{kind}")
        if kind == "flyaway":
            step = report.screen.steps[ReportPage.FIND]
            assert isinstance(step, FindStep)
            QTest.keyClicks(step.places.last, "52.5, 13.4")
            qtbot.waitUntil(lambda: step.place.isVisible())
        report.press("step-ways")
        report.press(f"choose-{report.ways()[0].removeprefix('way-')}")
        for page in report.screen.steps:
            if page not in {ReportPage.FIND, ReportPage.READY} or kind == "flyaway":
                report.screen.go_to(page)
                assert report.page() is page
                assert _nameless(report.screen) == []


def _nameless(screen: QWidget) -> list[str]:
    controls = QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit | QAbstractSpinBox
    found = [each for each in screen.findChildren(QWidget) if isinstance(each, controls) and each.isVisible()]
    inner = [each for each in found if isinstance(each.parent(), QComboBox | QAbstractSpinBox | QLineEdit)]
    return [
        f"{type(each).__name__} {each.objectName()}"
        for each in found
        if each not in inner and not each.accessibleName() and not (isinstance(each, QAbstractButton) and each.text())
    ]
