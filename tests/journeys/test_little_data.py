"""Five customers and twelve orders: a list still comes, and says what is missing; all in the five lines of the README."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import zhiyin
from journeys.shop import opened
from zhiyin.app.run import Ran

pytestmark = pytest.mark.slow  # a run of its own

SETTINGS = """
[contact]
holdout_share = 0.0

[[source]]
name = "till"
file = "orders.csv"
columns = { customer = "会员号", order_id = "订单编号", product_id = "商品编码", amount = "实付金额", ordered_at = "付款时间" }
"""


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = opened(tmp_path_factory.mktemp("few") / "shop", SETTINGS)
    rows = [[f"D{n}", f"M{n % 5}", f"P{n % 3}", "268.00", f"2026-0{1 + n // 2}-1{n % 9} 10:00"] for n in range(12)]
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["订单编号", "会员号", "商品编码", "实付金额", "付款时间"], *rows])
    with zhiyin.open(folder) as workspace:
        (loaded,) = workspace.import_()
    assert (loaded.read, loaded.refused) == (12, 0)
    return folder


@pytest.fixture(scope="module")
def five_lines(few: Path) -> tuple[Ran, Mapping[str, object]]:
    workspace = zhiyin.open(few)
    ran = workspace.run(as_of="2026-07-01")
    first = workspace.today()[0]
    journey = workspace.explain(str(first["customer_id"]))
    workspace.close()
    return ran, journey


def test_a_list_still_comes(few, five_lines):
    with zhiyin.open(few) as workspace:
        today = workspace.today()
    assert len(today) == five_lines[0].listed == five_lines[0].customers == 5
    assert {len(row["reasons_zh"]) for row in today} == {3}
    assert {row["contact"] for row in today} == {"unknown"}  # nothing is invented
    assert {row["owner_id"] for row in today} == {""}
    assert list(today.frame()["rank"]) == [1, 2, 3, 4, 5]


def test_there_are_opening_words_without_names_of_products(few, five_lines):
    with zhiyin.open(few) as workspace:
        today = workspace.today()
    assert all("您好" in row["opening_zh"] and row["opening_en"].startswith("Hello") for row in today)
    assert {row["about"] for row in today} <= {"P0", "P1", "P2", ""}
    assert not [row for row in today if row["product_id"] and row["product_id"] in row["opening_zh"]]


def test_a_sentence_says_how_many_outcomes_are_missing(five_lines):
    zh, en = ("\n".join(say.in_(language) for say in five_lines[0].sentences) for language in ("zh", "en"))
    assert re.search(r"目前 \d+ 条结果；再有约 \d+ 条可用回归。", zh)
    assert re.search(r"[Aa]verage rate is used.* Outcomes so far: \d+; regression needs about \d+ more\.", en)


def test_the_five_lines_lead_to_the_first_of_the_list(five_lines):
    journey = five_lines[1]
    assert journey["profile"]["orders"] in (2, 3)
    assert (journey["next_step"][0]["rank"], journey["next_step"][0]["listed"]) == (1, True)


def test_the_report_of_little_data_opens(few, five_lines):
    with zhiyin.open(few) as workspace:
        page = workspace.report(language="en").read_text("utf-8")
    assert "whom to contact today" in page
    assert page.count("<tr>") >= 5
