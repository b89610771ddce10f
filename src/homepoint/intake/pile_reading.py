"""Reads a pile of files and folders one by one, keeps what is worth keeping, and says of each what is in it."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from homepoint.application.flight_facts import flight_facts
from homepoint.application.found import FoundFile
from homepoint.application.problems import HomepointError
from homepoint.domain.flight import FlightRecord
from homepoint.domain.intake_values import BoxCodes, FlightExport, MapFile, Photo, VideoSubtitles
from homepoint.domain.terms import Terms
from homepoint.intake.findings import looks_like_fleet
from homepoint.intake.readers import bytes_of, read_bytes
from homepoint.intake.reading import FileKind
from homepoint.intake.recognise import recognise

MOST_FILES = 20_000
_PASSED_OVER = frozenset({"Thumbs.db", "desktop.ini"})

Progress = Callable[[int, int], None]
"""Called with the files done and the files in all before each file; whatever it raises ends the reading."""


class Stored(Protocol):
    """What a store says of a file it took in."""

    @property
    def media_type(self) -> str:
        """What kind it is, by its first bytes."""

    @property
    def sha256(self) -> str:
        """What it contains, in short."""

    @property
    def size(self) -> int:
        """How many bytes."""


class Store(Protocol):
    """The evidence store, as far as a pile needs it (`system.attachments.EvidenceStore`)."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Return where a copy is, or would be."""

    def take_in(self, source: Path) -> Stored:
        """Copy a file in and say what it is."""

    def remove(self, sha256: str) -> None:
        """Delete a copy for good."""


class Copies:
    """The copies made of a pile, so that those nobody wants in the end can be let go again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before = frozenset(each.name for each in store.folder.glob("*/*"))
        self._made: set[str] = set()

    def keep(self, file: Path) -> Stored:
        """Take a copy of a file and say what it is.

        Raises:
            HomepointError: it cannot be kept; then the file is not used either.
        """
        stored = self._store.take_in(file)
        if self._store.path(stored.sha256).name not in self._before:
            self._made.add(stored.sha256)
        return stored

    def let_go(self, but: Callable[[], Iterable[str | None]] = tuple) -> None:
        """Delete the copies made here, but those of these SHA-256; copies that were there before always stay."""
        if self._made:
            for each in self._made - set(but()):
                self._store.remove(each)


Keep = Callable[[Path], Stored]


def files_of(paths: Iterable[Path]) -> Sequence[Path]:
    """Return the files named, and those in the folders named, without hidden ones; each once, in order.

    Raises:
        HomepointError: there are more than `MOST_FILES`.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for file in _inside(path) if path.is_dir() else (path,):
            found.setdefault(file)
            if len(found) > MOST_FILES:
                raise HomepointError(f"These are more than {MOST_FILES:,} files.", "Take them in folder by folder.")
    return list(found)


def _inside(folder: Path) -> Iterator[Path]:
    for inner, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name not in _PASSED_OVER:
                yield Path(inner, name)


def read_pile(
    paths: Iterable[Path], terms: Terms, keep: Keep | None = None, progress: Progress | None = None
) -> list[FoundFile]:
    """Return what each file holds. One that cannot be read stops none of the others.

    Args:
        paths: files and folders.
        terms: tells what looks like a serial or a model, on boxes and invoices.
        keep: takes a copy of each file worth keeping before anything is made of it; without it none is kept.
        progress: see `Progress`.

    Raises:
        HomepointError: there are too many files.
    """
    files = files_of(paths)
    found = []
    for done, file in enumerate(files):
        if progress is not None:
            progress(done, len(files))
        try:
            found.append(_read(file, terms, keep))
        except HomepointError as problem:
            found.append(FoundFile(name=_name(file), path=str(file), problem=problem.title, advice=problem.advice))
    return found


def _read(file: Path, terms: Terms, keep: Keep | None) -> FoundFile:
    data = bytes_of(file)
    kind = recognise(data)
    digest = hashlib.sha256(data).hexdigest()
    plain = FoundFile(name=_name(file), path=str(file), kind=str(kind or ""), size=len(data), sha256=digest)
    if kind is FileKind.OWNER_FILE or (kind is FileKind.TABLE and looks_like_fleet(data)):
        return replace(plain, is_separate=True)
    if kind is FileKind.PDF:
        found = _paper(plain, data, terms)
    else:
        read = read_bytes(data)
        value, points = _short(read.value)
        codes = _codes(read.value, data, terms)
        found = replace(plain, kind=str(read.kind), value=value, points=points, codes=codes)
    if keep is None:
        return found
    kept = keep(file)
    return replace(found, sha256=kept.sha256, size=kept.size, media_type=kept.media_type)


def _paper(plain: FoundFile, data: bytes, terms: Terms) -> FoundFile:
    """Return what an invoice proposes; a scan or a locked PDF is a document all the same."""
    from homepoint.intake.invoice import read_invoice

    try:
        return replace(plain, value=read_invoice(data, terms))
    except HomepointError as problem:
        return replace(plain, note=f"{problem.title} {problem.advice}")


def _codes(value: object, data: bytes, terms: Terms) -> BoxCodes | None:
    """Return the codes on a photo; one that an aircraft took shows no box, and there may be a thousand of it."""
    if not isinstance(value, Photo) or value.serials or value.aircraft_model:
        return None
    from homepoint.intake.codes import read_codes

    try:
        return read_codes(data, terms)
    except HomepointError:
        return None


def _name(file: Path) -> str:
    """Return a file's name as it can be shown and kept, whatever bytes it is made of."""
    name = os.fsencode(file.name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)


def _short(value: object) -> tuple[object, int]:
    """Return a value without its thousands of positions, and how many there were: a pile must fit into memory."""
    if isinstance(value, FlightRecord):
        return flight_facts(value), len(value.frames)
    if isinstance(value, FlightExport):
        return replace(value, points=()), len(value.points)
    if isinstance(value, VideoSubtitles):
        return replace(value, points=()), len(value.points)
    if isinstance(value, MapFile):
        points = len(value.places) + sum(len(track.points) for track in value.tracks)
        return MapFile(places=(), tracks=(), notes=value.notes), points
    return value, 0
