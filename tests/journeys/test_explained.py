"""`explain`: from the source row to the next step and back to the person, and who has looked."""

from __future__ import annotations

import csv
import math

import pytest

import zhiyin
from journeys.shop import DAY
from zhiyin.act.candidates import NEW_TAKEN
from zhiyin.core.errors import UsageError


@pytest.fixture(scope="module")
def journey(shop):
    with zhiyin.open(shop) as workspace:
        return workspace.explain("M1000")


def test_each_record_leads_to_the_row_of_its_file(journey, shop):
    rows = {(record["source"], record["source_row"]) for record in journey["records"]}
    assert rows == {("crm", 2), ("shop", 2)}  # the header is row 1
    with (shop / "订单.csv").open(encoding="gb18030", newline="") as file:
        lines = list(csv.reader(file))
    for line in journey["latest_lines"]:
        number, member, *_, paid, _, _, _ = lines[line["source_row"] - 1]
        assert (number, member) == (line["order_id"], "M1000")
        assert round(float(paid.strip("¥").replace(",", "")) * 100) == line["amount"]
    before = [line for line in lines[1:] if line[1] == "M1000" and line[-2][:10].replace("/", "-") < DAY.isoformat()]
    assert journey["order_lines"] == len(before)


def test_two_records_that_share_a_phone_are_one_customer(journey):
    assert {link["customer_id"] for link in journey["identity"]} == {journey["customer_id"]}
    assert {link["record_id"] for link in journey["identity"]} == {record["record_id"] for record in journey["records"]}
    (merge,) = journey["merges"]
    assert merge["kind"] == "link"
    assert {"phone.equal", "name.equal"} <= {finding["finding"] for finding in merge["findings"]}
    assert round(sum(finding["bits"] for finding in merge["findings"]), 1) == merge["bits"]
    assert {merge["left_record"], merge["right_record"]} == {record["record_id"] for record in journey["records"]}


def test_every_name_of_the_customer_leads_to_the_same_page(shop, journey):
    ids = {"K5000", "M1000", *(record["record_id"] for record in journey["records"])}
    with zhiyin.open(shop) as workspace:
        assert {workspace.explain(said)["customer_id"] for said in ids} == {journey["customer_id"]}


def test_the_profile_is_what_the_files_say(journey, shop):
    with (shop / "订单.csv").open(encoding="gb18030", newline="") as file:
        mine = [row for row in csv.DictReader(file) if row["会员号"] == "M1000"]
    before = [row for row in mine if row["付款时间"][:10].replace("/", "-") < DAY.isoformat()]
    profile = journey["profile"]
    assert profile["orders"] == len({row["订单编号"] for row in before})
    assert profile["spend"] == sum(round(float(row["实付金额"].strip("¥").replace(",", "")) * 100) for row in before)
    assert profile["at_on"] == DAY


def test_reasons_add_up_to_every_prediction(shop):
    with zhiyin.open(shop) as workspace:
        pages = [workspace.customer(str(row["customer_id"])) for row in workspace.today(limit=5)]
    chances = [row for page in pages for row in page["predictions"] if row["unit"] == "probability"]
    assert {row["question"] for row in chances} == {"purchase", "churn", "spend_halves", "campaign_answer", "category_raise"}
    for row in chances:
        reasons = row["reasons"]
        total = reasons["base"] + sum(part["amount"] for part in reasons["parts"])
        assert total == pytest.approx(math.log(row["value"] / (1 - row["value"])), abs=1e-6)
        assert total == pytest.approx(reasons["total"], abs=1e-9)
        assert row["low"] <= row["value"] <= row["high"]
        assert row["at_on"] == DAY


def test_the_next_step_rests_on_a_prediction(journey):
    (step,) = journey["next_step"]
    asked = [row for row in journey["predictions"] if (row["question"], row["subject_id"]) == (step["question"], step["subject_id"])]
    taken = NEW_TAKEN if step["action"] == "offer_new" else 1.0  # of those who buy, few take what is new to them
    assert [row["value"] * taken for row in asked] == [pytest.approx(step["probability"])]


def test_outcomes_of_the_files_stand_there(journey, shop):
    with (shop / "结果.csv").open(encoding="utf-8", newline="") as file:
        mine = [row for row in csv.DictReader(file) if row["会员号"] == "M1000"]
    assert [(row["campaign_id"], row["kind"]) for row in journey["outcomes"]] == [(row["活动编号"], "answered") for row in reversed(mine)]


def test_who_has_looked_is_told(another_shop):
    with zhiyin.open(another_shop, actor="wang") as workspace:
        workspace.customer("M1000")
    with zhiyin.open(another_shop) as workspace:
        seen = workspace.explain("M1000")["seen_by"]
    assert {row["actor"] for row in seen} >= {"wang", "owner"}
    assert {row["purpose"] for row in seen} == {"display"}


def test_what_was_noted_under_a_merged_id_stays_with_the_customer(another_shop):
    with zhiyin.open(another_shop) as workspace:
        journey = workspace.explain("M1000")
        (other, *_) = [row["record_id"] for row in journey["records"] if row["record_id"] != journey["customer_id"]]
        noted = {"kind": "no_need", "question": "purchase", "amount": 0, "at": "2026-09-20", "by": "wang"}
        workspace._home.journal.add_outcome(customer_id=other, **noted)  # before the two records were known to be one person
        workspace.outcome("M1000", "bought", at="2026-09-21")
        assert [row["kind"] for row in workspace.explain("M1000")["noted"]] == ["no_need", "bought"]


def test_the_audit_log_is_whole_after_all_this(shop):
    with zhiyin.open(shop) as workspace:
        verdict = workspace.audit()
    assert verdict["ok"]
    assert verdict["entries"] > 50


def test_an_id_of_two_systems_is_not_guessed(shop):
    with zhiyin.open(shop) as workspace:
        with pytest.raises(UsageError, match=r"Several customers have this id\. Got r[a-z2-7]{12}, r[a-z2-7]{12}\.") as told:
            workspace.explain("M1005")
        assert {len(workspace.explain(said)["records"]) for said in told.value.got.split(", ")} == {1, 2}
