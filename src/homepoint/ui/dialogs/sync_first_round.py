"""The last page of setting up and joining: the first round goes on, and what happens from now on."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from homepoint.presentation.syncing import sync_text
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.theme import Space, TextRole, Tone
from homepoint.ui.widgets.sync_progress import SyncProgress
from homepoint.ui.widgets.text import Label


class FirstRound(QWidget):
    """Follows the first round; the dialog can be closed at any time, and the round goes on."""

    def __init__(self, sync: SyncDesk, words: str, parent: QWidget | None = None) -> None:
        """Make it; `words` say what happens from now on."""
        super().__init__(parent)
        self._sync = sync
        self.state = Label("", TextRole.LARGE, wrap=True)
        self.advice = Label("", wrap=True, selectable=True)
        self.progress = SyncProgress()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.state)
        column.addWidget(self.progress)
        column.addWidget(self.advice)
        column.addWidget(Label(words, tone=Tone.MUTED, wrap=True))
        sync.status_changed.connect(self._show)
        sync.progressed.connect(self._show)
        self._show()

    def _show(self) -> None:
        activity, status, problem = self._sync.activity, self._sync.status, self._sync.problem
        self.progress.show_activity(activity)
        title, advice, tone = "The first round begins in a moment.", "", Tone.TEXT
        if activity is not None:
            title, advice = "The first round is under way.", "You can close this window; it goes on."
        elif problem is not None:
            title, advice, tone = problem.title, problem.advice, Tone.OVERDUE
        elif status is not None and status.last_complete_at is not None:
            title, tone = "Everything is synchronised.", Tone.GOOD
        elif status is not None and status.last_round_at is not None:
            found = next(iter(sync_text(status, status.last_round_at).findings), None)
            title = "The first round was not completed." if found is None else found.title
            advice, tone = "" if found is None else found.advice, Tone.OVERDUE
        self.state.setText(title)
        self.state.set_tone(tone)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
