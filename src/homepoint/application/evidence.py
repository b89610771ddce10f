"""Commands about evidence: attach a file that was taken into the store, correct what is said of it, let go of it."""

from dataclasses import dataclass
from datetime import datetime

from homepoint.application.changes import Edit
from homepoint.application.checks import Wrong, add, correct, remove
from homepoint.application.ports import Library
from homepoint.application.problems import Refused
from homepoint.domain.facts import Attachment, Claim, Device, Fact, Incident, Plan
from homepoint.domain.values import AttachmentId

_MAY_BE_OF: tuple[type[Fact], ...] = (Incident, Claim, Device, Plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvidence:
    """Attach a file to an incident, a claim, a device or a plan; the file itself is in the evidence store already."""

    attachment: Attachment

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return add(library, self.attachment, _faults(self.attachment, library), "Evidence added")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEvidence:
    """Put these values, such as a better name, in place of what is recorded of the file with this id."""

    attachment: Attachment

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return correct(library, self.attachment, _faults(self.attachment, library), "Evidence changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEvidence:
    """Take a file out of the records. It stays in the evidence store, so that undo can bring it back."""

    attachment: AttachmentId

    def plan(self, library: Library, now: datetime) -> Edit | Refused:
        return remove(library, Attachment, self.attachment, "Evidence removed")


def _faults(attachment: Attachment, library: Library) -> Wrong:
    wrong: Wrong = {}
    if not attachment.name.strip():
        wrong["name"] = "Give the file a name."
    stored = library.get(Attachment, attachment.id)
    moved = stored is None or stored.of != attachment.of
    if moved and all(library.get(kind, attachment.of) is None for kind in _MAY_BE_OF):
        wrong["of"] = "What this file belongs to is not in your library."
    for other in library.about(Attachment, attachment.of):
        if other.id != attachment.id and other.sha256 is not None and other.sha256 == attachment.sha256:
            wrong["sha256"] = f"This file is attached already, as {other.name}."
    return wrong
