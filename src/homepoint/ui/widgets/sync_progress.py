"""What is being synchronised just now: words and a bar that follow along without flicker."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from homepoint.presentation.sync_state import Activity
from homepoint.ui.theme import Space, Tone
from homepoint.ui.widgets.text import ElidedLabel


class SyncProgress(QWidget):
    """Shows an activity, and hides without one."""

    def __init__(self, *, keeps_room: bool = False, with_words: bool = True, parent: QWidget | None = None) -> None:
        """Make it empty.

        Args:
            keeps_room: stay as an empty room without an activity, so that nothing around it moves.
            with_words: show the words above the bar; otherwise they stand elsewhere.
            parent: the widget it lies in.
        """
        super().__init__(parent)
        self._keeps_room = keeps_room
        self.words = ElidedLabel("", tone=Tone.MUTED)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of Sync")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self.words)
        self.words.setVisible(with_words)
        column.addWidget(self.bar)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(keeps_room)
        self.bar.setSizePolicy(policy)
        self.show_activity(None)

    def show_activity(self, activity: Activity | None) -> None:
        """Show another activity, or none."""
        self.bar.setVisible(activity is not None)
        self.setVisible(activity is not None or self._keeps_room)
        self.words.set_full_text("" if activity is None else activity.text)
        if activity is not None:
            self.bar.setRange(0, activity.total)
            self.bar.setValue(activity.done)
