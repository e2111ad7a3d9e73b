"""What came of what pages showed, on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

__all__ = ["placements", "register"]

_Row = Mapping[str, Any]
_MEASURES = {"click": Say("点击", "click"), "order": Say("购买", "order")}
_NO_EXPLORATION = Say("不探索", "no exploration")
_FOR_ALL = Say("全部用 {variant}", "{variant} for all")
_OTHERS = Say("（陌生人）", "(strangers)")


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "placements")(placements)


def placements(door: Door, name: Annotated[str, typer.Argument(help="One placement (none: all). 推荐位名字。")] = "") -> None:
    """What came of what pages showed: clicks and orders by variant, beside the holdout. 推荐位的点击与购买。"""
    from zhiyin.app.placements import measured
    from zhiyin.app.reading import Generation, published
    from zhiyin.core.clock import utc_now

    with door.home() as home, published(home, utc_now) as (view, guard):
        found = measured(home, Generation(guard, view.frame), home.actor(door.actor or "owner"), placement=name)
    door.show(found, lambda: _drawn(door, found))


def _drawn(door: Door, found: _Row) -> None:
    rates, others = cast("Sequence[_Row]", found["rates"]), cast("Sequence[_Row]", found["what_if"])
    if not rates:
        door.say(
            Say(
                "还没有可以判断的展示：要等窗口过去，并 `zhiyin run` 接入事件。",
                "No answer can be judged yet: its window must be over, and `zhiyin run` must have taken over the events.",
            )
        )
        return
    door.grid(
        "推荐位/Placements",
        columns="推荐位/Placement, 方案/Variant, 项/Measure, 答复/Answers, 客户/Customers, 次数/Times, 比例/Share, 比留出多/More than the holdout",
        rows=[_rate(door, row) for row in rates],
    )
    if others:
        door.grid(
            "如果换一种做法/What another way would have earned",
            columns="推荐位/Placement, 做法/Way, 项/Measure, 实际/As it was, 估计/Estimate, 说明/Note",
            rows=[cells for row in others for cells in _what_if(door, row)],
        )


def _rate(door: Door, row: _Row) -> Sequence[object]:
    variant = row["variant"] or _OTHERS.in_(door.language)
    beside = _figure(row["beside_holdout"]) if row["beside_holdout"] else row["note"][door.language] if row["note"] else ""
    measure = _MEASURES[row["measure"]].in_(door.language)
    return (row["placement"], variant, measure, row["answers"], row["customers"] or "", row["hits"], _figure(row["share"]), beside)


def _what_if(door: Door, row: _Row) -> list[Sequence[object]]:
    way = _NO_EXPLORATION if row["policy"] == "no_exploration" else _FOR_ALL.fill(variant=row["policy"])
    about = (row["placement"], way.in_(door.language), _MEASURES[row["measure"]].in_(door.language), f"{row['logged']:.2%}")
    if row["refused"]:
        return [(*about, "", row["refused"][door.language])]
    return [(*about, f"{one['way']} {_figure(one)}", " ".join(note[door.language] for note in one["notes"])) for one in row["estimates"]]


def _figure(figure: _Row) -> str:
    if figure["value"] is None:
        return ""
    span = "" if figure["low"] is None else f" ({figure['low']:.2%} … {figure['high']:.2%})"
    return f"{figure['value']:.2%}{span}"
