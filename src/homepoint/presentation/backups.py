"""Backups in words: what is in one, what restoring it would change, and what was saved of a damaged library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from homepoint.application.backups import BackupKind, RestorePreview, SalvageReport
from homepoint.domain.portable import NotPortableError, instant
from homepoint.presentation.wording import counted, day_text

MOST_LOST_SHOWN, MOST_NAMES = 20, 8

KIND_WORDS: Mapping[BackupKind, str] = {
    BackupKind.BY_OWNER: "made by you",
    BackupKind.AUTOMATIC: "automatic",
    BackupKind.BEFORE_RESTORE: "made before a restore",
}

_WORDS = {
    "accounts": "account", "controllers": "controller", "devices": "device", "bindings": "binding", "plans": "plan",
    "purchase_notices": "verification", "incidents": "incident", "claims": "claim",
    "attachments": "piece of evidence",
}  # fmt: skip
_MANY = {"piece of evidence": "pieces of evidence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupText:
    """One backup as a list shows it. `problem` says why it cannot be used, "" where it can."""

    when: str
    what: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutBackup:
    """What is to be said of a backup; `made_at` in the zone in which the owner reads it."""

    made_at: datetime
    kind: BackupKind
    homepoint: str
    counts: Mapping[str, int]
    edits: int
    files: int
    missing: int = 0


def moment_text(at: datetime) -> str:
    """Return an instant to the minute, in the zone it is in."""
    return f"{day_text(at.date())}, {at:%H:%M}"


def of_kinds(counts: Mapping[str, int]) -> str:
    """Return how many there are of each kind: "2 devices, 1 plan"; the word for nothing where there are none."""
    named = [_counted(count, _WORDS.get(kind, kind)) for kind, count in counts.items() if count]
    return ", ".join(named) or "no records"


def backup_lines(about: AboutBackup) -> Sequence[str]:
    """Return what is in a backup, line by line."""
    lines = [
        f"made {moment_text(about.made_at)} by Homepoint {about.homepoint}, {KIND_WORDS[about.kind]}",
        of_kinds(about.counts),
        f"{counted(about.edits, 'edit')} in the history, {counted(about.files, 'file')} of evidence",
    ]
    if about.missing:
        lines.append(f"{counted(about.missing, 'file')} of evidence had been missing already when it was made")
    return lines


def preview_lines(preview: RestorePreview, zone: ZoneInfo) -> Sequence[str]:
    """Return what restoring a backup brings and takes, the loss last and plain."""
    lines = [
        f"The backup was made {moment_text(preview.made_at.astimezone(zone))} by Homepoint {preview.homepoint}.",
        f"It holds {of_kinds(preview.there)}, and {counted(preview.evidence_there, 'file')} of evidence.",
    ]
    if preview.here is None:
        return [*lines, "There are no records here that could be read."]
    lines.append(f"Here are now {of_kinds(preview.here)}.")
    if preview.changes_nothing:
        return [*lines, "Nothing differs: restoring it changes nothing."]
    if preview.only_there:
        lines.append(f"Comes back: {_names(preview.only_there)}.")
    if preview.only_here:
        lines.append(f"Goes: {_names(preview.only_here)}. Only the safety copy will have it.")
    if preview.evidence_only_here:
        lines.append(f"{counted(preview.evidence_only_here, 'file')} of evidence that only you have here will stay.")
    if preview.lost:
        lines.append(f"{counted(len(preview.lost), 'edit')} recorded here after the backup will be gone.")
    return lines


def lost_lines(preview: RestorePreview, zone: ZoneInfo) -> Sequence[str]:
    """Return the edits that would be gone, the newest first."""
    lines = [f"{_when(each.at, zone)}: {each.title} ({each.person})" for each in preview.lost[:MOST_LOST_SHOWN]]
    more = len(preview.lost) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


def salvage_lines(report: SalvageReport) -> Sequence[str]:
    """Return what was saved of a damaged library and what was not."""
    read = of_kinds({kind: each.read + each.from_history for kind, each in report.kinds.items()})
    lines = [f"Saved: {read}, and {counted(report.edits, 'edit')} of the history."]
    from_history = sum(each.from_history for each in report.kinds.values())
    if from_history:
        lines.append(f"{counted(from_history, 'record')} of these came from the history, as last written there.")
    missing = {kind: each.missing for kind, each in report.kinds.items()}
    if report.missing:
        lines.append(f"Missing: {of_kinds(missing)}.")
    if report.unreadable:
        tables = ", ".join(each.replace("_", " ") for each in report.unreadable)
        lines.append(f"Not everything could be read of: {tables}. Look through them.")
    elif not report.missing:
        lines.append("As far as can be told, nothing is missing.")
    if report.kept_aside is not None:
        lines.append(f"The damaged file is kept as {report.kept_aside.name}.")
    return lines


def _names(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _counted(count: int, word: str) -> str:
    return f"{count:,} {_MANY[word]}" if word in _MANY and count != 1 else counted(count, word)


def _when(at: str, zone: ZoneInfo) -> str:
    try:
        return moment_text(instant(at).astimezone(zone))
    except NotPortableError:
        return at


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBackup:
    """One backup of the list on the settings page; `path` is how it is named when the owner chooses it."""

    path: str
    text: BackupText


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsPage:
    """What the settings page shows about backups. `problem` is why the last automatic one could not be made."""

    is_automatic: bool
    folder: str
    last: str
    listed: tuple[ListedBackup, ...] = ()
    problem: str = ""


RULE = "One each day something was recorded; kept are 7 days, 4 weeks and 12 months."


def listed_text(about: AboutBackup | None, size: str, problem: str) -> BackupText:
    """Return one backup as the list shows it."""
    if about is None:
        return BackupText(when="", what=size, problem=problem)
    return BackupText(
        when=moment_text(about.made_at), what=f"{KIND_WORDS[about.kind]}: {of_kinds(about.counts)} ({size})"
    )


def last_text(about: AboutBackup | None) -> str:
    """Say which backup is the last good one."""
    return "No backup yet." if about is None else f"Last good backup: {moment_text(about.made_at)}."
