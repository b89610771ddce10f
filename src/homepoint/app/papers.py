"""Dossiers, field cards and hand-over kits from the window: gathered on the GUI thread, written off it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from homepoint.application.problems import HomepointError
from homepoint.application.workspace import Workspace
from homepoint.domain.assessment import Assessment
from homepoint.domain.facts import Attachment, Incident
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import DeviceId, IncidentId
from homepoint.intake.owner_file import owner_file_text
from homepoint.system.attachments import EvidenceStore
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress

Work = Callable[[Path, Progress], object]
_PAPERS = {"A6, for the bag (*.pdf)": "a6", "US Letter (*.pdf)": "us-letter"}


class Papers:
    """Makes the documents that leave the program. `tell` says at the foot of the window what was made."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        store: EvidenceStore,
        pool: ThreadPoolExecutor,
        clock: Callable[[], datetime],
        tell: Callable[[str], None],
    ) -> None:
        self._window, self._workspace, self._store = window, workspace, store
        self._pool, self._clock, self._tell = pool, clock, tell
        self._job: Job[object] | None = None

    def prepare_dossier(self, incident: IncidentId, redact: bool) -> Work:
        """Gather an incident's dossier and return the work that writes it.

        Raises:
            HomepointError: the incident or its device is gone.
        """
        from homepoint.documents.dossier import make_dossier  # late: typst is needed only here
        from homepoint.presentation.dossier import dossier, evidence_owners

        library = self._workspace.library
        found = library.get(Incident, incident)
        facts = library.device_facts(found.device) if found is not None else None
        if facts is None:
            raise HomepointError("The report is gone.", "Undo brings it back, if you removed it.")
        files = [each for owner in evidence_owners(facts, incident) for each in library.about(Attachment, owner)]
        content = dossier(facts, incident, files, self._workspace.terms, self._clock(), redact=redact)
        if content is None:
            raise HomepointError("The report is gone.", "Undo brings it back, if you removed it.")
        text = owner_file_text(content.facts)
        return lambda out, progress: make_dossier(content, text, self._store.open, out, progress=progress)

    def ask_dossier(self, incident: IncidentId) -> None:
        """Let the owner choose where to put an incident's dossier, and write it there."""
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the dossier", "dossier.zip", "Dossier (*.zip)")
        if chosen:
            try:
                self._start(Path(chosen), self.prepare_dossier(incident, redact=False))
            except HomepointError as error:
                show_error(self._window, error)

    def ask_field_card(self, device: DeviceId) -> None:
        """Let the owner choose paper and place for a device's field card, and print it there."""
        chosen, paper = QFileDialog.getSaveFileName(
            self._window, "Save the field card", "field-card.pdf", ";;".join(_PAPERS)
        )
        if chosen:
            self.make_field_card(device, Path(chosen), _PAPERS.get(paper, "a6"))

    def make_field_card(self, device: DeviceId, out: Path, paper: str) -> None:
        """Write a device's field card."""
        from homepoint.documents.field_card import CardPaper, make_field_card
        from homepoint.presentation.field_card import field_card

        known = self._known(device)
        if known is not None:
            facts, assessment = known
            card = field_card(facts, assessment, self._workspace.terms)
            self._start(out, lambda out, _: make_field_card(card, assessment.at, out, CardPaper(paper)))

    def ask_handover(self, device: DeviceId) -> None:
        """Let the owner choose where to put the file for a buyer, and write it there."""
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Save the hand-over kit", "hand-over.zip", "Hand-over kit (*.zip)"
        )
        if chosen:
            self.make_handover(device, Path(chosen))

    def make_handover(self, device: DeviceId, out: Path) -> None:
        """Write a device's hand-over kit."""
        from homepoint.documents.handover import make_handover_kit
        from homepoint.presentation.handover import hand_over

        known = self._known(device)
        if known is not None:
            kit = hand_over(*known)
            text = owner_file_text(kit.facts)
            self._start(out, lambda out, _: make_handover_kit(kit, text, known[1].at, out))

    def _known(self, device: DeviceId) -> tuple[DeviceFacts, Assessment] | None:
        facts = self._workspace.library.device_facts(device)
        assessment = self._workspace.assess(device, self._clock())
        return None if facts is None or assessment is None else (facts, assessment)

    def _start(self, out: Path, work: Work) -> None:
        waiting = QProgressDialog(f"Writing {out.name} …", "Cancel", 0, 0, self._window)
        waiting.setMinimumDuration(400)
        job: Job[object] = Job(lambda progress: work(out, progress), self._window)
        waiting.canceled.connect(job.cancel)
        for ending in (job.finished, job.failed, job.stopped):
            ending.connect(waiting.reset)
        job.finished.connect(lambda _made: self._tell(f"Saved: {out}"))
        job.failed.connect(lambda error: show_error(self._window, error))
        self._job = job
        job.start(self._pool)
