"""What a trial of strategies came to, as people read it: rows, sentences and a picture, in both languages."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.app.recipes.strategy import BEST, NOTHING, STRATEGIES
from zhiyin.core.files import disk_errors, write_safely
from zhiyin.core.words import Language, Say

if TYPE_CHECKING:
    from zhiyin.app.recipes.strategy import Tried
    from zhiyin.improve.strategy import Difference

__all__ = ["HEADS", "about", "interval", "rows", "sentences", "write_picture"]

HEADS = (
    Say("做法", "Strategy"),
    Say("销售额", "Sales"),
    Say("毛利", "Margin"),
    Say("成本", "Cost"),
    Say("反感", "Put off"),
    Say("多赚（95% 区间）", "Gain (95 % interval)"),
    Say("占最好", "Of best"),
)
_TITLE = Say("联系谁更值", "Whom it pays to contact")
_ABOUT = Say(
    "{seeds} 个虚构世界，每个 {customers} 位客户，试 {days} 天，每天联系 {capacity} 位，每次 ¥{cost}。各种做法面对同样的客户、天气和运气。"
    "金额是每个世界的平均；「反感」是要求别再联系的人数；「多赚」是毛利减成本，与不联系相比。",
    "{seeds} invented worlds of {customers} customers each, {days} days, {capacity} contacts a day at ¥{cost}. Every strategy meets the same "
    "customers, weather and luck. Money is the mean of a world; put off are those who ask not to be contacted again; gain is margin less "
    "cost, beside contacting nobody; best possible is a greedy choice by the truth that nobody knows.",
)
_BETTER = Say(
    "知音名单比「{other}」多赚 {mean}（95% 区间 {interval}）：有把握。",
    'The list brings {mean} more than "{other}" (95 % interval {interval}): that is sure.',
)
_WORSE = Say(
    "知音名单比「{other}」少赚 {mean}（95% 区间 {interval}）。",
    'The list brings {mean} less than "{other}" (95 % interval {interval}).',
)
_UNSURE = Say(
    "知音名单与「{other}」相差 {mean}（95% 区间 {interval}）：区间含零，看不出谁更好。",
    'The list and "{other}" differ by {mean} (95 % interval {interval}): the interval holds zero, so nobody can say which is better.',
)
_REACHED = Say("「{way}」拿到了最好做法的 {share}。", '"{way}" reached {share} of the best possible.')
_LOST = Say("「{way}」赔了钱：联系不如不联系。", '"{way}" loses money: nobody would have been better.')


def rows(tried: Tried, language: Language) -> list[tuple[str, ...]]:
    """One row a strategy, under `HEADS`."""
    found: list[tuple[str, ...]] = []
    for way in tried.ways:
        gained, reached = way.name != NOTHING, tried.reached.get(way.name)
        gain = f"{_yuan(way.gain.mean, signed=True)} ({interval(way.gain)})" if gained else ""
        share = f"{reached:.0%}" if gained and reached is not None else ""
        money = (_yuan(way.sales), _yuan(way.margin), _yuan(way.cost))
        found.append((STRATEGIES[way.name].in_(language), *money, f"{way.put_off:.1f}", gain, share))
    return found


def sentences(tried: Tried) -> list[Say]:
    """What may be concluded, and what not."""
    said = []
    for name in ("random", "oldest", NOTHING):
        if name in tried.against:
            difference = tried.against[name]
            words = _UNSURE if not difference.is_sure else _BETTER if difference.mean > 0 else _WORSE
            told = {"mean": _yuan(abs(difference.mean)), "interval": interval(difference)}
            said.append(Say(words.zh.format(other=STRATEGIES[name].zh, **told), words.en.format(other=STRATEGIES[name].en, **told)))
    for name, share in tried.reached.items():
        if name not in (NOTHING, BEST):
            words, way = _REACHED if share > 0 else _LOST, STRATEGIES[name]
            said.append(Say(words.zh.format(way=way.zh, share=f"{share:.0%}"), words.en.format(way=way.en, share=f"{share:.0%}")))
    return said


def about(tried: Tried) -> Say:
    """What was tried."""
    trial = tried.trial
    names = {"seeds": trial.seeds, "customers": trial.customers, "days": trial.days, "capacity": trial.capacity, "cost": f"{trial.cost:g}"}
    return _ABOUT.fill(**names)


def interval(difference: Difference) -> str:
    """The ends of an interval; an open end says so."""
    return f"{_yuan(difference.low)} .. {_yuan(difference.high)}"


def write_picture(tried: Tried, file: Path, *, language: Language) -> Path:
    """One HTML page that opens without a network: gains with their intervals, how they grew, and the figures.

    Raises:
        StoreError: when it cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from zhiyin.app.charts import Line, Range, curves, ranges

    ways = [way for way in tried.ways if way.name != NOTHING]
    named = {way.name: STRATEGIES[way.name].in_(language) for way in ways}
    days = Say(f"{tried.trial.days} 天", f"{tried.trial.days} days").in_(language)
    dots = [Range(named[way.name], way.gain.mean, way.gain.low, way.gain.high, _yuan(way.gain.mean, signed=True)) for way in ways]
    grown = [Line(named[way.name], [(0, 0), *enumerate(way.curve, start=1)], dashed=way.name == BEST) for way in ways]
    gain, growing = HEADS[5].in_(language), Say("一天天攒下的增益（元）", "How the gain grew (yuan)").in_(language)
    page = {
        "zh": language == "zh",
        "title": _TITLE.in_(language),
        "about": about(tried).in_(language),
        "sentences": [sentence.in_(language) for sentence in sentences(tried)],
        "gain": gain,
        "ranges": ranges(dots, title=gain),
        "growing": growing,
        "curves": curves(grown, title=growing, across=days, up="¥"),
        "figures": Say("数字", "Figures").in_(language),
        "heads": [head.in_(language) for head in HEADS],
        "rows": rows(tried, language),
    }
    loader = Environment(loader=PackageLoader("zhiyin.app"), autoescape=True, undefined=StrictUndefined)
    with disk_errors(file.parent.name):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_safely(file, loader.get_template("strategy.html").render(page).encode(), mode=0o644)
    return file


def _yuan(amount: float, *, signed: bool = False) -> str:
    if not math.isfinite(amount):
        return "∞" if amount > 0 else "-∞"
    sign = "-" if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}¥{abs(amount):,.0f}"
