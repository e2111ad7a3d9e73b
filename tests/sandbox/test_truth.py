from collections import defaultdict
from decimal import Decimal

import pytest

from sandbox.lived import BEGINS, SYSTEMS, exported, months, orders_of, rows_of, truth
from zhiyin.sandbox.company import Company
from zhiyin.sandbox.lives import CAUSES
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.texts.personas import PERSONAS
from zhiyin.sandbox.world import World

EVERY = pytest.mark.parametrize("scenario", sorted(SCENARIOS))


@EVERY
def test_the_figures_of_a_month_are_the_sums_of_the_exported_rows(scenario):
    files = exported(scenario)
    money, orders, buyers = defaultdict(Decimal), defaultdict(set), defaultdict(set)
    for system, month, order, customer, paid in orders_of(files):
        money[month, system] += Decimal(paid)
        if Decimal(paid) > 0:
            orders[month, system].add(order)
            buyers[month, system].add(customer)
    told = {(row["month"], row["system"]): row for row in truth(files, "kpi")}
    assert set(told) == set(money)
    assert {key: Decimal(row["revenue_cny"]) for key, row in told.items()} == dict(money)
    assert {key: int(row["orders"]) for key, row in told.items()} == {key: len(orders[key]) for key in told}
    assert {key: int(row["customers"]) for key, row in told.items()} == {key: len(buyers[key]) for key in told}


@EVERY
def test_every_record_of_an_export_is_somebody_and_everybody_stands_in_an_export(scenario):
    files = exported(scenario)
    known = defaultdict(dict)
    for row in truth(files, "record"):
        assert row["native_id"] not in known[row["system"]]
        known[row["system"]][row["native_id"]] = int(row["person_id"])
    written = {system: {customer for at, _, _, customer, _ in orders_of(files) if at == system} for system in SYSTEMS}
    written["crm"] |= {row["客户编号"] for row in rows_of(files["CRM_客户.csv"])}
    written["mall"] |= {row["会员编号"] for row in rows_of(files["小程序商城_会员.csv"])}
    assert {system: set(natives) for system, natives in known.items()} == {
        system: natives for system, natives in written.items() if natives
    }
    people = {int(row["person_id"]) for row in truth(files, "person")}
    assert {person for natives in known.values() for person in natives.values()} <= people


def test_bad_rows_are_where_the_truth_says():
    files = exported("restaurant", customers=2000)
    told = truth(files, "bad_row")
    assert {row["what"] for row in told} == {"bad_time", "bad_money", "no_customer", "cut_off", "repeated"}
    for row in told:
        rows = rows_of(files[row["file"]])
        bad = rows[int(row["row"]) - 1]
        wrong = {
            "bad_time": not bad["下单时间"] or not bad["下单时间"].startswith("2026-0"),
            "bad_money": not (bad["实付金额"] or "").replace(".", "").replace("-", "").isdigit(),
            "no_customer": bad["会员编号"] == "",
            "cut_off": bad["配送方式"] is None,
            "repeated": rows.count(bad) == 2,
        }
        assert wrong[row["what"]], row


@EVERY
def test_every_message_of_the_truth_stands_in_an_export(scenario):
    files = exported(scenario)
    whole = {
        "wecom": {row["消息编号"] for row in months(files, "企业微信_聊天记录_") if row["发送方"] == "客户"},
        "review": {row["评价编号"] for row in months(files, "商品评价_", encoding="gb18030")},
        "mail": b"".join(files[name] for name in files if name.startswith("客服邮箱_")).decode(),
        "calls": b"".join(files[name] for name in files if name.startswith("通话录音转写_")).decode(),
    }
    messages = truth(files, "message")
    assert {row["system"] for row in messages} == set(whole)
    for row in messages:
        assert (row["message_id"].rpartition("-")[0] if row["system"] == "calls" else row["message_id"]) in whole[row["system"]]
        assert row["sentiment"] in ("-1", "0", "1")
    assert {row["message_id"] for row in messages if row["system"] == "wecom"} == whole["wecom"]
    assert {row["message_id"] for row in messages if row["system"] == "review"} == whole["review"]


@EVERY
def test_every_fraud_and_run_stands_in_an_export(scenario):
    files = exported(scenario)
    ids = {order for _, _, order, _, _ in orders_of(files)} | {row["交易流水号"] for row in months(files, "账户流水_", encoding="gb18030")}
    frauds = truth(files, "fraud")
    assert frauds
    assert {row["fact_id"] for row in frauds} <= ids
    assert {row["kind"] for row in frauds} == ({"order", "transfer"} if scenario == "finance" else {"order"})
    (run,) = truth(files, "spike")
    assert (run["system"] in SYSTEMS, run["factor"], BEGINS.isoformat() < run["starts_on"] < run["ends_on"]) == (True, "8", True)


def test_what_people_do_in_the_next_days_is_what_the_world_does():
    world = World(customers=300, begins=BEGINS)
    company = Company(world)
    for _ in range(20):
        list(company.day())
    twin = world.copy()
    parts = list(company.truth.told())
    n = twin.ground.lives.arrived
    days = [twin.step() for _ in range(28)]
    orders, spent = defaultdict(set), defaultdict(int)
    for day in days:
        rows = day.rows("orders")
        for person, number, paid in zip(*(rows[name].tolist() for name in ("person", "number", "paid")), strict=True):
            orders[person].add(number)
            spent[person] += paid
    body = b"".join(part.header + part.body for part in parts if part.file == "truth/person.csv")
    people = rows_of(body)
    assert len(people) == n
    assert [int(row["orders_28d"]) for row in people] == [len(orders[person]) for person in range(n)]
    assert [int(Decimal(row["spend_28d_cny"]) * 100) for row in people] == [spent[person] for person in range(n)]
    gone = [row for row in people if row["left_on"]]
    assert all(row["left_cause"] in CAUSES[1:] and row["left_on"] <= "2026-04-19" for row in gone)
    assert {row["left_cause"] for row in people if not row["left_on"]} == {""}
    assert {row["persona"] for row in people} <= set(PERSONAS)
    assert world.number == 20


def test_a_lifted_customer_has_an_effect_above_zero_and_one_who_is_put_off_none():
    people = truth(exported(customers=3000), "person")
    put_off = [float(row["effect"]) for row in people if row["put_off"] == "1"]
    others = [float(row["effect"]) for row in people if row["put_off"] == "0"]
    assert sum(put_off) / len(put_off) < -0.02
    assert sum(others) / len(others) > 0.02


def test_a_need_that_shifted_is_told_with_the_words():
    shifts = truth(exported(customers=3000), "need_shift")
    assert shifts
    assert all(row["before"] != row["after"] and row["words"] for row in shifts)
