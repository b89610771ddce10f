"""What to have ready and do, in order, for every service and for the checks before a late purchase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from homepoint.domain.facts import NoticeKind, Service
from homepoint.domain.terms import Link, Terms
from homepoint.domain.values import ClauseId
from homepoint.presentation.device_answers import ClauseText, clause_texts

Subject = Service | NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to do, and the clauses it rests on (none: Homepoint's own advice)."""

    text: str
    clauses: tuple[ClauseId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Where DJI takes it. `url` None: no source shows an address; `words` says how sure it is, or where else to go."""

    label: str
    url: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """A list to work through: lines in order, the official page, and the clauses behind the lines."""

    title: str
    lines: tuple[Line, ...]
    official: Official
    why: tuple[ClauseText, ...]


def checklist(subject: Subject, terms: Terms, today: date) -> Checklist:
    """Return the list for a service, or for a verification by video or by sending the device in.

    Args:
        subject: what is to be done.
        terms: the catalogue, whose figures and addresses it names.
        today: chooses the edition that is in force.
    """
    title, step, lines = _LISTS[subject]
    ship, early, last = terms.return_days.value
    figures = {
        "ship": ship,
        "early": early,
        "last": last,
        "days": terms.defect_replacement_days.value,
        "hours": terms.edition_on(today).notice_hours.value,
    }
    written = tuple(Line(text=text.format(**figures), clauses=_ids(ids)) for text, ids in lines)
    return Checklist(
        title=title.format(**figures),
        lines=written,
        official=official(step, terms),
        why=clause_texts((clause for line in written for clause in line.clauses), terms),
    )


def official(step: str, terms: Terms) -> Official:
    """Return the official page of a step; where no source shows its address, DJI Support's and an honest word."""
    link = _link(step, terms)
    note = f" {link.note}" if link.note else ""
    if link.url is not None and link.url.startswith("https://") and not link.retired:
        seen = f"Address seen: {link.seen}; {link.confidence} confidence."
        return Official(label=link.label, url=link.url, words=f"{seen}{note}")
    support = _link("support_home", terms)
    said = f"No source shows the address of “{link.label}” ({link.seen}).{note}"
    return Official(label=support.label, url=support.url, words=f"{said} DJI's support page leads there.")


def _link(step: str, terms: Terms) -> Link:
    return next(link for link in terms.links if link.step == step)


def _ids(text: str) -> tuple[ClauseId, ...]:
    return tuple(ClauseId(each) for each in text.split())


_Lines = Sequence[tuple[str, str]]
_PACK: _Lines = (
    ("Photograph the device and its serial before you pack it.", ""),
    ("Pack what DJI's e-mail names and nothing else. Keep the remote controller: no plan covers it.", "S1-23 S1-16"),
)
_AFTERWARDS: _Lines = (
    ("Keep every e-mail from DJI, and record each step with the claim here.", "S1-24"),
    ("Ask for an invoice afterwards if you need one.", "S2-46"),
)
_CARD: tuple[str, str] = (
    "Have one card ready: Visa, MasterCard or American Express. An order cannot be split between two.",
    "S2-37 S2-38",
)
_REQUEST = "Ask for a repair online, or in DJI's app. Say what happened; the text below can be pasted."
_REPAIR: _Lines = (
    (_REQUEST, "S1-22"),
    ("Wait for the shipping label by e-mail.", "S1-23"),
    *_PACK,
)
_QUOTE: _Lines = (
    ("DJI looks at the device and sends a quote. Compare it with what a replacement would cost.", "S2-33 S2-45"),
    ("Say yes and pay, or say no.", ""),
    _CARD,
    *_AFTERWARDS,
)

_LISTS: Mapping[Subject, tuple[str, str, _Lines]] = MappingProxyType(
    {
        Service.EXPRESS_BASIC: (
            "Express Basic, step by step",
            "care_express_apply",
            (
                ("Look up the plan, to see that DJI counts it as you do.", "S2-25"),
                ("Ask for Care Express, Basic. Nothing will be inspected for a fault of the product.", "S2-03 S2-29"),
                ("Wait for the shipping label by e-mail.", "S1-23"),
                *_PACK,
                _CARD,
                ("DJI sends the replacement once it has your device. It may be new or refurbished.", "S2-06 S1-08"),
                *_AFTERWARDS,
            ),
        ),
        Service.EXPRESS_PREMIUM: (
            "Express Premium, step by step",
            "care_express_apply",
            (
                ("Look up the plan, to see that DJI counts it as you do.", "S2-25"),
                (
                    "Have one credit card ready that can carry the fee and the deposit; checkout shows both.",
                    "S2-09 S2-10",
                ),
                ("It must be Visa, MasterCard or American Express, and one card for the whole order.", "S2-37 S2-38"),
                ("Ask for Care Express, Premium. Nothing will be inspected for a fault of the product.", "S2-03 S2-29"),
                ("Pay. From then on the clocks run: send yours within {ship} days.", "S2-07 S2-12"),
                ("Photograph the device, its serial and its battery before you pack them.", "S2-17 S2-18"),
                (
                    "Put in exactly the unit of the claim, with the battery you registered, all made by DJI. "
                    "Otherwise the whole deposit may be charged.",
                    "S2-17 S2-18 S2-19",
                ),
                ("Post it at once. It should be there within {early} to {last} calendar days.", "S2-14 S2-15 S2-16"),
                ("The deposit is freed once the right unit has arrived.", "S2-11"),
                *_AFTERWARDS,
            ),
        ),
        Service.REPLACEMENT: (
            "Exchange for a fault in the first {days} days, step by step",
            "support_home",
            (
                ("Ask DJI Support now: it is for faults that show within {days} days of the purchase.", "S2-34"),
                ("Have the invoice ready; it shows the day of the purchase.", "W1"),
                ("Film the fault while it shows.", ""),
                ("Do not open or repair it yourself.", ""),
                *_PACK,
                ("For the new unit the warranty begins anew. Record it here when it has come.", "W3"),
                ("Keep every e-mail from DJI, and record each step with the claim here.", "S1-24"),
            ),
        ),
        Service.REPAIR_WARRANTY: (
            "Repair under warranty, step by step",
            "repair_in_app",
            (
                *_REPAIR,
                ("Have the invoice ready: it proves from when the warranty counts.", "W1"),
                ("DJI looks for a fault of the product. If it finds one, the repair is free.", "S0-18 S2-32"),
                ("If it finds none, it sends a quote. You may say no.", "S1-09 S2-45"),
                *_AFTERWARDS,
            ),
        ),
        Service.REPAIR_PAID: ("Repair at your own cost, step by step", "repair_in_app", (*_REPAIR, *_QUOTE)),
        Service.REPAIR_DISCOUNT: (
            "Repair at a discount, step by step",
            "repair_in_app",
            (
                *_REPAIR,
                ("Name the discount of your plan, and send damaged accessories in beside the device.", "S0-22"),
                *_QUOTE,
            ),
        ),
        Service.FLYAWAY_REPORT: (
            "Flyaway report, step by step",
            "flyaway_reporting",
            (
                (
                    "Do not unbind the account or the controller, and do not delete the aircraft in the app.",
                    "S0-73 S0-65",
                ),
                ("Take the controller that was bound to it: the report is made with that one.", "S0-69"),
                ("Log in with the account that was bound to it. Only its owner can report.", "S0-68"),
                ("In DJI's app: Profile, Device Management, or Find My Drone. Choose to report the flyaway.", "S0-70"),
                ("Think before you confirm: from then on DJI counts the aircraft as flown away.", "S0-69"),
                (
                    "No source names a time limit, so do it as soon as you have searched in earnest.",
                    "HP-NOT-FOUND-FLYAWAY-LIMIT",
                ),
                _CARD,
                ("When the new aircraft has come, bind account and controller again before the first flight.", "S0-65"),
                ("Where you live a loss may have to be reported to the aviation authority. Look it up.", ""),
                *_AFTERWARDS,
            ),
        ),
        Service.MAINTENANCE: (
            "Factory maintenance, step by step",
            "repair_in_app",
            (
                ("Look up the plan, to see that a maintenance is left.", "S2-25"),
                (_REQUEST, "S1-22 S0-26"),
                ("Wait for the shipping label by e-mail.", "S1-23"),
                *_PACK,
                ("Keep every e-mail from DJI, and record each step with the claim here.", "S1-24"),
            ),
        ),
        Service.REFUND: (
            "Return for the money, step by step",
            "support_home",
            (
                ("Log in to the DJI Store with the account that bought it, and open My Orders.", "S2-36"),
                ("Ask for the return there. The store says what has to be in the box.", "S2-36"),
                ("Remove your photos and the memory card, then unbind the device in the app.", ""),
                ("Pack everything that came with it, and photograph it.", ""),
                ("Keep every e-mail, and record each step with the claim here.", "S1-24"),
            ),
        ),
        NoticeKind.VIDEO: (
            "Check by video before a late purchase, step by step",
            "video_verification",
            (
                ("Let a second person film, or put the camera on a tripod: the picture must be steady.", "S1-36"),
                ("Film without a cut: the serial, then the device switched on and at work.", "S1-35 S0-40"),
                (
                    "Put the film on YouTube. The guide that was read says that private is enough.",
                    "S1-37",
                ),
                ("Fill in DJI's form: tick that you have read the instructions, then the details.", "S1-38"),
                ("Wait for DJI's e-mail. Look into the spam folder too.", "S1-39"),
                ("Record the answer here with its time: from then on {hours} hours are left to buy the plan.", "S0-42"),
            ),
        ),
        NoticeKind.SEND_IN: (
            "Check in DJI's workshop before a late purchase, step by step",
            "support_home",
            (
                ("Ask DJI Support to arrange the check.", "S0-41"),
                ("Photograph the device and its serial before you pack it.", ""),
                ("Send it as DJI says, and keep the tracking number.", ""),
                ("Record the answer here with its time: from then on {hours} hours are left to buy the plan.", "S0-42"),
            ),
        ),
    }
)
