"""`homepoint doctor`: checks the library, the catalogue and the keyring, and says what to do about each."""

import json
import platform
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from homepoint import __version__
from homepoint.application.problems import HomepointError
from homepoint.cli.codes import codes_of
from homepoint.cli.records import library, records_file
from homepoint.domain.facts import FACT_KINDS
from homepoint.presentation.activation_codes import moved_text, waiting_text

_PACKAGES = (
    "PySide6-Essentials", "SQLAlchemy", "alembic", "jsonschema-rs", "keyring", "platformdirs", "tzdata", "cryptography",
    "defusedxml", "icalendar", "Pillow", "pypdf", "requests", "segno", "sqlcipher3", "typst",
    "zxing-cpp",
    *(("jeepney",) if sys.platform == "linux" else ()),
)  # fmt: skip
"""Every direct dependency, as in pyproject.toml."""

_USES = "Passwords of Sync and the calendar, and activation codes, are kept there."
_WITHOUT = (
    "Passwords of Sync and the calendar are then asked for at each start, and activation codes are not kept, unless an"
    " encrypted file keeps them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found; `figures` are its details by name, `advice` is what to do where it is not well."""

    check: str
    is_well: bool
    says: str
    advice: str = ""
    figures: dict[str, object] = field(default_factory=dict)


def run(given: Namespace) -> int:
    """Print what was found; 0 when all is well, 1 otherwise."""
    checks: tuple[Callable[[Namespace], Finding], ...] = (_library, _catalogue, _keyring, _activation_codes, _versions)
    findings = [_checked(check, given) for check in checks]
    all_well = all(each.is_well for each in findings)
    if given.json:
        print(json.dumps({"all_well": all_well, "checks": [_plain(each) for each in findings]}, indent=2))
    else:
        print("\n".join(line for each in findings for line in _lines(each)))
    return 0 if all_well else 1


def _checked(check: Callable[[Namespace], Finding], given: Namespace) -> Finding:
    name = check.__name__.strip("_")
    try:
        return check(given)
    except HomepointError as problem:
        return Finding(check=name, is_well=False, says=problem.title, advice=problem.advice)
    except Exception as bug:  # the doctor goes on to the next check whatever this one ran into
        return Finding(check=name, is_well=False, says=f"{type(bug).__name__}: {bug}", advice="Please report this.")


def _library(given: Namespace) -> Finding:
    from homepoint.storage.versions import SCHEMA_VERSION

    file = records_file(given.data)
    figures: dict[str, object] = {"file": str(file)}
    if not file.exists():
        return Finding(check="library", is_well=True, says="not made yet: there are no records", figures=figures)
    with library(given.data) as opened:
        damage = opened.damage()
        if damage:
            says = f"the file is damaged: {'; '.join(damage[:3])}"
            return Finding(check="library", is_well=False, says=says, advice="Restore a backup.", figures=figures)
        snapshot = opened.snapshot()
    figures |= {"version": SCHEMA_VERSION, "time zone": snapshot.zone.key}
    figures |= {kind.replace("_", " "): len(getattr(snapshot, kind)) for kind in FACT_KINDS}
    return Finding(check="library", is_well=True, says="sound", figures=figures)


def _catalogue(given: Namespace) -> Finding:
    from homepoint.catalogue import load_terms

    terms = load_terms()
    figures = {
        "version": terms.version,
        "clauses": len(terms.clauses),
        "editions": len(terms.editions),
        "models": len(terms.models),
        "contradictions": len(terms.contradictions),
    }
    return Finding(check="catalogue", is_well=True, says="complete", figures=dict(figures))


def _keyring(given: Namespace) -> Finding:
    from homepoint.system.secrets import keyring_state

    state = keyring_state()
    if state.is_usable:
        says, advice = f"stores and reads. {_USES}", state.advice
    else:
        says, advice = state.problem, f"{state.advice} {_WITHOUT}".strip()
    return Finding(  # well either way: whoever has none is asked at each start
        check="keyring", is_well=True, says=says, advice=advice, figures={"store": state.backend}
    )


def _activation_codes(given: Namespace) -> Finding:
    """Say where codes are, and move those that still stand in the library's file where that is possible now."""
    name, file = "activation codes", records_file(given.data)
    if not file.exists():
        return Finding(check=name, is_well=True, says="none")
    with library(given.data) as opened:
        from homepoint.storage.codes_to_move import CodesToMove

        waiting = CodesToMove(opened.path, opened.key)
        if waiting.are_gone():
            return Finding(check=name, is_well=True, says="none in the library's file")
        try:
            return Finding(check=name, is_well=True, says=moved_text(waiting.move(codes_of(opened))))
        except HomepointError as problem:
            says = f"{waiting_text(waiting.count())}. {problem.title}"
            return Finding(check=name, is_well=False, says=says, advice=problem.advice)


def _versions(given: Namespace) -> Finding:
    from homepoint.storage.versions import SQLITE_VERSION

    figures: dict[str, object] = {
        "Homepoint": __version__,
        "Python": platform.python_version(),
        "SQLite": SQLITE_VERSION,
        "system": platform.platform(),
    }
    missing = []
    for package in _PACKAGES:
        try:
            figures["Qt (PySide6)" if package.startswith("PySide6") else package] = version(package)
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        says = f"not installed: {', '.join(missing)}"
        return Finding(check="versions", is_well=False, says=says, advice="Install Homepoint again.", figures=figures)
    return Finding(check="versions", is_well=True, says="all there", figures=figures)


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "is_well": finding.is_well,
        "says": finding.says,
        **({"advice": finding.advice} if finding.advice else {}),
        **{name.replace(" ", "_"): value for name, value in finding.figures.items()},
    }


def _lines(finding: Finding) -> list[str]:
    mark = "ok" if finding.is_well else "!!"
    lines = [f"{mark}  {finding.check}: {finding.says}"]
    if finding.advice:
        lines.append(f"      -> {finding.advice}")
    return lines + [f"      {name:<18} {value}" for name, value in finding.figures.items()]
