"""Ratios that models read beside the counted features: what changed, what is overdue, what is covered.

Each is made from columns of one row of `profile_at` (or of the pair and offer rows), so that a single customer asked about
online gets the same figures as in the run. A column that a source cannot fill is left out, not invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

__all__ = ["KIND", "RATIOS", "derived", "inputs_of"]

Make = Callable[[pd.DataFrame], pd.Series]
KIND = "kind_"
SLACK_DAYS = 3.0  # buying days are whole days: a gap that never varied still varies by a few


def derived(rows: pd.DataFrame, *, kinds: Iterable[str] = ()) -> pd.DataFrame:
    """The rows with all ratios for which their columns are there, and a flag for each kind of campaign.

    Args:
        rows: columns of `profile_at`, alone or with those of pairs or offers.
        kinds: the flags wanted, `kind_` and the kind; those of the rows when none are given.
    """
    made = {name: make(rows) for name, (needs, make) in RATIOS.items() if set(needs) <= set(rows.columns)}
    if "campaign_kind" in rows.columns:
        wanted = tuple(kinds) or tuple(f"{KIND}{kind}" for kind in sorted(rows["campaign_kind"].dropna().unique()))
        made |= {name: (KIND + rows["campaign_kind"].astype(str) == name).astype(float) for name in wanted}
    return pd.concat([rows.drop(columns=list(made), errors="ignore"), pd.DataFrame(made, index=rows.index)], axis=1)


def inputs_of(names: Iterable[str]) -> set[str]:
    """The columns that the ratios among these features are made of."""
    return {column for name in names if name in RATIOS for column in RATIOS[name][0]}


def _share(part: str, whole: str) -> Make:
    return lambda rows: rows[part] / rows[whole].clip(lower=1)


def _trend(short: str, long: str, parts: float) -> Make:
    """Logarithm of the short window against its part of the long one; a tenth of the usual is added to both."""

    def made(rows: pd.DataFrame) -> pd.Series:
        usual = rows[long].clip(lower=0) / parts
        return np.log((rows[short].clip(lower=0) + 0.1 * usual + 1e-9) / (1.1 * usual + 1e-9)).where(usual > 0, 0.0)

    return made


def _spread(rows: pd.DataFrame) -> pd.Series:
    """How unequal the last three months were: standard deviation over mean."""
    months = np.column_stack([rows["spend_28d"], rows["spend_56d"] - rows["spend_28d"], rows["spend_84d"] - rows["spend_56d"]])
    mean = months.mean(axis=1)
    return pd.Series(np.where(mean > 0, months.std(axis=1, ddof=1) / np.where(mean > 0, mean, 1.0), 0.0), index=rows.index)


def _overdue(rows: pd.DataFrame) -> pd.Series:
    """Days beyond the usual gap, in usual deviations; unknown gaps count as a month."""
    usual = rows["gap_mean"].fillna(30.0)
    return (rows["days_since_order"] - usual) / (rows["gap_std"].fillna(usual) + SLACK_DAYS)


RATIOS: dict[str, tuple[tuple[str, ...], Make]] = {
    "coupon_share_28d": (("coupon_orders_28d", "orders_28d"), _share("coupon_orders_28d", "orders_28d")),
    "coupon_share_84d": (("coupon_orders_84d", "orders_84d"), _share("coupon_orders_84d", "orders_84d")),
    "coupon_share_all": (("coupon_orders_all", "orders_all"), _share("coupon_orders_all", "orders_all")),
    "spend_trend_28d": (("spend_28d", "spend_84d"), _trend("spend_28d", "spend_84d", 3.0)),
    "spend_trend_14d": (("spend_14d", "spend_84d"), _trend("spend_14d", "spend_84d", 6.0)),
    "orders_trend_28d": (("orders_28d", "orders_84d"), _trend("orders_28d", "orders_84d", 3.0)),
    "orders_trend_14d": (("orders_14d", "orders_84d"), _trend("orders_14d", "orders_84d", 6.0)),
    "spend_spread": (("spend_28d", "spend_56d", "spend_84d"), _spread),
    "overdue": (("days_since_order", "gap_mean", "gap_std"), _overdue),
    "gap_ratio": (("days_since_order", "gap_mean"), lambda rows: rows["days_since_order"] / rows["gap_mean"].clip(lower=1)),
    "call_yes_rate": (("calls_yes_all", "calls_all"), _share("calls_yes_all", "calls_all")),
    "call_no_rate": (("calls_no_all", "calls_all"), _share("calls_no_all", "calls_all")),
    "answer_rate": (("offers_answered", "offers_received"), _share("offers_answered", "offers_received")),
    "offer_share": (("offer_spend_84d", "spend_84d"), lambda rows: rows["offer_spend_84d"] / rows["spend_84d"].clip(lower=1)),
    "pair_rate": (("pair_orders", "pair_age"), lambda rows: rows["pair_orders"] / rows["pair_age"].clip(lower=28)),
    "pair_due": (("pair_days_since", "pair_gap_mean"), lambda rows: rows["pair_days_since"] / rows["pair_gap_mean"].clip(lower=1)),
    "pair_due_most": (("pair_days_since", "pair_gap_max"), lambda rows: rows["pair_days_since"] / rows["pair_gap_max"].clip(lower=1)),
    "due_relative": (("pair_days_since", "category_gap"), lambda rows: rows["pair_days_since"] / rows["category_gap"].clip(lower=1)),
    "category_trend": (
        ("category_buyers_28d", "category_buyers_56d"),
        lambda rows: np.log((rows["category_buyers_28d"] + 3.0) / (rows["category_buyers_56d"] + 3.0)),
    ),
    "pair_expected": (
        ("pair_orders", "pair_age", "days_28d"),
        lambda rows: rows["days_28d"] * rows["pair_orders"] / rows["pair_age"].clip(lower=28),
    ),
}
