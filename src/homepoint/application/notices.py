"""What reaches the owner outside the window: notices, what can be answered to them, and who shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NoticeAction(StrEnum):
    """What the owner can answer to a notice."""

    OPEN = "open"
    SNOOZE = "snooze"
    DONE = "done"


ACTION_WORDS = {NoticeAction.OPEN: "Open", NoticeAction.SNOOZE: "Snooze", NoticeAction.DONE: "Done"}
"""What stands on the buttons, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell the owner. A second notice with the same `key` takes the place of the first.

    `title` and `body` are plain text, never markup. An `urgent` one stays until the owner saw it, where the system can.
    """

    key: str
    title: str
    body: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAbility:
    """Who shows notices and what it can do; `problem` says why there is nobody (empty: there is somebody)."""

    name: str = ""
    has_actions: bool = False
    has_body: bool = False
    problem: str = ""

    @property
    def is_available(self) -> bool:
        """True when notices are shown."""
        return not self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAnswered:
    """The owner chose something. `activation` is the desktop's permission to raise a window, "" where it gives none."""

    key: str
    action: NoticeAction
    activation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeClosed:
    """A notice is no longer on the screen; `by_owner` when the owner sent it away without an answer."""

    key: str
    by_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesChanged:
    """Whoever shows notices came or went; those shown before are gone. Ask `connect` what can be done now."""

    is_there: bool


NoticeEvent = NoticeAnswered | NoticeClosed | NoticesChanged
TellNotice = Callable[[NoticeEvent], None]


class Notices(Protocol):
    """Shows notices. None of these raises where nobody is there to show them."""

    def connect(self) -> NoticeAbility:
        """Find who shows notices and say what it can do; asked again, it looks again if something changed."""
        ...

    def send(self, notice: Notice) -> int | None:
        """Show a notice and return its number there; None when it could not be shown."""
        ...

    def withdraw(self, key: str) -> None:
        """Take a notice off the screen, if it is still there."""
        ...

    def close(self) -> None:
        """Let go; nothing is told any more. Notices on the screen stay, but can no longer be answered."""
        ...
