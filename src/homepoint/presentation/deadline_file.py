"""Deadlines and moments as JSON values, in the words of the assessment format."""

from datetime import date, datetime, tzinfo
from typing import Any

from homepoint.domain.assessment import Care, Deadline
from homepoint.domain.portable import instant_text
from homepoint.presentation.wording import loss_of

Plain = dict[str, Any]


def deadline_part(deadline: Deadline, care: Care, zone: tzinfo) -> Plain:
    """Return one deadline with its loss in words."""
    return {
        "kind": deadline.kind,
        "at": portable_moment(deadline.at, zone),
        "state": deadline.state,
        "loss": loss_of(deadline.kind, care.product),
        "because": list(deadline.because),
    }


def portable_moment(moment: datetime | date | None, zone: tzinfo) -> str | None:
    """Return an instant as RFC 3339 in the owner's time zone, a day as YYYY-MM-DD, and nothing as None."""
    if isinstance(moment, datetime):
        return instant_text(moment.astimezone(zone))
    return None if moment is None else moment.isoformat()
