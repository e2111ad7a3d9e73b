"""Which model answers best, with as much data as there is? Rates, then regression, then boosting, then all of them together.

A rung is tried only with enough outcomes, and taken only when it tells customers whom it had not seen better than the rung below,
by more than luck. Where the examples have days, those customers are the later ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.settings import LearningSettings
from zhiyin.learn import metrics
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import logit
from zhiyin.predict.blend import EDGE, PARTS, BlendModel, new_part
from zhiyin.predict.crossed import platt
from zhiyin.predict.effort import Effort
from zhiyin.predict.folds import folds_of
from zhiyin.predict.rates import rates_told

_Split = tuple[pd.DataFrame, pd.DataFrame]  # earlier, later
Places = npt.NDArray[np.int64]

__all__ = ["DRAWS", "FEWEST", "JUDGED", "LABEL", "Judged", "Lesson", "learn", "rarer", "unseen_loss"]

LABEL = "label"
SINGLE = "single"  # rates of the column that tells most
FEWEST = 10  # outcomes of the rarer kind below which nothing is judged
JUDGED = 30  # outcomes of the rarer kind that the latest days must hold to be judged on
MOST_JUDGED = 10_000  # rows judged at most, drawn by the seed
TRIED = 12_000  # earlier examples that a rung is tried on: enough to see which one tells later customers best
SURE = 0.9  # share of the draws in which a richer rung must be the better one
SURE_OF_ALL = 0.75  # the same for the blend, which one part cannot lead astray, and for another column, which is no richer
DRAWS = 40  # of the bootstrap; more make the run slower and the intervals no different to the eye
SURELY = 3.0  # deviations below one half from which the ranking of a column has turned round
STRANGE = 0.2  # share of later rows beyond all that was seen before, from which a column is called shifted
PANEL_DAYS = 60  # different days up to which rows are about days, not each about its own moment
STRETCHES = (0.55, 0.7, 0.85)  # of the rows in order: where the stretches that are judged begin
FLAT = 1e-3  # slope of what is as good as the same for all
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

    def at_most(self, rows: int, *, seed: int) -> Lesson:
        """The same about so many of the rows, drawn by the seed."""
        return self if len(self.rows) <= rows else self.of(_drawn(self.rows, rows, seed=seed))

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
    names = _rungs(lesson, plan, learning=learning) if lesson.needs else ("rate",)
    names = (*names, use) if use and use not in (*names, "blend") else names
    making = _Making(lesson, plan, learning)
    return _forward(making, names, use=use) if lesson.at else _crossed(making, names, use=use)


def unseen_loss(lesson: Lesson, name: str, *, plan: Effort, learning: LearningSettings) -> float:
    """Mean log loss of one rung on rows that it had not seen (the later ones, where rows have a time), once its level is put right."""
    making = _Making(lesson, plan, learning)
    splits = _splits(making) if lesson.at else []
    if not splits:
        unseen = making.model(name).unseen
        return float("nan") if unseen is None else float(_settled(lesson.labels, unseen).mean())
    block = np.repeat(np.arange(len(splits)), [len(late) for _, late in splits])
    labels = np.concatenate([late[LABEL].to_numpy(dtype=np.float64) for _, late in splits])
    return float(_settled(labels, _told(making, (name,), splits)[name], block).mean())


def rarer(labels: Floats) -> int:
    """How often that happened which happened less often."""
    happened = int((labels > 0).sum())
    return min(happened, len(labels) - happened)


def _rungs(lesson: Lesson, plan: Effort, *, learning: LearningSettings) -> tuple[str, ...]:
    outcomes = rarer(lesson.labels)
    if outcomes < learning.min_outcomes:
        return ("rate",)
    single = (SINGLE,) if lesson.simple else ()  # where a column was named, the most telling one is tried beside it
    enough = outcomes >= learning.boosting_outcomes
    tuned = ("tuned",) if enough and learning.shape else ()
    return ("rate", *single, *(name for name in plan.parts if enough or PARTS[name][0] == "logistic"), *tuned)


@dataclass(frozen=True)
class _Making:
    """How models for a lesson are made."""

    lesson: Lesson
    plan: Effort
    learning: LearningSettings

    def model(self, name: str, lesson: Lesson | None = None, *, parts: tuple[str, ...] = ()) -> PredictorBase:
        """A fitted model; `parts` are those of a blend."""
        about = lesson or self.lesson
        needs = (about.simple,) if name == "rate" and about.simple else about.needs
        own = {"needs": needs, "key": about.key, "seed": self.learning.seed, "folds": self.plan.folds, "threads": self.learning.threads}
        made = new_part("rate" if name == SINGLE else name, shape=self.learning.shape, **own, **({"parts": parts} if parts else {}))
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
    if use in models and use not in said:
        said[use] = _left_out(making, use)
    if rarer(lesson.labels) < FEWEST:
        said = {}
    winner = use or _winner(lesson.rows, lesson.labels, said, key=lesson.key) or names[0]
    model = models[winner] if winner in models else making.model(winner)
    return Judged(model, winner, lesson.rows, said)


def _left_out(making: _Making, name: str) -> Floats:
    """What a model that does not leave rows out by itself says of each part of the rows, learned from the others."""
    lesson = making.lesson
    fold = folds_of(lesson.rows, lesson.key, labels=lesson.labels, folds=making.plan.folds)
    found = np.empty(len(fold))
    for number in np.unique(fold):
        out = lesson.rows[fold == number]
        keyed = out if lesson.key in out.columns else out.assign(**{lesson.key: np.arange(len(out))})
        found[fold == number] = logit(
            making.model(name, lesson.of(lesson.rows[fold != number])).predict(keyed)["value"].clip(EDGE, 1 - EDGE)
        )
    return found


def _forward(making: _Making, names: Sequence[str], *, use: str) -> Judged:
    """Judged by what models that knew the earlier days only say of later ones."""
    lesson = making.lesson
    splits = _splits(making)
    if not splits:  # too little happened lately: customers left out of all days judge
        return _crossed(making, names, use=use)
    late = pd.concat([one for _, one in splits], ignore_index=True)
    block = np.repeat(np.arange(len(splits)), [len(one) for _, one in splits])
    labels = np.asarray(late[LABEL].to_numpy(dtype=np.float64))
    parts = tuple(name for name in names if name in PARTS)
    shifts = _shifts(splits, lesson.needs)
    tried: list[tuple[float, tuple[str, ...], str, dict[str, Floats]]] = []
    for dropped in ((), *shifts):  # the same model without what moved away, without what turned round, and without both
        said = _told(making, _again(tried[0][2], names, parts) if tried else names, splits, without=dropped)
        winner = use or _winner(late, labels, said, key=lesson.key, block=block)
        tried.append((float(_settled(labels, said[winner], block).mean()), dropped, winner, said))
    _, dropped, winner, best = min(tried, key=lambda one: one[0])  # the first, without dropping any, where they are alike
    said = {**tried[0][3], **best}  # what was not tried again stands as it was
    model = making.model(winner, lesson.without(dropped), parts=parts if winner == "blend" else ())
    latest = block == block.max()
    if _settling_helps(labels, said[winner], block):
        _settle(model, labels[latest], said[winner][latest])
    return Judged(model, winner, late, said, shifts[-1] if shifts else (), dropped, forward=True)


def _told(making: _Making, names: Sequence[str], splits: Sequence[_Split], *, without: tuple[str, ...] = ()) -> dict[str, Floats]:
    """What each rung, learned from the earlier examples, says of the later ones, one split after the other."""
    lesson = making.lesson.without(without)
    found: dict[str, list[Floats]] = {}
    for early, late in splits:
        keyed = late if lesson.key in late.columns else late.assign(**{lesson.key: np.arange(len(late))})
        for name, model in making.all_of(names, lesson.of(early)).items():
            found.setdefault(name, []).append(logit(model.predict(keyed)["value"].clip(EDGE, 1 - EDGE)))
    return {name: np.concatenate(parts) for name, parts in found.items() if len(parts) == len(splits)}


def _again(winner: str, names: Sequence[str], parts: Sequence[str]) -> Sequence[str]:
    """The rungs that are tried once more without some columns: what won, or all where a rate did, which reads one column."""
    if winner in ("rate", SINGLE):
        return names
    return parts if winner == "blend" else (winner,)


def _splits(making: _Making) -> list[_Split]:
    """Earlier and later examples, the latest later ones last; none when too little happened.

    Rows about the few days of a panel are judged on the latest of them. Where nearly every row has a time of its own, three successive
    stretches are judged: one alone may be an odd one.
    """
    at = making.lesson.rows[making.lesson.at]
    days = sorted(at.unique())
    if len(days) <= PANEL_DAYS:
        found = next((split for first in days[:0:-1] if (split := _split(making, first, None)) is not None), None)
        return [found] if found else []
    ordered = at.sort_values().to_numpy()
    cuts = [ordered[int(len(ordered) * share)] for share in STRETCHES]
    made = [_split(making, first, last) for first, last in zip(cuts, [*cuts[1:], None], strict=True)]
    return [split for split in made if split is not None]


def _split(making: _Making, first: Any, last: Any) -> _Split | None:  # noqa: ANN401 - a day, a time, or a number that counts rows
    """Some examples whose labels were known before `first`, and of those from then to `last`; None where too little happened in either."""
    lesson = making.lesson
    rows, at = lesson.rows, lesson.rows[lesson.at]
    late = rows[(at >= first) & ((at < last) if last is not None else True)]
    early = rows[rows[lesson.known] <= first] if lesson.known else rows[at < first]
    if rarer(early[LABEL].to_numpy()) < FEWEST or rarer(late[LABEL].to_numpy()) < JUDGED:
        return None
    seed = making.learning.seed
    return _drawn(early, max(TRIED, making.plan.most_rows // 10), seed=seed), _drawn(late, MOST_JUDGED, seed=seed)


def _drawn(rows: pd.DataFrame, most: int, *, seed: int) -> pd.DataFrame:
    """As many of the rows as may be used, in their order."""
    return rows.sample(min(len(rows), most), random_state=seed).sort_index().reset_index(drop=True)


def _winner(rows: pd.DataFrame, labels: Floats, said: Mapping[str, Floats], *, key: str, block: Places | None = None) -> str:
    """The highest rung that is better than the best of those below in nearly all draws; empty where nothing was judged."""
    if not said:
        return ""
    names = list(said)
    settled = {name: _settled(labels, values, block) for name, values in said.items()}
    groups = pd.factorize(rows[key])[0] if key in rows.columns and rows[key].duplicated().any() else None
    best = names[0]
    for name in names[1:]:
        if _wins(
            settled[name] - settled[best], groups, sure=SURE_OF_ALL if name == SINGLE or (name == "blend" and best != "rate") else SURE
        ):
            best = name
    return best


def _wins(less: Floats, groups: Floats | None, *, sure: float) -> bool:
    """Whether log losses are lower on average in nearly all draws of the rows (of the customers)."""
    found = metrics.bootstrap(np.mean, less, n=100, seed=1, level=2 * sure - 1, groups=groups)
    return found.high < 0


def _settled(labels: Floats, log_odds: Floats, block: Places | None = None) -> Floats:
    """The log loss of each row, after the log-odds of its block were brought to what happened: how well rows are told apart, not how often it happens."""
    found = np.empty(len(labels))
    for number in np.unique(block) if block is not None else (0,):
        some = block == number if block is not None else np.ones(len(labels), dtype=bool)
        shift, slope = platt(log_odds[some], labels[some])
        moved = shift + slope * log_odds[some] if slope > 0 else logit(labels[some].mean())  # a model that ranks upside down says nothing
        price = (slope > 0) / some.sum()  # of a slope learned from the rows that it is judged on: one nat (Akaike 1974)
        found[some] = np.logaddexp(0.0, moved) - labels[some] * moved + price
    return found


def _settling_helps(labels: Floats, log_odds: Floats, block: Places) -> bool:
    """Whether what was brought to each stretch would not have told the next one worse; yes where there is one stretch only."""
    saved = 0.0
    for number in range(1, int(block.max()) + 1):
        before, now = block == number - 1, block == number
        shift, slope = platt(log_odds[before], labels[before])
        moved = shift + max(slope, FLAT) * log_odds[now]
        saved += float((np.logaddexp(0.0, log_odds[now]) - np.logaddexp(0.0, moved) + labels[now] * (moved - log_odds[now])).sum())
    return saved > -CURED


def _settle(model: PredictorBase, labels: Floats, log_odds: Floats) -> None:
    """Bring the model to the latest days where that saves more than luck would; what ranks them upside down says how often it happens, for all."""
    shift, slope = platt(log_odds, labels)
    if slope <= 0:
        shift, slope = float(logit(labels.mean()) - FLAT * log_odds.mean()), FLAT
    moved = shift + slope * log_odds
    saved = float((np.logaddexp(0.0, log_odds) - labels * log_odds).sum() - (np.logaddexp(0.0, moved) - labels * moved).sum())
    if saved > CURED:
        model.move(shift, slope)


def _shifts(splits: Sequence[_Split], needs: Sequence[str]) -> list[tuple[str, ...]]:
    """Columns that later rows may be told better without: those whose values moved away, those that say the contrary, and both; the widest last."""
    moved = {name for name in needs if any(_strange(early[name].dropna(), late[name].dropna()) >= STRANGE for early, late in splits)}
    turned = {name for name in needs if 2 * sum(_turned(early, late, name) for early, late in splits) >= len(splits)}  # mostly, not once
    sets = sorted(
        {tuple(name for name in needs if name in some) for some in (moved, turned, moved | turned)}, key=lambda one: (len(one), one)
    )
    return [one for one in sets if 0 < len(one) < len(needs)]


def _strange(before: pd.Series, after: pd.Series) -> float:
    """Share of the values after that are unlike all before."""
    if not len(before) or not len(after):
        return 0.0
    if pd.api.types.is_numeric_dtype(before.dtype) and pd.api.types.is_numeric_dtype(after.dtype):
        return float(((after < before.min()) | (after > before.max())).mean())
    return float((~after.astype(str).isin(before.astype(str).unique())).mean())


def _turned(early: pd.DataFrame, late: pd.DataFrame, name: str) -> bool:
    """Whether those of whom the column alone said it earlier are now those to whom it happens less often, by more than luck."""
    labels = late[LABEL].to_numpy(dtype=np.float64)
    said = rates_told(early, late, name=name)
    happened = int(labels.sum())
    luck = np.sqrt(
        (len(labels) + 1) / (12.0 * max(happened, 1) * max(len(labels) - happened, 1))
    )  # of an AUC where nothing is told (Hanley and McNeil 1982)
    return bool(metrics.auc(labels, said) < 0.5 - SURELY * luck)
