"""The model that answers a question of the house, chosen on the latest days, with its card and the choice in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zhiyin.core.errors import MissingColumns, TooLittleData, listed
from zhiyin.core.settings import FairnessSettings, LearningSettings
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Card
from zhiyin.learn.fairness import is_protected
from zhiyin.predict.effort import effort
from zhiyin.predict.ladder import Judged, Lesson, rarer
from zhiyin.predict.question import Question
from zhiyin.predict.saying import lacking, rung_words
from zhiyin.predict.scoring import BASELINE, carded, scored
from zhiyin.predict.trust import Beside, trusted
from zhiyin.predict.tuning import learned

__all__ = ["Fitted", "climb"]

_FAIR = FairnessSettings()


@dataclass(frozen=True)
class Fitted:
    """The model that won, its card, how all rungs did, and the choice in words."""

    model: PredictorBase
    card: Card
    scores: pd.DataFrame  # rows of `scorecard`
    verdict: Say


def climb(
    question: Question,
    train: pd.DataFrame,
    *,
    learning: LearningSettings,
    use: str = "",
    beside: Beside | None = None,
    fairness: FairnessSettings = _FAIR,
) -> Fitted:
    """Fit every rung that the data allow, judge each on the latest days, and fit the winner on all examples.

    Args:
        question: what is asked.
        train: features of past days with `customer_id`, `at_on`, `label` and `known_on` (see labels.py).
        learning: how many outcomes each rung needs, the seed, and the seconds that it may take.
        use: a model by the name of its line, instead of the winner.
        beside: protected groups of the customers, by which the model is judged and from which it does not learn.
        fairness: which features are protected, and what a model may do at most.

    Raises:
        MissingColumns: when the examples lack a column.
        TooLittleData: when the question was asked about nobody. With few outcomes rates are used, and the verdict says how many are missing.
    """
    examples = _examples(question, train, seed=learning.seed)
    if examples.empty:
        raise TooLittleData(
            Say(f"{question.asks.zh}没有可学习的样本。", f"{question.asks.en} There are no examples to learn from."),
            got=f"{len(train)} -> 0",
            fix=Say("导入更长的历史。", "Import a longer history."),
        )
    needs = tuple(name for name in question.readable(examples) if not is_protected(name, fairness.protected))
    lesson = Lesson(examples, needs, simple=question.baseline.column, at="at_on", known="known_on")
    plan = effort(len(examples), len(needs), budget_s=learning.budget_s)
    lesson = lesson.at_most(plan.most_rows, seed=learning.seed)
    judged, trials = learned(lesson, plan=plan, learning=learning, use=use)
    usual = judged.rows[question.baseline.column].fillna(0.0).to_numpy(dtype=np.float64)
    scores = scored(judged, question=question.name, key="customer_id", simple=-usual if question.baseline.less else usual)
    card = carded(judged, scores, question=question.name, baseline=question.baseline.words.en)
    card = trusted(replace(card, trials=trials), lesson, judged_by=judged, beside=beside, fairness=fairness)
    return Fitted(judged.model, card, scores, _verdict(question, judged, rarer(lesson.labels), scores=scores, learning=learning))


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


def _verdict(question: Question, judged: Judged, outcomes: int, *, scores: pd.DataFrame, learning: LearningSettings) -> Say:
    """Which model is used and why, for the report."""
    more, called = lacking(outcomes, learning), rung_words(judged.winner)
    if scores.empty:
        return Say(
            f"{question.asks.zh}数据还不够评判，先用{called.zh}。{more.zh}",
            f"{question.asks.en} Too little data to judge: {called.en} is used. {more.en}".rstrip(),
        )
    auc = scores[scores["metric"] == "auc"].set_index("variant")["value"]
    where = (
        Say("", "")
        if judged.forward
        else Say("（最近发生的太少，用没有学过的客户评判）", " (judged on customers left out: too little happened lately)")
    )
    return Say(
        f"{question.asks.zh}采用{called.zh}：排序准确度 {auc[judged.winner]:.3f}，简单办法（{question.baseline.words.zh}）{auc[BASELINE]:.3f}{where.zh}。{more.zh}",
        f"{question.asks.en} {called.en.capitalize()} is used: AUC {auc[judged.winner]:.3f} against {auc[BASELINE]:.3f}"
        f" for {question.baseline.words.en}{where.en}. {more.en}".rstrip(),
    )
