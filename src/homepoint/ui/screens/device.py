"""The page of one device: its cover at any instant, what can be asked for, and everything recorded about it."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from homepoint.application.bindings import CheckBinding
from homepoint.application.changes import Changes
from homepoint.application.conflicts import RestoreField
from homepoint.application.devices import RemoveDevice
from homepoint.application.evidence import RemoveEvidence
from homepoint.application.plans import RemovePlan
from homepoint.domain.assessment import Assessment
from homepoint.domain.facts import (
    Account,
    Attachment,
    Binding,
    BoundTo,
    Controller,
    DeviceStatus,
    Plan,
    PurchaseNotice,
)
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import AttachmentId, BindingId, DeviceId, PlanId
from homepoint.presentation.activation_codes import ELSEWHERE
from homepoint.presentation.claims import turn_text
from homepoint.presentation.device import DevicePage, Form, Question, device_page
from homepoint.presentation.fire_drill import fire_drill
from homepoint.presentation.wording import Section
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.account import AccountDialog
from homepoint.ui.dialogs.add_device import DeviceDialog
from homepoint.ui.dialogs.bind import BindDialog, UnbindDialog
from homepoint.ui.dialogs.controller import ControllerDialog
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.notice import NoticeDialog
from homepoint.ui.dialogs.plan import PlanDialog
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.device_answers import AnswersCard, QuestionsCard
from homepoint.ui.screens.device_bindings import BindingsCard, ReadinessCard
from homepoint.ui.screens.device_documents import DocumentsCard
from homepoint.ui.screens.device_header import HeaderCard
from homepoint.ui.screens.device_plans import PlansCard
from homepoint.ui.screens.device_prepared import PreparedCard
from homepoint.ui.screens.device_records import DetailsCard, HistoryCard, WarrantyCard
from homepoint.ui.screens.rebuilding import clear, drawn_anew
from homepoint.ui.theme import Space
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.page import ScrollPage
from homepoint.ui.widgets.timeline import CoverTimeline

_HISTORY_SHOWN = 50


class DeviceScreen(Screen):
    """One device. `show_device` says which.

    Signals:
        undo_asked: the owner wants the last edit taken back.
        report_asked(device): damage or loss is to be reported.
        field_card_asked(device), handover_asked(device): a document is wanted.
        files_asked(device): files are to be attached.
        claim_asked(claim): an open claim is to be shown.
        reminders_asked(device): its reminders are to be chosen.
    """

    undo_asked = Signal()
    report_asked = Signal(str)
    field_card_asked = Signal(str)
    handover_asked = Signal(str)
    files_asked = Signal(str)
    claim_asked = Signal(str)
    reminders_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make a page without a device."""
        super().__init__(desk, parent)
        self._device: DeviceId | None = None
        self._as_of: datetime | None = None
        self._facts: DeviceFacts | None = None
        self._section: Section | None = None
        self.dialog: FormDialog | None = None
        self.edit_button = Button("Edit …", IconName.EDIT)
        self.edit_button.setAccessibleName("Edit the device")
        self.edit_button.clicked.connect(lambda: self._edit_device())
        self.primary = PrimaryButton("Record a plan …")
        self.primary.clicked.connect(self._on_primary)
        self._primary_form = Form.PLAN
        self.report_button = Button("Report damage or loss …", IconName.WARNING)
        self.report_button.clicked.connect(lambda: self.report_asked.emit(self._device or ""))
        self.page = ScrollPage("Device", "", self.primary, self.report_button, self.edit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._make_sections()
        self._connect()

    def _make_sections(self) -> None:
        self.header = HeaderCard(self.desk.now, self.desk.zone)
        self._banner = QVBoxLayout()
        self.questions = QuestionsCard()
        self.timeline_card = Card("Cover over time")
        self.timeline = CoverTimeline()
        self.timeline_card.body.addWidget(self.timeline)
        self.answers = AnswersCard()
        self.readiness = ReadinessCard()
        self.prepared = PreparedCard()
        self.bindings = BindingsCard()
        self.plans = PlansCard()
        self.warranty = WarrantyCard()
        self.documents = DocumentsCard()
        self.details = DetailsCard()
        self.history = HistoryCard()
        self._gone = QVBoxLayout()
        content = self.page.content
        content.setSpacing(Space.L)
        content.addLayout(self._gone)
        content.addLayout(self._banner)
        self._sections: tuple[QWidget, ...] = (
            self.header,
            self.questions,
            self.timeline_card,
            self.answers,
            self.readiness,
            self.prepared,
            self.bindings,
            self.plans,
            self.warranty,
            self.documents,
            self.details,
            self.history,
        )
        for section in self._sections:
            content.addWidget(section)

    def _connect(self) -> None:
        self.header.as_of.chosen.connect(self.show_as_of)
        self.questions.answer_asked.connect(self._on_question)
        self.readiness.form_asked.connect(self._open_form)
        self.prepared.section_asked.connect(self._scroll_to)
        self.prepared.field_card_asked.connect(lambda: self.field_card_asked.emit(self._device or ""))
        self.prepared.handover_asked.connect(lambda: self.handover_asked.emit(self._device or ""))
        self.bindings.form_asked.connect(self._open_form)
        self.bindings.check_asked.connect(self._on_check)
        self.bindings.unbind_asked.connect(self._on_unbind)
        self.bindings.edit_asked.connect(self._on_edit_target)
        self.plans.add_asked.connect(lambda: self._open_form(Form.PLAN))
        self.plans.edit_asked.connect(self._on_edit_plan)
        self.plans.remove_asked.connect(lambda plan: self.desk.do(RemovePlan(plan_id=PlanId(plan))))
        self.plans.notice_asked.connect(self._on_notice)
        self.plans.code_asked.connect(self._on_code)
        self.documents.add_asked.connect(lambda: self.files_asked.emit(self._device or ""))
        self.documents.remove_asked.connect(lambda id: self.desk.do(RemoveEvidence(attachment=AttachmentId(id))))
        self.details.edit_asked.connect(lambda: self._edit_device())
        self.details.remove_asked.connect(self._on_remove_device)
        self.details.reminders_asked.connect(lambda: self.reminders_asked.emit(self._device or ""))
        self.history.undo_asked.connect(self.undo_asked)
        self.history.restore_asked.connect(lambda lost: self.desk.do(RestoreField(overridden=lost)))

    # What the rest of the program asks of the page.

    @property
    def device(self) -> DeviceId | None:
        """Return which device is shown."""
        return self._device

    def show_device(self, device: DeviceId, section: Section | None = None) -> None:
        """Show a device as of now, scrolled to a section if one is named."""
        if device != self._device:
            self._as_of = None
        self._device, self._section = device, section
        self._stale = True
        if section is None:
            self.page.area.verticalScrollBar().setValue(0)
        self._redraw_if_seen()

    def show_as_of(self, at: datetime | None) -> None:
        """Move the whole page to an instant; None is now."""
        self._as_of = at
        self._stale = True
        self._redraw_if_seen()

    def concerns(self, changes: Changes) -> bool:
        """Say whether changes touch the device shown, its files, or the names of accounts and controllers."""
        elsewhere = changes.kinds & {"accounts", "controllers", "attachments"}
        return changes.everything or self._device in changes.devices or bool(elsewhere)

    def redraw(self) -> None:
        """Draw everything anew."""
        drawn_anew(self.page, self._draw)
        if self._section is not None:
            # The new widgets get their places only once the event loop runs.
            QTimer.singleShot(0, self, partial(self._scroll_to, self._section))
            self._section = None

    # Drawing.

    def _draw(self) -> None:
        at = self._as_of or self.desk.now()
        library = self.desk.workspace.library
        self._facts = library.device_facts(self._device) if self._device else None
        assessment = self.desk.workspace.assess(self._device, at) if self._device else None
        clear(self._gone)
        is_there = self._facts is not None and assessment is not None
        for widget in (*self._sections, self.primary, self.report_button, self.edit_button):
            widget.setVisible(is_there)
        if self._facts is None or assessment is None:
            clear(self._banner)
            self._draw_gone()
            return
        history = library.history(about=self._device, limit=_HISTORY_SHOWN)
        is_now = self._as_of is None
        shown = device_page(assessment, self._facts, self.desk.terms, is_now=is_now, history=history)
        self._draw_head(shown, at)
        self.questions.show_questions(shown.questions)
        self.timeline.show_timeline(shown.timeline, self.desk.zone)
        self.timeline_card.setVisible(bool(shown.timeline.lanes))
        self.answers.show_answers(shown.asks_title, shown.answers)
        self.readiness.show_readiness(shown.readiness)
        self._draw_files(assessment, self._facts)
        self.bindings.show_bindings(shown)
        self.plans.show_plans(shown)
        self.warranty.show_warranty(shown)
        self.details.show_details(shown)
        undoable = library.undoable()
        self.history.show_history(shown.history, undoable.number if undoable else None)

    def _draw_open_claims(self, now: datetime) -> None:
        """Say of each open claim whose turn it is."""
        facts = self._facts
        assert facts is not None, "drawn for a device that is there"
        for claim in facts.claims:
            turn = turn_text(claim_reading(facts, claim, self.desk.terms, now), claim.service)
            if turn:
                banner = Banner(BannerKind.INFO, f"A claim is open. {turn}.", "See the claim")
                banner.action_chosen.connect(partial(self.claim_asked.emit, claim.id))
                self._banner.addWidget(banner)

    def _draw_files(self, assessment: Assessment, facts: DeviceFacts) -> None:
        """The documents, and the drill: for a device in use, and for now, since nobody can prepare the past."""
        library = self.desk.workspace.library
        owners = (facts.device.id, *(plan.id for plan in facts.plans))
        files = [each for owner in owners for each in library.about(Attachment, owner)]
        self.documents.show_files(files)
        is_for_now = self._as_of is None and facts.device.status is DeviceStatus.IN_USE
        self.prepared.setVisible(is_for_now)
        if is_for_now:
            self.prepared.show_drill(fire_drill(facts, assessment, files, assessment.at))

    def _draw_head(self, shown: DevicePage, at: datetime) -> None:
        self.page.title.setText(shown.title)
        self.page.setAccessibleName(shown.title)
        self.page.set_subtitle(shown.model if shown.title != shown.model else "")
        self.header.show_page(shown)
        self.header.as_of.show_instant(at, is_now=shown.as_of is None)
        clear(self._banner)
        if shown.as_of is not None:
            banner = Banner(BannerKind.WARNING, shown.as_of, "Back to now")
            banner.action_chosen.connect(lambda: self.show_as_of(None))
            self._banner.addWidget(banner)
        else:
            self._draw_open_claims(at)
        gaps = shown.readiness.gaps if shown.readiness else ()
        binding = next((gap for gap in gaps if gap.form in (Form.BIND_ACCOUNT, Form.BIND_CONTROLLER)), None)
        needs_binding = bool(shown.plans) and binding is not None
        self._primary_form = binding.form if needs_binding and binding and binding.form else Form.PLAN
        self.primary.setText(binding.act if needs_binding and binding else "Record a plan …")
        self.primary.setVisible(shown.in_use)

    def _draw_gone(self) -> None:
        self.page.title.setText("Device")
        self.page.set_subtitle("")
        back = PrimaryButton("Show all devices")
        back.clicked.connect(lambda: self.desk.open_page("devices"))
        words = "It was removed, or undone. Undo brings a removed device back."
        self._gone.addWidget(EmptyState(IconName.DEVICES, "This device is no longer there", words, back))

    def _scroll_to(self, section: Section) -> None:
        widgets: dict[Section, QWidget] = {
            Section.COVER: self.answers,
            Section.BINDINGS: self.bindings,
            Section.PLANS: self.plans,
            Section.WARRANTY: self.warranty,
        }
        inner = self.page.area.widget()
        if inner is None:
            return
        place = widgets[section].mapTo(inner, widgets[section].rect().topLeft())
        self.page.area.verticalScrollBar().setValue(place.y())

    # What the owner does.

    def _open(self, dialog: FormDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self, _result: int = QDialog.DialogCode.Accepted) -> None:
        self.dialog = None

    def _open_form(self, form: Form) -> None:
        if self._facts is None or self._device is None:
            return
        if form is Form.DEVICE:
            self._edit_device()
        elif form is Form.PLAN:
            self._open(PlanDialog(self.desk, self._facts, parent=self))
        else:
            to = BoundTo.ACCOUNT if form is Form.BIND_ACCOUNT else BoundTo.CONTROLLER
            self._open(BindDialog(self.desk, self._device, to, self))

    def _edit_device(self, field: str = "") -> None:
        if self._facts is not None:
            dialog = DeviceDialog(self.desk, self._facts, self)
            self._open(dialog)
            dialog.focus_on(field)

    def _on_primary(self) -> None:
        self._open_form(self._primary_form)

    def _on_question(self, question: Question) -> None:
        if question.form is Form.PLAN and question.plan is not None:
            self._on_edit_plan(question.plan)
            if self.dialog is not None:
                self.dialog.focus_on(question.field)
        elif question.form is Form.DEVICE:
            self._edit_device(question.field)
        else:
            self._open_form(question.form)

    def _on_edit_plan(self, plan: str) -> None:
        recorded = self.desk.workspace.library.get(Plan, plan)
        if recorded is not None and self._facts is not None:
            self._open(PlanDialog(self.desk, self._facts, recorded, self))

    def _on_code(self, plan: str, hint: str) -> None:
        job = self.desk.codes.fetch(PlanId(plan), hint)
        job.finished.connect(lambda code: self.plans.show_code(plan, code, "" if code else ELSEWHERE))
        job.failed.connect(lambda problem: self.plans.show_code(plan, None, str(problem)))

    def _on_notice(self, notice: str) -> None:
        if self._device is not None:
            recorded = self.desk.workspace.library.get(PurchaseNotice, notice) if notice else None
            self._open(NoticeDialog(self.desk, self._device, recorded, self))

    def _on_check(self, binding: str) -> None:
        self.desk.do(CheckBinding(binding=BindingId(binding), checked_at=self.desk.now()))

    def _on_unbind(self, binding: str, name: str) -> None:
        self._open(UnbindDialog(self.desk, BindingId(binding), name, self))

    def _on_edit_target(self, binding: str) -> None:
        """Correct the account or the controller a binding names."""
        library = self.desk.workspace.library
        found = library.get(Binding, binding)
        if found is None:
            return
        if found.to is BoundTo.ACCOUNT:
            account = library.get(Account, found.target)
            if account is not None:
                self._open(AccountDialog(self.desk, account, self))
        else:
            controller = library.get(Controller, found.target)
            if controller is not None:
                self._open(ControllerDialog(self.desk, controller, self))

    def _on_remove_device(self) -> None:
        """Remove without asking: the toast offers Undo, which brings all of it back."""
        if self._device is not None:
            self.desk.do(RemoveDevice(device=self._device))
