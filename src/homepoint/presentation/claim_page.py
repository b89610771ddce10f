"""What the page of one claim shows: its steps, the next act with its button, its invoice, money, notes and files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from homepoint.application.claims import INVOICE_ASKED_ON, QUOTE_UNTIL, TRACKING_NUMBER, messages_kept
from homepoint.domain.assessment import ClaimReading, Whose
from homepoint.domain.facts import Attachment, Claim, ClaimStep, Incident, Service, Step
from homepoint.domain.rules.claims import PATHS
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.values import ClauseId, day_of
from homepoint.presentation.claims import ANSWER_QUOTE, OVER, STEP_WORDS, Timer, amount_text, timers, todo, zone_of
from homepoint.presentation.device_list import device_name
from homepoint.presentation.incident_words import INCIDENT_NAMES, STEP_NAMES, file_kind, size_text
from homepoint.presentation.wording import day_text, moment_text, name_of, short_day_text

INVOICE_BUSINESS_DAYS = (5, 10)
INVOICE_CLAUSE = ClauseId("S2-46")
CARD_CLAUSES = tuple(ClauseId(f"S2-{number}") for number in range(37, 43))
EXPRESS = frozenset({Service.EXPRESS_BASIC, Service.EXPRESS_PREMIUM})
REPLACES = EXPRESS | {Service.REPLACEMENT, Service.FLYAWAY_REPORT}

_BUTTONS: Mapping[Step, str] = MappingProxyType(
    {
        Step.SUBMITTED: "I sent the claim",
        Step.ACCEPTED: "DJI accepted it",
        Step.LABEL_RECEIVED: "I have the label",
        Step.SENT: "I sent it",
        Step.RECEIVED_BY_DJI: "DJI has received it",
        Step.INSPECTED: "DJI has inspected it",
        Step.QUOTED: "I have the quote",
        Step.FEE_PAID: "I paid it",
        Step.DEPOSIT_HELD: "The deposit is held",
        Step.DEPOSIT_RELEASED: "The deposit is released",
        Step.REPLACEMENT_SENT: "DJI has sent it",
        Step.REPAIRED: "It is repaired and sent",
        Step.REFUNDED: "I have the money",
        Step.CLOSED: "Close the claim",
    }
)
_SAYS: Mapping[Step, str] = MappingProxyType(
    {
        Step.SUBMITTED: "Ask for the service on DJI's own page or in its app. Then record here when you did.",
        Step.ACCEPTED: "There is nothing you have to do. Record DJI's answer when it comes.",
        Step.LABEL_RECEIVED: "Wait for the label or the address before you send anything. Keep the message it came in.",
        Step.SENT: "Note the tracking number: it proves that and when you sent it.",
        Step.RECEIVED_BY_DJI: "The parcel may take several business days. Follow it by its tracking number.",
        Step.INSPECTED: "There is nothing you have to do. DJI looks at the unit before it says what comes next.",
        Step.QUOTED: "There is nothing you have to do until the quote comes.",
        Step.FEE_PAID: "DJI shows the amount at settlement. Pay one order with one and the same card.",
        Step.DEPOSIT_HELD: "DJI reserves at most the value of the product on your card; look at your card's statement.",
        Step.DEPOSIT_RELEASED: "DJI releases it once the registered unit has arrived. Look at your card's statement.",
        Step.REPLACEMENT_SENT: "There is nothing you have to do. Record it when DJI tells you it is on its way.",
        Step.REPAIRED: "There is nothing you have to do. Record it when DJI tells you it is on its way back.",
        Step.REFUNDED: "There is nothing you have to do. Look at the statement of your card or bank account.",
        Step.CLOSED: "Look at what arrived: that all is there and works, and that the amounts are right.",
    }
)
_ENDINGS: Mapping[Step, str] = MappingProxyType(
    {
        Step.CLOSED: "This claim is closed.",
        Step.WITHDRAWN: "You withdrew this claim. It uses up nothing of your plan.",
        Step.REFUSED: (
            "DJI refused this claim. It uses up nothing of your plan. Ask DJI for the reason, and look in the report "
            "for another way."
        ),
    }
)
_QUOTE_SAYS = (
    "Compare the quote with the replacement fee of your plan before you accept. No general time to answer was found in "
    "any source: the quote itself counts. If you decline, tell DJI and withdraw the claim here."
)


class Mark(StrEnum):
    """How a step of the bar stands."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarStep:
    """One step of the bar. `index` is its place in `claim.steps`, None while it was not taken."""

    step: Step
    label: str
    mark: Mark
    below: str
    spoken: str
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAct:
    """The next act: `button` records `step`."""

    step: Step
    whose: str
    is_mine: bool
    headline: str
    says: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText:
    """One recorded step, in the order in which they happened; `index` counts `claim.steps`."""

    index: int
    name: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceText:
    """What is known of the invoice; `can_ask` offers to note the day it was asked for."""

    says: str
    asked_on: date | None
    can_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of amounts, messages or files; `index` is its place in what is stored."""

    index: int
    text: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """The whole page of one claim."""

    title: str
    subtitle: str
    bar: tuple[BarStep, ...]
    next: NextAct | None
    ending: str
    warning: str
    timers: tuple[Timer, ...]
    invoice: InvoiceText | None
    recorded: tuple[StepText, ...]
    deposit: str | None
    wants_deposit: bool
    can_be_charged: bool
    fees: tuple[Entry, ...]
    tracking: str
    messages: tuple[Entry, ...]
    files: tuple[Entry, ...]
    is_open: bool


def claim_page(
    claim: Claim,
    reading: ClaimReading,
    facts: DeviceFacts,
    incident: Incident | None,
    files: Sequence[Attachment],
    now: datetime,
) -> ClaimPage:
    """Return what the page shows; `files` are the evidence of the claim and its incident, `now` in the owner's zone."""
    service = name_of(claim.service) if claim.service else "Claim"
    held = [each.step for each in claim.steps]
    return ClaimPage(
        title=f"{service} for {device_name(facts.device)}",
        subtitle=_subtitle(facts, incident, now),
        bar=_bar(claim, reading, now),
        next=_next(claim, reading, now),
        ending=_ENDINGS.get(reading.state, "") if reading.state else "",
        warning=_charged(claim) if Step.DEPOSIT_CHARGED in held else "",
        timers=timers(claim, reading, now),
        invoice=_invoice(claim, now),
        recorded=tuple(
            _recorded(index, each, now) for index, each in sorted(enumerate(claim.steps), key=lambda each: each[1].at)
        ),
        deposit=amount_text(claim.deposit) if claim.deposit else None,
        wants_deposit=claim.service is Service.EXPRESS_PREMIUM,
        can_be_charged=claim.service is Service.EXPRESS_PREMIUM
        and not {Step.DEPOSIT_RELEASED, Step.DEPOSIT_CHARGED} & set(held),
        fees=tuple(_fees(claim, now)),
        tracking=str(claim.extra.get(TRACKING_NUMBER) or ""),
        messages=tuple(_messages(claim, now)),
        files=tuple(
            Entry(index=index, text=each.name, beside=f"{file_kind(each.media_type)}, {size_text(each.size)}")
            for index, each in enumerate(files)
        ),
        is_open=reading.state not in OVER,
    )


def step_button(step: Step) -> str:
    """Return what the button says that records a step."""
    return _BUTTONS.get(step, f"Record: {STEP_WORDS[step].lower()}")


def possible_steps(service: Service | None) -> tuple[Step, ...]:
    """Return the steps that can be recorded in a claim for a service: its usual ones first, then every other."""
    path = PATHS.get(service, ()) if service else ()
    return (*path, *(step for step in Step if step not in path))


def business_days_after(day: date, count: int) -> date:
    """Return the day `count` business days later: Monday to Friday count, public holidays are not looked at."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def day_noted(claim: Claim, key: str) -> date | None:
    """Return a day noted beside a claim; what is no day reads as not known."""
    try:
        return date.fromisoformat(str(claim.extra.get(key)))
    except ValueError:
        return None


def _subtitle(facts: DeviceFacts, incident: Incident | None, now: datetime) -> str:
    parts = [facts.device.model]
    if facts.device.serial:
        parts.append(facts.device.serial)
    if incident is not None:
        what = INCIDENT_NAMES[incident.kind] if incident.kind else "Incident"
        parts.append(f"{what}, {moment_text(incident.at, zone_of(now))}" if incident.at else what)
    return " · ".join(parts)


def _bar(claim: Claim, reading: ClaimReading, now: datetime) -> tuple[BarStep, ...]:
    """Return the usual steps of the service, with what happened beside them (refused, withdrawn, charged) put in."""
    taken = {each.step: index for index, each in enumerate(claim.steps)}
    path = list(PATHS.get(claim.service, ()) if claim.service else (Step.SUBMITTED,))
    if Step.DEPOSIT_CHARGED in taken and Step.DEPOSIT_RELEASED not in taken:
        path = [Step.DEPOSIT_CHARGED if each is Step.DEPOSIT_RELEASED else each for each in path]
    ended = next((each for each in (Step.WITHDRAWN, Step.REFUSED) if each in taken), None)
    if ended is not None:
        path = [*(each for each in path if each in taken and each is not Step.CLOSED), ended]
    furthest = max((place for place, each in enumerate(path) if each in taken), default=-1)
    found = []
    for place, step in enumerate(path):
        if step in taken:
            mark, below = Mark.DONE, _day_and_time(claim.steps[taken[step]].at, now)
        elif step is reading.next:
            mark, below = Mark.NEXT, "Your turn" if reading.whose is Whose.OWNER else "DJI's turn"
        else:
            mark, below = (Mark.LEFT_OUT, "No date") if place < furthest else (Mark.LATER, "")
        told = {Mark.DONE: f"done {below}", Mark.NEXT: f"next, {below}", Mark.LATER: "still to come"}
        spoken = f"Step {place + 1} of {len(path)}: {STEP_WORDS[step]}, {told.get(mark, 'not recorded')}"
        found.append(
            BarStep(step=step, label=STEP_WORDS[step], mark=mark, below=below, spoken=spoken, index=taken.get(step))
        )
    return tuple(found)


def _next(claim: Claim, reading: ClaimReading, now: datetime) -> NextAct | None:
    if reading.next is None or reading.whose is None:
        return None
    step, is_mine = reading.next, reading.whose is Whose.OWNER
    what, says = todo(step, claim.service), _SAYS[step]
    if step is Step.FEE_PAID and reading.state is Step.QUOTED:
        until = day_noted(claim, QUOTE_UNTIL)
        what = ANSWER_QUOTE
        says = f"The quote is to be answered by {day_text(until)}. {_QUOTE_SAYS}" if until else _QUOTE_SAYS
    if step is Step.SUBMITTED and claim.service is Service.FLYAWAY_REPORT:
        what, says = "report the loss in DJI's app", "The owner of the bound account reports it. Unbind nothing before."
    if step is Step.SENT and claim.service in EXPRESS:
        says = f"Check below what goes back, before you close the box. {says}"
    if step is Step.CLOSED and Step.DEPOSIT_CHARGED in {each.step for each in claim.steps}:
        what = "close the claim, or object to the charge"
        says = "The deposit was charged. If you think that is wrong, speak to DJI before you close the claim."
    return NextAct(
        step=step,
        whose="Your turn" if is_mine else "DJI's turn",
        is_mine=is_mine,
        headline=what[:1].upper() + what[1:] if is_mine else f"DJI is to {what}",
        says=says,
        button=_BUTTONS[step],
    )


def _charged(claim: Claim) -> str:
    amount = f" ({amount_text(claim.deposit)})" if claim.deposit else ""
    return (
        f"DJI charged the deposit{amount}. It does so when the old unit came late, bore another serial, lacked the "
        "battery that was registered, or is no DJI product. If none of this is so, write to DJI with your proof."
    )


def _invoice(claim: Claim, now: datetime) -> InvoiceText | None:
    done = {each.step for each in claim.steps}
    if not done & {Step.REPLACEMENT_SENT, Step.REPAIRED} or done & {Step.WITHDRAWN, Step.REFUSED}:
        return None
    asked_on = day_noted(claim, INVOICE_ASKED_ON)
    counted = "5 to 10 business days, Monday to Friday; public holidays are not taken into account"
    if asked_on is None:
        return InvoiceText(says=f"DJI writes an invoice if you ask. It generally takes {counted}.", asked_on=None,
                           can_ask=True)  # fmt: skip
    first, last = (business_days_after(asked_on, count) for count in INVOICE_BUSINESS_DAYS)
    late = " It is late: ask DJI about it." if day_of(now, zone_of(now)) > last else ""
    says = f"Asked for on {short_day_text(asked_on)}. Expect it from {day_text(first)} to {day_text(last)} ({counted})."
    return InvoiceText(says=says + late, asked_on=asked_on, can_ask=False)


def _recorded(index: int, step: ClaimStep, now: datetime) -> StepText:
    return StepText(index=index, name=STEP_NAMES[step.step], at=moment_text(step.at, zone_of(now)))


def _fees(claim: Claim, now: datetime) -> Iterable[Entry]:
    for index, fee in enumerate(claim.fees):
        paid = f", paid {moment_text(fee.paid_at, zone_of(now))}" if fee.paid_at else ", not paid yet"
        yield Entry(index=index, text=amount_text(fee.amount), beside=f"{fee.label or 'Fee'}{paid}")


def _messages(claim: Claim, now: datetime) -> Iterable[Entry]:
    """Yield the kept messages, the newest first."""
    dated = []
    for index, each in enumerate(messages_kept(claim)):
        try:
            at = datetime.fromisoformat(str(each.get("at")))
            words = moment_text(at, zone_of(now)) if at.tzinfo else short_day_text(at.date())
        except ValueError:
            words = "No date"
        dated.append(Entry(index=index, text=str(each.get("text", "")), beside=words))
    return reversed(dated)


def _day_and_time(at: datetime, now: datetime) -> str:
    return short_day_text(day_of(at, zone_of(now)))
