"""Does a category grow? Four weeks beside the four before, and those of a year ago; and since when its level is another.

References:
    Page: Continuous inspection schemes. Biometrika 41 (1954). Schwarz: Estimating the dimension of a model. Annals of Statistics 6 (1978).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Shift", "latest_shift", "past_weeks", "trends"]

Floats = npt.NDArray[np.float64]
_WEEKS = 4  # that are compared
_YEAR = 52
_LOOKED = 52  # weeks in which a change of level is looked for
_SIDE = 4  # weeks on each side of a change
_SMALLEST = 0.15  # share by which a level must have changed
_STRICT = 3.0  # times the usual price of a parameter (log n): weeks of a shop hang together more than chance alone would have it


class Shift(NamedTuple):
    """The level changed at this place (the first value of the new one), from `before` to `after`."""

    place: int
    before: float
    after: float


def latest_shift(values: Floats) -> Shift | None:
    """The last place where the level changed for good; None where one level explains the values as well.

    The strongest break is looked for on the logarithms, then the strongest after it, as long as each is worth its price.
    """
    found, start = None, 0
    logs = np.log1p(np.maximum(values, 0.0))
    while (place := _break(logs[start:])) is not None:
        start += place
        found = start
    if found is None:
        return None
    earlier = _break(logs[:found])
    before, after = float(values[earlier or 0 : found].mean()), float(values[found:].mean())
    return Shift(found, before, after) if abs(after - before) > _SMALLEST * max(before, 1e-12) else None


def _break(logs: Floats) -> int | None:
    n = len(logs)
    if n < 2 * _SIDE:
        return None
    places = np.arange(_SIDE, n - _SIDE + 1)
    sums, squares = np.cumsum(logs), np.cumsum(logs**2)
    left = squares[places - 1] - sums[places - 1] ** 2 / places
    right = squares[-1] - squares[places - 1] - (sums[-1] - sums[places - 1]) ** 2 / (n - places)
    split = np.maximum(left + right, 1e-9 * n)
    whole = max(float(squares[-1] - sums[-1] ** 2 / n), 1e-9 * n)
    best = int(split.argmin())
    return int(places[best]) if n * np.log(whole / split[best]) > _STRICT * np.log(n) else None


def past_weeks(sold: pd.DataFrame) -> pd.DataFrame:
    """Rows of table `demand_week` of one level, pieces a week of the last year: series, on (first day), value; weeks end with the history, none before a series begins.

    Args:
        sold: pieces, a row a day, a column a series, empty before it begins.
    """
    weeks = min(len(sold) // 7, _LOOKED)
    late = sold.iloc[len(sold) - 7 * weeks :]
    values = late.to_numpy("float64").reshape(weeks, 7, -1)
    wide = pd.DataFrame(
        np.where(np.isfinite(values).any(axis=1), np.nansum(values, axis=1), np.nan), index=late.index[::7], columns=sold.columns
    )
    long = wide.rename_axis("on").reset_index().melt(id_vars="on", var_name="series", value_name="value").dropna()
    return long.assign(on=long["on"].dt.date)


def trends(sold: pd.DataFrame, *, at: date) -> pd.DataFrame:
    """Where each series stands: series, last_week, now, before, year_ago, growth, growth_year, changed_on, change.

    Args:
        sold: pieces, a row a day, a column a series.
        at: day of the run.

    Returns:
        Pieces a week: of the last week, as means of the last four weeks, of the four before, and of the same four a year ago; growth
        as a share; the first day of the present level, and by which share it changed. Empty where the history does not reach.
    """
    weeks = len(sold) // 7
    first = len(sold) - 7 * weeks
    values = sold.to_numpy("float64")[first:].reshape(weeks, 7, -1)
    seen, sums = np.isfinite(values).any(axis=1), np.nansum(values, axis=1)
    starts = sold.index[first::7]
    rows = []
    for place, series in enumerate(sold.columns):
        own, known = sums[:, place], seen[:, place]
        now, before = _mean(own, known, weeks - _WEEKS, weeks), _mean(own, known, weeks - 2 * _WEEKS, weeks - _WEEKS)
        year_ago = _mean(own, known, weeks - _YEAR - _WEEKS, weeks - _YEAR)
        begun = int(known.argmax()) if known.any() else weeks
        looked = max(begun, weeks - _LOOKED)
        shift = latest_shift(own[looked:])
        rows.append(
            {
                **{"series": series, "last_week": float(own[-1]) if weeks else np.nan, "now": now, "before": before, "year_ago": year_ago},
                **{"growth": _growth(now, before), "growth_year": _growth(now, year_ago)},
                "changed_on": starts[looked + shift.place].date() if shift else None,
                "change": _growth(shift.after, shift.before) if shift else np.nan,
            }
        )
    return pd.DataFrame(rows).assign(at_on=at)


def _mean(values: Floats, known: npt.NDArray[np.bool_], start: int, stop: int) -> float:
    return float(values[start:stop].mean()) if 0 <= start < stop and known[start:stop].all() else float("nan")


def _growth(now: float, before: float) -> float:
    return now / before - 1 if before > 0 else float("nan")
