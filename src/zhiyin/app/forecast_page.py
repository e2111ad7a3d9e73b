"""The demand as a page: for each series the weeks of the last year, the weeks ahead with their band, and a sentence; nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from zhiyin.app.charts import band
from zhiyin.app.scores import variant_words
from zhiyin.core.words import Language, Say

__all__ = ["forecast_page"]

_Row = Mapping[str, Any]
_LEVELS = {
    "total": Say("全店", "The whole shop"),
    "department": Say("部门", "Departments"),
    "category": Say("品类", "Categories"),
}


def forecast_page(series: Sequence[_Row], errors: Sequence[_Row]) -> str:
    """One HTML page, Chinese first, English below.

    Args:
        series: rows as `app.forecasts` tells them, with money_text, `past` (on, value) and `ahead` (on, value, low, high).
        errors: rows of `app.forecasts.accuracy`.
    """
    loader = Environment(loader=PackageLoader("zhiyin.app"), autoescape=True, undefined=StrictUndefined)
    halves = [_half(series, errors, language) for language in ("zh", "en")]
    return loader.get_template("forecast.html").render(halves=halves, day=series[0]["at_on"] if series else "")


def _half(series: Sequence[_Row], errors: Sequence[_Row], language: Language) -> dict[str, object]:
    parts = [
        {"title": words.in_(language), "series": [_shown(row, language) for row in series if row["level"] == level]}
        for level, words in _LEVELS.items()
    ]
    judged = [{**row, "way": variant_words(row["way"]).in_(language), "level": _LEVELS[str(row["level"])].in_(language)} for row in errors]
    return {
        "t": lambda zh, en: Say(zh, en).in_(language),
        "zh": language == "zh",
        "parts": [part for part in parts if part["series"]],
        "errors": judged,
    }


def _shown(row: _Row, language: Language) -> dict[str, object]:
    past, ahead = row["past"], row["ahead"]
    name = row["name"] or _LEVELS["total"].in_(language)
    figure = band(
        [float(one["value"]) for one in past],
        [(float(one["value"]), float(one["low"]), float(one["high"])) for one in ahead],
        title=name,
        ends=(str((past or ahead)[0]["on"])[:10], str(ahead[-1]["on"])[:10]),
    )
    return {"name": name, "sentence": row[f"sentence_{language}"], "money": row["money_text"], "figure": figure}
