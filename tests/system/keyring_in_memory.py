"""A keyring in memory that the whole program takes for the system's own."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class KeyringInMemory(KeyringBackend):
    """Keeps secrets in memory, and refuses everything while it is locked."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.kept: dict[str, str] = {}
        self.is_locked = False

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get(username)

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.kept[username]

    def _check(self) -> None:
        if self.is_locked:
            raise KeyringLocked


@contextmanager
def keyring_in_use() -> Iterator[KeyringInMemory]:
    """Let every part of the program find this keyring, and the one before again at the end."""
    before, made = keyring.get_keyring(), KeyringInMemory()
    keyring.set_keyring(made)
    try:
        yield made
    finally:
        keyring.set_keyring(before)
