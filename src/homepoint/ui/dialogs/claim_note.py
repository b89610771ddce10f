"""The forms for what an owner keeps beside a claim: messages, and the parcel's tracking number."""

from collections.abc import Mapping

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from homepoint.application.claims import TRACKING_NUMBER, KeepMessage, NoteOnClaim
from homepoint.domain.facts import Claim
from homepoint.domain.values import ClaimId
from homepoint.ui.desk import Desk
from homepoint.ui.dialogs.dialog import FormDialog, problems_of
from homepoint.ui.dialogs.fields import line, moment_field, moment_of, zone_problem
from homepoint.ui.theme import theme

_LINES_HEIGHT = 140


class MessageDialog(FormDialog):
    """Keeps a message from DJI, or a note of a call."""

    def __init__(self, desk: Desk, claim: ClaimId, parent: QWidget | None = None) -> None:
        """Ask for the words and when they came."""
        says = "Paste a message from DJI, or write down a call: who said what."
        super().__init__("Keep a message", "Keep message", says, parent)
        self._desk, self._claim = desk, claim
        now = desk.now().replace(second=0, microsecond=0)
        self.at = moment_field("When", now, now, desk.zone, can_be_unknown=False)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Message")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme().pixels(_LINES_HEIGHT))
        self.add_row("text", "Message", self.text)
        self.add_row("at", "When", self.at)

    def entered(self) -> object:
        """Return what was typed."""
        return self.text.toPlainText(), self.at.value

    def send(self) -> Mapping[str, str]:
        """Keep the message."""
        at = moment_of(self.at)
        if at is None:
            return zone_problem("at", self.at)
        return problems_of(self._desk.do(KeepMessage(claim=self._claim, at=at, text=self.text.toPlainText())))


class TrackingDialog(FormDialog):
    """Notes the tracking number of the parcel to DJI."""

    def __init__(self, desk: Desk, claim: Claim, parent: QWidget | None = None) -> None:
        """Ask for the number; an empty one forgets it."""
        says = "It proves that the unit was sent, and when. Keep the carrier's receipt as evidence too."
        super().__init__("Tracking number", "Save", says, parent)
        self._desk, self._claim = desk, claim
        self.number = line("Tracking number", str(claim.extra.get(TRACKING_NUMBER) or ""), "On the carrier's receipt")
        self.add_row("tracking", "Tracking number", self.number)

    def entered(self) -> object:
        """Return what was typed."""
        return self.number.text()

    def send(self) -> Mapping[str, str]:
        """Note the number."""
        noted = {TRACKING_NUMBER: self.number.text().strip() or None}
        return problems_of(self._desk.do(NoteOnClaim(claim=self._claim.id, noted=noted)))
