"""Steps of the live loop are added once and in order, and one that comes late adds nothing."""

from __future__ import annotations

import pytest

from zhiyin.core.errors import StoreError
from zhiyin.store.live import Base, LiveRows, Step

BASE = Base("g000001", 4, 4)
AT = "2026-11-20T12:00:00.000000"
LATER = "2026-11-20T13:00:00.000000"


def _day(record: str = "r1", *, times: int = 1, at: str = AT, id_: str = "m1") -> tuple:
    return (record, "web", "Page Viewed", "2026-11-20", times, 100 * times, 0, at, at, id_)


@pytest.fixture
def live(ledger) -> LiveRows:
    made = LiveRows(ledger)
    assert made.base() is None
    assert made.restart(Step(), BASE, before=None)
    return made


def test_a_step_is_added_to_what_is_there(live):
    assert live.write(Step(activity=[_day()]), BASE, upto=5)
    assert live.write(Step(activity=[_day(times=2, at=LATER, id_="m0")]), Base("g000001", 4, 5), upto=6)
    assert live.activity(["r1"]) == [("r1", "web", "Page Viewed", "2026-11-20", 3, 300, 0, AT, LATER, "m0")]
    assert live.base() == Base("g000001", 4, 6)


def test_of_two_at_one_moment_the_greater_id_is_the_last(live):
    live.write(Step(activity=[_day(id_="b"), _day(id_="a")]), BASE, upto=5)
    assert live.activity(["r1"])[0][-1] == "b"


@pytest.mark.parametrize("base", [Base("g000001", 4, 3), Base("g000001", 4, 5), Base("g000002", 4, 4), Base("g000001", 0, 4)])
def test_a_step_from_another_place_adds_nothing(live, base):
    assert not live.write(Step(activity=[_day()], tags=[_tag()]), base, upto=9)
    assert (live.activity(["r1"]), live.tags(["c1"]), live.base()) == ([], [], BASE)


def test_another_generation_begins_anew_and_keeps_what_was_noted(live):
    step = Step(activity=[_day()], lines=[("shop", "l1")], records=[("r1", "r1", "shop", "person", None)], tags=[_tag()], steps=[_day()])
    live.write(step, BASE, upto=6)
    assert not live.restart(Step(), Base("g000002", 6, 6), before=BASE)
    assert live.restart(Step(activity=[_day("r2")]), Base("g000002", 5, 6), before=Base("g000001", 4, 6))
    assert [row[0] for row in live.activity(["r1", "r2"])] == ["r2"]
    assert (live.lines([("shop", "l1")]), live.records(["r1"])) == (set(), [])
    assert len(live.tags(["c1"])) == len(live.steps(["r1"], since="2026-11-20")) == 1


def _tag(value: str = "lead", tag_id: str = "g1") -> tuple:
    return (tag_id, "c1", "lifecycle", value, 1.0, "rule", AT, AT, None, "")


def test_a_tag_is_noted_once_and_never_edited(live, ledger):
    live.note(tags=[_tag(), _tag("other")])
    assert [row[2] for row in live.tags(["c1"])] == ["lead"]
    with pytest.raises(StoreError, match="only added here"), ledger.begin() as connection:
        connection.exec_driver_sql("UPDATE tag SET value = 'x'")


def _alert(state: str, due: str = AT) -> tuple:
    return ("c1", "cart_left", "e1", state, AT, due, None, "p1", "m1")


def test_an_alert_that_has_ended_stays_as_it_ended(live):
    live.note(alerts=[_alert("waiting")])
    live.note(alerts=[_alert("waiting", LATER)])
    assert [row[3:6] for row in live.alerts()] == [("waiting", AT, LATER)]
    live.note(alerts=[_alert("fired")])
    live.note(alerts=[_alert("waiting", LATER)])
    assert (live.alerts(), [row[3] for row in live.alerts(["c1"])]) == ([], ["fired"])


def test_old_steps_are_dropped(live):
    live.write(Step(steps=[_day()]), BASE, upto=5)
    live.forget_steps("2026-11-21")
    assert live.steps(["r1"], since="2026-01-01") == []
