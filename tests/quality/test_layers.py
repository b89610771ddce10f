"""The layers hold: imports look down only, and the inner three know nothing but the standard library."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = ("domain", "application", "presentation")


def test_the_layers_hold() -> None:
    """The contracts stand in pyproject.toml under [tool.importlinter]."""
    checked = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"), str(source))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_domain_application_and_presentation_use_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"homepoint"}
    strangers = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package in PURE
        for path in sorted((ROOT / "src" / "homepoint" / package).rglob("*.py"))
        for name in _imported(path)
        if name.split(".")[0] not in allowed
    ]
    assert not strangers, "\n".join(strangers)
