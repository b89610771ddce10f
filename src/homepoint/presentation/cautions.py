"""What to know before choosing a way out of an incident, in plain words."""

from homepoint.domain.assessment import Caution

_TEXTS = {
    Caution.NO_INSPECTION: (
        "Express sends you another unit without looking for a factory fault. If you think it failed by itself, choose "
        "Repair: with Express the chance of a free repair is gone."
    ),
    Caution.NO_WARRANTY_FOR_ACCIDENTS: "The warranty pays only for faults of the product, not for an accident.",
    Caution.DEPOSIT: (
        "A deposit is held on your card until DJI has your old unit. It is charged if the unit comes late, bears "
        "another serial, or lacks the battery."
    ),
    Caution.LAST_REPLACEMENT: "This uses the last replacement of your plan.",
    Caution.CONTROLLER_NOT_COVERED: "The remote controller is not covered. Keep it, or have it repaired on its own.",
    Caution.PARTS_UNKNOWN: (
        "Which parts the plan covers is not known for this model. Look in the service agreement DJI sent you."
    ),
    Caution.PART_NOT_COVERED: (
        "Not every part you named is covered: the older terms leave some out for this series. Your service agreement "
        "decides."
    ),
    Caution.FEE_NOT_KNOWN: "No published fee was found for this. DJI shows it at settlement, before you pay.",
    Caution.DO_NOT_UNBIND: (
        "Do not unbind the account or the controller now. Both must stay as they were when the aircraft was lost."
    ),
    Caution.NO_TIME_LIMIT_FOUND: "No source says how soon a flyaway must be reported. Report it as soon as you can.",
    Caution.FEE_AFTER_INSPECTION: "DJI looks at the unit first and then sends a quote you may accept or decline.",
}


def caution_text(caution: Caution) -> str:
    """Return a caution as a sentence or two for the owner."""
    return _TEXTS[caution]
