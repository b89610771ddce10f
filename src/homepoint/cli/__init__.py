"""The command line: `homepoint assess`, `import`, `export`, `due`, `doctor`; without a command it opens the window."""

import importlib
import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from homepoint.application.problems import HomepointError
from homepoint.cli.arguments import COMMANDS, parser
from homepoint.cli.unlocking import asking_once

OK, IN_THE_WAY, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: all went well; the world is in the way (or a bug of ours); the input or its use is wrong; Ctrl+C."""


class OpenWindow(Protocol):
    """Opens the window on a data folder (None: the usual one), `hidden` in the tray, and returns the exit code."""

    def __call__(self, data: Path | None, *, hidden: bool = False) -> int: ...


def main(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Carry out one command line and return its exit code; no error leaves as a traceback."""
    try:
        given = parser().parse_args(arguments)
    except SystemExit as asked:  # argparse has said what it had to say
        return asked.code if isinstance(asked.code, int) else OK
    try:
        with asking_once(from_stdin=given.unlock_stdin):
            return _run(given, open_window)
    except HomepointError as problem:
        _say(f"{problem.title} {problem.advice}".strip())
        return IN_THE_WAY
    except BrokenPipeError:  # whoever read our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return IN_THE_WAY
    except KeyboardInterrupt:
        _say("Stopped.")
        return INTERRUPTED
    except Exception as bug:
        _say(_about_bug(bug, debug=given.debug))
        return IN_THE_WAY


def _run(given: Namespace, open_window: OpenWindow) -> int:
    if given.command is None:
        return open_window(given.data, hidden=given.tray)
    command = importlib.import_module(f"homepoint.cli.{COMMANDS[given.command]}")
    code: int = command.run(given)
    return code


def _about_bug(bug: Exception, *, debug: bool) -> str:
    what = f"This is a fault of Homepoint, not of yours: {type(bug).__name__}: {bug}"
    if debug:
        return "".join(traceback.format_exception(bug)) + what
    return f"{' '.join(what.split())} (--debug shows where; please report it)"


def _say(sentence: str) -> None:
    print(f"homepoint: {sentence}", file=sys.stderr)
