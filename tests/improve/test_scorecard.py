from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns, TooLittleData
from zhiyin.improve.scorecard import METRICS, list_scores, model_scores

AT = date(2026, 11, 1)


def _predictions(
    values: dict[str, float], *, variant: str = "logistic", used: bool = True, question: str = "churn", unit: str = "probability"
) -> pd.DataFrame:
    rows = pd.DataFrame({"customer_id": list(values), "value": list(values.values())})
    return rows.assign(question=question, subject_id="", unit=unit, variant=variant, used=used)


def _labels(values: dict[str, float], question: str = "churn") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": list(values), "label": list(values.values())}).assign(question=question, subject_id=None)


def _figures(scores: pd.DataFrame, variant: str) -> dict[str, float]:
    rows = scores[scores["variant"].eq(variant)]
    return dict(zip(rows["metric"], rows["value"], strict=True))


def test_figures_of_four_customers_are_seen_by_eye() -> None:
    said = _predictions({"a": 0.9, "b": 0.8, "c": 0.2, "d": 0.1})
    baseline = _predictions(dict.fromkeys("abcd", 0.5), variant="rate", used=False)
    scores = model_scores(pd.concat([said, baseline]), _labels({"a": 1, "b": 0, "c": 1, "d": 0}), at=AT, k=2)
    ours, theirs = _figures(scores, "logistic"), _figures(scores, "rate")
    assert (ours["auc"], theirs["auc"]) == (0.75, 0.5)
    assert (ours["precision_at_2"], theirs["precision_at_2"]) == (0.5, 0.5)
    assert ours["lift_at_2"] == 1
    assert ours["log_loss"] == pytest.approx(-np.log([0.9, 0.2, 0.2, 0.9]).mean())
    assert ours["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    # the probabilities add up to 2: a and b are said to leave, one of them did
    assert [ours[name] for name in ("accuracy", "precision", "recall", "f1")] == [0.5, 0.5, 0.5, 0.5]
    assert set(zip(scores["variant"], scores["used"], strict=True)) == {("logistic", True), ("rate", False)}
    assert set(scores["n"]) == {4}


def test_the_interval_holds_the_figure_and_rows_may_stand_in_any_order() -> None:
    rng = np.random.default_rng(1)
    chances = {f"k{number}": chance for number, chance in enumerate(rng.random(400))}
    labels = _labels({customer: float(rng.random() < chance) for customer, chance in chances.items()})
    scores = model_scores(_predictions(chances), labels, at=AT)
    assert ((scores["low"] <= scores["value"]) & (scores["value"] <= scores["high"]))[scores["metric"].ne("ece")].all()
    shuffled = model_scores(_predictions(chances).sample(frac=1, random_state=2), labels.sample(frac=1, random_state=3), at=AT)
    pd.testing.assert_frame_equal(shuffled, scores)


def test_variants_are_compared_over_the_same_customers() -> None:
    said = _predictions({"a": 0.9, "b": 0.1, "c": 0.5, "z": 0.5})
    baseline = _predictions({"a": 0.5, "b": 0.5, "d": 0.5}, variant="rate", used=False)
    scores = model_scores(pd.concat([said, baseline]), _labels({"a": 1, "b": 0, "c": 1, "d": 1}), at=AT)
    assert set(scores["n"]) == {2}


def test_money_is_judged_by_its_errors() -> None:
    said = _predictions({"a": 100.0, "b": 300.0}, question="value", unit="minor")
    scores = model_scores(said, _labels({"a": 200.0, "b": 200.0}, "value"), at=AT)
    assert _figures(scores, "logistic") == {"mean_error": 100, "total_error": 0, "wape": 0.5}


def test_a_score_that_only_orders_customers_has_no_log_loss() -> None:
    days_away = _predictions({"a": -3.0, "b": -40.0}, variant="baseline", used=False)
    scores = model_scores(days_away, _labels({"a": 1, "b": 0}), at=AT)
    assert _figures(scores, "baseline") == {"auc": 1.0, "average_precision": 1.0, "lift_at_100": 1.0, "precision_at_100": 0.5}
    same = model_scores(_predictions({"a": 0.5, "b": 0.1}, unit="score"), _labels({"a": 1, "b": 0}), at=AT)
    assert "log_loss" not in set(same["metric"])


def test_nothing_has_come_of_it_yet() -> None:
    with pytest.raises(TooLittleData, match=r"Nothing has come of these predictions yet.* Got 1 / 0"):
        model_scores(_predictions({"a": 0.5}), _labels({}), at=AT)
    with pytest.raises(MissingColumns, match="predictions lacks columns: unit"):
        model_scores(_predictions({"a": 0.5}).drop(columns="unit"), _labels({}), at=AT)


def _steps(*rows: tuple[str, str, bool, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["customer_id", "question", "listed", "gain"]).assign(subject_id="")


def test_the_list_is_judged_beside_everybody_asked_the_same() -> None:
    steps = _steps(
        ("a", "churn", True, 5.0),
        ("b", "churn", True, 4.0),
        ("c", "churn", True, 1.0),
        ("d", "churn", False, 0.5),
        ("e", "purchase", False, 9.0),
    )
    labels = pd.concat([_labels({"a": 1, "b": 1, "c": 0, "d": 0}), _labels({"e": 1}, "purchase")])
    scores = list_scores(steps, labels, at=AT, k=2).set_index(["metric", "variant"])
    assert scores.loc[("precision_at_2", "list"), ["value", "n"]].tolist() == [1.0, 2]
    assert scores.loc[("precision_at_2", "everyone"), ["value", "n"]].tolist() == [0.5, 4]
    assert scores.loc[("assumed_gain", "list"), ["value", "n"]].tolist() == [10.0, 3]


def test_a_list_of_several_questions_is_also_judged_one_by_one() -> None:
    steps = _steps(("a", "churn", True, 5.0), ("b", "purchase", True, 4.0))
    scores = list_scores(steps, pd.concat([_labels({"a": 1}), _labels({"b": 0}, "purchase")]), at=AT, k=9)
    precision = scores[scores["metric"].eq("precision_at_9") & scores["variant"].eq("list")]
    assert dict(zip(precision["question"], precision["value"], strict=True)) == {"": 0.5, "churn": 1.0, "purchase": 0.0}


def test_an_empty_list_has_no_precision() -> None:
    scores = list_scores(_steps(("a", "churn", False, 0.0)), _labels({"a": 1}), at=AT)
    assert scores["metric"].tolist() == ["assumed_gain"]


def test_every_figure_has_its_words() -> None:
    said = _predictions({"a": 0.9, "b": 0.2})
    names = set(model_scores(said, _labels({"a": 1, "b": 0}), at=AT, k=7)["metric"])
    names |= set(model_scores(_predictions({"a": 9.0}, unit="minor"), _labels({"a": 1}), at=AT)["metric"])
    assert {name.removesuffix("_7") for name in names} <= set(METRICS)
