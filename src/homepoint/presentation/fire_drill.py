"""The fire drill: "if this were lost now", every gap in the cover with the act that closes it, and what lacks proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from homepoint.domain.assessment import Assessment, Because, Gap
from homepoint.domain.facts import Attachment, Binding, BoundTo, Category, Device
from homepoint.domain.rules.flyaway import bound_at
from homepoint.domain.snapshot import DeviceFacts
from homepoint.presentation.wording import Act, Section, gap_remedy, gap_sentence

BINDING_CHECK_DAYS = 90
"""After how long a binding is worth another look: Homepoint's own choice, not one of the terms."""

_ACTS = {
    Gap.PLAN: Act(text="See what can be bought", section=Section.PLANS),
    Gap.PLAN_NOT_STARTED: Act(text="See the plan", section=Section.PLANS),
    Gap.REPLACEMENTS: Act(text="See the plan", section=Section.PLANS),
    Gap.FLYAWAY_QUOTA: Act(text="See the plan", section=Section.PLANS),
    Gap.MODEL_SUPPORT: Act(text="See the plan", section=Section.PLANS),
    Gap.ACCOUNT_BINDING: Act(text="Bind the account", section=Section.BINDINGS),
    Gap.CONTROLLER_BINDING: Act(text="Bind the controller", section=Section.BINDINGS),
    Gap.CLAIMANT: Act(text="See the bindings", section=Section.BINDINGS),
    Gap.NOT_AN_AIRCRAFT: Act(text="See the cover", section=Section.COVER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillGap:
    """What would refuse the report, what closes it, and where to do that."""

    gap: Gap
    says: str
    remedy: str
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """What could not be shown to DJI or an insurer, and what mends that. `key` names it for the screens."""

    key: str
    says: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FireDrill:
    """The outcome. `headline` says it in one sentence."""

    is_ready: bool
    headline: str
    gaps: tuple[DrillGap, ...]
    unproven: tuple[Unproven, ...]
    because: Because


def fire_drill(
    facts: DeviceFacts, assessment: Assessment, attachments: Sequence[Attachment], now: datetime
) -> FireDrill:
    """Say what would happen if the device were lost now.

    Args:
        facts: the device with all that bears on it.
        assessment: what the rules say about it at `now`.
        attachments: the files kept with the device and its plans.
        now: this instant.
    """
    is_aircraft = assessment.category in (None, Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT)
    missing = assessment.flyaway.missing if is_aircraft else ()
    gaps = tuple(DrillGap(gap=gap, says=gap_sentence(gap), remedy=gap_remedy(gap), act=_ACTS[gap]) for gap in missing)
    unproven = tuple(_unproven(facts, attachments, now, is_aircraft=is_aircraft))
    return FireDrill(
        is_ready=is_aircraft and not gaps,
        headline=_headline(len(gaps), len(unproven), is_aircraft=is_aircraft),
        gaps=gaps,
        unproven=unproven,
        because=assessment.flyaway.because,
    )


def _headline(gaps: int, unproven: int, *, is_aircraft: bool) -> str:
    if not is_aircraft:
        return "No plan replaces a handheld that is lost. Cover is for damage; keep the proof below all the same."
    if gaps:
        return "If this were lost now, the report would be refused. Here is what closes each gap."
    if unproven:
        return "If this were lost now, everything DJI asks for would be in place. Some of it could not be proven."
    return "If this were lost now, everything DJI asks for would be in place, and you could prove it."


def _unproven(
    facts: DeviceFacts, attachments: Sequence[Attachment], now: datetime, *, is_aircraft: bool
) -> Iterator[Unproven]:
    yield from _about_device(facts.device, attachments)
    if not is_aircraft:
        return
    for to in (BoundTo.ACCOUNT, BoundTo.CONTROLLER):
        yield from (_unchecked(binding, to) for binding in bound_at(facts, to, now)[:1] if _is_stale(binding, now))
    controllers = {binding.target for binding in bound_at(facts, BoundTo.CONTROLLER, now)}
    if any(each.id in controllers and not each.serial for each in facts.controllers):
        yield Unproven(
            key="controller-serial",
            says="The serial of the bound controller is not recorded.",
            remedy="It is on the controller's back and in the app. Enter it, and photograph the label.",
        )
    if not any(each.media_type == "application/x-dji-flight-record" for each in attachments):
        yield Unproven(
            key="flight-record",
            says="No flight record is kept.",
            remedy="After a flight, copy the flight record from the controller or phone and attach it to the device.",
        )


def _about_device(device: Device, attachments: Sequence[Attachment]) -> Iterator[Unproven]:
    if not device.serial:
        yield Unproven(
            key="serial",
            says="The serial of the device is not recorded.",
            remedy="Read it from the device, the box or the app, and enter it. Once lost, it can only be found there.",
        )
    if not any((each.media_type or "").startswith("image/") for each in attachments):
        yield Unproven(
            key="photo",
            says="There is no photo of the device.",
            remedy="Photograph it with its serial label, and attach the photo to the device.",
        )
    if not device.proof_of_purchase:
        known = device.proof_of_purchase is False
        yield Unproven(
            key="proof-of-purchase",
            says="There is no proof of purchase." if known else "It is not known whether there is a proof of purchase.",
            remedy="Look for the receipt or the order e-mail, and attach it to the device.",
        )


def _is_stale(binding: Binding, now: datetime) -> bool:
    seen = max((each for each in (binding.bound_at, *binding.checked_at) if each and each <= now), default=None)
    return seen is None or now - seen > timedelta(days=BINDING_CHECK_DAYS)


def _unchecked(binding: Binding, to: BoundTo) -> Unproven:
    return Unproven(
        key=f"{to}-binding-check",
        says=f"Nobody has looked for more than {BINDING_CHECK_DAYS} days whether the {to} is still bound.",
        remedy="Look in DJI's app under Profile, Device Management, then record the check here.",
    )
