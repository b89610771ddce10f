"""What the field card of a device says: its serials, cover and hotline, and what to do in the first hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from homepoint.domain.assessment import Assessment, CareState
from homepoint.domain.facts import BoundTo, Category
from homepoint.domain.rules.flyaway import bound_at
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Contact, Terms
from homepoint.domain.values import Region
from homepoint.presentation.wording import (
    PRODUCT_NAMES,
    counted,
    day_text,
    gap_remedy,
    gap_sentence,
    name_of,
    region_name,
)

LONGEST_TITLE, LONGEST_NAME = 60, 120
"""Longer names are cut: the card is one page."""

_AIRCRAFT_STEPS = (
    "Look after people first. Do not touch a damaged, wet or hot battery.",
    "Do not unbind the account or the controller. Both must stay bound, as they were in flight.",
    "Note the time and the last position the app shows. Take a screenshot.",
    "Look for it first: in DJI's app under Profile, Find My Drone.",
    "Save the flight record. Do not delete or reinstall the app.",
    "If you have it: photograph it as it lies, with its serial. Do not switch on or charge what is wet or broken.",
    "Open Homepoint, “Report damage or loss”. The owner of the bound account reports it.",
)
_HANDHELD_STEPS = (
    "Do not touch a damaged, wet or hot battery.",
    "Do not switch on or charge what is wet or broken.",
    "Note the time, and what happened.",
    "Photograph it as it is, with the serial label.",
    "Keep the parts, even broken ones. Do not open the device.",
    "Open Homepoint, “Report damage or loss”.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCard:
    """The card. `readiness` is empty for a handheld; `gaps` are what is missing and what closes it."""

    title: str
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]
    contacts_note: str
    readiness: str
    gaps: tuple[tuple[str, str], ...]
    foot: str


def field_card(facts: DeviceFacts, assessment: Assessment, terms: Terms) -> FieldCard:
    """Return the field card of a device as of its assessment."""
    is_aircraft = assessment.category in (None, Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT)
    missing = assessment.flyaway.missing if is_aircraft else ()
    ready = "Ready: account and controller are bound, and the plan covers a flyaway." if not missing else ""
    contacts, note = _contacts(facts.device.region, terms)
    local = assessment.at.astimezone(facts.zone)
    return FieldCard(
        title=_cut(facts.device.nickname or facts.device.model, LONGEST_TITLE),
        rows=tuple(_rows(facts, assessment, assessment.at, is_aircraft=is_aircraft)),
        steps=_AIRCRAFT_STEPS if is_aircraft else _HANDHELD_STEPS,
        contacts=contacts,
        contacts_note=note,
        readiness=(ready or "Not ready. Close these gaps before the next flight:") if is_aircraft else "",
        gaps=tuple((gap_sentence(gap), gap_remedy(gap)) for gap in missing),
        foot=f"As of {day_text(local.date())}. Homepoint is not made by DJI; DJI's own terms decide.",
    )


def _rows(facts: DeviceFacts, assessment: Assessment, at: datetime, *, is_aircraft: bool) -> Iterator[tuple[str, str]]:
    device, care = facts.device, assessment.care
    yield "Model", _cut(device.model)
    yield ("Serial, aircraft" if is_aircraft else "Serial"), _cut(device.serial or "Not recorded")
    bound = {binding.target for binding in bound_at(facts, BoundTo.CONTROLLER, at)}
    for controller in facts.controllers:
        if controller.id in bound:
            name = controller.model or controller.label
            serial = controller.serial or "serial not recorded"
            yield "Controller", _cut(f"{name}, {serial}" if name else serial)
    if is_aircraft and not bound:
        yield "Controller", "None is bound"
    if care.product is None or care.state is CareState.NONE:
        yield "Plan", "No care plan"
        return
    yield "Plan", f"{PRODUCT_NAMES[care.product]}, {name_of(care.state).lower()}"
    if care.ends_on:
        yield "Covered until", f"the end of {day_text(care.ends_on)}"
    if care.state in (CareState.ACTIVE, CareState.USED_UP):
        left = care.replacements.left
        yield "Replacements left", "Not known" if left is None else counted(left, "replacement")


def _contacts(region: Region | None, terms: Terms) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the phone lines for a region and where they were read; without one of its own, the known others say so."""
    lines = [each for each in terms.contacts if each.channel == "phone" and each.phone]
    own = [each for each in lines if each.region == region]
    shown = own or [each for each in lines if each.confidence == "high"]
    rows = [row for each in shown for row in _lines(each)]
    read = "; ".join(f"{each.source.name}, seen {each.source.seen}" for each in shown)
    note = f"Read in: {read}. It may have changed."
    if not own:
        where = "your region" if region is None else region_name(region)
        note = f"No line for {where} was found in any source. {note}"
    home = next((link for link in terms.links if link.step == "support_home" and link.url), None)
    if home is not None and home.url:
        rows.append(("Support page", home.url))
    return tuple(rows), note


def _lines(contact: Contact) -> Iterator[tuple[str, str]]:
    yield "Phone", f"{contact.phone} ({region_name(contact.region)})"
    if contact.hours:
        yield "Hours", contact.hours


def _cut(text: str, longest: int = LONGEST_NAME) -> str:
    clean = " ".join(text.split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
