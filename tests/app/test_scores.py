import pytest

from zhiyin.app.scores import headline, metric_words, question_words, variant_words
from zhiyin.improve.scorecard import METRICS


def _row(variant, value, *, metric="auc", used=False, at="2026-01-01"):
    return {
        "subject": "model", "question": "purchase", "metric": metric, "at_on": at, "variant": variant,
        "value": value, "low": float("nan"), "high": float("nan"), "n": 9, "used": used,
    }  # fmt: skip


def test_the_variant_in_use_stands_beside_its_baseline():
    (score,) = headline([_row("logistic", 0.8, used=True), _row("boosting", 0.9), _row("baseline", 0.7)], currency="CNY")
    assert (score["variant"], score["baseline"], score["better"]) == ("logistic", 0.7, True)
    assert (score["text"], score["baseline_text"], score["low"]) == ("0.800", "0.700", None)


@pytest.mark.parametrize(("metric", "better"), [("ece", False), ("auc", True)])
def test_smaller_is_better_for_errors(metric, better):
    (score,) = headline([_row("logistic", 0.3, metric=metric, used=True), _row("baseline", 0.1, metric=metric)], currency="CNY")
    assert score["better"] is better


def test_a_figure_without_a_peer_has_no_baseline():
    (score,) = headline([_row("list", 1234.0, metric="assumed_gain", used=True)], currency="CNY")
    assert (score["text"], score["baseline"], score["baseline_text"]) == ("¥12.34", None, "")


def test_what_is_not_a_number_is_left_out():
    assert headline([_row("logistic", float("nan"), used=True), _row("baseline", 0.7)], currency="CNY") == []


def test_each_day_is_a_row_of_its_own():
    scores = headline([_row("a", 0.8, used=True), _row("a", 0.9, used=True, at="2026-02-01")], currency="CNY")
    assert [score["at_on"] for score in scores] == ["2026-01-01", "2026-02-01"]


def test_words_for_people():
    assert question_words({"question": "churn"}).en == "leaves"
    assert question_words({"question": "", "subject": "kpi"}).zh == "经营指标"
    assert metric_words({"metric": "precision_at_50"}).en == "precision at 50"
    assert metric_words({"metric": "lift_at_100"}).zh == "前100名提升倍数"
    assert metric_words({"metric": "brier"}).en == "brier"
    assert variant_words("before").zh == "上期"
    assert variant_words("HalfModel").zh == "HalfModel"


def test_every_figure_of_the_scorecard_has_words():
    named = [metric.replace("_at", "_at_10") if metric.endswith("_at") else metric for metric in METRICS]
    assert [metric for metric in named if metric_words({"metric": metric}).zh == metric] == []
