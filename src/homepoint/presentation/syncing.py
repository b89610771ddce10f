"""Synchronising in words: what a round found and what to do about it, where it stands, and who shares the library."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from homepoint.application.replication import STOPPING, Computer, Finding, RemoteKind, SyncStatus, Trouble
from homepoint.presentation.wording import counted

_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.OFFLINE: (
        "The storage cannot be reached.",
        "Nothing is lost: your changes wait here and are sent as soon as it answers.",
    ),
    Trouble.REFUSED: (
        "The storage refused your user name or password.",
        "Type the password again under Settings; some servers want an app password.",
    ),
    Trouble.SERVER: (
        "The storage does not answer as it should.",
        "Try again later; if it stays so, check the address under Settings.",
    ),
    Trouble.BUSY: ("The storage is busy and asks to wait.", "Homepoint tries again by itself."),
    Trouble.FULL: (
        "The storage is full.",
        "Free some space there. Others' changes still arrive; yours wait here.",
    ),
    Trouble.EMPTIED: (
        "The storage is suddenly empty.",
        "Nothing was changed here. If it was emptied on purpose, choose Fill again; otherwise check the address.",
    ),
    Trouble.LOCKED: (
        "The library's key is not at hand.",
        "Type the passphrase, or unlock the keyring, then synchronise again.",
    ),
    Trouble.REMOVED: (
        "This computer was removed from the shared library.",
        "Your records here stay. Ask the owner of the library, then join again with the new passphrase.",
    ),
    Trouble.NEWER: (
        "Something was written by a newer Homepoint.",
        "Install the newest version here. Nothing was harmed.",
    ),
    Trouble.DAMAGED: (
        "An object at the storage is damaged.",
        "It was left aside. The computer that wrote it sends it again when it synchronises next.",
    ),
    Trouble.FOREIGN: (
        "An object at the storage does not belong to this library.",
        "It was left aside. Check who else can write to this storage.",
    ),
    Trouble.MISSING: (
        "Changes of another computer are missing at the storage.",
        "Synchronise that computer again: it sends what was lost.",
    ),
    Trouble.LOST_AND_SENT: ("The storage had lost some of your changes.", "They were sent again."),
    Trouble.CLONE: (
        "This library was copied or restored from a backup.",
        "It goes on as a computer of its own; both histories are kept.",
    ),
    Trouble.FORK: (
        "Two computers wrote under the same name: a library was copied.",
        "Both histories are kept. Each goes on as a computer of its own.",
    ),
    Trouble.CLOCK: (
        "A clock is wrong.",
        "Set the date and time of that computer. Until then the order of edits may surprise you.",
    ),
    Trouble.EVIDENCE: (
        "A file kept as evidence has not arrived yet.",
        "It comes when the computer that has it synchronises.",
    ),
}


def problem_of(finding: Finding) -> tuple[str, str]:
    """Return what happened and what to do next, without names of objects."""
    title, advice = _WORDS[finding.trouble]
    if finding.trouble in STOPPING and finding.details:
        title = f"{title} ({finding.details.rstrip('.')})"
    return title, advice


class FindingAct(StrEnum):
    """What the owner can do about a finding by a button; `ACT_WORDS` has its words."""

    SIGN_IN = "sign-in"
    UNLOCK = "unlock"
    FILL_AGAIN = "fill-again"
    TRY_AGAIN = "try-again"
    VERIFY = "verify"
    LEAVE = "leave"


ACT_WORDS = {
    FindingAct.SIGN_IN: "Type the password…",
    FindingAct.UNLOCK: "Type the passphrase…",
    FindingAct.FILL_AGAIN: "Fill again…",
    FindingAct.TRY_AGAIN: "Try again",
    FindingAct.VERIFY: "Check everything",
    FindingAct.LEAVE: "Stop sharing…",
}

_ACTS = {
    Trouble.OFFLINE: (FindingAct.TRY_AGAIN,),
    Trouble.REFUSED: (FindingAct.SIGN_IN,),
    Trouble.SERVER: (FindingAct.TRY_AGAIN,),
    Trouble.BUSY: (FindingAct.TRY_AGAIN,),
    Trouble.FULL: (FindingAct.TRY_AGAIN,),
    Trouble.EMPTIED: (FindingAct.FILL_AGAIN, FindingAct.TRY_AGAIN),
    Trouble.LOCKED: (FindingAct.UNLOCK, FindingAct.TRY_AGAIN),
    Trouble.REMOVED: (FindingAct.LEAVE,),
    Trouble.NEWER: (FindingAct.TRY_AGAIN,),
    Trouble.DAMAGED: (FindingAct.VERIFY,),
    Trouble.FOREIGN: (FindingAct.VERIFY,),
    Trouble.MISSING: (FindingAct.VERIFY,),
}


_URGENT = STOPPING - {Trouble.OFFLINE, Trouble.BUSY} | {Trouble.FULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingText:
    """One thing that a round found, for the settings page. `stops` tells what holds synchronising up, and `is_urgent`
    what will not pass without the owner."""

    title: str
    advice: str
    stops: bool
    is_urgent: bool
    acts: tuple[FindingAct, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputerText:
    """A computer in the list of those that share the library."""

    id: str
    name: str
    note: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncText:
    """Where synchronising stands. `short` fits the sidebar; `is_well` is false when something needs the owner."""

    is_set_up: bool
    place: str
    short: str
    state: str
    is_well: bool
    needs_passphrase: bool
    was_emptied: bool
    findings: tuple[FindingText, ...]
    computers: tuple[ComputerText, ...]


def sync_text(status: SyncStatus, now: datetime) -> SyncText:
    """Put a status into words; `now` has the owner's time zone."""
    troubles = {each.trouble for each in status.findings}
    stopping = [each for each in status.findings if each.trouble in STOPPING]
    return SyncText(
        is_set_up=status.is_set_up,
        place=place_text(status),
        short=_short(status, stopping, now),
        state=_state(status, now),
        is_well=not troubles & _URGENT,
        needs_passphrase=Trouble.LOCKED in troubles,
        was_emptied=Trouble.EMPTIED in troubles,
        findings=tuple(finding_text(each, status) for each in status.findings),
        computers=tuple(
            ComputerText(
                id=each.id,
                name=each.name or f"Computer {each.id[:6]}",
                note=_seen(each, now),
                is_this=each.is_this,
            )
            for each in status.computers
        ),
    )


def finding_text(finding: Finding, status: SyncStatus) -> FindingText:
    """Put one finding into words, with the computer or file it is about."""
    title, advice = problem_of(finding)
    names = {each.id: each.name for each in status.computers}
    about = names.get(finding.about, "")
    if finding.trouble is Trouble.EVIDENCE:
        title = f"{finding.about} has not arrived yet."
    elif finding.trouble is Trouble.CLOCK:
        title = _clock_words(about or "This computer", finding.details)
    elif finding.trouble is Trouble.MISSING:
        whose = f"of {about}" if about else "of another computer"
        title = f"{counted(int(finding.details or 0), 'change')} {whose} are missing at the storage."
    elif finding.trouble is Trouble.LOST_AND_SENT:
        title = f"The storage had lost {counted(int(finding.details or 0), 'change')} of yours."
    elif finding.trouble in (Trouble.DAMAGED, Trouble.FOREIGN, Trouble.NEWER) and finding.about:
        title = f"{title.rstrip('.')}: {_named(finding.about, names)}."
    return FindingText(
        title=title,
        advice=advice,
        stops=finding.trouble in STOPPING,
        is_urgent=finding.trouble in _URGENT,
        acts=_ACTS.get(finding.trouble, ()),
    )


def _named(object_name: str, names: dict[str, str]) -> str:
    """Return an object's name short, with the computer that wrote it where it is known."""
    writer = next((name for id, name in names.items() if id in object_name), "")
    short = object_name if len(object_name) <= 40 else f"{object_name[:12]}…{object_name[-12:]}"
    return f"{short} ({writer})" if writer else short


def _clock_words(whose: str, minutes: str) -> str:
    ahead = int(minutes or 0)
    span = counted(abs(ahead), "minute") if abs(ahead) < 120 else counted(abs(ahead) // 60, "hour")
    return f"The clock of {whose} is {span} {'ahead' if ahead > 0 else 'behind'}."


def place_text(status: SyncStatus) -> str:
    """Return where the storage is, "" while there is none."""
    if status.location is None:
        return ""
    if status.location.kind is RemoteKind.FOLDER:
        return f"Folder {status.location.address}"
    user = f" as {status.location.user}" if status.location.user else ""
    return f"{status.location.address}{user}"


def _short(status: SyncStatus, stopping: Sequence[Finding], now: datetime) -> str:
    if not status.is_set_up:
        return ""
    troubles = {each.trouble for each in stopping}
    waiting = f", {counted(status.waiting, 'change')} waiting" if status.waiting else ""
    if Trouble.OFFLINE in troubles or Trouble.BUSY in troubles:
        return f"Offline{waiting}"
    if stopping:
        return "Sync needs you"
    if status.last_complete_at is None:
        return "Not synchronised yet"
    return f"Synchronised {_ago(status.last_complete_at, now)}{waiting}"


def _state(status: SyncStatus, now: datetime) -> str:
    if status.last_complete_at is None:
        done = "Not synchronised yet."
    else:
        done = f"Last complete round {_ago(status.last_complete_at, now)}."
    if status.waiting:
        return f"{done} {counted(status.waiting, 'change')} of this computer {_are(status.waiting)} waiting to be sent."
    return f"{done} Nothing is waiting."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _ago(at: datetime, now: datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    if minutes < 24 * 60:
        return f"{counted(minutes // 60, 'hour')} ago"
    return f"{counted(minutes // (24 * 60), 'day')} ago"


def _seen(computer: Computer, now: datetime) -> str:
    if computer.is_this:
        return "This computer"
    whose = f"{computer.person}, " if computer.person else ""
    return f"{whose}last seen {_ago(computer.seen_at, now)}" if computer.seen_at else f"{whose}not seen yet"
