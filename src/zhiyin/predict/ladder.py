"""Which model answers best, with as much data as there is? Rates, then logistic regression, then boosting, then both.

A rung is tried only with enough outcomes, and taken only when it ranks later customers better than the rung below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from zhiyin.core.errors import MissingColumns, TooLittleData, listed
from zhiyin.core.settings import LearningSettings
from zhiyin.core.words import Say
from zhiyin.learn import metrics
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Baseline, Card, Interval
from zhiyin.learn.registry import model_words
from zhiyin.predict.making import new_model
from zhiyin.predict.question import Question

__all__ = ["Fitted", "climb"]

FEWEST = 10  # outcomes of the rarer kind below which nothing is learned
JUDGED = 30  # outcomes of the rarer kind that the latest days must hold to be judged on
BETTER = 0.002  # AUC that a richer model must gain
MOST_JUDGED = 10_000  # rows judged at most, drawn by the seed
AT = 100  # length of the list that precision is counted on
DRAWS = 40  # of the bootstrap; more make the run slower and the intervals no different to the eye
TRIED = 12_000  # examples that boosting is tried on: one quick fit shows whether it ranks better
BASELINE = "baseline"


@dataclass(frozen=True)
class Fitted:
    """The model that won, its card, how all rungs did, and the choice in words."""

    model: PredictorBase
    card: Card
    scores: pd.DataFrame  # rows of `scorecard`
    verdict: Say


def climb(question: Question, train: pd.DataFrame, *, learning: LearningSettings, use: str = "") -> Fitted:
    """Fit every rung that the data allow, judge each on the latest days, and fit the winner on all examples.

    In one thread: with some ten thousand rows a second one gains a tenth of a second, and where another program has its
    processor it costs seconds (measured beside one: 16 s against 0.8 s for five questions).

    Args:
        question: what is asked.
        train: features of past days with `customer_id`, `at_on`, `label` and `known_on` (see labels.py).
        learning: how many outcomes each rung needs, and the seed.
        use: a model by the name of its line, instead of the winner.

    Raises:
        MissingColumns: when the examples lack a column.
        TooLittleData: when the question was asked about nobody. With few outcomes rates are used, and the verdict says how many are missing.
    """
    examples = _examples(question, train, seed=learning.seed)
    outcomes = _rarer(examples["label"])
    if examples.empty:
        raise TooLittleData(
            Say(f"{question.asks.zh}没有可学习的样本。", f"{question.asks.en} There are no examples to learn from."),
            got=f"{len(train)} -> 0",
            fix=Say("导入更长的历史。", "Import a longer history."),
        )
    settings = {"needs": question.readable(examples), "seed": learning.seed}
    names = [name for name in _rungs(outcomes, learning) if settings["needs"] or name == "rate"]
    names += [use] if use and use not in names else []
    early, late = _split(examples, seed=learning.seed)
    said = _judged(question, names, early, late, settings)
    winner = use or _winner(late, said, names)
    model = _made(question, winner, settings).fit(examples)
    scores = _scores(question, late, said, winner)
    bins = metrics.calibration_bins(late["label"], said[winner]) if said else ()
    card = replace(_card(question, model, scores), calibration=bins)
    return Fitted(model, card, scores, _verdict(question, winner, outcomes, scores, learning))


def _examples(question: Question, train: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    missing = [name for name in ("customer_id", "at_on", "label", "known_on") if name not in train.columns]
    if missing:
        raise MissingColumns(
            Say(f"样本缺少列：{'、'.join(missing)}。", f"The examples lack {', '.join(missing)}."),
            got=listed(train.columns),
            fix=Say("用 labels 计算标签并与特征合并。", "Make labels with predict.labels and join them to the features."),
        )
    known = train[train["label"].notna()]
    if question.learns_from is not None:
        known = known[question.learns_from(known)]
    known = known[question.population(known)] if len(known) > question.most_rows else known
    if len(known) > question.most_rows:  # drawn before the ratios are made: those of half a million rows take seconds
        known = known.sample(question.most_rows, random_state=seed)
    kept = question.rows(known)
    return kept.sort_values(["at_on", "customer_id"], kind="stable").reset_index(drop=True)


def _rarer(labels: pd.Series) -> int:
    happened = int((labels > 0).sum())
    return min(happened, len(labels) - happened)


def _rungs(outcomes: int, learning: LearningSettings) -> list[str]:
    rungs = ["rate"]
    if outcomes >= learning.min_outcomes:
        rungs.append("logistic")
    if outcomes >= learning.boosting_outcomes:
        rungs += ["boosting", "blend"]
    return rungs


def _split(examples: pd.DataFrame, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Examples whose labels were known before the latest days, and the examples of those days; empty when there are not enough."""
    days = sorted(examples["at_on"].unique(), reverse=True)
    for count in range(1, len(days)):
        late = examples[examples["at_on"].isin(days[:count])]
        early = examples[examples["known_on"] <= days[count - 1]]
        if _rarer(early["label"]) < FEWEST:
            break
        if _rarer(late["label"]) >= JUDGED:
            return early, late.sample(min(len(late), MOST_JUDGED), random_state=seed).reset_index(drop=True)
    return examples.iloc[:0], examples.iloc[:0]


def _judged(
    question: Question, names: list[str], early: pd.DataFrame, late: pd.DataFrame, settings: Mapping[str, object]
) -> dict[str, np.ndarray]:
    """What each rung, learned from the early examples, says about the late ones."""
    if late.empty:
        return {}
    simple = late[question.baseline.column].fillna(0.0).to_numpy(dtype=np.float64)
    said = {BASELINE: -simple if question.baseline.less else simple}
    parts = [name for name in names if name != "blend"]
    few = early.sample(min(len(early), TRIED), random_state=int(str(settings["seed"])))
    for name in parts:
        quick = new_model(name, **settings, folds=1) if name in ("boosting", "forest") else _made(question, name, settings)
        said[name] = quick.fit(few if name in ("boosting", "forest") else early).predict(late)["value"].to_numpy()
    if "blend" in names:
        both = np.clip(np.stack([said["logistic"], said["boosting"]]), 1e-12, 1 - 1e-12)
        odds = np.exp(np.log(both / (1 - both)).mean(axis=0))
        said["blend"] = odds / (1 + odds)
    return said


def _made(question: Question, name: str, settings: Mapping[str, object]) -> PredictorBase:
    return new_model(name, **{**settings, "needs": (question.baseline.column,)}) if name == "rate" else new_model(name, **settings)


def _winner(late: pd.DataFrame, said: Mapping[str, np.ndarray], names: list[str]) -> str:
    """The highest rung that ranks later customers better than all below; without judgement the lowest that learns from all columns."""
    if not said:
        return "logistic" if "logistic" in names else "rate"
    best = names[0]
    for name in names[1:]:
        if metrics.auc(late["label"], said[name]) > metrics.auc(late["label"], said[best]) + BETTER:
            best = name
    return best


def _scores(question: Question, late: pd.DataFrame, said: Mapping[str, np.ndarray], winner: str) -> pd.DataFrame:
    """Rows of `scorecard`: every rung and the baseline on the latest days."""
    figures: dict[str, Callable[..., float]] = {"auc": metrics.auc, f"precision_at_{AT}": partial(metrics.precision_at, k=AT)}
    chances: dict[str, Callable[..., float]] = {"log_loss": metrics.log_loss, "ece": metrics.ece}
    customers = pd.factorize(late["customer_id"])[0] if late["customer_id"].duplicated().any() else None
    rows = []
    for variant, values in said.items():
        draws = DRAWS if variant in (BASELINE, winner) else 0  # an interval for those that are compared: each draw sorts all rows
        for name, metric in (figures if variant == BASELINE else figures | chances).items():
            found = metrics.bootstrap(metric, late["label"], values, n=draws, seed=1, groups=customers)
            rows.append((variant, name, *found))
    table = pd.DataFrame(rows, columns=["variant", "metric", "value", "low", "high"])
    at = late["at_on"].max() if len(late) else None
    return table.assign(subject="model", question=question.name, at_on=at, n=len(late), used=table["variant"] == winner)


def _card(question: Question, model: PredictorBase, scores: pd.DataFrame) -> Card:
    def figures(rows: pd.DataFrame) -> dict[str, Interval]:
        return {row.metric: Interval(row.value, row.low, row.high) for row in rows.itertuples()}

    simple = Baseline(question.baseline.words.en, figures(scores[scores["variant"] == BASELINE]))
    return replace(model.card(), question=question.name, metrics=figures(scores[scores["used"]]), baseline=simple)


def _verdict(question: Question, winner: str, outcomes: int, scores: pd.DataFrame, learning: LearningSettings) -> Say:
    """Which model is used and why, for the report."""
    lacking = learning.min_outcomes - outcomes
    more_zh = f"再有 {lacking} 条结果即可用回归模型。" if lacking > 0 else ""
    more_en = f" {lacking} more outcomes allow a regression." if lacking > 0 else ""
    called = model_words(winner).zh
    if scores.empty:
        return Say(
            f"{question.asks.zh}数据还不够评判，先用{called}。{more_zh}",
            f"{question.asks.en} Too little data to judge: {winner} is used.{more_en}",
        )
    auc = scores[scores["metric"] == "auc"].set_index("variant")["value"]
    return Say(
        f"{question.asks.zh}采用{called}：排序准确度 {auc[winner]:.3f}，简单办法（{question.baseline.words.zh}）{auc[BASELINE]:.3f}。{more_zh}",
        f"{question.asks.en} {winner} is used: AUC {auc[winner]:.3f} against {auc[BASELINE]:.3f} for {question.baseline.words.en}.{more_en}",
    )
