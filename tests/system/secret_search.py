"""Searches a data folder and command lines for secrets, in whatever form they may have been written."""

import base64
import gzip
import html
import io
import json
import re
import shutil
import sqlite3
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

SHORTEST = 6
"""Characters; a shorter secret would be found everywhere by chance."""

_DEEPEST = 5
_FOLDED = re.compile(rb"=?\r?\n[ \t]?")
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which secret stands where, and in which form; it does not quote it."""

    secret: str
    where: str
    form: str


def find_secrets(
    folder: Path, secrets: Mapping[str, str], command_lines: Iterable[str | bytes] = ()
) -> tuple[Found, ...]:
    """Return every place where a secret stands; none when all is well.

    Looks at the names and bytes of all files, and again without folded lines; into ZIP, tar and gzip members, the
    streams of PDF files and the rows of SQLite files with their write-ahead logs, however deep.

    Args:
        folder: everything in it and below is read.
        secrets: texts to look for by what they are called; each of at least `SHORTEST` characters.
        command_lines: see `command_lines_below`.

    Raises:
        ValueError: a secret is too short to be told from chance.
    """
    if short := [name for name, text in secrets.items() if len(text) < SHORTEST]:
        raise ValueError(f"too short to look for: {', '.join(short)}")
    forms = {name: _forms(text) for name, text in secrets.items()}
    found: dict[Found, None] = {}
    for where, content in _everything(folder, command_lines):
        for view in {content, _FOLDED.sub(b"", content)}:
            for name, patterns in forms.items():
                for pattern, form in patterns.items():
                    if pattern in view:
                        found[Found(secret=name, where=where, form=form)] = None
    return tuple(found)


def command_lines_below(process: int) -> tuple[bytes, ...]:
    """Return the command lines of a running process and all it started (Linux)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
    family = {process}
    while grown := {each for each, parent in parents.items() if parent in family} - family:
        family |= grown
    lines = []
    for each in sorted(family):
        with suppress(OSError):
            lines.append(Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" "))
    return tuple(lines)


def _everything(folder: Path, command_lines: Iterable[str | bytes]) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(command_lines, 1):
        yield f"command line {number}", line.encode() if isinstance(line, str) else line
    for file in sorted(folder.rglob("*")):
        where = file.relative_to(folder).as_posix()
        yield f"the name of {where}", where.encode("utf-8", "surrogateescape")
        if file.is_file():
            content = file.read_bytes()
            yield from _inside(where, content, 0)
            if content.startswith(_SQLITE):
                yield from _rows(where, file)


def _inside(where: str, content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """Yield a content and whatever is packed in it."""
    yield where, content
    if depth == _DEEPEST:
        return
    for name, part in (*_zip_parts(content), *_tar_parts(content), *_gzip_parts(content), *_pdf_parts(content)):
        yield f"the name of {where} > {name}", name.encode("utf-8", "surrogateescape")
        yield from _inside(f"{where} > {name}", part, depth + 1)


def _zip_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        yield "its comment", packed.comment
        for entry in packed.infolist():
            if entry.flag_bits & 1:
                continue  # encrypted by a password
            yield entry.filename, packed.read(entry)


def _tar_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(tarfile.TarError, EOFError, OSError, zlib.error), tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for entry in packed:
            if entry.isfile() and (opened := packed.extractfile(entry)):
                yield entry.name, opened.read()


def _gzip_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error):
            yield "unpacked", gzip.decompress(content)


def _pdf_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    if not content.startswith(b"%PDF"):
        return
    for number, stream in enumerate(_PDF_STREAM.findall(content), 1):
        with suppress(zlib.error):
            yield f"stream {number}", zlib.decompressobj().decompress(stream)
    from pypdf import PdfReader

    with closing(PdfReader(io.BytesIO(content))) as read:
        # Glyphs stand there by number: only a reader turns them into letters again.
        words = "\n".join(page.extract_text() for page in read.pages)
        yield "its words", words.encode("utf-8", "replace")
        yield "its words without breaks", "".join(words.split()).encode("utf-8", "replace")


def _rows(where: str, file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the values of all tables: a long one lies on several pages, so that the raw bytes do not show it whole."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "copy.sqlite")
        for ending in ("", "-wal"):
            part = file.with_name(file.name + ending)
            if part.is_file():
                shutil.copyfile(part, copy.with_name(copy.name + ending))
        with closing(sqlite3.connect(copy)) as opened:
            opened.text_factory = bytes
            tables = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                name = table.decode()
                rows = opened.execute(f'SELECT * FROM "{name}"')
                columns = [each[0] for each in rows.description]
                for row in rows:
                    for column, value in zip(columns, row, strict=True):
                        if isinstance(value, bytes) and value:
                            yield from _inside(f"{where} > {name}.{column}", value, 1)


def _forms(secret: str) -> dict[bytes, str]:
    """Return what to look for, and what each form is called; what looks the same in two forms has the first's name."""
    named: dict[bytes, str] = {}
    for form, pattern in _written(secret):
        named.setdefault(pattern, form)
    return named


def _written(secret: str) -> Iterator[tuple[str, bytes]]:
    for spelling in sorted({unicodedata.normalize(form, secret) for form in ("NFC", "NFD")} | {secret}):
        plain = spelling.encode("utf-8")
        yield "plain", plain
        for encoding in ("utf-16-le", "utf-16-be"):
            yield encoding, spelling.encode(encoding)
        for encoded in (plain, spelling.encode("utf-16-le")):
            yield "hex", encoded.hex().encode()
            yield "hex", encoded.hex().upper().encode()
            for shape in _base64_shapes(encoded):
                yield "base64", shape
                yield "base64", shape.translate(bytes.maketrans(b"+/", b"-_"))
        for escape in (quote, quote_plus, lambda text: quote(text, safe="")):
            escaped = escape(spelling)
            yield "url", escaped.encode()
            yield "url", re.sub("%..", lambda found: found[0].lower(), escaped).encode()
        yield "json", json.dumps(spelling)[1:-1].encode()
        yield "json", json.dumps(spelling, ensure_ascii=False)[1:-1].encode()
        yield "html", html.escape(spelling).encode()
        yield "python", repr(spelling)[1:-1].encode()
        yield "without blanks", "".join(spelling.split()).encode()


def _base64_shapes(encoded: bytes) -> Iterator[bytes]:
    """Yield what Base64 makes of bytes wherever they begin in what was encoded; the neighbours' share is cut off."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + encoded)
        first, last = -(-before * 8 // 6), (before + len(encoded)) * 8 // 6
        yield text[first:last]
