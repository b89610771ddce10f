"""How long a busy server is waited for: as it asks or ever longer, never very long, and never in step with others."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a request is made, and how the time between is spent.

    `tries` counts the first one too. `first` and `longest` are seconds: what is waited after the first try, and the
    most that is ever waited at once; a server that asks for more is left in peace until another round. `sleep` may
    raise to stop the waiting, and with it the request. `random` gives numbers from 0 to 1, like random.random.
    """

    tries: int = 5
    first: float = 1.0
    longest: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def pause(self, tried: int, asked: float | None = None) -> float | None:
        """Return the seconds to wait after so many tries, or None where it is time to give up.

        Args:
            tried: how many tries there were, at least 1.
            asked: the seconds for which the server asked.
        """
        if tried >= self.tries or (asked is not None and asked > self.longest):
            return None
        growing = min(self.longest, self.first * 2.0 ** (tried - 1))
        jittered = growing * (0.5 + self.random() / 2)
        # Never less than was asked for, and not all computers at the same instant.
        return jittered if asked is None else max(jittered, asked * (1 + self.random() / 10))


def instant(date_header: str | None) -> datetime | None:
    """Return the instant of a Date header (UTC), None where there is none that can be read."""
    if not date_header:
        return None
    try:
        told = parsedate_to_datetime(date_header)
    except (ValueError, OverflowError):
        return None
    return told if told.tzinfo is not None else None


def asked_wait(retry_after: str | None, date_header: str | None) -> float | None:
    """Return the seconds for which a Retry-After header asks, None where it is missing or makes no sense.

    An instant is taken by the server's own clock, so that a wrong one here does no harm.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until, now = instant(text), instant(date_header)
    return max(0.0, (until - now).total_seconds()) if until is not None and now is not None else None
