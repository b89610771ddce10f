"""Which versions the library's file and its database engine have, for `homepoint doctor`."""

import sqlite3

from homepoint.storage.migrations import STEPS

SQLITE_VERSION = sqlite3.sqlite_version
SCHEMA_VERSION = len(STEPS)
"""The `user_version` of a library that is up to date; opening brings every older one there."""
