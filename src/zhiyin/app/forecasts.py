"""What the last run said of the demand: next week in a sentence, the days ahead, how good it was so far, and a page with pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from zhiyin.app.rows import Rows
from zhiyin.core.errors import one_of
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.demand_words import LEVELS, sentence

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["accuracy", "forecasts", "write_page"]

_NOTHING = Say(
    "还没有需求预测：至少要有两周的订单，最后一笔不早于四周前；再运行 `zhiyin run`。",
    "There is no forecast: at least two weeks of orders are needed, the last one not older than four weeks; then `zhiyin run`.",
)
_GOOD = Say(
    "上一次判断（{at_on} 的预测）：误差占销售额的 {ours}，和上周一样则为 {naive}。",
    "Judged last (forecast of {at_on}): off by {ours} of the money taken; the same as last week would have been off by {naive}.",
)
_PAGE_SERIES = 60  # pictures of a page


def forecasts(guard: Guard, actor: Actor, *, level: str = "category", days: int = 0, limit: int = 0) -> Rows:
    """The weeks or days ahead, the series with the most money first; the first week of a series bears a sentence.

    Args:
        guard: over what was published.
        actor: who asks.
        level: total, department, category or product.
        days: only so many days ahead, day by day (products: week by week); 0: the next week of each series.
        limit: at most so many series, 0 for all.

    Raises:
        NotFound: for another level; lists those that exist.
    """
    one_of(LEVELS, level, what=Say("没有这个层级。", "There is no such level."))
    access = Access(actor, "display")
    step = "week" if level == "product" or not days else "day"
    held = guard.holds("forecast")
    rows = guard.rows("forecast", access, where={"level": level, "step": step}, order="on, -money, series") if held else []
    if not rows:
        return Rows(notes=[_NOTHING])
    first = _day(rows[0])
    named = _names(guard, access, level)
    kept = [str(row["series"]) for row in rows if _day(row) == first][: limit or None]
    until = first + timedelta(days=days or 1)
    trends = {str(row["series"]): row for row in guard.rows("demand_trend", access, where={"level": level})}
    place = {series: at for at, series in enumerate(kept)}
    shown = [
        _told(row, trends.get(str(row["series"]), {}), level=level, name=named.get(str(row["series"]), str(row["series"])))
        for row in sorted(
            (row for row in rows if str(row["series"]) in place and _day(row) < until), key=lambda row: place[str(row["series"])]
        )
    ]
    return Rows(shown, notes=_judged_last(guard, actor, level))


def accuracy(guard: Guard, actor: Actor) -> Rows:
    """How far off the forecasts of earlier days were, by what came: level, at_on, way, error (WAPE), used; the latest first."""
    access = Access(actor, "display")
    rows = (
        guard.rows("scorecard", access, where={"subject": "forecast"}, order="-at_on, question, variant")
        if guard.holds("scorecard")
        else []
    )
    return Rows(
        {
            **{"at_on": str(row["at_on"])[:10], "level": str(row["question"]).removeprefix("demand_"), "way": row["variant"]},
            **{"error": row["value"], "weeks": row["n"], "used": row["used"]},
        }
        for row in rows
    )


def write_page(guard: Guard, actor: Actor, file: Path, *, currency: str) -> Path:
    """The last year and the weeks ahead of the shop, its departments and its largest categories, as one page in both languages.

    Raises:
        StoreError: when it cannot be written.
    """
    from zhiyin.app.forecast_page import forecast_page
    from zhiyin.core.files import disk_errors, write_safely

    access = Access(actor, "display")
    series = []
    for level in ("total", "department", "category"):
        told = forecasts(guard, actor, level=level, limit=_PAGE_SERIES)
        past = guard.rows("demand_week", access, where={"level": level}, order="series, on") if told else []
        ahead = guard.rows("forecast", access, where={"level": level, "step": "week"}, order="series, on") if told else []
        series += [
            {
                **row,
                "money_text": money_text(float(str(row["money"])), currency),
                "past": [one for one in past if one["series"] == row["series"]],
                "ahead": [one for one in ahead if one["series"] == row["series"]],
            }
            for row in told
        ]
    page = forecast_page(series, accuracy(guard, actor))
    with disk_errors(file.parent.name):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_safely(file, page.encode())
    return file


def _told(row: Mapping[str, object], trend: Mapping[str, object], *, level: str, name: str) -> dict[str, object]:
    """One row as people read it; a week also beside the last one, in a sentence."""
    plain = {**row, "on": str(row["on"])[:10], "at_on": str(row["at_on"])[:10], "name": name}
    if row["step"] == "day":
        return plain
    beside = {name: trend.get(name) for name in ("last_week", "growth", "growth_year", "change", "reason_zh", "reason_en")}
    changed = trend.get("changed_on")
    said = sentence({**row, **beside}, level=level, name=name)
    return {**plain, **beside, "changed_on": str(changed)[:10] if changed else None, "sentence_zh": said.zh, "sentence_en": said.en}


def _names(guard: Guard, access: Access, level: str) -> dict[str, str]:
    """What products are called; categories and departments bear their names."""
    if level != "product":
        return {}
    return {str(row["product_id"]): str(row["name"] or row["product_id"]) for row in guard.rows("product", access, where={})}


def _judged_last(guard: Guard, actor: Actor, level: str) -> list[Say]:
    rows = [row for row in accuracy(guard, actor) if row["level"] == level]
    latest = [row for row in rows if row["at_on"] == rows[0]["at_on"]]
    ours = next((row for row in latest if row["used"]), None)
    naive = next((row for row in latest if row["way"] == "last_week"), None)
    if ours is None or naive is None:
        return []
    return [_GOOD.fill(at_on=ours["at_on"], ours=f"{float(str(ours['error'])):.0%}", naive=f"{float(str(naive['error'])):.0%}")]


def _day(row: Mapping[str, object]) -> date:
    return date.fromisoformat(str(row["on"])[:10])
