"""Spans of whole numbers: which entries of a log are covered, and which are not."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""First and last, both included."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch made one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def gaps(spans: Iterable[Span], last: int) -> list[Span]:
    """Return what the spans leave open from 1 to `last`."""
    found, following = [], 1
    for begin, end in joined(spans):
        if begin > following:
            found.append((following, min(begin - 1, last)))
        following = max(following, end + 1)
        if following > last:
            break
    if following <= last:
        found.append((following, last))
    return [span for span in found if span[0] <= span[1]]


def reach(spans: Sequence[Span]) -> int:
    """Return how far the spans go from 1 without a gap, 0 where they do not begin there."""
    whole = joined(spans)
    return whole[0][1] if whole and whole[0][0] == 1 else 0
