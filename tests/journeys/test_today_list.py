"""From raw files to today's list: whom, about what, why, with what words; and who is left in peace."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import DAY, email_of, name_of, phone_of
from zhiyin.app.rows import Rows
from zhiyin.guard.access import OWNER, Access


@pytest.fixture(scope="module")
def steps(shop: Path) -> dict[str, dict[str, object]]:
    """Every next step, listed or not, by customer."""
    with zhiyin.open(shop) as workspace, workspace._guard() as guard:
        return {str(row["customer_id"]): row for row in guard.rows("next_step", Access(OWNER, "contact"), where={})}


@pytest.fixture(scope="module")
def today(shop: Path) -> Rows:
    with zhiyin.open(shop) as workspace:
        return workspace.today()


@pytest.fixture(scope="module")
def customers(shop: Path) -> dict[str, str]:
    """Member of the shop, by the name that the files gave -> customer id of the workspace."""
    with zhiyin.open(shop) as workspace:
        home = workspace._home
        with workspace._guard() as guard:
            found = {row["record_id"]: str(row["customer_id"]) for row in guard.rows("identity", Access(OWNER, "identity"), where={})}
        return {f"M{1000 + n}": found[home.vault.find("source_key", f"M{1000 + n}")[0]] for n in range(120)} | {
            f"K{5000 + n}": found[keys[0]] for n in range(132) if (keys := home.vault.find("source_key", f"K{5000 + n}"))
        }


def test_the_list_says_whom_what_why_and_how(today):
    assert len(today) >= 20
    for row in today:
        assert row["action_zh"]
        assert row["action_en"]
        assert len(row["reasons_zh"]) == len(row["reasons_en"]) == len(set(row["reasons_zh"])) == 3
        assert "您好" in row["opening_zh"]
        assert row["opening_en"].startswith("Hello")
        assert re.fullmatch(r"¥\d+\.\d\d", row["gain_text"])
        assert 0 < row["probability"] < 1
        words = [*row["reasons_zh"], *row["reasons_en"], row["opening_zh"], row["opening_en"]]
        assert not [sentence for sentence in words if "{" in sentence or "nan" in sentence.lower()]
        assert not [sentence for sentence in (*row["reasons_en"], row["opening_en"]) if re.search("[，。？！]", sentence)]


def test_the_list_is_ranked_by_gain_within_each_owner(today):
    for owner in {row["owner_id"] for row in today}:
        mine = [row for row in today if row["owner_id"] == owner]
        assert [row["rank"] for row in mine] == list(range(1, len(mine) + 1))
        assert [row["gain"] for row in mine] == sorted((row["gain"] for row in mine), reverse=True)
        assert mine[-1]["gain"] >= 0


def test_the_gain_is_uplift_times_margin_less_cost(today):
    for row in (row for row in today if row["question"]):
        assert row["gain"] == pytest.approx(row["uplift"] * row["margin"] - row["cost"])
        assert row["uplift"] == pytest.approx(0.2 * row["probability"] * (1 - row["probability"]))


def test_the_capacity_of_each_list_is_kept(today, steps):
    assert {"wang", "li", "zhao", ""} == {row["owner_id"] for row in today}
    assert max(Counter(row["owner_id"] for row in today).values()) == 8
    assert Counter(step["blocked"] for step in steps.values())["capacity"] > 0


def test_every_customer_stands_in_the_list_of_the_owner_that_the_files_name(steps, customers):
    owners = {0: "wang", 1: "li", 2: "zhao", 3: ""}
    assert [steps[customers[f"K{5000 + n}"]]["owner_id"] for n in range(8) if n != 4] == [owners[n % 4] for n in range(8) if n != 4]
    assert steps[customers["M1004"]]["owner_id"] == ""


def test_who_refused_is_not_listed(steps, customers, today):
    refused = {customers[f"K{5000 + n}"] for n in range(120) if n % 11 == 3 and n % 5 != 4}
    assert len(refused) == 9
    assert {steps[customer]["blocked"] for customer in refused} == {"refused"}
    assert not refused & {row["customer_id"] for row in today}


def test_who_was_contacted_lately_waits(shop, steps, customers):
    with zhiyin.open(shop) as workspace, workspace._guard() as guard:
        lately = guard.rows("touch", Access(OWNER, "contact"), where={})
    assert max(str(touch["touched_on"]) for touch in lately) < "2026-09-01"
    assert "contacted_lately" not in {step["blocked"] for step in steps.values()}


def test_consent_is_said_as_it_is_known(steps, customers):
    agreed, unknown = customers["K5001"], customers["M1004"]
    assert (steps[agreed]["contact"], steps[agreed]["channel"]) == ("allowed", "phone")
    assert steps[unknown]["contact"] == "unknown"  # the orders say nothing about consent
    by_sms = customers["K5006"]  # agreed to messages, said nothing about calls
    assert (steps[by_sms]["contact"], steps[by_sms]["channel"]) == ("allowed", "sms")


def test_a_random_share_is_held_back_and_takes_nobodys_place(steps, shop):
    held = [step for step in steps.values() if step["holdout"]]
    assert 0 < len(held) < 12
    assert {step["blocked"] for step in held} == {"holdout"}
    assert not [step for step in held if step["listed"] or step["rank"]]
    drawn = [step for step in steps.values() if step["listed"] or step["holdout"]]
    assert {step["propensity"] for step in drawn} == {0.85}
    with zhiyin.open(shop) as workspace:
        kept = workspace._home.journal.touches()
    assert {row["touch_id"] for row in kept if row["holdout"]} and len(kept) == len(drawn)
    assert {row["customer_id"] for row in kept if row["holdout"]} == {step["customer_id"] for step in held}
    assert {(row["policy"], row["propensity"], row["at"], row["by"]) for row in kept} == {("repurchase-1", 0.85, DAY.isoformat(), "list")}


def test_what_is_hidden_or_sold_out_is_not_offered(today, steps):
    gone = {f"P{n:03}" for n in range(30) if n % 10 in (4, 7)}
    offered = {step["product_id"] for step in steps.values() if step["product_id"]}
    assert len(offered) > 5
    assert not offered & gone


def test_identifiers_are_masked_for_the_owner_and_shown_to_the_rep(shop, today):
    masked = {row["name"] for row in today if row["name"]}
    assert masked
    assert all(re.fullmatch(r".\*\*", name) for name in masked)
    with zhiyin.open(shop, actor="wang") as workspace:
        mine = workspace.today()
    assert {row["name"] for row in mine} <= {name_of(n) for n in range(140)}
    assert all(row["name"] in row["opening_zh"] for row in mine)
    told = " ".join(str(row) for row in [*today, *mine])
    assert not [n for n in range(132) if phone_of(n) in told or email_of(n) in told]


def test_the_numbers_of_the_day_come_from_before_the_day(shop, customers):
    with zhiyin.open(shop) as workspace:
        profile = workspace.customer(customers["M1000"])["profile"]
    assert str(profile["last_order_on"]) < DAY.isoformat()
    assert profile["days_since_order"] == (DAY - profile["last_order_on"]).days
