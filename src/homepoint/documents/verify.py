"""Says whether a dossier is as it was sealed, and names every file that was altered, is missing or was added."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from homepoint.application.problems import HomepointError
from homepoint.documents.manifest import NAME, Listed, Manifest, read_manifest, seal_of

LARGEST_FILE = 2 << 30
"""No file of a dossier is larger when unpacked."""

_MOST_FILES = 20_000
_LARGEST_MANIFEST = 16 << 20
_MOST_SQUEEZED = 200
"""A file unpacked may be this many times its packed size: ordinary text stays far below, a bomb does not."""

_BLOCK = 1 << 20


class Outcome(StrEnum):
    INTACT = "intact"
    ALTERED = "altered"
    NOT_A_DOSSIER = "not-a-dossier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found. `problem` says why a file is no dossier; the names are those of files inside it.

    `seal` is computed from what is there now, `sealed_as` is what the manifest says.
    """

    outcome: Outcome
    problem: str = ""
    id: str = ""
    seal: str = ""
    sealed_as: str = ""
    document_sha256: str = ""
    files: int = 0
    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def verify(path: Path) -> Verdict:
    """Read a dossier through, in blocks, and compare it with its manifest; nothing is unpacked to disk.

    Raises:
        HomepointError: the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verdict(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError):
        return _no_dossier("it is not a ZIP file, or a damaged one")
    except OSError as fault:
        raise HomepointError(
            f"{path} could not be read: {fault.strerror or fault}.", "Check the name, and that the file may be read."
        ) from fault


def _no_dossier(problem: str) -> Verdict:
    return Verdict(outcome=Outcome.NOT_A_DOSSIER, problem=problem)


def _verdict(archive: zipfile.ZipFile) -> Verdict:
    entries = archive.infolist()
    if unsafe := next(_dangers(entries), None):
        return _no_dossier(unsafe)
    present = {entry.filename: entry for entry in entries}
    if NAME not in present:
        return _no_dossier(f"it holds no {NAME}")
    if present[NAME].file_size > _LARGEST_MANIFEST:
        return _no_dossier(f"its {NAME} is too large")
    try:
        manifest = read_manifest(archive.read(NAME))
    except (zipfile.BadZipFile, zlib.error):
        return _no_dossier(f"its {NAME} is damaged")
    return _no_dossier(manifest) if isinstance(manifest, str) else _compared(archive, present, manifest)


def _dangers(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Yield what no dossier has, and what must not be opened."""
    if len(entries) > _MOST_FILES:
        yield f"it holds more than {_MOST_FILES:,} files"
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.casefold() in seen:
            yield f"it holds {_shown(name)} twice"
        seen.add(name.casefold())
        parts = name.split("/")
        if "\\" in entry.orig_filename or name.startswith("/") or ":" in parts[0] or {"..", ".", ""} & set(parts):
            yield f"it holds a file with an unsafe name, {_shown(name)}"
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield f"it holds a link, {_shown(name)}"
        if entry.flag_bits & 0x1:
            yield f"it holds an encrypted file, {_shown(name)}"
        if entry.file_size > LARGEST_FILE:
            yield f"it holds a file that unpacks to more than 2 GB, {_shown(name)}"
        if entry.file_size > max(entry.compress_size, 1) * _MOST_SQUEEZED:
            yield f"it holds a file that unpacks to suspiciously much, {_shown(name)}"


def _compared(archive: zipfile.ZipFile, present: dict[str, zipfile.ZipInfo], manifest: Manifest) -> Verdict:
    listed = {each.name: each for each in (manifest.document, *manifest.files)}
    altered = [name for name, each in listed.items() if name in present and not _is_as_listed(archive, each)]
    seal = seal_of(manifest.files)
    if seal != manifest.seal or len(listed) != 1 + len(manifest.files):
        altered.insert(0, NAME)
    missing = [name for name in listed if name not in present]
    added = [name for name in present if name not in listed and name != NAME]
    return Verdict(
        outcome=Outcome.ALTERED if altered or missing or added else Outcome.INTACT,
        id=manifest.id,
        seal=seal,
        sealed_as=manifest.seal,
        document_sha256=manifest.document.sha256,
        files=len(listed),
        altered=tuple(altered),
        missing=tuple(missing),
        added=tuple(added),
    )


def _is_as_listed(archive: zipfile.ZipFile, listed: Listed) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(listed.name) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if size > LARGEST_FILE:
                    return False
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return False  # the ZIP's own checksum says so already
    return size == listed.size and digest.hexdigest() == listed.sha256


def _shown(name: str) -> str:
    return repr(name[:80])
