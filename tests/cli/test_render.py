"""Answers as tables and sentences."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from zhiyin.app.adopt import Adopted, Loaded
from zhiyin.app.exports import Left
from zhiyin.app.intake import Imported
from zhiyin.app.recipes.truth import Scored
from zhiyin.app.recipes.truth_words import told
from zhiyin.cli import render
from zhiyin.cli.door import Door
from zhiyin.core.errors import NotFound
from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.improve.truth import Judged
from zhiyin.learn.card import Interval


@pytest.fixture(params=["zh", "en"])
def door(request):
    return Door(None, request.param, None, False, console=Console(file=io.StringIO(), width=120), errors=Console(file=io.StringIO()))


def shown(door):
    return door.console.file.getvalue()


def test_what_became_of_each_source(door):
    new = Imported("till", "b1", read=1012, stored=1500, duplicate=700, refused=1)
    new.tables.update(record=500, product=7, order_line=1002)
    new.reasons["bad_time"], new.said["bad_time"] = 1, {"row": 7, "zh": "日期看不懂。", "en": "This is not a day."}
    new.dropped["备注"] = 12
    render.imported(door, [new, Imported("cards", "b2", known=True)])
    page = shown(door)
    assert all(text in page for text in ("till", "1,012", "1,002", " 9 ", "备注"))
    assert (
        "拒收 1 行（如第 7 行）：日期看不懂。" if door.language == "zh" else "1 row refused (row 7, for one): This is not a day."
    ) in page
    zh = door.language == "zh"
    assert ("cards：内容没有变化，无需再导入。" if zh else "cards: nothing has changed since the last import.") in page
    assert ("日期看不懂。" if zh else "This is not a day.") in page
    assert ("没有声明的列不保存" if zh else "columns that nobody declared are not kept") in page


def test_what_became_of_a_folder(door):
    left = (Left("聊天.mbox", Say("没有读。", "Not read.")),)
    adopted = Adopted("out", ("till", "cards"), new=("cards",), left=left, notes=(Say("请注意。", "Mind this."),))
    render.loaded(door, Loaded([Imported("till", "b1", known=True)], adopted=adopted))
    page = shown(door)
    if door.language == "zh":
        said = ["till：内容没有变化", "已写进 zhiyin.toml 的来源：cards。", "请注意。", "没有导入的文件：", "聊天.mbox：没有读。"]
    else:
        said = [
            "till: nothing has",
            "Sources written into zhiyin.toml: cards.",
            "Mind this.",
            "Files that were left alone:",
            "聊天.mbox: Not read.",
        ]
    assert sorted(said, key=page.index) == said


def test_without_a_folder_nothing_is_said_of_files(door):
    render.loaded(door, Loaded([Imported("till", "b1", known=True)]))
    assert ("没有导入的文件" in shown(door), "left alone" in shown(door)) == (False, False)


def test_findings_have_a_mark_each(door):
    rows = [
        {"ok": True, "what_zh": "好。", "what_en": "Fine.", "fix_zh": "", "fix_en": ""},
        {"ok": False, "what_zh": "坏。", "what_en": "Broken.", "fix_zh": "修。", "fix_en": "Mend it."},
    ]
    render.findings(door, rows)
    lines = [line.strip() for line in shown(door).splitlines()]
    assert lines == (["✓ 好。", "✗ 坏。 修。"] if door.language == "zh" else ["✓ Fine.", "✗ Broken. Mend it."])


def test_the_state_of_the_audit_log(door):
    render.audit(door, {"ok": True, "entries": 7, "broken_at": 0})
    render.audit(door, {"ok": False, "entries": 3, "broken_at": 4})
    whole, broken = shown(door).strip().splitlines()
    assert "7" in whole
    assert "4" in broken


def test_only_the_headlines_of_the_scorecard_are_shown(door):
    row = {
        "subject": "model", "question": "purchase", "metric": "auc", "at_on": "2026-09-28", "variant": "logistic", "value": 0.81, "low": 0.7,
        "high": 0.9, "text": "0.810", "baseline_text": "0.750",
    }  # fmt: skip
    render.scorecard(
        door,
        [
            row,
            {**row, "metric": "log_loss", "text": "0.444"},
            {**row, "subject": "kpi", "question": "", "metric": "churn_rate", "low": None},
        ],
    )
    page = shown(door)
    assert "0.810" in page
    assert "0.700 - 0.900" in page
    assert "0.444" not in page
    assert ("流失率" if door.language == "zh" else "churn rate") in page


def test_an_empty_scorecard_is_no_table(door):
    render.scorecard(door, [])
    render.plain(door, [])
    assert shown(door) == ""


def test_tables_and_fields_come_from_the_vocabulary():
    assert [row["table"] for row in render.table_rows("", "zh")] == list(TABLES)
    assert [row["column"] for row in render.table_rows("touch", "en")] == list(TABLES["touch"].names)
    assert render.table_rows("touch", "zh")[0]["meaning"] != render.table_rows("touch", "en")[0]["meaning"]
    assert {row["kind"] for row in render.field_rows("", "zh")} == set(KINDS)
    assert [row["field"] for row in render.field_rows("stock", "en")] == list(KINDS["stock"])
    with pytest.raises(NotFound, match=r"There is no such kind of file\. Got order_line\. Fix: Use one of orders, "):
        render.field_rows("order_line", "en")
    with pytest.raises(NotFound, match=r"There is no such table\. Got orders\."):
        render.table_rows("orders", "zh")


def test_scores_against_the_truth_are_a_table_with_sentences(door):
    found = told(Judged("identity", "pair_f1", Interval(0.9, 0.8, 0.95), baseline=0.0, against="no_linking", n=1_200, more={"pairs": 3}))
    row = {"month": "2026-10", "system": "shop", "kpi": "revenue_cny", "ours": 1200.5, "books": 1200.0, "difference": 0.5}
    warned = Say("名单是另一天的。", "The list is of another day.")
    more = {"planted": 4, "suspected": 5, "right": 3}
    fraud = Judged("fraud", "order_precision", Interval(0.75, 0.5, 1.0), baseline=0.25, against="amount", n=90, more=more)
    scored = Scored(date(2026, 11, 2), "g000002", "saas", 7, [found, told(fraud)], [row] * 14, [warned])
    render.against_truth(door, scored)
    page = shown(door)
    assert all(text in page for text in ("90.0%", "80.0% .. 95.0%", "1,200", "1,200.50", "0.50"))
    zh = door.language == "zh"
    assert all(
        text in page
        for text in (("不合并", "埋了 4 笔", "收入（元）", "还有 2 个") if zh else ("no linking", "Planted: 4", "(yuan)", "2 more"))
    )
    assert warned.in_(door.language) in page
