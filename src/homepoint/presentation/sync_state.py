"""What is being synchronised just now, and the few words about it at the foot of the sidebar."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homepoint.application.problems import HomepointError
from homepoint.application.replication import STOPPING, SyncStatus, Trouble
from homepoint.presentation.syncing import sync_text

_NEEDS_YOU = "Sync needs you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A piece of work under way: what it is in words, and how far it is (`total` 0: not known)."""

    words: str
    done: int = 0
    total: int = 0

    @property
    def text(self) -> str:
        """The words with the count: "Receiving, 3 of 12"."""
        return f"{self.words}, {min(self.done + 1, self.total):,} of {self.total:,}" if self.total else self.words


class SyncMood(StrEnum):
    """What the sidebar's icon and colour say; the words always say it too."""

    WELL = "well"
    BUSY = "busy"
    WAITING = "waiting"
    NEEDS_YOU = "needs-you"


@dataclass(frozen=True, slots=True, kw_only=True)
class SidebarText:
    """The sidebar's words about Sync; `spoken` is all of it, for tooltip and screen reader."""

    short: str
    spoken: str
    mood: SyncMood


def sidebar_text(
    status: SyncStatus | None, activity: Activity | None, now: datetime, problem: HomepointError | None = None
) -> SidebarText:
    """Return what the sidebar says of a library that is synchronised.

    Args:
        status: where it stands; None while nobody has looked yet.
        activity: what is under way.
        now: this instant, in the owner's time zone.
        problem: what on this computer was in the way of the last round.
    """
    if activity is not None:
        return SidebarText(short="Synchronising…", spoken="Sync: a round is under way.", mood=SyncMood.BUSY)
    if problem is not None:
        return SidebarText(short=_NEEDS_YOU, spoken=f"{_NEEDS_YOU}: {problem.title}", mood=SyncMood.NEEDS_YOU)
    if status is None:
        return SidebarText(short="Sync", spoken="Sync is set up.", mood=SyncMood.WELL)
    text = sync_text(status, now)
    troubles = {each.trouble for each in status.findings}
    if not text.is_well:
        first = next((each for each in text.findings if each.stops), text.findings[0])
        short = "Storage is full" if Trouble.FULL in troubles and not troubles & STOPPING else text.short
        return SidebarText(short=short, spoken=f"{_NEEDS_YOU}: {first.title}", mood=SyncMood.NEEDS_YOU)
    is_waiting = bool(status.waiting) or bool(troubles & STOPPING)
    mood = SyncMood.WAITING if is_waiting else SyncMood.WELL
    return SidebarText(short=text.short, spoken=f"Sync: {text.short}. {text.state}", mood=mood)
