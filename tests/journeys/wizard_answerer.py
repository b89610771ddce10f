"""An owner in a process of its own who answers the report at random, and says what the screen shows as kept.

It is killed from outside at any moment (see `wizard_kills.py`), so every line is written out at once:

    shown FIELD VALUE       read off the report that was gone on with after the last kill
    ready                   all of it was read; from here on it answers
    trying FIELD VALUE      said before anything of it can have been written
    confirmed FIELD VALUE   said only after the screen showed it as kept
    anew                    what follows is about another report, not begun before
    report INCIDENT         that report has its first answer, and this id
    fault WORDS             the screen did not do as it should
"""

import json
import os
import sys
import time
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QComboBox, QLineEdit, QTimeEdit, QWidget

from homepoint.app.starting import Started, start
from homepoint.domain.values import IncidentId
from homepoint.presentation.incident_guide import ReportPage
from homepoint.ui.screens.report import ReportScreen
from homepoint.ui.screens.report_when import WhenStep
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.text import Label

PATIENCE_S = 20.0
ANSWERED = {
    ReportPage.DEVICE: 1, ReportPage.WHAT: 1, ReportPage.FIND: 4, ReportPage.WHEN: 8, ReportPage.EVIDENCE: 3,
    ReportPage.WAYS: 1,
}  # fmt: skip
"""The pages with answers to give, and how often each is gone to."""

WORDS = ("It fell", "from the sky", "behind the barn", "after a gust", "and the left arm broke.", "52", "-", "?")
CHOICES = ("Can you get it back?", "Where you want the service", "DJI account", "Controller")
LARGEST_FILE = 2_000_000

_NAMES = {"Account in use": "DJI account", "Controller in use": "Controller"}
_CHOSE, _CHOSEN = "You chose: ", " Chosen."

Shown = dict[str, object]
W = TypeVar("W", bound=QWidget)


class Answerer:
    """Reads the report off its widgets and answers it by mouse and keys."""

    def __init__(self, screen: ReportScreen, random: Random, folder: Path) -> None:
        """Work on a report; files for evidence are made in `folder`."""
        self.screen, self.random, self.folder = screen, random, folder
        self._told: str | None = None
        self._files = 0

    # Reading the screen.

    def shown(self) -> Shown:
        """Return the answers to be seen on the page shown."""
        reading = {
            ReportPage.DEVICE: self._shown_device,
            ReportPage.WHAT: self._shown_kind,
            ReportPage.FIND: self._shown_places,
            ReportPage.WHEN: self._shown_when,
            ReportPage.EVIDENCE: self._shown_files,
            ReportPage.CHECKLIST: self._shown_way,
        }.get(self.screen.page)
        return reading() if reading else {}

    def seen(self, kind: type[W]) -> list[W]:
        """Return the visible widgets of a kind on the page shown."""
        step = self.screen.steps[self.screen.page]
        return [each for each in step.findChildren(kind) if each.isVisible()]

    def named(self, kind: type[W], name: str) -> W:
        """Return the visible widget with this accessible name."""
        [found] = [each for each in self.seen(kind) if each.accessibleName() == name]
        return found

    def _shown_device(self) -> Shown:
        chosen = [each.objectName() for each in self.seen(ActionCard) if each.accessibleName().endswith(", chosen")]
        return {"device": chosen[0].removeprefix("device-")} if chosen else {}

    def _shown_kind(self) -> Shown:
        chosen = [each.objectName() for each in self.seen(ActionCard) if each.accessibleName().endswith(_CHOSEN)]
        return {"kind": chosen[0].removeprefix("what-")} if chosen else {}

    def _shown_places(self) -> Shown:
        keys = {"Last position": "position", "Place, if you know it": "position", "Home point": "home"}
        fields = {each.accessibleName(): each.text() for each in self.seen(QLineEdit)}
        return {key: fields[name] for name, key in keys.items() if name in fields}

    def _shown_when(self) -> Shown:
        when = self._when.when.value
        boxes = [each.accessibleName() for each in self.seen(QCheckBox) if each.isChecked()]
        found: Shown = {
            "at": None if when is None else f"{when.on} {when.at} {when.zone}",
            "description": self._when.words.toPlainText().strip(),
            "parts": [each for each in boxes if each.startswith("Damaged: ")],
            "wants": [each for each in boxes if each.startswith("You want: ")],
        }
        for each in self.seen(QComboBox):
            if _name(each) in CHOICES:
                found[_name(each)] = each.currentText()
        return found | self._shown_places()

    def _shown_files(self) -> Shown:
        removes = [each.accessibleName() for each in self.seen(QAbstractButton) if each.objectName()[:7] == "remove-"]
        return {"evidence": sorted(each.split()[1] for each in removes)}

    def _shown_way(self) -> Shown:
        words = self.screen.frame.subtitle.text()
        return {"way": words.removeprefix(_CHOSE).split(". ")[0]} if words.startswith(_CHOSE) else {}

    @property
    def _when(self) -> WhenStep:
        step = self.screen.steps[ReportPage.WHEN]
        assert isinstance(step, WhenStep)
        return step

    # Going about.

    def pages(self) -> list[ReportPage]:
        """Return the pages one can go to at this moment, as their list offers them."""
        rows = {each.objectName(): each for each in self.screen.list.findChildren(QAbstractButton)}
        return [page for page in ReportPage if (row := rows.get(f"step-{page.value}")) and row.isEnabled()]

    def go_to(self, page: ReportPage) -> None:
        """Choose a page in the list of pages."""
        [row] = [
            each for each in self.screen.list.findChildren(QAbstractButton) if each.objectName() == f"step-{page.value}"
        ]
        click(row)
        wait_until(f"the page {page}", lambda: self.screen.page is page)
        pump(0.01)  # what a layout takes in is shown in the next turn of events

    def read_all(self) -> None:
        """Say what every page of the report shows."""
        for page in self.pages():
            self.go_to(page)
            self._say_all("shown", self.shown())

    # Answering.

    def answer(self) -> None:
        """Go to some page, answer something there, and say what is shown as kept then."""
        can_be = [page for page in self.pages() if page in ANSWERED]
        self.go_to(self.random.choices(can_be, [ANSWERED[page] for page in can_be])[0])
        acts: dict[ReportPage, Callable[[], None]] = {
            ReportPage.DEVICE: self._choose_device,
            ReportPage.WHAT: self._choose_kind,
            ReportPage.FIND: self._write_place,
            ReportPage.WHEN: self._fill_in,
            ReportPage.EVIDENCE: self._drop_file,
            ReportPage.WAYS: self._choose_way,
        }
        page = self.screen.page
        for _ in range(self.random.randint(1, 4)):
            acts[page]()
            if self.screen.page is not page:
                return
            pump(self.random.choice((0.0, 0.0, 0.05, 0.2, 0.4)))
        self._confirm()

    def _confirm(self) -> None:
        """Wait, or leave the page, until all is shown as kept; then say what was seen."""
        shown = self.shown()
        leaving = self.random.choice((None, None, self.screen.forward, self.screen.back))
        if leaving is not None and leaving.isVisible():
            click(leaving)
        self._wait_for_kept()
        self._say_all("confirmed", shown)

    def _wait_for_kept(self) -> None:
        kept = self.screen.kept
        wait_until("all to be kept", lambda: kept.isVisible() and kept.text() == "Everything you entered is kept.")
        incident = self.screen.draft.incident_id
        if incident != self._told:
            self._told = incident
            say("report", incident)

    def _choose_device(self) -> None:
        if self.screen.draft.chosen is not None:
            return  # the claim is about this device
        card = self.random.choice(self.seen(ActionCard))
        self._say_all("trying", {"DJI account": "Not known", "Controller": "Not known", "parts": []})
        self._take("device", card.objectName().removeprefix("device-"), card)

    def _choose_kind(self) -> None:
        card = self.random.choice(self.seen(ActionCard))
        self._take("kind", card.objectName().removeprefix("what-"), card)

    def _take(self, field: str, value: str, button: QAbstractButton) -> None:
        """Press what answers at once and turns the page: the page that follows shows that it is kept."""
        page = self.screen.page
        say("trying", field, value)
        click(button)
        wait_until("the next page", lambda: self.screen.page is not page)
        if self.screen.draft.incident_id is not None:
            self._wait_for_kept()
            say("confirmed", field, value)

    def _write_place(self) -> None:
        places = {"Last position": "position", "Place, if you know it": "position", "Home point": "home"}
        field = self.random.choice([each for each in self.seen(QLineEdit) if each.accessibleName() in places])
        text = f"{self.random.uniform(-80, 80):.6f}, {self.random.uniform(-170, 170):.6f}"
        field.selectAll()
        QTest.keyClicks(field, text)
        self._say_all("trying", {places[field.accessibleName()]: text})

    def _fill_in(self) -> None:
        self.random.choice(
            (self._write_words, self._toggle, self._toggle, self._choose, self._choose, self._set_moment)
        )()
        self._say_all("trying", self.shown())  # nothing is written before the next turn of events

    def _write_words(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            QTest.keyClicks(self._when.words, f"{self.random.choice(WORDS)} ")
            self._say_all("trying", self.shown())
            pump(self.random.choice((0.0, 0.1, 0.35)))

    def _toggle(self) -> None:
        boxes = [each for each in self.seen(QCheckBox) if each.objectName().startswith("box-")]
        QTest.keyClick(self.random.choice(boxes), Qt.Key.Key_Space)

    def _choose(self) -> None:
        boxes = [each for each in self.seen(QComboBox) if _name(each) in CHOICES]
        QTest.keyClick(self.random.choice(boxes), self.random.choice((Qt.Key.Key_Up, Qt.Key.Key_Down)))

    def _set_moment(self) -> None:
        unknown = self.named(QCheckBox, "When it happened: not known")
        if unknown.isChecked() or self.random.random() < 0.2:
            QTest.keyClick(unknown, Qt.Key.Key_Space)
            return
        clock = self.named(QTimeEdit, "When it happened: time")
        clock.setCurrentSection(QTimeEdit.Section.MinuteSection)
        QTest.keyClick(clock, Qt.Key.Key_Down)

    def _drop_file(self) -> None:
        before = self._shown_files()["evidence"]
        assert isinstance(before, list)
        self._files += 1
        file = self.folder / f"{self.random.getrandbits(48):x}-{self._files}.bin"
        file.write_bytes(self.random.randbytes(self.random.randint(1, LARGEST_FILE)))
        after = sorted([*before, file.name])
        say("trying", "evidence", after)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file))])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self.screen.evidence.zone.dropEvent(QDropEvent(QPointF(20, 20), copy, data, left, none))
        wait_until("the file in the list", lambda: self._shown_files()["evidence"] == after)

    def _choose_way(self) -> None:
        buttons = [each for each in self.seen(QAbstractButton) if each.objectName().startswith("choose-")]
        if not buttons:
            return
        button = self.random.choice(buttons)
        self._take("way", button.accessibleName().split(": ", 1)[1], button)

    def _say_all(self, word: str, shown: Shown) -> None:
        for field, value in shown.items():
            say(word, field, value)


def say(word: str, *rest: object) -> None:
    """Write a line out at once."""
    sys.stdout.write(" ".join((word, *map(json.dumps, rest))) + "\n")
    sys.stdout.flush()


def _name(box: QComboBox) -> str:
    return _NAMES.get(box.accessibleName(), box.accessibleName())


def click(widget: QWidget) -> None:
    """Press the left button in the middle of something."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def pump(seconds: float) -> None:
    """Let the program live for so long."""
    until = time.monotonic() + seconds
    while True:
        QApplication.processEvents()
        if time.monotonic() >= until:
            return
        time.sleep(0.003)


def wait_until(what: str, is_so: Callable[[], bool]) -> None:
    """Let the program live until something is so; say it as a fault and end when it does not come."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > until:
            heard = [each.text() for each in QApplication.topLevelWidgets()[0].findChildren(Label) if each.isVisible()]
            say("fault", f"waited in vain for {what}; the screen says {heard}")
            sys.exit(1)
        pump(0.005)


def main() -> None:
    """Open the program, go on with a report or begin one, and answer until killed."""
    given = _arguments()
    started = start(QApplication(["homepoint"]), given.data)
    assert started is not None, "another one has this folder open"
    wait_until("the library", lambda: started.program is not None)
    sys.excepthook = _tell_fault
    answerer = Answerer(_report(started), Random(given.seed), given.files)
    pages = started.program.pages if started.program else None
    assert pages is not None
    if given.resume:
        pages.go_on_with_report(IncidentId(given.resume))
        wait_until("the report", lambda: answerer.screen.isVisible())
        answerer.read_all()
    say("ready")
    if given.anew or not given.resume:
        say("anew")
        pages.report()
        wait_until("the report", lambda: answerer.screen.isVisible())
    while True:
        answerer.answer()


def _tell_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say an error of the program or of this one, and end: no error may pass for a kill."""
    if isinstance(error, Exception):
        say("fault", "".join(traceback.format_exception(kind, error, trace)))
    os._exit(1)


def _report(started: Started) -> ReportScreen:
    assert started.program is not None
    started.window.resize(1280, 860)
    return started.program.pages.report_page


def _arguments() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--resume", default="")
    parser.add_argument("--anew", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
