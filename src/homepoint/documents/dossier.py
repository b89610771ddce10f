"""Makes the sealed dossier: one ZIP with the PDF, the facts, the files and the manifest that binds them together."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from homepoint.application.problems import AlteredFileError, HomepointError
from homepoint.documents.dossier_pages import Photo, dossier_data
from homepoint.documents.manifest import FACTS_NAME, NAME, PDF_NAME, Listed, Manifest, manifest_text, seal_of
from homepoint.documents.typesetting import can_show, typeset
from homepoint.documents.whole import whole_file
from homepoint.presentation.dossier import Dossier, EvidenceEntry

MOST_PHOTOS, MOST_PHOTO_BYTES = 24, 48 << 20
"""What the PDF shows at most, so that it can be e-mailed; every photo is in the ZIP."""

_MOST_PIXELS = 50_000_000
_BLOCK = 1 << 20
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png"}

OpenFile = Callable[[str], BinaryIO]
"""Opens a kept file by its SHA-256; raises FileNotFoundError where there is none.

Reading may raise AlteredFileError where it is not as it was taken in."""

Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all and what comes next; whatever it raises stops the work, and nothing stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDossier:
    """A dossier as written. `sha256` is that of the whole ZIP; `unkept` names files that were not there or altered."""

    id: str
    seal: str
    sha256: str
    size: int
    unkept: tuple[str, ...]
    declares_standards: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A piece of evidence with its place in the ZIP."""

    entry: EvidenceEntry
    listed: Listed


def make_dossier(
    dossier: Dossier,
    facts_text: str,
    open_file: OpenFile,
    out: Path,
    *,
    pdf_out: Path | None = None,
    progress: Progress | None = None,
) -> MadeDossier:
    """Write a dossier as a ZIP, and its PDF beside it where asked. The same input gives the same bytes.

    Args:
        dossier: what it says (`presentation.dossier`).
        facts_text: `dossier.facts` as the text of an owner file.
        open_file: opens a kept file by its SHA-256.
        out: the ZIP. It appears whole or not at all.
        pdf_out: where to put a copy of the PDF.
        progress: hears of every file read, the PDF, and every file written.

    Raises:
        HomepointError: it cannot be written, or a file changed while it was read.
    """
    steps = _Steps(progress, 2 * sum(entry.kept for entry in dossier.evidence) + 1)
    sources, unkept = _checked(dossier, open_file, steps)
    facts = facts_text.encode()
    files = (_listed(FACTS_NAME, facts), *(source.listed for source in sources))
    seal = seal_of(files)
    photos = list(_photos(sources, open_file))
    steps.next("Setting the pages")
    data = dossier_data(dossier, seal, files, photos, unkept)
    pages = typeset("dossier", data, dossier.at, {photo.file: photo.content for photo in photos})
    manifest = Manifest(seal=seal, files=files, document=_listed(PDF_NAME, pages.pdf), is_redacted=dossier.is_redacted)
    with whole_file(out) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, content in ((PDF_NAME, pages.pdf), (FACTS_NAME, facts), (NAME, manifest_text(manifest).encode())):
                archive.writestr(_info(name, dossier, len(content)), content)
            for source in sources:
                steps.next(source.entry.name)
                _write(archive, source, dossier, open_file, steps)
        size = stream.tell()
        sha256 = _digest(stream, steps.still_at_it)
    if pdf_out is not None:
        with whole_file(pdf_out) as stream:
            stream.write(pages.pdf)
    return MadeDossier(
        id=manifest.id,
        seal=seal,
        sha256=sha256,
        size=size,
        unkept=unkept,
        declares_standards=pages.declares_standards,
    )


class _Steps:
    """Counts steps for whoever watches."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done, self._what = progress, total, -1, ""

    def next(self, what: str) -> None:
        """Begin a step."""
        self._done, self._what = self._done + 1, what
        self.still_at_it()

    def still_at_it(self) -> None:
        """Report the step again, so that a long one can be stopped."""
        if self._progress:
            self._progress(self._done, self._total, self._what)


def _checked(dossier: Dossier, open_file: OpenFile, steps: _Steps) -> tuple[list[_Source], tuple[str, ...]]:
    """Read every file through: those that are still what was taken in, and the names of those that are not."""
    sources, unkept = [], []
    for entry in dossier.evidence:
        sha256 = entry.attachment.sha256
        if not entry.kept or sha256 is None:
            continue
        steps.next(entry.name)
        try:
            with open_file(sha256) as stream:
                size, digest = _read_through(stream, steps.still_at_it)
        except (FileNotFoundError, AlteredFileError):
            size, digest = 0, ""
        if digest != sha256:
            unkept.append(entry.name)
            continue
        name = f"evidence/{entry.number:03d}-{_safe(entry.name)}"
        sources.append(_Source(entry=entry, listed=Listed(name=name, size=size, sha256=sha256)))
    return sources, tuple(unkept)


def _read_through(stream: BinaryIO, each_block: Callable[[], None]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while block := stream.read(_BLOCK):
        if size:
            each_block()
        size += len(block)
        digest.update(block)
    return size, digest.hexdigest()


def _digest(stream: BinaryIO, each_block: Callable[[], None]) -> str:
    stream.seek(0)
    return _read_through(stream, each_block)[1]


def _photos(sources: list[_Source], open_file: OpenFile) -> Iterator[Photo]:
    """Yield the photos the PDF shows: the first ones that can be shown, as long as there is room."""
    shown = taken = 0
    for source in sources:
        suffix = _SUFFIXES.get(source.entry.attachment.media_type or "")
        if suffix is None or shown == MOST_PHOTOS or taken + source.listed.size > MOST_PHOTO_BYTES:
            continue
        with open_file(source.listed.sha256) as stream:
            content = stream.read()
        file = f"photo-{source.entry.number}.{suffix}"
        if (suffix == "png" and _pixels(content) > _MOST_PIXELS) or not can_show(content, file):
            continue
        shown, taken = shown + 1, taken + len(content)
        yield Photo(file=file, content=content, entry=source.entry)


def _pixels(png: bytes) -> int:
    return int.from_bytes(png[16:20], "big") * int.from_bytes(png[20:24], "big")


def _write(archive: zipfile.ZipFile, source: _Source, dossier: Dossier, open_file: OpenFile, steps: _Steps) -> None:
    digest = hashlib.sha256()
    info = _info(source.listed.name, dossier, source.listed.size)
    with open_file(source.listed.sha256) as original, archive.open(info, "w") as copy:
        while block := original.read(_BLOCK):
            digest.update(block)
            copy.write(block)
            if len(block) == _BLOCK:
                steps.still_at_it()
    if digest.hexdigest() != source.listed.sha256:
        raise HomepointError(
            f"{source.entry.name} changed while the dossier was made.", "Nothing was written. Please try again."
        )


def _info(name: str, dossier: Dossier, size: int) -> zipfile.ZipInfo:
    """Describe an entry by the incident's date and nothing of this computer."""
    at = dossier.at
    info = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.create_system, info.external_attr = 3, 0o100644 << 16
    info.file_size = size
    return info


def _listed(name: str, content: bytes) -> Listed:
    return Listed(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def _safe(name: str) -> str:
    """Return a name every system can unpack."""
    kept = "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in name).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        return kept[:80] or "file"
    return f"{stem[:80].strip(' .')}.{suffix[:12]}"
