"""How answers look to a person: tables and sentences, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, cast

from zhiyin.app.rows import Rows
from zhiyin.app.scores import HEADLINES, metric_words, question_words, variant_words
from zhiyin.core.errors import NotFound, listed
from zhiyin.core.fields import KINDS
from zhiyin.core.tables import TABLES, table_named
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from pathlib import Path

    from zhiyin.app.adopt import Loaded
    from zhiyin.app.demo import Played
    from zhiyin.app.intake import Imported
    from zhiyin.app.recipes.sandbox import Invented
    from zhiyin.app.recipes.strategy import Tried
    from zhiyin.app.recipes.truth import Scored
    from zhiyin.app.run import Ran
    from zhiyin.cli.door import Door
    from zhiyin.collect.mapping import Suggestion

__all__ = [
    "against_truth", "audit", "demo", "field_rows", "findings", "imported", "invented", "loaded", "plain", "ran", "scorecard", "suggestion",
    "table_rows", "today", "tried",
]  # fmt: skip

_Row = Mapping[str, object]
_WIDE = 48  # signs of a picture in the terminal
NOTHING_TO_DO = "Nothing to do."  # what `doctor` answers where all is well: no news for a person


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
    """The fields that a mapping can name, of one kind of file or of all.

    Raises:
        NotFound: when there is no such kind; lists those that exist.
    """
    if kind and kind not in KINDS:
        known = listed(KINDS, most=99)
        raise NotFound(
            Say("没有这一类文件。", "There is no such kind of file."),
            got=kind,
            fix=Say(f"使用其中之一：{known}。", f"Use one of {known}."),
        )
    kinds = {kind: KINDS[kind]} if kind else KINDS
    return [
        {"kind": name, "field": field.name, "type": field.type, "needed": field.needed, "meaning": field.words.in_(language)}
        for name, fields in kinds.items()
        for field in fields.values()
    ]


def imported(door: Door, done: Sequence[Imported]) -> None:
    """What became of each source, and why rows were refused."""
    rows = [(one.source, f"{one.read:,}", *_kept(one), f"{one.refused:,}") for one in done if not one.known]
    if rows:
        door.grid("导入/Import", columns="来源/Source, 读入行/Rows read, 新增/New, 已有/Known, 拒收/Refused", rows=rows)
    for one in done:
        if one.known:
            door.say(Say(f"{one.source}：内容没有变化，无需再导入。", f"{one.source}: nothing has changed since the last import."))
        elif not one.read:
            door.say(Say(f"{one.source}：文件里没有数据行。", f"{one.source}: the file has no row of data."), style="red")
        for code, count in one.reasons.most_common():
            why = one.said[code]
            zh = f"{one.source}：拒收 {count:,} 行（如第 {why['row']} 行）：{why['zh']}"
            en = f"{one.source}: {count:,} {'row' if count == 1 else 'rows'} refused (row {why['row']}, for one): {why['en']}"
            door.say(Say(zh, en), style="yellow", indent=2)
        if one.dropped:
            names = listed(sorted(one.dropped))
            zh = f"{one.source}：没有声明的列不保存：{names}。"
            door.say(Say(zh, f"{one.source}: columns that nobody declared are not kept: {names}."), style="dim", indent=2)


def loaded(door: Door, done: Loaded) -> None:
    """What became of each source, and of a folder also which files were left alone."""
    imported(door, done)
    adopted = done.adopted
    if adopted is None:
        return
    if adopted.new:
        names = listed(adopted.new, most=99)
        door.say(Say(f"已写进 zhiyin.toml 的来源：{names}。", f"Sources written into zhiyin.toml: {names}."))
    for note in adopted.notes:
        door.say(note, style="yellow")
    if adopted.left:
        door.say(Say("没有导入的文件：", "Files that were left alone:"))
    for one in adopted.left:
        door.say(Say(f"{one.file}：{one.why.zh}", f"{one.file}: {one.why.en}"), style="dim", indent=2)


# What a row of a file is: the first of these tables that it was stored in. The others only say more about whom or what it names.
_ROWS_OF = ("order_line", "event", "touch", "outcome", "offer", "campaign", "stock", "product", "record")


def _kept(one: Imported) -> tuple[str, str]:
    """How many of the rows of a source were new and how many known; of customers and products each batch speaks again."""
    table = next((name for name in _ROWS_OF if name in one.tables), "")
    new = one.tables[table]
    return f"{new:,}", f"{max(one.read - one.refused - new, 0):,}"


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
            _interval(score), score["baseline_text"], variant_words(score["variant"]).in_(language),
        )
        for score in scores
        if score["metric"] in HEADLINES or score["subject"] in ("kpi", "list")
    ]  # fmt: skip
    if rows:
        columns = "问题/Question, 指标/Metric, 截止/As of, 结果/Figure, 95% 区间/95 % interval, 基线/Baseline, 方法/Chosen"
        door.grid("成绩单（同一时段，与简单方法并列）/Scorecard (same days, beside a simple method)", columns=columns, rows=rows)


def _interval(score: _Row) -> str:
    return "" if score["low"] is None else f"{float(str(score['low'])):.3f} - {float(str(score['high'])):.3f}"


def today(door: Door, rows: Rows, *, more: bool = False) -> None:
    """The list: a block a customer, as wide as the screen.

    Args:
        door: where it is shown.
        rows: the list, or a part of it.
        more: whether there are customers below.
    """
    if not rows:
        door.say(Say("今天没有要联系的客户。", "Nobody to contact today."))
    else:
        day = rows[0]["at_on"]
        door.say(Say(f"今天联系谁（{day} 的名单）", f"Whom to contact today (list of {day})"), style="bold")
    for row in rows:
        _contact(door, row)
    for note in rows.notes:
        door.say(note, indent=2)
    if more:
        door.say(Say("下面还有；`zhiyin today -n 0` 列出全部。", "There are more; `zhiyin today -n 0` lists them all."), style="dim")
    for how_on in _HOW_ON if rows else ():
        door.say(how_on, style="dim", indent=2)


_HOW_ON = (
    Say("为什么：`zhiyin explain 客户号`", "Why: `zhiyin explain ID`"),
    Say(
        "联系方式：`zhiyin customer 客户号 --reveal --reason 今日名单`",
        'Phone and name: `zhiyin customer ID --reveal --reason "today\'s list"`',
    ),
    Say("记录结果：`zhiyin outcome 客户号 bought`", "What came of it: `zhiyin outcome ID bought`"),
)


def _contact(door: Door, row: _Row) -> None:
    """One customer of the list: who, what to do, why, and how to begin."""
    tongue = door.language
    chance = f"{float(str(row['probability'])):.0%}"
    who = f"{row['rank']:>3}  {row['customer_id']} {row['name']}".rstrip()
    about = Say(f"：{row['about']}", f": {row['about']}").in_(tongue) if row["about"] else ""
    how = f"{row[f'action_{tongue}']}{about} · {row[f'channel_{tongue}']} · {row[f'contact_{tongue}']}"
    gain = Say(f"预期增益 {row['gain_text']}（成功机会 {chance}）", f"gain {row['gain_text']} (chance {chance})").in_(tongue)
    door.say(Say(*[f"{who}  {how} · {gain}"] * 2), style="bold cyan", indent=5)
    for reason in cast("list[str]", row[f"reasons_{tongue}"]):
        door.say(Say(*[f"     · {reason}"] * 2), indent=7)
    door.say(Say(*[f"     “{row[f'opening_{tongue}']}”"] * 2), style="green", indent=7)


def demo(door: Door, played: Played) -> None:
    """The list, the scorecard, the report."""
    today(door, Rows(played.today[:10]), more=len(played.today) > 10)
    ran(door, played.ran)
    if played.changed:
        door.say(Say(f"名单有变化的客户：{len(played.changed)} 位。", f"Customers whose line has changed: {len(played.changed)}."))
    door.say(Say(f"报告：{played.report}", f"Report: {played.report}"), style="bold")
    one = Say(f"看一位客户：`zhiyin explain -w {played.folder} 客户号`", f"one customer: `zhiyin explain -w {played.folder} ID`")
    then = Say("下一天：`zhiyin demo --next-day`", "Next day: `zhiyin demo --next-day`")
    if played.truth:
        compare = f"`zhiyin score -w {played.folder} --truth {played.truth}`"
        then = Say(f"与真相相比：{compare}", f"Against the truth: {compare}")
    door.say(Say(f"{then.zh}；{one.zh}", f"{then.en}; {one.en}"))


def findings(door: Door, rows: Sequence[_Row]) -> None:
    """Checks with a mark each."""
    for row in rows:
        mark = "✓" if row["ok"] else "✗"
        fix = {tongue: "" if row["ok"] and row["fix_en"] == NOTHING_TO_DO else row[f"fix_{tongue}"] for tongue in ("zh", "en")}
        words = Say(f"{mark} {row['what_zh']} {fix['zh']}".rstrip(), f"{mark} {row['what_en']} {fix['en']}".rstrip())
        door.say(words, style="" if row["ok"] else "red", indent=2)


def audit(door: Door, verdict: _Row) -> None:
    """Whether the log is whole."""
    if verdict["ok"]:
        door.say(Say(f"审计记录完整，共 {verdict['entries']} 条。", f"The audit log is whole: {verdict['entries']} entries."))
    else:
        door.say(
            Say(f"审计记录在第 {verdict['broken_at']} 条被改动。", f"The audit log was changed at entry {verdict['broken_at']}."),
            style="red",
        )


MOST_DIFFERENCES = 12  # business figures listed below the table; --json has all


def against_truth(door: Door, scored: Scored) -> None:
    """Every figure beside its baseline, then each in a sentence."""
    tongue = door.language
    rows = [
        (
            row[f"subject_{tongue}"], row[f"measure_{tongue}"], row["text"] or "-", row["interval_text"],
            f"{row['baseline_text']} {row[f'baseline_{tongue}']}" if row["baseline_text"] else "", f"{row['n']:,}",
        )
        for row in scored.rows
    ]  # fmt: skip
    columns = "对象/Subject, 指标/Measure, 结果/Figure, 95% 区间/95 % interval, 简单办法/Simple way, 数量/n"
    door.grid("与真相相比/Against the truth", columns=columns, rows=rows)
    for row in scored.rows:
        door.say(Say(f"· {row['subject_zh']}：{row['sentence_zh']}", f"· {row['subject_en']}: {row['sentence_en']}"), indent=2)
    if scored.differences:
        from zhiyin.app.recipes.truth_words import kpi_words

        numbers = ("ours", "books", "difference")
        shown = [
            (row["month"], row["system"], kpi_words(row["kpi"]).in_(tongue), *(f"{row[name]:,.2f}".removesuffix(".00") for name in numbers))
            for row in scored.differences[:MOST_DIFFERENCES]
        ]
        heads = "月份/Month, 系统/System, 数字/Figure, 工作区/Workspace, 账本/Books, 相差/Difference"
        door.grid("与账本不同的数字/Figures that differ from the books", columns=heads, rows=shown)
        if (rest := len(scored.differences) - len(shown)) > 0:
            door.say(Say(f"还有 {rest} 个；`--json` 列出全部。", f"{rest} more; `--json` lists them all."), style="dim")
    for note in scored.notes:
        door.say(note, style="yellow", indent=2)


def invented(door: Door, made: Invented) -> None:
    """The files of an invented company, and what to do with them."""
    rows = [(name, f"{count:,}") for name, count in made.rows.items() if "/" not in name and count]
    door.grid("导出文件/Exports", columns="文件/File, 行数/Rows", rows=rows)
    company = f"{made.plan.customers:,}", f"{made.plan.days}", f"{made.bytes / 1e6:,.1f}"
    door.say(
        Say(
            f"虚构公司写好了：{company[0]} 位客户，{company[1]} 天，{company[2]} MB；真相在 truth 文件夹，导入时不读。",
            f"The invented company is written: {company[0]} customers, {company[1]} days, {company[2]} MB; no import reads the folder truth.",
        )
    )
    door.say(Say(f"接着：`zhiyin init`，`zhiyin import {made.folder}`。", f"Next: `zhiyin init`, `zhiyin import {made.folder}`."))


def tried(door: Door, result: Tried, *, picture: Path) -> None:
    """The strategies beside each other, as a table and as dots with their intervals."""
    from zhiyin.app.recipes.strategy import NOTHING
    from zhiyin.app.recipes.strategy_words import HEADS, about, rows, sentences

    shown = rows(result, door.language)
    door.say(about(result))
    door.grid("联系谁更值/Whom it pays to contact", columns=", ".join(f"{head.zh}/{head.en}" for head in HEADS), rows=shown)
    gains = {row[0]: way.gain for row, way in zip(shown, result.ways, strict=True) if way.name != NOTHING}
    ends = [end for gain in gains.values() for end in (gain.mean, gain.low, gain.high, 0.0) if isfinite(end)]
    least, most = min(ends, default=0.0), max(ends, default=1.0)
    for name, gain in gains.items():
        drawn = _dot(gain.mean, ends=(gain.low, gain.high), least=least, most=most)
        door.console.print(f"  {drawn}  {name}", highlight=False, markup=False, soft_wrap=True)
    for sentence in sentences(result):
        door.say(Say(f"· {sentence.zh}", f"· {sentence.en}"), indent=2)
    door.say(Say(f"图：{picture}", f"Picture: {picture}"))


def _dot(mean: float, *, ends: tuple[float, float], least: float, most: float) -> str:
    """A figure and its interval on a line of `_WIDE` signs, with a bar at zero."""

    def at(value: float) -> int:
        return round((min(max(value, least), most) - least) / ((most - least) or 1.0) * (_WIDE - 1))

    line = [" "] * _WIDE
    line[at(0.0)] = "│"
    for place in range(at(ends[0]), at(ends[1]) + 1):
        line[place] = "─"
    line[at(mean)] = "●"
    return "".join(line)
