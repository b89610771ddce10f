"""Which of the system's keyrings can be trusted with a secret, and what it is called."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from homepoint.application.problems import HomepointError

if TYPE_CHECKING:  # importing keyring costs 150 ms: it waits until a secret is asked for
    from keyring.backend import KeyringBackend

LOWEST_PRIORITY = 1
"""The keyring library gives every store that protects its secrets at least this; plain files get less."""

NO_KEYRING_ADVICE = (
    "Start a keyring such as GNOME Keyring, KWallet or KeePassXC in your desktop session, then start Homepoint again."
    " Without one, Homepoint asks for passwords at each start; everything else works."
)

_LONGEST_REPLY_S = 2.0
_SECRET_SERVICE = "org.freedesktop.secrets"
_NAMES = {
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "Keychain",
    "keyring.backends.kwallet": "KWallet",
}
_PROGRAMS = {"gnome-keyring": "GNOME Keyring", "kwallet": "KWallet", "ksecret": "KWallet", "keepassxc": "KeePassXC"}


class NoTrustedKeyringError(HomepointError):
    """This session has no keyring, or only such as keep secrets where anyone can read them."""


def trusted_backend(found: "KeyringBackend | None" = None) -> "KeyringBackend":
    """Return the store to keep secrets in: the system's, and of a chain of stores its best one alone.

    A chain is never used as a whole, since it falls back to its weaker parts without a word.

    Raises:
        NoTrustedKeyringError: there is none, or none that protects what it keeps.
    """
    store = _systems_own() if found is None else found
    if type(store).__module__ == "keyring.backends.fail":
        raise NoTrustedKeyringError("This session has no keyring.", NO_KEYRING_ADVICE)
    parts: list[KeyringBackend] = getattr(store, "backends", None) or [store]
    trusted = [
        part for part in parts if _priority(part) >= LOWEST_PRIORITY and "plaintext" not in type_name(part).lower()
    ]
    if not trusted:
        raise NoTrustedKeyringError(f"Its store {type_name(parts[0])} does not protect secrets.", NO_KEYRING_ADVICE)
    return max(trusted, key=_priority)


def type_name(store: "KeyringBackend") -> str:
    """Return a store's class as Python names it."""
    return f"{type(store).__module__}.{type(store).__qualname__}"


def spoken_name(store: "KeyringBackend") -> str:
    """Return what the owner knows a keyring as, such as "GNOME Keyring"."""
    for module, name in _NAMES.items():
        if type(store).__module__.startswith(module):
            return name
    if type(store).__module__ in {"keyring.backends.SecretService", "keyring.backends.libsecret"}:
        return _serving_program() or "Secret Service"
    return type_name(store)


def _systems_own() -> "KeyringBackend":
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_keyring()
    except (RuntimeError, ImportError, AttributeError, KeyringError) as fault:
        # named by PYTHON_KEYRING_BACKEND or keyringrc.cfg, but not there, or not working here
        raise NoTrustedKeyringError(
            "The keyring that is named for this session does not work.", NO_KEYRING_ADVICE
        ) from fault


def _priority(store: "KeyringBackend") -> float:
    try:
        return float(store.priority)
    except RuntimeError:  # its way of saying that it does not work here
        return -1.0


def _serving_program() -> str | None:
    """Return who answers as the Secret Service on the session's bus, by the name of its program."""
    if sys.platform != "linux":
        return None
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # jeepney ships no types
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]  # as above
    from jeepney.io.blocking import Proxy, open_dbus_connection  # type: ignore[import-untyped]  # as above

    try:
        with closing(open_dbus_connection()) as bus:
            asked = Proxy(message_bus, bus, timeout=_LONGEST_REPLY_S)
            (process,) = asked.GetConnectionUnixProcessID(_SECRET_SERVICE)
        program = Path(f"/proc/{process}/comm").read_text(encoding="utf-8")
    except (DBusErrorResponse, OSError, KeyError, ValueError):  # a sandbox, or a service that is not started yet
        return None
    return next((name for start, name in _PROGRAMS.items() if program.startswith(start)), None)
