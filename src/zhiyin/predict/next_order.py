"""When will this customer order next?

The time to the next order is a regression of its logarithm (lognormal), in which customers who have not ordered yet count as "later than
today". The median is the answer; nine of ten next orders come between low and high.

References:
    Olsen (1978), Note on the uniqueness of the maximum likelihood estimator for the Tobit model (the parameters that make it convex).
    Harrell et al. (1982), Evaluating the yield of medical tests (concordance).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
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
from zhiyin.predict.logistic import WIDTH
from zhiyin.predict.question import Baseline as Simple
from zhiyin.predict.question import Question
from zhiyin.predict.scaling import Scaling, learn_scaling

__all__ = ["HAPPENED", "NEXT_ORDER", "NextOrder", "NextOrderModel", "concordance", "fit_next_order"]

Floats = npt.NDArray[np.float64]

HAPPENED = "happened"  # 1: the order came on that day, 0: it has not come until then
LONGEST = 730.0  # days; who is not expected within two years is not expected
FEWEST = 50  # orders that came after the days asked about
MOST_ROWS = 20_000
PENALTY = 2.0
DRAWS = 100  # of the bootstrap
PAIRED = 1_500  # customers that concordance compares, two by two
MODEL, SIMPLE = "next_order", "usual_gap"

NEXT_ORDER = Question(
    name="next_order",
    asks=Say("下一次什么时候下单？", "When will this customer order next?"),
    more=Say("下次下单更晚", "the next order is later"),
    less=Say("下次下单更早", "the next order is earlier"),
    features=(
        *("days_since_order", "gap_mean", "gap_std", "gap_max", "last_gap", "gap_ratio", "overdue", "tenure_days"),
        *("orders_28d", "orders_84d", "orders_all", "days_28d", "days_84d", "days_all", "spend_84d", "orders_trend_28d"),
        *("visits_28d", "days_since_visit"),
    ),
    baseline=Simple("gap_mean", less=False, words=Say("平时的间隔", "the usual gap")),
    population=lambda frame: frame["orders_all"] > 0,
)


@dataclass
class NextOrderModel(PredictorBase):
    """Days to the next order: the logarithm is a sum, so the days add up along the way from the mean customer to this one.

    `label` is the days from the day asked about to the next order, or to today where it has not come (`happened` 0).
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    happened: str = HAPPENED
    longest: float = LONGEST

    unit: ClassVar[Unit] = "days"  # type: ignore[assignment]
    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    limits: ClassVar[Say] = Say(
        "超过两年的一律按两年说；不知道促销和季节。", "More than two years are told as two years; promotions and seasons are not known."
    )

    @classmethod
    def example(cls) -> NextOrderModel:
        """With two features."""
        return cls(needs=("a", "b"))

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """The larger the first feature, the later; what takes more than 60 days has not come yet."""
        draw = np.random.default_rng(seed)
        found = pd.DataFrame({name: draw.gamma(2.0, 10.0, rows).round(3) for name in self.needs})
        lead = found[self.needs[0]].to_numpy() if self.needs else np.full(rows, 20.0)
        days = np.ceil((1.0 + lead) * np.exp(0.5 * draw.normal(size=rows)))
        names = [f"customer-{row:05d}" for row in range(rows)]
        return found.assign(**{self.key: names, self.label: days.clip(max=60.0), self.happened: (days <= 60.0).astype(float)})

    def _answers(self) -> tuple[str, ...]:
        return (self.label, self.happened)

    def _fit(self, examples: pd.DataFrame) -> None:
        scaling = learn_scaling(examples[list(self.needs)])
        columns = np.hstack([scaling.columns(examples[list(self.needs)]), np.ones((len(examples), 1))])
        days = np.log(examples[self.label].to_numpy(dtype=np.float64).clip(min=0.0) + 1.0)
        slopes, precision = _fitted(columns, days, examples[self.happened].to_numpy() > 0)
        self.scaling_, self.spread_ = scaling._asdict(), float(1.0 / precision)
        self.weights_, self.base_ = slopes[:-1] / precision, float(slopes[-1] / precision)

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        middle = self._middle(Scaling(**self.scaling_).columns(rows[list(self.needs)]))
        low, high = (self._days(middle + side * WIDTH * self.spread_) for side in (-1, 1))
        return pd.DataFrame({"value": self._days(middle), "low": low, "high": high})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        scaling = Scaling(**self.scaling_)
        columns = scaling.columns(rows[list(self.needs)])
        way, start = columns @ self.weights_, float(self._days(np.array([self.base_]))[0])
        gone = self._days(self._middle(columns)) - start
        step = np.divide(gone, way, out=np.zeros(len(way)), where=np.abs(way) > 1e-12)
        return pd.DataFrame(scaling.together(columns * self.weights_ * step[:, None]), columns=list(self.needs)).assign(base=start)

    def _middle(self, columns: Floats) -> Floats:
        return np.asarray(columns @ self.weights_ + self.base_)

    def _days(self, logarithm: Floats) -> Floats:
        return np.asarray(np.clip(np.exp(np.minimum(logarithm, 50.0)) - 1.0, 0.0, self.longest))


class NextOrder(NamedTuple):
    """The model, its card, and how it was judged beside the usual gap."""

    model: NextOrderModel
    card: Card
    scores: pd.DataFrame  # rows of `scorecard`
    verdict: Say


def fit_next_order(examples: pd.DataFrame, *, at: date, seed: int = 7) -> NextOrder:
    """Fit on all days asked about, after judging on the latest of them what was learned from those before.

    Args:
        examples: `customer_id`, `at_on`, the features of `NEXT_ORDER`, `label` and `happened` as of `at`.
        at: today; orders before it are known.
        seed: of the rows drawn where there are very many.

    Raises:
        TooLittleData: when too few orders came after the days asked about.
    """
    rows = NEXT_ORDER.rows(examples)
    came = int(rows[HAPPENED].sum()) if len(rows) else 0
    if came < FEWEST:
        raise TooLittleData(
            Say(f"预测下次下单的日子还差{FEWEST - came}次复购。", f"{FEWEST - came} more repeat orders are needed to tell the next order."),
            got=f"{came} / {len(rows)}",
            fix=Say("导入更长的订单历史。", "Import a longer history of orders."),
        )
    rows = rows.sample(min(len(rows), MOST_ROWS), random_state=seed).sort_values(["at_on", "customer_id"], ignore_index=True)
    needs = NEXT_ORDER.readable(rows)
    scores = _scores(rows, needs, at=at, seed=seed)
    model = NextOrderModel(needs=needs).fit(rows)
    card = replace(
        model.card(), question=NEXT_ORDER.name, metrics=_figures(scores, MODEL), baseline=Baseline("usual gap", _figures(scores, SIMPLE))
    )
    return NextOrder(model, card, scores, _verdict(scores))


def concordance(label: npt.ArrayLike, said: npt.ArrayLike, *, happened: npt.ArrayLike) -> float:
    """Of two customers of whom it is known who came first, how often was it said? One half is chance, ties count one half.

    Of more than `PAIRED` customers the first so many are compared.
    """
    days, value, came = (np.asarray(column, dtype=np.float64)[:PAIRED] for column in (label, said, happened))
    first = (days[:, None] < days[None, :]) & (came[:, None] > 0)
    right = (value[:, None] < value[None, :]) + 0.5 * (value[:, None] == value[None, :])
    return float(right[first].mean()) if first.any() else float("nan")


def _concordance(label: Floats, said: Floats, happened: Floats) -> float:
    return concordance(label, said, happened=happened)


def _scores(rows: pd.DataFrame, needs: tuple[str, ...], *, at: date, seed: int) -> pd.DataFrame:
    """Rows of `scorecard` of the last day that leaves a fair time to today; nothing where no day lies before it."""
    days = pd.to_datetime(rows["at_on"])
    last = days.max()
    early = _as_known(rows[days < last], last)
    empty = pd.DataFrame(columns=["variant", "metric", "value", "low", "high", "subject", "question", "at_on", "n", "used"])
    if early.empty or early[HAPPENED].sum() < FEWEST:
        return empty
    late = rows[days == last].sample(frac=1.0, random_state=seed).reset_index(drop=True)
    said = NextOrderModel(needs=needs).fit(early).predict(late)
    usual = late["gap_mean"].fillna(late["gap_mean"].max())  # who came once comes last
    variants = {MODEL: said["value"].to_numpy(), SIMPLE: usual.fillna(0.0).to_numpy(dtype=np.float64)}
    label, happened = late["label"].to_numpy(dtype=np.float64), late[HAPPENED].to_numpy(dtype=np.float64)
    found = [
        (name, "concordance", *metrics.bootstrap(_concordance, label, value, happened, n=DRAWS // 5, seed=seed))
        for name, value in variants.items()
    ]
    found += [(MODEL, "inside_interval", *metrics.bootstrap(_share, _inside(late, said), n=DRAWS, seed=seed))]
    table = pd.DataFrame(found, columns=["variant", "metric", "value", "low", "high"])
    on = pd.Timestamp(last).date()
    return table.assign(subject="model", question=NEXT_ORDER.name, at_on=on, n=len(late), used=table["variant"].eq(MODEL))


def _inside(late: pd.DataFrame, said: pd.DataFrame) -> Floats:
    """Of each customer of whom it is known, 1 where the order came within the interval; nine of ten should."""
    label, came = late["label"].to_numpy(dtype=np.float64), late[HAPPENED].to_numpy() > 0
    known = came | (label > said["high"].to_numpy())
    inside = came & (label >= np.floor(said["low"].to_numpy())) & (label <= np.ceil(said["high"].to_numpy()))
    return np.asarray(inside[known], dtype=np.float64)


def _share(inside: Floats) -> float:
    return float(inside.mean()) if len(inside) else float("nan")


def _as_known(rows: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """The examples as they were known on an earlier day."""
    until = (on - pd.to_datetime(rows["at_on"])).dt.days.astype("float64")
    later = rows["label"] >= until
    return rows.assign(label=rows["label"].clip(upper=until), **{HAPPENED: rows[HAPPENED].where(~later, 0.0)})


def _figures(scores: pd.DataFrame, variant: str) -> dict[str, Interval]:
    rows = scores[scores["variant"].eq(variant) & scores["value"].notna()]
    return {row.metric: Interval(row.value, row.low, row.high) for row in rows.itertuples()}


def _verdict(scores: pd.DataFrame) -> Say:
    if scores.empty:
        return Say("下次下单的日子：数据还不够回测。", "When the next order comes: too little data to check it.")
    found = scores.set_index(["variant", "metric"])["value"]
    return Say(
        "下次下单的日子：两位客户谁先来，说对 {ours:.0%}（按平时间隔 {simple:.0%}）；落在区间里的占 {inside:.0%}（应为 90%）。",
        "When the next order comes: of two customers the earlier one is named in {ours:.0%} (by the usual gap {simple:.0%}); "
        "{inside:.0%} lie within the interval (it should be 90 %).",
    ).fill(ours=found[MODEL, "concordance"], simple=found[SIMPLE, "concordance"], inside=found[MODEL, "inside_interval"])


def _fitted(columns: Floats, days: Floats, came: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """Slopes over the spread, and one over the spread: in these the likelihood is convex."""
    from scipy.optimize import minimize
    from scipy.special import log_ndtr

    ridge = np.append(np.full(columns.shape[1] - 1, PENALTY), 1e-9)

    def loss(found: Floats) -> tuple[float, Floats]:
        slopes, precision = found[:-1], np.exp(found[-1])
        away = precision * days - columns @ slopes
        hazard = np.exp(-0.5 * away**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(-away))  # of those who have not come
        pull = np.where(came, away, hazard)
        value = np.where(came, 0.5 * away**2 - np.log(precision), -log_ndtr(-away)).sum() + 0.5 * float(ridge @ slopes**2)
        slope = np.append(-columns.T @ pull + ridge * slopes, precision * float(pull @ days) - came.sum())
        return value / len(days), slope / len(days)

    start = np.zeros(columns.shape[1] + 1)
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None)] * columns.shape[1] + [(-4.0, 4.0)], options={"maxiter": 500}
    )
    return found.x[:-1], float(np.exp(found.x[-1]))
