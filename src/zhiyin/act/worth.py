"""What is it worth when a contact succeeds? Money in minor units, before the share that is margin."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from zhiyin.act.known import Known, days_of, shaped, text

__all__ = ["favourites", "usual_order", "worths"]


def worths(known: Known, *, at: date, horizon_days: int, currency: str, usual: float | None = None) -> pd.DataFrame:
    """What an order and a horizon of each customer are worth, with the facts of the profile beside them.

    order_worth: the mean order; for who never ordered, the median mean order of those who did; without any, the median price.
    horizon_worth: what is usually spent in a horizon while the customer is active; one order at least.

    Args:
        known: the frames.
        at: the day of the list.
        horizon_days: length of a horizon.
        currency: for who has ordered nothing.
        usual: the answer of `usual_order` for all customers, where the frames are about a part of them.

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
    return rows.drop(columns=["days_since_order", "first_order_on", "last_order_on", "interests", "gap_mean"])


_NUMBERS = ("orders", "spend", "days_since_order", "first_order_on", "last_order_on", "gap_mean")


def usual_order(profile: pd.DataFrame) -> float:
    """The median over customers of what an order of theirs is worth in the mean; NaN where nobody has ordered."""
    orders = _mean_order(profile).dropna()
    return float(orders.median()) if len(orders) else float("nan")


def _mean_order(rows: pd.DataFrame) -> pd.Series:
    orders, spend = (pd.to_numeric(rows[name]).astype("float64") for name in ("orders", "spend"))
    return (spend / orders.where(orders > 0)).clip(lower=0)


def _order_worth(rows: pd.DataFrame, products: pd.DataFrame, *, usual: float | None) -> pd.Series:
    own = _mean_order(rows)
    usual = usual_order(rows) if usual is None else usual
    prices = pd.to_numeric(products["price"]).dropna() if "price" in products.columns else pd.Series(dtype="float64")
    price = prices.median() if len(prices) else float("nan")
    usual = price if pd.isna(usual) else usual
    return own.fillna(0.0 if pd.isna(usual) else float(usual))


def _horizon_worth(rows: pd.DataFrame, bought_for: pd.Series, *, horizon_days: int) -> pd.Series:
    # The pace between first and last order, not up to today: what is at stake is what the customer spends while active.
    pace = rows["spend"].clip(lower=0) / bought_for.clip(lower=horizon_days) * horizon_days
    return pace.fillna(0.0).clip(lower=rows["order_worth"])


def favourites(cell: object) -> dict[str, tuple[int, float]]:
    """The favourite categories of a profile, best first: {category: (times bought, spend)}; empty where nothing is known."""
    if not isinstance(cell, str) or not cell:
        return {}
    tastes = json.loads(cell)
    return {str(one["category"]): (int(one.get("days") or 0), float(one.get("spend") or 0)) for one in tastes if one.get("category")}
