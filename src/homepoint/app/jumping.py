"""What the jump box finds, and where each result leads."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from homepoint.domain.values import DeviceId
from homepoint.presentation import jump
from homepoint.ui.jump_box import JumpResult
from homepoint.ui.jump_results import jump_result
from homepoint.ui.theme import SchemeChoice

if TYPE_CHECKING:
    from homepoint.app.wiring import Program


def found(program: "Program", text: str) -> Sequence[JumpResult]:
    """Return what a text finds, the best first."""
    undo, redo = program.library.undo_titles()
    is_shared = program.library.is_shared
    possible = {
        jump.Command.UNDO: undo is not None,
        jump.Command.REDO: redo is not None,
        jump.Command.SYNC: is_shared,
        jump.Command.SET_UP_SYNC: not is_shared,
    }
    results = jump.jump_results(text, program.library, available=lambda command: possible.get(command, True))
    return [jump_result(each) for each in results]


def go(program: "Program", result: JumpResult) -> None:
    """Go where a result leads, or do what it says."""
    kind, _, target = result.key.partition(":")
    if kind == jump.FoundKind.DEVICE:
        program.pages.open_device(DeviceId(target))
    elif kind == jump.FoundKind.PAGE:
        program.window.show_page(target)
    else:
        commands(program)[jump.Command(target)]()


def commands(program: "Program") -> Mapping[jump.Command, Callable[[], object]]:
    """Return what each command does; one without an entry fails its test."""
    return {
        jump.Command.ADD_DEVICE: program.add_device,
        jump.Command.REPORT: program.pages.report,
        jump.Command.IMPORT: program.ask_import,
        jump.Command.EXPORT: program.ask_export,
        jump.Command.CALENDAR: program.ask_calendar,
        jump.Command.UNDO: program.undo,
        jump.Command.REDO: program.redo,
        jump.Command.LIGHT: lambda: program.choose_scheme(SchemeChoice.LIGHT),
        jump.Command.DARK: lambda: program.choose_scheme(SchemeChoice.DARK),
        jump.Command.SYSTEM: lambda: program.choose_scheme(SchemeChoice.SYSTEM),
        jump.Command.SYNC: lambda: program.syncing.sync_now(),
        jump.Command.SET_UP_SYNC: program.set_up_sync,
        jump.Command.SHORTCUTS: program.show_shortcuts,
        jump.Command.ABOUT: program.show_about,
    }
