"""The cover timeline of one device as values: lanes with spans and marks, each with its exact words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from homepoint.domain.assessment import Assessment, DeadlineKind, WarrantyBasis, WarrantySpan
from homepoint.domain.facts import NoticeResult, Service
from homepoint.domain.rules.care import uses
from homepoint.domain.rules.known import REPLACING_SERVICES, known_by
from homepoint.domain.rules.plans import PlanSpan, plan_spans
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import add_months, end_of, start_of
from homepoint.presentation.wording import PRODUCT_NAMES, moment_text, short_day_text


class SpanKind(StrEnum):
    """What a span means; the widget picks its colour by it, the words say it too."""

    CARE = "care"
    WINDOW = "window"
    WARRANTY = "warranty"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineSpan:
    """A stretch of time; a side that is None is not known. `label` is short, `detail` gives the exact instants."""

    kind: SpanKind
    starts_at: datetime | None
    ends_at: datetime | None
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineMark:
    """Something that happened at one instant."""

    at: datetime
    label: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the timeline; an empty name continues the lane above."""

    name: str
    spans: tuple[TimelineSpan, ...] = ()
    marks: tuple[TimelineMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All lanes, the stretch of time to draw, and the line at the instant the page is about."""

    lanes: tuple[Lane, ...]
    from_at: datetime
    until_at: datetime
    at: datetime
    at_label: str
    at_detail: str

    @property
    def description(self) -> str:
        """Everything the picture shows, as sentences, for a screen reader."""
        said = [self.at_detail]
        for lane in self.lanes:
            said += [span.detail for span in lane.spans] + [mark.detail for mark in lane.marks]
        return " ".join(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the axis with its words; `is_year` ones are stronger."""

    at: datetime
    label: str
    is_year: bool


def timeline(assessment: Assessment, facts: DeviceFacts, terms: Terms, *, is_now: bool) -> Timeline:
    """Lay out what the rules say about a device's time, by what was known at the assessment's instant."""
    at, zone = assessment.at, facts.zone
    known = known_by(facts, at)
    spans = () if known.successor else plan_spans(known, terms, at)
    lanes = (
        *_care(spans, known, zone),
        *_purchase(assessment, known, zone),
        *_renewal(assessment, spans, zone),
        *_extended(assessment.warranty, zone),
        *_standard(assessment.warranty, zone),
        *_after_service(assessment.warranty, zone),
    )
    from_at, until_at = _range(lanes, at, zone)
    told = moment_text(at, zone)
    return Timeline(
        lanes=lanes,
        from_at=from_at,
        until_at=until_at,
        at=at,
        at_label="Now" if is_now else short_day_text(at.astimezone(zone).date()),
        at_detail=f"Now: {told}." if is_now else f"The page shows {told}.",
    )


def ticks(from_at: datetime, until_at: datetime, zone: tzinfo, most: int) -> tuple[Tick, ...]:
    """Return at most `most` lines for an axis, on first days of months; years stand out where several are seen."""
    first, last = from_at.astimezone(zone).date(), until_at.astimezone(zone).date()
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((each for each in (1, 2, 3, 6, 12, 24, 60) if months / each <= max(1, most)), 120)
    index = first.year * 12 + first.month - 1
    index += (-index) % step if first.day == 1 else step - index % step
    found = []
    while (day := date(index // 12, index % 12 + 1, 1)) <= last:
        year = day.month == 1
        label = str(day.year) if year or step >= 12 else short_day_text(day).split()[1]
        found.append(Tick(at=start_of(day, zone), label=label, is_year=year))
        index += step
    if found and not found[0].is_year:
        found[0] = replace(found[0], label=short_day_text(found[0].at.date()).partition(" ")[2])
    return tuple(found)


def _days(from_day: date | None, until_day: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    return (
        start_of(from_day, zone) if from_day else None,
        end_of(until_day, zone) if until_day else None,
    )


def _between(from_day: date | None, until_day: date | None) -> str:
    begins = f"from {short_day_text(from_day)}" if from_day else "its beginning is not known"
    ends = f"to {short_day_text(until_day)}, that day included" if until_day else "its end is not known"
    return f"{begins} {ends}" if from_day and until_day else f"{begins}, {ends}"


def _care(spans: tuple[PlanSpan, ...], known: DeviceFacts, zone: tzinfo) -> Iterator[Lane]:
    if not spans:
        return
    drawn, marks = [], []
    for span in spans:
        name = PRODUCT_NAMES[span.plan.product]
        starts_at, ends_at = _days(span.starts_on, span.ends_on, zone)
        detail = f"{name}: {_between(span.starts_on, span.ends_on)}."
        drawn.append(TimelineSpan(kind=SpanKind.CARE, starts_at=starts_at, ends_at=ends_at, label=name, detail=detail))
        lost = uses(span, known, spans, frozenset({Service.FLYAWAY_REPORT}))
        for number, used_at in enumerate(uses(span, known, spans, REPLACING_SERVICES), start=1):
            what = "Flyaway replacement" if used_at in lost else "Replacement"
            told = f"{what} {number} of {name} used: {moment_text(used_at, zone)}."
            marks.append(TimelineMark(at=used_at, label=f"{what} {number} used", detail=told))
    yield Lane(name="Care plan", spans=tuple(drawn), marks=tuple(marks))


def _purchase(assessment: Assessment, known: DeviceFacts, zone: tzinfo) -> Iterator[Lane]:
    """The windows to buy a first plan, while there is none."""
    drawn = []
    for deadline in assessment.deadlines:
        if assessment.care.plan is not None:
            continue
        if deadline.kind is DeadlineKind.FIRST_PURCHASE:
            starts_at, label = known.device.activated_at, "Buy a plan"
        elif deadline.kind is DeadlineKind.NOTICE_PURCHASE:
            passed = [each.notice_at for each in known.notices if each.result is NoticeResult.PASSED]
            starts_at = max((each for each in passed if each is not None), default=None)
            label = "Buy a plan after the check"
        else:
            continue
        told = moment_text(deadline.ends_at, zone)
        begins = f"from {moment_text(starts_at, zone)} " if starts_at else ""
        drawn.append(
            TimelineSpan(
                kind=SpanKind.WINDOW,
                starts_at=starts_at,
                ends_at=deadline.ends_at,
                label=label,
                detail=f"{label}: {begins}until {told}.",
            )
        )
    if drawn:
        yield Lane(name="First purchase", spans=tuple(drawn))


def _renewal(assessment: Assessment, spans: tuple[PlanSpan, ...], zone: tzinfo) -> Iterator[Lane]:
    """A plan can be renewed while it runs and some days after; drawn where the rules know the last day."""
    until = assessment.renewal.until
    if until is None or not spans:
        return
    starts_at, ends_at = _days(spans[-1].starts_on, until, zone)
    detail = f"Renewal: until {short_day_text(until)}, that day included."
    yield Lane(
        name="Renewal",
        spans=(
            TimelineSpan(
                kind=SpanKind.WINDOW, starts_at=starts_at, ends_at=ends_at, label="Can be renewed", detail=detail
            ),
        ),
    )


_EXTENDED_NAMES = {
    WarrantyBasis.SAFE_USE_REWARD: "Safe-use reward",
    WarrantyBasis.CARE_PLUS: "Warranty of Care Refresh +",
}


def _extended(warranty: Iterable[WarrantySpan], zone: tzinfo) -> Iterator[Lane]:
    drawn = tuple(
        _warranty_span(each, _EXTENDED_NAMES[each.basis], SpanKind.EXTENDED, zone)
        for each in warranty
        if each.basis in _EXTENDED_NAMES
    )
    if drawn:
        yield Lane(name="Extended warranty", spans=drawn)


def _standard(warranty: Iterable[WarrantySpan], zone: tzinfo) -> Iterator[Lane]:
    """One row for all parts with the same days, so that a long table stays readable."""
    rows: dict[tuple[date | None, date | None], list[WarrantySpan]] = {}
    for each in warranty:
        if each.basis is WarrantyBasis.STANDARD:
            rows.setdefault((each.from_day, each.until_day), []).append(each)
    name = "Warranty"
    for same in rows.values():
        parts = ", ".join(each.part.replace("-", " ") for each in same if each.part)
        label = parts[:1].upper() + parts[1:] if parts else "DJI's warranty"
        yield Lane(name=name, spans=(_warranty_span(same[0], label, SpanKind.WARRANTY, zone),))
        name = ""


def _after_service(warranty: Iterable[WarrantySpan], zone: tzinfo) -> Iterator[Lane]:
    drawn = tuple(
        _warranty_span(each, "On the repair or replacement", SpanKind.WARRANTY, zone)
        for each in warranty
        if each.basis is WarrantyBasis.AFTER_SERVICE
    )
    if drawn:
        yield Lane(name="After service", spans=drawn)


def _warranty_span(span: WarrantySpan, label: str, kind: SpanKind, zone: tzinfo) -> TimelineSpan:
    starts_at, ends_at = _days(span.from_day, span.until_day, zone)
    lead = label if kind is SpanKind.EXTENDED else f"Warranty, {label[:1].lower()}{label[1:]}"
    lead = "DJI's warranty" if span.part is None and span.basis is WarrantyBasis.STANDARD else lead
    return TimelineSpan(
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        label=label,
        detail=f"{lead}: {_between(span.from_day, span.until_day)}.",
    )


def _range(lanes: Iterable[Lane], at: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return whole months around everything that is known and the instant shown, with room for fading ends."""
    seen = [at]
    for lane in lanes:
        for span in lane.spans:
            seen += [each for each in (span.starts_at, span.ends_at) if each is not None]
        seen += [mark.at for mark in lane.marks]
    first, last = (each.astimezone(zone).date() for each in (min(seen), max(seen) - timedelta(microseconds=1)))
    if (last - first).days < 240:
        last = add_months(last, 6)
    return (
        start_of(add_months(first.replace(day=1), -1), zone),
        start_of(add_months(last.replace(day=1), 2), zone),
    )
