"""The list of a dossier's files with their hashes, and the seal over it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FORMAT, VERSION = "homepoint-dossier", 1
NAME = "manifest.json"
PDF_NAME = "dossier.pdf"
FACTS_NAME = "facts.json"

_SEAL_CALLED = "HP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A file of a dossier: its place in the ZIP, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a dossier says it holds. `document` is the PDF, which bears the seal and so lies outside of it."""

    seal: str
    files: tuple[Listed, ...]
    document: Listed
    is_redacted: bool

    @property
    def id(self) -> str:
        """The short name of the dossier, from its seal."""
        return dossier_id(self.seal)


def seal_of(files: Iterable[Listed]) -> str:
    """Return the SHA-256 over names, sizes and hashes of all files but the PDF, in their order."""
    listed = [[each.name, each.size, each.sha256] for each in files]
    text = json.dumps([FORMAT, VERSION, listed], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def dossier_id(seal: str) -> str:
    """Return the short name that stands on every page: "HP-3F2A-91C0-77DE"."""
    return "-".join((_SEAL_CALLED, *(seal[start : start + 4].upper() for start in (0, 4, 8))))


def manifest_text(manifest: Manifest) -> str:
    """Return the manifest as JSON, keys in a fixed order."""
    tree = {
        "format": FORMAT,
        "version": VERSION,
        "id": manifest.id,
        "redacted": manifest.is_redacted,
        "seal": manifest.seal,
        "document": _plain(manifest.document),
        "files": [_plain(each) for each in manifest.files],
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def read_manifest(data: bytes) -> Manifest | str:
    """Return a manifest, or a sentence that says why it is none."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return f"its {NAME} is not JSON"
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        return f"its {NAME} is not that of a Homepoint dossier"
    if tree.get("version") != VERSION:
        return f"it is of version {str(tree.get('version'))[:20]}; this Homepoint reads version {VERSION}"
    try:
        return Manifest(
            seal=_text(tree["seal"]),
            files=tuple(_listed(each) for each in tree["files"]),
            document=_listed(tree["document"]),
            is_redacted=bool(tree.get("redacted")),
        )
    except (KeyError, TypeError, ValueError):
        return f"its {NAME} is incomplete"


def _plain(listed: Listed) -> dict[str, Any]:
    return {"name": listed.name, "size": listed.size, "sha256": listed.sha256}


def _listed(plain: Any) -> Listed:
    if not isinstance(plain["size"], int):
        raise TypeError("a size is a whole number")
    return Listed(name=_text(plain["name"]), size=plain["size"], sha256=_text(plain["sha256"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text is wanted")
    return value
