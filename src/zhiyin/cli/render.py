"""How answers look to a person: tables and sentences, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.table import Table as Grid

from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES, table_named
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.demo import Played
    from zhiyin.app.intake import Imported
    from zhiyin.app.run import Ran
    from zhiyin.cli.door import Door
    from zhiyin.collect.mapping import Suggestion

__all__ = [
    "audit", "customer", "demo", "explain", "field_rows", "findings", "imported", "models", "plain", "ran", "suggestion", "table_rows", "today",
]  # fmt: skip

_Row = Mapping[str, object]


def grid(door: Door, title: Say, columns: Sequence[Say], rows: Iterable[Sequence[object]]) -> None:
    """One table."""
    table = Grid(title=title.in_(door.language), title_justify="left", header_style="bold", expand=False)
    for column in columns:
        table.add_column(column.in_(door.language), overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    door.console.print(table)


def plain(door: Door, rows: Sequence[_Row]) -> None:
    """Rows as they are."""
    if rows:
        grid(door, Say("", ""), [Say(name, name) for name in rows[0]], [list(row.values()) for row in rows])


def table_rows(name: str, language: Language) -> list[dict[str, object]]:
    """The tables, or the columns of one table."""
    if not name:
        return [
            {"table": table.name, "kind": table.kind, "key": ", ".join(table.key), "meaning": table.words.in_(language)}
            for table in TABLES.values()
        ]
    return [
        {
            "column": column.name,
            "type": column.type,
            "unit": column.unit,
            "sensitivity": column.sensitivity,
            "purposes": ", ".join(column.purposes),
            "meaning": column.words.in_(language),
        }
        for column in table_named(name).columns
    ]


def field_rows(kind: str, language: Language) -> list[dict[str, object]]:
    """The fields that a mapping can name, of one kind of file or of all."""
    kinds = {kind: KINDS[kind]} if kind in KINDS else KINDS
    return [
        {"kind": name, "field": field.name, "type": field.type, "needed": field.needed, "meaning": field.words.in_(language)}
        for name, fields in kinds.items()
        for field in fields.values()
    ]


def imported(door: Door, loaded: Sequence[Imported]) -> None:
    """What became of each source."""
    columns = [
        Say("来源", "Source"),
        Say("读入", "Read"),
        Say("新增", "New"),
        Say("重复", "Known"),
        Say("拒收", "Refused"),
        Say("原因", "Reasons"),
    ]
    rows = [
        (
            one.source,
            one.read,
            one.stored,
            one.duplicate,
            one.refused,
            ", ".join(f"{code} {count}" for code, count in one.reasons.most_common()),
        )
        for one in loaded
        if not one.known
    ]
    if rows:
        grid(door, Say("导入", "Import"), columns, rows)
    for one in loaded:
        if one.known:
            door.say(Say(f"{one.source}：内容没有变化，无需再导入。", f"{one.source}: nothing has changed since the last import."))
        if one.dropped:
            names = "、".join(sorted(one.dropped))
            door.say(
                Say(
                    f"{one.source}：没有声明的列不保存：{names}。",
                    f"{one.source}: columns that nobody declared are not kept: {', '.join(sorted(one.dropped))}.",
                ),
                style="dim",
            )


def suggestion(door: Door, proposal: Suggestion) -> None:
    """A proposed mapping."""
    door.say(Say("把下面这段放进 zhiyin.toml，再运行 `zhiyin import`：", "Put this into zhiyin.toml, then run `zhiyin import`:"))
    door.console.print(proposal.toml, markup=False, highlight=False, soft_wrap=True)
    for note in proposal.notes:
        door.say(note, style="dim")


def ran(door: Door, result: Ran) -> None:
    """What a run made."""
    for sentence in result.sentences:
        door.say(sentence)
    scorecard(door, result.scores)


# What a person looks at first; the rest stands in the report and in --json.
_HEADLINES = ("auc", "ece", "precision_at_100", "recall_at_10", "ndcg_at_10")


def scorecard(door: Door, scores: Sequence[_Row]) -> None:
    """Each question: the figure, its interval, the baseline's figure."""
    columns = [
        Say("问题", "Question"), Say("指标", "Metric"), Say("截止", "As of"), Say("结果", "Figure"), Say("95% 区间", "95 % interval"),
        Say("基线", "Baseline"), Say("方法", "Chosen"),
    ]  # fmt: skip
    rows = [
        (
            score["question"] or score["subject"],
            score["metric"],
            score["at_on"],
            _number(score["value"]),
            _interval(score),
            _number(score.get("baseline")),
            score["variant"],
        )
        for score in scores
        if score["metric"] in _HEADLINES or score["subject"] in ("kpi", "list")
    ]
    if rows:
        grid(door, Say("成绩单（同一时段、基线对比）", "Scorecard (same days, beside the baseline)"), columns, rows)


def today(door: Door, rows: Sequence[_Row]) -> None:
    """The list: a block a customer, as wide as the screen."""
    zh = door.language == "zh"
    if not rows:
        door.say(Say("今天没有要联系的客户。", "Nobody to contact today."))
        return
    door.say(Say("今天联系谁", "Whom to contact today"), style="bold")
    for row in rows:
        chance = f"{float(str(row['probability'])):.0%}"
        who = f"{row['customer_id']} {row['name']}".strip()
        head = Say(
            f"{row['rank']:>3}  {who}  {row['action_zh']} · {row['channel']} · {row['contact_zh']} · 预期增益 {row['gain_text']}（成功机会 {chance}）",
            f"{row['rank']:>3}  {who}  {row['action_en']} · {row['channel']} · {row['contact_en']} · gain {row['gain_text']} (chance {chance})",
        )
        door.say(head, style="bold cyan")
        for reason in cast("list[str]", row["reasons_zh" if zh else "reasons_en"]):
            door.say(Say(f"     · {reason}", f"     · {reason}"))
        door.say(Say(f"     “{row['opening_zh']}”", f"     “{row['opening_en']}”"), style="green")


def demo(door: Door, played: Played) -> None:
    """The list, the scorecard, the report."""
    today(door, played.today[:10])
    ran(door, played.ran)
    if played.changed:
        door.say(Say(f"名单有变化的客户：{len(played.changed)} 位。", f"Customers whose line has changed: {len(played.changed)}."))
    door.say(Say(f"报告：{played.report}", f"Report: {played.report}"), style="bold")
    door.say(
        Say(
            f"下一天：`zhiyin demo --next-day`；看一位客户：`zhiyin explain -w {played.folder} 客户号`",
            f"Next day: `zhiyin demo --next-day`; one customer: `zhiyin explain -w {played.folder} ID`",
        )
    )


def customer(door: Door, view: _Row) -> None:
    """One customer."""
    _pairs(door, Say("客户", "Customer"), {"customer_id": view["customer_id"], **cast("dict[str, object]", view["identifiers"])})
    _pairs(door, Say("画像", "Profile"), cast("dict[str, object]", view["profile"]))
    zh = door.language == "zh"
    segments = cast("list[_Row]", view["segments"])
    grid(
        door,
        Say("分群", "Segments"),
        [Say("方案", "Scheme"), Say("群", "Group"), Say("理由", "Why")],
        [(s["scheme"], s["name_zh" if zh else "name_en"], s["reason_zh" if zh else "reason_en"]) for s in segments],
    )
    _predictions(door, cast("list[_Row]", view["predictions"]))
    offers = cast("list[_Row]", view["recommendations"])[:10]
    grid(
        door,
        Say("推荐", "Recommendations"),
        [Say("类型", "Kind"), Say("商品", "Product"), Say("理由", "Why")],
        [(o["kind"], o["product"] or o["product_id"], o["reason_zh" if zh else "reason_en"]) for o in offers],
    )


def explain(door: Door, journey: _Row) -> None:
    """The signature page: each step of the journey in order."""
    records = cast("list[_Row]", journey["records"])
    grid(
        door,
        Say("1 来源行", "1 Source rows"),
        [Say("档案", "Record"), Say("来源", "Source"), Say("批次", "Import"), Say("行", "Row"), Say("首日", "Since")],
        [(r["record_id"], r["source"], r["batch_id"], r["source_row"], r["since_on"]) for r in records],
    )
    lines = cast("list[_Row]", journey["latest_lines"])
    grid(
        door,
        Say(f"  最近的订单行（共 {journey['order_lines']} 行）", f"  Latest order lines (of {journey['order_lines']})"),
        [Say("日期", "Day"), Say("订单行", "Line"), Say("金额（分）", "Amount (minor)"), Say("批次", "Import"), Say("行", "Row")],
        [(r["ordered_on"], r["line_id"], r["amount"], r["batch_id"], r["source_row"]) for r in lines],
    )
    merges = cast("list[_Row]", journey["merges"])
    grid(
        door,
        Say("2 身份", "2 Identity"),
        [Say("客户", "Customer"), Say("档案", "Record"), Say("依据", "Evidence")],
        [
            (journey["customer_id"], row["record_id"], _evidence(row, merges, door.language))
            for row in cast("list[_Row]", journey["identity"])
        ],
    )
    _pairs(door, Say("3 画像", "3 Profile"), cast("dict[str, object]", journey["profile"]))
    door.say(Say("4 预测与理由", "4 Predictions with reasons"), style="bold")
    _predictions(door, cast("list[_Row]", journey["predictions"]), parts=True)
    for step in cast("list[_Row]", journey["next_step"]):
        shown = (
            "action",
            "channel",
            "contact",
            "question",
            "subject_id",
            "product_id",
            "probability",
            "uplift",
            "margin",
            "cost",
            "gain",
            "rank",
            "listed",
            "holdout",
            "blocked",
        )
        _pairs(door, Say("5 下一步", "5 Next step"), {name: step[name] for name in shown})
    outcomes = cast("list[_Row]", journey["outcomes"])
    grid(
        door,
        Say("6 结果", "6 Outcomes"),
        [Say("日期", "Day"), Say("结果", "Outcome"), Say("活动", "Campaign")],
        [(o["happened_on"], o["kind"], o["campaign_id"]) for o in outcomes],
    )
    seen = cast("list[_Row]", journey["seen_by"])
    grid(
        door,
        Say("7 谁看过", "7 Who has seen it"),
        [Say("时间", "When"), Say("谁", "Who"), Say("目的", "Purpose"), Say("动作", "Action"), Say("表", "Table")],
        [(s["at"], s["actor"], s["purpose"], s["action"], s["table_name"]) for s in seen],
    )


def models(door: Door, rows: Sequence[_Row]) -> None:
    """The models in use."""
    columns = [Say("问题", "Question"), Say("方法", "Method"), Say("截止", "As of"), Say("模型号", "Model id")]
    grid(
        door,
        Say("正在使用的模型", "Models in use"),
        columns,
        [(row["question"], row["name"], row["at_on"], row["model_id"]) for row in rows],
    )
    scorecard(door, [score for row in rows for score in cast("list[_Row]", row["scores"])])


def findings(door: Door, rows: Sequence[_Row]) -> None:
    """Checks with a mark each."""
    for row in rows:
        mark = "✓" if row["ok"] else "✗"
        words = Say(f"{mark} {row['what_zh']} {row['fix_zh']}", f"{mark} {row['what_en']} {row['fix_en']}")
        door.say(words, style="" if row["ok"] else "red")


def audit(door: Door, verdict: _Row) -> None:
    """Whether the log is whole."""
    if verdict["ok"]:
        door.say(Say(f"审计记录完整，共 {verdict['entries']} 条。", f"The audit log is whole: {verdict['entries']} entries."))
    else:
        door.say(
            Say(f"审计记录在第 {verdict['broken_at']} 条被改动。", f"The audit log was changed at entry {verdict['broken_at']}."),
            style="red",
        )


def _predictions(door: Door, rows: Sequence[_Row], *, parts: bool = False) -> None:
    zh = door.language == "zh"
    for row in rows:
        reasons = cast("dict[str, Any]", row["reasons"])
        subject = f" {row['subject_id']}" if row["subject_id"] else ""
        door.say(Say(f"· {row['question']}{subject}：{_value(row)}", f"· {row['question']}{subject}: {_value(row)}"))
        for said in reasons["said"]:
            door.say(Say(f"    {said['zh']}", f"    {said['en']}"), style="dim")
        if parts and reasons["base"] is not None:
            total = float(reasons["total"])
            shown = " ".join(f"{part['amount']:+.3f} ({part['feature']})" for part in reasons["parts"] if abs(part["amount"]) >= 0.0005)
            sums = "合计" if zh else "sum"
            door.console.print(
                f"    {reasons['base']:+.3f} {'起点' if zh else 'base'} {shown} = {total:+.3f} {sums}",
                style="dim",
                highlight=False,
                markup=False,
            )


def _pairs(door: Door, title: Say, values: Mapping[str, object]) -> None:
    grid(
        door, title, [Say("项", "Field"), Say("值", "Value")], [(name, value) for name, value in values.items() if value not in (None, "")]
    )


def _evidence(row: _Row, merges: Sequence[_Row], language: Language) -> str:
    linked = [str(merge["evidence"]) for merge in merges if row["record_id"] in (merge["left_record"], merge["right_record"])]
    alone = Say("只有这一份档案", "the only record")
    return ", ".join(linked) or alone.in_(language)


def _value(row: _Row) -> str:
    low, value, high = (float(str(row[name])) for name in ("low", "value", "high"))
    if row["unit"] == "probability":
        return f"{value:.1%} ({low:.1%} - {high:.1%})"
    return f"{value / 100:,.2f} ({low / 100:,.2f} - {high / 100:,.2f})" if row["unit"] == "minor" else f"{value:,.1f}"


def _number(value: object) -> str:
    return "" if value is None else f"{float(str(value)):.3f}"


def _interval(score: _Row) -> str:
    return f"{_number(score['low'])} - {_number(score['high'])}" if score.get("low") is not None else ""
