"""The demand on the command line: next week of each category in a sentence, the days ahead, how good it was, a page with pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from zhiyin.cli.door import Door, command
from zhiyin.core.words import Say

__all__ = ["forecast", "register"]

_LEVEL = "total, department, category, product. 全店、部门、品类、商品。"


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "forecast")(forecast)


def forecast(
    door: Door,
    *,
    level: Annotated[str, typer.Option("--level", help=_LEVEL)] = "category",
    days: Annotated[int, typer.Option("--days", min=0, help="So many days ahead, one by one (0: the next week). 逐日看未来几天。")] = 0,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="At most so many series (0: all). 最多几个。")] = 20,
    errors: Annotated[bool, typer.Option("--errors", help="How far off earlier forecasts were, by what came. 以前的预测准不准。")] = False,
    page: Annotated[Path | None, typer.Option("--page", help="Write a page with pictures here. 写成带图的网页。")] = None,
) -> None:
    """How much will be sold, and why more or less than last week. 预计卖多少、比上周多还是少、为什么。"""
    from zhiyin.app.forecasts import accuracy, forecasts, write_page
    from zhiyin.app.reading import published_guard
    from zhiyin.core.clock import utc_now

    with door.home() as home, published_guard(home, utc_now) as guard:
        actor = home.actor(door.actor or "owner")
        rows = accuracy(guard, actor) if errors else forecasts(guard, actor, level=level, days=days, limit=limit)
        written = write_page(guard, actor, page, currency=home.settings.currency) if page else None

    def shown() -> None:
        _errors(door, rows) if errors else _shown(door, rows, by_day=bool(days))
        if written:
            door.say(Say(f"网页：{written}", f"Page: {written}"))

    door.show(rows, shown)


def _shown(door: Door, rows: Any, *, by_day: bool) -> None:  # noqa: ANN401 - Rows, which takes the app to import
    if by_day and rows:
        cells = [(row["name"], row["on"], *(f"{row[name]:,.0f}" for name in ("value", "low", "high")), row["basis"]) for row in rows]
        columns = "序列/Series, 日期/Day, 预计/Expected, 至少/Low, 至多/High, 依据/By"
        door.grid("需求预测/Demand", columns=columns, rows=cells)
    else:
        for row in rows:
            door.say(Say(row["sentence_zh"], row["sentence_en"]), indent=2)
    for note in rows.notes:
        door.say(note, style="dim")


def _errors(door: Door, rows: Any) -> None:  # noqa: ANN401 - Rows, which takes the app to import
    from zhiyin.app.scores import variant_words

    if not rows:
        door.say(Say("还没有到期的预测可以对照。", "No forecast is over yet, so none can be judged."))
        return
    cells = [
        (row["at_on"], row["level"], variant_words(row["way"]).in_(door.language), f"{row['error']:.1%}", "✓" if row["used"] else "")
        for row in rows
    ]
    door.grid("说过的与后来的/Said and came", columns="预测日期/Forecast of, 层级/Level, 方法/Way, 误差/Off by, 采用/Used", rows=cells)
