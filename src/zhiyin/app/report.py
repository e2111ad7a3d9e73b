"""One self-contained HTML page that opens without a network: what is known, how good it is, whom to contact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from zhiyin.act.goals import goal_named
from zhiyin.act.words import BLOCKED
from zhiyin.app.charts import Bar, Line, bars, lines
from zhiyin.app.codes import STAGES
from zhiyin.app.home import Home
from zhiyin.app.scores import headline, metric_words, question_words, variant_words
from zhiyin.app.today import today
from zhiyin.core.files import disk_errors, write_safely
from zhiyin.core.words import Language, Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.learn.card import Card

__all__ = ["write_report"]

_SHOWN = 50
_CALIBRATION = Say("说的概率与实际", "what was said and what happened")
_GAIN = Say("联系多少，找到多少", "how many contacted, how many found")


def write_report(home: Home, guard: Guard, actor: Actor, *, file: Path | None, language: Language) -> Path:
    """Write the report and return its path.

    Raises:
        StoreError: when it cannot be written.
    """
    page = _page(home, guard, actor, language=language)
    path = file or home.reports / f"report-{page['day']}.html"
    with disk_errors(path.parent.name):
        path.parent.mkdir(parents=True, exist_ok=True)
    loader = Environment(loader=PackageLoader("zhiyin.app"), autoescape=True, undefined=StrictUndefined)
    write_safely(path, loader.get_template("report.html").render(page).encode())
    return path


def _page(home: Home, guard: Guard, actor: Actor, *, language: Language) -> dict[str, object]:
    access = Access(actor, "measurement")
    profiles = guard.rows("profile", access, where={})
    steps = guard.rows("next_step", access, where={})
    cards = [Card.from_json(str(row["card"])) for row in guard.rows("model", access, where={}, order="question")]
    goal = goal_named(home.settings.goal)
    return {
        "t": lambda zh, en: Say(zh, en).in_(language),
        "say": lambda said: said.in_(language),
        "question_words": question_words,
        "metric_words": metric_words,
        "variant_words": variant_words,
        "language": language,
        "goal": goal.words.in_(language),
        "day": str(profiles[0]["at_on"]) if profiles else "",
        "snapshot": guard.snapshot,
        "funnel": _funnel(profiles, steps, language),
        "stages": _counted(Counter(str(row["stage"]) for row in profiles), STAGES, language),
        "segments": _segments(guard, access, language),
        "models": [_model(card, language) for card in cards],
        "scores": headline(guard.rows("scorecard", access, where={}), currency=home.settings.currency),
        "kpis": guard.rows("scorecard", access, where={"subject": "kpi"}),
        "blocked": _counted(Counter(str(row["blocked"]) for row in steps if row["blocked"]), BLOCKED, language, label=380),
        "rows": today(guard, actor, limit=_SHOWN),
        "zh": language == "zh",
        "assumption": _assumption(home).in_(language),
    }


def _assumption(home: Home) -> Say:
    """What the gains rest on."""
    from zhiyin.act.next_step import assumption

    return assumption(home.settings)


def _funnel(profiles: Sequence[dict[str, object]], steps: Sequence[dict[str, object]], language: Language) -> str:
    counts = [
        (Say("已知客户", "known customers"), len(profiles)),
        (Say("买过", "have bought"), sum(row["stage"] != "lead" for row in profiles)),
        (Say("今天值得联系", "worth contacting today"), sum(float(str(row["gain"] or 0)) > 0 for row in steps)),
        (Say("在今天名单上", "on today's list"), sum(bool(row["listed"]) for row in steps)),
    ]
    return bars([Bar(name.in_(language), count, f"{count:,}") for name, count in counts], title=Say("漏斗", "Funnel").in_(language))


def _counted(counts: Counter[str], words: dict[str, Say], language: Language, *, label: int = 190) -> str:
    rows = [Bar(words[name].in_(language) if name in words else name, count, f"{count:,}") for name, count in counts.most_common()]
    return bars(rows, title="", label=label) if rows else ""


def _segments(guard: Guard, access: Access, language: Language) -> str:
    name = "name_zh" if language == "zh" else "name_en"
    counts = Counter(str(row[name]) for row in guard.rows("segment", access, where={"scheme": "behaviour"}))
    return _counted(counts, {}, language)


def _model(card: Card, language: Language) -> dict[str, object]:
    """A card with its calibration and its gain curve drawn."""
    asked = question_words({"question": card.question}).in_(language)
    spots = [(bin_.predicted, bin_.observed) for bin_ in card.calibration]
    exact = Line(Say("完全准确", "exact").in_(language), [(0, 0), (1, 1)], dashed=True)
    said = Line(Say("模型", "model").in_(language), spots)
    across, up = Say("预测的概率", "probability said"), Say("实际发生的比例", "share that happened")
    gain = Line(Say("按模型联系", "by the model").in_(language), _gain_curve(card))
    chance = Line(Say("随机联系", "at random").in_(language), [(0, 0), (1, 1)], dashed=True)
    reach, found = Say("联系的客户比例", "share contacted"), Say("找到的比例", "share found")
    return {
        "card": card,
        "title": asked,
        "text": card.text(language).split("\n"),
        "calibration": lines(
            [exact, said], title=f"{asked} · {_CALIBRATION.in_(language)}", across=across.in_(language), up=up.in_(language)
        )
        if spots
        else "",
        "gain": lines([chance, gain], title=f"{asked} · {_GAIN.in_(language)}", across=reach.in_(language), up=found.in_(language))
        if spots
        else "",
    }


def _gain_curve(card: Card) -> list[tuple[float, float]]:
    """Cumulative gain from the calibration groups, highest said first: share contacted, share found."""
    groups = sorted(card.calibration, key=lambda bin_: -bin_.predicted)
    rows, hits = sum(group.n for group in groups), sum(group.n * group.observed for group in groups)
    points, seen, found = [(0.0, 0.0)], 0.0, 0.0
    for group in groups if rows and hits else []:
        seen, found = seen + group.n / rows, found + group.n * group.observed / hits
        points.append((seen, found))
    return points
