"""The history of a run that goes on, against a plain fold over the days."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiyin.predict.membership import moves
from zhiyin.store.lake import Lake

DAY = date(2026, 11, 1)
GROUP = ("customer_id", "scheme", "segment_id")


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    lake = Lake(tmp_path_factory.mktemp("history") / "lake", b"k" * 32, memory_mb=128, threads=1, keep=1)
    with lake.build(carry=[]) as build:
        yield build


def begin(build):
    build.write("membership", pd.DataFrame({name: pd.Series(dtype="string") for name in GROUP} | {name: pd.Series(dtype="object") for name in ("since_on", "until_on")}))  # fmt: skip


def run(build, people, at):
    """One run: who is in the group on that day."""
    rows = pd.DataFrame({"customer_id": pd.Series(sorted(people), dtype="string"), "scheme": "rule", "segment_id": "s1"}).astype("string")
    change = moves(build.table("membership"), build.scratch("today", rows), at=at)
    amended, removed = build.scratch("amended", change.amended), build.scratch("removed", change.removed)
    build.amend("membership", amended)
    build.remove("membership", removed)
    return build.count(amended) + build.count(removed)


def history(build):
    rows = build.frame(build.table("membership"))
    return {
        (row.customer_id, pd.Timestamp(row.since_on).date(), None if pd.isna(row.until_on) else pd.Timestamp(row.until_on).date())
        for row in rows.itertuples()
    }


def told(days):
    """The stays that follow from who was there on each day: the last run of a day counts."""
    last = dict(days)
    stays, since = set(), {}
    for at in sorted(last):
        for customer in sorted(set(since) - last[at]):
            stays.add((customer, since.pop(customer), at))
        for customer in last[at] - set(since):
            since[customer] = at
    return stays | {(customer, began, None) for customer, began in since.items()}


def test_who_comes_stays_and_leaves(build):
    begin(build)
    tomorrow = DAY + timedelta(days=1)
    run(build, {"a", "b"}, DAY)
    changed = run(build, {"b", "c"}, tomorrow)
    assert history(build) == {("a", DAY, tomorrow), ("b", DAY, None), ("c", tomorrow, None)}
    assert changed == 2  # b is not written again


def test_a_second_run_of_the_day_corrects_the_first(build):
    begin(build)
    tomorrow = DAY + timedelta(days=1)
    run(build, {"a", "b"}, DAY)
    run(build, {"c"}, tomorrow)
    run(build, {"a"}, tomorrow)
    assert history(build) == {("a", DAY, None), ("b", DAY, tomorrow)}
    assert run(build, {"a"}, tomorrow) == 0


def test_who_comes_back_has_a_second_stay(build):
    begin(build)
    for day, people in enumerate([{"a"}, set(), {"a"}]):
        run(build, people, DAY + timedelta(days=day))
    assert history(build) == {("a", DAY, DAY + timedelta(days=1)), ("a", DAY + timedelta(days=2), None)}


DAYS = st.lists(
    st.tuples(st.integers(0, 2), st.sets(st.sampled_from("abcde"))), min_size=1, max_size=6
)  # days on from the run before: 0 is another run of the same day


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=DAYS)
def test_going_on_from_run_to_run_is_counting_everything_anew(build, steps):
    begin(build)
    at, days = DAY, []
    for step, people in steps:
        at += timedelta(days=step)
        run(build, people, at)
        days.append((at, people))
    assert history(build) == told(days)
