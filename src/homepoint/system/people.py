"""Who writes, and on which computer: for the history of the library."""

import getpass
import platform


def person() -> str:
    """Return the name the owner logs in with, "" where there is none (as in a container)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def computer() -> str:
    """Return this computer's name."""
    return platform.node()
