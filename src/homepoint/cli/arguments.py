"""What may be written on the command line. It imports no command, so that `--help` is there at once."""

import re
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import datetime, timedelta
from pathlib import Path

from homepoint import __version__

COMMANDS = {
    "assess": "assess", "import": "take_in", "export": "hand_out", "due": "due", "doctor": "doctor",
    "dossier": "dossier", "verify": "verify", "field-card": "field_card", "inspect": "inspect",
    "sync": "sync", "calendar": "calendar", "backup": "backup", "restore": "restore",
}  # fmt: skip
"""Each command and the module of this package that carries it out. How to add one: a line here, its arguments below,
and a module with `run(arguments) -> int`."""

_EXITS = """exit codes:
  0  all went well
  1  something is in the way: the message says what to do
  2  the file or the command line is wrong: the message says where, and how to mend it"""


def parser() -> ArgumentParser:
    """Return the parser of the whole command line."""
    top = ArgumentParser(
        prog="homepoint",
        description="What your DJI device is covered for, until when, and by which rule. Offline.\n"
        "Without a command it opens the window.",
        epilog=_EXITS,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"homepoint {__version__}")
    top.add_argument("--tray", action="store_true", help="start in the tray, without showing the window")
    top.set_defaults(data=None, debug=False, unlock_stdin=False)
    everywhere = _everywhere()
    for action in everywhere._actions:
        top._add_action(action)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, about: str) -> ArgumentParser:
        return commands.add_parser(name, help=about, description=about, parents=[everywhere], allow_abbrev=False)

    assess = command("assess", "print what the rules say about every device, as JSON")
    assess.add_argument(
        "file", nargs="?", type=Path, metavar="OWNER.json", help="an owner file (default: your records)"
    )
    _add_at(assess)

    take_in = command("import", "take what files hold into your records: told by content, shown before it is written")
    take_in.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="flight records, photos, tables, owner files, or a folder"
    )
    take_in.add_argument("--yes", action="store_true", help="write what the preview proposes, without asking")

    hand_out = command("export", "write all your records as an owner file")
    hand_out.add_argument("file", metavar="FILE.json", help="where to write it; - for the standard output")

    due = command("due", "list the deadlines of all devices")
    due.add_argument(
        "--within", type=_span, default=timedelta(days=30), metavar="SPAN", help="12h, 30d or 2w (default: 30d)"
    )
    due.add_argument("--json", action="store_true", help="print JSON")
    _add_at(due)

    calendar = command("calendar", "write the deadlines of all devices as a calendar file")
    calendar.add_argument(
        "file", type=Path, metavar="FILE.ics", help="where to write it, or the file to bring up to date"
    )
    _add_at(calendar)

    dossier = command("dossier", "write the sealed dossier of an incident")
    dossier.add_argument("incident", metavar="INCIDENT_ID", help="the incident's id, as in an exported owner file")
    dossier.add_argument("file", type=Path, metavar="OUT.zip", help="where to write it")
    dossier.add_argument("--pdf", type=Path, metavar="OUT.pdf", help="write a copy of its PDF there as well")
    dossier.add_argument(
        "--redact", action="store_true", help="hide prices, fees, e-mail, addresses, activation codes, account names"
    )

    verify = command("verify", "say whether a dossier is as it was sealed, or a backup as it was written")
    verify.add_argument("file", type=Path, metavar="FILE", help="the dossier or backup")

    backup = command("backup", "write everything, attachments included, into one file and read it back")
    backup.add_argument("file", type=Path, metavar="FILE.homepoint-backup", help="where to write it")

    restore = command("restore", "let a backup take the place of your records, after a safety copy of them")
    restore.add_argument("file", type=Path, metavar="FILE.homepoint-backup", help="the backup")
    restore.add_argument("--yes", action="store_true", help="restore without asking")

    card = command("field-card", "print the field card of a device on one page")
    card.add_argument("device", metavar="DEVICE_ID", help="the device's id, as in an exported owner file")
    card.add_argument("file", type=Path, metavar="OUT.pdf", help="where to write it")
    card.add_argument("--paper", choices=("a6", "us-letter"), default="a6", help="the paper (default: a6)")

    inspect = command("inspect", "say what flight records and other files hold, without writing anything")
    inspect.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a flight record, photo, export, …")
    inspect.add_argument("--json", action="store_true", help="print JSON: an object, or a list for several files")

    _add_sync(command("sync", "share the library with your other computers through storage you have"), everywhere)

    doctor = command("doctor", "check the library, the catalogue, the keyring and the versions")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    return top


def _add_sync(sync: ArgumentParser, everywhere: ArgumentParser) -> None:
    acts = sync.add_subparsers(dest="act", metavar="ACT", required=True)

    def act(name: str, about: str, *, secret: bool = True) -> ArgumentParser:
        made = acts.add_parser(name, help=about, description=about, parents=[everywhere], allow_abbrev=False)
        if secret:
            made.add_argument(
                "--passphrase-stdin",
                action="store_true",
                help="read secrets from the standard input, a line each: the passphrase, then the server password",
            )
        return made

    for name, about in (
        ("setup", "begin to share this library at a place that holds none yet"),
        ("join", "share the library of another computer"),
    ):
        made = act(name, about)
        place = made.add_mutually_exclusive_group(required=True)
        place.add_argument("--webdav", metavar="URL", help="a WebDAV folder: https, or http on this computer")
        place.add_argument("--folder", type=Path, metavar="PATH", help="a folder that your other computers have too")
        if name == "join":
            place.add_argument(
                "--invitation", action="store_true", help="ask for the line that `sync invite` printed, and its PIN"
            )
        made.add_argument("--user", metavar="NAME", help="your user name at the WebDAV server")
        made.add_argument("--certificates", type=Path, metavar="FILE", help="certificates of a private authority (PEM)")
        made.set_defaults(invitation=False)
    now = act("now", "receive and send once")
    now.add_argument("--refill", action="store_true", help="fill storage again that was emptied on purpose")
    status = act("status", "say where it stands, without asking the storage", secret=False)
    status.add_argument("--json", action="store_true", help="print JSON")
    act("verify", "read everything at the storage through, and send again what is damaged")
    remove = act("remove", "remove a computer: the library gets a new key and passphrase")
    remove.add_argument("computer", metavar="COMPUTER", help="its name, or its id as `sync status` prints it")
    act("passphrase", "change the passphrase")
    act("invite", "print a line and a PIN that let another computer join")
    act("leave", "share no more from this computer", secret=False)


def _everywhere() -> ArgumentParser:
    """What may stand before or after the command; it is left out where it is not given, so neither place wins."""
    options = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    options.add_argument(
        "--data", type=Path, metavar="FOLDER", help="where your records are (default: the usual folder)"
    )
    options.add_argument("--debug", action="store_true", help="show where a fault of Homepoint happened")
    options.add_argument(
        "--unlock-stdin",
        action="store_true",
        help="read the passphrase of an encrypted library from the first line of the standard input",
    )
    return options


def _add_at(command: ArgumentParser) -> None:
    command.add_argument(
        "--at", type=_instant, default=None, metavar="INSTANT", help="such as 2025-07-01T12:00:00Z (default: now)"
    )


def _instant(text: str) -> datetime:
    from homepoint.domain.portable import NotPortableError, instant  # late: the window starts without an instant

    try:
        return instant(text)
    except NotPortableError as fault:
        raise ArgumentTypeError(fault.message) from None


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,4})([hdw])", text, re.ASCII)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is not a span such as 12h, 30d or 2w")
    return int(found[1]) * {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[found[2]]
