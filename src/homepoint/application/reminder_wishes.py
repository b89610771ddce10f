"""What the owner wishes about reminders: snooze, done, mute, and other lead times."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from homepoint.application.changes import Changes
from homepoint.application.problems import Refused
from homepoint.application.reminders import LEAD_TIME_MARKS, MARKS, Marks, Reminders
from homepoint.application.workspace import Workspace
from homepoint.domain.lead_times import Lead, ReminderKind, by_length, lead_name, lead_problem
from homepoint.domain.portable import instant_text
from homepoint.domain.reminder_record import done_name, mute_name, snooze_name
from homepoint.domain.values import DeviceId

CHANGED = Changes(kinds=frozenset({MARKS}))
"""What everyone is told after a wish; whoever takes in another computer's marks tells the same."""


class ReminderWishes:
    """Carries out what the owner wishes; each wish is shared by all computers and is not a step of undo.

    All of them may raise HomepointError when the library cannot be written; nothing was changed then.
    """

    def __init__(self, reminders: Reminders, workspace: Workspace, marks: Marks) -> None:
        self._reminders, self._workspace, self._marks = reminders, workspace, marks

    def snooze(self, key: str, until: datetime, now: datetime) -> Refused | None:
        """Tell of a deadline again at an instant; it takes the place of an earlier snooze.

        A reminder that comes due before still comes: a snooze never hides that time runs out.
        """
        deadline = self._reminders.deadline_named(key, now)
        if deadline is None:
            return Refused(fields={"": "This deadline is over, or its date has changed."})
        if until <= now:
            return Refused(fields={"until": "Choose a time that is still to come."})
        if until >= deadline.ends_at:
            return Refused(fields={"until": "The deadline ends before then. Choose an earlier time."})
        values: dict[str, str | None] = {snooze_name(key, each): None for each in self._reminders.record().snoozes(key)}
        values[snooze_name(key, until)] = _since(now)
        self._set(values, now)
        return None

    def mark_done(self, key: str, now: datetime) -> None:
        """Tell no more of a deadline at this date; with another date its reminders come again."""
        snoozes = self._reminders.record().snoozes(key)
        self._set({done_name(key): _since(now), **{snooze_name(key, each): None for each in snoozes}}, now)

    def remind_again(self, key: str, now: datetime) -> None:
        """Take back "done"."""
        self._set({done_name(key): None}, now)

    def mute(self, muted: DeviceId | ReminderKind, now: datetime) -> None:
        """Tell nothing of a device, or of a kind of deadline."""
        self._set({mute_name(muted): _since(now)}, now)

    def unmute(self, muted: DeviceId | ReminderKind, now: datetime) -> None:
        """Tell of it again from now on; what came due meanwhile stays unsaid, unless nothing else would come."""
        self._set({mute_name(muted): None}, now)

    def set_lead_times(
        self, kind: ReminderKind, leads: Sequence[Lead] | None, now: datetime, device: DeviceId | None = None
    ) -> Refused | None:
        """Choose other lead times for a kind, or for a device alone.

        Args:
            kind: whose.
            leads: the new ones in any order; None: as before the owner chose any.
            now: this instant.
            device: None for all devices without a choice of their own.
        """
        problem = "" if leads is None else lead_problem(kind, leads)
        if problem:
            return Refused(fields={kind.value: problem})
        text = None if leads is None else json.dumps([str(each) for each in by_length(leads)])
        self._marks.set_marks(LEAD_TIME_MARKS, {lead_name(kind, device): text}, now)
        self._workspace.announce(CHANGED)
        return None

    def _set(self, values: Mapping[str, str | None], now: datetime) -> None:
        self._marks.set_marks(MARKS, values, now)
        self._workspace.announce(CHANGED)


def _since(now: datetime) -> str:
    return json.dumps({"at": instant_text(now.astimezone(UTC))})
