"""The list as it is read: words filled, money as text, and who may do what."""

from __future__ import annotations

import pytest

import zhiyin
from zhiyin.act.goals import ACTIONS
from zhiyin.app.codes import CONTACT
from zhiyin.app.today import refuse_unless_owner
from zhiyin.core.errors import PrivacyError
from zhiyin.guard.access import OWNER, Actor


def test_only_the_owner_is_not_refused():
    refuse_unless_owner(OWNER)
    for role in ("rep", "lead", "manager", "marketer", "analyst", "admin", "auditor", "run"):
        with pytest.raises(PrivacyError, match=rf"Only the owner of the workspace may do this\. Got {role}\. Fix: Run it without --as\."):
            refuse_unless_owner(Actor("x", role))


def test_codes_stand_beside_their_words(shop):
    with zhiyin.open(shop) as workspace:
        for row in workspace.today():
            assert (row["action_zh"], row["action_en"]) == ACTIONS[row["action"]].words
            assert (row["contact_zh"], row["contact_en"]) == CONTACT[row["contact"]]
            assert row["channel"] in ("phone", "sms")


def test_each_model_stands_beside_its_baseline(shop):
    with zhiyin.open(shop) as workspace:
        rows = {row["question"]: row for row in workspace.models()}
    assert {"purchase", "churn", "spend_halves", "campaign_answer", "category_raise", "value", "segment"} <= set(rows)
    auc = [score for score in rows["purchase"]["scores"] if score["metric"] == "auc"]
    assert auc
    assert all(score["baseline_name"] == "baseline" and 0 <= score["baseline"] <= 1 for score in auc)


def test_reading_the_list_is_audited_with_the_customers_that_were_named(another_shop):
    with zhiyin.open(another_shop, actor="wang") as workspace:
        today = workspace.today()
        with workspace._guard() as guard:
            entries = [entry for entry in guard.audit.entries() if entry["actor"] == "wang"]
    asked = {(entry["action"], entry["table_name"]): entry for entry in entries}
    assert asked["rows", "next_step"]["predicate"] == "owner_id=wang listed"
    assert {entry["purpose"] for entry in entries if entry["table_name"] in ("next_step", "record")} == {"contact"}
    assert all(str(row["customer_id"]) in asked["shown_names", "record"]["predicate"] for row in today if row["name"])
