"""Who is on today's list of each rep, who is held back at random, and who has to wait?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from zhiyin.core.ids import drawn

__all__ = ["PERIOD_DAYS", "held_back", "period_of", "worklist"]

_ORDER = {"gain": False, "probability": False, "known_days": True, "customer_id": True}  # column: ascending; the newest of equals first
PERIOD_DAYS = 84  # who is held back stays so for twelve weeks, longer than a contact is expected to work


def period_of(day: date) -> int:
    """The number of the twelve-week period that a day lies in: in one period the same customers are held back.

    Example:
        >>> from datetime import timedelta
        >>> first = date.fromordinal(PERIOD_DAYS * 8_800)
        >>> period_of(first), period_of(first + timedelta(days=83)), period_of(first + timedelta(days=84))
        (8800, 8800, 8801)
    """
    return day.toordinal() // PERIOD_DAYS


def held_back(customers: Iterable[str], share: float, *, policy: str, period: int) -> np.ndarray:
    """For each customer whether the draw holds back: about `share` of them, the same on every day and machine of the period."""
    return np.array([drawn(f"{policy}\x1f{period}\x1f{customer}") < share for customer in customers], dtype=bool)


def worklist(steps: pd.DataFrame, *, capacity: int, held: np.ndarray) -> pd.DataFrame:
    """Rank by gain within each owner and fill the list; who has no owner is in the pool, which is a list of its own.

    The draw holds back customers who would otherwise be listed, and only those: contacted and held back are alike in everything
    but the draw, so their difference is what contacting is worth. A held-back customer takes nobody's place.

    Args:
        steps: customer_id, owner_id, gain, probability, known_days, blocked (empty where nothing stands against a contact).
        capacity: places on the list of each owner.
        held: for each row whether the draw holds back.

    Returns:
        The rows in their order, with listed, holdout, rank (0 when not listed) and `blocked` completed.
    """
    rows = steps.assign(held=held, free=steps["blocked"].eq(""))
    order = rows[rows["free"]].sort_values(["owner_id", *_ORDER], ascending=[True, *_ORDER.values()])
    ahead = (~order["held"]).groupby(order["owner_id"]).cumsum() - ~order["held"]
    within = ahead < capacity
    rows["listed"] = (within & ~order["held"]).reindex(rows.index, fill_value=False)
    rows["holdout"] = (within & order["held"]).reindex(rows.index, fill_value=False)
    rows["rank"] = (ahead + 1).reindex(rows.index, fill_value=0).where(rows["listed"], 0).astype("int64")
    waiting = rows["free"] & ~rows["listed"]
    rows["blocked"] = rows["blocked"].mask(waiting, "capacity").mask(rows["holdout"], "holdout")
    return rows.drop(columns=["held", "free"])
