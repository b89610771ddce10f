"""What does the n-th use of a plan cost, as far as anyone has published it?"""

from homepoint.domain.assessment import Care
from homepoint.domain.facts import Device
from homepoint.domain.rules.service_area import EUROPEAN_UNION
from homepoint.domain.terms import Confidence, Figure, Terms

_SURENESS = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}


def known_fee(terms: Terms, device: Device, care: Care, use: int, *, flyaway: bool) -> Figure | None:
    """Return the surest published figure for this use of the plan, or None.

    It must be for the same model, plan, edition and region (a member of the European Union also takes the Union's).
    """
    region = care.region or device.region
    regions = {region, EUROPEAN_UNION} if region in terms.eu_members else {region}
    fitting = [
        figure
        for figure in terms.figures
        if figure.model == device.model
        and figure.plan == care.product
        and figure.edition == care.edition
        and figure.region in regions
        and (figure.kind == "flyaway-fee" if flyaway else _is_for_use(figure, use))
    ]
    return min(fitting, key=lambda figure: _SURENESS[figure.confidence], default=None)


def _is_for_use(figure: Figure, use: int) -> bool:
    if figure.kind != "damage-fee":
        return False
    return figure.use is None or figure.use == use or (figure.use_and_later and figure.use <= use)
