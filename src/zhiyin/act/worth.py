"""What is it worth when a contact succeeds? Money in minor units, before the share that is margin."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple

import pandas as pd

from zhiyin.act.known import Known, days_of, shaped, text

__all__ = ["Usual", "credible", "favourites", "usual_orders", "worths"]


class Usual(NamedTuple):
    """What an order is worth in this shop, in minor units, NaN where nobody has ordered.

    `median` and `mean` are over customers and over orders; `within` is the variance between the orders of one customer, `between` that
    between customers, both NaN where nobody has ordered twice.
    """

    median: float
    mean: float
    within: float
    between: float


def worths(known: Known, *, at: date, horizon_days: int, currency: str, usual: Usual | None = None) -> pd.DataFrame:
    """What an order and a horizon of each customer are worth, with the facts of the profile beside them.

    order_worth: the mean order as far as it can be believed (`credible`); for who never ordered, the median mean order of those who did;
    without any, the median price.
    horizon_worth: what is usually spent in a horizon while the customer is active; one order at least.

    Args:
        known: the frames.
        at: the day of the list.
        horizon_days: length of a horizon.
        currency: for who has ordered nothing.
        usual: the answer of `usual_orders` for all customers, where the frames are about a part of them.

    Returns:
        Columns customer_id, owner_id, team_id, stage, currency, orders, spend, days, every (mean days between two buying
        days where the profile tells `gap_mean`, else between two orders; NaN below three orders), tier, known_days, favourites
        ({category: (times bought, spend)}), order_worth, horizon_worth.
    """
    rows = shaped(known.customers, texts=("customer_id",))
    rows["owner_id"], rows["team_id"] = text(known.customers, "owner_id"), text(known.customers, "team_id")
    rows["known_days"] = days_of(known.customers["since_on"], at) if "since_on" in known.customers.columns else float("nan")
    profile = shaped(known.profile, texts=("customer_id", "stage", "currency", "tier", "interests"), others=_NUMBERS)
    rows = rows.merge(profile, on="customer_id", how="left", validate="one_to_one")
    rows["orders"] = pd.to_numeric(rows["orders"]).fillna(0).astype("int64")
    rows["spend"] = pd.to_numeric(rows["spend"]).fillna(0.0).astype("float64")
    rows["days"] = pd.to_numeric(rows["days_since_order"]).astype("float64")
    rows["stage"] = text(rows, "stage").where(rows["stage"].notna(), "lead")
    rows["currency"] = text(rows, "currency").replace("", currency)
    rows["tier"] = text(rows, "tier")
    rows["favourites"] = [favourites(cell) for cell in rows["interests"]]
    bought_for = days_of(rows["first_order_on"], at) - days_of(rows["last_order_on"], at)
    rhythm = pd.to_numeric(rows["gap_mean"]).astype("float64").fillna(bought_for / (rows["orders"] - 1))
    rows["every"] = rhythm.where((rows["orders"] >= 3) & (bought_for > 0))
    rows["order_worth"] = _order_worth(rows, known.products, usual=usual)
    rows["horizon_worth"] = _horizon_worth(rows, bought_for, horizon_days=horizon_days)
    return rows.drop(columns=["days_since_order", "first_order_on", "last_order_on", "interests", "gap_mean", "ticket_std"])


_NUMBERS = ("orders", "spend", "days_since_order", "first_order_on", "last_order_on", "gap_mean", "ticket_std")


def usual_orders(profile: pd.DataFrame) -> Usual:
    """What an order is worth in a shop, and how much orders of one customer and of different customers differ.

    Args:
        profile: orders, spend, ticket_std of customers who pay in one currency.

    References:
        Buehlmann and Straub, "Glaubwuerdigkeit fuer Schadensaetze", 1970: the estimators of credibility with unequal numbers of observations.
    """
    means, orders = _mean_order(profile), pd.to_numeric(profile["orders"]).astype("float64")
    x, n = means.dropna(), orders[means.notna()]
    if x.empty:
        return Usual(*[float("nan")] * 4)
    whole, mean = float(n.sum()), float((n * x).sum() / n.sum())
    spread = pd.to_numeric(profile["ticket_std"]).astype("float64")
    repeated = means.notna() & spread.notna() & (orders > 1)
    rest = whole - float((n**2).sum()) / whole
    if not repeated.any() or rest <= 0:
        return Usual(float(x.median()), mean, float("nan"), float("nan"))
    freedom = orders[repeated] - 1
    within = float((freedom * spread[repeated] ** 2).sum() / freedom.sum())
    between = (float((n * (x - mean) ** 2).sum()) - (len(n) - 1) * within) / rest
    return Usual(float(x.median()), mean, within, max(between, 0.0))


def credible(means: pd.Series, orders: pd.Series, *, usual: Usual) -> pd.Series:
    """The mean order of each customer, drawn to that of all as far as it rests on too few orders to be believed.

    A customer who once bought a refrigerator among filters does not spend like that each time. Where baskets of one customer are alike
    (a grocer) own means are kept; where they differ as much within a customer as between customers, all are worth the same.

    Args:
        means: mean order of each customer, empty for none.
        orders: how many orders it is the mean of.
        usual: answer of `usual_orders`.
    """
    if not usual.within > 0:
        return means
    weight = orders * usual.between / (orders * usual.between + usual.within)
    return weight * means + (1 - weight) * usual.mean


def _mean_order(rows: pd.DataFrame) -> pd.Series:
    orders, spend = (pd.to_numeric(rows[name]).astype("float64") for name in ("orders", "spend"))
    return (spend / orders.where(orders > 0)).clip(lower=0)


def _order_worth(rows: pd.DataFrame, products: pd.DataFrame, *, usual: Usual | None) -> pd.Series:
    usual = usual_orders(rows) if usual is None else usual
    own = credible(_mean_order(rows), rows["orders"].astype("float64"), usual=usual)
    prices = pd.to_numeric(products["price"]).dropna() if "price" in products.columns else pd.Series(dtype="float64")
    price = prices.median() if len(prices) else float("nan")
    filler = price if pd.isna(usual.median) else usual.median
    return own.fillna(0.0 if pd.isna(filler) else float(filler))


def _horizon_worth(rows: pd.DataFrame, bought_for: pd.Series, *, horizon_days: int) -> pd.Series:
    # The pace between first and last order, not up to today: what is at stake is what the customer spends while active.
    pace = rows["orders"] * rows["order_worth"] / bought_for.clip(lower=horizon_days) * horizon_days
    return pace.fillna(0.0).clip(lower=rows["order_worth"])


def favourites(cell: object) -> dict[str, tuple[int, float]]:
    """The favourite categories of a profile, best first: {category: (times bought, spend)}; empty where nothing is known."""
    if not isinstance(cell, str) or not cell:
        return {}
    tastes = json.loads(cell)
    return {str(one["category"]): (int(one.get("days") or 0), float(one.get("spend") or 0)) for one in tastes if one.get("category")}
