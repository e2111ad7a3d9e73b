import datetime

import pytest
import sqlalchemy as sa

from zhiyin.core.errors import StoreError
from zhiyin.store.journal import Journal
from zhiyin.store.ledger import run

NOW = datetime.datetime(2026, 11, 21, 8, tzinfo=datetime.UTC)


@pytest.fixture
def journal(ledger):
    return Journal(ledger, lambda: NOW)


def test_outcomes_come_back_in_their_order(journal):
    given = {"kind": "bought", "question": "purchase", "amount": 1200, "by": "wang"}
    late = journal.add_outcome(customer_id="c1", at="2026-11-22", **given)
    early = journal.add_outcome(customer_id="c2", at="2026-11-21", **given)
    assert late != early
    assert [row["outcome_id"] for row in journal.outcomes()] == [early, late]
    assert [row["amount"] for row in journal.outcomes("c1")] == [1200]
    assert journal.outcomes("c9") == []


def test_a_refusal_stays_on_its_day(journal):
    about = {"customer_id": "c1", "channel": "personalisation", "by": "web"}
    journal.add_consents([])
    for day, allowed in (("2026-11-20", True), ("2026-11-21", False), ("2026-11-21", True), ("2026-11-22", True)):
        journal.add_consents([{**about, "at": day, "allowed": allowed}])
    journal.add_consents([{**about, "customer_id": "c2", "at": "2026-11-20", "allowed": False}])
    assert [(row["at"], row["allowed"]) for row in journal.consents_of(["c1"])] == [
        ("2026-11-20", True),
        ("2026-11-21", False),
        ("2026-11-22", True),
    ]
    assert journal.consents_of(["c9"]) == []
    assert len(journal.consents()) == 4


def test_a_draw_is_noted_once(journal):
    draw = {
        "touch_id": "t1",
        "customer_id": "c1",
        "channel": "phone",
        "policy": "v1",
        "propensity": 0.5,
        "holdout": False,
        "at": "x",
        "by": "run",
    }
    assert journal.add_touches([draw]) == 1
    assert journal.add_touches([draw | {"holdout": True}, draw | {"touch_id": "t2"}]) == 1
    assert [(row["touch_id"], row["holdout"]) for row in journal.touches()] == [("t1", False), ("t2", False)]


def test_many_are_asked_for_in_pieces(journal):
    draws = [
        {
            "touch_id": f"t{n}",
            "customer_id": "c",
            "channel": "x",
            "policy": "v",
            "propensity": 1.0,
            "holdout": False,
            "at": "x",
            "by": "run",
        }
        for n in range(1201)
    ]
    assert journal.add_touches(draws) == 1201
    assert journal.add_touches(draws) == 0


def test_consents_are_read(journal):
    assert journal.consents() == []


def test_a_run_that_was_cut_off_is_no_last_run(journal, ledger):
    assert journal.last_run() is None
    done = journal.start_run(as_of="2026-11-21", snapshot="g000001")
    journal.finish_run(done)
    journal.start_run(as_of="2026-11-22", snapshot="g000002")
    last = journal.last_run()
    assert (last["run_id"], last["state"], last["snapshot"]) == (done, "published", "g000001")
    with ledger.read() as connection:
        assert connection.execute(sa.select(run.c.state).order_by(run.c.as_of)).scalars().all() == ["published", "running"]


def test_a_disk_that_fails_is_a_sentence(journal, ledger, monkeypatch):
    def broken(self):
        raise sa.exc.OperationalError("x", {}, Exception("disk I/O error"))

    monkeypatch.setattr(sa.Engine, "connect", broken)
    with pytest.raises(StoreError, match="disk is full or cannot be written"):
        journal.touches()
