"""What was known on each of many days? Windows that end the day before, counted for all days in one pass."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.core.errors import UsageError, listed
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis import Table
    from ibis.expr.types import DateValue, FloatingValue, IntegerValue, NumericValue, Value

__all__ = ["MOST_DAYS", "asked_days", "counts", "known", "picked", "ratio", "sample_std", "shaped", "window_mask"]

MOST_DAYS = 60  # a mask has one bit a day


def asked_days(at: Sequence[date]) -> list[date]:
    """The days asked about, each once, in order.

    Raises:
        UsageError: when there are none, or more than `MOST_DAYS`.
    """
    days = sorted(set(at))
    if not 0 < len(days) <= MOST_DAYS:
        raise UsageError(
            Say("一次要问的日期太多或没有。", "Too many days are asked about at once, or none."),
            got=f"{len(days)} ({listed(days, most=3)})",
            fix=Say(f"每次给出 1 到 {MOST_DAYS} 个日期。", f"Give 1 to {MOST_DAYS} days a call."),
        )
    return days


def known(rows: Table, at: Sequence[date]) -> Table:
    """Each row once for every day asked about that lies after it, with `at_on` and `age` (days from `on` to `at_on`)."""
    days = ibis.array([ibis.date(day) for day in at]).unnest().name("at_on").as_table()
    both = rows.cross_join(days)
    both = both.filter(both["on"] < both["at_on"])
    return both.mutate(age=both["at_on"].delta(both["on"], unit="day"))


def window_mask(on: DateValue, at: Sequence[date], *, days: int, after: int = 0) -> IntegerValue:
    """A number whose bit k says that `on` lies in the window of `days` days that ends `after` days before the k-th day."""
    bits = [
        ((on < _shifted(day, after)) & (on >= _shifted(day, after + days))).ifelse(ibis.literal(1 << k, type="int64"), 0)
        for k, day in enumerate(at)
    ]
    mask, *others = bits
    for bit in others:
        mask = mask + bit
    return mask


def counts(masked: Table, by: str, *, names: Sequence[str], at: Sequence[date]) -> Table:
    """For each value of `by`, in how many rows bit k of a mask is set: columns `name_0`, `name_1`, ... (see `picked`)."""
    hits = {
        f"{name}_{k}": masked.count(where=(masked[name] & ibis.literal(1 << k, type="int64")) != 0)
        for name in names
        for k in range(len(at))
    }
    return masked.group_by(by).agg(**hits)


def picked(table: Table, name: str, *, at: Sequence[date]) -> Value:
    """The count of `counts` that belongs to the row's own `at_on`; 0 where there is none."""
    return ibis.coalesce(ibis.cases(*((table["at_on"] == ibis.date(day), table[f"{name}_{k}"]) for k, day in enumerate(at))), 0)


def ratio(part: NumericValue, whole: NumericValue) -> FloatingValue:
    """`part / whole`, 0 where there is nothing."""
    return ibis.coalesce(part / whole.nullif(0), 0.0)


def sample_std(count: NumericValue, *, total: NumericValue, squares: NumericValue) -> FloatingValue:
    """The sample deviation from sums; missing for fewer than two. Whole numbers give the same in any order of rows."""
    spread = ibis.greatest(count * squares - total * total, 0.0)
    return (spread / (count * (count - 1)).nullif(0)).sqrt()


def shaped(rows: Table, name: str) -> Table:
    """The columns of the table `name`, in its order and types."""
    return rows.select(**{column: rows[column].cast(type_) for column, type_ in TABLES[name].types.items()})


def _shifted(day: date, days: int) -> Value:
    return ibis.date(day - timedelta(days=days))
