"""How good were the models and the list, each beside its baseline, judged by what came after?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.improve.rows import Score, as_rows, need, wilson
from zhiyin.learn.card import Interval
from zhiyin.learn.metrics import auc, average_precision, bootstrap, ece, lift_at, log_loss, precision_at, wape

__all__ = ["METRICS", "list_scores", "model_scores"]

Metric = Callable[..., float]
Floats = npt.NDArray[np.float64]

_ASKED = ("customer_id", "question", "subject_id")
_DRAWS = 60
_DRAWN_ROWS = 1_000_000  # rows drawn per figure at most: 60 draws of 16 000 rows; larger tables have narrow intervals anyway
_FEWEST_DRAWS = 20
_UNKNOWN = float("nan")
_LARGE = 1_000  # rows above which only the headlines get an interval: ten figures of all questions took 8 s of a 40 s run
_HEADLINES = ("auc", "precision_at")

# What each figure of the scorecard means; {k} is the size of the list.
METRICS: dict[str, Say] = {
    "auc": Say("任取一位发生的和一位没发生的客户，排对先后的机会", "chance to order one who did and one who did not correctly"),
    "average_precision": Say("名单越靠前越准的程度", "how pure the top of the list is"),
    "log_loss": Say("概率的平均意外程度，越小越好", "mean surprise of the probabilities, smaller is better"),
    "ece": Say("说的概率与实际的平均差距，越小越好", "mean distance between what was said and what happened, smaller is better"),
    "precision_at": Say("前 {k} 名里说中的比例", "share of the best {k} in which it happened"),
    "lift_at": Say("前 {k} 名比平均水平高多少倍", "how many times more often among the best {k} than among all"),
    "accuracy": Say("判断正确的比例", "share judged correctly"),
    "precision": Say("判为会发生的客户里真的发生的比例", "share of those said to, who did"),
    "recall": Say("真的发生的客户里被判出来的比例", "share of those who did, who were said to"),
    "f1": Say("上面两项的调和平均", "harmonic mean of the two above"),
    "wape": Say("误差合计占实际合计的比例，越小越好", "all errors as a share of all that was there, smaller is better"),
    "mean_error": Say("平均每位客户差多少，越小越好", "mean distance per customer, smaller is better"),
    "total_error": Say("合计高估（正）或低估（负）的比例", "how far the total is too high (positive) or too low"),
    "recall_at": Say("买的东西里，前 {k} 个推荐覆盖的比例", "share of what was bought that the best {k} recommendations held"),
    "ndcg_at": Say("前 {k} 个推荐里，买的东西排得多靠前", "how far up among the best {k} recommendations the bought ones stand"),
    "assumed_gain": Say("名单合计的期望增益（按假设）", "expected gain of the whole list (by assumption)"),
    "incremental_gain": Say("每联系一位客户多带来的消费（对照试验）", "spend that a contact adds per customer (experiment)"),
    "incremental_rate": Say("联系带来的购买率提升（对照试验）", "share of customers who bought because of the contact (experiment)"),
    "conversion_rate": Say("访问过的客户里下单的比例", "share of visitors who bought"),
    "campaign_conversion": Say("联系过的客户里响应活动的比例", "share of those contacted who answered the campaign"),
    "churn_rate": Say("上一期买过、这一期没买的比例", "share of the customers of the period before who did not buy again"),
    "no_need_wrong": Say("判为「无需求」的通话里，之后下了单的比例", "share of calls judged no need whose customer ordered after"),
    "repurchase_rate": Say("买过的客户里买了两次以上的比例", "share of buyers who bought at least twice"),
}  # fmt: skip


def model_scores(predictions: pd.DataFrame, labels: pd.DataFrame, *, at: date, k: int = 100, seed: int = 7) -> pd.DataFrame:
    """One row per question, figure and variant (the model in use, its baseline, others), over the same customers for all variants.

    Args:
        predictions: customer_id, question, subject_id, value, unit (probability, minor, days, or score for what only orders
            customers), variant, used: as predicted at `at`.
        labels: customer_id, question, subject_id, label: what came of it, 0 or 1, or money; who has no label is not judged.
        at: the day of the predictions.
        k: the size of the list that precision and lift look at.
        seed: of the bootstrap.

    Returns:
        Rows of table `scorecard`, subject "model"; a question without labels has none.

    Raises:
        TooLittleData: when no prediction has a label.
    """
    need(predictions, (*_ASKED, "value", "unit", "variant", "used"), what="predictions")
    need(labels, (*_ASKED, "label"), what="labels")
    judged = _asked(predictions).merge(_asked(labels), on=list(_ASKED), validate="many_to_one")
    if judged.empty:
        raise TooLittleData(
            Say("预测之后还没有结果，无法打分。", "Nothing has come of these predictions yet, so they cannot be judged."),
            got=f"{len(predictions)} / {len(labels)}",
            fix=Say("等预测期过完再打分，或选更早的日期。", "Wait until the horizon is over, or choose an earlier day."),
        )
    judged = _by_all_variants(judged)
    return as_rows(_model_scores(judged, at=at, k=k, seed=seed))


def list_scores(steps: pd.DataFrame, labels: pd.DataFrame, *, at: date, k: int = 100) -> pd.DataFrame:
    """How often it happened among the best `k` of the list, beside how often among everybody who could have been listed.

    Only `incremental_gain` (see `improve.effects`) says what contacting brought; `assumed_gain` repeats what was assumed.

    Args:
        steps: table `next_step` as of `at`.
        labels: customer_id, question, subject_id, label (0 or 1) of the questions that the steps rest on.
        at: the day of the list.
        k: how many of the list, those with the largest gain.

    Returns:
        Rows of table `scorecard`, subject "list", question empty for all together and named where several are mixed.
    """
    need(steps, (*_ASKED, "listed", "gain"), what="next_step")
    need(labels, (*_ASKED, "label"), what="labels")
    judged = _asked(steps).merge(_asked(labels), on=list(_ASKED), validate="one_to_one")
    top = judged[judged["listed"]].sort_values(["gain", "customer_id"], ascending=[False, True]).head(k)
    listed = steps[steps["listed"].astype(bool)]
    total = Interval(float(listed["gain"].sum()), float("nan"), float("nan"))
    scores = [Score("list", "", "assumed_gain", at, "list", total, len(listed), True)]
    questions = sorted(top["question"].unique())
    for question in ["", *(questions if len(questions) > 1 else [])]:
        ours, all_ = (rows if question == "" else rows[rows["question"].eq(question)] for rows in (top, judged))
        alike = all_[all_["question"].isin(ours["question"])]
        for variant, rows, used in (("list", ours, True), ("everyone", alike, False)):
            share = wilson(int(rows["label"].sum()), len(rows))
            scores += [Score("list", question, f"precision_at_{k}", at, variant, share, len(rows), used)] if len(rows) else []
    return as_rows(scores)


def _asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Without subject is one value, whether it came as empty text or as nothing."""
    return rows.assign(subject_id=rows["subject_id"].astype(object).where(rows["subject_id"].notna(), ""))


def _by_all_variants(judged: pd.DataFrame) -> pd.DataFrame:
    """Only rows that all variants of the question answered: figures side by side are about the same customers."""
    variants = judged.groupby("question")["variant"].transform("nunique")
    answered = judged.groupby(list(_ASKED))["variant"].transform("nunique")
    return judged[answered.eq(variants)]


def _model_scores(judged: pd.DataFrame, *, at: date, k: int, seed: int) -> Iterator[Score]:
    order = ["question", "used", "variant"]
    for (question, used, variant), rows in judged.sort_values([*order, *_ASKED]).groupby(order, sort=True):
        truth, said = rows["label"].to_numpy("float64"), rows["value"].to_numpy("float64")
        metrics = _metrics(str(rows["unit"].iloc[0]), said, k=k)
        draws = int(np.clip(_DRAWN_ROWS // len(rows), _FEWEST_DRAWS, _DRAWS))
        groups = pd.factorize(rows["customer_id"])[0]  # one customer asked about several categories is one draw
        for name, metric in metrics.items():
            if len(rows) > _LARGE and not name.startswith(_HEADLINES):
                yield Score(
                    "model", str(question), name, at, str(variant), Interval(metric(truth, said), _UNKNOWN, _UNKNOWN), len(rows), bool(used)
                )
                continue
            figure = bootstrap(metric, truth, said, n=draws, seed=seed, groups=groups)
            yield Score("model", str(question), name, at, str(variant), figure, len(rows), bool(used))


def _metrics(unit: str, said: Floats, *, k: int) -> dict[str, Metric]:
    """The figures that fit what was said: an amount, a probability, or a score that only orders customers."""
    if unit in ("minor", "days"):
        return _AMOUNTS
    order = {"auc": auc, "average_precision": average_precision}
    top = {f"precision_at_{k}": partial(precision_at, k=k), f"lift_at_{k}": partial(lift_at, k=k)}
    if unit != "probability" or (said < 0).any() or (said > 1).any():
        return {**order, **top}
    verdicts = {name: partial(_judged, figure=name) for name in ("accuracy", "precision", "recall", "f1")}
    return {**order, "log_loss": log_loss, "ece": ece, **top, **verdicts}


def _judged(labels: Floats, values: Floats, *, figure: str) -> float:
    """A figure of the verdict: as many of the likeliest as the probabilities add up to are said to do it.

    A cut at one half would say of a rare outcome that it never happens; this one is as calibrated as the probabilities are.
    """
    said = np.zeros(len(values), dtype=bool)
    said[np.argsort(-values, kind="stable")[: max(round(float(values.sum())), 1)]] = True
    did = labels > 0.5
    hits = float((said & did).sum())
    found = {
        "accuracy": float((said == did).mean()),
        "precision": hits / float(said.sum()),
        "recall": hits / float(did.sum()) if did.any() else float("nan"),
        "f1": 2 * hits / float(said.sum() + did.sum()),
    }
    return found[figure]


def _mean_error(labels: Floats, values: Floats) -> float:
    return float(np.abs(values - labels).mean())


def _total_error(labels: Floats, values: Floats) -> float:
    return float(values.sum() / labels.sum() - 1) if labels.sum() > 0 else float("nan")


_AMOUNTS: dict[str, Metric] = {"wape": wape, "mean_error": _mean_error, "total_error": _total_error}
