"""The demonstration, one day further: on the invented shop, so that it needs no data set."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journeys.shop import DAY


def test_the_next_day_comes_after_the_first(tmp_path, zhiyin_says):
    said = zhiyin_says("demo", "--next-day", "-w", tmp_path / "new")
    assert (said.code, said.out) == (2, "")
    assert "The demonstration has not begun." in said.err


@pytest.mark.slow
def test_one_day_further_the_list_has_changed_for_those_who_bought(another_shop, zhiyin_says):
    said = zhiyin_says("demo", "--next-day", "-w", another_shop, "--json")
    assert said.code == 0, said.err
    played = said.json()
    assert played["run"]["at"] == (DAY + timedelta(days=1)).isoformat()
    assert played["run"]["listed"] == len(played["today"])
    assert 0 < len(played["changed"]) <= played["run"]["customers"]
    assert played["report"].endswith(f"report-{DAY + timedelta(days=1)}.html")
    scores = {(score["subject"], score["metric"]) for score in played["run"]["scores"]}
    assert {("kpi", "repurchase_rate"), ("model", "auc")} <= scores
    assert [note for note in played["run"]["notes"] if "试验" in note["zh"]]
