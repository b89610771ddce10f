"""What the dossier's template is given: its values as plain JSON, with the hashes and what the seal proves."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from homepoint.documents.manifest import Listed, dossier_id
from homepoint.presentation.dossier import Dossier, EvidenceEntry
from homepoint.presentation.places import PlaceMap, distance_text

_QUOTES_LEAD = (
    "In Homepoint's own words, with the place each was read in. DJI's full terms of service go before all of them. "
    "Homepoint is not made by DJI."
)
_SEAL_SAYS = (
    "This seal is computed from the names, sizes and SHA-256 hashes of all files below. If one of them is changed, "
    "taken out or exchanged, it no longer fits. Anyone can check it with the command “homepoint verify”, or each hash "
    "with any other program.",
    "It shows that the files belong to this document and are unchanged since they were sealed. It does not show who "
    "made them or when, nor that what they say is true. Once the seal was sent to someone, such as DJI or an insurer, "
    "it also shows that nothing was changed after that day.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo the PDF shows, unaltered; `file` is its name among the template's files."""

    file: str
    content: bytes
    entry: EvidenceEntry


def dossier_data(
    dossier: Dossier, seal: str, files: Sequence[Listed], photos: Sequence[Photo], unkept: Sequence[str]
) -> dict[str, Any]:
    """Return the data of `dossier.typ`.

    Args:
        dossier: what it says.
        seal: the seal over `files`.
        files: everything in the ZIP but the PDF and the manifest.
        photos: those that are shown.
        unkept: names of files that are recorded, but no longer there or no longer what they were.
    """
    notes = [*dossier.notes]
    if unkept:
        notes.append(
            f"Recorded as evidence, but no longer there as it was taken in, and so left out: {', '.join(unkept)}."
        )
    return {
        "id": dossier_id(seal),
        "title": dossier.title,
        "subtitle": dossier.subtitle,
        "paper": dossier.paper,
        "notes": notes,
        "statement": dossier.statement,
        "words": [line for line in dossier.words.splitlines() if line.strip()],
        "sections": [asdict(section) for section in dossier.sections],
        "map": None if dossier.map is None else _map(dossier.map),
        "quotes": [asdict(quote) for quote in dossier.quotes],
        "quotes_lead": _QUOTES_LEAD,
        "evidence": [_entry(entry, unkept) for entry in dossier.evidence],
        "evidence_lead": "The files are in the ZIP this document came with, byte for byte as they were taken in.",
        "photos": [_photo(photo) for photo in photos],
        "photos_lead": _photos_lead(dossier, photos),
        "seal": seal,
        "seal_says": _SEAL_SAYS,
        "hashes": [{"name": each.name, "sha256": each.sha256} for each in files],
    }


def _map(place: PlaceMap) -> dict[str, Any]:
    rings = [{"metres": ring, "label": distance_text(ring)} for ring in place.rings_m]
    points = [asdict(point) for point in place.points]
    return {"points": points, "radius_m": place.radius_m, "rings": rings, "says": place.says}


def _entry(entry: EvidenceEntry, unkept: Sequence[str]) -> dict[str, Any]:
    about = f"Kept with {entry.about}"
    if not entry.kept:
        about += "; not handed on"
    elif entry.name in unkept:
        about += "; no longer there as it was taken in"
    return {"number": entry.number, "name": entry.name, "kind": entry.kind, "size": entry.size, "about": about}


def _photo(photo: Photo) -> dict[str, Any]:
    entry = photo.entry
    return {
        "file": photo.file,
        "alt": f"Photo: {entry.name}",
        "caption": f"No. {entry.number}: {entry.name}, {entry.size}",
    }


def _photos_lead(dossier: Dossier, photos: Sequence[Photo]) -> str:
    all_of_them = sum(
        1 for each in dossier.evidence if each.kept and (each.attachment.media_type or "").startswith("image/")
    )
    if all_of_them <= len(photos):
        return ""
    return f"{len(photos)} of {all_of_them} photos are shown here; all of them are in the ZIP."
