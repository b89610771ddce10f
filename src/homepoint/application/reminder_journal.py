"""What this computer notes about its reminders: until when it watched, and what it was about to show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from homepoint.domain.lead_times import Lead, lead_of
from homepoint.domain.portable import instant, instant_text
from homepoint.domain.rules.reminding import Announcement


class Journal(Protocol):
    """One text kept on this computer alone, whole or not at all. It survives the program being killed."""

    def read(self) -> str | None:
        """Return the text kept last, None for none."""
        ...

    def write(self, text: str) -> None:
        """Keep a text in place of the last one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What was taken of one deadline."""

    leads: tuple[Lead, ...] = ()
    snoozes: tuple[datetime, ...] = ()
    has_ended: bool = False


def _no_items() -> Mapping[str, Item]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The journal: `marking` is about to be marked (at `marking_at`), `pending` is marked and about to be shown.

    `to_assess` are devices of which something may have passed so long ago that lists no longer show it; they are kept
    until the first look is done, for assessing anew makes standings forget it.
    """

    watched_until: datetime | None = None
    zone: ZoneInfo | None = None
    marking: Mapping[str, Item] = field(default_factory=_no_items)
    marking_at: datetime | None = None
    pending: Mapping[str, Item] = field(default_factory=_no_items)
    to_assess: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it as the journal keeps it."""
        plain = {
            "watched_until": _text(self.watched_until),
            "zone": None if self.zone is None else self.zone.key,
            "marking": {key: _plain(item) for key, item in self.marking.items()},
            "marking_at": _text(self.marking_at),
            "pending": {key: _plain(item) for key, item in self.pending.items()},
            "to_assess": list(self.to_assess),
        }
        return json.dumps(plain, sort_keys=True)


def noted_of(text: str | None) -> Noted:
    """Read a journal; one that is broken counts as the first run, which tells nothing that passed."""
    if text is None:
        return Noted()
    try:
        plain = json.loads(text)
        return Noted(
            watched_until=_instant(plain["watched_until"]),
            zone=None if plain["zone"] is None else ZoneInfo(plain["zone"]),
            marking={str(key): _item(item) for key, item in plain["marking"].items()},
            marking_at=_instant(plain["marking_at"]),
            pending={str(key): _item(item) for key, item in plain["pending"].items()},
            to_assess=tuple(str(key) for key in plain["to_assess"]),
        )
    except (ValueError, TypeError, LookupError, AttributeError, OSError):
        return Noted()


def item_of(announcement: Announcement) -> Item:
    """Return what the journal keeps of an announcement."""
    return Item(
        leads=tuple(each.lead for each in announcement.reminders),
        snoozes=announcement.snoozes,
        has_ended=announcement.has_ended,
    )


def merged(*many: Mapping[str, Item]) -> Mapping[str, Item]:
    """Return items by key, with everything that any of these holds under it."""
    found: dict[str, Item] = {}
    for items in many:
        for key, item in items.items():
            before = found.get(key, Item())
            found[key] = Item(
                leads=tuple(dict.fromkeys((*before.leads, *item.leads))),
                snoozes=tuple(sorted({*before.snoozes, *item.snoozes})),
                has_ended=before.has_ended or item.has_ended,
            )
    return found


def _plain(item: Item) -> dict[str, object]:
    snoozes = [_text(each) for each in item.snoozes]
    return {"leads": [str(each) for each in item.leads], "snoozes": snoozes, "has_ended": item.has_ended}


def _item(plain: Mapping[str, Any]) -> Item:
    return Item(
        leads=tuple(lead for text in plain["leads"] if (lead := lead_of(str(text))) is not None),
        snoozes=tuple(instant(each) for each in plain["snoozes"]),
        has_ended=bool(plain["has_ended"]),
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at.astimezone(UTC))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)
