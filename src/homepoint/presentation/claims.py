"""What the claims page shows: every claim with its next act and nearest time limit, and the reports left unfinished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from types import MappingProxyType

from homepoint.domain.assessment import ClaimReading, Deadline, DeadlineKind, DeadlineState, Whose
from homepoint.domain.facts import Claim, Incident, Service, Step
from homepoint.domain.values import ClaimId, DeviceId, IncidentId, Money
from homepoint.presentation.incident_words import INCIDENT_NAMES
from homepoint.presentation.wording import (
    Urgency,
    countdown_text,
    counted,
    deadline_name,
    loss_of,
    lost_by,
    moment_text,
    name_of,
    until_text,
    urgency_of,
)

STEP_WORDS: Mapping[Step, str] = MappingProxyType(
    {
        Step.SUBMITTED: "Submitted",
        Step.ACCEPTED: "Accepted",
        Step.REFUSED: "Refused",
        Step.LABEL_RECEIVED: "Label received",
        Step.SENT: "Unit sent",
        Step.RECEIVED_BY_DJI: "Received by DJI",
        Step.INSPECTED: "Inspected",
        Step.QUOTED: "Quote received",
        Step.FEE_PAID: "Fee paid",
        Step.DEPOSIT_HELD: "Deposit held",
        Step.DEPOSIT_RELEASED: "Deposit released",
        Step.DEPOSIT_CHARGED: "Deposit charged",
        Step.REPLACEMENT_SENT: "Replacement sent",
        Step.REPAIRED: "Repaired",
        Step.REFUNDED: "Refunded",
        Step.WITHDRAWN: "Withdrawn",
        Step.CLOSED: "Closed",
    }
)
"""The state of a claim in two words, by its latest step."""

_TODO: Mapping[Step, str] = MappingProxyType(
    {
        Step.SUBMITTED: "send the claim to DJI",
        Step.ACCEPTED: "check the claim",
        Step.LABEL_RECEIVED: "send a shipping label",
        Step.SENT: "send the old unit",
        Step.RECEIVED_BY_DJI: "receive the old unit",
        Step.INSPECTED: "look at the unit",
        Step.QUOTED: "send a quote",
        Step.FEE_PAID: "pay the fee",
        Step.DEPOSIT_HELD: "hold the deposit",
        Step.DEPOSIT_RELEASED: "release the deposit",
        Step.REPLACEMENT_SENT: "send the replacement",
        Step.REPAIRED: "repair the unit and send it back",
        Step.REFUNDED: "pay the money back",
        Step.CLOSED: "close the claim once all is well",
    }
)
_KEEPS_THE_UNIT = frozenset(
    {Service.REPAIR_WARRANTY, Service.REPAIR_PAID, Service.REPAIR_DISCOUNT, Service.MAINTENANCE, Service.REFUND}
)
_RETURNS = frozenset({DeadlineKind.RETURN_EARLY, DeadlineKind.RETURN_LAST})
ANSWER_QUOTE = "answer the quote, and pay if you accept"
OVER = frozenset({Step.CLOSED, Step.WITHDRAWN, Step.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One time limit of a claim, with what is lost then in money.

    `is_met`: done in time. `is_settled`: nothing is to count any more, because it was done, in time or late, or the
    claim is over.
    """

    title: str
    says: str
    target: datetime | date
    ends_at: datetime
    until: str
    urgency: Urgency
    is_met: bool
    is_settled: bool
    stake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of the list; `spoken` is the whole of it for a screen reader."""

    claim: ClaimId
    device_name: str
    service: str
    state: str
    turn: str
    is_mine: bool
    timer: Timer | None
    stake: str
    last_at: str
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report that was begun and led to no claim yet."""

    incident: IncidentId
    device_name: str
    what: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """The whole page: open claims, the most pressing first; unfinished reports; claims that are over, newest first."""

    open: tuple[ClaimRow, ...]
    unfinished: tuple[ReportRow, ...]
    over: tuple[ClaimRow, ...]
    over_in_all: int

    @property
    def is_empty(self) -> bool:
        """True when nothing was ever reported."""
        return not (self.open or self.unfinished or self.over)


def claims_page(
    claims: Sequence[tuple[Claim, ClaimReading]],
    unfinished: Iterable[Incident],
    names: Mapping[DeviceId, str],
    now: datetime,
    over_in_all: int,
) -> ClaimsPage:
    """Return what the page shows.

    Args:
        claims: every open claim, and as many of those that are over as are shown, with what the rules say now.
        unfinished: the incidents that led to no claim yet.
        names: what the devices are called.
        now: this instant in the owner's time zone.
        over_in_all: how many claims are over, shown or not.
    """
    rows = [(_row(claim, reading, names, now), claim, reading) for claim, reading in claims]
    running = [(row, reading) for row, _claim, reading in rows if reading.state not in OVER]
    ended = [(row, claim) for row, claim, reading in rows if reading.state in OVER]
    left = sorted(unfinished, key=lambda each: each.at or now)
    return ClaimsPage(
        open=tuple(row for row, _reading in sorted(running, key=lambda each: _press(each[0], now))),
        unfinished=tuple(_report(each, names, now) for each in reversed(left)),
        over=tuple(row for row, _claim in sorted(ended, key=lambda each: last_step_at(each[1], now), reverse=True)),
        over_in_all=over_in_all,
    )


def is_over(claim: Claim, now: datetime) -> bool:
    """Say whether a claim was closed, withdrawn or refused."""
    return any(each.step in OVER and each.at <= now for each in claim.steps)


def last_step_at(claim: Claim, now: datetime) -> datetime:
    """Return when the latest step was taken; a draft stands at now."""
    return max((each.at for each in claim.steps), default=now)


def todo(step: Step, service: Service | None) -> str:
    """Return what a step asks of whoever takes it: "send the old unit"."""
    words = _TODO.get(step, STEP_WORDS[step].lower())
    return words.replace("old unit", "unit") if service in _KEEPS_THE_UNIT else words


def left_text(target: datetime | date, now: datetime) -> str:
    """Return the time left until a limit of a claim, or how late it is: "3 days left", "1 day late"."""
    late = (now - target).days if isinstance(target, datetime) else (now.date() - target).days
    return f"{counted(late, 'day')} late" if late > 0 else countdown_text(target, now)


def turn_text(reading: ClaimReading, service: Service | None) -> str:
    """Return the next act and whose it is: "Your turn: send the old unit"; nothing where a claim is over."""
    if reading.next is None or reading.whose is None:
        return ""
    whose = "Your turn" if reading.whose is Whose.OWNER else "DJI's turn"
    if reading.next is Step.FEE_PAID and reading.state is Step.QUOTED:
        return f"{whose}: {ANSWER_QUOTE}"
    return f"{whose}: {todo(reading.next, service)}"


def timers(claim: Claim, reading: ClaimReading, now: datetime) -> tuple[Timer, ...]:
    """Return the time limits of a claim, the earliest first; those of a returned unit name the amount at stake."""
    stake = stake_text(claim.deposit) if reading.returned.deposit_at_risk else ""
    done = {each.step for each in claim.steps}
    found = (_timer(each, stake, now, is_over=_is_done(each.kind, reading, done)) for each in reading.deadlines)
    return tuple(sorted(found, key=lambda each: each.ends_at))


def nearest(found: Iterable[Timer]) -> Timer | None:
    """Return the time limit that counts now: the earliest that is not settled."""
    return next((each for each in found if not each.is_settled), None)


def stake_text(deposit: Money | None) -> str:
    """Say which amount is at stake."""
    if deposit is None:
        return "At stake: the deposit (its amount is not noted yet)"
    return f"At stake: {amount_text(deposit)}"


def amount_text(money: Money) -> str:
    """Return an amount with its currency: "1,159.00 USD"."""
    return f"{money.amount:,} {money.currency}"


def zone_of(now: datetime) -> tzinfo:
    """Return the owner's time zone, in which `now` is told."""
    assert now.tzinfo is not None, "this instant is told in the owner's time zone"
    return now.tzinfo


def _is_done(kind: DeadlineKind, reading: ClaimReading, done: set[Step]) -> bool:
    """Say whether what a limit asks for was done, be it late, or no longer matters."""
    if reading.next is None or done & {Step.RECEIVED_BY_DJI, Step.DEPOSIT_RELEASED, Step.DEPOSIT_CHARGED}:
        return True
    return kind is DeadlineKind.SHIP_OLD_UNIT and Step.SENT in done


def _timer(deadline: Deadline, stake: str, now: datetime, *, is_over: bool) -> Timer:
    passed, is_met = deadline.ends_at <= now, deadline.state is DeadlineState.MET
    says = lost_by(deadline.kind) if passed else loss_of(deadline.kind)
    if is_over and not is_met:
        says = "Not recorded as done in time."
    return Timer(
        title=deadline_name(deadline.kind, passed=passed),
        says=says,
        target=deadline.at,
        ends_at=deadline.ends_at,
        until=until_text(deadline.at, now),
        urgency=urgency_of(deadline.ends_at, now),
        is_met=is_met,
        is_settled=is_met or is_over,
        stake=stake if deadline.kind in _RETURNS and not (is_met or is_over) else "",
    )


def _row(claim: Claim, reading: ClaimReading, names: Mapping[DeviceId, str], now: datetime) -> ClaimRow:
    name = names.get(claim.device, "A device not in the list")
    service = name_of(claim.service) if claim.service else "Service not chosen yet"
    state = STEP_WORDS[reading.state] if reading.state else "Draft"
    turn, timer = turn_text(reading, claim.service), nearest(timers(claim, reading, now))
    stake = stake_text(claim.deposit) if reading.returned.deposit_at_risk and reading.next else ""
    told = [f"{service} for {name}", f"State: {state}", turn]
    if timer is not None:
        told += [f"{timer.title}: {left_text(timer.target, now)}, {timer.until}"]
    told.append(stake)
    return ClaimRow(
        claim=claim.id,
        device_name=name,
        service=service,
        state=state,
        turn=turn,
        is_mine=reading.whose is Whose.OWNER,
        timer=timer,
        stake=stake,
        last_at=moment_text(last_step_at(claim, now), zone_of(now)) if claim.steps else "",
        spoken=". ".join(part for part in told if part) + ".",
    )


def _report(incident: Incident, names: Mapping[DeviceId, str], now: datetime) -> ReportRow:
    return ReportRow(
        incident=incident.id,
        device_name=names.get(incident.device, "A device not in the list"),
        what=INCIDENT_NAMES[incident.kind] if incident.kind else "What happened is not said yet",
        when=moment_text(incident.at, zone_of(now)) if incident.at else "When is not said yet",
    )


def _press(row: ClaimRow, now: datetime) -> tuple[bool, datetime, bool]:
    """Return by what open claims are sorted: a running time limit first, then what waits for the owner."""
    return row.timer is None, row.timer.ends_at if row.timer else now, not row.is_mine
