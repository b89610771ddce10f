"""Version 1: the facts, their history, and the cache of standings.

Plain SQL on purpose: a new library is made without importing SQLAlchemy, so the first window need not wait for it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homepoint.storage.migrate import Schema

STATEMENTS = """
CREATE TABLE accounts (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    email TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE TABLE controllers (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    serial TEXT,
    model TEXT,
    label TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE TABLE devices (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    model TEXT NOT NULL,
    category TEXT,
    serial TEXT,
    nickname TEXT,
    region TEXT,
    channel TEXT,
    condition TEXT,
    purchased_on TEXT,
    received_on TEXT,
    shipped_at TEXT,
    activated_at TEXT,
    price TEXT,
    proof_of_purchase INTEGER,
    status TEXT NOT NULL,
    succeeds TEXT,
    serial_key TEXT,
    search_text TEXT NOT NULL,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_devices_serial_key ON devices (serial_key);
CREATE INDEX ix_devices_succeeds ON devices (succeeds);
CREATE TABLE bindings (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    "to" TEXT NOT NULL,
    target TEXT NOT NULL,
    bound_at TEXT,
    unbound_at TEXT,
    checked_at TEXT NOT NULL,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_bindings_device ON bindings (device);
CREATE INDEX ix_bindings_target ON bindings (target);
CREATE TABLE plans (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    product TEXT NOT NULL,
    region TEXT,
    purchased_at TEXT,
    bound_at TEXT,
    starts_on TEXT,
    ends_on TEXT,
    replacements INTEGER,
    flyaways INTEGER,
    edition TEXT,
    activation_code TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_plans_device ON plans (device);
CREATE TABLE purchase_notices (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    submitted_at TEXT,
    result TEXT,
    notice_at TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_purchase_notices_device ON purchase_notices (device);
CREATE TABLE incidents (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    at TEXT,
    kind TEXT,
    retrievable INTEGER,
    account TEXT,
    controller TEXT,
    service_region TEXT,
    wants TEXT NOT NULL,
    parts TEXT NOT NULL,
    position TEXT,
    description TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_incidents_device ON incidents (device);
CREATE TABLE claims (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    incident TEXT,
    device TEXT NOT NULL,
    "plan" TEXT,
    service TEXT,
    steps TEXT NOT NULL,
    battery_registered INTEGER,
    returned TEXT,
    deposit TEXT,
    fees TEXT NOT NULL,
    new_serial TEXT,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_claims_device ON claims (device);
CREATE INDEX ix_claims_incident ON claims (incident);
CREATE TABLE attachments (
    added INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    "of" TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT,
    sha256 TEXT,
    size INTEGER,
    extra TEXT,
    UNIQUE (id)
);
CREATE INDEX ix_attachments_of ON attachments ("of");
CREATE TABLE history (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    computer TEXT NOT NULL,
    title TEXT NOT NULL,
    undoes INTEGER,
    awaits TEXT
);
CREATE INDEX ix_history_awaits_number ON history (awaits, number) WHERE awaits IS NOT NULL;
CREATE TABLE history_changes (
    number INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    kind TEXT NOT NULL,
    fact TEXT NOT NULL,
    device TEXT,
    place INTEGER,
    "before" TEXT,
    "after" TEXT,
    PRIMARY KEY (number)
);
CREATE INDEX ix_history_changes_device_entry ON history_changes (device, entry);
CREATE INDEX ix_history_changes_entry ON history_changes (entry);
CREATE TABLE library (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE standing (
    device TEXT NOT NULL,
    assessed_at TEXT NOT NULL,
    holds_until TEXT,
    catalogue TEXT NOT NULL,
    category TEXT,
    care_state TEXT NOT NULL,
    care_starts_on TEXT,
    care_ends_on TEXT,
    replacements_allowed INTEGER,
    replacements_left INTEGER,
    flyaway_ready INTEGER NOT NULL,
    flyaway_missing TEXT NOT NULL,
    next_deadline TEXT,
    PRIMARY KEY (device)
);
CREATE INDEX ix_standing_holds_until ON standing (holds_until);
CREATE INDEX ix_standing_next_deadline ON standing (next_deadline);
CREATE TABLE agenda (
    number INTEGER NOT NULL,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_text TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    state TEXT NOT NULL,
    because TEXT NOT NULL,
    PRIMARY KEY (number)
);
CREATE INDEX ix_agenda_device ON agenda (device);
CREATE INDEX ix_agenda_ends_at ON agenda (ends_at);
"""


def upgrade(schema: "Schema") -> None:
    """Make the tables of version 1."""
    for statement in STATEMENTS.split(";"):
        schema.run(statement)
