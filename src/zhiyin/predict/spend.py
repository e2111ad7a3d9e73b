"""How much will this customer spend in the next year, checked against what customers spent since an earlier day?

What a purchase process expects and what was spent so far are two opinions about the same sum. On an earlier day both were asked, and
what came of it says how far each is to be believed: spend a day = level x (process)^a x (so far)^b, by Poisson regression, so that the
total of the earlier days is met exactly and one huge order does not decide.

References:
    Fader, Hardie and Lee (2005), Counting your customers the easy way.
    Santos Silva and Tenreyro (2006), The log of gravity: Poisson regression for money with many zeros.
    Lei et al. (2018), Distribution-free predictive inference for regression (the interval is what the back-test shows).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.learn import metrics
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Baseline, Card, Interval
from zhiyin.learn.verbs import Unit
from zhiyin.predict.value import NEEDS, QUESTION, RepeatValueModel

__all__ = ["Spend", "SpendModel", "fit_spend", "rank_correlation", "total_error"]

Floats = npt.NDArray[np.float64]

FEWEST = 50  # customers of the earlier day, and of them with orders since
FEWEST_DAYS = 28
GROUPS = 8  # of customers of like value, each with its own interval
FOLDS = 5
DRAWS = 100  # of the bootstrap
PENALTY = 1e-3
MODEL, BEFORE = "spend", "same_as_before"


@dataclass
class SpendModel(PredictorBase):
    """The purchase process and the spend so far, weighed by a back-test; the interval holds nine of ten spends of the back-test.

    Examples are histories as of an earlier day; `label` is what was spent in the `seen` days since. After `fit` the model answers as of
    that day; `grown` gives it the histories of today.
    """

    needs: tuple[str, ...] = NEEDS
    key: str = "customer_id"
    days: int = 365
    seen: int = 90  # days of the back-test
    seed: int = 7

    unit: ClassVar[Unit] = "money"  # type: ignore[assignment]
    limits: ClassVar[Say] = Say(
        "假定以后和回测那段时间差不多，不知道季节和促销；看得比回测更远的部分靠购买规律外推。",
        "It takes the future to be like the time of the back-test; beyond its length it rests on the purchase process.",
    )

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Customers who go on as before, some of whom have left."""
        found = RepeatValueModel().example_rows(rows, seed=seed)
        stays = np.random.default_rng(seed + 1).random(rows) < 0.7
        daily = found["spend_all"] / found["tenure_days"].clip(lower=1)
        return found.assign(**{self.label: (daily * self.seen * stays).round()})

    def grown(self, rows: pd.DataFrame) -> SpendModel:
        """The same weights on the histories of a later day."""
        self._must_have_learned()
        self.process_, self.history_ = _process(rows, self.seed), _history(rows)
        return self

    def orders(self, rows: pd.DataFrame) -> Floats:
        """Orders to be expected within `days`, by the purchase process, in proportion to the money that the back-test left of it."""
        plain = np.asarray(self._process().within(rows, days=self.days), dtype=np.float64)
        share = np.divide(self._value(rows), plain, out=np.ones(len(plain)), where=plain > 0)
        return self._process().orders(rows) * share

    def staying(self, rows: pd.DataFrame) -> Floats:
        """Probability that the customer has not left for good."""
        return self._process().staying(rows)

    def _fit(self, examples: pd.DataFrame) -> None:
        rows = examples.sort_values([*self.needs, self.label], ignore_index=True)
        self.process_, self.history_ = _process(rows, self.seed), _history(rows)
        spent = rows[self.label].to_numpy().clip(min=0.0)
        self.small_ = max(float(spent.mean()) / self.seen * 0.05, 1e-6)
        self.weights_ = _weights(self._columns(rows, self.seen), spent / self.seen)
        said = self._daily(rows, self.seen) * self.seen
        edges = np.unique(np.quantile(said, np.linspace(0, 1, GROUPS + 1)[1:-1]))
        group = np.searchsorted(edges, said)
        ratios = [spent[group == number] / said[group == number] for number in range(len(edges) + 1)]
        self.edges_ = edges / self.seen
        self.ends_ = np.array([np.quantile(part, (0.05, 0.95)) if len(part) else (0.0, 1.0) for part in ratios])

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        daily = self._daily(rows, self.days)
        ends = self.ends_[np.searchsorted(self.edges_, daily)]
        value = daily * self.days
        return pd.DataFrame({"value": value, "low": value * ends[:, 0].clip(max=1.0), "high": value * ends[:, 1].clip(min=1.0)})

    def _value(self, rows: pd.DataFrame) -> Floats:
        return self._daily(rows, self.days) * self.days

    def _daily(self, rows: pd.DataFrame, days: int) -> Floats:
        columns = self._columns(rows, days)
        return np.asarray(np.exp(np.minimum(columns @ self.weights_[1:] + self.weights_[0], 700.0)))

    def _columns(self, rows: pd.DataFrame, days: int) -> Floats:
        """Logarithms of what is expected a day by the process, and of what was spent a day so far."""
        expected = self._process().within(rows, days=days).clip(min=0.0) / days
        so_far = rows["spend_all"].to_numpy(dtype=np.float64).clip(min=0.0) / self.history_
        return np.log(np.column_stack([expected, so_far]) + self.small_)

    def _process(self) -> RepeatValueModel:
        made = RepeatValueModel(days=self.days, seed=self.seed)
        vars(made).update(self.process_)
        return made


class Spend(NamedTuple):
    """The model of today, its card, and how the back-test judged it beside the spend before."""

    model: SpendModel
    card: Card
    scores: pd.DataFrame  # rows of `scorecard`
    verdict: Say


def fit_spend(earlier: pd.DataFrame, today: pd.DataFrame, *, days: int = 365, seen: int, seed: int = 7) -> Spend:
    """Weigh the two opinions on an earlier day, judge them on customers left out in turn, and go on with today's histories.

    Args:
        earlier: `profile_at` of the earlier day for customers who had bought: `customer_id`, `at_on`, the columns of `NEEDS`, and `label`,
            the money spent since (minor units); `before`, the money spent in as many days before it, is what it is compared with.
        today: `profile_at` of today.
        days: how far to look ahead.
        seen: days from the earlier day to today.
        seed: of everything random.

    Raises:
        TooLittleData: when too few customers, or days, are there to be judged by.
    """
    back = int((earlier["label"] > 0).sum()) if len(earlier) else 0
    if len(earlier) < FEWEST or back < FEWEST // 2 or seen < FEWEST_DAYS:
        raise TooLittleData(
            Say(
                "历史还不够回测客户价值，先按购买规律估计。",
                "The history is too short to check customer value; the purchase process is used.",
            ),
            got=f"{back} / {len(earlier)}, {seen}",
            fix=Say("导入更长的订单历史。", "Import a longer history of orders."),
        )
    rows = earlier.sort_values("customer_id", kind="stable").reset_index(drop=True)
    said = _left_out(rows, seen=seen, seed=seed)
    scores = _scores(rows, said, seed=seed)
    model = SpendModel(days=days, seen=seen, seed=seed).fit(rows)
    card = replace(
        model.card(), question=QUESTION, metrics=_figures(scores, MODEL), baseline=Baseline("same as before", _figures(scores, BEFORE))
    )
    return Spend(model.grown(today[today["days_all"] > 0]), card, scores, _verdict(scores, seen))


def total_error(truth: npt.ArrayLike, said: npt.ArrayLike) -> float:
    """How far the total is too high (positive) or too low, as a share of what came."""
    real = float(np.sum(np.asarray(truth)))
    return float(np.sum(np.asarray(said))) / real - 1 if real > 0 else float("nan")


def rank_correlation(truth: npt.ArrayLike, said: npt.ArrayLike) -> float:
    """Spearman's correlation: does who was said to spend more do so? NaN where all are alike."""
    places = [pd.Series(np.asarray(column)).rank().to_numpy() for column in (truth, said)]
    return float(np.corrcoef(*places)[0, 1]) if all(place.std() > 0 for place in places) else float("nan")


def _mean_error(truth: npt.ArrayLike, said: npt.ArrayLike) -> float:
    return float(np.abs(np.asarray(said) - np.asarray(truth)).mean())


def _left_out(rows: pd.DataFrame, *, seen: int, seed: int) -> Floats:
    """What is said of each customer over the days since by a model that did not learn from them."""
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    said = np.zeros(len(rows))
    for number in range(FOLDS):
        model = SpendModel(days=seen, seen=seen, seed=seed).fit(rows[fold != number])
        said[fold == number] = model.predict(rows[fold == number])["value"]
    return said


def _scores(rows: pd.DataFrame, said: Floats, *, seed: int) -> pd.DataFrame:
    figures = {"total_error": total_error, "rank_correlation": rank_correlation, "mean_error": _mean_error}
    label = rows["label"].to_numpy(dtype=np.float64).clip(min=0.0)
    variants = {MODEL: said, BEFORE: rows["before"].to_numpy(dtype=np.float64).clip(min=0.0)}
    found = [
        (variant, name, *metrics.bootstrap(figure, label, values, n=DRAWS, seed=seed))
        for variant, values in variants.items()
        for name, figure in figures.items()
    ]
    table = pd.DataFrame(found, columns=["variant", "metric", "value", "low", "high"])
    return table.assign(subject="model", question=QUESTION, at_on=rows["at_on"].max(), n=len(rows), used=table["variant"].eq(MODEL))


def _figures(scores: pd.DataFrame, variant: str) -> dict[str, Interval]:
    rows = scores[scores["variant"].eq(variant) & scores["value"].notna()]
    return {row.metric: Interval(row.value, row.low, row.high) for row in rows.itertuples()}


def _verdict(scores: pd.DataFrame, seen: int) -> Say:
    found = scores.set_index(["variant", "metric"])["value"]
    slots = {f"{name}_{variant}": found[variant, name] for variant in (MODEL, BEFORE) for name in ("total_error", "rank_correlation")}
    return Say(
        "客户价值在过去 {seen} 天回测：合计偏差 {total_error_spend:+.0%}（和以前一样：{total_error_same_as_before:+.0%}），"
        "排序相关 {rank_correlation_spend:.2f}（{rank_correlation_same_as_before:.2f}）。",
        "Customer value, checked on the last {seen} days: total off by {total_error_spend:+.0%} (same as before: "
        "{total_error_same_as_before:+.0%}), rank correlation {rank_correlation_spend:.2f} ({rank_correlation_same_as_before:.2f}).",
    ).fill(seen=seen, **slots)


def _process(rows: pd.DataFrame, seed: int) -> dict[str, object]:
    """What the purchase process learns from histories."""
    made = RepeatValueModel(seed=seed).fit(rows.assign(label=rows["spend_all"]))
    return {name: vars(made)[name] for name in ("buying_", "paying_", "examples_", "outcomes_", "constant_")}


def _history(rows: pd.DataFrame) -> float:
    """Days that the shop was seen before."""
    return float(rows["tenure_days"].max()) if len(rows) and rows["tenure_days"].max() > 0 else 1.0


def _weights(columns: Floats, daily: Floats) -> Floats:
    """Level and powers."""
    from sklearn.linear_model import PoissonRegressor

    middle, scale = columns.mean(axis=0), float(daily.mean())
    if scale <= 0:
        return np.array([-700.0, 0.0, 0.0])
    found = PoissonRegressor(alpha=PENALTY, max_iter=1000, tol=1e-8).fit(columns - middle, daily / scale)
    return np.concatenate([[float(found.intercept_) + np.log(scale) - float(middle @ found.coef_)], found.coef_])
