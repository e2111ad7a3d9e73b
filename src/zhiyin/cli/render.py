"""How answers look to a person: tables and sentences, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from zhiyin.app.scores import HEADLINES, metric_words, question_words
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
    "audit", "demo", "field_rows", "findings", "imported", "models", "plain", "ran", "scorecard", "suggestion", "table_rows", "today",
]  # fmt: skip

_Row = Mapping[str, object]


def plain(door: Door, rows: Sequence[_Row]) -> None:
    """Rows as they are."""
    if rows:
        door.grid("", columns=", ".join(rows[0]), rows=[list(row.values()) for row in rows])


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
    rows = [(one.source, one.read, one.stored, one.duplicate, one.refused, _counted(one.reasons)) for one in loaded if not one.known]
    if rows:
        door.grid("导入/Import", columns="来源/Source, 读入/Read, 新增/New, 重复/Known, 拒收/Refused, 原因/Reasons", rows=rows)
    for one in loaded:
        if one.known:
            door.say(Say(f"{one.source}：内容没有变化，无需再导入。", f"{one.source}: nothing has changed since the last import."))
        if one.dropped:
            names = sorted(one.dropped)
            zh = f"{one.source}：没有声明的列不保存：{'、'.join(names)}。"
            door.say(Say(zh, f"{one.source}: columns that nobody declared are not kept: {', '.join(names)}."), style="dim")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: -item[1]))


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


def scorecard(door: Door, scores: Sequence[_Row]) -> None:
    """What a person looks at first; the rest stands in the report and in --json."""
    language = door.language
    rows = [
        (
            question_words(score).in_(language), metric_words(score).in_(language), score["at_on"], score["text"],
            _interval(score), score["baseline_text"], score["variant"],
        )
        for score in scores
        if score["metric"] in HEADLINES or score["subject"] in ("kpi", "list")
    ]  # fmt: skip
    if rows:
        columns = "问题/Question, 指标/Metric, 截止/As of, 结果/Figure, 95% 区间/95 % interval, 基线/Baseline, 方法/Chosen"
        door.grid("成绩单（同一时段，与简单方法并列）/Scorecard (same days, beside a simple method)", columns=columns, rows=rows)


def _interval(score: _Row) -> str:
    return "" if score["low"] is None else f"{float(str(score['low'])):.3f} - {float(str(score['high'])):.3f}"


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
            f"{row['rank']:>3}  {who}  {row['action_zh']} · {row['channel_zh']} · {row['contact_zh']} · 预期增益 {row['gain_text']}（成功机会 {chance}）",
            f"{row['rank']:>3}  {who}  {row['action_en']} · {row['channel_en']} · {row['contact_en']} · gain {row['gain_text']} (chance {chance})",
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


def models(door: Door, rows: Sequence[_Row]) -> None:
    """The models in use."""
    shown = [(question_words(row).in_(door.language), row["name"], row["at_on"], row["model_id"]) for row in rows]
    door.grid("正在使用的模型/Models in use", columns="问题/Question, 方法/Method, 截止/As of, 模型号/Model id", rows=shown)
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
