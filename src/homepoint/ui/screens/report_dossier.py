"""Makes the sealed dossier from the report: asks where to, works off the GUI thread, can be cancelled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QProgressBar, QWidget

from homepoint.application.problems import HomepointError
from homepoint.domain.values import IncidentId
from homepoint.ui.icons import IconName
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.screens.report_step import button_row
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.buttons import Button
from homepoint.ui.widgets.card import Card
from homepoint.ui.widgets.text import Label

PrepareDossier = Callable[[IncidentId, bool], Callable[[Path, Progress], object]]
"""Gathers a dossier on the GUI thread (the flag hides prices and addresses) and returns the work that writes it."""

_ABOUT = "A ZIP with a PDF: what happened, the cover at that moment with its rules, your photos, and a list of hashes."


class DossierCard(Card):
    """One file that proves the claim."""

    def __init__(self, prepare: PrepareDossier, pool: ThreadPoolExecutor) -> None:
        """Make the card; `prepare` gathers, the pool writes."""
        super().__init__("The dossier")
        self._prepare, self._pool = prepare, pool
        self._incident: IncidentId | None = None
        self._job: Job[object] | None = None
        self.body.addWidget(Label(_ABOUT, wrap=True))
        self.redact = QCheckBox("Hide prices, e-mail and addresses")
        self.body.addWidget(self.redact)
        self.make_button = Button("Make the dossier …", IconName.DOCUMENT)
        self.make_button.clicked.connect(self.ask)
        self.body.addLayout(button_row(self.make_button))
        self._working = QWidget()
        row = QHBoxLayout(self._working)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Making the dossier")
        row.addWidget(self._bar, 1)
        self.cancel = Button("Cancel")
        self.cancel.setAccessibleName("Cancel making the dossier")
        self.cancel.clicked.connect(self._on_cancel)
        row.addWidget(self.cancel)
        self._working.hide()
        self.body.addWidget(self._working)
        self.words = Label("", tone=Tone.MUTED, wrap=True, selectable=True)
        self.words.hide()
        self.body.addWidget(self.words)

    def show_incident(self, incident: IncidentId) -> None:
        """Be about an incident."""
        if incident != self._incident:
            self._incident = incident
            self.words.hide()

    def ask(self) -> QFileDialog:
        """Ask where to put it, and return the dialog."""
        dialog = QFileDialog(self.window(), "Save the dossier", "dossier.zip", "Dossier (*.zip)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.make(Path(name)))
        dialog.open()
        return dialog

    def make(self, out: Path) -> None:
        """Write the dossier of the incident into a file."""
        if self._incident is None or self._job is not None:
            return
        try:
            work = self._prepare(self._incident, self.redact.isChecked())
        except HomepointError as error:
            self._tell(f"{error.title} {error.advice}")
            return
        self._job = Job(lambda progress: work(out, progress), self)
        self._job.progressed.connect(self._on_progress)
        self._job.finished.connect(lambda _made: self._end(f"Saved: {out}"))
        self._job.failed.connect(self._on_failed)
        self._job.stopped.connect(lambda: self._end("Stopped. Nothing was written."))
        self.make_button.setEnabled(False)
        self.words.hide()
        self._bar.setRange(0, 0)
        self._working.show()
        self._job.start(self._pool)

    def _on_progress(self, done: int, total: int, _words: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, HomepointError):
            self._end("The dossier could not be made.")
            raise error
        self._end(f"{error.title} {error.advice}")

    def _on_cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _end(self, words: str) -> None:
        self._job = None
        self._working.hide()
        self.make_button.setEnabled(True)
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.words.setText(words)
        self.words.show()
