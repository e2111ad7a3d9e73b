import datetime
import json

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.core.errors import StoreError
from zhiyin.guard.actors import OWNER, Access, Actor
from zhiyin.guard.audit import Audit, Question
from zhiyin.store.ledger import Ledger, audit

KEY = b"a" * 32
ACCESS = Access(Actor("wang", "rep"), "display")


class Watch:
    """A clock that is set by hand."""

    def __init__(self):
        self.day = 1

    def __call__(self):
        return datetime.datetime(2026, 11, self.day, 8, tzinfo=datetime.UTC)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def chain(ledger, watch, tmp_path):
    return Audit(ledger, KEY, clock=watch, anchors=tmp_path / "audit.anchors")


def ask(chain, *tables):
    return [chain.append(ACCESS, Question("row", table, f"customer_id={table}", 1)) for table in tables]


def tamper(ledger, *statements):
    """What somebody with the key of the ledger could do to the file."""
    with ledger.begin() as connection:
        for name in ("audit_is_not_edited", "audit_is_not_cut"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def told(chain):
    verdict = chain.verify()
    return verdict.ok, verdict.entries, verdict.broken_at


def test_an_empty_chain_is_whole(chain):
    assert told(chain) == (True, 0, 0)
    assert chain.entries() == []


def test_entries_say_who_what_for_and_how_many(chain):
    assert ask(chain, "customer", "profile") == [1, 2]
    latest = chain.entries(limit=1)[0]
    assert {
        name: latest[name] for name in ("seq", "at", "actor", "role", "purpose", "action", "table_name", "predicate", "count", "reason")
    } == {
        "seq": 2,
        "at": "2026-11-01T08:00:00.000+00:00",
        "actor": "wang",
        "role": "rep",
        "purpose": "display",
        "action": "row",
        "table_name": "profile",
        "predicate": "customer_id=profile",
        "count": 1,
        "reason": "",
    }
    assert told(chain) == (True, 2, 0)
    assert chain.verify().words.zh == "审计链完整，共 2 条。"


def test_entries_about_an_id(chain):
    ask(chain, "c1", "c2", "c1")
    assert [entry["seq"] for entry in chain.entries(about="customer_id=c1")] == [3, 1]
    assert chain.entries(about="%") == []


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit SET actor = 'li' WHERE seq = 2", 2),
        ("UPDATE audit SET count = 0 WHERE seq = 3", 3),
        ("UPDATE audit SET reason = 'x' WHERE seq = 1", 1),
        ("UPDATE audit SET digest = 'x' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("UPDATE audit SET seq = seq + 10", 1),
        (
            "INSERT INTO audit SELECT 5, at, actor, role, purpose, action, table_name, predicate, count, reason, previous, digest FROM audit WHERE seq = 4",
            5,
        ),
    ],
)
def test_an_edit_a_removal_or_an_insertion_is_found_where_it_is(chain, ledger, statement, at):
    ask(chain, "a", "b", "c", "d")
    tamper(ledger, statement)
    verdict = chain.verify()
    assert (verdict.ok, verdict.broken_at) == (False, at)
    assert f"breaks at entry {at}" in verdict.words.en


def test_a_change_of_order_is_found(chain, ledger):
    ask(chain, "a", "b", "c")
    tamper(
        ledger,
        "UPDATE audit SET seq = -2 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = -2",
    )
    assert told(chain) == (False, 1, 2)


def test_a_cut_tail_is_found_where_an_anchor_knows_better(chain, ledger, watch, tmp_path):
    ask(chain, "a", "b")
    watch.day = 2
    ask(chain, "c", "d")  # the first entry of a day sets an anchor: at 1 and at 3
    without = Audit(ledger, KEY, clock=watch, anchors=None)
    tamper(ledger, "DELETE FROM audit WHERE seq > 3")
    assert told(chain) == (True, 3, 0)
    tamper(ledger, "DELETE FROM audit WHERE seq > 2")
    assert told(chain) == (False, 2, 3)
    assert told(without) == (True, 2, 0)


def test_an_anchor_can_be_set_at_any_time(chain, ledger, tmp_path):
    ask(chain, "a", "b", "c")
    chain.anchor()
    tamper(ledger, "DELETE FROM audit WHERE seq = 3")
    assert told(chain) == (False, 2, 3)


def test_a_tail_that_was_cut_and_grown_again_is_found(chain, ledger):
    ask(chain, "a", "b", "c")
    chain.anchor()
    tamper(ledger, "DELETE FROM audit WHERE seq > 1")
    ask(chain, "x", "y", "z")
    assert told(chain) == (False, 2, 3)


def test_an_edited_anchor_is_refused(chain, tmp_path):
    ask(chain, "a")
    file = tmp_path / "audit.anchors"
    row = json.loads(file.read_text()) | {"seq": 0}
    for text in (json.dumps(row), "{", '{"day": "x"}'):
        file.write_text(text + "\n")
        with pytest.raises(StoreError, match="audit anchors was changed. Got audit.anchors, line 1"):
            chain.verify()


def test_work_goes_on_where_the_anchors_are_damaged(chain, watch, tmp_path):
    ask(chain, "a")
    (tmp_path / "audit.anchors").write_text("{")
    watch.day = 2
    assert ask(chain, "b") == [2]
    assert (tmp_path / "audit.anchors").read_text() == "{"


def test_another_key_does_not_verify(chain, ledger):
    ask(chain, "a")
    assert told(Audit(ledger, b"b" * 32)) == (False, 0, 1)


def test_two_writers_make_one_chain(ledger, chain, tmp_path, company):
    second = Ledger(tmp_path / "ledger.db", company.keys.ledger)
    other = Audit(second, KEY)
    for n in range(5):
        ask(chain, f"a{n}")
        other.append(Access(OWNER, "display"), Question("rows", "profile", "all", n))
    second.close()
    assert told(chain) == (True, 10, 0)


CHANGES = st.lists(
    st.one_of(
        st.just(("append",)),
        st.tuples(st.just("edit"), st.integers(1, 6), st.sampled_from(["actor", "predicate", "at", "count", "previous"])),
        st.tuples(st.just("delete"), st.integers(1, 6)),
        st.tuples(st.just("swap"), st.integers(1, 6), st.integers(1, 6)),
        st.tuples(st.just("copy"), st.integers(1, 6)),
    ),
    max_size=5,
)


@settings(max_examples=30)
@given(changes=CHANGES)
def test_whatever_is_done_in_whatever_order_shows_unless_it_changed_nothing(tmp_path_factory, company, changes):
    """The chain is whole exactly when its entries are those that were honestly written, none missing but from the tail."""
    ledger = Ledger(tmp_path_factory.mktemp("audit") / "ledger.db", company.keys.ledger)
    chain = Audit(ledger, KEY)
    ask(chain, "a", "b", "c")
    honest = content(ledger)
    for change in changes:
        if change[0] == "append":
            whole = chain.verify().ok
            ask(chain, "n")
            honest = content(ledger) if whole else honest
        else:
            tamper(ledger, *statements(change))
    now = content(ledger)
    assert chain.verify().ok == (now == honest[: len(now)])
    ledger.close()


def content(ledger):
    with ledger.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(audit).order_by(audit.c.seq))]


def statements(change):
    match change:
        case ("edit", seq, "count"):
            return [f"UPDATE audit SET count = count + 1 WHERE seq = {seq}"]
        case ("edit", seq, column):
            return [f"UPDATE audit SET {column} = {column} || 'x' WHERE seq = {seq}"]
        case ("delete", seq):
            return [f"DELETE FROM audit WHERE seq = {seq}"]
        case ("swap", one, other):
            places = [(one, -1), (other, one), (-1, other)] if one != other else []
            return [f"UPDATE audit SET seq = {new} WHERE seq = {old}" for old, new in places]
        case ("copy", seq):
            columns = "at, actor, role, purpose, action, table_name, predicate, count, reason, previous, digest"
            return [f"INSERT INTO audit SELECT (SELECT max(seq) + 1 FROM audit), {columns} FROM audit WHERE seq = {seq}"]
