"""Which steps are asked about, and what is known of them?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, NotFound, listed
from zhiyin.core.words import Say
from zhiyin.predict.forecasting.known import Known
from zhiyin.predict.forecasting.panel import Panel

__all__ = ["Wanted", "read_future"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """Rows to be answered: series and step (1 is the next one), and the known columns with the steps ahead."""

    series: Ints
    step: Ints
    known: dict[str, Known]


def read_future(panel: Panel, future: pd.DataFrame | None, *, horizon: int) -> Wanted:
    """Every step of every series, or the rows of `future`.

    Raises:
        MissingColumns: when a known column of the training table, series or at is not there.
        NotFound: when a series was never seen.
        DataError: when a row lies in the past or beyond the horizon, or there is none.
    """
    n = len(panel.names)
    if future is None:
        if panel.known:
            raise _lacking(panel.known, ())
        return Wanted(np.repeat(np.arange(n), horizon), np.tile(np.arange(1, horizon + 1), n), {})
    lacking = [name for name in ("series", "at", *panel.known) if name not in future.columns]
    if lacking:
        raise _lacking(lacking, future.columns)
    place = pd.Index(panel.names).get_indexer(future["series"])
    if (place < 0).any():
        unknown = future["series"][place < 0].unique()
        raise NotFound(
            Say("有些序列从未见过。", "Some series were never seen."),
            got=f"{len(unknown):,}",
            fix=Say(
                "训练表里给出它们至少一行，或同时问一些见过的序列。",
                "Give at least one row of each to learn from, or ask about known series beside them.",
            ),
        )
    series = place.astype(np.int64)
    step = _steps(panel, horizon, future["at"], series)
    known = {name: column.longer(_ahead(column, future[name], (series, step), (n, horizon))) for name, column in panel.known.items()}
    return Wanted(series, step, known)


def _steps(panel: Panel, horizon: int, at: pd.Series, series: Ints) -> Ints:
    if not len(at) or at.isna().any():
        raise DataError(
            Say("future 里没有行，或缺时间。", "The future has no rows, or rows without a time."),
            got=f"{len(at):,} / {int(at.isna().sum()):,}",
            fix=Say("每行给出 series 和 at。", "Give series and at in each row."),
        )
    step = panel.steps.ordinals(at) - panel.last[series]
    outside = int(((step < 1) | (step > horizon)).sum())
    if outside:
        last = panel.steps.times(panel.last.max()[None] if panel.last.ndim == 0 else panel.last.max(keepdims=True))[0]
        raise DataError(
            Say("future 里有些行不在要预测的范围内。", "Some rows of the future are not among the steps ahead."),
            got=f"{outside:,}, {int(step.min())} .. {int(step.max())}",
            fix=Say(
                f"只给 {last} 之后的 1 到 {horizon} 步，或用更大的 horizon。",
                f"Give steps 1 to {horizon} after {last}, or a larger horizon.",
            ),
        )
    return step


def _ahead(column: Known, told: pd.Series, place: tuple[Ints, Ints], shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """The cells of the steps ahead; what all series share is known to those without a row as well."""
    series, step = place
    cells = np.full((1 if len(column.cells) == 1 else shape[0], shape[1]), np.nan, dtype=np.float32)
    read = column.read(told)
    if len(cells) > 1:
        cells[series, step - 1] = read
        return cells
    cells[0, step - 1] = read
    if shape[0] == 1 or (cells[0, step - 1] == read)[~np.isnan(read)].all():
        return cells
    several = np.full(shape, np.nan, dtype=np.float32)
    several[series, step - 1] = read
    return several


def _lacking(missing: object, seen: object) -> MissingColumns:
    names = listed(missing)  # type: ignore[arg-type]
    return MissingColumns(
        Say(f"future 缺少列：{names}。", f"The future lacks the columns {names}."),
        got=listed(seen) or "future=None",  # type: ignore[arg-type]
        fix=Say(
            "给出 forecast(future)：series、at 和训练表里的全部已知列。",
            "Call forecast(future) with series, at and all known columns of the table that was learned from.",
        ),
    )
