"""The card of one model as a page: Chinese first, English below, pictures within, nothing fetched."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from zhiyin.app.charts import Bar, Line, Range, bars, lines, ranges, trace
from zhiyin.app.codes import label_of, words_of
from zhiyin.app.scores import metric_words, question_words, variant_words
from zhiyin.core.words import Language, Say
from zhiyin.learn.card import REFUSED, Card, Curve, Effect, Gap, Interval
from zhiyin.learn.cut import NO_MODEL
from zhiyin.learn.fairness import OTHERS

__all__ = ["model_page"]

_OF_FEATURES = ("profile_at", "interest_at", "campaign_at")
_TOPICS, _CURVES = 8, 6  # shown
_PERCENT = {"accuracy", NO_MODEL, "precision", "recall", "f1"}


def model_page(card: Card) -> str:
    """One HTML page with the card in both languages."""
    loader = Environment(loader=PackageLoader("zhiyin.app"), autoescape=True, undefined=StrictUndefined)
    halves = [_half(card, language) for language in ("zh", "en")]
    return loader.get_template("model.html").render(halves=halves, title=card.model_id or card.question)


def _half(card: Card, language: Language) -> dict[str, object]:
    asked = question_words({"question": card.question}).in_(language)
    return {
        "t": lambda zh, en: Say(zh, en).in_(language),
        "zh": language == "zh",
        "card": card,
        "refused": card.state == REFUSED,
        "title": asked,
        "method": variant_words(card.name).in_(language),
        "figures": _figures(card, language),
        "accuracy": note.in_(language) if (note := card.accuracy_note()) else "",
        "calibration": _calibration(card, language, asked),
        "training": _training(card.curves, language),
        "topics": _topics(card.effects, language),
        "features": [_feature(effect, language) for effect in card.effects if effect.feature and len(effect.curve) > 1][:_CURVES],
        "groups": [
            {**group._asdict(), "group": _group(group.group, language), "found_known": math.isfinite(group.found.value)}
            for group in card.groups
        ],
        "gaps": _gaps(card.gaps, language),
        "proxies": [{**one._asdict(), "by": [_label(name, language) for name in one.strongest]} for one in card.proxies],
        "notes": [note.in_(language) for note in card.notes],
        "limits": card.limits.in_(language),
        "settings": ", ".join(f"{name}={value}" for name, value in card.settings.items() if name != "needs" and value != {}),
    }


def _label(feature: str, language: Language) -> str:
    return label_of(feature, *_OF_FEATURES, language=language)


def _group(name: str, language: Language) -> str:
    return Say("其他各组", "the other groups").in_(language) if name == OTHERS else name


def _figures(card: Card, language: Language) -> list[dict[str, object]]:
    """Each figure with its interval, beside that of the baseline."""
    beside: Mapping[str, Interval] = card.baseline.metrics if card.baseline else {}
    return [
        {"name": metric_words({"metric": name}).in_(language), "text": _text(name, figure), "beside": _text(name, beside.get(name))}
        for name, figure in card.metrics.items()
    ]


def _text(name: str, figure: Interval | None) -> str:
    if figure is None or not math.isfinite(figure.value):
        return ""
    kind = ".1%" if name in _PERCENT else ".3f"
    ends = f" ({figure.low:{kind}} – {figure.high:{kind}})" if math.isfinite(figure.low) else ""
    return f"{figure.value:{kind}}{ends}"


def _calibration(card: Card, language: Language, asked: str) -> str:
    spots = [(bin_.predicted, bin_.observed) for bin_ in card.calibration]
    if not spots:
        return ""
    exact = Line(Say("完全准确", "exact").in_(language), [(0, 0), (1, 1)], dashed=True)
    said = Line(Say("这个模型", "this model").in_(language), spots)
    across, up = Say("说的概率", "said").in_(language), Say("实际比例", "happened").in_(language)
    return lines([exact, said], title=f"{asked} {across} {up}", across=across, up=up)


def _training(found: Sequence[Curve], language: Language) -> str:
    """One line a style: the mean over its parts, as far as all of them went."""
    rows = [Line(style, _mean([curve.points for curve in same])) for style, same in _by_style(found)]
    if not rows:
        return ""
    across, up = (
        Say("轮数（树）", "rounds (trees)").in_(language),
        Say("未学过的客户上的 log loss", "log loss on customers left out").in_(language),
    )
    return trace(rows, title=up, across=across, up=up)


def _by_style(found: Sequence[Curve]) -> list[tuple[str, list[Curve]]]:
    return [(style, list(same)) for style, same in groupby(found, key=lambda curve: curve.name.rpartition(" ")[0])]


def _mean(parts: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    import numpy as np

    ends = min(part[-1][0] for part in parts)
    at = np.linspace(1.0, ends, 60)
    each = [np.interp(at, *np.asarray(part).T) for part in parts]
    return list(zip(at.tolist(), np.mean(each, axis=0).tolist(), strict=True))


def _topics(effects: Sequence[Effect], language: Language) -> str:
    found = [effect for effect in effects if not effect.feature][:_TOPICS]
    total = sum(effect.strength for effect in effects if not effect.feature) or 1.0
    rows = [Bar(_topic(one.topic, language), one.strength, f"{one.strength / total:.0%}") for one in found]
    return bars(rows, title=Say("什么影响最大", "what drives it").in_(language)) if rows else ""


def _topic(name: str, language: Language) -> str:
    said = words_of("topic", name).in_(language)
    return _label(name, language) if said == name else said


def _feature(effect: Effect, language: Language) -> dict[str, str]:
    """How the answer moves along the values of a feature: chances are told as log-odds more or less than the base."""
    name = _label(effect.feature, language)
    line = Line("", effect.curve)
    return {"name": name, "svg": trace([line], title=name, across=name, up=Say("对数几率", "log-odds").in_(language))}


def _gaps(gaps: Sequence[Gap], language: Language) -> str:
    words = {"selection": Say("选中", "picked"), "opportunity": Say("找到", "found")}
    rows = [
        Range(
            f"{words[gap.measure].in_(language)} {gap.attribute} {_group(gap.group, language)}",
            *gap.difference,
            Say("比 {beside} {value:+.0%}", "{value:+.0%} beside {beside}")
            .fill(beside=_group(gap.beside, language), value=gap.difference.value)
            .in_(language),
        )
        for gap in gaps
        if gap.measure in words
    ]
    return ranges(rows, title=Say("与最受照顾的一组相差", "beside the group that fares best").in_(language)) if rows else ""
