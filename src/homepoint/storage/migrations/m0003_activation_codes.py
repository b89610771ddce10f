"""Version 3: activation codes leave the facts and their history, which keep only how each code ends.

Nobody can be asked here where the codes shall be kept, and a keyring may be locked. So the codes wait in a table of
their own, which `codes_to_move` empties once they are with the secrets.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homepoint.storage.migrate import Schema

_WAS, _IS = "activation_code", "activation_code_hint"
STATEMENTS = """
ALTER TABLE plans RENAME COLUMN activation_code TO activation_code_hint;
CREATE TABLE codes_to_move (
    "plan" TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY ("plan")
) WITHOUT ROWID;
INSERT INTO library (name, value) VALUES ('own-id', lower(hex(randomblob(8))))
"""


def upgrade(schema: "Schema") -> None:
    """Set the codes aside, and leave their hints everywhere they stood; stamps stay as they are."""
    for statement in STATEMENTS.split(";"):
        schema.run(statement)
    hide_codes(schema, dict(schema.rows(f"SELECT id, {_IS} FROM plans WHERE {_IS} IS NOT NULL")))


def hide_codes(schema: "Schema", found: Mapping[str, str]) -> None:
    """Put hints in the place of codes in facts, history and stamps, and let the codes wait in their table.

    Args:
        schema: tables of version 3 into which rows of version 2 were taken over.
        found: the codes of the plans that are there.
    """
    codes = _Codes()
    for plan, code in found.items():
        codes.note(plan, code)
        schema.run(f"UPDATE plans SET {_IS} = ? WHERE id = ?", codes.hint_of(code), plan)
    _rewrite_stamps(schema, codes)
    schema.run_many('INSERT OR IGNORE INTO codes_to_move ("plan", code) VALUES (?, ?)', codes.wanted.items())
    _rewrite_history(schema, codes)
    if codes.were_there:
        schema.run("INSERT OR REPLACE INTO library (name, value) VALUES ('codes-in-file', '1')")


class _Codes:
    """The codes that were found: those of plans that are there or may come back, and whether there were any at all."""

    def __init__(self) -> None:
        self.wanted: dict[str, str] = {}
        self.were_there = False

    def note(self, plan: str, code: str) -> None:
        if code.strip():
            self.wanted.setdefault(plan, code.strip())

    def hint_of(self, code: object) -> str | None:
        bare = code.strip() if isinstance(code, str) else ""
        self.were_there = self.were_there or bool(bare)
        return (bare[-4:] if len(bare) >= 8 else "set") if bare else None

    def without(self, text: str | None) -> str | None:
        """Return a plan's JSON text with the hint in place of the code."""
        if text is None:
            return None
        plain: dict[str, Any] = json.loads(text)
        hinted = {
            (_IS if name == _WAS else name): (self.hint_of(value) if name == _WAS else value)
            for name, value in plain.items()
        }
        return json.dumps(hinted, ensure_ascii=False, separators=(",", ":"))


def _rewrite_stamps(schema: "Schema", codes: _Codes) -> None:
    """Rename the field, and keep the codes of plans that are removed: undo may bring them back."""
    changed = []
    for plan, later, kept in schema.rows(
        "SELECT fact, later, kept FROM fact_stamps WHERE kind = 'plans' AND (later IS NOT NULL OR kept IS NOT NULL)"
    ):
        stamps = {_IS if name == _WAS else name: stamp for name, stamp in json.loads(later or "{}").items()}
        code = json.loads(kept or "{}").get(_WAS)
        if isinstance(code, str):
            codes.note(plan, code)
        renamed = json.dumps(stamps, separators=(",", ":")) if stamps else None
        changed.append((renamed, codes.without(kept), plan))
    schema.run_many("UPDATE fact_stamps SET later = ?, kept = ? WHERE kind = 'plans' AND fact = ?", changed)


def _rewrite_history(schema: "Schema", codes: _Codes) -> None:
    changes = schema.rows(
        'SELECT number, "before", "after" FROM history_changes'
        ' WHERE kind = \'plans\' AND (instr("before", ?) OR instr("after", ?))',
        *(f'"{_WAS}":',) * 2,
    )
    schema.run_many(
        'UPDATE history_changes SET "before" = ?, "after" = ? WHERE number = ?',
        ((codes.without(before), codes.without(after), number) for number, before, after in changes),
    )
