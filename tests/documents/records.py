"""An owner's records with an incident and its evidence, and the dossier made from them."""

import io
import json
import struct
import zlib
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from homepoint.catalogue import load_terms
from homepoint.documents.dossier import MadeDossier, Progress, make_dossier
from homepoint.domain.facts import Attachment
from homepoint.domain.portable import from_plain
from homepoint.domain.snapshot import DeviceFacts, Snapshot
from homepoint.domain.values import IncidentId
from homepoint.intake.owner_file import owner_file_text, read_owner_file
from homepoint.presentation.dossier import Dossier, dossier, evidence_owners

TERMS = load_terms()
NOW = datetime.fromisoformat("2025-08-01T12:00:00+02:00")

SECRETS = ("1159.00", "1,159.00", "169.00", "ada@example.org", "Ada Lovelace", "12 Nowhere Lane", "CODE-77-88")
"""What the records hold and a redacted document must not show."""


def records(**changed: Any) -> dict[str, Any]:
    """Return an owner file's tree: a Mini 4 Pro that flew away with everything bound, and a claim for it."""
    tree: dict[str, Any] = {
        "format": "homepoint-owner-file", "version": 1, "time_zone": "Europe/Berlin",
        "accounts": [{"id": "a1", "label": "Ada Lovelace", "email": "ada@example.org"}],
        "controllers": [{"id": "c1", "serial": "5YSZK1234567AB", "model": "DJI RC 2", "label": "RC 2"}],
        "devices": [{
            "id": "d1", "model": "DJI Mini 4 Pro", "category": "aircraft", "serial": "1581F6Z9C24AU0034SRD",
            "nickname": "Kestrel", "region": "DE", "channel": "dji-store", "condition": "new",
            "purchased_on": "2025-03-08", "received_on": "2025-03-10", "activated_at": "2025-03-10T11:00:00+01:00",
            "price": {"amount": "1159.00", "currency": "EUR"}, "proof_of_purchase": True, "status": "lost",
            "delivered_to": {"address": "12 Nowhere Lane"},
        }],
        "bindings": [
            {"id": "b1", "device": "d1", "to": "account", "target": "a1", "bound_at": "2025-03-10T11:05:00+01:00"},
            {"id": "b2", "device": "d1", "to": "controller", "target": "c1", "bound_at": "2025-03-10T11:06:00+01:00",
             "checked_at": ["2025-06-30T09:00:00+02:00"]},
        ],
        "plans": [{
            "id": "p1", "device": "d1", "product": "care-refresh-1y", "region": "DE",
            "purchased_at": "2025-03-11T09:00:00+01:00", "bound_at": "2025-03-11T09:10:00+01:00",
            "starts_on": "2025-03-11", "activation_code": "CODE-77-88",
        }],
        "incidents": [{
            "id": "i1", "device": "d1", "at": "2025-07-02T18:20:00+02:00", "kind": "flyaway", "retrievable": False,
            "account": "a1", "controller": "c1", "parts": ["aircraft"],
            "position": {"lat": 52.516275, "lon": 13.377704, "altitude_m": 80},
            "home": {"lat": 52.51326, "lon": 13.3717},
            "description": "I flew over the park when the picture froze.\nMail at ada@example.org; it cost 1,159.00.",
        }],
        "claims": [{
            "id": "k1", "incident": "i1", "device": "d1", "plan": "p1", "service": "flyaway-report",
            "steps": [{"step": "submitted", "at": "2025-07-02T20:00:00+02:00"},
                      {"step": "accepted", "at": "2025-07-05T10:00:00+02:00"},
                      {"step": "fee-paid", "at": "2025-07-06T10:00:00+02:00"}],
            "fees": [{"amount": {"amount": "169.00", "currency": "EUR"}, "label": "Flyaway fee",
                      "paid_at": "2025-07-06T10:00:00+02:00"}],
        }],
    }  # fmt: skip
    return {**tree, **changed}


def snapshot(tree: dict[str, Any]) -> Snapshot:
    """Read an owner file's tree as the program does."""
    found = read_owner_file(json.dumps(tree).encode())
    assert isinstance(found, Snapshot), found
    return found


class Kept:
    """An evidence store in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, content: bytes, name: str, media_type: str, of: str = "i1", id: str | None = None) -> Attachment:
        """Keep a file and return its attachment."""
        digest = sha256(content).hexdigest()
        self.files[digest] = content
        plain = {"id": id or f"f-{name}", "of": of, "name": name, "media_type": media_type, "sha256": digest}
        return from_plain(Attachment, {**plain, "size": len(content)})

    def open(self, sha256: str) -> BinaryIO:
        """Open a kept file."""
        if sha256 not in self.files:
            raise FileNotFoundError(sha256)
        return io.BytesIO(self.files[sha256])


def png(width: int = 64, height: int = 48, shade: int = 90) -> bytes:
    """Return a small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    line = b"\0" + bytes(value for x in range(width) for value in (shade, x * 255 // width, 160))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(line * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def facts_of(tree: dict[str, Any]) -> DeviceFacts:
    """Return the first device's facts."""
    return next(iter(snapshot(tree).by_device()))


def dossier_of(tree: dict[str, Any], *attachments: Attachment, now: datetime = NOW, **options: Any) -> Dossier:
    """Return the dossier of incident i1 with these files."""
    facts = facts_of(tree)
    assert "i1" in evidence_owners(facts, IncidentId("i1"))
    found = dossier(facts, IncidentId("i1"), attachments, TERMS, now, **options)
    assert found is not None
    return found


def written(
    made: Dossier, kept: Kept, out: Path, *, pdf_out: Path | None = None, progress: Progress | None = None
) -> MadeDossier:
    """Write a dossier as the command line does."""
    return make_dossier(made, owner_file_text(made.facts), kept.open, out, pdf_out=pdf_out, progress=progress)
