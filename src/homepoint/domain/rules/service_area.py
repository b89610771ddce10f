"""Where in the world does DJI give service for this device?"""

from homepoint.domain.assessment import Care, ServiceArea
from homepoint.domain.facts import Channel
from homepoint.domain.reasons import Reason
from homepoint.domain.snapshot import DeviceFacts
from homepoint.domain.terms import Terms
from homepoint.domain.values import Region

_AUTHORIZED = frozenset({Channel.DJI_STORE, Channel.DJI_STORE_BUNDLE, Channel.AUTHORIZED_DEALER})
EUROPEAN_UNION = Region("EU")


def service_area(facts: DeviceFacts, care: Care, terms: Terms) -> ServiceArea:
    """Say where service is given: in the plan's own region, for some handhelds wherever Care Refresh is offered.

    International cover needs an authorized channel and a proof of purchase.
    """
    device = facts.device
    home = care.region or device.region
    differs = care.region is not None and device.region is not None and care.region != device.region
    mismatch = terms.because(Reason.AREA_REGION_DIFFERS) if differs else ()
    if device.model in terms.international_models.models:
        unknown = tuple(
            name
            for name, value in (("channel", device.channel), ("proof_of_purchase", device.proof_of_purchase))
            if value is None
        )
        if device.channel in _AUTHORIZED and device.proof_of_purchase:
            return ServiceArea(
                local=False,
                regions=tuple(sorted(terms.care_regions.value)),
                because=(*terms.because(Reason.AREA_INTERNATIONAL), *mismatch),
            )
        why = terms.because(Reason.AREA_PROOF)
    else:
        unknown, why = (), terms.because(Reason.AREA_LOCAL)
    if home is None:
        return ServiceArea(
            local=True, regions=(), unknown=("region", *unknown), because=terms.because(Reason.AREA_UNKNOWN)
        )
    return ServiceArea(local=True, regions=(home,), unknown=unknown, because=(*why, *mismatch))


def serves(area: ServiceArea, region: Region | None, terms: Terms) -> bool:
    """Say whether service is given in a region; the European Union is one region with its members."""
    if region is None or region in area.regions:
        return True
    if region == EUROPEAN_UNION:
        return bool(set(area.regions) & terms.eu_members)
    return EUROPEAN_UNION in area.regions and region in terms.eu_members
