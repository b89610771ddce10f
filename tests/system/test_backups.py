"""Backups on a disk: whole or not there, read back, kept by the rule, and restored so that nothing is lost."""

import errno
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from homepoint.application.backups import BackupKind, LibraryIsDamagedError
from homepoint.application.problems import HomepointError
from homepoint.storage.copying import SqliteFiles
from homepoint.storage.library import SqliteLibrary
from homepoint.system import backup_file, disk_faults, restoring
from homepoint.system.attachments import EvidenceStore, Kept
from homepoint.system.backup_file import SUFFIX, Source, is_backup, read_backup, verify_backup, write_backup
from homepoint.system.backups import back_up_automatically, backups_in, newest_good, origin_of
from homepoint.system.paths import RESTORE_JOURNAL, library_file
from homepoint.system.unfinished import UNFINISHED
from tests import builders as make

FILES = SqliteFiles()


def quiet(_done: int, _total: int, _words: str) -> None:
    """Report nothing."""


@dataclass
class Owner:
    """A data folder with an open library, its evidence, and a folder for backups."""

    folder: Path
    library: SqliteLibrary
    store: EvidenceStore

    @property
    def source(self) -> Source:
        return Source(folder=self.folder, files=FILES, homepoint="0.1", origin=origin_of("desk", self.folder))

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def add(self, id: str) -> None:
        self.library.write(make.adding(make.device(id, nickname=f"Device {id}")), make.NOW)

    def attach(self, id: str, content: bytes) -> str:
        file = self.folder / id
        file.write_bytes(content)
        kept = self.store.take_in(file)
        file.unlink()
        self.library.write(make.adding(make.attachment(id, sha256=kept.sha256, size=kept.size)), make.NOW)
        return kept.sha256

    def back_up(self, name: str = "a", **values: Any) -> Path:
        target = self.folder.parent / f"{name}{SUFFIX}"
        given: dict[str, Any] = {"kind": BackupKind.BY_OWNER, "made_at": make.NOW, "progress": quiet, **values}
        write_backup(self.source, target, **given)
        return target

    def restore(self, backup: Path) -> Path | None:
        self.library.close()
        kept = restoring.restore(self.source, backup, self.backups, now=make.NOW, progress=quiet)
        self.library = make.library_at(library_file(self.folder))
        return kept

    @property
    def devices(self) -> set[str]:
        return {each.id for each in self.library.snapshot().devices}

    def left_behind(self) -> list[str]:
        places = (self.folder, self.folder.parent, self.store.folder)
        return [each.name for place in places if place.exists() for each in place.glob(f"{UNFINISHED}*")]


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    folder = tmp_path / "data"
    folder.mkdir()
    found = Owner(folder, make.library_at(library_file(folder)), EvidenceStore(folder / "evidence"))
    found.add("d1")
    yield found
    found.library.close()


# -- writing and reading ----------------------------------------------------------------------------------------------


def test_a_backup_holds_facts_history_and_evidence_and_says_so_last(owner: Owner) -> None:
    sha256 = owner.attach("f1", b"crash" * 1000)
    path = owner.back_up()
    manifest = verify_backup(path, FILES, quiet)
    assert (manifest.counts["devices"], manifest.counts["attachments"], manifest.edits) == (1, 1, 2)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names == ["library.sqlite", f"evidence/{sha256[:2]}/{sha256}", "manifest.json"]
        assert archive.getinfo(names[1]).compress_type == zipfile.ZIP_STORED
    assert (is_backup(path), owner.left_behind()) == (True, [])


def test_two_backups_of_the_same_records_hold_the_same_in_the_same_order(owner: Owner) -> None:
    for number in range(5):
        owner.attach(f"f{number}", os.urandom(50))
    assert owner.back_up("a").read_bytes() == owner.back_up("b").read_bytes()


def test_a_backup_is_of_one_moment_while_the_program_goes_on_writing(owner: Owner) -> None:
    for number in range(40):
        owner.library.write(make.adding(make.device(f"big{number}", nickname="x" * 40_000)), make.NOW)

    def write_on(_done: int, _total: int, words: str) -> None:
        if words == "Copying the records":
            owner.add(f"later{len(owner.devices)}")

    manifest = verify_backup(owner.back_up(progress=write_on), FILES, quiet)
    assert manifest.counts["devices"] == 41
    assert len(owner.devices) > 41


def test_evidence_that_is_gone_is_told_and_hinders_no_backup(owner: Owner) -> None:
    owner.store.remove(owner.attach("f1", b"x"))
    assert read_backup(owner.back_up()).missing == 1


def test_no_more_than_a_few_blocks_are_held_whatever_the_size_of_the_evidence(owner: Owner) -> None:
    owner.attach("f1", bytes(60 << 20))
    tracemalloc.start()
    path = owner.back_up()
    verify_backup(path, FILES, quiet)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20


def test_a_cancelled_backup_leaves_nothing(owner: Owner) -> None:
    owner.attach("f1", b"x" * 100)

    class Cancelled(Exception):  # noqa: N818  # the owner's wish
        pass

    def cancel(_done: int, _total: int, words: str) -> None:
        if words == "Writing the backup":
            raise Cancelled

    with pytest.raises(Cancelled):
        owner.back_up(progress=cancel)
    assert owner.left_behind() == []
    assert list(owner.folder.parent.glob(f"*{SUFFIX}")) == []


def _spoilt(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_one_wrong_byte_anywhere_in_the_content_is_found(owner: Owner, place: float) -> None:
    owner.attach("f1", os.urandom(200_000))
    path = owner.back_up()
    _spoilt(path, int(path.stat().st_size * place))
    with pytest.raises(HomepointError, match=r"damaged|cannot be used"):
        verify_backup(path, FILES, quiet)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.999])
def test_a_backup_that_was_cut_off_is_none(owner: Owner, part: float) -> None:
    path = owner.back_up()
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    [found] = backups_in(path.parent)
    assert not found.is_good
    assert found.problem
    with pytest.raises(HomepointError):
        verify_backup(path, FILES, quiet)


def _with_manifest(path: Path, **changes: object) -> Path:
    changed = path.with_name(f"changed{SUFFIX}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        *members, last = old.infolist()
        for each in members:
            new.writestr(each, old.read(each))
        new.writestr(last, json.dumps(json.loads(old.read(last)) | changes))
    return changed


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "dossier"},
        {"version": 2},
        {"made_at": "2026-05-04T12:00:00"},
        {"members": [{"name": "../evil", "sha256": "0" * 64, "size": 1}]},
        {"counts": {"devices": 99}},
        {"made_at": None},
    ],
    ids=str,
)
def test_a_manifest_that_is_not_ours_is_refused(owner: Owner, changes: dict[str, object]) -> None:
    with pytest.raises(HomepointError):
        verify_backup(_with_manifest(owner.back_up(), **changes), FILES, quiet)


# -- the disk in the way ----------------------------------------------------------------------------------------------


class Failing(io.FileIO):
    """A file whose disk fails from the n-th write on."""

    def __init__(self, path: Path, left: list[int], number: int) -> None:
        super().__init__(path, "x+")
        self._left, self._number = left, number

    def write(self, content: Any) -> int:
        self._left[0] -= 1
        if self._left[0] < 0:
            raise OSError(self._number, os.strerror(self._number))
        return super().write(content)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EFBIG], ids=lambda each: errno.errorcode[each])
def test_a_disk_that_fails_at_any_write_is_said_plainly_and_the_old_backup_stays(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    owner.attach("f1", os.urandom(3 << 20))
    path = owner.back_up()
    before, said = path.read_bytes(), []
    owner.add("d2")
    for writes in range(0, 60, 3):
        left = [writes]

        def open_failing(new: Path, left: list[int] = left) -> BinaryIO:
            return Failing(new, left, number)

        monkeypatch.setattr(backup_file, "open_new", open_failing)
        try:
            owner.back_up()
        except HomepointError as told:
            said.append(told.title)
        else:
            break
        assert path.read_bytes() == before
        assert owner.left_behind() == []
    words = {errno.ENOSPC: "no room", errno.EIO: "reached", errno.EFBIG: "larger"}[number]
    assert len(said) > 2
    assert all(words in each for each in said)
    assert verify_backup(path, FILES, quiet).counts["devices"] == 2


def test_a_real_limit_of_the_system_on_the_size_of_files_is_said_plainly(owner: Owner) -> None:
    owner.attach("f1", os.urandom(4 << 20))
    program = (
        "import resource, sys; from pathlib import Path; from homepoint.__main__ import main;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({2 << 20}, resource.RLIM_INFINITY));"
        f"sys.argv = ['homepoint', 'backup', {str(owner.folder.parent / 'x')!r}, '--data', {str(owner.folder)!r}];"
        "sys.exit(main())"
    )
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "larger than a file may be there" in done.stderr
    assert not (owner.folder.parent / "x").exists()
    assert owner.left_behind() == []


def test_a_backup_that_would_not_fit_is_not_begun(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_faults.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6, 500))  # type: ignore[attr-defined]  # the type disk_usage returns
    with pytest.raises(HomepointError, match="500 bytes are free"):
        owner.back_up()


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES], ids=lambda each: errno.errorcode[each])
def test_a_folder_that_may_not_be_written_is_said_plainly(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_new: Path) -> BinaryIO:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(backup_file, "open_new", refuse)
    with pytest.raises(HomepointError, match="may not be written to"):
        owner.back_up()


def test_a_drive_that_is_not_there_is_said_plainly(owner: Owner, tmp_path: Path) -> None:
    folder = tmp_path / "drive" / "backups"
    with pytest.raises(HomepointError, match="cannot be reached"):
        back_up_automatically(owner.source, folder, now=make.NOW, zone=make.BERLIN, progress=quiet, room_left=0)
    assert not folder.parent.exists()


def test_a_damaged_library_is_not_backed_up(owner: Owner) -> None:
    owner.library.close()
    _spoilt(library_file(owner.folder), 5)
    with pytest.raises(LibraryIsDamagedError):
        owner.back_up()


# -- keeping ----------------------------------------------------------------------------------------------------------


def test_automatic_backups_go_by_the_rule_and_others_stay(owner: Owner) -> None:
    owner.backups.mkdir()
    mine = owner.backups / f"Mine{SUFFIX}"
    mine.write_bytes(owner.back_up().read_bytes())
    other = Source(folder=owner.folder, files=FILES, homepoint="0.1", origin=origin_of("other", owner.folder))
    for day in range(8):
        now = make.NOW + timedelta(days=day)
        for source in (owner.source, other):
            back_up_automatically(source, owner.backups, now=now, zone=make.BERLIN, progress=quiet, room_left=0)
    origins = [each.manifest.origin for each in backups_in(owner.backups) if each.manifest and each.path != mine]
    assert origins.count(other.origin) == origins.count(owner.source.origin) < 8
    assert mine.exists()


def test_the_newest_good_backup_is_the_newest_that_reads_through(owner: Owner) -> None:
    for day in range(3):
        owner.back_up(f"day{day}", made_at=make.NOW + timedelta(days=day))
    _spoilt(owner.folder.parent / f"day2{SUFFIX}", 200)
    found = newest_good([owner.folder.parent], FILES, quiet)
    assert found is not None
    assert found.path.stem == "day1"


# -- restoring --------------------------------------------------------------------------------------------------------


def test_a_restore_brings_back_what_was_and_keeps_what_is_here_in_a_safety_copy(owner: Owner) -> None:
    old = owner.attach("f1", b"old")
    backup = owner.back_up()
    owner.add("d2")
    new = owner.attach("f2", b"new")
    owner.store.remove(old)
    kept = owner.restore(backup)
    assert owner.devices == {"d1"}
    assert (owner.store.check(old), owner.store.check(new)) == (Kept.WHOLE, Kept.WHOLE)
    assert kept is not None
    owner.restore(kept)
    assert owner.devices == {"d1", "d2"}
    assert owner.left_behind() == []


def test_evidence_that_was_altered_here_is_mended_by_a_restore(owner: Owner) -> None:
    sha256 = owner.attach("f1", b"as it was")
    backup = owner.back_up()
    owner.store.path(sha256).write_bytes(b"altered")
    owner.restore(backup)
    assert owner.store.check(sha256) is Kept.WHOLE


def test_a_restore_on_a_new_computer_needs_nothing_there(owner: Owner, tmp_path: Path) -> None:
    backup, folder = owner.back_up(), tmp_path / "new"
    folder.mkdir()
    source = Source(folder=folder, files=FILES, homepoint="0.1", origin="new")
    assert restoring.restore(source, backup, folder / "backups", now=make.NOW, progress=quiet) is None
    library = make.library_at(library_file(folder))
    assert [each.id for each in library.snapshot().devices] == ["d1"]
    library.close()


def test_a_restore_waits_for_nobody_and_changes_nothing_while_the_library_is_open(owner: Owner) -> None:
    backup = owner.back_up()
    owner.add("d2")
    with pytest.raises(HomepointError, match="Another program"):
        restoring.restore(owner.source, backup, owner.backups, now=make.NOW, progress=quiet)
    assert owner.devices == {"d1", "d2"}
    assert owner.left_behind() == []


def test_what_is_recorded_after_the_safety_copy_stops_the_restore(owner: Owner) -> None:
    backup = owner.back_up()
    ready = restoring.prepare(owner.source, backup, owner.backups, now=make.NOW, progress=quiet)
    owner.add("d2")
    owner.library.close()
    with pytest.raises(HomepointError, match="was recorded"):
        restoring.swap(owner.folder, ready, FILES, make.NOW)
    owner.library = make.library_at(library_file(owner.folder))
    assert owner.devices == {"d1", "d2"}


def test_a_damaged_library_is_kept_aside_when_a_backup_takes_its_place(owner: Owner) -> None:
    backup = owner.back_up()
    library = library_file(owner.folder)
    owner.library.close()
    library.write_bytes(b"not a database" * 1000)
    library.with_name(library.name + "-wal").write_bytes(b"nor a log" * 1000)
    aside = owner.restore(backup)
    assert aside is not None
    assert aside.read_bytes() == b"not a database" * 1000
    assert owner.devices == {"d1"}
    assert not (owner.folder / RESTORE_JOURNAL).exists()


@pytest.mark.parametrize("step", ["unlink", "replace"])
def test_an_exchange_cut_off_at_any_step_is_finished_at_the_next_start(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    backup = owner.back_up()
    library = library_file(owner.folder)
    owner.library.close()
    library.write_bytes(b"not a database" * 1000)
    library.with_name(library.name + "-wal").write_bytes(b"nor a log" * 1000)
    ready = restoring.prepare(owner.source, backup, owner.backups, now=make.NOW, progress=quiet)
    plain = getattr(Path, step)

    def cut_off(path: Path, *given: Any, **named: Any) -> Any:
        if (owner.folder / RESTORE_JOURNAL).exists() and path.parent == owner.folder:
            raise KeyboardInterrupt
        return plain(path, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, step, cut_off)
        with pytest.raises(KeyboardInterrupt):
            restoring.swap(owner.folder, ready, FILES, make.NOW)
    assert restoring.recover_unfinished(owner.folder)
    assert not restoring.recover_unfinished(owner.folder)
    owner.library = make.library_at(library)
    assert owner.devices == {"d1"}


def test_a_backup_of_a_newer_homepoint_is_refused(owner: Owner) -> None:
    backup = owner.back_up()

    class Older(SqliteFiles):
        newest_schema = 0

    source = Source(folder=owner.folder, files=Older(), homepoint="0.0", origin="x")
    with pytest.raises(HomepointError, match="newer Homepoint"):
        restoring.preview(backup, owner.folder, Older())
    with pytest.raises(HomepointError, match="newer Homepoint"):
        restoring.restore(source, backup, owner.backups, now=make.NOW, progress=quiet)


def test_a_preview_changes_nothing_and_names_what_would_go(owner: Owner) -> None:
    backup = owner.back_up()
    owner.add("d2")
    before = sorted(each.name for each in owner.folder.rglob("*"))
    found = restoring.preview(backup, owner.folder, FILES)
    assert (found.only_here, len(found.lost), found.there["devices"]) == (("Device d2",), 1, 1)
    assert sorted(each.name for each in owner.folder.rglob("*")) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO], ids=lambda each: errno.errorcode[each])
def test_a_disk_that_fails_while_unpacking_leaves_the_records_as_they_were(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    sha256 = owner.attach("f1", b"x" * 100)
    backup = owner.back_up()
    owner.add("d2")
    owner.store.remove(sha256)

    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(HomepointError, match="as they were"):
            restoring._unpack(backup, owner.folder, FILES, quiet)
    assert owner.left_behind() == []
    assert owner.devices == {"d1", "d2"}
