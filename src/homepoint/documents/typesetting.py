"""Sets a page template with data as a tagged PDF, the same bytes for the same input."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

log = logging.getLogger(__name__)

STANDARDS = ("a-2a", "ua-1")
"""What the PDF declares: PDF/A-2a, to be kept for long, and PDF/UA-1, to be read aloud."""

PLAIN_SAYS = (
    "Some characters in this document are in no font of the computer that made it. They may show as empty boxes, and "
    "the document does not declare PDF/A and PDF/UA. Your records hold every text as it was written."
)

_LONGEST_WORD = 40
_ZERO_WIDTH_SPACE = "\u200b"
_AS_THEY_ARE = frozenset({"sha256", "seal", "file", "id", "paper"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    """A PDF. `declares_standards` is False where a character was in no font."""

    pdf: bytes
    declares_standards: bool


def typeset(
    template: str, data: Mapping[str, Any], at: datetime, pictures: Mapping[str, bytes] | None = None
) -> Typeset:
    """Set a template of `resources/typst` with data; texts in it are data, never markup.

    Our own font comes first, so that the same input gives the same bytes on every computer. Where a character is not
    in it, this computer's fonts help out; where they lack it too, the PDF is written without declaring a standard, and
    `data["plain_says"]` says so in it.

    Args:
        template: the name, without ".typ".
        data: what JSON can hold. `at` and `plain_says` are added.
        at: the date inside the PDF, in UTC.
        pictures: JPEG or PNG files by the names the data refer to.
    """
    dated = {**_breakable(data), "at": [at.year, at.month, at.day, at.hour, at.minute, at.second]}
    templates = files("homepoint").joinpath("resources/typst")
    sources = {"main.typ": templates.joinpath(f"{template}.typ").read_bytes(), **(pictures or {})}
    sources["common.typ"] = templates.joinpath("common.typ").read_bytes()
    strict = json.dumps({**dated, "plain_says": ""}, ensure_ascii=False)
    for own_fonts_only in (True, False):
        made = _compiled(sources, strict, STANDARDS, own_fonts_only=own_fonts_only)
        if made is not None:
            return Typeset(pdf=made, declares_standards=True)
    plain = json.dumps({**dated, "plain_says": PLAIN_SAYS}, ensure_ascii=False)
    made = _compiled(sources, plain, (), own_fonts_only=False)
    assert made is not None, f"{template}.typ cannot be set"
    return Typeset(pdf=made, declares_standards=False)


def can_show(picture: bytes, name: str) -> bool:
    """Say whether a picture can be set: a damaged one, or one no standard allows, cannot."""
    page = f'#set document(title: "x")\n#image("{name}", width: 10pt, alt: "x")\n'.encode()
    return _compiled({"main.typ": page, name: picture}, "{}", STANDARDS, own_fonts_only=True) is not None


def _compiled(
    sources: Mapping[str, bytes], data: str, standards: tuple[str, ...], *, own_fonts_only: bool
) -> bytes | None:
    """Return the PDF, or None where it cannot be set by these standards with these fonts."""
    import typst  # late: 80 MB that only documents need

    with as_file(files("homepoint").joinpath("resources/fonts")) as fonts, TemporaryDirectory() as folder:
        for name, content in sources.items():
            Path(folder, name).write_bytes(content)
        try:
            made: bytes = typst.compile(  # type: ignore[call-overload]  # wants a list of all its standards' names
                Path(folder, "main.typ"),
                root=folder,
                format="pdf",
                font_paths=[fonts],
                ignore_system_fonts=own_fonts_only,
                sys_inputs={"data": data},
                pdf_standards=list(standards),
                timestamp=0,
            )
            return made
        except typst.TypstError as fault:
            log.info("%s", fault)
            return None


def _breakable(value: Any, key: str = "") -> Any:
    """Return data whose texts can be set: no control characters, and words without end may break."""
    if isinstance(value, str):
        return value if key in _AS_THEY_ARE else _breakable_text(value)
    if isinstance(value, Mapping):
        return {name: _breakable(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(each) for each in value]
    return value


def _breakable_text(text: str) -> str:
    printable = "".join(sign if sign in "\n\t" or sign.isprintable() else " " for sign in text)
    printable = printable.encode("utf-8", errors="replace").decode()  # half of a surrogate pair is no character
    if max(map(len, printable.split()), default=0) <= _LONGEST_WORD:
        return printable
    broken, run = [], 0
    for sign in printable:
        run = 0 if sign.isspace() else run + 1
        broken.append(sign)
        if run == _LONGEST_WORD:
            broken.append(_ZERO_WIDTH_SPACE)
            run = 0
    return "".join(broken)
