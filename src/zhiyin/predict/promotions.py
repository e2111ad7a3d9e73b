"""How much of a category is on offer on which day? From the campaigns that were planned and the products that their offers cover."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["promoted"]


def promoted(sold: pd.DataFrame, offers: pd.DataFrame, *, campaigns: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """The share of what a category sells (0-1) that is on offer, a row a day and a column a category; only categories ever on offer.

    Args:
        sold: product_id, category, value: what was sold of late, by which products count.
        offers: campaign_id, product_id.
        campaigns: campaign_id, starts_on, ends_on.
        days: history and the days ahead.
    """
    named = offers.drop_duplicates(["campaign_id", "product_id"]).merge(sold, on="product_id")
    whole = sold.groupby("category")["value"].sum()
    part = named.groupby(["campaign_id", "category"])["value"].sum().unstack(fill_value=0.0)
    shares = part / whole.reindex(part.columns).clip(lower=1e-12)
    found = pd.DataFrame(0.0, index=days, columns=shares.columns[(shares > 0).any()])
    for row in campaigns.dropna(subset=["starts_on", "ends_on"]).itertuples():
        if row.campaign_id in shares.index:
            runs = (days >= pd.Timestamp(row.starts_on)) & (days <= pd.Timestamp(row.ends_on))
            found.loc[runs] += shares.loc[row.campaign_id, found.columns].to_numpy()
    return found.clip(upper=1.0).loc[:, lambda rows: np.asarray(rows.max() > 0)]
