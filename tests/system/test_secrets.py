"""The keyring as the doctor sees it: one that works, the three ways it fails, and stores that protect nothing."""

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import InitError, KeyringLocked

from homepoint.system.secrets import keyring_state


class _Store(KeyringBackend):
    """Keeps secrets in memory; with a `fault` it raises that instead."""

    priority = 5

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.kept: dict[tuple[str, str], str] = {}
        self._fault = fault

    def set_password(self, service: str, username: str, password: str) -> None:
        if self._fault:
            raise self._fault
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class _PlaintextStore(_Store):
    """Keeps secrets where anyone can read them."""


class _LowStore(_Store):
    priority = 0.5  # type: ignore[assignment]  # the base class computes it


class _Chain(_Store):
    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(backends)


def _none() -> KeyringBackend:
    return NoKeyring()  # type: ignore[no-untyped-call]  # keyring leaves it untyped


def test_a_keyring_that_gives_back_what_it_was_given_is_usable_and_left_as_it_was() -> None:
    store = _Store()
    assert keyring_state(store).is_usable
    assert store.kept == {}


@pytest.mark.parametrize(
    ("store", "problem", "advice"),
    [
        (_none(), "This session has no keyring.", "Start a keyring"),
        (_Store(InitError("Prompt dismissed")), "nobody could unlock it", "Unlock it"),
        (_Store(KeyringLocked("dismissed")), "unlocking was refused", "Unlock it"),
        (_LowStore(), "does not protect secrets", "Start a keyring"),
        (_PlaintextStore(), "does not protect secrets", "Start a keyring"),
        (_Chain(_Store(), _LowStore()), "_LowStore does not protect", "Start a keyring"),
    ],
    ids=["none", "locked", "refused", "low", "plain", "chain"],
)
def test_a_keyring_that_fails_is_named_with_what_to_do(store: KeyringBackend, problem: str, advice: str) -> None:
    state = keyring_state(store)
    assert not state.is_usable
    assert problem in state.problem
    assert state.advice.startswith(advice)
