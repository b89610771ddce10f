"""A sealed file gives back what was put in, from any place, and never anything else."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.application.problems import AlteredFileError
from homepoint.system import sealed_files
from homepoint.system.sealed_files import HEAD, SealingWriter, is_sealed, open_sealed, plain_size

KEY, OTHER = bytes(range(32)), bytes(32)
NAME = "a" * 64
SMALL = 64
"""Chunks are this small here, so that a few bytes make several."""


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "CHUNK", SMALL)


def sealed(content: bytes, folder: Path, *, step: int = 50, key: bytes = KEY) -> Path:
    path, stream = folder / NAME, io.BytesIO()
    writer = SealingWriter(stream, key)
    for begin in range(0, len(content), step):
        writer.write(content[begin : begin + step])
    writer.finish(NAME)
    path.write_bytes(stream.getvalue())
    return path


def read(path: Path) -> bytes:
    with open_sealed(path, KEY) as stream:
        return stream.read()


@given(content=st.binary(max_size=5 * SMALL), step=st.integers(1, 3 * SMALL))
def test_what_was_sealed_comes_back_however_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, step: int
) -> None:
    path = sealed(content, tmp_path_factory.mktemp("sealed"), step=step)
    assert read(path) == content
    assert plain_size(path.stat().st_size) == len(content)


@given(content=st.binary(min_size=1, max_size=5 * SMALL), data=st.data())
def test_any_part_can_be_read_from_any_place(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    path = sealed(content, tmp_path_factory.mktemp("sealed"))
    with open_sealed(path, KEY) as stream:
        for _ in range(5):
            begin, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, len(content)))
            stream.seek(begin)
            assert stream.read(length) == content[begin : begin + length]


@pytest.mark.parametrize("size", [0, 1, SMALL - 1, SMALL, SMALL + 1, 3 * SMALL, 3 * SMALL + 7])
def test_every_flipped_bit_of_any_byte_is_noticed(tmp_path: Path, size: int) -> None:
    path = sealed(bytes(range(256))[:size] if size < 256 else b"x" * size, tmp_path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 0x80):
            broken = bytearray(whole)
            broken[place] ^= bit
            path.write_bytes(broken)
            with pytest.raises(AlteredFileError):
                read(path)


@pytest.mark.parametrize("size", [0, 1, SMALL, 2 * SMALL, 2 * SMALL + 9])
def test_a_file_that_was_cut_off_or_grew_is_noticed(tmp_path: Path, size: int) -> None:
    path = sealed(b"x" * size, tmp_path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(AlteredFileError):
            read(path)
    for more in (b"\0", whole[HEAD:], b"\0" * (SMALL + 16)):
        path.write_bytes(whole + more)
        with pytest.raises(AlteredFileError):
            read(path)


def test_chunks_cannot_change_places_or_come_from_another_file(tmp_path: Path) -> None:
    path = sealed(b"a" * SMALL + b"b" * SMALL + b"c", tmp_path)
    whole = path.read_bytes()
    chunk = SMALL + 16
    first, second = whole[HEAD : HEAD + chunk], whole[HEAD + chunk : HEAD + 2 * chunk]
    path.write_bytes(whole[:HEAD] + second + first + whole[HEAD + 2 * chunk :])
    with pytest.raises(AlteredFileError):
        read(path)
    other = sealed(b"a" * SMALL + b"b" * SMALL + b"c", tmp_path).read_bytes()
    path.write_bytes(whole[:HEAD] + other[HEAD:])
    with pytest.raises(AlteredFileError):
        read(path)


def test_another_key_or_another_name_opens_nothing(tmp_path: Path) -> None:
    path = sealed(b"mine", tmp_path)
    assert is_sealed(path, KEY)
    assert not is_sealed(path, OTHER)
    renamed = path.rename(tmp_path / ("b" * 64))
    assert not is_sealed(renamed, KEY)
    with pytest.raises(AlteredFileError):
        open_sealed(renamed, KEY)
    with pytest.raises(FileNotFoundError):
        open_sealed(path, KEY)


def test_the_same_file_sealed_twice_does_not_look_the_same(tmp_path: Path) -> None:
    assert sealed(b"x" * 100, tmp_path).read_bytes()[8:] != sealed(b"x" * 100, tmp_path).read_bytes()[8:]
