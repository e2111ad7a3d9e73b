"""What is it worth when a contact succeeds? Money in minor units, before the share that is margin."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from zhiyin.act.known import Known, days_of, shaped, text

__all__ = ["credible", "worths"]


def worths(known: Known, *, at: date, horizon_days: int, currency: str) -> pd.DataFrame:
    """What an order and a horizon of each customer are worth, with the facts of the profile beside them.

    order_worth: the mean order, as far as it can be believed (`credible`) where the profile tells `ticket_std`; for who never ordered, the
    median of those who did; without any, the median price.
    horizon_worth: what is usually spent in a horizon while the customer is active; one order at least.

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
    rows["favourites"] = [_favourites(cell) for cell in rows["interests"]]
    bought_for = days_of(rows["first_order_on"], at) - days_of(rows["last_order_on"], at)
    usual = pd.to_numeric(rows["gap_mean"]).astype("float64").fillna(bought_for / (rows["orders"] - 1))
    rows["every"] = usual.where((rows["orders"] >= 3) & (bought_for > 0))
    rows["order_worth"] = _order_worth(rows, known.products)
    rows["horizon_worth"] = _horizon_worth(rows, bought_for, horizon_days=horizon_days)
    return rows.drop(columns=["days_since_order", "first_order_on", "last_order_on", "interests", "gap_mean", "ticket_std"])


_NUMBERS = ("orders", "spend", "days_since_order", "first_order_on", "last_order_on", "gap_mean", "ticket_std")


def _order_worth(rows: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    own = (rows["spend"] / rows["orders"].where(rows["orders"] > 0)).clip(lower=0)
    spread = pd.to_numeric(rows["ticket_std"]).astype("float64")
    if spread.notna().any():
        parts = [credible(own[part.index], part["orders"], spread=spread[part.index]) for _, part in rows.groupby("currency")]
        own = pd.concat(parts).reindex(own.index)
    prices = pd.to_numeric(products["price"]).dropna() if "price" in products.columns else pd.Series(dtype="float64")
    price = prices.median() if len(prices) else float("nan")
    usual = own.median() if own.notna().any() else price
    return own.fillna(0.0 if pd.isna(usual) else float(usual))


def credible(means: pd.Series, orders: pd.Series, *, spread: pd.Series) -> pd.Series:
    """The mean order of each customer, drawn to that of all as far as it rests on too few orders to be believed.

    A customer who once bought a refrigerator among filters does not spend like that each time. Where baskets of one customer are alike
    (a grocer) own means are kept; where they differ as much within a customer as between customers, all are worth the same.

    Args:
        means: mean order of each customer, empty for none.
        orders: how many orders it is the mean of.
        spread: sample deviation of the orders of each customer, empty below two.

    References:
        Buehlmann and Straub, "Glaubwuerdigkeit fuer Schadensaetze", 1970: credibility with unequal numbers of observations.
    """
    told = means.notna() & (orders > 0)
    n, x = orders[told].astype("float64"), means[told]
    repeated = told & spread.notna() & (orders > 1)
    if told.sum() < 2 or not repeated.any():
        return means
    freedom = orders[repeated].astype("float64") - 1
    within = float((freedom * spread[repeated] ** 2).sum() / freedom.sum())
    whole = float(n.sum())
    mean = float((n * x).sum() / whole)
    between = (float((n * (x - mean) ** 2).sum()) - (len(n) - 1) * within) / (whole - float((n**2).sum()) / whole)
    if within <= 0:
        return means
    weight = n * max(between, 0.0) / (n * max(between, 0.0) + within)
    return (weight * x + (1 - weight) * mean).reindex(means.index)


def _horizon_worth(rows: pd.DataFrame, bought_for: pd.Series, *, horizon_days: int) -> pd.Series:
    # The pace between first and last order, not up to today: what is at stake is what the customer spends while active.
    pace = rows["orders"] * rows["order_worth"] / bought_for.clip(lower=horizon_days) * horizon_days
    return pace.fillna(0.0).clip(lower=rows["order_worth"])


def _favourites(cell: object) -> dict[str, tuple[int, float]]:
    """The favourite categories of a profile, best first: {category: (times bought, spend)}; empty where nothing is known."""
    if not isinstance(cell, str) or not cell:
        return {}
    tastes = json.loads(cell)
    return {str(one["category"]): (int(one.get("days") or 0), float(one.get("spend") or 0)) for one in tastes if one.get("category")}
