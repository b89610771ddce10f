"""Runs the command line in this process, as a user would, with a window that only notes that it was opened."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from homepoint.cli import main


class Done(NamedTuple):
    """What one command line led to."""

    code: int
    out: str
    err: str
    opened: tuple[Path | None, ...]


Run = Callable[..., Done]


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that carries out one command line."""

    def run(*arguments: object) -> Done:
        opened: list[Path | None] = []

        def open_window(data: Path | None, *, hidden: bool = False) -> int:
            opened.append(data)
            return 0

        capsys.readouterr()
        code = main([str(each) for each in arguments], open_window)
        said = capsys.readouterr()
        return Done(code, said.out, said.err, tuple(opened))

    return run
