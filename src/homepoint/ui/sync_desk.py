"""What the card and the dialogs about Sync work with: where it stands, and everything that can be asked of it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from homepoint.application.problems import HomepointError
from homepoint.application.replication import Location, RemoteReport, SyncStatus
from homepoint.presentation.sync_state import Activity
from homepoint.ui.jobs import Job


class SyncDesk(QObject):
    """Handed to screens and dialogs by the composition root, which implements it; all of it is for the GUI thread.

    What may take long is returned as a job that has begun already: connect to its signals at once. Its end has come
    into `status` before its own signals tell of it.

    Signals:
        status_changed: `status`, `is_set_up`, `problem` or `activity` is another.
        progressed: `activity` went on.
        round_ended: a round came to its end, whatever that is.
    """

    status_changed = Signal()
    progressed = Signal()
    round_ended = Signal()

    @property
    def is_set_up(self) -> bool:
        """True when this library is synchronised."""
        raise NotImplementedError

    @property
    def status(self) -> SyncStatus | None:
        """Where it stands, None while nobody has looked."""
        raise NotImplementedError

    @property
    def activity(self) -> Activity | None:
        """The round, check or removal under way, None where there is none."""
        raise NotImplementedError

    @property
    def problem(self) -> HomepointError | None:
        """What on this computer was in the way of the last round."""
        raise NotImplementedError

    @property
    def minutes(self) -> int:
        """How many minutes lie between two rounds; 0 leaves them to the owner."""
        raise NotImplementedError

    def set_minutes(self, minutes: int) -> None:
        """Keep another span."""
        raise NotImplementedError

    # Rounds.

    def sync_now(self, *, refill: bool = False) -> None:
        """Begin a round, unless one is under way; `refill` lets it fill an emptied storage again."""
        raise NotImplementedError

    def verify(self) -> None:
        """Begin to read every object at the storage through."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Stop what is under way at its next step; it is continued by the next round."""
        raise NotImplementedError

    # What the owner asks for by a dialog.

    def test(self, location: Location, password: str) -> Job[RemoteReport]:
        """Try a location out; a cancelled test is forgotten, even while the storage does not answer."""
        raise NotImplementedError

    def set_up(self, location: Location, password: str, passphrase: str) -> Job[str]:
        """Begin to share at an empty location; the result is the recovery code. `sync_now` then begins."""
        raise NotImplementedError

    def join(self, location: Location, password: str, secret: str) -> Job[None]:
        """Join by passphrase or recovery code; the first round follows by itself."""
        raise NotImplementedError

    def accept(self, invitation: str, pin: str, password: str) -> Job[None]:
        """Join by an invitation; the first round follows by itself."""
        raise NotImplementedError

    def invite(self, pin: str) -> Job[str]:
        """Make an invitation; the result is its line."""
        raise NotImplementedError

    def remove(self, computer: str, passphrase: str) -> Job[str]:
        """Remove a computer by its id; the result is the new recovery code."""
        raise NotImplementedError

    def change_passphrase(self, passphrase: str) -> Job[None]:
        """Let another passphrase open the library."""
        raise NotImplementedError

    def unlock(self, passphrase: str, password: str | None) -> Job[None]:
        """Give the passphrase, and the storage's password where it is not None; a round follows by itself."""
        raise NotImplementedError

    def leave(self) -> Job[None]:
        """Share no more from this computer."""
        raise NotImplementedError

    def place_of(self, invitation: str) -> Location | None:
        """Return the storage that an invitation names, None where it is none."""
        raise NotImplementedError

    def read_picture(self, picture: bytes) -> Job[str]:
        """Find an invitation in a picture of its QR code; the result is its line."""
        raise NotImplementedError

    def save_code(self, file: Path, code: str) -> None:
        """Save a sheet with the recovery code: a PDF page where the name ends in .pdf, else text.

        Raises:
            HomepointError: it cannot be written.
        """
        raise NotImplementedError
