"""A small log in the data folder: what went wrong and where in the program, with nothing the owner recorded."""

import logging
import sys
import traceback
from collections.abc import Callable, Iterable
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from types import TracebackType

from homepoint.system.masking import own_mask

LOG_NAME = "homepoint.log"
LARGEST_LOG = 100_000
"""Bytes; one older log of the same size is kept beside it."""

_LOGGER = logging.getLogger("homepoint")
_OURS = Path(__file__).resolve().parent.parent
_ROOTS = (_OURS, *(Path(each) for each in sys.path if each.endswith("-packages")))
"""The folders whose insides may be named: this package, and where libraries are installed."""


def no_secrets() -> Iterable[str]:
    """Return that no secret is known."""
    return ()


def open_log(folder: Path, secrets: Callable[[], Iterable[str]] = no_secrets) -> logging.Handler | None:
    """Let what Homepoint logs from warnings upwards go to a file in this folder; None where none can be written.

    Every line goes through the mask for this computer. Close what is returned by `close_log`.

    Args:
        folder: the data folder.
        secrets: asked at each line for what must never stand in it.
    """
    try:
        handler = RotatingFileHandler(folder / LOG_NAME, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8")
    except OSError:  # a folder that cannot be written: the library will say so
        return None
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_MaskedLines(secrets))
    _LOGGER.addHandler(handler)
    return handler


class _MaskedLines(logging.Formatter):
    """Writes a record with its error's text and trace, all of it masked."""

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = secrets
        self._known: frozenset[str] = frozenset()
        self._mask = own_mask()

    def format(self, record: logging.LogRecord) -> str:
        known = frozenset(self._secrets())
        if known != self._known:
            self._known, self._mask = known, own_mask(known)
        return self._mask(super().format(record))


def close_log(handler: logging.Handler | None) -> None:
    """Stop writing to a log."""
    if handler is not None:
        _LOGGER.removeHandler(handler)
        handler.close()


def log_fault(error: BaseException) -> None:
    """Log a fault of the program: its kind and where it happened.

    Its message is left out: it may hold a serial, a name or a path of the owner.
    """
    _LOGGER.error("%s at %s", type(error).__name__, " < ".join(places(error.__traceback__)))


def places(trace: TracebackType | None) -> list[str]:
    """Return where an error passed through, the innermost first: "ui/window.py:120 show_page"."""
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(traceback.extract_tb(trace))]


def report(error: BaseException, version: str, secrets: Iterable[str] = ()) -> str:
    """Return what helps whoever mends the fault, masked; the owner reads it before sending it."""
    lines = [
        f"Homepoint {version}",
        f"{type(error).__name__}: {error}",
        *(f"  {at}" for at in places(error.__traceback__)),
    ]
    return own_mask(secrets)("\n".join(lines))


def tail(folder: Path, lines: int) -> list[str]:
    """Return the last lines of the log in a folder, the older part included; none where there is none."""
    found: list[str] = []
    for name in (f"{LOG_NAME}.1", LOG_NAME):
        try:
            found += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
    return found[-lines:] if lines > 0 else []


def _short(file: str) -> str:
    """Return a source's path within its package, never the folders above, which name the owner."""
    path = PurePath(file)
    for root in _ROOTS:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.name
