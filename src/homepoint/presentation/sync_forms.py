"""The forms about synchronising: where the storage is, how good a passphrase is, and the recovery code on paper."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from homepoint.application.replication import Location, RemoteKind, RemoteReport
from homepoint.presentation.wording import day_text

LEAST_PASSPHRASE = 10
"""The least characters of a passphrase; `sync` refuses shorter ones too."""

PIN_DIGITS = 6
CONFIRMED_SIGNS = 4
"""How many signs of the recovery code the owner types to show that it was written down."""

INTERVALS: Sequence[tuple[int, str]] = (
    (5, "Every 5 minutes"),
    (15, "Every 15 minutes"),
    (30, "Every 30 minutes"),
    (60, "Every hour"),
    (0, "Only by hand"),
)

WHAT_SYNC_DOES = (
    "Sync keeps the records of several computers the same, through storage you already have: a WebDAV server such as"
    " Nextcloud, or a folder that another program carries. Homepoint has no server of its own, and you need no account"
    " with us."
)
WHAT_THE_KEEPER_LEARNS = (
    "Everything is encrypted before it leaves this computer. Whoever keeps the storage sees how many objects there are,"
    " roughly how large they are, when they come and go, and how many computers take part; nothing of what they say."
)
WHAT_STAYS = (
    "Your records, files and history stay on this computer, and so do those of the other computers. What lies at the"
    " storage stays too; the others go on without this computer. You can join again with the passphrase."
)
WHAT_A_PASSPHRASE_DOES = (
    "It locks the key to your records at the storage. Each new computer asks for it once. Homepoint cannot send it to"
    " you: whoever has lost both passphrase and recovery code cannot add a computer any more."
)
WHAT_A_CODE_DOES = (
    "It opens your shared records if the passphrase is forgotten. Print it or write it down and keep it with other"
    " papers; it is shown only now."
)

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForm:
    """What the owner typed about the storage."""

    kind: RemoteKind
    address: str = ""
    user: str = ""
    password: str = ""
    certificates: str = ""
    folder: str = ""


def check_place(form: PlaceForm) -> Mapping[str, str]:
    """Return what makes no sense, by field."""
    if form.kind is RemoteKind.FOLDER:
        folder = form.folder.strip()
        if not folder:
            return {"folder": "Choose a folder."}
        is_whole = PurePosixPath(folder).is_absolute() or PureWindowsPath(folder).is_absolute()
        return {} if is_whole else {"folder": "Name the whole path, or choose the folder."}
    problems = {}
    if not form.address.strip():
        problems["address"] = "Type the address of the storage."
    elif fault := _fault_of(_address(form.address)):
        problems["address"] = fault
    if form.user and ":" in form.user:
        problems["user"] = "A user name cannot hold a colon."
    return problems


def location_of(form: PlaceForm) -> Location:
    """Return the location of a form without problems; an address typed without https:// gets it."""
    if form.kind is RemoteKind.FOLDER:
        return Location(kind=form.kind, address=form.folder.strip())
    return Location(
        kind=form.kind,
        address=_address(form.address),
        user=form.user.strip(),
        certificates=form.certificates.strip() or None,
    )


def _address(typed: str) -> str:
    address = typed.strip()
    return address if "://" in address else f"https://{address}"


def _fault_of(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "This is no web address."
    if parts.scheme not in ("https", "http") or not host or " " in address:
        return "This is no web address; one begins with https://."
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "Use https://: without it everyone on the way could read the password."
    if parts.username or parts.password:
        return "Type user and password into their own fields."
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is thought of something the owner typed, in words; `is_good` is false where it should be another."""

    words: str
    is_good: bool


def trial_text(report: RemoteReport, *, joining: bool) -> Judged:
    """Put a connection test into words.

    Args:
        report: what it found.
        joining: the owner wants to join a library there; otherwise to set up a new one.
    """
    server = report.server or "The storage"
    if report.lacks:
        return Judged(words=f"{server} answers, but cannot be used. {' '.join(report.lacks)}", is_good=False)
    if report.holds_a_library and not joining:
        words = f"{server} answers. It holds a Homepoint library already: close this and choose Join instead."
        return Judged(words=words, is_good=False)
    if joining and not report.holds_a_library:
        words = f"{server} answers, but there is no Homepoint library at this place. Check the address."
        return Judged(words=words, is_good=False)
    what = "A Homepoint library is there." if joining else "It can do all that Sync needs."
    return Judged(words=f"{server} answers. {what}", is_good=True)


def strength_text(passphrase: str) -> Judged:
    """Say in words how well a passphrase would resist guessing."""
    length, words = len(passphrase.strip()), set(passphrase.casefold().split())
    if length < LEAST_PASSPHRASE:
        advice = "Four or five words that do not belong together are good, and easy to remember."
        return Judged(words=f"At least {LEAST_PASSPHRASE} characters. {advice}", is_good=False)
    if len(set(passphrase)) < 6:
        return Judged(words="Weak: it repeats itself. A program guesses this soon.", is_good=False)
    if length >= 20 or (length >= 16 and len(words) >= 4):
        return Judged(words="Strong.", is_good=True)
    if length >= 14:
        return Judged(words="Fair. One more word would make it strong.", is_good=True)
    return Judged(words="Weak: long enough to be accepted, but a few more words are much better.", is_good=False)


def check_passphrases(first: str, again: str) -> Mapping[str, str]:
    """Return what makes no sense of a passphrase typed twice."""
    if len(first.strip()) < LEAST_PASSPHRASE:
        return {"passphrase": f"The passphrase needs at least {LEAST_PASSPHRASE} characters."}
    return {} if first == again else {"again": "The two are not the same. Type it again."}


def code_is_confirmed(code: str, typed: str) -> bool:
    """Say whether the owner typed the last signs of the recovery code; case does not matter."""
    return re.sub(r"[\s-]", "", typed).upper() == code.replace("-", "")[-CONFIRMED_SIGNS:].upper()


def code_spoken(code: str) -> str:
    """Return a recovery code as a screen reader should say it: sign by sign, a pause after each group."""
    return ", ".join(" ".join(group) for group in code.split("-"))


def pin_shown(pin: str) -> str:
    """Return a PIN in two groups."""
    return f"{pin[:3]} {pin[3:]}"


def pin_typed(text: str) -> str | None:
    """Return a PIN as typed without blanks; None where it has not six digits."""
    pin = re.sub(r"\s", "", text)
    return pin if re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", pin) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverySheet:
    """What stands on the sheet with the recovery code."""

    title: str
    code: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sheet as plain text."""
        return "\n\n".join((self.title, self.code, *self.lines)) + "\n"


def recovery_sheet(code: str, place: str, day: date) -> RecoverySheet:
    """Return the sheet of a recovery code for shared records at a place, made on a day."""
    return RecoverySheet(
        title="Homepoint: recovery code of your shared records",
        code=code,
        lines=(
            f"Storage: {place}",
            f"Made on {day_text(day)}",
            "With this code, and access to the storage, a new computer can join if the passphrase is forgotten: in"
            " Homepoint choose Settings, Sync, Join, and type the code instead of the passphrase.",
            "Keep this sheet where you keep other papers of value. Whoever has it, and access to the storage, can read"
            " your records. If a computer is removed from Sync, a new code is made and this one opens nothing new.",
        ),
    )
