"""The system's keyring: whether secrets can be kept in it, and what to do where they cannot."""

from dataclasses import dataclass

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

LOWEST_PRIORITY = 1
"""The keyring library gives every store that protects its secrets at least this; plain files get less."""

_SERVICE, _NAME, _PROBE = "Homepoint check", "doctor", "can this be read back? ✓"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringState:
    """Which store the keyring uses, and what is wrong with it (`problem` empty: nothing) with what to do."""

    backend: str
    problem: str = ""
    advice: str = ""

    @property
    def is_usable(self) -> bool:
        """True when secrets can be stored and read."""
        return not self.problem


def keyring_state(backend: KeyringBackend | None = None) -> KeyringState:
    """Store a probe in the keyring (by default the system's), read it back, remove it, and say how that went."""
    store = backend or keyring.get_keyring()
    name = f"{type(store).__module__}.{type(store).__qualname__}"
    if weak := _weak_part(store):
        return KeyringState(backend=name, problem=f"Its store {weak} does not protect secrets.", advice=_NO_KEYRING)
    try:
        store.set_password(_SERVICE, _NAME, _PROBE)
        found = store.get_password(_SERVICE, _NAME)
        store.delete_password(_SERVICE, _NAME)
    except NoKeyringError:
        return KeyringState(backend=name, problem="This session has no keyring.", advice=_NO_KEYRING)
    except KeyringLocked:
        return KeyringState(backend=name, problem="The keyring is locked, and unlocking was refused.", advice=_UNLOCK)
    except InitError:
        return KeyringState(backend=name, problem="The keyring is locked, and nobody could unlock it.", advice=_UNLOCK)
    except KeyringError as error:
        return KeyringState(backend=name, problem=f"The keyring refused: {error}", advice=_UNLOCK)
    if found != _PROBE:
        return KeyringState(backend=name, problem="The keyring does not give back what it was given.", advice=_UNLOCK)
    return KeyringState(backend=name)


_NO_KEYRING = (
    "Start a keyring such as GNOME Keyring, KWallet or KeePassXC in your desktop session, then try again."
    " Without one, Homepoint keeps no passwords; everything else works."
)
_UNLOCK = "Unlock it (signing in to the desktop again usually does), then try again."


def _weak_part(store: KeyringBackend) -> str | None:
    """Return the name of a store, also of one inside a chain, that keeps secrets where anyone can read them."""
    if type(store).__module__ == "keyring.backends.fail":
        return None  # it stands for "there is none", and says so itself
    parts = getattr(store, "backends", None) or [store]
    for part in parts:
        name = f"{type(part).__module__}.{type(part).__qualname__}"
        if part.priority < LOWEST_PRIORITY or "plaintext" in name.lower():
            return name
    return None
