"""The search finds a secret wherever it lies and however it is written; otherwise its silence would prove nothing."""

import base64
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.system.secret_search import command_lines_below, find_secrets

SECRET = "Wolke & gr\N{LATIN SMALL LETTER U WITH DIAERESIS}ne/Wiese+7"
SECRETS = {"password": SECRET, "other": "never written anywhere"}


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("claim/notes.txt", content)
    return packed.getvalue()


def _tarred(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        entry = tarfile.TarInfo("notes.txt")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _folded_calendar(text: str) -> bytes:
    line = f"DESCRIPTION:{text}".encode()
    return b"\r\n ".join(line[at : at + 9] for at in range(0, len(line), 9))


PLAIN = SECRET.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"password=" + PLAIN + b"\n",
        f"before {SECRET} after".encode("utf-16"),
        SECRET.encode("utf-16-be"),
        base64.b64encode(b"user:" + PLAIN),
        base64.urlsafe_b64encode(b"a" + PLAIN + b"bc"),
        base64.encodebytes(b"x" * 50 + PLAIN + b"y" * 50),
        PLAIN.hex().encode(),
        b"ab" + PLAIN.hex().upper().encode(),
        quote(SECRET).encode(),
        b"p=" + quote_plus(SECRET).encode(),
        quote(SECRET, safe="").lower().replace("wolke", "Wolke").replace("wiese", "Wiese").encode(),
        json.dumps({"a": SECRET}).encode(),
        _folded_calendar(SECRET),
        b"&lt;b&gt;" + SECRET.replace("&", "&amp;").encode(),
        _zipped(PLAIN),
        _zipped(_zipped(SECRET.encode("utf-16-le"))),
        _tarred(PLAIN),
        gzip.compress(b"x" + PLAIN, mtime=0),
    ],
)
def test_a_secret_is_found_in_every_form(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(content)
    found = find_secrets(tmp_path, SECRETS)
    assert {each.secret for each in found} == {"password"}
    assert all(each.where.startswith("deep/file.bin") for each in found)
    assert SECRET not in str(found)


@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=8, max_size=30),
    before=st.binary(max_size=7),
    after=st.binary(max_size=7),
)
def test_base64_is_recognised_wherever_the_secret_begins(
    tmp_path_factory: pytest.TempPathFactory, secret: str, before: bytes, after: bytes
) -> None:
    folder = tmp_path_factory.mktemp("made")
    (folder / "settings.json").write_bytes(base64.b64encode(before + secret.encode() + after))
    assert find_secrets(folder, {"it": secret})


def _in_the_write_ahead_log(file: Path) -> sqlite3.Connection:
    library = sqlite3.connect(file)
    library.execute("PRAGMA journal_mode=WAL")
    library.execute("CREATE TABLE notes (words TEXT)")
    library.commit()
    library.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    library.execute("INSERT INTO notes VALUES (?)", (SECRET,))
    library.commit()
    return library


def _across_two_pages(file: Path) -> sqlite3.Connection:
    library = sqlite3.connect(file)
    library.execute("PRAGMA page_size=512")
    library.execute("CREATE TABLE notes (words TEXT)")
    library.executemany("INSERT INTO notes VALUES (?)", [("x" * length + SECRET,) for length in range(430, 520)])
    library.commit()
    return library


def _deleted(file: Path) -> sqlite3.Connection:
    library = sqlite3.connect(file)
    library.execute("PRAGMA secure_delete=OFF")
    library.execute("CREATE TABLE notes (words TEXT)")
    library.execute("INSERT INTO notes VALUES (?)", (SECRET,))
    library.commit()
    library.execute("DELETE FROM notes")
    library.commit()
    return library


@pytest.mark.parametrize("write", [_in_the_write_ahead_log, _across_two_pages, _deleted])
def test_a_secret_is_found_in_a_library(tmp_path: Path, write: Callable[[Path], sqlite3.Connection]) -> None:
    with closing(write(tmp_path / "homepoint.sqlite")):
        assert {each.secret for each in find_secrets(tmp_path, SECRETS)} == {"password"}


def test_a_secret_is_found_in_the_words_of_a_page(tmp_path: Path) -> None:
    import typst

    page = typst.compile(b'#set page(width: 4cm)\nThe code is #"hunter2-hunter2-hunter2".')
    assert isinstance(page, bytes)
    (tmp_path / "dossier.zip").write_bytes(_zipped(page))
    assert b"hunter2" not in page
    assert find_secrets(tmp_path, {"code": "hunter2-hunter2-hunter2"})


def test_names_of_files_and_command_lines_are_searched(tmp_path: Path) -> None:
    (tmp_path / "hunter2-key.txt").write_bytes(b"")
    [found] = find_secrets(tmp_path, {"key": "hunter2-key"})
    assert found.where == "the name of hunter2-key.txt"
    [found] = find_secrets(tmp_path, {"key": "of-the-line"}, ["curl -u me:nothing", "curl -u me:of-the-line"])
    assert found.where == "command line 2"


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")
def test_the_command_lines_of_a_process_and_what_it_started_are_read() -> None:
    grandchild = f"import subprocess, sys; subprocess.run([{sys.executable!r}, '-c', 'print(1, flush=True); input()'])"
    child = subprocess.Popen([sys.executable, "-c", grandchild], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        lines = command_lines_below(os.getpid())
        child.communicate(b"\n")
    assert any(b"import subprocess" in line for line in lines)
    assert any(line.endswith(b"print(1, flush=True); input() ") and b"import" not in line for line in lines)


def test_an_untouched_folder_is_clean_and_a_short_secret_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "homepoint.log").write_text("nothing of note, …4SRD", encoding="utf-8")
    assert find_secrets(tmp_path, SECRETS, ["homepoint --data x"]) == ()
    with pytest.raises(ValueError, match="too short to look for: pin"):
        find_secrets(tmp_path, {"pin": "12345"})
