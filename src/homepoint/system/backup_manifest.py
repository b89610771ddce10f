"""What a backup says of itself: `manifest.json`, its last member, so that a backup cut off by anything has none."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homepoint.application.backups import BackupKind

NAME = "manifest.json"
LIBRARY_MEMBER = "library.sqlite"
EVIDENCE_FOLDER = "evidence"
FORMAT, VERSION = "homepoint-backup", 1

_EVIDENCE = re.compile(rf"{EVIDENCE_FOLDER}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NotABackupError(ValueError):
    """A manifest is not one of ours; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file in a backup."""

    name: str
    sha256: str
    size: int

    @property
    def evidence(self) -> str | None:
        """Return the SHA-256 under which this is kept as evidence; None for the library."""
        return self.name.rsplit("/", 1)[-1] if self.name != LIBRARY_MEMBER else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds.

    `origin` tells the libraries that share a folder for backups apart; `mark` differs once anything was recorded.
    `missing` is how many files of evidence were named and not there any more when it was made.
    `schema` is the library's, `homepoint` the version of the program that made the backup.
    """

    made_at: datetime
    kind: BackupKind
    homepoint: str
    schema: int
    origin: str
    mark: str
    counts: Mapping[str, int]
    edits: int
    missing: int
    members: tuple[Member, ...]

    @property
    def size(self) -> int:
        """Bytes of all members, unpacked."""
        return sum(each.size for each in self.members)

    @property
    def library(self) -> Member:
        """The library's file."""
        return next(each for each in self.members if each.name == LIBRARY_MEMBER)

    @property
    def evidence(self) -> tuple[Member, ...]:
        """The files kept as evidence."""
        return tuple(each for each in self.members if each.name != LIBRARY_MEMBER)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as it is written."""
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": manifest.made_at.isoformat(),
        "kind": manifest.kind.value,
        "homepoint": manifest.homepoint,
        "schema": manifest.schema,
        "origin": manifest.origin,
        "mark": manifest.mark,
        "counts": dict(manifest.counts),
        "edits": manifest.edits,
        "missing": manifest.missing,
        "members": [{"name": each.name, "sha256": each.sha256, "size": each.size} for each in manifest.members],
    }
    return json.dumps(plain, indent=1, ensure_ascii=False).encode()


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        NotABackupError: it is none, or of a newer Homepoint.
    """
    try:
        plain = json.loads(content)
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise NotABackupError("it is no backup of Homepoint")
        if plain.get("version") != VERSION:
            raise NotABackupError("it was made by a newer Homepoint; install the newest one to use it")
        return _read(plain)
    except (KeyError, TypeError, ValueError, RecursionError) as fault:
        if isinstance(fault, NotABackupError):
            raise
        raise NotABackupError(f"its {NAME} is damaged") from fault


def _read(plain: Mapping[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(plain["made_at"])
    members = tuple(_member(each) for each in plain["members"])
    names = {each.name for each in members}
    if made_at.tzinfo is None or LIBRARY_MEMBER not in names or len(names) != len(members):
        raise ValueError("incomplete")
    return Manifest(
        made_at=made_at,
        kind=BackupKind(plain["kind"]),
        homepoint=str(plain["homepoint"]),
        schema=int(plain["schema"]),
        origin=str(plain["origin"]),
        mark=str(plain["mark"]),
        counts={str(kind): int(count) for kind, count in plain["counts"].items()},
        edits=int(plain["edits"]),
        missing=int(plain["missing"]),
        members=members,
    )


def _member(plain: Mapping[str, Any]) -> Member:
    name, sha256, size = str(plain["name"]), str(plain["sha256"]), int(plain["size"])
    if (name != LIBRARY_MEMBER and not _EVIDENCE.fullmatch(name)) or not _SHA256.fullmatch(sha256) or size < 0:
        raise ValueError(name)
    return Member(name=name, sha256=sha256, size=size)
