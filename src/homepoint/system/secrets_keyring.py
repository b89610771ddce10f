"""The system's keyring: keeps secrets in it, never waits for it for ever, and says what to do where it refuses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from homepoint.application.problems import HomepointError
from homepoint.system.secrets_backends import (
    NO_KEYRING_ADVICE,
    NoTrustedKeyringError,
    spoken_name,
    trusted_backend,
    type_name,
)
from homepoint.system.secrets_waiting import NoAnswerError, PatientAsking

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Homepoint"
"""What the keyring shows its entries under."""

PATIENCE_S = 30.0
"""How long an owner may take to answer the keyring's own question for its password."""

LONGEST_SECRET = 1280
"""UTF-16 units: Windows keeps 2,560 bytes for each entry and stores text as UTF-16. The same limit holds everywhere, so
that what one computer keeps another can keep too."""

_MOST_COPIES = 8
_UNLOCK = "Unlock it (signing in to the desktop again usually does), then try again."
_PROBE_NAME, _PROBE = "check by doctor", "can this be read back? ✓"

T = TypeVar("T")


class KeyringSecrets:
    """A `SecretStore` in the system's keyring. Every call may take as long as the owner's patience: use it off the
    GUI thread."""

    def __init__(self, backend: "KeyringBackend | None" = None, *, patience_s: float = PATIENCE_S) -> None:
        """Use the system's keyring, or a given one; it is looked for at the first call."""
        self._given = backend
        self._trusted: KeyringBackend | None = None
        self._asking = PatientAsking(patience_s)

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept.

        Raises:
            HomepointError: the keyring is locked, refuses, does not answer, or there is none.
        """
        return self._ask(lambda store: store.get_password(SERVICE, name))

    def set(self, name: str, value: str) -> None:
        """Keep a secret, and read it back: some stores take everything and keep nothing.

        Raises:
            HomepointError: as for `get`; or the secret is too long, or was not kept.
        """
        if len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_SECRET:
            raise HomepointError(
                f"A secret of {len(value)} characters is too long for a keyring.",
                f"Use one of at most {LONGEST_SECRET} characters.",
            )
        self._ask(lambda store: _keep(store, name, value))

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none.

        Raises:
            HomepointError: as for `get`; or the keyring still gives it.
        """
        self._ask(lambda store: _forget(store, name))

    def spoken_name(self) -> str:
        """Return what the owner knows this keyring as, without storing or unlocking anything.

        Raises:
            NoTrustedKeyringError: there is none that protects its secrets.
            HomepointError: it does not answer.
        """
        return self._ask(spoken_name)

    def type_name(self) -> str:
        """Return the keyring's class as Python names it, for diagnostics; raises as `spoken_name`."""
        return self._ask(type_name)

    def _ask(self, question: Callable[["KeyringBackend"], T]) -> T:
        try:
            return self._asking.ask(lambda: question(self._store()))
        except HomepointError:
            raise
        except NoAnswerError:
            raise HomepointError(
                f"The keyring has not answered for {self._asking.patience_s:.0f} seconds.",
                "It may be asking for its password in another window: answer it there, then try again.",
            ) from None
        except Exception as fault:  # stores raise what their system raises, not only the library's own errors
            raise _said(fault) from fault

    def _store(self) -> "KeyringBackend":
        if self._trusted is None:
            self._trusted = trusted_backend(self._given)
        return self._trusted


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


def keyring_state(backend: "KeyringBackend | None" = None, *, patience_s: float = PATIENCE_S) -> KeyringState:
    """Store a probe in the keyring (by default the system's), read it back, remove it, and say how that went."""
    keyring = KeyringSecrets(backend, patience_s=patience_s)
    name = "none"
    try:
        name = keyring.type_name()
        keyring.set(_PROBE_NAME, _PROBE)
        keyring.delete(_PROBE_NAME)
    except HomepointError as problem:
        return KeyringState(backend=name, problem=problem.title, advice=problem.advice)
    return KeyringState(backend=name)


def _keep(store: "KeyringBackend", name: str, value: str) -> None:
    store.set_password(SERVICE, name, value)
    if store.get_password(SERVICE, name) != value:
        raise HomepointError("The keyring does not give back what it was given.", _UNLOCK)


def _forget(store: "KeyringBackend", name: str) -> None:
    for _ in range(_MOST_COPIES):  # a store removes one entry at a time, and a restored one may hold copies
        if store.get_password(SERVICE, name) is None:
            return
        store.delete_password(SERVICE, name)
    raise HomepointError(
        "The keyring still holds a password that was to be forgotten.",
        f'Remove "{name}" under "{SERVICE}" in the keyring\'s own program.',
    )


def _said(fault: Exception) -> HomepointError:
    """Say in plain words what a store raised; its own words stay out, since nobody knows what they quote."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(fault, NoKeyringError):
        return NoTrustedKeyringError("This session has no keyring.", NO_KEYRING_ADVICE)
    # By name: secretstorage, which these come from, is there on Linux alone.
    if isinstance(fault, KeyringLocked) or type(fault).__name__ in {"PromptDismissedException", "LockedException"}:
        return HomepointError("The keyring is locked, and unlocking was refused.", _UNLOCK)
    if isinstance(fault, InitError):
        if type(fault.__cause__).__name__ == "SecretServiceNotAvailableException":
            return HomepointError("The keyring has ended.", "Start it again (signing in anew does), then try again.")
        return HomepointError("The keyring is locked, and nobody could unlock it.", _UNLOCK)
    return HomepointError(f"The keyring refused ({type(fault).__name__}).", _UNLOCK)
