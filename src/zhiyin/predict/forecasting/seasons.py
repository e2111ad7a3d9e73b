"""After how many steps does the pattern come back?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.panel import Panel

__all__ = ["find_hints", "find_seasons"]

_TRIED = (4, 7, 12, 24, 48, 52, 96, 168, 336)
_CLEAR = 0.1  # mean autocorrelation of the changes, above that of the neighbours, from which a season counts
_FAINT = 0.05  # the same from which a season is worth a look by those who choose what they look at
_JUDGED = 300  # series looked at
_MORE = 12  # times a season from which a multiple of it is one of its own: without 52 beside 4 the weekly series of M4 lost 2 %
_WEEK = 7
_CYCLES = 3  # seasons that half of the series must hold


def find_seasons(panel: Panel) -> tuple[int, ...]:
    """The seasons of a table, the shortest first: those of its calendar that it is long enough for, else those seen in the values."""
    long = np.median(np.isfinite(panel.values).argmax(axis=1))
    steps = panel.length - int(long)
    if panel.steps.dated:
        return tuple(season for season in panel.steps.seasons if steps >= 2 * season)
    return _seen(panel, _CLEAR)


def find_hints(panel: Panel) -> tuple[int, ...]:
    """Further seasons that some series may have; none on a calendar, which tells them all."""
    return () if panel.steps.dated else _seen(panel, _FAINT)


def _seen(panel: Panel, least: float) -> tuple[int, ...]:
    steps = panel.length - int(np.median(np.isfinite(panel.values).argmax(axis=1)))
    chosen = np.unique(np.linspace(0, len(panel.names) - 1, min(_JUDGED, len(panel.names))).astype(int))
    seen = [season for season in _TRIED if steps >= _CYCLES * season and _strength(panel.values[chosen], season) > least]
    return tuple(season for season in seen if not any(_echo(season, other, seen) for other in seen))


def _echo(season: int, other: int, seen: list[int]) -> bool:
    """A small multiple of a shorter season that is only that season again (48 of 24); a year of months (52 of 4) and a week of days (168 of 24) are more."""
    return other < season < _MORE * other and season % other == 0 and season // other != _WEEK


def _strength(values: npt.NDArray[np.floating], season: int) -> float:
    """Mean autocorrelation of the changes at this lag, less the highest one of the lags about it."""
    latest = values[:, -12 * season - 1 :].astype(np.float64)
    changes = np.diff(latest, axis=1)
    many = np.isfinite(changes).sum(axis=1)
    changes = changes[many > 1]
    changes = changes - np.nanmean(changes, axis=1, keepdims=True)
    size = np.nanvar(changes, axis=1)
    changes, size = changes[size > 0], size[size > 0]
    if not len(changes):
        return 0.0

    def at(lag: int) -> float:
        both = changes[:, lag:] * changes[:, :-lag]
        many = np.isfinite(both).sum(axis=1)
        return float((np.nansum(both, axis=1)[many > 0] / many[many > 0] / size[many > 0]).mean()) if many.any() else 0.0

    near = [lag for lag in range(season - max(season // 12, 1), season + max(season // 12, 1) + 1) if lag != season]
    return at(season) - max(0.0, *(at(lag) for lag in near))
