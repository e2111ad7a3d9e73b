"""What a run does for groups: names that last, ids that last, and who came and who left."""

from __future__ import annotations

from datetime import date

import pytest

import zhiyin
from app.asking import reading
from journeys.shop import DAY
from zhiyin.app import segments
from zhiyin.app.segment_page import show
from zhiyin.app.vocabulary import segment_log
from zhiyin.guard.access import OWNER, Access
from zhiyin.store.segments import Defined

ACCESS = Access(OWNER, "measurement")


def history(folder):
    """(scheme, segment) -> customers who are in it, and who have been."""
    with reading(folder) as (_, read, _):
        rows = read.guard.rows("membership", ACCESS, where={})
    found = {}
    for row in rows:
        found.setdefault((row["scheme"], row["segment_id"]), []).append((row["customer_id"], row["since_on"], row["until_on"]))
    return found


def rows_of(folder, table):
    with reading(folder) as (_, read, _):
        return read.guard.rows(table, ACCESS, where={})


def test_the_first_run_notes_everybody_once(shop):
    noted = {(key, customer) for key, stays in history(shop).items() for customer, since, until in stays if since == DAY and until is None}
    assert noted == {((row["scheme"], row["segment_id"]), row["customer_id"]) for row in rows_of(shop, "segment")}


def test_a_run_says_how_the_groups_were_found(shop):
    cards = [row for row in rows_of(shop, "model") if row["question"] == "segment"]
    assert [card["name"] for card in cards] == ["groups"]


@pytest.mark.slow
def test_segments_go_on_from_run_to_run(another_shop):
    with reading(another_shop) as asked:
        made = segments.add(*asked, name="静", rule="days_since_order > 4")
        broken = Defined("rule", "s0", "add", "旧的", "vanished > 5", by="owner")
        segment_log(asked[0]).note(broken)
        group = next(row for row in segments.listing(*asked) if row["scheme"] == "behaviour")
        segments.rename(*asked, old=group["segment_id"], new="我的叫法")
    with zhiyin.open(another_shop) as workspace:
        first = workspace.run(DAY)
    assert any("The rule of the segment 旧的 cannot be read any more" in note.en for note in first.sentences)
    key = ("rule", made["segment_id"])
    was = {customer for customer, _, _ in history(another_shop)[key]}
    assert len(was) == made["customers"]

    later = date(2026, 10, 5)
    with zhiyin.open(another_shop) as workspace:
        workspace.run(later, refit=True)  # groups are learned again
    stays = history(another_shop)[key]
    now = {customer for customer, _, until in stays if until is None}
    truth = {
        row["customer_id"]
        for row in rows_of(another_shop, "profile")
        if row["days_since_order"] is not None and row["days_since_order"] > 4
    }
    assert now == truth != was
    assert {customer for customer, since, _ in stays if since == later} == truth - was
    assert {customer for customer, _, until in stays if until == later} == was - truth
    named = {row["segment_id"] for row in rows_of(another_shop, "segment") if row["name_zh"] == "我的叫法"}
    assert named == {group["segment_id"]}  # the same group, by the name that a person gave it

    with reading(another_shop) as asked:
        page = show(*asked, name="静")
        assert (page["entered"], page["left"], page["noted"]) == (len(truth - was), len(was - truth), True)
        segments.remove(*asked, name="静")
    with zhiyin.open(another_shop) as workspace:
        earlier = workspace.run(DAY)  # a look at an earlier day rewrites no history
        assert any("reaches beyond 2026-09-28" in note.en for note in earlier.sentences)
    assert history(another_shop)[key] == stays
    with zhiyin.open(another_shop) as workspace:
        workspace.run(later)
    assert {until for _, _, until in history(another_shop)[key]} == {later}  # everybody has left what is no segment any more
