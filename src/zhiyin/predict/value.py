"""How much will this customer spend in the next year?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.tables import TABLES
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import to_json
from zhiyin.learn.verbs import Unit
from zhiyin.predict.repeat import Buying, Histories, Paying, alive, expected_orders, fit_buying, fit_paying, mean_ticket

__all__ = ["NEEDS", "QUESTION", "RepeatValueModel", "answer_value", "fit_value"]

QUESTION = "value"
NEEDS = ("days_all", "days_since_order", "tenure_days", "spend_all")
MOST_ROWS = 20_000  # customers whose histories the parameters are fitted on
POINTS = 64  # lives imagined for one customer, the same points for all: one row gives what a batch gives
FEWEST = 20  # customers who came back at all

Floats = npt.NDArray[np.float64]


@dataclass
class RepeatValueModel(PredictorBase):
    """BG/NBD times Gamma-Gamma. The interval is of the customer's own mean: how often, how long and how much are not known exactly.

    Orders of one day count once. `label` is the money spent so far: the model learns from histories, not from answers.
    """

    needs: tuple[str, ...] = NEEDS
    key: str = "customer_id"
    days: int = 365
    period: float = 7.0  # days
    seed: int = 7

    unit: ClassVar[Unit] = "money"  # type: ignore[assignment]
    limits: ClassVar[Say] = Say(
        "假定购买习惯不变，不知道季节和促销。", "It takes habits as they are and knows neither seasons nor promotions."
    )

    @classmethod
    def example(cls) -> RepeatValueModel:
        """With the columns of profile_at."""
        return cls()

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Customers who buy at their own pace and leave at some time."""
        draw = np.random.default_rng(seed)
        tenure = draw.integers(60, 300, rows).astype(float)
        stayed = tenure * draw.random(rows)
        repeats = draw.poisson(draw.gamma(1.0, 0.05, rows) * stayed).astype(float)
        since = np.where(repeats > 0, tenure - stayed, tenure).round()
        spend = (repeats + 1) * draw.gamma(4.0, 900.0, rows).round()
        names = [f"customer-{number:05d}" for number in range(rows)]
        found = dict(zip(NEEDS, (repeats + 1, since, tenure, spend), strict=True))
        return pd.DataFrame({self.key: names, **found, self.label: spend})

    def _fit(self, examples: pd.DataFrame) -> None:
        kept = examples.sort_values(list(self.needs))  # the order of the rows makes no difference, to the last digit
        kept = kept.sample(min(MOST_ROWS, len(kept)), random_state=self.seed)
        self.buying_ = list(fit_buying(self._histories(kept)))
        orders, ticket = _tickets(kept)
        paid = ticket > 0
        self.paying_ = list(fit_paying(orders[paid], ticket[paid])) if paid.sum() >= FEWEST else [1.0, 2.0, float(max(ticket.mean(), 1.0))]

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        orders, ticket = _tickets(rows)
        value = self.within(rows, days=self.days)
        low, high = self._ends(self._histories(rows), orders, ticket)
        return pd.DataFrame({"value": value, "low": np.minimum(low, value), "high": np.maximum(high, value)})

    def within(self, rows: pd.DataFrame, *, days: int) -> Floats:
        """Money to be expected within so many days."""
        orders, ticket = _tickets(rows)
        return self._orders(rows, days) * mean_ticket(Paying(*self.paying_), orders, ticket=ticket)

    def orders(self, rows: pd.DataFrame) -> Floats:
        """Orders to be expected within `days`."""
        return self._orders(rows, self.days)

    def staying(self, rows: pd.DataFrame) -> Floats:
        """Probability that the customer has not left for good."""
        return alive(Buying(*self.buying_), self._histories(rows))

    def _orders(self, rows: pd.DataFrame, days: int) -> Floats:
        return expected_orders(Buying(*self.buying_), self._histories(rows), periods=days / self.period)

    def _histories(self, rows: pd.DataFrame) -> Histories:
        repeats = (rows["days_all"].to_numpy(dtype=np.float64) - 1).clip(0)
        age = rows["tenure_days"].to_numpy(dtype=np.float64).clip(0)
        last = np.where(repeats > 0, (age - rows["days_since_order"].to_numpy(dtype=np.float64)).clip(0), 0.0)
        return Histories(repeats, last / self.period, age / self.period)

    def _ends(self, histories: Histories, orders: Floats, ticket: Floats) -> tuple[Floats, Floats]:
        """Where 90 % of the lives lie that this history leaves open; a customer who has left spends nothing."""
        from scipy.special import betaincinv, gammaincinv

        r, alpha, a, b = self.buying_
        p, q, v = self.paying_
        pace, leaving, paying = _points(self.seed)
        here = alive(Buying(r, alpha, a, b), histories)
        rate = gammaincinv((r + histories.repeats)[:, None], pace) / (alpha + histories.age)[:, None]
        leave = betaincinv(a, (b + histories.repeats)[:, None], leaving).clip(1e-9)
        scale = gammaincinv((p * orders + q)[:, None], paying).clip(1e-9) / (v + orders * ticket)[:, None]
        spent = np.sort(-np.expm1(-rate * leave * self.days / self.period) / leave * p / scale, axis=1)
        return tuple(_quantile(spent, (share - (1 - here)) / np.maximum(here, 1e-12)) for share in (0.05, 0.95))  # type: ignore[return-value]


def fit_value(rows: pd.DataFrame, *, days: int = 365, seed: int = 7) -> RepeatValueModel:
    """The model of a shop, from the histories of its customers as of one day.

    Args:
        rows: `profile_at` of one day with `customer_id`, `days_all`, `days_since_order`, `tenure_days`, `spend_all`.
        days: how far to look ahead.
        seed: of the rows drawn where there are very many.

    Raises:
        TooLittleData: when hardly anybody ever came back; says how many did.
    """
    bought = rows[rows["days_all"] > 0]
    back = int((bought["days_all"] > 1).sum())
    if back < FEWEST:
        raise TooLittleData(
            Say(
                f"回头客还差{FEWEST - back}位，无法估计客户价值。",
                f"{FEWEST - back} more returning customers are needed to estimate value.",
            ),
            got=f"{back} / {len(bought)}",
            fix=Say("导入更长的订单历史。", "Import a longer history of orders."),
        )
    return RepeatValueModel(days=days, seed=seed).fit(bought.assign(label=bought["spend_all"]))


def answer_value(model: _Valued, rows: pd.DataFrame, *, at: date, model_id: str, currency: str) -> pd.DataFrame:
    """Rows of `prediction` for everybody who ever bought, in minor units.

    Args:
        model: fitted by `fit_value` or `spend.fit_spend`.
        rows: `profile_at` of one day.
        at: that day.
        model_id: of the model on the shelf.
        currency: of the money columns.
    """
    bought = rows[rows["days_all"] > 0].reset_index(drop=True)
    found = model.predict(bought)
    orders, here = model.orders(bought), model.staying(bought)
    said = [_story(*facts, model.days, currency) for facts in zip(orders, here, found["value"], strict=True)]
    reasons = [to_json(value, {}, values={}, said=sentences) for value, sentences in zip(found["value"], said, strict=True)]
    named = found.assign(question=QUESTION, subject_id="", at_on=at, unit="minor", reasons=reasons, model_id=model_id)
    return named[list(TABLES["prediction"].names)]


class _Valued(Protocol):
    """A model of money spent that knows of orders and of staying."""

    days: int

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """As every predictor."""
        ...

    def orders(self, rows: pd.DataFrame) -> Floats:
        """Orders to be expected within `days`."""
        ...

    def staying(self, rows: pd.DataFrame) -> Floats:
        """Probability that the customer has not left for good."""
        ...


def _story(orders: float, here: float, value: float, days: int, currency: str) -> list[Say]:
    sure = "<1%" if here < 0.01 else ">99%" if here > 0.99 else f"{here:.0%}"  # nothing is certain
    each = money_text(value / orders if orders > 0 else 0.0, currency)
    return [
        Say(
            f"未来{days}天预计下单{orders:.1f}次，每次约{each}。", f"About {orders:.1f} orders in the next {days} days, about {each} each."
        ),
        Say(f"仍在购买的可能性{sure}。", f"Still a customer with a probability of {sure}."),
    ]


def _tickets(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Buying days and money a day; who paid nothing says nothing about money."""
    days, spend = rows["days_all"].to_numpy(dtype=np.float64), rows["spend_all"].to_numpy(dtype=np.float64).clip(0.0)
    orders = np.where(spend > 0, days, 0.0)
    return orders, spend / days.clip(1.0)


def _points(seed: int) -> tuple[Floats, Floats, Floats]:
    """Points spread evenly over three chances: a lattice, shifted by the seed.

    References:
        Roberts (2018), The unreasonable effectiveness of quasirandom sequences.
    """
    ratio = 1.2207440846057596
    start = np.random.default_rng(seed).random(3)
    places = (start[:, None] + np.arange(1, POINTS + 1) / np.array([ratio, ratio**2, ratio**3])[:, None]) % 1.0
    first, second, third = places.clip(1e-6, 1 - 1e-6)
    return first, second, third


def _quantile(ordered: Floats, share: Floats) -> Floats:
    """The value below which this share of each ordered row lies; a share below zero gives zero."""
    place = share.clip(0.0, 1.0) * (ordered.shape[1] - 1)
    lower = np.floor(place).astype(int)
    upper = np.minimum(lower + 1, ordered.shape[1] - 1)
    rows = np.arange(len(ordered))
    found = ordered[rows, lower] + (place - lower) * (ordered[rows, upper] - ordered[rows, lower])
    return np.where(share <= 0, 0.0, found)
