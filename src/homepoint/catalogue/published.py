"""Reads what was published about prices, addresses, support lines and serial numbers."""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

from homepoint.catalogue.clauses import read_source
from homepoint.catalogue.entry import CatalogueError, Entry, number
from homepoint.catalogue.models import check_models
from homepoint.domain.terms import Confidence, Contact, Figure, Link, SerialPrefix, Source
from homepoint.domain.values import EditionId, Money, Region

FIGURE_KINDS = frozenset({"plan-price", "damage-fee", "flyaway-fee", "deposit", "quota"})
SURENESS = frozenset({*Confidence, "unverified"})


def read_figures(file: Entry, models: Collection[str]) -> tuple[Figure, ...]:
    """Read prices and fees page by page."""
    figures: list[Figure] = []
    for page in file.tables("page", named_by="name"):
        source = Source(name=page.text("name"), url=page.text_if_any("url"), seen=page.text("seen"))
        currency, region = page.text("currency"), Region(page.text("region"))
        edition, confidence = EditionId(page.text("edition")), page.one_of("confidence", Confidence)
        for entry in page.tables("figures"):
            figure = Figure(
                model=entry.text("model"),
                plan=entry.text("plan"),
                kind=entry.text("kind"),
                use=entry.number_if_any("use"),
                use_and_later=entry.flag("and_later", default=False),
                money=Money(amount=_amount(entry), currency=currency),
                region=region,
                edition=edition,
                source=source,
                confidence=confidence,
                note=entry.text_if_any("note") or "",
            )
            if figure.kind not in FIGURE_KINDS:
                entry.fault(f"'kind' cannot be {figure.kind!r}")
            check_models((figure.model,), models, entry.where)
            entry.finish()
            figures.append(figure)
        page.finish()
    file.finish()
    return tuple(figures)


def _amount(entry: Entry) -> Decimal:
    text = entry.text("amount")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        entry.fault(f"'amount' is no number: {text!r}")
    if not amount.is_finite() or amount < 0:
        entry.fault(f"'amount' is no price: {text!r}")
    return amount


def read_links(file: Entry) -> tuple[Link, ...]:
    """Read the official addresses."""
    links = []
    for entry in file.tables("link", named_by="step"):
        links.append(
            Link(
                step=entry.text("step"),
                label=entry.text("label"),
                url=entry.text_if_any("url"),
                seen=entry.text("seen"),
                confidence=_sureness(entry),
                retired=entry.flag("retired", default=False),
                note=entry.text_if_any("note"),
            )
        )
        entry.finish()
    file.finish()
    return tuple(links)


def read_contacts(file: Entry) -> tuple[Contact, ...]:
    """Read the support lines."""
    contacts = []
    for entry in file.tables("contact"):
        region = entry.text_if_any("region")
        contacts.append(
            Contact(
                region=Region(region) if region else None,
                phone=entry.text_if_any("phone"),
                hours=entry.text_if_any("hours"),
                source=read_source(entry.table("source")),
                confidence=_sureness(entry),
                channel=entry.text("channel"),
                note=entry.text_if_any("note"),
            )
        )
        entry.finish()
    file.finish()
    return tuple(contacts)


def _sureness(entry: Entry) -> str:
    text = entry.text("confidence")
    if text not in SURENESS:
        entry.fault(f"'confidence' cannot be {text!r}")
    return text


def read_serials(file: Entry) -> tuple[tuple[SerialPrefix, ...], Mapping[str, int]]:
    """Read the prefixes of serials and the letters of the factory years."""
    years = {
        letter: number(year, f"{file.where}: {letter!r}") for letter, year in file.table("year_letters").rest().items()
    }
    tables = file.table("tables").rest()
    prefixes: dict[str, SerialPrefix] = {}
    for entry in file.tables("prefix", named_by="prefix"):
        prefix = SerialPrefix(
            prefix=entry.text("prefix"),
            legacy_prefix=entry.text("short"),
            model=entry.text("model"),
            confidence=entry.one_of("confidence", Confidence),
            note=entry.text_if_any("note") or "",
            seen_in=entry.texts("seen_in"),
            disputed=entry.flag("disputed", default=False),
        )
        if not prefix.prefix.endswith(prefix.legacy_prefix):
            entry.fault(f"'short' is not the end of {prefix.prefix}")
        if not set(prefix.seen_in) <= set(tables):
            entry.fault("'seen_in' names a table that is not there")
        if prefix.prefix in prefixes:
            raise CatalogueError(f"{entry.where}: this prefix is already there")
        entry.finish()
        prefixes[prefix.prefix] = prefix
    file.finish()
    return tuple(prefixes.values()), years
