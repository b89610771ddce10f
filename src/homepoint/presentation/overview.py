"""What the overview shows: what needs the owner now, a card for every device, and the open claims."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from homepoint.application.ports import AgendaEntry, DeviceRow, Standing
from homepoint.domain.assessment import CareState, DeadlineKind, DeadlineState, Gap
from homepoint.domain.facts import Category, Claim, Device, DeviceStatus, Step
from homepoint.domain.values import ClaimId, DeviceId
from homepoint.presentation.device_list import (
    can_fly,
    device_name,
    missing_gaps,
    next_deadline,
    serial_tail,
    target_of,
)
from homepoint.presentation.wording import (
    DEADLINE_NAMES,
    Act,
    Section,
    Urgency,
    act_for,
    counted,
    day_text,
    deadline_name,
    flyaway_text,
    gap_remedy,
    gap_sentence,
    loss_of,
    lost_by,
    name_of,
    short_day_text,
    until_text,
    urgency_of,
)

MOST_NEEDS = 5
FIRST_CARDS = 24
LOOKS_AHEAD = timedelta(days=60)
LOOKS_BACK = timedelta(days=7)
"""How far "Needs you" looks: what is further away does not need the owner yet, what is longer past no more."""

_STILL_MENDABLE = frozenset(
    {
        DeadlineKind.FIRST_PURCHASE,
        DeadlineKind.NOTICE_PURCHASE,
        DeadlineKind.SHIP_OLD_UNIT,
        DeadlineKind.RETURN_EARLY,
        DeadlineKind.RETURN_LAST,
    }
)
"""Deadlines about which something can still be done once they have passed."""

_GAP_ACTS = {
    Gap.ACCOUNT_BINDING: "Bind the account",
    Gap.CONTROLLER_BINDING: "Bind the controller",
}
_GAP_COUNTS_AS = timedelta(days=3)
"""A gap in flyaway cover has no date: it takes its place among what ends in three days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One row of "Needs you". `target` None: there is no date, the owner is at risk on every flight."""

    device: DeviceId
    device_name: str
    urgency: Urgency
    title: str
    loss: str
    target: datetime | date | None
    until: str
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """The time left of a plan: its share (None: not known or no plan), a short text for inside, a sentence."""

    share: float | None
    text: str
    sentence: str
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCard:
    """One device at a glance. `uses` (left, allowed) is None where no plan counts or the count is not known."""

    device: DeviceId
    name: str
    model: str
    serial: str
    category: Category | None
    ring: Ring
    care: str
    care_state: CareState | None
    uses: tuple[int, int] | None
    uses_text: str
    flyaway: str
    flyaway_ready: bool
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """A claim that is not closed: the device, the service asked for and the last step."""

    claim: ClaimId
    device: DeviceId
    device_name: str
    service: str
    step: str


def needs(
    entries: Iterable[AgendaEntry],
    rows: Iterable[DeviceRow],
    names: Mapping[DeviceId, str],
    now: datetime,
) -> tuple[Need, ...]:
    """Return what needs the owner, the most urgent first, at most five.

    Args:
        entries: deadlines that are not met.
        rows: devices whose flyaway cover is looked at; only aircraft with an active plan are.
        names: what the devices of `entries` are called.
        now: this instant in the owner's time zone.
    """
    found = [(_place(entry, now), _deadline_need(entry, names, now)) for entry in entries if _needs_owner(entry, now)]
    found += [(now + _GAP_COUNTS_AS, need) for row in rows if (need := _gap_need(row)) is not None]
    return tuple(need for _, need in sorted(found, key=lambda each: each[0])[:MOST_NEEDS])


def calm_text(following: AgendaEntry | None, names: Mapping[DeviceId, str], now: datetime) -> str:
    """Say that nothing needs the owner, and what comes next."""
    if following is None:
        return "Nothing needs you now, and no deadline is known."
    target = target_of(following)
    day = target.astimezone(now.tzinfo).date() if isinstance(target, datetime) else target
    what = DEADLINE_NAMES[following.kind]
    return f"Nothing needs you now. The next deadline: {what}, {names[following.device]}, on {day_text(day)}."


def card_of(row: DeviceRow, now: datetime) -> DeviceCard:
    """Return the card of a device; `now` is in the owner's time zone."""
    device, standing = row.device, row.standing
    ring, care = _ring_and_care(device, standing, now)
    active = standing is not None and standing.care_state in (CareState.ACTIVE, CareState.USED_UP)
    uses, uses_text = _uses(standing) if standing is not None and active else (None, "")
    flies = standing is not None and device.status is DeviceStatus.IN_USE and can_fly(standing)
    flyaway = f"Flyaway: {flyaway_text(missing_gaps(standing))}" if standing is not None and flies else ""
    tail = serial_tail(device.serial)
    model = device.model if device.nickname else ""
    said = (device_name(device), model, f"serial ends in {' '.join(tail)}" if tail else "serial not known")
    return DeviceCard(
        device=device.id,
        name=device_name(device),
        model=device.model,
        serial=tail,
        category=standing.category if standing is not None else device.category,
        ring=ring,
        care=care,
        care_state=standing.care_state if standing is not None and device.status is DeviceStatus.IN_USE else None,
        uses=uses,
        uses_text=uses_text,
        flyaway=flyaway,
        flyaway_ready=standing is not None and standing.flyaway_ready,
        spoken=". ".join(part for part in (*said, ring.sentence.rstrip("."), uses_text, flyaway) if part),
    )


def open_claims(claims: Iterable[Claim], devices: Mapping[DeviceId, Device]) -> Sequence[OpenClaim]:
    """Return the claims that are neither closed nor refused nor withdrawn, in their order."""
    over = {Step.CLOSED, Step.REFUSED, Step.WITHDRAWN}
    return [
        OpenClaim(
            claim=claim.id,
            device=claim.device,
            device_name=device_name(devices[claim.device]) if claim.device in devices else "A device not in the list",
            service=name_of(claim.service) if claim.service else "Service not chosen yet",
            step=_step_text(claim),
        )
        for claim in claims
        if not over & {each.step for each in claim.steps}
    ]


def _needs_owner(entry: AgendaEntry, now: datetime) -> bool:
    if entry.state is DeadlineState.MET:
        return False
    if entry.ends_at <= now:
        return entry.kind in _STILL_MENDABLE and now - entry.ends_at <= LOOKS_BACK
    return entry.ends_at - now <= LOOKS_AHEAD


def _place(entry: AgendaEntry, now: datetime) -> datetime:
    """Return by what a deadline is sorted: a purchase window that has closed gives way to those that have not."""
    late = (DeadlineKind.FIRST_PURCHASE, DeadlineKind.NOTICE_PURCHASE)
    return now + _GAP_COUNTS_AS if entry.ends_at <= now and entry.kind in late else entry.ends_at


def _deadline_need(entry: AgendaEntry, names: Mapping[DeviceId, str], now: datetime) -> Need:
    target, passed = target_of(entry), entry.ends_at <= now
    return Need(
        device=entry.device,
        device_name=names[entry.device],
        urgency=urgency_of(entry.ends_at, now),
        title=deadline_name(entry.kind, passed=passed),
        loss=lost_by(entry.kind) if passed else loss_of(entry.kind),
        target=target,
        until="" if passed else until_text(target, now),
        act=act_for(entry.kind, passed=passed),
    )


def _gap_need(row: DeviceRow) -> Need | None:
    standing = row.standing
    if standing is None or row.device.status is not DeviceStatus.IN_USE or standing.care_state is not CareState.ACTIVE:
        return None
    gaps = missing_gaps(standing)
    gap = next((each for each in gaps if each in _GAP_ACTS), None)
    if gap is None or Gap.MODEL_SUPPORT in gaps or not can_fly(standing):
        return None
    return Need(
        device=row.device.id,
        device_name=device_name(row.device),
        urgency=Urgency.SOON,
        title=gap_sentence(gap).rstrip("."),
        loss=f"A flyaway would not be replaced. {gap_remedy(gap)}",
        target=None,
        until="",
        act=Act(text=_GAP_ACTS[gap], section=Section.BINDINGS),
    )


def _ring_and_care(device: Device, standing: Standing | None, now: datetime) -> tuple[Ring, str]:
    if device.status is not DeviceStatus.IN_USE:
        word = name_of(device.status)
        return Ring(share=None, text="", sentence=f"{word}."), word
    if standing is None:
        return Ring(share=None, text="…", sentence="Being looked at."), "Being looked at"
    ends = None if standing.care_ends_on is None else date.fromisoformat(standing.care_ends_on)
    starts = None if standing.care_starts_on is None else date.fromisoformat(standing.care_starts_on)
    if standing.care_state is CareState.NONE:
        upcoming = next_deadline(standing, now)
        may_buy = upcoming is not None and upcoming.kind in (DeadlineKind.FIRST_PURCHASE, DeadlineKind.NOTICE_PURCHASE)
        hint = ", can be bought now" if may_buy else ""
        return Ring(share=None, text="", sentence=f"No care plan{hint}."), f"No care plan{hint}"
    if standing.care_state is CareState.EXPIRED:
        when = f" on {short_day_text(ends)}" if ends else ""
        return Ring(share=0.0, text="ended", sentence=f"The care plan ended{when}."), f"Plan ended{when}"
    if standing.care_state is CareState.NOT_STARTED or starts is None:
        when = f" on {short_day_text(starts)}" if starts else " on a day not known"
        return Ring(share=None, text="", sentence=f"The care plan starts{when}."), f"Plan starts{when}"
    return _running(starts, ends, standing, now)


def _running(starts: date, ends: date | None, standing: Standing, now: datetime) -> tuple[Ring, str]:
    if ends is None:
        return Ring(share=None, text="?", sentence="The care plan's end is not known."), "Plan's end not known"
    left = (ends - now.date()).days + 1
    nearness = urgency_of(datetime.combine(ends + timedelta(days=1), datetime.min.time(), now.tzinfo), now)
    share = left / max(1, (ends - starts).days + 1)
    until = short_day_text(ends)
    sentence = f"{counted(left, 'day')} of the care plan left, until {until}."
    return Ring(share=share, text=f"{left} d", sentence=sentence, urgency=nearness), f"Covered until {until}"


def _uses(standing: Standing) -> tuple[tuple[int, int] | None, str]:
    left, allowed = standing.replacements_left, standing.replacements_allowed
    if left is None or allowed is None:
        return None, "Replacements left: not known"
    return (left, allowed), f"{left} of {counted(allowed, 'replacement')} left"


def _step_text(claim: Claim) -> str:
    if not claim.steps:
        return "Draft"
    last = max(claim.steps, key=lambda each: each.at)
    return last.step.value.replace("-", " ").capitalize()
