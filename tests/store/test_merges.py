import datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from zhiyin.core.errors import StoreError
from zhiyin.store.ledger import merge
from zhiyin.store.merges import Entry, MergeLog

NOW = datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.UTC)


@pytest.fixture
def log(ledger):
    return MergeLog(ledger, lambda: NOW)


def found(*rows: tuple[str, str, str]) -> pd.DataFrame:
    told = [(kind, left, right, 9.0, "size:-10.0 phone.equal:19.0") for kind, left, right in rows]
    return pd.DataFrame(told, columns=["kind", "left_record", "right_record", "bits", "findings"])


def test_the_last_finding_of_a_pair_counts(log):
    log.found(found(("link", "a", "b"), ("review", "b", "c")), {"a": 1, "b": 2}, weighed="x")
    log.found(found(("none", "a", "b")), {"a": 2}, weighed="y")
    assert log.findings()[["left_record", "right_record", "kind"]].values.tolist() == [["a", "b", "none"], ["b", "c", "review"]]
    assert log.findings(["a", "b"])["kind"].tolist() == ["none"]
    assert (log.compared(), log.compared(["b", "z"]), log.weighed()) == ({"a": 2, "b": 2}, {"b": 2}, "y")
    assert [(pair.left_record, pair.right_record) for pair in log.open_pairs()] == [("b", "c")]


def test_decisions_are_kept_in_their_order_with_who_and_why(log):
    first = log.decide(Entry("merge", "b", "a", by="owner", reason="called"))
    log.decide(Entry("unmerge", "a", "b", by="owner"))
    assert [(one.kind, one.left_record, one.right_record) for one in log.decisions()] == [("merge", "a", "b"), ("unmerge", "a", "b")]
    assert (log.entry(first).reason, log.entry(first).at) == ("called", "2026-11-22T08:00:00.000000+00:00")
    assert [one.kind for one in log.of_pair("b", "a")] == ["merge", "unmerge"]
    assert (log.decisions(["a", "c"]), log.entry(99), log.last()) == ([], None, 2)


def test_the_log_is_only_added_to(log, ledger):
    log.decide(Entry("merge", "a", "b"))
    for statement in (sa.update(merge).values(kind="unmerge"), sa.delete(merge)):
        with pytest.raises(StoreError, match="neither edited nor deleted"), ledger.begin() as connection:
            connection.execute(statement)


def test_who_is_reached_follows_what_holds_by_now(log):
    log.found(found(("link", "a", "b"), ("left_fits", "b", "c"), ("conflict", "c", "d"), ("review", "c", "e")), {}, weighed="")
    log.decide(Entry("merge", "c", "f"))
    assert log.reached(["a"]) == {"a", "b", "c", "f"}
    log.decide(Entry("unmerge", "c", "f"))
    log.found(found(("none", "a", "b")), {}, weighed="")
    assert (log.reached(["a"]), log.reached(["c"])) == ({"a"}, {"b", "c"})
    assert log.touched_since(log.last() - 1) == {"a", "b"}
