"""Stand-ins for what a test must not touch: the clock and the keyring."""

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
