"""Of an activation code only its end is a fact, and a short one does not show even that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homepoint.domain.activation_codes import SHORT, hint_of, safe_hint


@pytest.mark.parametrize(
    ("code", "hint"),
    [("ABCD-1234-5678", "5678"), (" 12345678 ", "5678"), ("1234567", SHORT), ("x", SHORT), ("", None), (" \n", None)],
)
def test_a_hint_is_the_end_of_a_code_that_is_long_enough(code: str, hint: str | None) -> None:
    assert hint_of(code) == hint


@given(st.text(max_size=40))
def test_a_hint_never_tells_more_than_half_of_a_code_and_stays_as_it_is(code: str) -> None:
    hint = hint_of(code)
    assert hint is None or hint == SHORT or 2 * len(hint) <= len(code.strip())
    again = safe_hint(code)
    assert again is None or len(again) <= 4
    assert hint is None or not hint.strip() or safe_hint(hint) == hint
