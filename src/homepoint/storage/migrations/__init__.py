"""The numbered steps that bring a library's file from one version to the next.

How to add one: write `m0004_what_it_does.py` with a function `upgrade(schema)` that changes the schema through
`schema.operations` (Alembic's) or `schema.run(sql)`; add it to the end of `STEPS`; change `tables.py` alike.
`tests/storage/test_migrate.py` holds steps and tables together. A step that was released is never edited again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from homepoint.storage.migrations import m0001_first_tables, m0002_stamps, m0003_activation_codes

if TYPE_CHECKING:
    from homepoint.storage.migrate import Schema

STEPS: tuple[Callable[["Schema"], None], ...] = (
    m0001_first_tables.upgrade,
    m0002_stamps.upgrade,
    m0003_activation_codes.upgrade,
)
"""Step n (counted from 1) leads from version n - 1 to version n."""
