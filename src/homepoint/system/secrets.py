"""Where secrets are kept: the system's keyring; without one, in memory or, by the owner's choice, in a sealed file."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from homepoint.application.problems import HomepointError
from homepoint.application.replication import SecretStore
from homepoint.system.secrets_backends import NoTrustedKeyringError
from homepoint.system.secrets_keyring import PATIENCE_S, KeyringSecrets, KeyringState, keyring_state
from homepoint.system.secrets_sealed import SealedSecrets

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = [
    "KeptIn",
    "KeyringState",
    "LastingSecrets",
    "MemorySecrets",
    "OwnersSecrets",
    "SecretPlace",
    "keyring_state",
    "secrets_for",
]

SEALED_NAME = "secrets.sealed"


class KeptIn(StrEnum):
    """The places a secret can be kept in."""

    KEYRING = "keyring"
    SEALED_FILE = "sealed-file"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPlace:
    """Where secrets are kept, the keyring's name, and why it is not the keyring."""

    kept_in: KeptIn
    keyring: str = ""
    why_no_keyring: str = ""

    @property
    def sentence(self) -> str:
        """Say it in Settings, after "Passwords are"."""
        return {
            KeptIn.KEYRING: f"kept in the system's keyring ({self.keyring})",
            KeptIn.SEALED_FILE: "in an encrypted file in the data folder",
            KeptIn.MEMORY: "asked for at each start",
        }[self.kept_in]


class MemorySecrets:
    """A `SecretStore` for this run of the program only."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept."""
        return self._kept.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret until the program ends."""
        self._kept[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none."""
        self._kept.pop(name, None)

    def all(self) -> dict[str, str]:
        """Return every secret by name."""
        return dict(self._kept)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


class OwnersSecrets:
    """The `SecretStore` of the program: it looks for the keyring when the first secret is asked for.

    Whether there is a keyring is decided once for each run, so that a secret never lies in two places. A keyring that
    is locked is still the place: it is asked again, never passed over.
    """

    def __init__(self, keyring: KeyringSecrets, sealed: SealedSecrets) -> None:
        self.sealed = sealed
        self._keyring = keyring
        self._memory = MemorySecrets()
        self._name: str | None = None
        self._why_no_keyring = ""
        self._seen: set[str] = set()

    def place(self) -> SecretPlace:
        """Say where secrets are kept. The first call may take as long as the keyring does: call it off the GUI thread.

        Raises:
            HomepointError: there is a keyring, but it does not answer.
        """
        if self._name is None and not self._why_no_keyring:
            try:
                self._name = self._keyring.spoken_name()
            except NoTrustedKeyringError as missing:
                self._why_no_keyring = missing.title
        if self._name is not None:
            return SecretPlace(kept_in=KeptIn.KEYRING, keyring=self._name)
        kept_in = KeptIn.SEALED_FILE if self.sealed.exists else KeptIn.MEMORY
        return SecretPlace(kept_in=kept_in, why_no_keyring=self._why_no_keyring)

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept.

        Raises:
            HomepointError: the keyring or the sealed file is locked, refuses or does not answer.
        """
        found = self._store().get(name)
        if found:
            self._seen.add(found)
        return found

    def set(self, name: str, value: str) -> None:
        """Keep a secret.

        Raises:
            HomepointError: as for `get`; or it is too long, or cannot be written.
        """
        if value:
            self._seen.add(value)
        self._store().set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none. Raises as `get`."""
        self._store().delete(name)

    def seen(self) -> frozenset[str]:
        """Return every secret that passed through in this run, for the log to hide."""
        return frozenset(self._seen)

    def keep_in_sealed_file(self, passphrase: str) -> None:
        """Keep secrets in an encrypted file from now on, those of this run too; only by the owner's explicit choice.

        Raises:
            HomepointError: there is a keyring, or a file already; the passphrase is too short; it cannot be written.
        """
        if self.place().kept_in is KeptIn.KEYRING:
            raise HomepointError(
                "This computer has a keyring, and passwords are kept there.", "An encrypted file is not needed."
            )
        self.sealed.make(passphrase, self._memory.all())
        self._memory.clear()

    def ask_at_each_start(self) -> None:
        """Remove the encrypted file; its secrets, where it is open, stay for this run.

        Raises:
            HomepointError: it cannot be removed.
        """
        kept = self.sealed.all() if self.sealed.exists and self.sealed.is_open else {}
        self.sealed.remove()
        for name, value in kept.items():
            self._memory.set(name, value)

    def move_into_keyring(self, passphrase: str) -> None:
        """Take the secrets of a file that was made when there was no keyring into the keyring, and remove the file.

        Raises:
            HomepointError: there is no keyring, it refuses, or the file does not open; the file then stays.
        """
        if self.place().kept_in is not KeptIn.KEYRING:
            raise HomepointError("There is no keyring to move the passwords into.", "Start one, then try again.")
        self.sealed.open(passphrase)
        for name, value in self.sealed.all().items():
            if self._keyring.get(name) is None:  # what the keyring has is newer: it goes first where both are
                self._keyring.set(name, value)
        self.sealed.remove()

    def _store(self) -> SecretStore:
        stores: dict[KeptIn, SecretStore] = {
            KeptIn.KEYRING: self._keyring,
            KeptIn.SEALED_FILE: self.sealed,
            KeptIn.MEMORY: self._memory,
        }
        return stores[self.place().kept_in]


class LastingSecrets:
    """The `SecretStore` for what nobody can be asked for at the next start: it refuses to keep for this run only."""

    def __init__(self, secrets: OwnersSecrets) -> None:
        self._secrets = secrets

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept. Raises as `OwnersSecrets.get`."""
        return self._secrets.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret.

        Raises:
            HomepointError: as `OwnersSecrets.set`; or there is no place that outlasts this run.
        """
        place = self._secrets.place()
        if place.kept_in is KeptIn.MEMORY:
            raise HomepointError(
                place.why_no_keyring or "This session has no keyring.",
                "Start a keyring such as GNOME Keyring, KWallet or KeePassXC, then start Homepoint again;"
                " or choose the encrypted file in Settings, under Security.",
            )
        self._secrets.set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none. Raises as `OwnersSecrets.delete`."""
        self._secrets.delete(name)


def secrets_for(
    folder: Path, backend: "KeyringBackend | None" = None, *, patience_s: float = PATIENCE_S
) -> OwnersSecrets:
    """Return where the secrets of the library in a data folder are kept; nothing is looked for or imported yet.

    Args:
        folder: the data folder, for the sealed file.
        backend: another keyring than the system's own, for tests.
        patience_s: how many seconds a keyring may take to answer.
    """
    return OwnersSecrets(KeyringSecrets(backend, patience_s=patience_s), SealedSecrets(folder / SEALED_NAME))
