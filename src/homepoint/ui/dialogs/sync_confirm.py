"""The dialogs that ask before something big: to fill an emptied storage again, and to share no more."""

from PySide6.QtWidgets import QWidget

from homepoint.presentation.sync_forms import WHAT_STAYS
from homepoint.ui.dialogs.working import WorkingDialog
from homepoint.ui.sync_desk import SyncDesk
from homepoint.ui.widgets.text import Label

_EMPTIED = (
    "Choose this if the storage was emptied on purpose, or lost what it had. Homepoint then sends everything this"
    " computer has; the other computers send theirs at their next round."
)
_OTHERWISE = "If only the address is another one now, or a drive is not plugged in: cancel, and mend that first."


class FillAgainDialog(WorkingDialog):
    """Asks whether an emptied storage is to be filled again."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__("Fill the storage again?", "Fill again", parent=parent)
        self._sync = sync
        for place, words in enumerate((_EMPTIED, _OTHERWISE)):
            self.grid.addWidget(Label(words, wrap=True), place, 0, 1, 2)

    def entered(self) -> object:
        """Return nothing: nothing is typed here."""
        return None

    def proceed(self) -> None:
        """Begin a round that fills it."""
        self._sync.sync_now(refill=True)
        self.finish()


class LeaveDialog(WorkingDialog):
    """Asks whether to share no more, and says what stays."""

    def __init__(self, sync: SyncDesk, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__("Stop sharing from this computer?", "Stop sharing", parent=parent)
        self._sync = sync
        self.grid.addWidget(Label(WHAT_STAYS, wrap=True), 0, 0, 1, 2)

    def entered(self) -> object:
        """Return nothing: nothing is typed here."""
        return None

    def proceed(self) -> None:
        """Leave."""
        self.work_on(self._sync.leave(), "Stopping…", lambda _result: self.finish())
