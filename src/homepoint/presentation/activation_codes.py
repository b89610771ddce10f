"""Activation codes in words: how a hidden one looks, where it is, and what to do where it could not be kept."""

from homepoint.application.activation_codes import KeptCodes
from homepoint.application.problems import HomepointError
from homepoint.domain.activation_codes import SHORT
from homepoint.presentation.wording import counted

HIDDEN_MARKS = "…•"
"""What stands for the hidden part of a code; nobody types it."""

ELSEWHERE = "This code is not on this computer: it is kept on the one it was entered on."

KEEPING = "Keeping the code. The keyring may ask for its password in a window of its own."


def code_text(hint: str) -> str:
    """Return how a code looks while it is hidden."""
    return "••••••" if hint == SHORT else f"…{hint}"


def not_kept(problem: HomepointError) -> HomepointError:
    """Say that a plan was recorded without the code that was typed, why, and how to mend it."""
    return HomepointError(
        f"The plan is recorded, but without its activation code. {problem.title}",
        f"{problem.advice} Then edit the plan and enter the code again.".strip(),
    )


def not_forgotten(problem: HomepointError) -> HomepointError:
    """Say that a code is gone from the plan, but still among the secrets of this computer."""
    return HomepointError(
        f"The activation code could not be removed from this computer. {problem.title}", problem.advice
    )


def lost_text(kept: KeptCodes) -> str:
    """Say how many codes of a file were not kept and why; nothing when all were."""
    if kept.problem is None:
        return ""
    codes = counted(len(kept.lost), "activation code")
    were = "was" if len(kept.lost) == 1 else "were"
    again = "Then import the file again, or enter them with their plans."
    return f"{codes} of the file {were} not kept: {kept.problem.title} {kept.problem.advice} {again}"


def waiting_text(count: int) -> str:
    """Say how many codes still stand in the library's file, or that traces of them do."""
    if not count:
        return "Traces of activation codes are still in the library's file"
    return f"{counted(count, 'activation code')} still in the library's file, not yet with the passwords"


def moved_text(count: int) -> str:
    """Say how many codes were moved out of the library's file."""
    return f"{counted(count, 'activation code')} moved from the library's file to the passwords"
