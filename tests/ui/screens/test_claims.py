"""The claims page: open ones first with whose turn it is, unfinished reports to go on with, the rest folded away."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from homepoint.application.claims import RecordClaimStep
from homepoint.domain.facts import ClaimStep, Fact, IncidentKind, Service, Step
from homepoint.domain.values import ClaimId, IncidentId
from homepoint.ui.screens.claims import ClaimsScreen
from homepoint.ui.widgets.text import Label
from tests import builders as make
from tests.builders import NOW
from tests.ui.screens.desks import At, at_a_desk


def _claim(id: str, service: Service, *steps: Step, incident: str | None = None) -> Fact:
    taken = tuple(ClaimStep(step=each, at=NOW - timedelta(days=5 - at)) for at, each in enumerate(steps))
    of = None if incident is None else IncidentId(incident)
    return make.claim(id, service=service, steps=taken, incident=of)


FACTS = (
    make.device(nickname="Kestrel"),
    make.incident("i1", kind=IncidentKind.COLLISION),
    make.incident("i2", kind=IncidentKind.WATER, extra={"homepoint-page": "evidence"}),
    _claim("k1", Service.EXPRESS_PREMIUM, Step.SUBMITTED, Step.FEE_PAID, Step.DEPOSIT_HELD, incident="i1"),
    _claim("k2", Service.REPAIR_WARRANTY, Step.SUBMITTED, Step.CLOSED),
)


def _shown(qtbot: QtBot, at: At) -> ClaimsScreen:
    screen = ClaimsScreen(at.desk)
    qtbot.addWidget(screen)
    at.desk.workspace.subscribe(screen.mark_changed)
    screen.resize(1000, 700)
    screen.show()
    return screen


def _button(screen: ClaimsScreen, name: str) -> QAbstractButton:
    QApplication.processEvents()  # what was drawn anew is shown with the next layout
    [found] = [each for each in screen.findChildren(QAbstractButton, name) if not each.isHidden()]
    return found


def _words(screen: ClaimsScreen) -> str:
    QApplication.processEvents()
    return "\n".join(each.text() for each in screen.findChildren(Label) if each.isVisible())


def test_without_any_claim_the_page_says_what_it_is_for(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        screen = _shown(qtbot, at)
        assert "Nothing to claim" in _words(screen)
        [report] = [
            each for each in screen.findChildren(QAbstractButton)
            if each.isVisible() and each.text() == "Report damage or loss"
        ]  # fmt: skip
        with qtbot.waitSignal(screen.report_asked):
            QTest.mouseClick(report, Qt.MouseButton.LeftButton)


def test_an_open_claim_says_its_next_act_time_and_stake_and_opens(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *FACTS) as at:
        screen = _shown(qtbot, at)
        shown = _words(screen)
        assert "Kestrel: Express Premium" in shown
        assert "DJI's turn: send the replacement" in shown
        assert "3 days left" not in shown  # paid on 30 April: the third day is 3 May
        assert "1 day late" in shown
        assert "At stake: the deposit" in shown
        with qtbot.waitSignal(screen.claim_asked) as asked:
            QTest.keyClick(_button(screen, "claim/k1"), Qt.Key.Key_Return)
        assert asked.args == ["k1"]
        assert "DJI's turn: send the replacement" in _button(screen, "claim/k1").accessibleName()


def test_a_report_without_a_claim_can_be_gone_on_with(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *FACTS) as at:
        screen = _shown(qtbot, at)
        assert "Kestrel: Water damage" in _words(screen)
        assert "Kestrel: Crash" not in _words(screen)
        with qtbot.waitSignal(screen.go_on_asked) as asked:
            QTest.mouseClick(_button(screen, "go-on/i2"), Qt.MouseButton.LeftButton)
        assert asked.args == ["i2"]


def test_of_very_many_claims_that_are_over_only_the_latest_are_listed(qtbot: QtBot, tmp_path: Path) -> None:
    many = (_claim(f"old{at}", Service.REPAIR_WARRANTY, Step.SUBMITTED, Step.CLOSED) for at in range(130))
    with at_a_desk(tmp_path, make.device(nickname="Kestrel"), *many) as at:
        screen = _shown(qtbot, at)
        fold = _button(screen, "claims-over")
        assert "(130)" in fold.accessibleName()
        QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
        assert _words(screen).count("Kestrel: Repair under warranty") == 100
        assert "These are the latest 100." in _words(screen)


def test_claims_that_are_over_are_folded_and_stay_unfolded_over_changes(qtbot: QtBot, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, *FACTS) as at:
        screen = _shown(qtbot, at)
        assert "Kestrel: Repair under warranty" not in _words(screen)
        QTest.mouseClick(_button(screen, "claims-over"), Qt.MouseButton.LeftButton)
        assert "Kestrel: Repair under warranty" in _words(screen)
        at.desk.do(RecordClaimStep(claim=ClaimId("k1"), step=ClaimStep(step=Step.REPLACEMENT_SENT, at=NOW)))
        assert "Your turn: send the old unit" in _words(screen)
        assert "Kestrel: Repair under warranty" in _words(screen)
