"""What a run answers, and when it refuses to begin."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

import zhiyin
from zhiyin.app.home import create_home, open_home
from zhiyin.app.run import Ran
from zhiyin.core.errors import NotFound, SettingsError, UsageError
from zhiyin.core.words import Say
from zhiyin.guard.access import OWNER, Access


def test_an_answer_is_plain_values():
    ran = Ran(date(2026, 11, 21), "g000002", 132, 32, [Say("好。", "Good.")], [{"value": 0.5}])
    assert json.loads(json.dumps(ran.answer())) == {
        "at": "2026-11-21", "snapshot": "g000002", "customers": 132, "listed": 32, "notes": [{"zh": "好。", "en": "Good."}],
        "scores": [{"value": 0.5}],
    }  # fmt: skip


def test_without_data_there_is_no_run(tmp_path):
    create_home(tmp_path)
    with zhiyin.open(tmp_path) as workspace, pytest.raises(NotFound, match=r"This workspace has no data yet.*Run `zhiyin import` first"):
        workspace.run()
    assert not (tmp_path / "ledger.db").exists()


def test_a_day_that_is_none_is_refused_before_anything_is_begun(another_shop):
    with zhiyin.open(another_shop) as workspace, pytest.raises(UsageError, match=r"This is not a day\. Got 2026-02-30\."):
        workspace.run("2026-02-30")


@pytest.mark.slow
def test_a_day_that_the_settings_say_is_the_day_of_the_list_and_is_told(another_shop):
    said = "This list is for 2026-09-29, because as_of in zhiyin.toml says so; without that line it is for today."
    with zhiyin.open(another_shop, as_of="2026-09-29") as workspace:
        ran = workspace.run()
        assert (ran.at, ran.sentences[0].en, ran.sentences[0].zh[:18]) == (date(2026, 9, 29), said, "这份名单是 2026-09-29 的")
        assert workspace.last_day() == date(2026, 9, 29)
        asked = workspace.run("2026-09-30")
    assert (asked.at, [say for say in asked.sentences if "as_of" in say.en]) == (date(2026, 9, 30), [])


def test_the_run_of_the_shop_is_written_down(shop):
    home = open_home(shop)
    last = home.journal.last_run()
    assert (last["as_of"], last["snapshot"], last["state"]) == ("2026-09-28", "g000002", "published")
    home.close()


def _scorecard(folder):
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        rows = guard.rows("scorecard", Access(OWNER, "measurement"), where={})
    return {tuple(row[name] for name in ("subject", "question", "metric", "variant", "at_on")): row["value"] for row in rows}


@pytest.mark.slow
def test_a_model_that_is_used_again_keeps_the_judgement_it_got(another_shop):
    day, models = date(2026, 9, 28), ("model", "recommendation")
    first = _scorecard(another_shop)
    with zhiyin.open(another_shop) as workspace:
        workspace.run(day + timedelta(days=1))
    second = _scorecard(another_shop)
    assert {key for key in second if key[0] in models} == {key for key in first if key[0] in models}
    assert all(second[key] == pytest.approx(first[key], nan_ok=True) for key in second if key[0] in models)
    assert {key[-1] for key in second if key[0] == "list"} == {day + timedelta(days=1)}
    with zhiyin.open(another_shop) as workspace:
        workspace.run(day + timedelta(days=1), refit=True)
    anew = {key[-1] for key in _scorecard(another_shop) if key[0] in models and key[3] == "model"}
    assert anew == {day + timedelta(days=1)}


@pytest.mark.slow
def test_a_model_chosen_by_name_is_used_and_judged_like_any_other(another_shop):
    with zhiyin.open(another_shop, learning={"models": {"purchase": "forest"}}) as workspace:
        workspace.run("2026-09-28")
        with workspace._guard() as guard:
            used = {row["question"]: row["name"] for row in guard.rows("model", Access(OWNER, "measurement"), where={})}
            judged = guard.rows("scorecard", Access(OWNER, "measurement"), where={"question": "purchase", "variant": "forest"})
        with pytest.raises(SettingsError, match="There is no such question"):
            zhiyin.open(another_shop, learning={"models": {"wins": "forest"}}).run("2026-09-28")
    assert used["purchase"] == "forest"
    assert used["churn"] != "forest"
    assert {row["metric"] for row in judged} >= {"auc", "ece", "precision_at_100"}
