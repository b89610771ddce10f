"""Report damage or loss: one guided page after the other, kept from the first click, left and resumed at will."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from homepoint.application.changes import Changes
from homepoint.application.reports import DiscardReport
from homepoint.domain.facts import Incident
from homepoint.domain.values import DeviceId, IncidentId
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_guide import ReportPage, at_page, open_pages, page_of, pages_of
from homepoint.ui.desk import Desk
from homepoint.ui.screen import Screen
from homepoint.ui.screens.rebuilding import Line, drawn_anew
from homepoint.ui.screens.report_checklist import ChecklistStep
from homepoint.ui.screens.report_device import DeviceStep
from homepoint.ui.screens.report_dossier import PrepareDossier
from homepoint.ui.screens.report_draft import ReportDraft
from homepoint.ui.screens.report_evidence import EvidenceStep
from homepoint.ui.screens.report_files import EvidenceFiles
from homepoint.ui.screens.report_find import FindStep
from homepoint.ui.screens.report_ready import ReadyStep
from homepoint.ui.screens.report_step import ReportStep
from homepoint.ui.screens.report_steps_list import StepsChoice, StepsList
from homepoint.ui.screens.report_ways import WaysStep
from homepoint.ui.screens.report_what import WhatStep
from homepoint.ui.screens.report_when import WhenStep
from homepoint.ui.theme import Space, Tone, theme
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.card import ActionCard
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.text import Label

_WRITTEN_AFTER_MS = 300
_LIST_FROM = 760
_KEPT, _BEFORE = "Everything you entered is kept.", "Nothing is kept before the first answer."


class ReportScreen(Screen):
    """The report. `begin` starts a new one, `resume` goes on with one.

    Signals:
        claim_opened(claim): the owner goes on from the report to the claim that came of it.
        add_device_asked: the device has to be registered first.
        left: the report was discarded or put away; nothing is to be shown of it any more.
    """

    claim_opened = Signal(str)
    add_device_asked = Signal()
    left = Signal()

    def __init__(
        self,
        desk: Desk,
        files: EvidenceFiles,
        pool: ThreadPoolExecutor,
        prepare_dossier: PrepareDossier | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the page.

        Args:
            desk: what every screen works with.
            files: the evidence store.
            pool: where files are copied and the dossier is made.
            prepare_dossier: gathers a dossier; without it none is offered.
            parent: the widget it lies in.
        """
        super().__init__(desk, parent)
        self.draft = ReportDraft(desk)
        self._page = ReportPage.DEVICE
        self._seen: Incident | None = None
        self.steps: dict[ReportPage, ReportStep] = {}
        self._make_frame()
        self.evidence = EvidenceStep(self.draft, files, pool)
        self.device_step = DeviceStep(self.draft)
        self.find_step = FindStep(self.draft)
        self.ways = WaysStep(self.draft)
        self.checklist = ChecklistStep(self.draft, pool, prepare_dossier)
        for step in (
            self.device_step,
            WhatStep(self.draft),
            self.find_step,
            WhenStep(self.draft),
            ReadyStep(self.draft),
            self.evidence,
            self.ways,
            self.checklist,
        ):
            self.steps[step.page] = step
            self.frame.content.addWidget(step)
            step.hide()
            step.edited.connect(self._on_edited)
            step.answered.connect(self.go_on)
        self.device_step.resume_asked.connect(lambda incident: self.resume(IncidentId(incident)))
        self.device_step.add_device_asked.connect(self.add_device_asked)
        self.ways.refused.connect(self._tell_problem)
        self.ways.put_away_asked.connect(self._leave)
        self.device_step.show()
        self._was_turned = True
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        self._writing = QTimer(self)
        self._writing.setSingleShot(True)
        self._writing.setInterval(_WRITTEN_AFTER_MS)
        self._writing.timeout.connect(self._write_now)

    def _make_frame(self) -> None:
        self.list = StepsList()
        self.list.chosen.connect(lambda page: self.go_to(ReportPage(page)))
        self.list.discard_asked.connect(self.discard)
        self.choice = StepsChoice()
        self.choice.chosen.connect(lambda page: self.go_to(ReportPage(page)))
        self.frame = ScrollPage("Report damage or loss")
        self.kept = Label("", tone=Tone.MUTED, wrap=True)
        self.back = Button("Back")
        self.back.clicked.connect(self.go_back)
        self.forward = PrimaryButton("Continue")
        self.forward.clicked.connect(self.go_on)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        foot.setSpacing(Space.S)
        foot.addWidget(self.kept, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.forward)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.choice)
        right.addWidget(self.frame, 1)
        right.addWidget(Line())
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        for keys, act in (("Alt+Left", self.go_back), ("Alt+Right", self._on_forward_key)):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # What the rest of the program asks of the page.

    @property
    def page(self) -> ReportPage:
        """Return the page shown."""
        return self._page

    def begin(self, device: DeviceId | None = None) -> None:
        """Begin a new report, about a device if one is named."""
        self._write_now()
        self.draft.begin(device)
        self._show(ReportPage.DEVICE if device is None else ReportPage.WHAT)

    def resume(self, incident: IncidentId) -> None:
        """Go on with a report on the page it has got to."""
        self._write_now()
        found = self.draft.incident if self.draft.open(incident) else None
        self._show(ReportPage.DEVICE if found is None else page_of(found, self.draft.chosen))

    def concerns(self, changes: Changes) -> bool:
        """Say whether changes touch the report: its own answers are shown already, and few pages show verdicts."""
        if self.draft.is_writing:
            return False
        is_judged = self._page in (ReportPage.READY, ReportPage.WAYS) and self.draft.device in changes.devices
        return changes.everything or bool(changes.kinds) or is_judged

    def redraw(self) -> None:
        """Draw the page shown anew; a report that is gone leads back to the first page."""
        if self._writing.isActive() and self.draft.incident == self._seen:
            self._write_now()  # news from elsewhere must not wipe out what is being typed
        gone = self.draft.incident_id is not None and self.draft.incident is None
        if gone:
            self.draft.begin(None)
        incident = self.draft.incident
        allowed = open_pages(incident, self.draft.chosen)
        page = ReportPage.DEVICE if gone else self._page
        if page not in allowed:
            page = page_of(incident, self.draft.chosen) if incident else ReportPage.WHAT
        if page is self._page:
            self._writing.stop()
            drawn_anew(self.frame, self._draw)
        else:
            self._show(page)

    # What the owner does.

    def go_to(self, page: ReportPage) -> None:
        """Go to a page; what was changed on this one is written first."""
        self._write_now()
        self._show(page if page in open_pages(self.draft.incident, self.draft.chosen) else self._page)

    def go_back(self) -> None:
        """Go one page back."""
        pages = pages_of(self.draft.incident)
        at = pages.index(self._page)
        if at > 0:
            self.go_to(pages[at - 1])

    def go_on(self) -> None:
        """Confirm this page and go to the next one; stay where an answer makes no sense."""
        if self._page is ReportPage.CHECKLIST:
            self._on_claim()
            return
        self._writing.stop()
        step, started = self.steps[self._page], self.draft.started()
        if started is None:
            return
        entered = step.entered(started)
        pages = pages_of(entered)
        following = pages[min(pages.index(self._page) + 1, len(pages) - 1)]
        problems = {**step.faults()}
        if not problems and not (following is ReportPage.CHECKLIST and self.draft.chosen is None):
            problems = dict(self.draft.keep(at_page(entered, following), step.about))
        self._show_problems(problems)
        if not problems:
            self._show(following)

    def discard(self) -> None:
        """Throw the report away; the toast offers Undo, which brings all of it back."""
        self._writing.stop()
        incident = self.draft.incident
        self.draft.begin(None)
        if incident is not None:
            self.desk.do(DiscardReport(incident=incident.id))
        self._leave()

    def hideEvent(self, event: QHideEvent) -> None:
        """Write what was typed when another page is shown or the window closes."""
        self._write_now()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the pages beside the report, or as one list where there is little room."""
        super().resizeEvent(event)
        is_wide = self.width() >= theme().pixels(_LIST_FROM)
        self.list.setVisible(is_wide)
        self.choice.setVisible(not is_wide)

    # Inside.

    def _show(self, page: ReportPage) -> None:
        self._page = page
        for each in self.steps.values():
            each.setVisible(each.page is page)
        self._draw()
        self._show_problems({})
        self.frame.area.verticalScrollBar().setValue(0)
        self._was_turned = True

    def _draw(self) -> None:
        step = self.steps[self._page]
        step.show_report()
        self._seen = self.draft.incident
        self.frame.title.setText(step.title)
        self.frame.setAccessibleName(step.title)
        self.frame.set_subtitle(step.sentence)
        self._draw_frame()

    def _draw_frame(self) -> None:
        """Show the pages, the foot and what is kept."""
        incident, facts, chosen = self.draft.incident, self.draft.facts, self.draft.chosen
        pages, allowed = pages_of(incident), open_pages(incident, chosen)
        if self.draft.device is None:
            allowed = frozenset({ReportPage.DEVICE})
        about = device_name(facts.device) if facts else ""
        self.list.show_pages(about, pages, allowed, self._page, begun=incident is not None and chosen is None)
        self.choice.show_pages(pages, allowed, self._page)
        step = self.steps[self._page]
        at = pages.index(self._page) if self._page in pages else 0
        self.back.setVisible(at > 0)
        is_last = self._page is ReportPage.CHECKLIST
        can_go_on = at + 1 < len(pages) and pages[at + 1] in allowed
        self.forward.setVisible(is_last or step.leads_on or (can_go_on and self._page is not ReportPage.WAYS))
        self.forward.setText("Go to the claim" if is_last else "Continue")
        self._settling.start(0)
        self.kept.set_tone(Tone.MUTED)
        self.kept.setText(_KEPT if incident is not None else _BEFORE)

    def _on_edited(self) -> None:
        self.kept.setText("Keeping it …")
        self._writing.start()

    def _write_now(self) -> None:
        """Write what was entered on the page shown; what cannot be read is said and not written."""
        self._writing.stop()
        step, incident = self.steps[self._page], self.draft.incident
        if incident is None or not step.leads_on:
            return
        problems = {**step.faults()}
        problems |= self.draft.keep(step.entered(incident), step.about)
        self._seen = self.draft.incident
        if self._page is ReportPage.FIND:
            step.show_report()
        self._draw_frame()
        self._show_problems(problems)

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        self.steps[self._page].show_problems(problems)
        if problems:
            self._tell_problem(problems.get("") or "One answer is not kept yet: see the note beside it.")

    def _tell_problem(self, words: str) -> None:
        self.kept.set_tone(Tone.OVERDUE)
        self.kept.setText(words)

    def _settle(self) -> None:
        """Let Tab go from the pages through this page to the foot; after a turn of pages focus its first choice."""
        chain = [*_reachable(self.list), *_reachable(self.choice), *_reachable(self.steps[self._page])]
        for before, after in pairwise([*chain, self.back, self.forward]):
            QWidget.setTabOrder(before, after)
        if not self._was_turned or not self.isVisible():
            return
        self._was_turned = False
        inner = _reachable(self.steps[self._page])
        likely = [each for each in inner if isinstance(each, ActionCard | PrimaryButton)]
        (likely or inner or [self.forward])[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_forward_key(self) -> None:
        if self.forward.isVisible():
            self.go_on()

    def _on_claim(self) -> None:
        chosen = self.draft.chosen
        if chosen is not None:
            self.claim_opened.emit(chosen.id)

    def _leave(self) -> None:
        self.draft.begin(None)
        self._show(ReportPage.DEVICE)
        self.left.emit()


def _reachable(host: QWidget) -> list[QWidget]:
    """Return what the keyboard reaches inside a widget, from the first to the last."""
    wants = Qt.FocusPolicy.TabFocus
    inner = host.findChildren(QWidget)
    return [each for each in inner if each.isVisible() and each.isEnabled() and each.focusPolicy() & wants]
