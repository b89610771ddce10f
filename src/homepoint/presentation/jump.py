"""What the jump box finds: devices, pages and commands, the best first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from homepoint.application.ports import DeviceQuery, Library
from homepoint.domain.facts import Category, Device
from homepoint.presentation.device_list import device_name
from homepoint.presentation.wording import name_of

MOST_FOUND = 20
_DEVICES_FOUND = 12
_DEVICES_AT_FIRST = 5


class FoundKind(StrEnum):
    """What a result leads to; the first part of its key."""

    DEVICE = "device"
    PAGE = "page"
    COMMAND = "command"


class Command(StrEnum):
    """The commands that the jump box offers."""

    ADD_DEVICE = "add-device"
    REPORT = "report"
    IMPORT = "import"
    EXPORT = "export"
    CALENDAR = "export-calendar"
    UNDO = "undo"
    REDO = "redo"
    LIGHT = "theme-light"
    DARK = "theme-dark"
    SYSTEM = "theme-system"
    SYNC = "sync-now"
    SET_UP_SYNC = "set-up-sync"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing to jump to: a device's id, a page's key or a command; `category` is a device's."""

    kind: FoundKind
    target: str
    title: str
    detail: str = ""
    category: Category | None = None

    @property
    def key(self) -> str:
        """The kind and the target in one text: "device:d1"."""
        return f"{self.kind}:{self.target}"


_PAGES = (
    ("overview", "Overview", "Page", "home start needs"),
    ("devices", "Devices", "Page", "list serial search"),
    ("claims", "Claims", "Page", "reports repair replacement"),
    ("deadlines", "Deadlines", "Page", "agenda due dates"),
    ("settings", "Settings", "Page", "options preferences terms"),
)
_COMMANDS = (
    (Command.ADD_DEVICE, "Add device", "Register an aircraft or a handheld", "new register"),
    (Command.REPORT, "Report damage or loss", "Find the way to go", "crash flyaway lost broken claim"),
    (Command.IMPORT, "Import an owner file", "Take over what is in it", "open load read"),
    (Command.EXPORT, "Export an owner file", "Save everything you have recorded", "save backup write"),
    (Command.CALENDAR, "Export deadlines to a calendar", "Save them as a calendar file", "ics ical dates save write"),
    (Command.UNDO, "Undo", "Take back the last change", "back"),
    (Command.REDO, "Redo", "Do it again", "again"),
    (Command.LIGHT, "Use the light theme", "Appearance", "appearance bright scheme"),
    (Command.DARK, "Use the dark theme", "Appearance", "appearance night scheme"),
    (Command.SYSTEM, "Use the system's theme", "Appearance", "appearance scheme"),
    (Command.SYNC, "Sync now", "Send your changes and receive others'", "synchronise computers storage"),
    (Command.SET_UP_SYNC, "Set up Sync", "Share your records with your other computers", "synchronise webdav join"),
    (Command.SHORTCUTS, "Keyboard shortcuts", "What the keys do", "keys help"),
    (Command.ABOUT, "About Homepoint", "Version and licences", "version licence"),
)


def jump_results(
    text: str, library: Library, *, available: Callable[[Command], bool] = lambda _command: True
) -> Sequence[Found]:
    """Return what a text finds, the best first; for an empty text the nearest devices, the pages and commands.

    Args:
        text: words that must all occur.
        library: where the devices are.
        available: says whether a command can be given now, such as undo.
    """
    words = text.casefold().split()
    limit = _DEVICES_FOUND if words else _DEVICES_AT_FIRST
    rows, _ = library.rows(DeviceQuery(words=text, limit=limit))
    ranked = [(_rank(words, device_name(row.device), row.device.serial), _device(row.device)) for row in rows]
    for key, title, detail, more in _PAGES:
        if _matches(words, f"{title} {more}"):
            ranked.append((_rank(words, title), Found(kind=FoundKind.PAGE, target=key, title=title, detail=detail)))
    for command, title, detail, more in _COMMANDS:
        if _matches(words, f"{title} {more}") and available(command):
            found = Found(kind=FoundKind.COMMAND, target=command, title=title, detail=detail)
            ranked.append((_rank(words, title), found))
    return [found for _, found in sorted(ranked, key=lambda each: each[0])[:MOST_FOUND]]


def _device(device: Device) -> Found:
    serial = (device.serial or "").strip().upper() or "serial not known"
    model = device.model if device.nickname else name_of(device.category) if device.category else "Device"
    return Found(
        kind=FoundKind.DEVICE,
        target=device.id,
        title=device_name(device),
        detail=f"{model}, {serial}",
        category=device.category,
    )


def _matches(words: Sequence[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _rank(words: Sequence[str], title: str, serial: str | None = None) -> int:
    """Return 0 for the best: the whole serial or title, then its beginning, a word's beginning, anything else."""
    if not words:
        return 0
    wanted, folded, number = " ".join(words), title.casefold(), (serial or "").strip().casefold()
    if wanted in (folded, number):
        return 0
    if folded.startswith(wanted) or number.endswith(wanted):
        return 1
    return 2 if all(any(part.startswith(word) for part in folded.split()) for word in words) else 3
