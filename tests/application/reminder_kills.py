"""Programs that can be killed between any two steps: before and after each write to the marks and the journal."""

from collections.abc import Mapping
from datetime import datetime

from tests.doubles import HeldJournal, HeldMarks


class StoppedError(Exception):
    """The program was killed."""


class Killer:
    """Stops the program at one of its steps to come."""

    def __init__(self) -> None:
        self.steps_left: int | None = None

    def step(self) -> None:
        """Pass a point at which a kill can strike."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                self.steps_left = None
                raise StoppedError


class FragileMarks(HeldMarks):
    """Marks before and after which the program may be killed."""

    killer: Killer

    def set_marks(self, kind: str, values: Mapping[str, str | None], at: datetime) -> None:
        self.killer.step()
        super().set_marks(kind, values, at)
        self.killer.step()


class FragileJournal(HeldJournal):
    """A journal before and after which the program may be killed."""

    killer: Killer

    def write(self, text: str) -> None:
        self.killer.step()
        super().write(text)
        self.killer.step()
