"""What an import did, in lines for the terminal."""

from collections.abc import Mapping, Sequence

from homepoint.application.exchange import MergeReport
from homepoint.presentation.wording import counted

_MOST_NAMES = 5


def report_lines(report: MergeReport, done: str) -> list[str]:
    """Return what was added, changed and skipped; `done` is the first line where there was something to do."""
    lines = ["Nothing to do: everything in this file is in your records already." if report.changes_nothing else done]
    for word, group in (("Added", report.added), ("Changed", report.changed)):
        lines += _group(word, group)
    if report.skipped:
        counts = ", ".join(_counted(kind, names) for kind, names in report.skipped.items())
        lines.append(f"  {'Skipped':<8} {counts} (the same already)")
    return lines


def _group(word: str, group: Mapping[str, tuple[str, ...]]) -> list[str]:
    lines = []
    for kind, names in group.items():
        more = len(names) - _MOST_NAMES
        listed = ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"  {word:<8} {_counted(kind, names)}: {listed}")
    return lines


def _counted(kind: str, names: Sequence[str]) -> str:
    return counted(len(names), kind.replace("_", " ").removesuffix("s"))
