"""Which model answers best, with as much data as there is? Rates, then regression, then boosting, then all of them together.

A rung is tried only with enough outcomes, and taken only when it tells customers whom it had not seen better than the rung below,
by more than luck. Where the examples have days, those customers are the later ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zhiyin.core.settings import LearningSettings
from zhiyin.learn import metrics
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import logit
from zhiyin.predict.blend import EDGE, PARTS, BlendModel
from zhiyin.predict.crossed import platt
from zhiyin.predict.effort import Effort
from zhiyin.predict.making import new_model

__all__ = ["DRAWS", "FEWEST", "JUDGED", "LABEL", "Judged", "Lesson", "learn", "rarer"]

LABEL = "label"
FEWEST = 10  # outcomes of the rarer kind below which nothing is judged
JUDGED = 30  # outcomes of the rarer kind that the latest days must hold to be judged on
MOST_JUDGED = 10_000  # rows judged at most, drawn by the seed
TRIED = 12_000  # earlier examples that a rung is tried on: enough to see which one tells later customers best
SURE = 0.75  # share of the draws in which a richer rung must be the better one
DRAWS = 40  # of the bootstrap; more make the run slower and the intervals no different to the eye
STRANGE = 0.2  # share of later rows beyond all that was seen before, from which a column is called shifted
CURED = 2.0  # log loss that bringing log-odds to the latest days must save, in nats over all rows judged, to be believed


@dataclass(frozen=True)
class Lesson:
    """What is to be learned, from which rows.

    Args:
        rows: examples, index from 0, with `label`, 0 or 1.
        needs: columns that may be read.
        simple: the column of the rung `rate`, empty for the one that tells most.
        key: rows of one customer have the same; need not be there.
        at: column of the day that a row is about, empty where the rows have no order in time.
        known: column of the day from which the label is known.
    """

    rows: pd.DataFrame
    needs: tuple[str, ...]
    simple: str = ""
    key: str = "customer_id"
    at: str = ""
    known: str = ""

    @property
    def labels(self) -> Floats:
        """What happened."""
        return np.asarray(self.rows[LABEL].to_numpy(dtype=np.float64))

    def of(self, rows: pd.DataFrame) -> Lesson:
        """The same about fewer rows."""
        return replace(self, rows=rows.reset_index(drop=True))

    def without(self, columns: Sequence[str]) -> Lesson:
        """The same without some columns."""
        return replace(self, needs=tuple(name for name in self.needs if name not in columns))


@dataclass(frozen=True)
class Judged:
    """The model that won, and how all rungs did on rows that they had not seen.

    `said` holds log-odds by rung, of `rows`; empty where too little happened to judge. `shifted` are columns whose later values lay
    beyond the earlier ones; `dropped` those of them that the winner does without.
    """

    model: PredictorBase
    winner: str
    rows: pd.DataFrame
    said: Mapping[str, Floats]
    shifted: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    forward: bool = False


def learn(lesson: Lesson, *, plan: Effort, learning: LearningSettings, use: str = "") -> Judged:
    """Fit every rung that the outcomes allow, judge each on rows that it had not seen, and fit the winner on all.

    Args:
        lesson: what is to be learned.
        plan: how much is tried.
        learning: how many outcomes each rung needs, and the seed.
        use: a model by the name of its line, instead of the winner.
    """
    names = _rungs(rarer(lesson.labels), plan, learning=learning) if lesson.needs else ("rate",)
    names = (*names, use) if use and use not in (*names, "blend") else names
    making = _Making(lesson, plan, learning)
    return _forward(making, names, use=use) if lesson.at else _crossed(making, names, use=use)


def rarer(labels: Floats) -> int:
    """How often that happened which happened less often."""
    happened = int((labels > 0).sum())
    return min(happened, len(labels) - happened)


def _rungs(outcomes: int, plan: Effort, *, learning: LearningSettings) -> tuple[str, ...]:
    if outcomes < learning.min_outcomes:
        return ("rate",)
    enough = outcomes >= learning.boosting_outcomes
    return ("rate", *(name for name in plan.parts if enough or PARTS[name][0] == "logistic"))


@dataclass(frozen=True)
class _Making:
    """How models for a lesson are made."""

    lesson: Lesson
    plan: Effort
    learning: LearningSettings

    def model(self, name: str, lesson: Lesson | None = None, *, parts: tuple[str, ...] = ()) -> PredictorBase:
        """A fitted model; `parts` are those of a blend."""
        about = lesson or self.lesson
        line, settings = PARTS.get(name, (name, {}))
        needs = (about.simple,) if line == "rate" and about.simple else about.needs
        own = {"needs": needs, "key": about.key, "seed": self.learning.seed, "folds": self.plan.folds, "threads": self.learning.threads}
        made = new_model(line, **{**own, **settings, **({"parts": parts} if line == "blend" and parts else {})})
        return made.fit(about.rows)

    def all_of(self, names: Sequence[str], lesson: Lesson | None = None) -> dict[str, PredictorBase]:
        """Each rung, and the blend where there are several to put together; the parts of a blend are fitted once."""
        found = {name: self.model(name, lesson) for name in names if name == "rate" or name not in PARTS}
        parts = tuple(name for name in names if name in PARTS)
        if len(parts) > 1:
            blend = self.model("blend", lesson, parts=parts)
            assert isinstance(blend, BlendModel)  # noqa: S101 - the line says so
            found |= blend.of_parts() | {"blend": blend}
        elif parts:
            found[parts[0]] = self.model(parts[0], lesson)
        return found


def _crossed(making: _Making, names: Sequence[str], *, use: str) -> Judged:
    """Judged by what models say of rows that they left out."""
    lesson = making.lesson
    models = making.all_of(names)
    said = {name: model.unseen for name, model in models.items() if model.unseen is not None}
    if rarer(lesson.labels) < FEWEST:
        said = {}
    winner = use or _winner(lesson.rows, lesson.labels, said, key=lesson.key) or names[0]
    model = models[winner] if winner in models else making.model(winner)
    return Judged(model, winner, lesson.rows, said)


def _forward(making: _Making, names: Sequence[str], *, use: str) -> Judged:
    """Judged by what models that knew the earlier days only say of the latest ones."""
    lesson = making.lesson
    early, late = _split(lesson, seed=making.learning.seed)
    if late.empty:
        winner = use or ("logistic" if "logistic" in names else "rate")
        return Judged(making.model(winner), winner, late, {}, forward=True)
    few = lesson.of(early.sample(min(len(early), max(TRIED, making.plan.most_rows // 10)), random_state=making.learning.seed).sort_index())
    shifted = _shifted(early, late, lesson.needs)
    dropped: tuple[str, ...] = ()
    said = _told(making, names, few, late)
    winner = use or _winner(late, late[LABEL].to_numpy(), said, key=lesson.key)
    if shifted and len(shifted) < len(lesson.needs):
        steady = _told(making, names, few.without(shifted), late)
        other = use or _winner(late, late[LABEL].to_numpy(), steady, key=lesson.key)
        if _loss(late[LABEL].to_numpy(), steady[other]) < _loss(late[LABEL].to_numpy(), said[winner]):
            said, winner, dropped = steady, other, shifted
    kept = lesson.without(dropped)
    parts = tuple(name for name in names if name in PARTS)
    model = making.model(winner, kept, parts=parts if winner == "blend" else ())
    _settle(model, late[LABEL].to_numpy(), said[winner])
    return Judged(model, winner, late, said, shifted, dropped, forward=True)


def _told(making: _Making, names: Sequence[str], early: Lesson, late: pd.DataFrame) -> dict[str, Floats]:
    models = making.all_of(names, early)
    keyed = late if early.key in late.columns else late.assign(**{early.key: np.arange(len(late))})
    return {name: logit(model.predict(keyed)["value"].clip(EDGE, 1 - EDGE)) for name, model in models.items()}


def _split(lesson: Lesson, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Examples whose labels were known before the latest days, and the examples of those days; empty when there are not enough."""
    rows, at, known = lesson.rows, lesson.rows[lesson.at], lesson.rows[lesson.known or lesson.at]
    for first in _firsts(at):
        late = rows[at >= first]
        early = rows[known <= first] if lesson.known else rows[at < first]
        if rarer(early[LABEL].to_numpy()) < FEWEST:
            break
        if rarer(late[LABEL].to_numpy()) >= JUDGED:
            return early.reset_index(drop=True), late.sample(min(len(late), MOST_JUDGED), random_state=seed).sort_index().reset_index(
                drop=True
            )
    return rows.iloc[:0], rows.iloc[:0]


def _firsts(at: pd.Series) -> list[object]:
    """Where the latest days may begin, the latest first: each day of a panel, or the last fifth and more where nearly every row has its own."""
    days = sorted(at.unique())
    if len(days) <= 60:
        return days[:0:-1]
    ordered = at.sort_values().to_numpy()
    return [ordered[int(len(ordered) * share)] for share in (0.8, 0.7, 0.6, 0.5)]


def _winner(rows: pd.DataFrame, labels: Floats, said: Mapping[str, Floats], *, key: str) -> str:
    """The highest rung that is better than the best of those below in nearly all draws; empty where nothing was judged."""
    if not said:
        return ""
    names = list(said)
    settled = {name: _settled(labels, values) for name, values in said.items()}
    groups = pd.factorize(rows[key])[0] if key in rows.columns and rows[key].duplicated().any() else None
    best = names[0]
    for name in names[1:]:
        if _wins(settled[name] - settled[best], groups):
            best = name
    return best


def _wins(less: Floats, groups: Floats | None) -> bool:
    """Whether log losses are lower on average in nearly all draws of the rows (of the customers)."""
    found = metrics.bootstrap(np.mean, less, n=100, seed=1, level=2 * SURE - 1, groups=groups)
    return found.high < 0


def _settled(labels: Floats, log_odds: Floats) -> Floats:
    """The log loss of each row, after the log-odds were brought to what happened: how well rows are told apart, not how often it happens."""
    shift, slope = platt(log_odds, labels)
    moved = shift + slope * log_odds
    return np.asarray(np.logaddexp(0.0, moved) - labels * moved)


def _loss(labels: Floats, log_odds: Floats) -> float:
    return float(_settled(labels, log_odds).mean())


def _settle(model: PredictorBase, labels: Floats, log_odds: Floats) -> None:
    """Bring the model to the latest days where that saves more than luck would."""
    shift, slope = platt(log_odds, labels)
    saved = float((np.logaddexp(0.0, log_odds) - labels * log_odds).sum() - _settled(labels, log_odds).sum())
    if saved > CURED and slope > 0:
        model.move(shift, slope)


def _shifted(early: pd.DataFrame, late: pd.DataFrame, needs: Sequence[str]) -> tuple[str, ...]:
    """Columns whose later values often lie beyond all earlier ones, or are of kinds never seen."""
    found = []
    for name in needs:
        before, after = early[name].dropna(), late[name].dropna()
        if not len(after) or not len(before):
            continue
        if pd.api.types.is_numeric_dtype(before.dtype) and pd.api.types.is_numeric_dtype(after.dtype):
            strange = (after < before.min()) | (after > before.max())
        else:
            strange = ~after.astype(str).isin(before.astype(str).unique())
        if strange.mean() >= STRANGE:
            found.append(name)
    return tuple(found)
