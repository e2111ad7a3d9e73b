"""What would change the chances of a customer of the shop."""

from __future__ import annotations

import shutil

import zhiyin


def test_each_change_is_said_in_both_languages_and_goes_the_wanted_way(shop):
    with zhiyin.open(shop) as workspace:
        pages = [workspace.explain(str(row["customer_id"]), changes=True) for row in workspace.today()]
        assert "changes" not in workspace.explain(str(workspace.today(limit=1)[0]["customer_id"]))
    found = [change for page in pages for change in page["changes"]]
    assert found
    for change in found:
        down = change["question"] in ("churn", "spend_halves")
        assert (change["after"] < change["before"]) == down
        assert "如果「" in change["text_zh"]
        assert change["text_en"].startswith("If ")


def test_where_the_models_are_gone_nothing_is_said(another_shop):
    shutil.rmtree(another_shop / "models")
    with zhiyin.open(another_shop) as workspace:
        assert workspace.explain(str(workspace.today(limit=1)[0]["customer_id"]), changes=True)["changes"] == []


def test_the_topics_of_a_page_make_its_sum(shop):
    with zhiyin.open(shop) as workspace:
        page = workspace.explain(str(workspace.today(limit=1)[0]["customer_id"]))
    for row in page["predictions"]:
        reasons = row["reasons"]
        if reasons["topics"]:
            assert abs(reasons["base"] + sum(part["amount"] for part in reasons["topics"]) - reasons["total"]) < 1e-9
