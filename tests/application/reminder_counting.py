"""When a reminder is due, counted without the code under test; and a command that is one edit."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from homepoint.application.changes import Edit
from homepoint.domain.lead_times import Lead, LeadUnit
from homepoint.domain.reminders import DeviceDeadline


@dataclass(frozen=True)
class Write:
    """A command that is one edit."""

    edit: Edit

    def plan(self, library: object, now: datetime) -> Edit:
        return self.edit


def came(deadline: DeviceDeadline, lead: Lead, zone: ZoneInfo) -> datetime:
    """Return when a reminder is due, counted by the account itself."""
    if isinstance(deadline.at, datetime):
        hours = lead.count * (24 if lead.unit is LeadUnit.DAYS else 1)
        return deadline.at.astimezone(UTC) - timedelta(hours=hours)
    if lead.unit is LeadUnit.HOURS:
        following = date.fromordinal(deadline.at.toordinal() + 1)
        return datetime.combine(following, time(), zone).astimezone(UTC) - timedelta(hours=lead.count)
    return datetime.combine(date.fromordinal(deadline.at.toordinal() - lead.count), time(9), zone).astimezone(UTC)
