"""What the steps of a run share: what may be known on the day of the list, and what is written down of each step."""

from __future__ import annotations

import logging
from datetime import date

import ibis
import pytest

from journeys.shop import DAY
from zhiyin.app.home import open_home
from zhiyin.app.reading import guard_over
from zhiyin.app.work import DAY_OF, Work
from zhiyin.core.clock import utc_now
from zhiyin.core.tables import FACTS
from zhiyin.core.words import Say


@pytest.fixture
def work(another_shop):
    home, told = open_home(another_shop), []
    with home.lake.build(carry=FACTS) as build:
        work = Work(home, build, guard_over(home, build, clock=utc_now), DAY, False, lambda stage, done: told.append((stage.en, done)))
        work.told = told
        yield work
    home.close()


def last(work, table, column):
    return work.frame(table.aggregate(last=table[column].max()))["last"].iloc[0]


@pytest.mark.parametrize("table", ["event", "order_line"])
def test_facts_of_the_day_and_later_are_not_known(work, table):
    column = DAY_OF[table]
    assert last(work, work.known(table), column).date() < DAY
    assert last(work, work.table(table), column).date() > DAY


def test_every_fact_with_a_day_is_cut_at_the_day(work):
    dated = {
        name for name, table in FACTS.items() if {"happened_on", "ordered_on", "touched_on", "counted_on", "moved_on"} & set(table.names)
    }
    assert dated == set(DAY_OF)
    work.at = date(2020, 1, 1)
    assert {name: work.build.count(work.known(name)) for name in sorted(dated)} == dict.fromkeys(sorted(dated), 0)


def test_a_table_is_asked_of_the_guard_once_a_purpose(work):
    before = len(work.guard.audit.entries())
    for purpose in ("analysis", "analysis", "contact", "analysis"):
        work.table("product", purpose)
    assert len(work.guard.audit.entries()) == before + 2
    assert {entry["actor"] for entry in work.guard.audit.entries(limit=2)} == {"run"}


def test_a_step_leaves_a_line_and_a_stage_moves_its_bar(work, caplog):
    caplog.set_level(logging.INFO)
    with work.stage(Say("建立画像", "Profile")):
        identity = work.table("record", "identity").select("record_id", customer_id="record_id")
        assert work.write("unify", "identity", rows=identity.limit(3)) == 3
    lines = [record.message for record in caplog.records if record.name == "zhiyin.app.work"]
    assert lines[0].startswith("stage=unify table=identity outcome=ok rows_in=0 rows_out=3 refused=0 seconds=")
    assert lines[1].startswith("stage=profile table=- outcome=ok")
    assert work.told == [("Profile", None), ("Profile", 1.0)]


def test_a_step_that_fails_leaves_a_line_too(work, caplog):
    caplog.set_level(logging.INFO)
    with pytest.raises(ZeroDivisionError), work.stage(Say("打分", "Score")):
        raise ZeroDivisionError
    assert "stage=score table=- outcome=failed" in caplog.text
    assert work.told == [("Score", None)]


def test_relations_become_frames_here_only(work):
    frame = work.frame(ibis.memtable({"a": [1, 2]}))
    assert list(frame["a"]) == [1, 2]
