"""Stand-ins for what a test must not touch: here the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
