"""The evidence store: whole or not at all, the source untouched, damage found."""

import hashlib
from pathlib import Path

import pytest

from homepoint.application.problems import HomepointError
from homepoint.system.attachments import EvidenceStore, Kept
from homepoint.system.media_types import FLIGHT_RECORD, UNKNOWN, media_type_of

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    """An empty store."""
    return EvidenceStore(tmp_path / "evidence")


def source(folder: Path, content: bytes = JPEG, name: str = "crash.jpg") -> Path:
    """Write a file to take in."""
    file = folder / name
    file.write_bytes(content)
    return file


def files_in(store: EvidenceStore) -> list[Path]:
    """Return every file in the store's folder, unfinished ones included."""
    return [each for each in store.folder.rglob("*") if each.is_file()]


def test_a_file_is_kept_under_its_hash_and_the_source_stays_as_it_was(store: EvidenceStore, tmp_path: Path) -> None:
    file = source(tmp_path)
    before = file.stat()
    kept = store.take_in(file)
    assert (kept.name, kept.media_type, kept.size) == ("crash.jpg", "image/jpeg", len(JPEG))
    assert kept.sha256 == hashlib.sha256(JPEG).hexdigest()
    assert store.path(kept.sha256) == store.folder / kept.sha256[:2] / kept.sha256
    with store.open(kept.sha256) as stream:
        assert stream.read() == JPEG
    after = file.stat()
    assert file.read_bytes() == JPEG
    assert (after.st_mtime_ns, after.st_ino, after.st_mode) == (before.st_mtime_ns, before.st_ino, before.st_mode)


def test_the_same_content_under_two_names_is_kept_once(store: EvidenceStore, tmp_path: Path) -> None:
    first = store.take_in(source(tmp_path, name="one.jpg"))
    second = store.take_in(source(tmp_path, name="two.jpg"))
    assert first.sha256 == second.sha256
    assert second.name == "two.jpg"
    assert len(files_in(store)) == 1


def test_progress_counts_every_byte(store: EvidenceStore, tmp_path: Path) -> None:
    content = JPEG * 400
    seen: list[tuple[int, int]] = []
    store.take_in(source(tmp_path, content), lambda done, size: seen.append((done, size)))
    assert len(seen) > 1
    assert seen[-1] == (len(content), len(content))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


class PowerCut(BaseException):
    """Stands for the end of the program in the middle of a copy."""


def test_a_copy_that_breaks_off_leaves_nothing_half(store: EvidenceStore, tmp_path: Path) -> None:
    def cut(done: int, size: int) -> None:
        raise PowerCut

    file = source(tmp_path, JPEG * 400)
    with pytest.raises(PowerCut):
        store.take_in(file, cut)
    assert files_in(store) == []
    assert store.take_in(file).size == len(JPEG) * 400


def test_a_file_removed_or_altered_in_the_store_is_found(store: EvidenceStore, tmp_path: Path) -> None:
    kept = store.take_in(source(tmp_path))
    assert store.check(kept.sha256) is Kept.WHOLE
    store.path(kept.sha256).write_bytes(JPEG[:-1] + b"?")
    assert store.check(kept.sha256) is Kept.ALTERED
    store.remove(kept.sha256)
    assert store.check(kept.sha256) is Kept.MISSING
    with pytest.raises(FileNotFoundError):
        store.open(kept.sha256)


def test_taking_a_file_in_again_mends_its_altered_copy(store: EvidenceStore, tmp_path: Path) -> None:
    file = source(tmp_path)
    kept = store.take_in(file)
    store.path(kept.sha256).write_bytes(b"spoiled")
    store.take_in(file)
    assert store.check(kept.sha256) is Kept.WHOLE


@pytest.mark.parametrize(
    ("content", "says"), [(JPEG * 2, "larger than"), (b"", "is empty")], ids=["too large", "empty"]
)
def test_a_file_of_no_use_is_refused_with_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    store = EvidenceStore(tmp_path / "evidence", largest_file=len(JPEG))
    with pytest.raises(HomepointError, match=says) as refused:
        store.take_in(source(tmp_path, content))
    assert refused.value.advice
    assert not store.folder.exists()


def test_a_folder_or_a_file_that_is_gone_is_refused_with_a_sentence(store: EvidenceStore, tmp_path: Path) -> None:
    with pytest.raises(HomepointError, match="is a folder"):
        store.take_in(tmp_path)
    with pytest.raises(HomepointError, match="cannot be read"):
        store.take_in(tmp_path / "gone.jpg")


def test_a_hash_is_never_a_way_out_of_the_store(store: EvidenceStore) -> None:
    for name in ("../../etc/passwd", "", "A" * 64, "g" * 64):
        with pytest.raises(ValueError, match="no SHA-256"):
            store.path(name)


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypisom....", "video/mp4"),
        (b"\0\0\0\x18ftypqt  ....", "video/quicktime"),
        (b"\0\0\0\x18ftypheic....", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\x03\x04....", "application/zip"),
        (b"II*\x00\x08\0\0\0\x01\x00\x12\xc6\x01\x00\x04\x00\x00\x00\x01\x04", "image/x-adobe-dng"),
        (b"MM\x00*\0\0\0\x08....", "image/tiff"),
        (b"1\n00:00:00,000 --> 00:00:00,033\n", "application/x-subrip"),
        ("Grüße aus dem Feld".encode(), "text/plain"),
        (("x" * 4095).encode() + "ü".encode()[:1], "text/plain"),
        ((5000).to_bytes(8, "little") + b"\xd3\x01\x0d" + bytes(200), FLIGHT_RECORD),
        (b"", UNKNOWN),
        (b"\xfe\xed\xfa\xce" + bytes(200), UNKNOWN),
    ],
)
def test_the_content_tells_the_media_type(head: bytes, media_type: str) -> None:
    assert media_type_of(head) == media_type
