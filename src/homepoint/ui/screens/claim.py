"""The page of one claim: where it stands, what comes next, what is at stake, and everything kept about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from homepoint.application.changes import Changes
from homepoint.application.claims import (
    INVOICE_ASKED_ON,
    ForgetMessage,
    MarkTask,
    NoteOnClaim,
    RemoveClaimFee,
)
from homepoint.application.incidents import RemoveClaim, RemoveClaimStep
from homepoint.domain.assessment import ClaimReading
from homepoint.domain.facts import Attachment, Binding, Claim, Incident, Step
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.rules.evaluate import category_of
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import ClaimId
from homepoint.presentation.checklists import Checklist, checklist
from homepoint.presentation.claim_page import CARD_CLAUSES, EXPRESS, INVOICE_CLAUSE, REPLACES, claim_page
from homepoint.presentation.device_answers import clause_texts
from homepoint.presentation.return_guard import return_text
from homepoint.presentation.succession import ends_with_arrival, moving, tasks
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.claim_note import MessageDialog, TrackingDialog
from homepoint.ui.dialogs.claim_step import ClaimStepDialog
from homepoint.ui.dialogs.dialog import FormDialog
from homepoint.ui.dialogs.fee import DepositDialog, FeeDialog
from homepoint.ui.dialogs.replacement_arrived import ReplacementArrivedDialog
from homepoint.ui.dialogs.return_guard import ReturnGuardDialog
from homepoint.ui.icons import IconName
from homepoint.ui.screen import Screen
from homepoint.ui.screens.claim_next import NextCard
from homepoint.ui.screens.claim_records import FilesCard, MoneyCard, NotesCard, StepsCard
from homepoint.ui.screens.claim_return import ReplacementCard, ReturnCard
from homepoint.ui.screens.claim_timers import TimersCard
from homepoint.ui.screens.rebuilding import clear, drawn_anew
from homepoint.ui.screens.report_checklist import ChecklistCard
from homepoint.ui.theme import Space
from homepoint.ui.widgets.banner import Banner, BannerKind
from homepoint.ui.widgets.buttons import Button, PrimaryButton
from homepoint.ui.widgets.disclosure import Disclosure
from homepoint.ui.widgets.empty_state import EmptyState
from homepoint.ui.widgets.page import ScrollPage


class ClaimScreen(Screen):
    """One claim; `show_claim` says which.

    Signals:
        dossier_asked(incident): the owner wants the dossier of the claim's incident.
        evidence_asked(of): the owner wants to add files to this id, the claim's.
    """

    dossier_asked = Signal(str)
    evidence_asked = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make a page without a claim."""
        super().__init__(desk, parent)
        self._id: ClaimId | None = None
        self._claim: Claim | None = None
        self._facts: DeviceFacts | None = None
        self._reading: ClaimReading | None = None
        self.dialog: FormDialog | None = None
        self.dossier = Button("Make the dossier …", IconName.DOCUMENT)
        self.dossier.clicked.connect(self._on_dossier)
        self.open_device = Button("Open the device")
        self.open_device.clicked.connect(self._on_open_device)
        self.page = ScrollPage("Claim", "", None, self.open_device, self.dossier)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self._banner = QVBoxLayout()
        self._todo = QVBoxLayout()
        self._todo_is_open = False
        self.next = NextCard()
        self.timers = TimersCard(desk)
        self.returning = ReturnCard()
        self.replacement = ReplacementCard()
        self.money = MoneyCard()
        self.notes = NotesCard()
        self.files = FilesCard()
        self.steps = StepsCard()
        self.page.content.addLayout(self._banner)
        self._cards: tuple[QWidget, ...] = (
            self.next,
            self.timers,
            self.returning,
            self.replacement,
            self.money,
            self.notes,
            self.files,
            self.steps,
        )
        self.page.content.setSpacing(Space.L)
        for card in self._cards:
            self.page.content.addWidget(card)
            if card is self.next:
                self.page.content.addLayout(self._todo)
        self._connect()

    def _connect(self) -> None:
        self.next.step_asked.connect(self._on_step)
        self.next.other_asked.connect(self._on_other_step)
        self.next.refused_asked.connect(lambda: self._on_step(Step.REFUSED, -1))
        self.next.withdraw_asked.connect(lambda: self._on_step(Step.WITHDRAWN, -1))
        self.next.charged_asked.connect(lambda: self._on_step(Step.DEPOSIT_CHARGED, -1))
        self.timers.invoice_asked.connect(self._on_invoice)
        self.returning.check_asked.connect(self._on_check)
        self.replacement.arrived_asked.connect(self._on_arrived)
        self.replacement.task_marked.connect(self._on_task)
        self.replacement.device_asked.connect(self._on_new_unit)
        self.money.add_asked.connect(self._on_add_fee)
        self.money.deposit_asked.connect(self._on_deposit)
        self.money.remove_asked.connect(self._on_remove_fee)
        self.notes.tracking_asked.connect(self._on_tracking)
        self.notes.message_asked.connect(self._on_message)
        self.notes.forget_asked.connect(self._on_forget)
        self.files.add_asked.connect(self._on_evidence)
        self.returning.photos_asked.connect(self._on_evidence)
        self.steps.correct_asked.connect(self._on_correct)
        self.steps.take_back_asked.connect(self._on_take_back)
        self.steps.remove_asked.connect(self._on_remove)

    # What the rest of the program asks of the page.

    @property
    def claim(self) -> ClaimId | None:
        """Return which claim is shown."""
        return self._id

    def show_claim(self, claim: ClaimId) -> None:
        """Show a claim from its top."""
        self._id = claim
        self._stale = True
        self.page.area.verticalScrollBar().setValue(0)
        self._redraw_if_seen()

    def concerns(self, changes: Changes) -> bool:
        """Say whether changes touch the claim's device, the unit after it, or evidence."""
        if changes.everything or "attachments" in changes.kinds or self._facts is None:
            return True
        successor = self._facts.successor
        units = {self._facts.device.id} | ({successor.id} if successor else set())
        return bool(units & changes.devices)

    def redraw(self) -> None:
        """Draw everything anew."""
        drawn_anew(self.page, self._draw)

    # Drawing.

    def _draw(self) -> None:
        library, now = self.desk.workspace.library, self.desk.now()
        self._claim = library.get(Claim, self._id) if self._id else None
        self._facts = library.device_facts(self._claim.device) if self._claim else None
        clear(self._banner)
        clear(self._todo)
        is_there = self._claim is not None and self._facts is not None
        for widget in (*self._cards, self.dossier, self.open_device):
            widget.setVisible(is_there)
        if self._claim is None or self._facts is None:
            self._draw_gone()
            return
        claim, facts, terms = self._claim, self._facts, self.desk.terms
        reading = self._reading = claim_reading(facts, claim, terms, now)
        incident = library.get(Incident, claim.incident) if claim.incident else None
        shown = claim_page(claim, reading, facts, incident, self._evidence(claim), now)
        self.page.title.setText(shown.title)
        self.page.setAccessibleName(shown.title)
        self.page.set_subtitle(shown.subtitle)
        self.dossier.setVisible(incident is not None)
        if shown.warning:
            self._banner.addWidget(Banner(BannerKind.DANGER, shown.warning))
        because = tuple(dict.fromkeys(clause for each in reading.deadlines for clause in each.because))
        because += (INVOICE_CLAUSE,) if shown.invoice else ()
        self.next.show_page(shown)
        if shown.is_open and claim.service is not None:
            self._draw_todo(checklist(claim.service, terms, now.date()), is_draft=not claim.steps)
        self.timers.show_timers(shown.timers, shown.invoice, clause_texts(because, terms))
        self._draw_return(claim, reading, facts)
        self._draw_replacement(claim, facts, reading)
        self.money.show_money(shown, clause_texts(CARD_CLAUSES, terms))
        self.notes.show_notes(shown)
        self.files.show_files(shown.files)
        self.steps.show_steps(shown.recorded)

    def _draw_todo(self, shown: Checklist, *, is_draft: bool) -> None:
        """Show what to have ready: in full while the claim is still to be sent, folded away afterwards."""
        card = ChecklistCard(shown, self.desk.open_link)
        if is_draft:
            self._todo.addWidget(card)
            return
        folded = Disclosure(title="What to have ready, step by step")
        folded.button.setObjectName("checklist")
        folded.add_widget(card)
        folded.set_open(self._todo_is_open)
        folded.toggled.connect(self._on_todo_toggled)
        self._todo.addWidget(folded)

    def _on_todo_toggled(self, is_open: bool) -> None:
        self._todo_is_open = is_open

    def _draw_return(self, claim: Claim, reading: ClaimReading, facts: DeviceFacts) -> None:
        guarded = claim.service in EXPRESS and reading.state not in (None, Step.WITHDRAWN, Step.REFUSED)
        guarded = guarded and (reading.next is not None or claim.returned is not None)
        serial = claim.returned.serial if claim.returned else None
        same = self.desk.workspace.library.by_serial(serial) if serial else ()
        text = return_text(claim, reading, facts.device, same) if guarded else None
        if text is not None and text.warning and Step.SENT not in {each.step for each in claim.steps}:
            self._banner.addWidget(Banner(BannerKind.WARNING, text.warning))
        self.returning.show_return(text, clause_texts(reading.returned.because, self.desk.terms))

    def _draw_replacement(self, claim: Claim, facts: DeviceFacts, reading: ClaimReading) -> None:
        if facts.successor is None or not claim.new_serial:
            turned_down = reading.state in (None, Step.WITHDRAWN, Step.REFUSED)
            is_expected = claim.service in REPLACES and not turned_down and facts.successor is None
            self.replacement.show_waiting(is_expected=is_expected)
            return
        bindings = self.desk.workspace.library.about(Binding, facts.successor.id)
        category = category_of(facts, self.desk.terms)
        self.replacement.show_tasks(claim.new_serial, tasks(facts.successor, category, bindings, self.desk.now()))

    def _draw_gone(self) -> None:
        self.page.title.setText("Claim")
        self.page.set_subtitle("")
        back = PrimaryButton("Show all claims")
        back.clicked.connect(lambda: self.desk.open_page("claims"))
        words = "It was removed, or undone. Undo brings a removed claim back."
        self._banner.addWidget(EmptyState(IconName.CLAIMS, "This claim is no longer there", words, back))

    def _evidence(self, claim: Claim) -> Sequence[Attachment]:
        library = self.desk.workspace.library
        of_incident = library.about(Attachment, claim.incident) if claim.incident else ()
        return [*of_incident, *library.about(Attachment, claim.id)]

    # What the owner does.

    def _open(self, dialog: FormDialog) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self, _result: int = QDialog.DialogCode.Accepted) -> None:
        self.dialog = None

    def _on_step(self, step: str, index: int) -> None:
        if self._claim is not None:
            self._open(ClaimStepDialog(self.desk, self._claim, Step(step), None if index < 0 else index, self))

    def _on_other_step(self) -> None:
        following = self._reading.next if self._reading else None
        self._on_step(following or Step.CLOSED, -1)

    def _on_correct(self, index: int) -> None:
        if self._claim is not None:
            self._on_step(self._claim.steps[index].step, index)

    def _on_take_back(self, index: int) -> None:
        if self._id is not None:
            self.desk.do(RemoveClaimStep(claim=self._id, index=index))

    def _on_invoice(self, was_asked: bool) -> None:
        if self._id is not None:
            day = self.desk.now().date().isoformat() if was_asked else None
            self.desk.do(NoteOnClaim(claim=self._id, noted={INVOICE_ASKED_ON: day}))

    def _on_check(self) -> None:
        if self._claim is not None and self._facts is not None and self._reading is not None:
            device = self._facts.device
            stake = return_text(self._claim, self._reading, device, ()).stake
            category = category_of(self._facts, self.desk.terms)
            self._open(ReturnGuardDialog(self.desk, self._claim, device, category, stake, self))

    def _on_arrived(self) -> None:
        if self._claim is None:
            return
        before = self.desk.workspace.assess(self._claim.device, self.desk.now())
        if before is not None:
            can_close = ends_with_arrival(self._claim)
            self._open(
                ReplacementArrivedDialog(self.desk, self._claim, moving(before), can_close=can_close, parent=self)
            )

    def _on_task(self, key: str, is_done: bool) -> None:
        if self._facts is not None and self._facts.successor is not None:
            self.desk.do(MarkTask(device=self._facts.successor.id, task=key, is_done=is_done))

    def _on_new_unit(self) -> None:
        if self._facts is not None and self._facts.successor is not None:
            self.desk.open_device(self._facts.successor.id)

    def _on_open_device(self) -> None:
        if self._claim is not None:
            self.desk.open_device(self._claim.device)

    def _on_dossier(self) -> None:
        if self._claim is not None and self._claim.incident is not None:
            self.dossier_asked.emit(self._claim.incident)

    def _on_add_fee(self) -> None:
        if self._claim is not None:
            self._open(FeeDialog(self.desk, self._claim, self))

    def _on_deposit(self) -> None:
        if self._claim is not None:
            self._open(DepositDialog(self.desk, self._claim, self))

    def _on_remove_fee(self, index: int) -> None:
        if self._id is not None:
            self.desk.do(RemoveClaimFee(claim=self._id, index=index))

    def _on_tracking(self) -> None:
        if self._claim is not None:
            self._open(TrackingDialog(self.desk, self._claim, self))

    def _on_message(self) -> None:
        if self._id is not None:
            self._open(MessageDialog(self.desk, self._id, self))

    def _on_forget(self, index: int) -> None:
        if self._id is not None:
            self.desk.do(ForgetMessage(claim=self._id, index=index))

    def _on_evidence(self) -> None:
        if self._id is not None:
            self.evidence_asked.emit(self._id)

    def _on_remove(self) -> None:
        """Remove without asking: the toast offers Undo, which brings it back."""
        if self._id is not None:
            self.desk.do(RemoveClaim(claim=self._id))
