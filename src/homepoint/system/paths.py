"""Where the program keeps its files: where this system expects them, or the folder the owner names."""

from pathlib import Path

from homepoint.application.problems import HomepointError

LIBRARY_NAME = "homepoint.sqlite"
RESTORE_JOURNAL = "restore-under-way.json"
"""There while a damaged library is being exchanged; the next start goes on with it before anything is opened."""
LOCK_NAME = "homepoint.keys"
"""There while the library is encrypted: its key, locked."""

LOCK_JOURNAL = "locking-under-way.json"
"""There while encryption is turned on or off; the next start goes on with it before anything is opened."""


def data_folder(named: Path | None) -> Path:
    """Return the folder of library and settings, made if need be.

    Args:
        named: the folder of `--data`; None for this system's own place.

    Raises:
        HomepointError: the folder cannot be made.
    """
    folder = usual_folder() if named is None else named.expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise HomepointError(
            f"The folder {folder} cannot be made: {fault.strerror or fault}.",
            "Choose another one with --data, or free its name.",
        ) from fault
    return folder


def usual_folder() -> Path:
    """Return this system's own place for the owner's data; it may not be there yet."""
    import platformdirs  # late: a named folder does not need it

    return platformdirs.user_data_path("homepoint", appauthor=False)


def library_file(folder: Path) -> Path:
    """Return the library's file in a data folder."""
    return folder / LIBRARY_NAME
