"""Lead times as an owner reads and types them, and what the kinds of reminders are called."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from homepoint.domain.lead_times import DEFAULT_LEADS, DEFAULTS_FROM, Lead, LeadUnit, ReminderKind, by_length
from homepoint.presentation.wording import counted

KIND_NAMES: Mapping[ReminderKind, str] = MappingProxyType(
    {
        ReminderKind.BUY_WITHIN_HOURS: "Buy a plan within hours",
        ReminderKind.BUY_WITHIN_DAYS: "Buy a plan within days",
        ReminderKind.REPORT_DEFECT: "Report a defect for replacement",
        ReminderKind.PLAN_END: "Care plan ends",
        ReminderKind.RENEWAL: "Renew the care plan",
        ReminderKind.WARRANTY_END: "Warranty ends",
        ReminderKind.RETURN: "Return the old unit",
    }
)

ON_THE_DAY = "on the day"
HOW_TO_WRITE = 'Separate them with commas: "14 days, 6 hours, on the day".'

_WRITTEN = re.compile(r"(\d{1,4})\s*(d|days?|h|hours?|w|weeks?)?(?:\s+before)?")


def lead_text(lead: Lead) -> str:
    """Return a lead time in words: "14 days", "1 hour", "on the day"."""
    if lead.unit is LeadUnit.HOURS:
        return counted(lead.count, "hour")
    return counted(lead.count, "day") if lead.count else ON_THE_DAY


def leads_text(leads: Sequence[Lead]) -> str:
    """Return lead times as one line, the longest first: "30 days, 14 days, 3 days, on the day"."""
    return ", ".join(lead_text(each) for each in by_length(leads))


def defaults_text(kind: ReminderKind) -> str:
    """Say what the lead times of a kind are until the owner chooses others, and whose choice that is."""
    return f"{DEFAULTS_FROM}: {leads_text(DEFAULT_LEADS[kind])}."


def leads_of_text(text: str, kind: ReminderKind) -> tuple[tuple[Lead, ...], str]:
    """Read lead times as an owner types them; a bare number counts in the unit of the kind's defaults.

    Returns:
        What was read, the longest first, and a sentence about the part that could not be read ("": all could).
    """
    unit = DEFAULT_LEADS[kind][0].unit
    found = []
    for part in (each.strip().casefold() for each in re.split(r"[,;\n]", text)):
        if not part:
            continue
        lead = _lead_of(part, unit)
        if lead is None:
            return (), f'"{part}" is no time before a deadline. {HOW_TO_WRITE}'
        found.append(lead)
    return by_length(found), ""


def _lead_of(part: str, unit: LeadUnit) -> Lead | None:
    if part in (ON_THE_DAY, "the day", "on the last day", "same day", "today"):
        return Lead(count=0, unit=LeadUnit.DAYS)
    written = _WRITTEN.fullmatch(part)
    if written is None:
        return None
    count, word = int(written[1]), written[2] or unit.value
    if word.startswith("w"):
        return Lead(count=count * 7, unit=LeadUnit.DAYS)
    return Lead(count=count, unit=LeadUnit.DAYS if word.startswith("d") else LeadUnit.HOURS)
