"""`homepoint verify`: says whether a dossier is as it was sealed, and names what is not."""

import sys
from argparse import Namespace

from homepoint.documents.verify import Outcome, Verdict, verify

_CODES = {Outcome.INTACT: 0, Outcome.ALTERED: 1, Outcome.NOT_A_DOSSIER: 2}


def run(given: Namespace) -> int:
    """Check one file: 0 intact, 1 altered, 2 not a dossier."""
    found = verify(given.file)
    if found.outcome is Outcome.NOT_A_DOSSIER:
        print(f"{given.file} is not a dossier of Homepoint: {found.problem}.", file=sys.stderr)
    else:
        print("\n".join(_lines(found)))
    return _CODES[found.outcome]


def _lines(found: Verdict) -> list[str]:
    if found.outcome is Outcome.INTACT:
        lines = [f"Intact: dossier {found.id}, {found.files} files, all as they were sealed."]
    else:
        lines = [f"Not as it was sealed: dossier {found.id}."]
    for word, names in (("altered", found.altered), ("missing", found.missing), ("added", found.added)):
        lines += [f"  {word:<8} {_one_line(name)}" for name in names]
    return [
        *lines,
        f"  seal     {found.seal}",
        "Compare this seal with the one at the end of the PDF and, better, with one that was sent earlier:",
        "whoever alters a dossier can also make a new one, but not with the same seal.",
    ]


def _one_line(name: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)
