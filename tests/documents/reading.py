"""Reads finished documents with other people's programs: poppler and qpdf."""

import re
import subprocess
from pathlib import Path


def _ran(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def text_of(pdf: Path) -> str:
    """Return all text of a PDF on one line, as a search would see it; words broken to fit are whole again."""
    return re.sub(r"\s+", " ", _ran("pdftotext", "-layout", pdf, "-").replace("\u200b", ""))


def plain_text_of(pdf: Path) -> str:
    """Return the text in reading order."""
    return re.sub(r"\s+", " ", _ran("pdftotext", pdf, "-").replace("\u200b", ""))


def info_of(pdf: Path) -> dict[str, str]:
    """Return what a PDF says of itself."""
    lines = (line.partition(":") for line in _ran("pdfinfo", pdf).splitlines())
    return {key.strip(): value.strip() for key, _, value in lines}


def tags_of(pdf: Path) -> str:
    """Return the structure a screen reader walks."""
    return _ran("pdfinfo", "-struct-text", pdf)


def metadata_of(pdf: Path) -> str:
    """Return the XMP metadata, which declare the standards."""
    return _ran("pdfinfo", "-meta", pdf)


def is_sound(pdf: Path) -> bool:
    """Say whether qpdf finds nothing wrong."""
    checked = subprocess.run(["qpdf", "--check", pdf], capture_output=True, text=True, check=False)
    return checked.returncode == 0 and "No syntax or stream encoding errors" in checked.stdout
