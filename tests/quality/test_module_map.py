"""Every module says in one sentence what it is for, and the printed map agrees."""

from pathlib import Path

import pytest

from scripts.module_map import MAP, PACKAGE, fault, module_map, module_paths


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    faults = [f"{path.relative_to(PACKAGE)} {wrong}" for path in module_paths() if (wrong := fault(path)) is not None]
    assert not faults, "\n".join(faults)


def test_the_module_map_is_up_to_date() -> None:
    assert MAP.exists(), "docs/module-map.md is missing: make map"
    assert MAP.read_text(encoding="utf-8") == module_map(), "docs/module-map.md is out of date: make map"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1\n", "no docstring"),
        ('"""Rules of the plan"""\n', "full stop"),
        ('"""rules of the plan."""\n', "begin like a sentence"),
        ('"""Plans."""\n', "too little"),
    ],
)
def test_a_module_without_a_whole_sentence_is_found(tmp_path: Path, text: str, complaint: str) -> None:
    module = tmp_path / "module.py"
    module.write_text(text, encoding="utf-8")
    assert complaint in (fault(module) or "")
