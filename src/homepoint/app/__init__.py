"""Puts the program together: the empty window first, everything else once it is painted."""

import builtins
import sys
from pathlib import Path


def run(data: Path | None = None, arguments: list[str] | None = None, *, hidden: bool = False) -> int:
    """Open the window on the library in `data` (default: this system's place for it) and return the exit code."""
    _import_qt_without_its_hook()
    from homepoint.app.starting import start
    from homepoint.app.staying import HomepointApplication

    application = HomepointApplication(arguments if arguments is not None else sys.argv[:1])
    started = start(application, data, hidden=hidden)
    if started is None:
        return 0
    try:
        return application.exec()
    finally:
        started.close()


def _import_qt_without_its_hook() -> None:
    """Import PySide6 and take back its import hook.

    WORKAROUND for PySide6 reading the source of every module that is imported after it (about 100 ms and 19 MB for
    SQLAlchemy alone), in search of a feature this program does not use.
    """
    plain_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401  # imported for its hook

    builtins.__import__ = plain_import
