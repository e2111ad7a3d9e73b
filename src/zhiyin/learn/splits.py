"""On which past days may a model learn, and on which may it be judged, without knowing the future?

An example of day D knows what came before D; its label is complete at D + horizon. A model that is judged on day T may
only learn from examples whose labels were complete at T.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from zhiyin.core.clock import days_before
from zhiyin.core.errors import DataError, TooLittleData, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.frames import days_of, needed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Split", "panel", "refuse_leak", "rows_on", "split_rows", "time_split"]


@dataclass(frozen=True)
class Split:
    """Days to learn from, and later days to be judged on; all labels of the former were complete before the latter."""

    train: tuple[date, ...]
    judge: tuple[date, ...]
    horizon: int

    def __post_init__(self) -> None:
        refuse_leak(self.train, self.judge, horizon=self.horizon)


def panel(day: date, *, horizon: int, dates: int, every: int = 0, first: date | None = None) -> tuple[date, ...]:
    """The as-of days of a panel, oldest first: `dates` days, `every` days apart, the labels of the last complete on `day`.

    Args:
        day: nothing that happens from this day on is known.
        horizon: days that a label looks ahead.
        dates: how many days.
        every: days between two of them; 0 for the horizon, so that labels do not overlap.
        first: the first day with facts; days whose past would be empty are left out.

    Raises:
        UsageError: when horizon or dates are below 1.
        TooLittleData: when not one day is left.
    """
    if horizon < 1 or dates < 1 or every < 0:
        raise UsageError(
            Say("预测期和日期个数至少为 1。", "Horizon and number of days must be at least 1."),
            got=f"horizon {horizon}, dates {dates}, every {every}",
            fix=Say("检查 [learning] 设置。", "Check the [learning] settings."),
        )
    latest = day - timedelta(days=horizon)
    found = [latest, *days_before(latest, dates - 1, every=every or horizon)]
    kept = tuple(sorted(one for one in found if first is None or one > first))
    if not kept:
        raise TooLittleData(
            Say("历史太短，还没有一个完整的标签。", "The history is too short: not one label is complete."),
            got=f"{(day - first).days if first else 0} days",
            fix=Say(f"至少需要 {horizon + 1} 天的数据。", f"At least {horizon + 1} days of data are needed."),
        )
    return kept


def time_split(days: Iterable[date], *, horizon: int, judge: int = 1) -> Split:
    """The latest `judge` days to be judged on; all earlier ones whose labels were complete by then to learn from.

    Raises:
        TooLittleData: when no day is left to learn from.
    """
    known = sorted(set(days))
    later = known[-judge:] if judge else []
    earlier = [day for day in known if later and day + timedelta(days=horizon) <= later[0]]
    if not earlier:
        raise TooLittleData(
            Say("没有足够早的日期可供学习。", "No day is early enough to learn from."),
            got=listed(known) or "-",
            fix=Say("增加 learning.past_dates，或等待更多历史。", "Raise learning.past_dates, or wait for more history."),
        )
    return Split(tuple(earlier), tuple(later), horizon)


def refuse_leak(train: Iterable[date], judge: Iterable[date], *, horizon: int) -> None:
    """Refuse days whose labels look beyond the first day that is judged.

    Raises:
        DataError: naming those days.
    """
    first = min(judge, default=None)
    leaking = [day for day in train if first is not None and day + timedelta(days=horizon) > first]
    if leaking:
        raise DataError(
            Say("训练样本的标签看到了要判断的那一天之后。", "Labels to learn from look beyond the day that is judged."),
            got=f"{listed(sorted(leaking))} + {horizon} > {first}",
            fix=Say("用 `time_split` 划分日期。", "Split the days with `time_split`."),
        )


def split_rows(rows: pd.DataFrame, split: Split, *, at: str = "at_on") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows to learn from and the rows to be judged on, each in the given order.

    Raises:
        MissingColumns: when there is no column `at`.
        TooLittleData: when one of the two is empty.
    """
    parts = rows_on(rows, split.train, at=at), rows_on(rows, split.judge, at=at)
    if not all(len(part) for part in parts):
        raise TooLittleData(
            Say("划分后有一边没有样本。", "One side of the split has no rows."),
            got=f"{len(parts[0])} / {len(parts[1])}",
            fix=Say("检查截止日期。", "Check the as-of days."),
        )
    return parts


def rows_on(rows: pd.DataFrame, days: Iterable[date], *, at: str = "at_on") -> pd.DataFrame:
    """The rows of these as-of days.

    Raises:
        MissingColumns: when there is no column `at`.
        DataError: when it holds no days.
    """
    import numpy as np

    needed(rows, (at,), who="split")
    wanted = np.array(list(days), dtype="datetime64[ns]")
    return rows[np.isin(days_of(rows[at]), wanted)]
