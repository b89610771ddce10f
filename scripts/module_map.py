"""Write docs/module-map.md from the first docstring line of every module, or check that it is up to date."""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "homepoint"
MAP = ROOT / "docs" / "module-map.md"

# Top down, as the layers stand.
ORDER = (
    "", "__main__", "app", "cli", "selftest",
    "ui", "storage", "sync", "intake", "documents", "system", "catalogue",
    "presentation", "application", "domain",
)  # fmt: skip

OPENING = """# Module map

Printed by `make map` from the first line of each module; a test fails when it is out of date.
"""


def module_paths(package: Path = PACKAGE) -> list[Path]:
    """Return all modules of the package, in a fixed order; data under resources/ is not code."""
    return sorted(path for path in package.rglob("*.py") if path.relative_to(package).parts[0] != "resources")


def purpose(path: Path) -> str:
    """Return the first line of a module's docstring, or nothing if it has none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return docstring.splitlines()[0] if docstring else ""


def fault(path: Path) -> str | None:
    """Say what is wrong with a module's first docstring line, or nothing: it is one whole sentence."""
    line = purpose(path)
    if not line:
        return "has no docstring"
    if not line.endswith((".", "?")):  # a rule's module is a question
        return f"its first line does not end with a full stop: {line!r}"
    if not (line[0].isupper() or line[0].isdigit() or line[0] == "`"):
        return f"its first line does not begin like a sentence: {line!r}"
    if len(line.split()) < 3:
        return f"its first line says too little: {line!r}"
    return None


def _section_of(path: Path, package: Path) -> str:
    """Return the top-level name a module belongs to; empty for the package itself."""
    parts = path.relative_to(package).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def _lines(package: Path) -> Iterator[str]:
    sections: dict[str, list[Path]] = {}
    for path in module_paths(package):
        sections.setdefault(_section_of(path, package), []).append(path)
    known = [name for name in ORDER if name in sections]
    for section in known + sorted(sections.keys() - set(ORDER)):
        yield ""
        yield f"## {'homepoint.' + section if section else 'homepoint'}"
        yield ""
        yield "| module | what it is for |"
        yield "|---|---|"
        for path in sections[section]:
            name = path.relative_to(package).as_posix()
            yield f"| `{name}` | {purpose(path).replace('|', '/')} |"


def module_map(package: Path = PACKAGE) -> str:
    """Return the text of docs/module-map.md as it should be now."""
    return OPENING + "\n".join(_lines(package)) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write or check the map; return 1 if a module has no sentence or the map is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true", help="write docs/module-map.md")
    choice.add_argument("--check", action="store_true", help="say whether it is up to date")
    wish = parser.parse_args(arguments)

    faults = [f"{path.relative_to(ROOT)}: {wrong}" for path in module_paths() if (wrong := fault(path))]
    for line in faults:
        print(line, file=sys.stderr)
    if wish.write:
        MAP.write_text(module_map(), encoding="utf-8")
        print(f"wrote {MAP.relative_to(ROOT)}")
    elif not MAP.exists() or MAP.read_text(encoding="utf-8") != module_map():
        faults.append("stale")
        print(f"{MAP.relative_to(ROOT)} is out of date: make map", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
