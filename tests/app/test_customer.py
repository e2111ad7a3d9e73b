"""One customer as the actor may see it."""

from __future__ import annotations

import pytest

import zhiyin
from zhiyin.core.errors import UsageError


@pytest.fixture(scope="module")
def view(shop):
    with zhiyin.open(shop) as workspace:
        return workspace.customer("K5000")


def test_the_view_holds_all_that_is_known(view):
    assert set(view) == {"customer_id", "identifiers", "profile", "segments", "predictions", "recommendations", "next_step", "live"} | {
        "inferred", "bad_contacts",
    }  # fmt: skip
    assert {row["scheme"] for row in view["segments"]} == {"lifecycle", "rfm", "behaviour", "loyalty"}
    assert all(row["since_on"] for row in view["segments"])
    assert all(row["name_zh"] and row["name_en"] and row["reason_zh"] for row in view["segments"])
    assert view["profile"]["interests"][0]["category"] in ("粮油", "乳品")
    assert view["profile"]["attributes"] == {"city": {"value": "杭州", "source": "crm"}}
    assert {row["kind"] for row in view["recommendations"]} <= {"repeat", "new"}


def test_offers_bought_before_stand_before_new_ones(view):
    kinds = [row["kind"] for row in view["recommendations"]]
    assert kinds == sorted(kinds, key=lambda kind: kind != "repeat")


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_revealed_without_a_reason(shop, reason):
    with zhiyin.open(shop) as workspace, pytest.raises(UsageError, match=r"Revealing needs a reason.*--reason"):
        workspace.customer("K5000", reveal=True, reason=reason)
