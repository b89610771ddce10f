"""Secrets in an encrypted file with a passphrase: for those without a keyring who choose it themselves."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.system.files import write_whole
from homepoint.system.secrets_seal import Cost, WrongPassphraseError, seal, unseal

SHORTEST_PASSPHRASE = 8

_LOCKED = (
    "The file of passwords is locked.",
    "Enter its passphrase in Settings; until then, what needs a password waits.",
)


class SealedSecrets:
    """A `SecretStore` in one file. It is made and opened with a passphrase, which stays in memory until `close`:
    every write seals all secrets anew.

    Several threads may use it. Two programs may too: each takes in what the other wrote before it writes.
    """

    def __init__(self, file: Path, *, cost: Cost | None = None) -> None:
        """Use this file, which need not be there yet; `cost` is for tests, which cannot wait."""
        self._file = file
        self._cost = cost or Cost()
        self._turn = threading.RLock()
        self._passphrase: str | None = None
        self._read: tuple[bytes, dict[str, str]] | None = None

    @property
    def exists(self) -> bool:
        """True when the owner made the file."""
        return self._file.is_file()

    @property
    def is_open(self) -> bool:
        """True when the passphrase was given in this run."""
        return self._passphrase is not None

    def make(self, passphrase: str, secrets: Mapping[str, str] | None = None) -> None:
        """Make the file, with these secrets in it, and open it.

        Raises:
            HomepointError: the passphrase is too short, there is a file already, or it cannot be written.
        """
        _check(passphrase)
        with self._turn:
            if self.exists:
                raise HomepointError(
                    "There is a file of passwords already.", "Open it with its passphrase, or remove it."
                )
            self._write(dict(secrets or {}), passphrase)

    def open(self, passphrase: str) -> None:
        """Open the file for this run.

        Raises:
            WrongPassphraseError, DamagedSealError, NewerSealError: it does not open.
            HomepointError: it is gone, or cannot be read.
        """
        with self._turn:
            content = self._content()
            self._read = content, self._unsealed(content, passphrase)
            self._passphrase = passphrase

    def close(self) -> None:
        """Forget the passphrase and what was read."""
        with self._turn:
            self._passphrase = self._read = None

    def get(self, name: str) -> str | None:
        """Return a secret, None where none is kept.

        Raises:
            HomepointError: the file is locked, damaged or gone.
        """
        return self.all().get(name)

    def all(self) -> dict[str, str]:
        """Return every secret by name; raises as `get`."""
        with self._turn:
            return dict(self._current(self._opened_by()))

    def set(self, name: str, value: str) -> None:
        """Keep a secret.

        Raises:
            HomepointError: the file is locked, damaged or gone, or cannot be written; it is then as before.
        """
        self._change(lambda kept: kept.update({name: value}))

    def delete(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none. Raises as `set`."""

        def without(kept: dict[str, str]) -> None:
            kept.pop(name, None)

        self._change(without)

    def change_passphrase(self, old: str, new: str) -> None:
        """Let another passphrase open the file from now on.

        Raises:
            WrongPassphraseError: the old one does not open it.
            HomepointError: the new one is too short, or the file cannot be read or written.
        """
        _check(new)
        with self._turn:
            kept = self._unsealed(self._content(), old)
            self._write(kept, new)
            self._clear_unfinished()  # what a kill left behind would still open with the old one

    def remove(self) -> None:
        """Remove the file with all its secrets.

        Raises:
            HomepointError: it cannot be removed.
        """
        with self._turn:
            try:
                self._file.unlink(missing_ok=True)
            except OSError as fault:
                raise HomepointError(
                    f"The file of passwords cannot be removed: {fault.strerror}.", f"Remove {self._file} yourself."
                ) from fault
            self._clear_unfinished()
            self.close()

    def _change(self, change: Callable[[dict[str, str]], None]) -> None:
        with self._turn:
            passphrase = self._opened_by()
            while True:
                before = self._current(passphrase)
                kept = dict(before)
                change(kept)
                if kept == before:
                    return
                sealed = seal(kept, passphrase, self._cost)
                if self._read is not None and self._content() == self._read[0]:
                    break  # else another program wrote meanwhile: its secrets are not to be lost
            write_whole(self._file, sealed)
            self._read = sealed, kept

    def _write(self, kept: dict[str, str], passphrase: str) -> None:
        sealed = seal(kept, passphrase, self._cost)
        write_whole(self._file, sealed)  # which gives it to this user alone (0600)
        self._passphrase, self._read = passphrase, (sealed, kept)

    def _current(self, passphrase: str) -> dict[str, str]:
        content = self._content()
        if self._read is None or self._read[0] != content:
            try:
                self._read = content, self._unsealed(content, passphrase)
            except WrongPassphraseError:  # it was changed elsewhere
                self.close()
                raise HomepointError(*_LOCKED) from None
        return self._read[1]

    def _unsealed(self, content: bytes, passphrase: str) -> dict[str, str]:
        kept, cost = unseal(content, passphrase)
        self._cost = self._cost.raised_to(cost)
        return kept

    def _content(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            raise HomepointError(
                "The file of passwords is gone.", "Restore it from a backup, or make a new one."
            ) from None
        except OSError as fault:
            raise HomepointError(
                f"The file of passwords cannot be read: {fault.strerror}.", f"Check who may read {self._file}."
            ) from fault

    def _opened_by(self) -> str:
        if self._passphrase is None:
            raise HomepointError(*_LOCKED)
        return self._passphrase

    def _clear_unfinished(self) -> None:
        for left in self._file.parent.glob(f".{self._file.name}.*"):
            with suppress(OSError):
                left.unlink()


def _check(passphrase: str) -> None:
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise HomepointError(
            f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.",
            "Four or five words that do not belong together are good and easy to remember.",
        )
