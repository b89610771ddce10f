"""Starts Homepoint: the command line, or the window where no command is given."""

import io
import sys
from pathlib import Path

from homepoint.cli import main as command_line


def main() -> int:
    """Carry out this process's command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # JSON and names are UTF-8 wherever we run
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return command_line(sys.argv[1:], _open_window)


def _open_window(data: Path | None, *, hidden: bool = False) -> int:
    from homepoint.app import run

    return run(data, hidden=hidden)


if __name__ == "__main__":
    sys.exit(main())
