"""How does the ledger make the tables of `live.py`?"""

from __future__ import annotations

__all__ = ["LIVE_TABLES", "OF_A_BASE"]

_DAY = "count INTEGER NOT NULL, amount INTEGER NOT NULL, millis INTEGER NOT NULL, first_at TEXT NOT NULL, last_at TEXT NOT NULL"
LIVE_TABLES = (
    "CREATE TABLE live_base (only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1), snapshot TEXT NOT NULL,"
    " cursor INTEGER NOT NULL, position INTEGER NOT NULL)",
    "CREATE TABLE live_activity (record_id TEXT NOT NULL, channel TEXT NOT NULL, name TEXT NOT NULL, happened_on TEXT NOT NULL,"
    f" {_DAY}, last_id TEXT NOT NULL, PRIMARY KEY (record_id, channel, name, happened_on)) WITHOUT ROWID",
    "CREATE TABLE live_order (record_id TEXT NOT NULL, channel TEXT NOT NULL, order_id TEXT NOT NULL, happened_on TEXT NOT NULL,"
    " amount INTEGER NOT NULL, saved INTEGER NOT NULL, first_at TEXT NOT NULL, last_at TEXT NOT NULL,"
    " PRIMARY KEY (record_id, channel, order_id, happened_on)) WITHOUT ROWID",
    "CREATE TABLE live_line (source TEXT NOT NULL, line_id TEXT NOT NULL, PRIMARY KEY (source, line_id)) WITHOUT ROWID",
    "CREATE TABLE live_record (record_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT NOT NULL, source TEXT NOT NULL,"
    " kind TEXT NOT NULL, since_on TEXT) WITHOUT ROWID",
    "CREATE INDEX live_record_by_customer ON live_record (customer_id)",
    "CREATE TABLE live_key (kind TEXT NOT NULL, digest TEXT NOT NULL, record_id TEXT NOT NULL,"
    " PRIMARY KEY (kind, digest, record_id)) WITHOUT ROWID",
    "CREATE INDEX live_key_by_digest ON live_key (digest)",
    "CREATE INDEX live_key_by_record ON live_key (record_id)",
    "CREATE TABLE live_step (record_id TEXT NOT NULL, product_id TEXT NOT NULL, name TEXT NOT NULL, happened_on TEXT NOT NULL,"
    f" {_DAY}, last_id TEXT NOT NULL, PRIMARY KEY (record_id, product_id, name, happened_on)) WITHOUT ROWID",
    "CREATE TABLE tag (tag_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    " confidence FLOAT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL, noted_at TEXT NOT NULL, expires_on TEXT, cause TEXT NOT NULL)",
    "CREATE INDEX tag_by_customer ON tag (customer_id, name, noted_at)",
    "CREATE TRIGGER tag_is_not_edited BEFORE UPDATE ON tag BEGIN SELECT RAISE(ABORT, 'only added to'); END",
    "CREATE TABLE alert (customer_id TEXT NOT NULL, rule TEXT NOT NULL, episode TEXT NOT NULL, state TEXT NOT NULL,"
    " opened_at TEXT NOT NULL, due_at TEXT NOT NULL, ended_at TEXT, product_id TEXT NOT NULL, cause TEXT NOT NULL,"
    " PRIMARY KEY (customer_id, rule, episode)) WITHOUT ROWID",
    "CREATE INDEX alert_by_state ON alert (state, due_at)",
)
# What stands for the events after the cursor of one generation, and begins anew with the next.
OF_A_BASE = ("live_activity", "live_order", "live_line", "live_record", "live_key")
