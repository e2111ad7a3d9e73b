"""Whom a company held back from its own campaigns was not contacted: a file of touches says so, and the whole house believes it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import opened
from till import TILL
from zhiyin.guard.access import OWNER, Access

pytestmark = pytest.mark.slow  # a run of its own

DAY = date(2026, 7, 1)
SETTINGS = (
    """
[contact]
holdout_share = 0.0
"""
    + TILL
    + """
[[source]]
name = "spring"
kind = "campaigns"
file = "campaigns.csv"
columns = { campaign = "活动编号", starts_at = "开始日期", ends_at = "结束日期" }

[[source]]
name = "mails"
system = "shop"
kind = "touches"
file = "touches.csv"
columns = { customer = "会员号", campaign = "活动编号", touched_at = "触达时间", holdout = "对照组", propensity = "选中概率", policy = "策略" }

[[source]]
name = "answers"
system = "shop"
kind = "outcomes"
file = "answers.csv"
columns = { customer = "会员号", campaign = "活动编号", outcome = "结果", happened_at = "时间" }
"""
)


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *rows])


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five members; on 28 June M0 and M1 got the mail, M2 and M3 were held back from it, M4 was not drawn. M0 and M2 bought after it."""
    folder = opened(tmp_path_factory.mktemp("mailed") / "shop", SETTINGS)
    bought = [[f"D{n}", f"M{n % 5}", f"P{n % 3}", "268.00", f"2026-0{1 + n // 2}-1{n % 9} 10:00"] for n in range(12)]
    write(folder / "orders.csv", "订单编号,会员号,商品编码,实付金额,付款时间", bought)
    write(folder / "campaigns.csv", "活动编号,开始日期,结束日期", [["K1", "2026-06-20", "2026-06-30"]])
    drawn = [["M0", "否"], ["M1", "实验组"], ["M2", "是"], ["M3", "对照组"]]
    write(
        folder / "touches.csv",
        "会员号,活动编号,触达时间,对照组,选中概率,策略",
        [[who, "K1", "2026-06-28", held, "50%", "春季邮件"] for who, held in drawn],
    )
    write(folder / "answers.csv", "会员号,活动编号,结果,时间", [["M0", "K1", "成交", "2026-06-29"], ["M2", "K1", "成交", "2026-06-29"]])
    with zhiyin.open(folder) as workspace:
        assert {one.source: one.refused for one in workspace.import_()} == {"till": 0, "spring": 0, "mails": 0, "answers": 0}
        workspace.run(DAY)
    return folder


def rows_of(folder: Path, table: str, purpose: str = "contact") -> list[dict[str, object]]:
    with zhiyin.open(folder) as workspace, workspace._guard() as guard:
        return guard.rows(table, Access(OWNER, purpose), where={})


def by_member(folder: Path, table: str, column: str) -> dict[str, object]:
    """The column of a table for each member, by the number that the shop gives."""
    with zhiyin.open(folder) as workspace:
        known = {str(workspace.customer(f"M{n}")["customer_id"]): f"M{n}" for n in range(5)}
    rows = [row for row in rows_of(folder, table) if row.get("at_on", DAY) == DAY]
    return {known[str(row["customer_id"])]: row[column] for row in rows}


def test_the_experiment_of_a_file_is_kept(mailed):
    told = sorted((row["holdout"], row["propensity"], row["policy"]) for row in rows_of(mailed, "touch"))
    assert told == [(False, 0.5, "春季邮件")] * 2 + [(True, 0.5, "春季邮件")] * 2


def test_who_was_held_back_has_received_nothing(mailed):
    assert by_member(mailed, "profile_at", "offers_received") == {"M0": 1, "M1": 1, "M2": 0, "M3": 0, "M4": 0}
    assert by_member(mailed, "profile_at", "offers_answered") == {"M0": 1, "M1": 0, "M2": 0, "M3": 0, "M4": 0}


def test_who_was_held_back_was_not_contacted_lately(mailed):
    blocked = by_member(mailed, "next_step", "blocked")
    assert {member for member, why in blocked.items() if why == "contacted_lately"} == {"M0", "M1", "M2"}  # M2 came by itself


def test_who_was_held_back_is_nobody_whom_a_campaign_reached(mailed):
    found = {row["variant"]: (row["value"], row["n"]) for row in rows_of(mailed, "scorecard") if row["metric"] == "campaign_conversion"}
    assert found == {"now": (0.5, 2)}


def test_a_draw_that_is_told_the_other_way_later_is_refused(mailed, tmp_path):
    folder = Path(shutil.copytree(mailed, tmp_path / "shop"))
    write(
        folder / "touches.csv",
        "会员号,活动编号,触达时间,对照组,选中概率,策略",
        [["M0", "K1", "2026-06-28", "是", "50%", "春季邮件"], ["M4", "K1", "2026-06-28", "是", "50%", "春季邮件"]],
    )
    with zhiyin.open(folder) as workspace:
        (done,) = workspace.import_("mails")
    assert (done.tables["touch"], dict(done.reasons)) == (1, {"id_conflict": 1})
