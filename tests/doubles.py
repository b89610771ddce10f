"""Stand-ins for what a test must not touch: the clock, the keyring, the marks all computers share, a journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from homepoint.application.problems import HomepointError
from tests import builders as make


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    now: datetime = make.NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        """Move the hands."""
        self.now += by


@dataclass
class HeldMarks:
    """`Marks` in memory, with the merging that synchronising does: name by name, the later clock wins."""

    held: dict[tuple[str, str], tuple[datetime, str, str | None]] = field(default_factory=dict)
    computer: str = "desk"

    def marks(self, kind: str) -> Mapping[str, str]:
        return {name: text for (of, name), (_, _, text) in self.held.items() if of == kind and text is not None}

    def set_marks(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        for name, text in values.items():
            self.held[kind, name] = (at, self.computer, text)

    def merge(self, other: "HeldMarks") -> None:
        """Take in what another computer holds."""
        for name, theirs in other.held.items():
            mine = self.held.get(name)
            if mine is None or mine[:2] < theirs[:2]:
                self.held[name] = theirs


@dataclass
class HeldJournal:
    """A `Journal` in memory."""

    text: str | None = None

    def read(self) -> str | None:
        return self.text

    def write(self, text: str) -> None:
        self.text = text


@dataclass
class LockableSecrets:
    """A keyring in memory, which refuses everything while it is locked."""

    kept: dict[str, str] = field(default_factory=dict)
    is_locked: bool = False

    def get(self, name: str) -> str | None:
        self._check()
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self._check()
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self._check()
        self.kept.pop(name, None)

    def _check(self) -> None:
        if self.is_locked:
            raise HomepointError("The keyring is locked.", "Unlock it, then try again.")
