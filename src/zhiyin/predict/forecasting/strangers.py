"""What is to be expected of a series that was never seen? What a series drawn from those that were seen would do."""

from __future__ import annotations

import pandas as pd

__all__ = ["of_strangers"]


def of_strangers(asked: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Columns series, at, value, low, high of rows of series without any history, with the index of `asked`.

    value is the median over the known series at the same time, low and high hold 8 of 10 of them; where no known series is asked about
    that time, those of all times stand in.

    Args:
        asked: series, at.
        said: series, at, value, low, high of the known series; at least one row.
    """
    each = said.groupby("at")["value"].quantile([0.5, 0.1, 0.9]).unstack()
    whole = said["value"].quantile([0.5, 0.1, 0.9]).to_numpy()
    found = each.reindex(asked["at"]).to_numpy()
    unknown = pd.isna(found[:, 0])
    found[unknown] = whole
    return pd.DataFrame(found, columns=["value", "low", "high"], index=asked.index).assign(series=asked["series"], at=asked["at"])[
        ["series", "at", "value", "low", "high"]
    ]
