"""The windows: the only package that knows Qt."""

import sys


def keep_constants_alive() -> None:
    """Give None, True and their kind more references than Qt's calls can use up; nothing to do from Python 3.12 on."""
    # WORKAROUND for PySide6 6.12.0 on Python 3.10 and 3.11: calls that return one of these drop a reference that
    # they never took, so that the interpreter aborts with "deallocating None" after about 5000 calls. From 3.12
    # on they cannot die (PEP 683), and PySide6 6.11.3 is sound. Falls away with either.
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    import ctypes

    many = 1 << (8 * ctypes.sizeof(ctypes.c_ssize_t) - 4)
    for constant in (None, True, False, NotImplemented, Ellipsis):
        references = ctypes.c_ssize_t.from_address(id(constant))
        if references.value < many >> 1:
            references.value += many


keep_constants_alive()
