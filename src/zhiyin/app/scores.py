"""The scorecard as people read it: the figure in use beside its baseline, the mean over days beside each day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.learn.registry import model_words

__all__ = ["HEADLINES", "SMALLER_IS_BETTER", "headline", "metric_words", "question_words", "variant_words"]

SMALLER_IS_BETTER = frozenset({"log_loss", "ece", "brier", "wape", "mean_error", "churn_rate", "no_need_wrong"})
_Row = Mapping[str, object]
HEADLINES = ("auc", "ece", "precision_at_100", "recall_at_10", "ndcg_at_10")
_QUESTIONS = {
    "purchase": Say("近期会下单", "buys soon"),
    "churn": Say("会流失", "leaves"),
    "spend_halves": Say("消费减半", "spend halves"),
    "campaign_answer": Say("响应活动", "answers the campaign"),
    "category_raise": Say("再买某个品类", "buys a category again"),
    "call_answer": Say("打电话会有意向", "says yes when called"),
    "uplift": Say("联系能改变谁", "whom a contact changes"),
    "next_order": Say("下次下单的日子", "days to the next order"),
    "value": Say("未来一年的消费", "spend of the next year"),
    "segment": Say("行为分群", "behaviour groups"),
    "repeat": Say("推荐：再买", "offer: buy again"),
    "new": Say("推荐：新品", "offer: new"),
    "recommend": Say("推荐商品", "products to offer"),
    "lead_buys": Say("第一次下单", "places a first order"),
    "list": Say("今天的名单", "today's list"),
    "kpi": Say("经营指标", "business figure"),
    "demand_category": Say("各品类每周销量", "weekly sales of the categories"),
    "demand_total": Say("全店每周销量", "weekly sales of the shop"),
}
_METRICS = {
    "auc": Say("排序准确度 AUC", "AUC"),
    "ece": Say("概率偏差 ECE", "calibration error"),
    "recall_at_10": Say("前10个推荐的覆盖率", "recall at 10"),
    "ndcg_at_10": Say("前10个推荐的 NDCG", "NDCG at 10"),
    "rank_correlation": Say("消费排序的相关", "rank correlation of spend"),
    "concordance": Say("谁先来的说对率", "who comes first, said right"),
    "inside_interval": Say("落在 90% 区间里的比例", "share inside the 90 % interval"),
    "no_need_wrong": Say("判为无需求却买了的通话", "calls judged no need that bought"),
    "qini": Say("按联系作用排序的 Qini", "Qini of the order by effect"),
    "auuc": Say("联系作用曲线下的面积", "area under the uplift curve"),
    "uplift_at_30": Say("前三成联系带来的提升", "uplift of the best 30 %"),
    "average_precision": Say("名单靠前的准度", "average precision"),
    "log_loss": Say("概率的意外程度", "log loss"),
    "accuracy": Say("判断正确率", "accuracy"),
    "accuracy_no_model": Say("不用模型的正确率", "accuracy without a model"),
    "precision": Say("判中率", "precision"),
    "recall": Say("找全率", "recall"),
    "f1": Say("判中与找全的均衡 F1", "F1"),
    "wape": Say("误差占合计的比例", "error share"),
    "mean_error": Say("平均误差", "mean error"),
    "total_error": Say("合计偏差", "error of the total"),
    "incremental_gain": Say("每次联系多带来的消费", "spend added by a contact"),
    "incremental_rate": Say("联系带来的购买率提升", "purchases added by a contact"),
    "assumed_gain": Say("期望增益（按假设）", "expected gain (assumed)"),
    "conversion_rate": Say("转化率", "conversion rate"),
    "campaign_conversion": Say("活动响应率", "campaign answers"),
    "churn_rate": Say("流失率", "churn rate"),
    "repurchase_rate": Say("复购率", "repurchase rate"),
}
_VARIANTS = {
    "model": Say("在用的模型", "model in use"),
    "baseline": Say("简单办法", "simple rule"),
    "list": Say("名单", "list"),
    "everyone": Say("全部客户", "everybody"),
    "now": Say("本期", "this period"),
    "before": Say("上期", "period before"),
    "popular": Say("热销", "best sellers"),
    "same_as_before": Say("和以前一样", "same as before"),
    "usual_gap": Say("平时的间隔", "usual gap"),
    "uplift": Say("按联系的作用", "by the effect of a contact"),
    "response": Say("按购买可能性", "by the chance to buy"),
    "random": Say("随机", "at random"),
    "counts": Say("购买次数", "purchase counts"),
    "learned": Say("学到的权重", "learned weights"),
    "forecaster": Say("预测器", "forecaster"),
    "usual": Say("平时水平", "usual level"),
    "last_week": Say("和上周一样", "same as last week"),
}


def question_words(row: _Row) -> Say:
    """What a row of `scorecard`, `prediction` or `model` is about, in words."""
    name = str(row.get("question") or row.get("subject") or "")
    return _QUESTIONS.get(name, Say(name, name))


def metric_words(row: _Row) -> Say:
    """What is measured, in words; METRICS of improve.scorecard says it in a sentence."""
    name = str(row["metric"])
    start, at, k = name.rpartition("_at_")
    if at and start in _AT:
        return _AT[start].fill(k=k)
    return _METRICS.get(name, Say(name, name))


_AT = {"precision": Say("前{k}名命中率", "precision at {k}"), "lift": Say("前{k}名提升倍数", "lift at {k}")}


def variant_words(name: object) -> Say:
    """The way in which a figure came about, or what it is compared with, in words; a model that a newcomer wrote keeps its name."""
    return _VARIANTS.get(str(name)) or model_words(str(name))


def headline(rows: Sequence[_Row], *, currency: str) -> list[dict[str, object]]:
    """One row a figure: the variant in use with its interval, and the best baseline of the same day.

    What could not be computed, for example because nobody answered, is left out.

    Args:
        rows: rows of the table `scorecard`.
        currency: of the gains.

    Returns:
        The row in use with `text` (the figure as people read it), `baseline`, `baseline_text`, `baseline_name` (empty where
        nothing was compared) and `better`.
    """
    groups: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[(row["subject"], row["question"], row["metric"], row["at_on"])].append(row)
    return [
        _beside(group, currency)
        for _, group in sorted(groups.items(), key=lambda item: tuple(map(str, item[0])))
        if _is_known(_used(group))
    ]


def _used(group: Sequence[_Row]) -> _Row:
    return next((row for row in group if row["used"]), group[0])


def _beside(group: Sequence[_Row], currency: str) -> dict[str, object]:
    used = _used(group)
    smaller = str(used["metric"]) in SMALLER_IS_BETTER
    known = [row for row in group if row is not used and _is_known(row)]
    others = [row for row in known if str(row["variant"]).startswith("baseline")] or known
    best = min(others, key=lambda row: _figure(row) if smaller else -_figure(row), default=None)
    value = _figure(used)
    baseline = None if best is None else _figure(best)
    if used["metric"] == "total_error" and best is not None:
        better = abs(value) < abs(_figure(best))
    else:
        better = baseline is not None and (value < baseline if smaller else value > baseline)
    texts = {"text": _text(used, value, currency), "baseline_text": "" if baseline is None else _text(used, baseline, currency)}
    return {**_clean(used), **texts, "baseline": baseline, "baseline_name": best["variant"] if best else "", "better": better}


def _text(row: _Row, value: float, currency: str) -> str:
    """Money for gains, a plain number for the rest."""
    return money_text(value, currency) if str(row["metric"]).endswith("_gain") else f"{value:.3f}"


def _clean(row: _Row) -> dict[str, object]:
    """The row with None where a bound is not a number."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


def _is_known(row: _Row) -> bool:
    return row["value"] is not None and not math.isnan(_figure(row))


def _figure(row: _Row) -> float:
    return float(str(row["value"]))
