"""What boxes, invoices and photos propose, in the words of the preview: each value with its box and its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from homepoint.application.found import Offer, Paper, Take
from homepoint.application.intake import Tick, Wish
from homepoint.domain.values import Money
from homepoint.presentation.claims import amount_text
from homepoint.presentation.device_list import device_name
from homepoint.presentation.wording import counted, day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class TickBox:
    """One thing the owner can tick."""

    tick: Tick
    words: str
    hint: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """What a box, an invoice or a photo proposes. `asks_model`: it may become a device; `model` is its likely one."""

    key: str
    title: str
    boxes: tuple[TickBox, ...]
    asks_model: bool
    model: str


def paper_part(paper: Paper, ticked: frozenset[Tick]) -> PaperPart:
    """Return what a paper proposes, each value with its own box."""
    new = [each for each in paper.offers if each.take is Take.REGISTER]
    models = {model for each in new for model in each.models}
    more = f" and {counted(len(paper.files) - 1, 'more file')}" if len(paper.files) > 1 else ""
    return PaperPart(
        key=paper.key,
        title=paper.files[0].name + more,
        boxes=tuple(_paper_box(each, ticked) for each in paper.offers),
        asks_model=bool(new),
        model=models.pop() if len(models) == 1 else "",
    )


def _paper_box(offer: Offer, ticked: frozenset[Tick]) -> TickBox:
    tick = Tick(wish=Wish.PAPER, key=offer.key)
    where = f"Page {offer.page} says" if offer.page is not None else "Found in"
    words = offer_words(offer)
    return TickBox(tick=tick, words=words, hint=f"{where}: {offer.line}", is_ticked=tick in ticked)


def offer_words(offer: Offer) -> str:
    """Say what ticking a proposal does."""
    value = offer.value
    if isinstance(value, Money):
        return f"Price: {amount_text(value)}"
    if isinstance(value, date):
        return f"Bought on {day_text(value)}"
    if offer.take is Take.FILL:
        return f"Complete the serial of {device_name(offer.device) if offer.device else 'this aircraft'}: {value}"
    models = f" ({' or '.join(offer.models)})" if offer.models else ""
    return {
        Take.REGISTER: f"Register a device with the serial {value}{models}",
        Take.CONTROLLER: f"Add controller {value}",
        Take.ORDER_NUMBER: f"Note order number {value} in the name of the kept file",
    }.get(offer.take, f"Model: {value}")


def paper_lines(papers: Sequence[PaperPart]) -> Iterator[str]:
    """Yield what papers propose for a terminal, where none of it can be ticked."""
    for paper in papers:
        yield ""
        yield f"{paper.title} may say this; to take any of it, drop the file onto the window:"
        for box in paper.boxes:
            yield f"  [ ] {box.words}. {box.hint}"
