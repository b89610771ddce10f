"""The hand-over kit: the facts a buyer needs, without the seller's private ones, and the steps for both sides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from homepoint.domain.assessment import Assessment, CareState
from homepoint.domain.facts import BoundTo, Category, Claim, ClaimStep, Controller, Device, DeviceStatus, Plan, Step
from homepoint.domain.rules.flyaway import bound_at
from homepoint.domain.rules.known import REPLACING_SERVICES, turned_down
from homepoint.domain.snapshot import DeviceFacts, Snapshot
from homepoint.domain.values import ClaimId
from homepoint.presentation.redaction import bare
from homepoint.presentation.wording import PRODUCT_NAMES, counted, day_text, name_of, region_name

_USING_STEPS = (Step.FEE_PAID, Step.REPLACEMENT_SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A hand-over kit: the sheet's texts, and `facts` for the buyer's own records."""

    title: str
    lead: str
    rows: tuple[tuple[str, str], ...]
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    foot: str
    facts: Snapshot


def hand_over(facts: DeviceFacts, assessment: Assessment) -> HandOver:
    """Return the hand-over kit of a device as of its assessment.

    Uses of the plan go over as bare claims (service, steps, no incident, no money), so that the buyer's Homepoint
    counts what is left exactly as the seller's does.
    """
    is_aircraft = assessment.category in (None, Category.AIRCRAFT, Category.ENTERPRISE_AIRCRAFT)
    local = assessment.at.astimezone(facts.zone)
    return HandOver(
        title=f"Hand-over: {facts.device.model}",
        lead=(
            "The plan stays with the device and its serial, not with the person who bought it. The bindings do not: "
            "the seller ends them, the buyer makes new ones."
        ),
        rows=tuple(_rows(facts, assessment)),
        seller=tuple(_seller_steps(is_aircraft=is_aircraft)),
        buyer=tuple(_buyer_steps(is_aircraft=is_aircraft)),
        foot=(
            f"As of {day_text(local.date())}. The file in this kit opens in Homepoint. It holds no account, e-mail, "
            "price, fee, position or activation code of the seller. Homepoint is not made by DJI; DJI's terms decide."
        ),
        facts=facts_for_buyer(facts, assessment.at),
    )


def facts_for_buyer(facts: DeviceFacts, at: datetime) -> Snapshot:
    """Return the device, the units before it, their plans and how often these were used, and the bound controllers."""
    units = list(facts.lineage())
    bound = {binding.target for binding in bound_at(facts, BoundTo.CONTROLLER, at)}
    return Snapshot(
        zone=facts.zone,
        controllers=tuple(_controller(each) for each in facts.controllers if each.id in bound),
        devices=tuple(_device(unit.device, is_sold=unit is units[0]) for unit in units),
        plans=tuple(_plan(plan) for unit in units for plan in unit.plans),
        claims=tuple(_use(claim) for unit in units for claim in unit.claims if _is_use(claim)),
    )


def _rows(facts: DeviceFacts, assessment: Assessment) -> Iterator[tuple[str, str]]:
    device, care = facts.device, assessment.care
    yield "Model", device.model
    yield "Serial", device.serial or "Not recorded"
    yield "Region", region_name(device.region)
    if device.purchased_on:
        yield "First bought", day_text(device.purchased_on)
    bound = {binding.target for binding in bound_at(facts, BoundTo.CONTROLLER, assessment.at)}
    for controller in facts.controllers:
        if controller.id in bound:
            yield (
                "Controller, if it goes along",
                f"{controller.model or 'Model not recorded'}, {controller.serial or ''}",
            )
    if care.product is None or care.state is CareState.NONE:
        yield "Care plan", "None"
        return
    yield "Care plan", f"{PRODUCT_NAMES[care.product]}, {name_of(care.state).lower()}"
    if care.ends_on:
        yield "Covered until", f"the end of {day_text(care.ends_on)}"
    for name, allowance in (("Replacements left", care.replacements), ("Flyaways left", care.flyaways)):
        yield name, "Not known" if allowance.left is None else counted(allowance.left, "use")


def _seller_steps(*, is_aircraft: bool) -> Iterator[str]:
    yield "Give the buyer this kit, and a copy of the receipt with your address covered."
    yield "Hand the device over with everything that belongs to it."
    if is_aircraft:
        yield (
            "After the hand-over, not before: unbind your account and the controller in DJI's app, under Profile, "
            "Device Management. Until then it is still yours to report."
        )
    else:
        yield "After the hand-over: remove the device from your account in DJI's app."
    yield "Take out your memory card. Delete your photos and flight records from the device, and keep copies."
    yield "In Homepoint, mark the device as sold. Your own history stays."
    yield "Tell your insurer and, where you must, the aviation authority." if is_aircraft else "Tell your insurer."


def _buyer_steps(*, is_aircraft: bool) -> Iterator[str]:
    yield "Compare the serial on the device with this sheet."
    yield "Open the file of this kit in Homepoint."
    if is_aircraft:
        yield (
            "Bind the aircraft to your own DJI account, and the controller to the aircraft, in DJI's app under "
            "Profile, Device Management. Without both, a flyaway is not covered."
        )
        yield "Record both bindings in Homepoint, and check there that flyaway cover is ready."
    else:
        yield "Add the device to your own DJI account in DJI's app."
    yield "Look at DJI's status page whether the plan and what is left of it are as stated here."
    if is_aircraft:
        yield "Register the aircraft in your own name where you must, before the first flight."


def _controller(controller: Controller) -> Controller:
    return replace(bare(controller), label=None)


def _device(device: Device, *, is_sold: bool) -> Device:
    status = DeviceStatus.IN_USE if is_sold else device.status
    return replace(bare(device), price=None, nickname=None, proof_of_purchase=None, status=status)


def _plan(plan: Plan) -> Plan:
    return replace(bare(plan), activation_code_hint=None)


def _is_use(claim: Claim) -> bool:
    """Say whether a claim used up a replacement."""
    used = any(step.step in _USING_STEPS for step in claim.steps)
    return claim.service in REPLACING_SERVICES and used and not turned_down(claim)


def _use(claim: Claim) -> Claim:
    steps = tuple(ClaimStep(step=each.step, at=each.at) for each in claim.steps if each.step in _USING_STEPS)
    return Claim(
        id=ClaimId(claim.id),
        device=claim.device,
        plan=claim.plan,
        service=claim.service,
        steps=steps,
        new_serial=claim.new_serial,
    )
