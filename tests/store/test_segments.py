import datetime

import pytest

from zhiyin.core.errors import StoreError
from zhiyin.store.segments import KINDS, Defined, SegmentLog

NOW = datetime.datetime(2026, 11, 21, 8, tzinfo=datetime.UTC)


@pytest.fixture
def log(ledger):
    return SegmentLog(ledger, clock=lambda: NOW)


def test_the_last_word_about_a_segment_counts(log):
    log.note(Defined("rule", "s1", "add", "大客户", "spend > 5", by="owner"))
    log.note(Defined("behaviour", "g1", "rename", "常来的", by="li"))
    log.note(Defined("rule", "s2", "add", "新客户", "orders = 1", by="owner"))
    log.note(Defined("rule", "s1", "rename", "贵客", "spend > 5", by="li"))
    log.note(Defined("rule", "s2", "remove", "新客户", "orders = 1", by="owner"))
    assert [(one.segment_id, one.name, one.by) for one in log.defined()] == [("s1", "贵客", "li"), ("g1", "常来的", "li")]
    assert [one.kind for one in log.history("s2")] == ["add", "remove"]
    assert {one.kind for one in log.history()} == set(KINDS)
    assert log.history()[0].at == "2026-11-21T08:00:00.000000+00:00"


@pytest.mark.parametrize("statement", ["UPDATE segment_log SET name = 'x'", "DELETE FROM segment_log"])
def test_nothing_said_is_taken_back_by_force(log, ledger, statement):
    log.note(Defined("rule", "s1", "add", "大客户", "spend > 5", by="owner"))
    with pytest.raises(StoreError, match="only added here"), ledger.begin() as connection:
        connection.exec_driver_sql(statement)
    assert len(log.history()) == 1
