import json
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from zhiyin.act.goals import GOALS
from zhiyin.act.known import Known
from zhiyin.act.next_step import assumption, lift_of, next_steps
from zhiyin.act.words import BLOCKED, read_reasons, read_slots
from zhiyin.core.tables import table_named


def _by_customer(steps: pd.DataFrame) -> dict[str, dict[str, object]]:
    return {row["customer_id"]: row for row in steps.to_dict("records")}


def test_the_row_of_anna_is_seen_by_eye(shop, settings, at) -> None:
    anna = _by_customer(next_steps(shop(), settings(), at=at))["anna"]
    # 0.2 x 0.8 x 0.2 = 0.032 more chance of a horizon of 326.67 yuan, a quarter of it margin, less half a yuan
    assert (anna["action"], anna["product_id"], anna["question"]) == ("replenish", "milk", "purchase")
    assert anna["uplift"] == pytest.approx(0.032)
    assert anna["margin"] == 8167
    assert anna["gain"] == pytest.approx(0.032 * 8167 - 50)
    assert (anna["cost"], anna["channel"], anna["contact"], anna["currency"]) == (50, "phone", "unknown", "CNY")
    assert (anna["listed"], anna["rank"], anna["blocked"], anna["propensity"]) == (True, 1, "", 1.0)


def test_the_columns_are_those_of_the_table(shop, settings, at) -> None:
    steps = next_steps(shop(), settings(), at=at)
    table = table_named("next_step")
    assert steps.columns.tolist() == list(table.names)
    kinds = {"string": "O", "int64": "i", "float64": "f", "boolean": "b"}
    assert {name: steps[name].dtype.kind for name in table.names} == {name: kinds[type_] for name, type_ in table.types.items()}
    assert not steps.isna().any().any()


def test_nobody_is_lost_and_who_is_not_listed_knows_why(shop, settings, at) -> None:
    steps = next_steps(shop(), settings(capacity=1), at=at)
    assert sorted(steps["customer_id"]) == ["anna", "bo", "cy", "di"]
    why = {row["customer_id"]: row["blocked"] for row in steps.to_dict("records")}
    assert why == {"anna": "", "bo": "capacity", "cy": "", "di": "no_action"}
    assert set(steps["blocked"]) - {""} <= set(BLOCKED)


def test_a_contact_that_costs_more_than_it_brings_is_not_made(shop, settings, at) -> None:
    steps = next_steps(shop(), settings(cost=2.0), at=at)
    assert _by_customer(steps)["cy"]["blocked"] == "no_gain"
    assert (steps["gain"] > 0)[steps["listed"]].all()


def test_who_surely_buys_or_surely_does_not_gains_nothing_from_a_call(shop, settings, at) -> None:
    known = shop()
    for sure in (0.0, 1.0):
        steps = next_steps(replace(known, predictions=known.predictions.assign(value=sure)), settings(), at=at)
        assert steps["uplift"].abs().max() == 0 or sure == 1.0  # a tenth of sure buyers take a new product: undecided again
        assert _by_customer(steps)["bo"]["uplift"] == 0


@pytest.mark.parametrize("goal", sorted(GOALS))
def test_the_goal_decides_what_is_done(shop, settings, at, goal: str) -> None:
    steps = next_steps(shop(), settings(goal), at=at)
    assert set(steps["action"]) - {""} <= set(GOALS[goal].actions)
    wanted = {"conversion": "first_contact", "repurchase": "", "retention": "", "service": ""}
    assert _by_customer(steps)["di"]["action"] == wanted[goal]
    assert (
        _by_customer(steps)["bo"]["action"]
        == {"conversion": "", "repurchase": "replenish", "retention": "win_back", "service": "win_back"}[goal]
    )


def test_a_lead_about_whom_nothing_is_predicted_takes_a_place_that_is_left(shop, settings, at) -> None:
    di = _by_customer(next_steps(shop(), settings("conversion"), at=at))["di"]
    assert di["gain"] < 0
    assert (di["listed"], di["rank"], di["question"]) == (True, 1, "")


def test_another_currency_is_not_compared(shop, settings, at) -> None:
    known = shop()
    steps = next_steps(replace(known, profile=known.profile.assign(currency="USD")), settings(), at=at)
    assert set(steps["blocked"]) == {"other_currency"}


def test_rules_come_before_gain(shop, settings, at) -> None:
    refused = pd.DataFrame({"customer_id": ["anna"], "channel": ["any"], "allowed": [False], "since_on": [at]})
    touches = pd.DataFrame({"customer_id": ["bo", "anna"], "touched_on": [at, at]})
    steps = _by_customer(next_steps(shop(consents=refused, touches=touches), settings(do_not_contact=("cy",)), at=at))
    assert {name: steps[name]["blocked"] for name in ("anna", "bo", "cy")} == {
        "anna": "refused",
        "bo": "contacted_lately",
        "cy": "do_not_contact",
    }
    assert not any(row["listed"] for row in steps.values())
    assert steps["anna"]["contact"] == "refused"


def test_three_reasons_and_an_opening(shop, settings, at) -> None:
    anna = _by_customer(next_steps(shop(), settings(), at=at))["anna"]
    assert [say.zh for say in read_reasons(anna["reasons"])] == [
        "平均每 10 天买一次，上次是 12 天前，正好到了该来的时候。",
        "最近四周来了三次",
        "「鲜牛奶」：每周都买",
    ]
    assert read_slots(anna["reasons"]) == {"product": "鲜牛奶"}
    assert "{product}" in anna["opening_zh"] and "{name}" in anna["opening_en"]


def test_a_measured_effect_replaces_the_assumption(shop, settings, at) -> None:
    rules = settings()
    effects = pd.DataFrame(
        [{"policy": "repurchase-1", "measured": True, "lift": 0.4, "low": 0.3, "high": 0.5, "contacted": 9000, "held": 500}]
    )
    assert lift_of(rules) == 0.2
    assert lift_of(rules, effects) == 0.4
    assert lift_of(rules, effects.assign(policy="retention-1")) == lift_of(rules, effects.assign(measured=False)) == 0.2
    assert lift_of(rules, effects.assign(lift=-0.1)) == 0.0
    assert _by_customer(next_steps(shop(), rules, at=at, effects=effects))["anna"]["uplift"] == pytest.approx(0.064)
    assert "20%" in assumption(rules).zh and "assumption" in assumption(rules).en
    assert "留出 500 人" in assumption(rules, effects).zh and "40%" in assumption(rules, effects).en


def test_a_share_is_held_back_at_random_all_period_long(crowd, settings, at) -> None:
    known, rules = crowd(1000), settings(holdout_share=0.05, capacity=1000)
    steps = next_steps(known, rules, at=at)
    assert 30 <= steps["holdout"].sum() <= 70
    assert set(steps["propensity"]) == {0.95}
    assert (steps["blocked"].eq("holdout") == steps["holdout"]).all()
    tomorrow = replace(known, predictions=known.predictions.assign(at_on=at + timedelta(days=1)))
    again = next_steps(tomorrow, rules, at=at + timedelta(days=1))
    assert set(again.loc[again["holdout"], "customer_id"]) == set(steps.loc[steps["holdout"], "customer_id"])


def test_the_list_of_each_owner_is_full_and_best_first(crowd, settings, at) -> None:
    steps = next_steps(crowd(300, owners=3), settings(capacity=20), at=at)
    listed = steps[steps["listed"]]
    assert listed.groupby("owner_id").size().to_dict() == {"r0": 20, "r1": 20, "r2": 20}
    best = set(steps.sort_values(["gain", "customer_id"], ascending=[False, True]).groupby("owner_id").head(20)["customer_id"])
    assert set(listed["customer_id"]) == best


def test_a_company_without_reps_has_one_pool(crowd, settings, at) -> None:
    steps = next_steps(crowd(40, owners=0), settings(capacity=7), at=at)
    assert (steps["listed"].sum(), set(steps["owner_id"])) == (7, {""})


def test_a_company_that_starts_with_leads_only_has_a_list(settings, at) -> None:
    leads = pd.DataFrame({"customer_id": ["a", "b", "c"], "since_on": [at - timedelta(days=day) for day in (9, 1, 5)]})
    known = Known(customers=leads, profile=pd.DataFrame({"customer_id": ["a", "b", "c"], "stage": "lead"}), predictions=pd.DataFrame())
    steps = next_steps(known, settings("conversion", capacity=2), at=at)
    assert steps["customer_id"].tolist() == ["b", "c", "a"]  # the newest first
    assert read_reasons(steps["reasons"][0])[0].zh == "登记至今 1 天，还没有下过单。"


def test_no_customers_no_list(settings, at) -> None:
    nobody = Known(customers=pd.DataFrame({"customer_id": []}), profile=pd.DataFrame({"customer_id": []}), predictions=pd.DataFrame())
    assert next_steps(nobody, settings(), at=at).columns.tolist() == list(table_named("next_step").names)


_SAID = st.lists(st.tuples(st.integers(0, 29), st.sampled_from(["phone", "sms", "any"]), st.booleans(), st.integers(0, 9)), max_size=12)


@tried(max_examples=8, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=_SAID, never=st.sets(st.integers(0, 29), max_size=5), capacity=st.integers(1, 12), seed=st.integers(0, 9))
def test_nobody_who_refused_is_listed_and_the_order_of_rows_does_not_matter(crowd, settings, at, said, never, capacity, seed) -> None:
    known = crowd(30, owners=2)
    consents = pd.DataFrame(
        [(f"k{who:05d}", channel, allowed, at - timedelta(days=ago)) for who, channel, allowed, ago in said],
        columns=["customer_id", "channel", "allowed", "since_on"],
    )
    known = replace(known, consents=consents)
    rules = settings(capacity=capacity, holdout_share=0.2, do_not_contact=tuple(f"k{who:05d}" for who in never))
    steps = next_steps(known, rules, at=at)
    listed = steps[steps["listed"]]
    assert listed.groupby("owner_id").size().max() <= capacity or listed.empty
    assert not listed["contact"].eq("refused").any()
    assert not set(listed["customer_id"]) & {f"k{who:05d}" for who in never}
    for customer in listed["customer_id"]:
        words = [(ago, allowed) for who, channel, allowed, ago in said if f"k{who:05d}" == customer and channel in ("phone", "any")]
        channel = listed.set_index("customer_id").loc[customer, "channel"]
        assert not words or min(words)[1] or channel != "phone"
    rng = np.random.default_rng(seed)
    shuffled = {field.name: getattr(known, field.name) for field in fields(Known)}
    shuffled = {name: frame.iloc[rng.permutation(len(frame))] for name, frame in shuffled.items()}
    pd.testing.assert_frame_equal(next_steps(Known(**shuffled), rules, at=at), steps)


def test_no_name_of_a_person_can_be_in_the_words(shop, settings, at) -> None:
    for row in next_steps(shop(), settings(), at=at).to_dict("records"):
        assert set(json.loads(row["reasons"])["slots"]) <= {"product", "category", "campaign", "days"}


def test_an_empty_shelf_vetoes_the_offer_and_says_so(shop, settings, at) -> None:
    goods = pd.DataFrame(
        [("bo", "milk", "repeat", 1, "", "")], columns=["customer_id", "product_id", "kind", "rank", "reason_zh", "reason_en"]
    )
    counts = [("milk", at - timedelta(days=9), 5.0), ("milk", at - timedelta(days=1), 0.0)]
    stock = pd.DataFrame(counts, columns=["product_id", "counted_on", "pieces"])
    full, empty = (
        next_steps(shop(recommendations=goods, stock=rows), settings(), at=at).set_index("customer_id") for rows in (stock.head(1), stock)
    )
    assert full["product_id"]["bo"] == "milk"
    assert "milk" not in set(empty["product_id"])
    asked = shop().predictions
    only = shop(recommendations=goods, stock=stock, predictions=asked[asked["customer_id"].ne("bo")])
    assert next_steps(only, settings(), at=at).set_index("customer_id")["blocked"]["bo"] == "sold_out"


def test_a_suspicion_vetoes_every_offer_and_says_so(shop, settings, at) -> None:
    steps = next_steps(shop(risks=pd.DataFrame({"customer_id": ["anna"]})), settings(), at=at).set_index("customer_id")
    assert (steps["listed"]["anna"], steps["blocked"]["anna"]) == (False, "risk")


def _with(known: Known, question: str, value: float, at) -> Known:
    told = {"customer_id": "anna", "question": question, "subject_id": "", "at_on": at, "value": value, "reasons": "{}"}
    return replace(known, predictions=pd.concat([known.predictions, pd.DataFrame([told])], ignore_index=True))


def test_who_does_not_listen_gains_less_from_a_call(shop, settings, at) -> None:
    half = _by_customer(next_steps(_with(shop(), "call_answer", 0.25, at), settings(), at=at))
    assert half["anna"]["uplift"] == pytest.approx(0.016)  # 0.032 at even odds
    assert half["bo"] == _by_customer(next_steps(shop(), settings(), at=at))["bo"]


def test_a_measured_effect_takes_the_place_of_the_assumed_one(shop, settings, at) -> None:
    moved = _by_customer(next_steps(_with(shop(), "uplift", 0.1, at), settings(), at=at))["anna"]
    assert (moved["action"], moved["uplift"]) == ("replenish", pytest.approx(0.1))
    put_off = _by_customer(next_steps(_with(shop(), "uplift", -0.1, at), settings(), at=at))["anna"]
    assert put_off["uplift"] < 0
    assert put_off["blocked"] == "no_gain"
