"""The dossier of an incident as plain values: what the owner states, what was so at that moment, and by which clauses.

Everything in it is read from `Dossier.facts`, the excerpt that goes into the sealed file: whoever reads those facts by
the same catalogue gets the same dossier. Nothing in it comes from a clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from homepoint.domain.facts import Attachment, BoundTo, Claim, Device, Incident
from homepoint.domain.rules.claims import claim_reading
from homepoint.domain.rules.routes import incident_reading
from homepoint.domain.snapshot import DeviceFacts, Snapshot
from homepoint.domain.terms import Terms
from homepoint.domain.values import AttachmentId, IncidentId, Region
from homepoint.presentation.dossier_parts import Quote, Section, Subject
from homepoint.presentation.dossier_sections import (
    place_section_map,
    quotes_for,
    sections_of,
    statement_of,
)
from homepoint.presentation.incident_words import INCIDENT_NAMES, file_kind, size_text
from homepoint.presentation.places import PlaceMap
from homepoint.presentation.redaction import HIDDEN_SAYS, redacted

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The date inside the files of a dossier whose incident has no instant."""

_LETTER_REGIONS = frozenset({"US", "CA", "MX", "PH", "CL", "CO"})
_PLAIN_TO_SHOW = ("image/", "video/", "application/x-subrip", "application/x-dji-flight-record")
"""What a redacted dossier holds of the files: a receipt or a letter bears prices and addresses nobody can hide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    """One file of the dossier. `number` counts from 1; `kept` is False for one that is listed and left out."""

    number: int
    attachment: Attachment
    name: str
    kind: str
    size: str
    about: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that a dossier says. `at` dates the files inside; `paper` is "a4" or "us-letter"."""

    title: str
    subtitle: str
    at: datetime
    paper: str
    statement: tuple[str, ...]
    words: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    map: PlaceMap | None
    quotes: tuple[Quote, ...]
    evidence: tuple[EvidenceEntry, ...]
    facts: Snapshot
    is_redacted: bool


def evidence_owners(facts: DeviceFacts, incident: IncidentId) -> tuple[str, ...]:
    """Return the ids whose attachments belong into the dossier: incident, its claims, the device's units, plans."""
    claims = (claim.id for claim in facts.claims if claim.incident == incident)
    units = (id for unit in facts.lineage() for id in (unit.device.id, *(plan.id for plan in unit.plans)))
    return (incident, *claims, *units)


def dossier(
    facts: DeviceFacts,
    incident: IncidentId,
    attachments: Iterable[Attachment],
    terms: Terms,
    now: datetime,
    *,
    redact: bool = False,
    leave_out: frozenset[AttachmentId] = frozenset(),
) -> Dossier | None:
    """Return the dossier of an incident; None when the device has no incident of this id.

    Args:
        facts: the device with all that bears on it.
        incident: one of its incidents.
        attachments: the files of `evidence_owners`, in the order they are to appear.
        terms: the catalogue.
        now: which steps of claims are known; and the instant of judgement where the incident has none.
        redact: hide prices, fees, e-mail, addresses, activation codes and account names.
        leave_out: files to list by name and hash, and not to hand on.
    """
    found = next((each for each in facts.incidents if each.id == incident), None)
    if found is None:
        return None
    excerpt = excerpt_for(facts, found, tuple(attachments))
    left_out = frozenset(number for number, each in enumerate(excerpt.attachments, 1) if each.id in leave_out)
    if redact:
        excerpt = redacted(excerpt)
    subject = _subject(excerpt, facts.device.id, incident, terms, now)
    evidence = tuple(_entries(excerpt, subject, redact=redact, left_out=left_out))
    name = INCIDENT_NAMES[subject.incident.kind] if subject.incident.kind else "Incident"
    return Dossier(
        title=f"{name}: {subject.facts.device.model}",
        subtitle=subject.when,
        at=(subject.incident.at or UNDATED).astimezone(UTC).replace(microsecond=0),
        paper="us-letter" if _region(subject) in _LETTER_REGIONS else "a4",
        statement=statement_of(subject),
        words=(subject.incident.description or "").strip(),
        notes=tuple(_notes(evidence, redact=redact)),
        sections=sections_of(subject, redact=redact, attachments=excerpt.attachments),
        map=place_section_map(subject),
        quotes=quotes_for(subject),
        evidence=evidence,
        facts=excerpt,
        is_redacted=redact,
    )


def excerpt_for(facts: DeviceFacts, incident: Incident, attachments: Sequence[Attachment]) -> Snapshot:
    """Return the facts that bear on an incident and no others.

    Other claims stay, since they used up the plan, but without what they cost; other incidents do not.
    """
    units = list(facts.lineage())
    bindings = [binding for unit in units for binding in unit.bindings]
    accounts = {each.target for each in bindings if each.to is BoundTo.ACCOUNT} | {incident.account}
    controllers = {each.target for each in bindings if each.to is BoundTo.CONTROLLER} | {incident.controller}
    successor = () if facts.successor is None else (_bare_device(facts.successor),)
    return Snapshot(
        zone=facts.zone,
        accounts=tuple(each for each in facts.accounts if each.id in accounts),
        controllers=tuple(each for each in facts.controllers if each.id in controllers),
        devices=(*successor, *(unit.device for unit in units)),
        bindings=tuple(bindings),
        plans=tuple(plan for unit in units for plan in unit.plans),
        purchase_notices=tuple(notice for unit in units for notice in unit.notices),
        incidents=(incident,),
        claims=tuple(
            claim if claim.incident == incident.id else _bare_claim(claim) for unit in units for claim in unit.claims
        ),
        attachments=tuple(attachments),
    )


def _bare_device(device: Device) -> Device:
    return replace(device, price=None)


def _bare_claim(claim: Claim) -> Claim:
    return replace(claim, incident=None, fees=(), deposit=None)


def _subject(excerpt: Snapshot, device: str, incident: IncidentId, terms: Terms, now: datetime) -> Subject:
    """Judge the incident by the excerpt alone."""
    facts = next(each for each in excerpt.by_device() if each.device.id == device)
    [found] = [each for each in facts.incidents if each.id == incident]
    claims = [claim for claim in facts.claims if claim.incident == incident]
    return Subject(
        facts=facts,
        incident=found,
        reading=incident_reading(facts, found, terms, now),
        claims=tuple((claim, claim_reading(facts, claim, terms, now)) for claim in claims),
        terms=terms,
    )


def _entries(excerpt: Snapshot, subject: Subject, *, redact: bool, left_out: frozenset[int]) -> Iterable[EvidenceEntry]:
    for number, each in enumerate(excerpt.attachments, 1):
        may_go = not redact or (each.media_type or "").startswith(_PLAIN_TO_SHOW)
        yield EvidenceEntry(
            number=number,
            attachment=each,
            name=each.name,
            kind=file_kind(each.media_type),
            size=size_text(each.size),
            about=_about(each, subject),
            kept=may_go and number not in left_out and each.sha256 is not None,
        )


def _about(attachment: Attachment, subject: Subject) -> str:
    if attachment.of == subject.incident.id:
        return "the incident"
    if any(attachment.of == claim.id for claim, _ in subject.claims):
        return "the claim"
    return "the plan" if any(attachment.of == plan.id for plan in subject.facts.plans) else "the device"


def _notes(evidence: Sequence[EvidenceEntry], *, redact: bool) -> Iterable[str]:
    if redact:
        yield f"{HIDDEN_SAYS} Photos, videos and flight records are unchanged originals."
    out = sum(1 for each in evidence if not each.kept)
    if out:
        files = "1 file is" if out == 1 else f"{out} files are"
        yield f"{files} listed below but not handed on with this dossier."


def _region(subject: Subject) -> Region | None:
    return subject.incident.service_region or subject.facts.device.region
