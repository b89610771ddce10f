"""Broken data are refused with the file, the entry and the fault, whatever the fault is."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homepoint.catalogue import CatalogueError, load_terms


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the catalogue that a test may break and must put back."""
    copy = tmp_path_factory.mktemp("terms") / "catalogue"
    with as_file(files("homepoint") / "resources" / "catalogue") as original:
        shutil.copytree(original, copy)
    return copy


@contextmanager
def _broken(catalogue: Path, name: str, old: str, new: str) -> Iterator[None]:
    path = catalogue / name
    whole = path.read_text(encoding="utf-8")
    assert old in whole, f"{name} has no {old!r} to break"
    path.write_text(whole.replace(old, new, 1), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(whole, encoding="utf-8")


def test_the_copy_is_whole_before_it_is_broken(catalogue: Path) -> None:
    assert load_terms(catalogue) == load_terms()


PLAN, REPLACEMENT, NEWEST = "clauses/plan.toml", "clauses/replacement.toml", "editions/cr-2023-07.toml"
BREAKS = [
    (PLAN, 'id = "S0-06"\n', 'id = "S0-06"\ncolour = "red"\n', "clauses/plan.toml, S0-06: unknown key 'colour'"),
    (PLAN, 'id = "S0-06"\n', 'id = "S0-06"\nsource = "nowhere"\n', "plan.toml, S0-06: unknown source 'nowhere'"),
    (PLAN, 'source = "faq"\n', "", "plan.toml, S0-06: 'source' is missing"),
    (PLAN, 'topic = "plan"\n', "", "plan.toml, S0-06: 'topic' is missing"),
    (PLAN, 'topic = "plan"\n', 'topic = "plan"\nmood = "good"\n', "plan.toml: unknown key 'mood'"),
    (PLAN, 'id = "S0-07"', 'id = "S0-06"', "plan.toml, S0-06: this id is already taken"),
    (PLAN, 'standing = "guidance"', 'standing = "law"', "plan.toml, S0-07: 'law' is none of rule"),
    (PLAN, 'standing = "guidance"', 'standing = "background"', "plan.toml, S0-07: 'reason' stands with"),
    (PLAN, 'because = ["S0-08"]', 'because = ["S9-99"]', "plan.toml, HP-AGREEMENT: unknown clause 'S9-99'"),
    (PLAN, 'topic = "plan"', 'topic = "plan', "clauses/plan.toml: "),
    (REPLACEMENT, "replacements = 2", 'replacements = "two"', "replacement.toml, S0-14: 'replacements'"),
    (REPLACEMENT, "replacements = 2", "replacements = -2", "replacement.toml, S0-14: 'replacements'"),
    (REPLACEMENT, "replacements = 2", "replicas = 2", "replacement.toml, S0-14: unknown value 'replicas'"),
    (REPLACEMENT, "sets = { replacements = 4 }\n", "", "no clause states 'replacements' of care-refresh-2y"),
    (REPLACEMENT, '["cr-2016", "cr-2021"]', '["cr-2021", "cr-2023-07"]', "S1-04: 'replacements' of care-refresh-1y"),
    (REPLACEMENT, '["cr-2023-07"]', '["cr-2099"]', "replacement.toml, S0-14: unknown edition 'cr-2099'"),
    (REPLACEMENT, '["care-refresh-1y"]', '["care-refresh-9y"]', "replacement.toml, S0-14: 'care-refresh-9y' is none"),
    (REPLACEMENT, 'editions = ["cr-2023-07"]\n', "", "replacement.toml, S0-14: 'replacements' needs 'editions'"),
    ("clauses/validity.toml", "ends_plan = true", "ends_plan = 1", "validity.toml, S1-40: 'used_up_ends_plan'"),
    ("clauses/validity.toml", "sets = { bundle", 'editions = ["cr-2021"]\nsets = { bundle', "S1-28: 'bundle_"),
    ("clauses/purchase.toml", "hours = 48", "hours = 48, days = 2", "S0-38, windows 1: a window has either"),
    ("clauses/purchase.toml", "until = 2023-03-31", 'until = "2023"', "JP-96H, windows 1: 'until' must be a date"),
    ("clauses/purchase.toml", "until = 2023-03-31", "until = 2020-03-31", "JP-96H, windows 1: the window ends before"),
    ("clauses/flyaway.toml", 'not_found = ["flyaways"]', 'not_found = ["months"]', "FLYAWAY-QUOTA: 'months' cannot be"),
    ("clauses/renewal.toml", '"care-refresh-plus"],\n', '"care-plus"],\n', "S0-44: 'renewal_histories'"),
    ("clauses/parts.toml", 'families = ["Phantom"]', 'families = ["Fantom"]', "S1-14: unknown family 'Fantom'"),
    (NEWEST, "valid_from = 2023-07-13", 'valid_from = "July 2023"', "cr-2023-07.toml: 'valid_from' must be a date"),
    (NEWEST, "valid_from = 2023-07-13", "valid_from = 2023-07-15", "'valid_from' must be the day after"),
    (NEWEST, "valid_from = 2023-07-13", "valid_from = 2023-07-01", "'valid_from' must be the day after"),
    (NEWEST, 'because = ["CR-2023-07"]', 'because = ["CR-2024"]', "cr-2023-07.toml: unknown clause 'CR-2024'"),
    ("lists.toml", '"DJI Mavic Air 2"', '"DJI Mavick"', "Flyaway cover at its start: unknown model 'DJI Mavick'"),
    ("lists.toml", '"FLY-LIST-2021"', '"FLY-LIST"', "Flyaway cover at its start: unknown clause 'FLY-LIST'"),
    ("lists.toml", 'gives = "reward"', 'gives = "gift"', "lists.toml, Safe-use reward: 'gives' cannot be 'gift'"),
    ("models.toml", 'category = "aircraft"', 'category = "kite"', "models.toml, DJI Mavic 4 Pro: 'kite' is none of"),
    ("models.toml", 'flyaway = "yes"', 'flyaway = "maybe"', "models.toml, DJI Mavic 4 Pro: 'flyaway' is none of"),
    ("figures.toml", 'amount = "239"', 'amount = "cheap"', "advexure.com, figures 1: 'amount' is no number"),
    ("figures.toml", 'amount = "239"', 'amount = "NaN"', "figures.toml, advexure.com, figures 1: 'amount' is no price"),
    ("figures.toml", 'kind = "deposit"', 'kind = "gift"', "figures.toml, forum.dji.com, figures 2: 'kind' cannot be"),
    ("contradictions.toml", '"S1-05"', '"S1-99"', "contradictions.toml, C-01: unknown clause 'S1-99'"),
    ("reasons.toml", '"care.none"', '"care.nun"', "reasons.toml: 'care.nun' is none of"),
    ("reasons.toml", '"care.none" = ["S0-06"]', "", "reasons.toml: 'care.none' has no clauses"),
    ("reasons.toml", '["S0-06"]', '["S0-99"]', "reasons.toml, care.none: unknown clause 'S0-99'"),
    ("serial_prefixes.toml", 'short = "0M6"', 'short = "M60"', "1581F0M6: 'short' is not the end"),
    ("serial_prefixes.toml", 'seen_in = ["A", ', 'seen_in = ["Z", ', "serial_prefixes.toml, 1581F0M6: 'seen_in' names"),
    ("warranty_table.toml", "months = 12 }", "months = 12.5 }", "main-controller: 'months' must"),
    ("links.toml", 'confidence = "medium"', 'confidence = "sure"', "links.toml, service_overview_short: 'confidence'"),
    ("regions.toml", '"AT"', '"BE"', "regions.toml: 'eu_members' names something twice"),
    ("sources.toml", 'seen = "undated copy"\n', "", "sources.toml, express: 'seen' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), BREAKS, ids=[each[3] for each in BREAKS])
def test_a_fault_is_named_with_its_place(catalogue: Path, name: str, old: str, new: str, says: str) -> None:
    with _broken(catalogue, name, old, new), pytest.raises(CatalogueError, match=re.escape(says)):
        load_terms(catalogue)


def test_a_missing_file_is_named(catalogue: Path) -> None:
    path = catalogue / "links.toml"
    whole = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(CatalogueError, match=r"links\.toml: cannot be read"):
            load_terms(catalogue)
    finally:
        path.write_bytes(whole)


CLAUSE_FILES = sorted(each.name for each in (files("homepoint") / "resources" / "catalogue" / "clauses").iterdir())
FAULTS = [
    (r"says = .*\n", ""),
    (r"says = .*\n", 'says = ""\n'),
    (r"standing = .*\n", ""),
    (r"standing = .*\n", 'standing = "law"\n'),
    (r"says = .*\n", "says = 3\n"),
]


@settings(max_examples=40)
@given(data=st.data())
def test_a_fault_in_any_clause_names_file_and_clause(catalogue: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(CLAUSE_FILES))
    path = catalogue / "clauses" / name
    whole = path.read_text(encoding="utf-8")
    block = data.draw(st.sampled_from(re.findall(r"(?<=\[\[clause\]\]\n)id = .*\n(?:(?!\[).+\n)+", whole)))
    clause = re.match(r'id = "(.+)"', block)
    assert clause
    key = data.draw(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8).map(lambda word: f"x_{word}"))
    worse = data.draw(
        st.sampled_from([f"{key} = 1\n{block}", *(re.sub(old, new, block, count=1) for old, new in FAULTS)])
    )
    with _broken(catalogue, f"clauses/{name}", block, worse), pytest.raises(CatalogueError) as raised:
        load_terms(catalogue)
    assert str(raised.value).startswith(f"clauses/{name}, {clause[1]}: ")
