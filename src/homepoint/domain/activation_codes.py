"""What the facts know of an activation code: only how it ends. Whoever reads a code can use it."""

SHOWN = 4
"""Characters of a code's end that may be seen."""

SHORTEST_TOLD = 8
"""A code of fewer characters is not told by its end: too little of it would be left to guess."""

SHORT = "set"
"""The hint of a code that is too short to be told by its end; shorter than any such end, so never taken for one."""


def hint_of(code: str) -> str | None:
    """Return what may be seen of a code: its last four characters, "set" for a short one, None for none at all."""
    bare = code.strip()
    if not bare:
        return None
    return bare[-SHOWN:] if len(bare) >= SHORTEST_TOLD else SHORT


def safe_hint(text: str) -> str | None:
    """Return a hint from outside as it is, or shortened where somebody wrote a whole code in its place."""
    return (text.strip() and text) or None if len(text) <= SHOWN else hint_of(text)
