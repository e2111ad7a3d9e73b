"""Is everything sound, and are the data good enough?"""

from __future__ import annotations

import pytest

import zhiyin
from zhiyin.app.home import create_home
from zhiyin.guard.access import OWNER, Access


@pytest.mark.parametrize(
    ("goal", "needs"),
    [
        ("conversion", {"goal.event", "goal.touch"}),
        ("repurchase", {"goal.order_line", "goal.product"}),
        ("retention", {"goal.order_line"}),
        ("service", {"goal.order_line", "goal.outcome"}),
    ],
)
def test_each_goal_has_its_needs(shop, goal, needs):
    with zhiyin.open(shop, goal=goal) as workspace:
        rows = workspace.check()
    assert {row["name"] for row in rows if row["name"].startswith("goal.")} == needs
    assert all(row["ok"] for row in rows)


def test_each_import_says_what_became_of_it(shop):
    with zhiyin.open(shop) as workspace:
        rows = {row["name"]: row for row in workspace.check()}
    assert {name for name in rows if name.startswith("source.")} == {
        f"source.{name}" for name in ("cards", "till", "goods", "stock", "campaigns", "offers", "touches", "answers", "clicks")
    }
    assert rows["source.stock"]["what_en"].endswith("30 rows read, 0 refused (0.0%).")


def test_the_quality_of_each_source_is_told(shop):
    with zhiyin.open(shop) as workspace:
        rows = {row["name"]: row for row in workspace.check()}
    lines = rows["quality.till.order_line"]
    with zhiyin.open(shop) as workspace, workspace._guard() as guard:
        count = guard.count("order_line", Access(OWNER, "measurement"), where={})
    assert lines["what_zh"].startswith(f"till 的订单行：{count:,} 行；最后一天在导入前 ")
    assert lines["what_en"].startswith(f"till, order line: {count:,} rows; the last day was ")
    assert "can be reached" in rows["quality.cards.record"]["what_en"]


def test_what_is_missing_and_what_is_bad_is_told_with_what_to_do(tmp_path):
    source = '[[source]]\nname = "s"\nkind = "products"\nfile = "p.csv"\ncolumns = { product_id = "p", price = "c" }\n'
    create_home(tmp_path, template='goal = "conversion"\n' + source)
    (tmp_path / "p.csv").write_text("p,c\nP1,1\nP2,x\nP3,y\n")
    with zhiyin.open(tmp_path) as workspace:
        workspace.import_()
        rows = {row["name"]: row for row in workspace.check()}
    assert not any(row["ok"] for name, row in rows.items() if not name.startswith("quality."))
    assert rows["goal.event"]["what_en"] == "Without visits there is no conversion rate from visit to order."
    assert rows["goal.event"]["fix_en"] == "Add a source to zhiyin.toml."
    assert "2 refused (66.7%)" in rows["source.s"]["what_en"]
    assert "标价" in rows["source.s"]["fix_zh"]
    assert "3" in rows["source.s"]["fix_en"]  # the row of the file


def test_the_doctor_needs_no_data(tmp_path):
    create_home(tmp_path)
    with zhiyin.open(tmp_path) as workspace:
        rows = workspace.doctor()
    assert all(row["ok"] for row in rows)
    assert {"sqlite", "duckdb", "key_file", "right_key", "space", "left_overs"} <= {row["name"] for row in rows}
