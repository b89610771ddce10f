"""Says where below the owner's folder Homepoint keeps what, which names an object can have, and explains it there."""

TOP = "homepoint-sync"
VERSION = "v1"
README = "README.txt"

README_TEXT = """\
Homepoint keeps the library of your devices in step between your computers through this folder.

Everything below v1 is encrypted: whoever keeps this folder can see how many files there are, how large they are
and when they were written, and nothing else. The files mean nothing without the passphrase or the recovery code
that you were given when you set this up.

Please do not rename, edit or delete single files; Homepoint tidies up by itself. If you no longer want to share
the library through this place, say so in Homepoint's settings on each computer, then delete this whole folder.
Every computer keeps its own complete copy.
"""

_NEVER = frozenset('/\\:*?"<>|')
"""What separates folders, names a drive, or cannot stand in a name on one of the systems that carry the folder."""


def is_object_name(name: str) -> bool:
    """True for a name an object can have: visible, printable and without separators.

    What begins with a dot or a tilde is a program's unfinished file: ours, Syncthing's, an office suite's.
    """
    return bool(name) and name[0] not in ".~" and name.isprintable() and _NEVER.isdisjoint(name)


def object_path(folder: str, name: str) -> tuple[str, ...]:
    """Return the parts of an object's path below the owner's folder."""
    if not is_object_name(name):
        raise ValueError(f"no object can be called {name!r}")
    return (*folder_path(folder), name)


def folder_path(folder: str) -> tuple[str, ...]:
    """Return the parts of a folder's path below the owner's folder."""
    if not is_object_name(folder):
        raise ValueError(f"no folder can be called {folder!r}")
    return (TOP, VERSION, folder)
