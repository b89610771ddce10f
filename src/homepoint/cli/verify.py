"""`homepoint verify`: says whether a dossier or a backup is as it was made, and names what is not."""

import sys
from argparse import Namespace

from homepoint.cli.backup import about, local_zone, terminal_progress
from homepoint.documents.verify import Outcome, Verdict, verify
from homepoint.presentation.backups import backup_lines
from homepoint.system.backup_file import is_backup, verify_backup

_CODES = {Outcome.INTACT: 0, Outcome.ALTERED: 1, Outcome.NOT_A_DOSSIER: 2}


def run(given: Namespace) -> int:
    """Check one file: 0 intact, 1 altered, 2 neither a dossier nor a backup. Which it is, its content tells."""
    if is_backup(given.file):
        return _verify_backup(given)
    found = verify(given.file)
    if found.outcome is Outcome.NOT_A_DOSSIER:
        print(f"{given.file} is neither a backup nor a dossier of Homepoint: {found.problem}.", file=sys.stderr)
    else:
        print("\n".join(_lines(found)))
    return _CODES[found.outcome]


def _verify_backup(given: Namespace) -> int:
    from homepoint.storage.copying import SqliteFiles

    manifest = verify_backup(given.file, SqliteFiles(), terminal_progress())
    print("Intact: every file in this backup is as it was written, and the records are sound.")
    print("\n".join(f"  {line}" for line in backup_lines(about(manifest, local_zone()))))
    return 0


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
