"""Makes the hand-over kit for a buyer: one ZIP with the facts and a sheet with the steps for both sides."""

import zipfile
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from homepoint.documents.typesetting import typeset
from homepoint.documents.whole import whole_file
from homepoint.presentation.handover import HandOver

FACTS_NAME = "for-the-buyer.json"
SHEET_NAME = "hand-over.pdf"


def make_handover_kit(kit: HandOver, facts_text: str, at: datetime, out: Path, paper: str = "a4") -> None:
    """Write the kit, whole or not at all. The same input gives the same bytes.

    Args:
        kit: what it says (`presentation.handover`).
        facts_text: `kit.facts` as the text of an owner file.
        at: the date inside.
        out: the ZIP.
        paper: "a4" or "us-letter".

    Raises:
        HomepointError: it cannot be written.
    """
    data = {each.name: getattr(kit, each.name) for each in fields(kit) if each.name != "facts"}
    sheet = typeset("handover", {**data, "paper": paper}, at).pdf
    day = at.astimezone(UTC)
    with whole_file(out) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((SHEET_NAME, sheet), (FACTS_NAME, facts_text.encode())):
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)
