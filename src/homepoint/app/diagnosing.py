"""Diagnostics for the owner: gathers what the text is made from, shows it, and says where passwords are kept."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from homepoint import __version__
from homepoint.application.problems import HomepointError
from homepoint.presentation.syncing import sync_text
from homepoint.system.diagnostics import diagnostics, surroundings
from homepoint.system.masking import own_mask
from homepoint.system.secrets import OwnersSecrets
from homepoint.ui.dialogs.messages import show_error
from homepoint.ui.jobs import Job, Progress
from homepoint.ui.screens.settings_diagnostics import DiagnosticsCard

if TYPE_CHECKING:
    from homepoint.app.wiring import Program


class Diagnosing(QObject):
    """Carries out what the card "Diagnostics" asks for. A keyring may take its time, so it is asked in a thread."""

    def __init__(self, program: "Program") -> None:
        """Work for an open program."""
        super().__init__(program.window)
        self._program = program
        self._jobs: set[Job[Any]] = set()

    def attach(self, card: DiagnosticsCard) -> None:
        """Let a card show where passwords are kept, and carry out what is asked for on it."""
        secrets = self._program.secrets
        card.diagnostics_asked.connect(self.show)
        card.folder_asked.connect(self.open_folder)
        card.shown.connect(
            lambda: self._start(lambda _progress: _passwords(secrets), lambda said: card.show_passwords(said))
        )

    def stop(self) -> None:
        """Show nothing of what is still under way."""
        for job in self._jobs:
            job.blockSignals(True)

    def open_folder(self) -> None:
        """Open the folder of the log in the system's own window."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._program.folder)))

    def show(self) -> None:
        """Make the text, and show it when it is there."""
        program = self._program
        at, folder, secrets = program.desk.now(), program.folder, program.secrets
        try:
            counts, synchronising = program.library.counts(), self._synchronising()
        except HomepointError as error:
            show_error(program.window, error)
            return

        def work(_progress: Progress) -> str:
            keyring = _passwords(secrets)
            return diagnostics(
                at=at,
                runs_on=surroundings(__version__),
                counts={kind.replace("_", " "): number for kind, number in counts.items()},
                keyring=keyring,
                synchronising=synchronising,
                folder=folder,
                mask=own_mask(secrets.seen()),
            )

        self._start(work, self._show)

    def _show(self, text: str) -> None:
        from homepoint.ui.dialogs.diagnostics import DiagnosticsDialog  # late: most owners never look

        DiagnosticsDialog(text, self._program.window).open()

    def _synchronising(self) -> Sequence[str]:
        """Return how Sync stands, in words that name neither a place nor a computer; nothing where it is off."""
        program = self._program
        if not program.library.is_shared:
            return ()
        syncing = program.syncing
        if syncing.problem is not None:
            return (syncing.problem.title, syncing.problem.advice)
        if syncing.status is None:
            return ("on; nobody has looked yet where it stands",)
        said = sync_text(syncing.status, program.desk.now())
        return (said.short, said.state, *(each.title for each in said.findings))

    def _start(self, work: Callable[[Progress], Any], then: Callable[[Any], None]) -> None:
        job: Job[Any] = Job(work, self)
        self._jobs.add(job)
        for ending in (job.finished, job.failed):
            ending.connect(lambda *_: self._jobs.discard(job))
        job.finished.connect(then)
        job.failed.connect(lambda error: show_error(self._program.window, error))
        job.start(self._program.pool)


def _passwords(secrets: OwnersSecrets) -> str:
    """Say where passwords are kept. For any thread but the window's."""
    try:
        return f"Passwords are {secrets.place().sentence}."
    except HomepointError as problem:
        return f"{problem.title} {problem.advice}"
