"""Segments on the command line: list, count, add, rename, remove, show, words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from zhiyin.app.codes import words_of
from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say
from zhiyin.guard.access import Actor

if TYPE_CHECKING:
    from zhiyin.app.reading import Generation

__all__ = ["register"]

own = typer.Typer(help="Groups of customers by rules, with live counts. 按规则分群，随时数人数。")
_Row = Mapping[str, Any]
_Rule = Annotated[
    str,
    typer.Argument(
        help="""For example 'spend >= 5000 and city in ("Shanghai", "Hangzhou")'. 规则，例如 "消费额 >= 5000 且 stage = lost"。"""
    ),
]
_Name = Annotated[str, typer.Argument(help="Name or id of a segment. 分群的名字或编号。")]
_FEW = Say("（人太少，不显示）", "(too few to be shown)")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(own, name="segments")


@contextmanager
def _open(door: Door) -> Iterator[tuple[Any, Generation, Actor]]:
    from zhiyin.app.reading import Generation, published
    from zhiyin.core.clock import utc_now

    with door.home() as home, published(home, utc_now) as (view, guard):
        yield home, Generation(guard, view.frame), home.actor(door.actor or "owner")


@command(own, "")
def listing(door: Door) -> None:
    """Groups of customers by rules, with live counts. 按规则分群，随时数人数。"""
    from zhiyin.app.segments import listing as found

    with _open(door) as (home, read, actor):
        rows = found(home, read, actor)
    door.show(rows, lambda: _listed(door, rows))


@command(own, "count")
def count(door: Door, rule: _Rule) -> None:
    """How many customers fulfil a rule, before it is saved. 数一数符合规则的客户，不保存。"""
    from zhiyin.app.segments import count as found

    with _open(door) as (home, read, actor):
        row = found(home, read, actor, rule=rule)
    door.show(row, lambda: _counted(door, row))


@command(own, "add")
def add(door: Door, name: Annotated[str, typer.Argument(help="What to call it. 分群的名字。")], rule: _Rule) -> None:
    """Save a rule as a segment. 把规则存成分群。"""
    from zhiyin.app.segments import add as save

    with _open(door) as (home, read, actor):
        row = save(home, read, actor, name=name, rule=rule)
    then = Say(f"已保存“{row['name']}”；下次 `zhiyin run` 起记录谁进谁出。", f"Saved {row['name']}; from the next `zhiyin run` on it is noted who comes and who leaves.")  # fmt: skip
    door.show(row, lambda: [_counted(door, row), door.say(then)])  # type: ignore[func-returns-value]


@command(own, "rename")
def rename(door: Door, old: _Name, new: Annotated[str, typer.Argument(help="The new name. 新名字。")]) -> None:
    """Call a segment or a found group otherwise; the name stays when groups are learned again. 改名；重新学习后仍保留。"""
    from zhiyin.app.segments import rename as call

    with _open(door) as (home, read, actor):
        row = call(home, read, actor, old=old, new=new)
    done = Say(f"“{row['before']}”改叫“{row['name']}”。", f"{row['before']} is now called {row['name']}.")
    later = Say("自动分出的群在下次 `zhiyin run` 后显示新名字。", "Found groups show it after the next `zhiyin run`.")
    door.show(row, lambda: [door.say(done), *([door.say(later)] if row["scheme"] != "rule" else [])])  # type: ignore[func-returns-value]


@command(own, "remove")
def remove(door: Door, name: _Name) -> None:
    """Take a segment away; its history stays. 删除分群；历史保留。"""
    from zhiyin.app.segments import remove as take

    with _open(door) as (home, read, actor):
        row = take(home, read, actor, name=name)
    door.show(row, lambda: door.say(Say(f"已删除“{row['name']}”。", f"Removed {row['name']}.")))


@command(own, "show")
def show(
    door: Door,
    name: _Name,
    members: Annotated[bool, typer.Option("--members", help="Who is in it. 列出成员。")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="Members at most (0: all). 最多几位。")] = 20,
) -> None:
    """Size, comings and goings, preferences, and how it looks beside all. 人数、进出、偏好、与全体对比。"""
    from zhiyin.app.segment_page import show as found

    with _open(door) as (home, read, actor):
        row = found(home, read, actor, name=name, members=members, limit=limit)
    door.show(row, lambda: _shown(door, row))


@command(own, "words")
def words(door: Door) -> None:
    """What a rule may speak of. 规则里可以用的列。"""
    from zhiyin.app.segments import words as found

    with _open(door) as (home, read, actor):
        rows = found(home, read, actor)
    tongue = door.language
    told = [(row["name"], row[tongue], row[f"kind_{tongue}"], row["values"]) for row in rows]
    door.show(
        rows,
        lambda: door.grid("规则里可以用的/What a rule may speak of", columns="名字/Name, 含义/Meaning, 类型/Kind, 取值/Values", rows=told),
    )


def _size(door: Door, row: _Row) -> str:
    return _FEW.in_(door.language) if row["customers"] is None else f"{row['customers']:,}"


def _share(row: _Row) -> str:
    return "" if row["share"] is None else f"{row['share']:.1%}"


def _listed(door: Door, rows: Sequence[_Row]) -> None:
    tongue = door.language
    rules = [row for row in rows if row["scheme"] == "rule"]
    if rules:
        told = [(row[f"name_{tongue}"], _size(door, row), _share(row), row[f"sentence_{tongue}"]) for row in rules]
        door.grid("自定义分群/Segments", columns="名字/Name, 人数/Customers, 占比/Share, 规则/Rule", rows=told)
    else:
        door.say(
            Say("还没有自定义的分群：`zhiyin segments add 名字 规则`。", "No segment was defined yet: `zhiyin segments add NAME RULE`.")
        )
    found = [row for row in rows if row["scheme"] != "rule"]
    groups = [
        (words_of("scheme", row["scheme"]).in_(tongue), row["segment_id"], row[f"name_{tongue}"], _size(door, row), _share(row))
        for row in found
    ]
    if groups:
        door.grid("自动分群/Groups that were found", columns="方案/Scheme, 编号/Id, 名字/Name, 人数/Customers, 占比/Share", rows=groups)


def _counted(door: Door, row: _Row) -> None:
    door.say(Say(row["sentence_zh"], row["sentence_en"]))
    if row["customers"] is None:
        door.say(
            Say(
                "符合的客户太少（或只差几位就是全部），不显示人数。",
                "Too few customers fulfil it (or nearly all do): the number is not shown.",
            )
        )
        return
    door.say(Say(f"{row['customers']:,} 位，占 {row['of']:,} 位的 {row['share']:.1%}。", f"{row['customers']:,} of {row['of']:,} customers, {row['share']:.1%}."), style="bold")  # fmt: skip


def _shown(door: Door, row: _Row) -> None:
    tongue = door.language
    door.say(Say(f"{row['name']}（{words_of('scheme', row['scheme']).zh} {row['segment_id']}）", f"{row['name']} ({words_of('scheme', row['scheme']).en} {row['segment_id']})"), style="bold")  # fmt: skip
    if "sentence_zh" in row:
        _counted(door, row)
        door.copyable(row["rule"])
    else:
        door.say(
            Say(
                f"{_size(door, row)} 位，占 {row['of']:,} 位的 {_share(row)}。",
                f"{_size(door, row)} of {row['of']:,} customers, {_share(row)}.",
            )
        )
    if "near_rule" in row:
        door.say(Say(
            f"最接近的规则（决策树，准确 {row['tree_accuracy']:.0%}，全猜最大的群 {row['tree_baseline']:.0%}）：{row['near_sentence_zh']}",
            f"The nearest rule (decision tree, {row['tree_accuracy']:.0%} right, always the greatest group {row['tree_baseline']:.0%}): {row['near_sentence_en']}",
        ))  # fmt: skip
        door.copyable(row["near_rule"])
    if "figures" not in row:
        return
    if row["noted"]:
        came, left = (_FEW.in_(tongue) if row[name] is None else str(row[name]) for name in ("entered", "left"))
        door.say(Say(f"{row['at_on']} 的运行：进来 {came}，离开 {left}。", f"Run of {row['at_on']}: {came} came in, {left} left."))
    else:
        door.say(Say("进出从下次 `zhiyin run` 起记录。", "Comings and goings are noted from the next `zhiyin run` on."), style="dim")
    figures = [(figure[tongue], figure["group_text"], figure["all_text"]) for figure in cast("Sequence[_Row]", row["figures"])]
    door.grid("与全体对比（平均）/Beside all (means)", columns="项/Figure, 这群/Group, 全体/All", rows=figures)
    liked = cast("Sequence[_Row]", row["preferences"])
    door.say(Say("与全体显著不同的偏好", "Clearly other than all") if liked else Say("没有与全体显著不同的偏好。", "Nothing is clearly other than among all."), style="bold")  # fmt: skip
    for one in liked:
        door.say(
            Say(f"  {'▲' if one['index'] > 1 else '▼'} {one['said_zh']}", f"  {'▲' if one['index'] > 1 else '▼'} {one['said_en']}"),
            indent=4,
        )
    people = [(one["customer_id"], one["name"]) for one in cast("Sequence[_Row]", row.get("members", ()))]
    if people:
        door.grid("成员/Members", columns="客户号/Customer, 姓名/Name", rows=people)
