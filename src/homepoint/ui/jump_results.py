"""What the jump box finds, with an icon for each kind of thing."""

from homepoint.domain.facts import Category
from homepoint.presentation.jump import Command, Found, FoundKind
from homepoint.ui.icons import IconName
from homepoint.ui.jump_box import JumpResult

_PAGES = {
    "overview": IconName.OVERVIEW,
    "devices": IconName.DEVICES,
    "claims": IconName.CLAIMS,
    "deadlines": IconName.DEADLINES,
    "settings": IconName.SETTINGS,
}
_COMMANDS = {
    Command.ADD_DEVICE: IconName.ADD,
    Command.REPORT: IconName.WARNING,
    Command.IMPORT: IconName.IMPORT,
    Command.EXPORT: IconName.EXPORT,
    Command.CALENDAR: IconName.DEADLINES,
    Command.UNDO: IconName.UNDO,
    Command.REDO: IconName.REDO,
    Command.LIGHT: IconName.SUN,
    Command.DARK: IconName.MOON,
    Command.SYSTEM: IconName.SETTINGS,
    Command.SYNC: IconName.REFRESH,
    Command.SET_UP_SYNC: IconName.REFRESH,
    Command.SHORTCUTS: IconName.KEYBOARD,
    Command.ABOUT: IconName.INFO,
}
_HANDHELDS = (Category.HANDHELD, Category.GIMBAL_CAMERA)


def jump_result(found: Found) -> JumpResult:
    """Return a result as the jump box shows it; its key is the kind, a colon and the target: "command:export"."""
    return JumpResult(key=found.key, title=found.title, detail=found.detail, icon=_icon(found))


def _icon(found: Found) -> IconName:
    if found.kind is FoundKind.DEVICE:
        return IconName.PHOTO if found.category in _HANDHELDS else IconName.DEVICES
    if found.kind is FoundKind.PAGE:
        return _PAGES[found.target]
    return _COMMANDS[Command(found.target)]
