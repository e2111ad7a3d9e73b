"""The Python door: what it offers, whose day it is, and what it does before anything was loaded."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime

import pytest

import zhiyin
from zhiyin.app.home import create_home, open_home
from zhiyin.app.workspace import Workspace
from zhiyin.core.errors import NotFound, SettingsError, UsageError

METHODS = {
    "import_", "suggest", "run", "today", "customer", "explain", "recommend", "outcome", "report", "models", "check", "doctor", "audit",
    "last_day", "close",
}  # fmt: skip


def test_the_door_has_fifteen_handles_each_with_a_sentence():
    offered = {name for name, _ in inspect.getmembers(Workspace, inspect.isfunction) if name[0] != "_"}
    assert offered == METHODS
    assert len(offered) <= 15
    assert not [name for name in offered if not getattr(Workspace, name).__doc__]


def test_settings_may_be_given_at_the_door(tmp_path):
    create_home(tmp_path)
    assert zhiyin.open(tmp_path, goal="service")._home.settings.goal == "service"
    with pytest.raises(SettingsError, match=r"There is no such setting\. Got goals\."):
        zhiyin.open(tmp_path, goals="service")
    with pytest.raises(UsageError, match=r"There is no such user"):
        zhiyin.open(tmp_path, actor="zhou")


@pytest.mark.parametrize(
    "question",
    [
        lambda workspace: workspace.today(),
        lambda workspace: workspace.run("2026-11-21"),
        lambda workspace: workspace.explain("x"),
        lambda workspace: workspace.last_day(),
        lambda workspace: workspace.outcome("x", "bought"),
        lambda workspace: workspace.report(),
    ],
)
def test_before_anything_was_loaded_the_next_command_is_named(tmp_path, question):
    create_home(tmp_path)
    with zhiyin.open(tmp_path) as workspace, pytest.raises(NotFound, match=r"`zhiyin import`"):
        question(workspace)


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "2026-11-21"),
        ("America/New_York", datetime(2026, 11, 21, 3, 30, tzinfo=UTC), "2026-11-20"),
        ("UTC", datetime(2026, 11, 21, 3, 30, tzinfo=UTC), "2026-11-21"),
    ],
)
def test_an_outcome_without_a_day_is_of_today_where_the_workspace_counts_its_days(another_shop, zone, now, day):
    home = open_home(another_shop, timezone=zone)
    with Workspace(home, actor="wang", clock=lambda: now) as workspace:
        assert workspace.outcome("K5000", "no_need")["at"] == day


def test_where_the_settings_pin_the_day_an_outcome_without_one_is_of_that_day(another_shop):
    with Workspace(open_home(another_shop, as_of="2026-09-28"), actor="wang") as workspace:
        assert workspace.outcome("K5000", "no_need")["at"] == "2026-09-28"
        assert workspace.outcome("K5000", "no_need", at="2026-09-29")["at"] == "2026-09-29"


def test_the_day_of_the_last_list_is_known(shop):
    with zhiyin.open(shop) as workspace:
        assert workspace.last_day() == date(2026, 9, 28)


def test_recommendations_leave_out_what_is_hidden_or_sold_out(another_shop):
    with zhiyin.open(another_shop) as workspace:
        before = workspace.recommend("K5000", k=5)
        assert [row["rank"] for row in before if row["kind"] == before[0]["kind"]][:3] == [1, 2, 3]
        assert len(before) == 5
        assert all(row["product"] and row["reason_zh"] and row["reason_en"] for row in before)
        gone = [str(row["product_id"]) for row in before[:2]]
        header, *goods = (another_shop / "商品.csv").read_text("utf-8").splitlines()
        (another_shop / "商品.csv").write_text(
            "\n".join([header, *(f"{row[:-1]}是" if row.startswith(gone[0]) else row for row in goods)]), "utf-8"
        )
        (another_shop / "库存.csv").write_text(f"商品编码,件数,盘点日期\n{gone[1]},0,2026-09-20\n", "utf-8")
        workspace.import_()
        after = [str(row["product_id"]) for row in workspace.recommend("K5000", k=20)]
    assert len(after) > 5
    assert not set(gone) & set(after)
