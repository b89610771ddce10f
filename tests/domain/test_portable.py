"""Facts as plain values: what is read and written at once is what reading and then writing gives."""

from typing import Any

import pytest

from homepoint.domain.facts import FACT_KINDS, Fact, kind_of
from homepoint.domain.portable import NotPortableError, from_json, from_plain, normal_form, to_plain
from tests import builders as make

ODD: tuple[Any, ...] = (
    None, True, 3, 1.5, "x", "", "2025-W03-1", "20250310", "2025-03-10", "2025-03-10T11:00:00+00:00",
    "2025-03-10T11:00:00", "9025-03-10", [], {}, ["x"], {"amount": "1.50", "currency": "EUR", "more": 1},
)  # fmt: skip
"""Values of which each field of each kind takes some, writes some another way, and refuses the rest."""


def both_ways(kind: str, plain: dict[str, Any]) -> tuple[Any, Any]:
    """Return what each of the two ways gives, or what it says against it."""

    def outcome(*steps: Any) -> Any:
        found: Any = plain
        try:
            for step in steps:
                found = step(found)
        except NotPortableError as fault:
            return fault.message, fault.path
        return found

    fact_type = FACT_KINDS[kind]
    return (
        outcome(lambda given: normal_form(fact_type, given)),
        outcome(lambda given: from_plain(fact_type, given), to_plain),
    )


@pytest.mark.parametrize("fact", make.one_of_each(), ids=kind_of)
def test_whatever_a_field_holds_both_ways_agree(fact: Fact) -> None:
    kind, whole = kind_of(fact), to_plain(fact)
    for name in whole:
        for value in ODD:
            one, other = both_ways(kind, whole | {name: value})
            assert one == other, (name, value)


@pytest.mark.parametrize("fact", make.one_of_each(), ids=kind_of)
def test_a_field_that_is_missing_and_one_that_is_not_known_are_the_same_both_ways(fact: Fact) -> None:
    kind, whole = kind_of(fact), to_plain(fact)
    for name in whole:
        one, other = both_ways(kind, {each: value for each, value in whole.items() if each != name})
        assert one == other, name
    one, other = both_ways(kind, whole | {"added_later": {"deep": None}, "and_null": None})
    assert one == other
    assert one["added_later"] == {"deep": None}


@pytest.mark.parametrize("text", ['{"a": 1}', ' {"a": 1}', '{"a": 1}\n', '["ü", null]'])
def test_json_is_read_with_and_without_blanks_around_it(text: str) -> None:
    assert from_json(text) in ({"a": 1}, ["ü", None])


@pytest.mark.parametrize("text", ["", " ", "{", '{"a": 1} 2', "[1],[2]", "nothing"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # json's own words are not ours to promise
        from_json(text)
