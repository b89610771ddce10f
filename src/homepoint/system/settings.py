"""Settings of this computer, kept as one small JSON file beside the library; a broken one is set aside."""

import base64
import json
from pathlib import Path


class Settings:
    """Named texts and bytes. Values are read once and written at once, whole or not at all.

    What cannot be read or written is not worth stopping for: a window then simply opens in its first size.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()

    def read_text(self, key: str) -> str | None:
        """Return what was kept under a name, None if nothing."""
        return self._values.get(key)

    def write_text(self, key: str, value: str) -> None:
        """Keep a text under a name."""
        if self._values.get(key) != value:
            self._values[key] = value
            self._write()

    def read_bytes(self, key: str) -> bytes | None:
        """Return the bytes kept under a name, None if nothing or no bytes."""
        try:
            return base64.b64decode(self._values[key], validate=True)
        except (KeyError, ValueError):
            return None

    def write_bytes(self, key: str, value: bytes) -> None:
        """Keep bytes under a name."""
        self.write_text(key, base64.b64encode(value).decode("ascii"))

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(key): value for key, value in found.items() if isinstance(value, str)}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError):
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".broken"))
        except OSError:
            return

    def _write(self) -> None:
        whole = self._path.with_suffix(".new")
        try:
            whole.write_text(json.dumps(self._values, indent=1, sort_keys=True), encoding="utf-8")
            whole.replace(self._path)
        except OSError:
            whole.unlink(missing_ok=True)
