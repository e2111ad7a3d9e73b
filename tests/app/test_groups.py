"""The groups of one customer: the same as those that the relations find for everybody."""

from __future__ import annotations

import zhiyin
from app.asking import reading
from zhiyin.app import segments
from zhiyin.app.segments import Asked
from zhiyin.app.vocabulary import segment_log
from zhiyin.predict.rules.parse import parse
from zhiyin.store.segments import Defined

RULES = {
    "甲": 'spend >= ¥300 and days_since_order > 2 and city in ("杭州", "上海") and not tier = champion',
    "乙": "prediction.churn >= 20% or orders_84d > 3 or interests = 乳品",
    "丙": "in segment 甲 or segment.behaviour = g1 or records > 1 or prediction.category_raise is known",
}


def test_one_customer_is_in_the_segments_that_the_relations_say(another_shop):
    with reading(another_shop) as asked:
        for name, rule in RULES.items():
            segments.add(*asked, name=name, rule=rule)
        segment_log(asked[0]).note(Defined("rule", "s0", "add", "旧的", "vanished > 5", by="owner"))
        known = Asked(*asked)
        members = {name: set(asked[1].frame(known.members(parse(rule, known.speech)))["customer_id"]) for name, rule in RULES.items()}
        everybody = sorted(asked[1].frame(known.table("profile"))["customer_id"])[:25]
    assert all(members.values())
    with zhiyin.open(another_shop) as workspace:
        for customer in everybody:
            found = workspace.customer(customer)["segments"]
            rules = {row["name_zh"] for row in found if row["scheme"] == "rule"}
            assert rules == {name for name, own in members.items() if customer in own}, customer
            stage = [row for row in found if row["scheme"] == "lifecycle"]
            assert len(stage) == 1
            assert stage[0]["since_on"] is not None
            assert {row["since_on"] is None for row in found if row["scheme"] == "rule"} <= {True}  # no run has noted them yet
            assert {row["scheme"] for row in found} - {"rule"} >= {"lifecycle", "rfm"}
