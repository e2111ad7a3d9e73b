"""When did this series last change for good? The newest step in its level or bend in its trend that is more than chance.

References:
    Vostrikova (1981), Detecting disorder in multidimensional random processes (binary segmentation). Zhang and Siegmund (2007),
    A modified Bayes information criterion with applications to the analysis of comparative genomic hybridization data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.predict.forecasting.panel import read_panel
from zhiyin.predict.forecasting.season import own_shape
from zhiyin.predict.forecasting.seasons import find_seasons
from zhiyin.predict.forecasting.smooth import filled

__all__ = ["change_points"]

Floats = npt.NDArray[np.float64]
_SIDE = 6  # steps, and half a season, that must lie on either side of a change
_PENALTY = 3.0  # times log(steps): what a change must explain, in variances of the noise
_STICKIEST = 0.9  # correlation of neighbours that noise is taken to have at most
_LATEST = 520  # steps looked at


@dataclass(frozen=True)
class _Change:
    """Where it begins, whether the level or the trend changes, by how much (a step for the trend), and the level before."""

    place: int
    kind: str
    size: float
    before: float


def change_points(table: pd.DataFrame) -> pd.DataFrame:
    """Columns series, at, kind (level or trend), size, share, said: a row for each series that changed, its newest change.

    `at` is the first step after the change; `size` what the level rose by, or the trend by each step; `share` the same as
    part of the level before; `said` a sentence (`Say`).

    Args:
        table: series, at, value, as for `fit_forecaster`.

    Raises:
        MissingColumns, TooLittleData, DataError: when the table cannot be read.
    """
    panel = read_panel(table[[name for name in ("series", "at", "value") if name in table.columns]])
    season = max((each for each in find_seasons(panel) if each <= _LATEST // 4), default=1)
    late = filled(panel.values[:, -_LATEST:], season)
    shape = own_shape(late, season) if season > 1 else np.zeros((len(late), 1))
    flat = late - shape[:, np.arange(late.shape[1]) % season]
    rows = []
    for row, name in enumerate(panel.names):
        series = flat[row][np.isfinite(flat[row])]
        found = _newest(series, max(_SIDE, season // 2))
        if found:
            at = panel.steps.times(panel.last[row : row + 1] - len(series) + 1 + found.place)[0]
            share = found.size / abs(found.before) if found.before else np.nan
            rows.append((name, at, found.kind, found.size, share, _sentence(found, at, share)))
    return pd.DataFrame(rows, columns=["series", "at", "kind", "size", "share", "said"])


def _newest(series: Floats, side: int) -> _Change | None:
    """The newest change: the clearest one, then the clearest after that, as long as there is one."""
    start, newest = 0, None
    while (found := _clearest(series[start:], side)) is not None:
        newest = _Change(start + found.place, found.kind, found.size, found.before)
        start += found.place
    return newest


def _clearest(series: Floats, side: int) -> _Change | None:
    """The change that explains most of what a line leaves; None when chance may have done it."""
    n = len(series)
    if n < 2 * side + 2:
        return None
    step = np.arange(n) / n
    line = np.stack([np.ones(n), step], axis=1)
    places = np.arange(side, n - side + 1)
    later = np.arange(n)[None, :] >= places[:, None]
    shapes = {"level": later.astype(np.float64), "trend": np.where(later, step[None, :] - (places[:, None] - 1) / n, 0.0)}
    left = _without(series, line)
    best: tuple[float, str, int, float] = (0.0, "", 0, 0.0)
    for kind, rows in shapes.items():
        pure = _without(rows.T, line).T
        size = pure @ left / np.maximum((pure**2).sum(axis=1), 1e-12)
        gain = size**2 * (pure**2).sum(axis=1)
        top = int(gain.argmax())
        best = max(best, (float(gain[top]), kind, top, float(size[top])))
    gain_, kind, top, size_ = best
    if not kind:
        return None
    whole = np.concatenate([line, shapes[kind][top][:, None]], axis=1)
    if gain_ <= _PENALTY * np.log(n) * _noise(_without(series, whole)) or gain_ <= 1e-9 * float(series @ series):
        return None
    place = int(places[top])
    return _Change(place, kind, size_ if kind == "level" else size_ / n, float(series[:place].mean()))


def _without(columns: Floats, line: Floats) -> Floats:
    """What is left of the columns after least squares on these."""
    return np.asarray(columns - line @ np.linalg.lstsq(line, columns, rcond=None)[0])


def _noise(left: Floats) -> float:
    """Variance of a mean of noise times its length: neighbours that stick together make it larger."""
    power = float(left @ left)
    stick = float(np.clip(left[1:] @ left[:-1] / power, 0.0, _STICKIEST)) if power > 0 else 0.0
    return power / max(len(left) - 3, 1) * (1 + stick) / (1 - stick)


def _sentence(found: _Change, at: object, share: float) -> Say:
    day = str(pd.Timestamp(at).date()) if isinstance(at, np.datetime64) else str(at)
    up = found.size > 0
    much = f"{abs(share):.0%}" if np.isfinite(share) else f"{abs(found.size):,.3g}"
    if found.kind == "level":
        return Say(
            f"自 {day} 起，水平{'升高' if up else '降低'}了 {much}，此后没有回到原来的水平。",
            f"Since {day} the level is {much} {'higher' if up else 'lower'}, and it has not come back.",
        )
    return Say(
        f"自 {day} 起，每步的趋势{'上升' if up else '下降'}了 {abs(found.size):,.3g}。",
        f"Since {day} the trend is {abs(found.size):,.3g} a step {'steeper upwards' if up else 'steeper downwards'}.",
    )
