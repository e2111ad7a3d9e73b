"""How do the largest series go on, as the forecaster says? As many of them, by day or by week, as the seconds allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.predict.series import fit_forecaster
from zhiyin.predict.usual import Past

__all__ = ["Engine", "Grid", "affordable", "engine_ahead"]

Floats = npt.NDArray[np.float64]
# Seconds of one core that a fit takes before the first value and with each (8 to 60 series of 120 to 275 days: 4 to 15 s).
_START_S, _VALUE_S = 2.5, 0.00075
_FEWEST_STEPS = 8  # horizons of history below which the forecaster has nothing to be tested on
_FEWEST_WEEKS = 26


class Grid(NamedTuple):
    """The series beside the days.

    `first`: the first day; `sold`: `(days, n)`, empty before a series begins; `off`: kind of each day, history and ahead; `offered`:
    share on offer of those days, `(days + ahead, n)`.
    """

    first: pd.Timestamp
    sold: Floats
    off: npt.NDArray[np.int64]
    offered: Floats


@dataclass(frozen=True)
class Engine:
    """What the forecaster said.

    Args:
        step: 1 for days, 7 for weeks.
        chosen: numbers of the series that it continued.
        value, low, high: `(steps, chosen)`.
        error, repeated: scaled errors of the back-test of each, and of repeating the season.
        origins: past origins of that back-test.
    """

    step: int
    chosen: npt.NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    error: Floats
    repeated: Floats
    origins: int

    def beats(self, past: Past) -> bool:
        """Whether it was nearer at past origins than `usual` at the same ones, in the mean over the series that it continued.

        Args:
            past: what `usual` and repeating would have said there, for all series by day.
        """
        origins, horizon, n = past.said.shape
        steps = horizon // self.step
        said, again, came = (
            each[:, : steps * self.step].reshape(origins, steps, self.step, n).sum(axis=2)[:, :, self.chosen] for each in past
        )
        seen = np.isfinite(came)
        ours, simple = (np.where(seen, np.abs(each - came), 0.0).sum(axis=(0, 1)) for each in (said, again))
        told = (simple > 0) & np.isfinite(self.error) & np.isfinite(self.repeated)
        if not told.any():
            return False
        usual = ours[told] / simple[told] * self.repeated[told]
        return bool(self.error[told].mean() < usual.mean())


def affordable(budget_s: float) -> int:
    """How many values the forecaster may be given, so that it takes about that many seconds."""
    return max(int((budget_s - _START_S) / _VALUE_S), 0)


def engine_ahead(grid: Grid, *, size: Floats, ahead: int, budget_s: float, seed: int) -> Engine | None:
    """The largest series continued by `fit_forecaster`; None where the history is too short or there is no time.

    Days where all series fit into the budget, else weeks of as many as do: a week of a grocer says nearly as much as its days, and
    takes a seventh of the time.

    Args:
        grid: the series and what is known of the days ahead.
        size: by which a series is large, `(n,)`.
        ahead: days after the history.
        budget_s: seconds of one core that a fit may take.
        seed: of all that is drawn.
    """
    known, n = grid.sold.shape
    room = affordable(budget_s)
    step = 1 if n * known <= room else 7
    steps, horizon = known // step, -(-ahead // step)
    most = min(room // max(steps, 1), n)
    if most < 1 or steps < (_FEWEST_WEEKS if step > 1 else _FEWEST_STEPS * 7):
        return None
    chosen = np.sort(np.argsort(-size, kind="stable")[:most])
    table, future = _table(grid, chosen, step=step, horizon=horizon)
    try:
        model = fit_forecaster(table, horizon, season=7 if step == 1 else None, budget_s=1.0, seed=seed)
        said = model.forecast(future if future.columns.size > 2 else None)
    except TooLittleData:
        return None
    origins = int(str(model.card().settings["origins"]))
    if not origins:
        return None
    names = range(len(chosen))
    value, low, high = (
        said.pivot(index="at", columns="series", values=name).reindex(columns=names).to_numpy("float64")
        for name in ("value", "low", "high")
    )
    judged = model.choices.set_index("series").reindex(names)
    error, repeated = (judged[name].to_numpy("float64") for name in ("error", "error_of_repeating"))
    return Engine(step, chosen, value, low, high, error, repeated, origins)


def _table(grid: Grid, chosen: npt.NDArray[np.int64], *, step: int, horizon: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of the forecaster and its future: days, or weeks that end with the history; columns that never vary are left out."""
    known = len(grid.sold) // step * step
    first = len(grid.sold) - known
    sold = grid.sold[first:, chosen].reshape(-1, step, len(chosen))
    value = np.where(np.isfinite(sold).all(axis=1), np.nansum(sold, axis=1), np.nan)
    steps = np.arange(len(value) + horizon)
    off = _summed((grid.off == 1).astype(float)[first:, None], step, len(steps))
    worked = _summed((grid.off == 2).astype(float)[first:, None], step, len(steps))
    offered = _summed(grid.offered[first:, chosen], step, len(steps)) / step
    at = pd.date_range(grid.first + pd.Timedelta(days=first), periods=len(steps), freq=f"{step}D")
    rows = pd.DataFrame({"series": np.tile(np.arange(len(chosen)), len(steps)), "at": at.repeat(len(chosen))})
    for name, cells in (("off", off), ("worked", worked), ("offered", offered)):
        wide = np.broadcast_to(cells, (len(steps), len(chosen)))
        if np.ptp(wide[: len(value)]) > 0:
            rows[name] = wide.ravel()
    past = rows["at"] < at[len(value)]
    table = rows[past].assign(value=value.ravel())
    return table[np.isfinite(table["value"])], rows[~past]


def _summed(cells: Floats, step: int, steps: int) -> Floats:
    """Sums over each step, the last one padded with ordinary days."""
    padded = np.zeros((steps * step, cells.shape[1]))
    padded[: len(cells)] = cells[: len(padded)]
    return np.asarray(padded.reshape(steps, step, -1).sum(axis=1), dtype=np.float64)
