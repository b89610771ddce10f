"""Flight records damaged at random: what is told is believable, or it is refused; nothing else happens."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.application.problems import HomepointError
from homepoint.intake.readers import read_bytes
from tests.intake.flight_record_builder import PICTURE, Moment, Recipe, flight_record, track
from tests.intake.unbelievable import unbelievable

_SEEDS = [
    flight_record(
        Recipe(
            version=version,
            moments=(*track(12, lost=(5, 6)), Moment(message=(10, "Weak signal"))),
            components=[(2, "0M6TEST0010001")],
            pictures=(PICTURE,),
        )
    )
    for version in (4, 6, 8, 11, 12, 13, 14)
]

changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=12)), max_size=8)


def told(data: bytes) -> None:
    """Read damaged bytes, and complain about anything that cannot be; a refusal is an answer."""
    with suppress(HomepointError):
        assert not unbelievable(read_bytes(data))


@settings(max_examples=300)
@given(st.sampled_from(_SEEDS), changes, st.floats(0, 1))
def test_a_changed_or_cut_record_is_believable_or_refused(
    seed: bytes, made: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(seed)
    for where, patch in made:
        at = int(where * len(data))
        data[at : at + len(patch)] = patch
    told(bytes(data[: int(kept * len(data))]))


@settings(max_examples=200)
@given(st.integers(0, 15), st.binary(max_size=600))
def test_any_bytes_behind_a_head_are_believable_or_refused(version: int, rest: bytes) -> None:
    told(b"\x70\0\0\0\0\0\0\0\x90\x01" + bytes([version]) + rest)
