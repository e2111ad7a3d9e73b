"""The latest part of a panel on one scale, and the rows that can be made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.known import Known
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.rows import Asked, RowMaker
from zhiyin.predict.forecasting.scale import Scale, read_scale

__all__ = ["View", "views_of"]

Ints = npt.NDArray[np.int64]
_MOST_CELLS = 15_000_000  # running sums take some six times that in memory: 700 MB


@dataclass(frozen=True)
class View:
    """A panel as a model sees it."""

    panel: Panel
    scale: Scale
    scaled: npt.NDArray[np.float32]
    maker: RowMaker
    cut: int

    def asked(self, series: Ints, step: Ints, *, back: int = 0) -> Asked:
        """Rows `step` steps after an origin that lies `back` steps before the newest one."""
        origin = np.full(len(series), self.panel.length - 1 - back)
        return Asked(series, origin, origin + step)

    def grid(self, series: Ints, horizon: int, *, back: int = 0) -> Asked:
        """Every step of the horizon for these series, series by series."""
        return self.asked(np.repeat(series, horizon), np.tile(np.arange(1, horizon + 1), len(series)), back=back)

    def knowing(self, known: dict[str, Known]) -> RowMaker:
        """What makes the rows of the steps ahead; `known` reaches over the whole panel and the steps ahead."""
        if not known:
            return self.maker
        return self.maker.knowing({name: replace(column, cells=column.cells[:, self.cut :]) for name, column in known.items()})


def views_of(panel: Panel, seasons: tuple[int, ...], *, mean: bool = False) -> dict[str, View]:
    """The panel as logarithms, where no value is below zero, and as it is.

    Args:
        panel: the series.
        seasons: the shortest first.
        mean: whether the plain scale serves a model of the mean.
    """
    short = panel.latest(max(_MOST_CELLS // len(panel.names), 1))
    found = {}
    for name, log in (("trees_log", True), ("trees", False)):
        if log and (panel.values < 0).any():
            continue
        scale = read_scale(short.values, log=log)
        scaled = scale.put(short.values, np.arange(len(short.names)))
        maker = RowMaker(short, scaled, seasons=seasons, absolute=bool((scale.unit == 1).all()), plain=mean and not log)
        found[name] = View(short, scale, scaled, maker, panel.length - short.length)
    return found
