"""What was done, by whom, and what came of it? The operational rows: audit chain, merges, outcomes, touches, consents, runs.

Times are UTC in ISO 8601. The tables below say what the newest version holds; `MIGRATIONS` says how a file gets there.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from zhiyin.store.live_tables import LIVE_TABLES
from zhiyin.store.sqlcipher import EncryptedDatabase

__all__ = [
    "MIGRATIONS",
    "Ledger",
    "audit",
    "consent",
    "correction",
    "linked",
    "merge",
    "note",
    "outcome",
    "outgoing",
    "risk_review",
    "run",
    "segment_log",
    "shown",
    "touch",
    "write_key",
]

_metadata = sa.MetaData()


def _text(name: str, *, empty: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=empty, primary_key=key)


# Who asked what for which purpose: a chain, each entry signed over the one before it.
audit = sa.Table(
    "audit",
    _metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    *[_text(name) for name in ("at", "actor", "role", "purpose", "action", "table_name", "predicate")],
    sa.Column("count", sa.Integer, nullable=False),
    *[_text(name) for name in ("reason", "previous", "digest")],
)
# Which records are one person, as found by comparison (link, left_fits, right_fits, review, conflict, none) and as decided by people (merge, unmerge); only
# added to: of each pair the last finding and the last decision count.
merge = sa.Table(
    "merge",
    _metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    *[_text(name) for name in ("kind", "left_record", "right_record")],
    sa.Column("bits", sa.Float, nullable=False),
    *[_text(name) for name in ("findings", "at", "by", "reason")],
)
# Which records were compared, and how many link keys they had then: one that has more is compared again.
linked = sa.Table("linked", _metadata, _text("record_id", key=True), sa.Column("keys", sa.Integer, nullable=False))
# What came of a contact, as a salesperson reports it.
outcome = sa.Table(
    "outcome",
    _metadata,
    _text("outcome_id", key=True),
    *[_text(name) for name in ("customer_id", "record_id", "kind", "question")],
    sa.Column("amount", sa.Integer, nullable=False),
    *[_text(name) for name in ("at", "by")],
)
# Whom we contacted or held back, by which policy and with which probability.
touch = sa.Table(
    "touch",
    _metadata,
    _text("touch_id", key=True),
    *[_text(name) for name in ("customer_id", "channel", "policy")],
    sa.Column("propensity", sa.Float, nullable=False),
    sa.Column("holdout", sa.Boolean, nullable=False),
    *[_text(name) for name in ("at", "by")],
)
# Agreements and withdrawals given to us directly; the latest counts.
consent = sa.Table(
    "consent",
    _metadata,
    *[_text(name, key=True) for name in ("customer_id", "channel", "at")],
    sa.Column("allowed", sa.Boolean, nullable=False),
    _text("by"),
)
# Runs of the pipeline.
run = sa.Table(
    "run",
    _metadata,
    _text("run_id", key=True),
    *[_text(name) for name in ("as_of", "snapshot", "started_at")],
    _text("finished_at", empty=True),
    _text("state"),
)
# Switches whose change must be seen, such as a manager reading single customers.
note = sa.Table("note", _metadata, _text("name", key=True), _text("value"), _text("at"))
# Who may send events: a digest of each key, never the key.
write_key = sa.Table(
    "write_key",
    _metadata,
    _text("digest", key=True),
    *[_text(name) for name in ("name", "system", "hint", "made_at")],
    _text("revoked_at", empty=True),
    _text("kind"),  # write: sends events; read: asks for recommendations
)

# What cleaning proposes to read otherwise, and what a person said to it; values of identifiers stand in the vault.
correction = sa.Table(
    "correction",
    _metadata,
    _text("correction_id", key=True),
    *[_text(name) for name in ("rule", "table_name", "record_id", "column_name", "told", "proposed")],
    sa.Column("confidence", sa.Float, nullable=False),
    _text("at"),
    sa.Column("accepted", sa.Boolean, nullable=True),
    _text("decided_at", empty=True),
    _text("by", empty=True),
)
# Segments that people define, and what they call the groups that were found: only added to, the last row of a segment counts.
segment_log = sa.Table(
    "segment_log",
    _metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    *[_text(name) for name in ("scheme", "segment_id", "kind", "name", "rule", "at", "by")],
)

# What people said to suspicious orders and transfers; only added to, the last word on each counts.
risk_review = sa.Table(
    "risk_review",
    _metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    *[_text(name) for name in ("kind", "place", "fact_id", "case_id", "customer_id")],
    sa.Column("confirmed", sa.Boolean, nullable=False),
    *[_text(name) for name in ("pieces", "reason", "at", "by")],
)
# What pages were shown: the answers of /v1/recommendations, with the probability of each item (JSON: product, propensity, what else stood there).
shown = sa.Table(
    "shown",
    _metadata,
    _text("request_id", key=True),
    *[_text(name) for name in ("at", "source", "placement", "kind", "variant", "customer_id", "record_id")],
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("personal", sa.Boolean, nullable=False),
    *[_text(name) for name in ("fallback", "items")],
)
# Messages to departments, and whether they have arrived.
outgoing = sa.Table(
    "outgoing",
    _metadata,
    _text("message_id", key=True),
    *[_text(name) for name in ("department", "way", "subject", "body", "made_at", "due_at")],
    sa.Column("tries", sa.Integer, nullable=False),
    *[_text(name) for name in ("state", "answer")],
    _text("sent_at", empty=True),
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE audit (seq INTEGER NOT NULL PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL,"
        " purpose TEXT NOT NULL, action TEXT NOT NULL, table_name TEXT NOT NULL, predicate TEXT NOT NULL, count INTEGER NOT NULL,"
        " reason TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL)",
        "CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TABLE merge (merge_id TEXT NOT NULL PRIMARY KEY, left_record TEXT NOT NULL, right_record TEXT NOT NULL,"
        " evidence TEXT NOT NULL, weight FLOAT NOT NULL, at TEXT NOT NULL, undone_at TEXT)",
        "CREATE TABLE outcome (outcome_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT NOT NULL, record_id TEXT NOT NULL,"
        " kind TEXT NOT NULL, question TEXT NOT NULL, amount INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL)",
        "CREATE INDEX outcome_by_customer ON outcome (customer_id, at)",
        "CREATE TABLE touch (touch_id TEXT NOT NULL PRIMARY KEY, customer_id TEXT NOT NULL, channel TEXT NOT NULL,"
        " policy TEXT NOT NULL, propensity FLOAT NOT NULL, holdout BOOLEAN NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL)",
        "CREATE INDEX touch_by_customer ON touch (customer_id, at)",
        "CREATE TABLE consent (customer_id TEXT NOT NULL, channel TEXT NOT NULL, at TEXT NOT NULL, allowed BOOLEAN NOT NULL,"
        " by TEXT NOT NULL, PRIMARY KEY (customer_id, channel, at))",
        "CREATE TABLE run (run_id TEXT NOT NULL PRIMARY KEY, as_of TEXT NOT NULL, snapshot TEXT NOT NULL,"
        " started_at TEXT NOT NULL, finished_at TEXT, state TEXT NOT NULL)",
        "CREATE TABLE note (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL)",
    ),
    (
        "CREATE TABLE write_key (digest TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, system TEXT NOT NULL, hint TEXT NOT NULL,"
        " made_at TEXT NOT NULL, revoked_at TEXT)",
    ),
    LIVE_TABLES,
    (
        "ALTER TABLE merge RENAME TO merge_until_version_1",
        "CREATE TABLE merge (seq INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, left_record TEXT NOT NULL, right_record TEXT NOT NULL,"
        " bits FLOAT NOT NULL, findings TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL)",
        # Links are found again by the next run, with their findings; what a person took apart stays apart.
        "INSERT INTO merge (kind, left_record, right_record, bits, findings, at, by, reason)"
        " SELECT 'unmerge', left_record, right_record, 0, '', undone_at, '', '' FROM merge_until_version_1 WHERE undone_at IS NOT NULL"
        " ORDER BY undone_at, merge_id",
        "DROP TABLE merge_until_version_1",
        "CREATE INDEX merge_by_pair ON merge (left_record, right_record, seq)",
        "CREATE INDEX merge_by_right ON merge (right_record, left_record)",
        "CREATE TRIGGER merge_is_not_edited BEFORE UPDATE ON merge BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TRIGGER merge_is_not_cut BEFORE DELETE ON merge BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TABLE linked (record_id TEXT NOT NULL PRIMARY KEY, keys INTEGER NOT NULL) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE correction (correction_id TEXT NOT NULL PRIMARY KEY, rule TEXT NOT NULL, table_name TEXT NOT NULL,"
        " record_id TEXT NOT NULL, column_name TEXT NOT NULL, told TEXT NOT NULL, proposed TEXT NOT NULL, confidence FLOAT NOT NULL,"
        " at TEXT NOT NULL, accepted BOOLEAN, decided_at TEXT, by TEXT)",
    ),
    (
        "CREATE TABLE segment_log (seq INTEGER NOT NULL PRIMARY KEY, scheme TEXT NOT NULL, segment_id TEXT NOT NULL, kind TEXT NOT NULL,"
        " name TEXT NOT NULL, rule TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL)",
        "CREATE TRIGGER segment_log_is_not_edited BEFORE UPDATE ON segment_log BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TRIGGER segment_log_is_not_cut BEFORE DELETE ON segment_log BEGIN SELECT RAISE(ABORT, 'only added to'); END",
    ),
    (
        "CREATE TABLE risk_review (seq INTEGER NOT NULL PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, fact_id TEXT NOT NULL,"
        " case_id TEXT NOT NULL, customer_id TEXT NOT NULL, confirmed BOOLEAN NOT NULL, pieces TEXT NOT NULL, reason TEXT NOT NULL,"
        " at TEXT NOT NULL, by TEXT NOT NULL)",
        "CREATE INDEX risk_review_by_fact ON risk_review (kind, place, fact_id, seq)",
        "CREATE TRIGGER risk_review_is_not_edited BEFORE UPDATE ON risk_review BEGIN SELECT RAISE(ABORT, 'only added to'); END",
        "CREATE TABLE outgoing (message_id TEXT NOT NULL PRIMARY KEY, department TEXT NOT NULL, way TEXT NOT NULL, subject TEXT NOT NULL,"
        " body TEXT NOT NULL, made_at TEXT NOT NULL, due_at TEXT NOT NULL, tries INTEGER NOT NULL, state TEXT NOT NULL,"
        " answer TEXT NOT NULL, sent_at TEXT) WITHOUT ROWID",
        "CREATE INDEX outgoing_by_state ON outgoing (state, due_at)",
    ),
    (
        "ALTER TABLE write_key ADD COLUMN kind TEXT NOT NULL DEFAULT 'write'",
        "CREATE TABLE shown (request_id TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL, source TEXT NOT NULL, placement TEXT NOT NULL,"
        " kind TEXT NOT NULL, variant TEXT NOT NULL, customer_id TEXT NOT NULL, record_id TEXT NOT NULL, chance FLOAT NOT NULL,"
        " personal BOOLEAN NOT NULL, fallback TEXT NOT NULL, items TEXT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX shown_by_time ON shown (at)",
        "CREATE INDEX shown_by_customer ON shown (customer_id)",
        "CREATE INDEX shown_by_record ON shown (record_id)",
    ),
)


class Ledger(EncryptedDatabase):
    """The ledger of one workspace: `begin()` to write, `read()` to read, both with SQLAlchemy Core on the tables above.

    Example:
        `with ledger.begin() as connection: connection.execute(insert(outcome).values(...))`
    """

    def __init__(self, path: Path, key: bytes) -> None:
        super().__init__(path, key, migrations=MIGRATIONS)
