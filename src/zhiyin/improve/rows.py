"""Rows of the scorecard, and the interval of a share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

import pandas as pd

from zhiyin.core.errors import MissingColumns, listed
from zhiyin.core.tables import table_named
from zhiyin.core.words import Say
from zhiyin.learn.card import Interval
from zhiyin.learn.fairness import wilson as of_share

__all__ = ["NORMAL_95", "Score", "as_rows", "local_days", "need", "wilson"]

NORMAL_95 = 1.959964  # quantile of the normal distribution at 97.5 %


@dataclass(frozen=True)
class Score:
    """One row of the scorecard."""

    subject: str
    question: str
    metric: str
    at_on: date
    variant: str
    figure: Interval
    n: int
    used: bool


def as_rows(scores: Iterable[Score]) -> pd.DataFrame:
    """Scores as rows of table `scorecard`."""
    rows = [(*astuple(score)[:5], *score.figure, score.n, score.used) for score in scores]
    table = pd.DataFrame(rows, columns=list(table_named("scorecard").names))
    return table.astype({"value": "float64", "low": "float64", "high": "float64", "n": "int64", "used": "bool"})


def local_days(column: pd.Series) -> pd.Series:
    """A column of days, whether they came as dates, timestamps or ISO text, as one type."""
    return pd.to_datetime(column, format="ISO8601", utc=True).dt.tz_localize(None).dt.normalize()


def wilson(hits: int, n: int) -> Interval:
    """A share with its 95 % interval; NaN where there is nothing to take a share of.

    Example:
        >>> share, low, high = wilson(5, 10)
        >>> round(share, 3), round(low, 3), round(high, 3)
        (0.5, 0.237, 0.763)

    References:
        Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    return of_share(hits / n if n else float("nan"), n)


def need(rows: pd.DataFrame, columns: tuple[str, ...], *, what: str) -> None:
    """Refuse a frame that lacks columns.

    Raises:
        MissingColumns: naming what is missing and listing what is there.
    """
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        raise MissingColumns(
            Say(f"{what} 缺少列：{listed(missing)}。", f"{what} lacks columns: {listed(missing)}."),
            got=listed(rows.columns) or "-",
            fix=Say("对照 `zhiyin tables` 里的列名。", "Compare with the column names of `zhiyin tables`."),
        )
