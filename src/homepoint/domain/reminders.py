"""When an owner is reminded of a deadline: the reminders that follow from deadlines and lead times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from homepoint.domain.assessment import CLAIM_DEADLINES, DeadlineKind
from homepoint.domain.lead_times import Lead, LeadTimes, LeadUnit, ReminderKind
from homepoint.domain.portable import instant_text
from homepoint.domain.values import ClauseId, DeviceId, end_of

REMINDED_AT = time(9)
"""A reminder that counts in days comes at this time by the owner's clock: early, and nobody is woken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDeadline:
    """A deadline of a device: `at` is an instant or the last open day, `ends_at` the instant at which it is over."""

    device: DeviceId
    kind: DeadlineKind
    at: datetime | date
    ends_at: datetime
    because: tuple[ClauseId, ...] = ()

    @property
    def key(self) -> str:
        """A stable name, the same on every computer: device, kind, and when it ends. Another date is another name.

        Two claims of one device with the same limit on the same day share a name, and so their reminders.
        """
        text = instant_text(self.at.astimezone(UTC)) if isinstance(self.at, datetime) else self.at.isoformat()
        return f"{self.device}/{self.kind}/{text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder of a deadline, and the instant (UTC) at which it comes."""

    deadline: DeviceDeadline
    lead: Lead
    due_at: datetime


def kind_of_reminder(kind: DeadlineKind, at: datetime | date) -> ReminderKind:
    """Say whose lead times a deadline follows."""
    if kind in CLAIM_DEADLINES:
        return ReminderKind.RETURN
    if kind in (DeadlineKind.FIRST_PURCHASE, DeadlineKind.NOTICE_PURCHASE):
        return ReminderKind.BUY_WITHIN_HOURS if isinstance(at, datetime) else ReminderKind.BUY_WITHIN_DAYS
    if kind is DeadlineKind.DEFECT_REPLACEMENT:
        return ReminderKind.REPORT_DEFECT
    return ReminderKind(kind.value)


def due_at(deadline: DeviceDeadline, lead: Lead, zone: tzinfo) -> datetime:
    """Return when a reminder comes, in UTC.

    Days before a day window: at `REMINDED_AT` of that day in the owner's zone. Everything else: to the second before
    the window is over.
    """
    if isinstance(deadline.at, datetime):
        return deadline.at.astimezone(UTC) - lead.span
    if lead.unit is LeadUnit.HOURS:
        return end_of(deadline.at, zone).astimezone(UTC) - lead.span
    return datetime.combine(deadline.at - lead.span, REMINDED_AT, zone).astimezone(UTC)


def reminders_of(deadlines: Iterable[DeviceDeadline], lead_times: LeadTimes, zone: tzinfo) -> tuple[Reminder, ...]:
    """Return all reminders of these deadlines; two of one deadline that would come at once are one."""
    found: dict[tuple[str, datetime], Reminder] = {}
    for deadline in deadlines:
        for lead in lead_times.of(kind_of_reminder(deadline.kind, deadline.at), deadline.device):
            comes_at = due_at(deadline, lead, zone)
            found.setdefault((deadline.key, comes_at), Reminder(deadline=deadline, lead=lead, due_at=comes_at))
    return tuple(found.values())
