"""`homepoint import`: takes what files hold into the owner's records and says what it did."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from homepoint.application.activation_codes import without_hints
from homepoint.application.exchange import import_owner_file, merge
from homepoint.application.problems import Refused
from homepoint.cli.codes import keep_codes
from homepoint.cli.fleet import take_in_fleet, zone_of_this_computer
from homepoint.cli.import_report import report_lines
from homepoint.cli.records import evidence_of, library, opened_owner_file, records_file, this_instant
from homepoint.presentation.wording import counted

if TYPE_CHECKING:
    from homepoint.application.found import Found, FoundFile
    from homepoint.storage.library import SqliteLibrary

OK, WRONG = 0, 2
_TABLES = (".csv", ".tsv")


def run(given: Namespace) -> int:
    """Import files of any kind; 2 where one cannot be read, or where nobody could be asked.

    An owner file or a fleet table alone is imported at once, as its own kind. Everything else is shown first, and
    written after a yes.
    """
    alone: Path | None = given.paths[0] if len(given.paths) == 1 and not given.paths[0].is_dir() else None
    if alone is not None and (own := _taken_in_by_kind(alone, given)) is not None:
        return own
    return _take_in_pile(given)


def _taken_in_by_kind(file: Path, given: Namespace) -> int | None:
    """Import an owner file or a fleet table; None for another file. The name decides only what content leaves open."""
    from homepoint.intake.readers import bytes_of
    from homepoint.intake.reading import FileKind
    from homepoint.intake.recognise import recognise

    given.file, kind = file, recognise(bytes_of(file))
    if kind is FileKind.OWNER_FILE or (kind is None and file.suffix.lower() == ".json"):
        return _take_in_owner_file(given)
    if kind is FileKind.TABLE or (kind is None and file.suffix.lower() in _TABLES):
        return take_in_fleet(given)
    return None


def _take_in_owner_file(given: Namespace) -> int:
    found = opened_owner_file(given.file)
    if found is None:
        return WRONG
    with library(given.data, zone_for_new=found.facts.zone) as opened:
        facts = found.facts
        if found.codes and not isinstance(merge(facts, opened.snapshot()), Refused):
            facts = without_hints(facts, keep_codes(opened, found.codes).lost)
        report = import_owner_file(facts, opened, this_instant())
    if isinstance(report, Refused):
        for field, sentence in report.fields.items():
            print(f"{field}: {sentence}", file=sys.stderr)
        return WRONG
    print("\n".join(report_lines(report, "Owner file imported.")))
    return OK


def _take_in_pile(given: Namespace) -> int:
    """Show what files hold, ask, and write it."""
    from homepoint.application.pile import look_through
    from homepoint.catalogue import load_terms
    from homepoint.intake.pile_reading import read_pile
    from homepoint.presentation.intake_preview import intake_preview, preview_lines

    terms = load_terms()
    files = read_pile(given.paths, terms, progress=_progress())
    with _records_or_none_yet(given.data) as opened:
        found = look_through(files, opened, terms)
        print("\n".join(preview_lines(intake_preview(found, opened.zone))))
    unread = WRONG if found.unread else OK
    loose = sum(1 for each in found.others if each.device is None)
    if loose:
        print(f"\n{counted(loose, 'file')} of no known aircraft: drop them onto the window to choose where they go.")
    if not found.adds_by_itself and not found.separate:
        print("\nNothing to do.")
        return unread
    if not given.yes and not _agrees():
        return WRONG
    done = [_write(given, files)] if found.adds_by_itself else []
    for each in found.separate:
        print(f"\n{each.name}:")
        done.append(_taken_in_by_kind(Path(each.path), given) or OK)
    return max(unread, *done)


def _write(given: Namespace, files: "Sequence[FoundFile]") -> int:
    """Keep copies of the files, then write what the preview proposed, in one step."""
    from homepoint.application.intake import TakeIn, proposed
    from homepoint.application.pile import look_through
    from homepoint.catalogue import load_terms
    from homepoint.domain.facts import Attachment
    from homepoint.intake.pile_reading import Copies, read_pile

    terms = load_terms()
    with library(given.data, zone_for_new=zone_of_this_computer()) as opened:
        copies = Copies(evidence_of(opened))
        try:
            kept = read_pile([Path(each.path) for each in files if not each.problem], terms, copies.keep)
            found = look_through(kept, opened, terms)
            edit = TakeIn(found=found, choices=proposed(found)).plan(opened, this_instant())
            if isinstance(edit, Refused):
                print("\n".join(edit.fields.values()), file=sys.stderr)
                return WRONG
            if edit.changes:
                opened.write(edit, this_instant())
        finally:
            copies.let_go(lambda: (each.sha256 for each in opened.all(Attachment)))
    print("\n" + _said(found, len(edit.changes)))
    return OK


def _said(found: "Found", changes: int) -> str:
    if not changes:
        return "Nothing was added."
    flights = sum(len(each.flights) for each in found.devices)
    return f"Taken in: {counted(changes, 'record')} written, among them {counted(flights, 'flight record')} kept."


def _agrees() -> bool:
    """Ask on a terminal; without one nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("\nNothing was written: there is nobody to ask. --yes writes what is marked [x].", file=sys.stderr)
        return False
    answer = input("\nTake over what is marked [x]? [y/N] ").strip().lower()
    if answer not in ("y", "yes"):
        print("Nothing was written.")
        return False
    return True


def _progress() -> "_Told | None":
    return _Told() if sys.stderr.isatty() else None


class _Told:
    """Says on the terminal how far the reading is."""

    def __call__(self, done: int, total: int) -> None:
        end = "\n" if done + 1 == total else ""
        print(f"\rLooking inside: {done + 1:,} of {total:,}", end=end, file=sys.stderr, flush=True)


@contextmanager
def _records_or_none_yet(data: Path | None) -> "Iterator[SqliteLibrary]":
    """Open the owner's records, or empty ones that vanish: looking into files shall bring nothing into being."""
    if records_file(data).exists():
        with library(data) as opened:
            yield opened
        return
    with (
        TemporaryDirectory(prefix="homepoint-") as folder,
        library(Path(folder), zone_for_new=zone_of_this_computer()) as opened,
    ):
        yield opened
