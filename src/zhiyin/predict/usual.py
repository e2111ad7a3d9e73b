"""What is usual for each series on such a day? Its level of late, times its weekday, times what a holiday does to the whole shop.

The weekdays of a series are drawn to those of the shop (empirical Bayes), so that one with few sales has the shop's.

References:
    James and Stein: Estimation with quadratic loss. Fourth Berkeley Symposium 1 (1961).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["EIGHTY", "HALF_LIFE", "Calendar", "Past", "day_effects", "looked_back", "loose", "usual"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
EIGHTY = 1.2815515655446004  # standard normal deviations on each side of the middle that hold 80 %
HALF_LIFE = 21.0  # days; 10 and 42 were within 4 % of it on the grocer's first nine months
_PROFILE = 84  # days whose weekdays are compared
_KIND_DAYS = 7.0  # usual days that those of a kind are mixed with: a kind seen once says little
_AROUND = 29  # days around a day that say what was usual then
_FEW = 7.0  # values of the usual looseness that a series' own is mixed with


class Calendar(NamedTuple):
    """What kind of days they are, history first and then the days ahead: weekday (0 is Monday) and kind (0 is an ordinary day)."""

    weekday: Ints
    kind: Ints

    def part(self, start: int, stop: int | None) -> Calendar:
        """Some of the days; up to the last without a stop."""
        return Calendar(self.weekday[start:stop], self.kind[start:stop])


class Past(NamedTuple):
    """What would have been said at past origins, the latest first, and what came: each `(origins, horizon, n)`."""

    said: Floats
    repeated: Floats
    came: Floats


def usual(values: Floats, calendar: Calendar) -> Floats:
    """The usual values of the days ahead, `(horizon, n)`; zero for a series that sold nothing of late.

    Args:
        values: `(days, n)`, empty (NaN) before a series begins.
        calendar: of the same days and of those ahead.
    """
    known = len(values)
    past = calendar.part(0, known)
    shapes = _weekdays(values, past)
    effects = _effects(values, past, shapes.mean(axis=1), kinds=int(calendar.kind.max(initial=0)) + 1)
    every = shapes[calendar.weekday] * effects[calendar.kind][:, None]
    weight = np.where(np.isnan(values), 0.0, 0.5 ** (np.arange(known)[::-1] / HALF_LIFE)[:, None])
    level = (np.nan_to_num(values) * weight).sum(axis=0) / np.maximum((every[:known] * weight).sum(axis=0), 1e-12)
    sold = np.nansum(values[-_PROFILE:], axis=0) > 0
    return np.maximum(np.where(sold, level, 0.0) * every[known:], 0.0)


def day_effects(values: Floats, calendar: Calendar) -> Floats:
    """What the kind of each day does to the whole shop, history and ahead: 1 is an ordinary day, 1.2 one that sells a fifth more."""
    past = calendar.part(0, len(values))
    return _effects(values, past, _weekdays(values, past).mean(axis=1), kinds=int(calendar.kind.max(initial=0)) + 1)[calendar.kind]


def looked_back(values: Floats, calendar: Calendar, *, horizon: int, origins: int) -> Past:
    """What `usual`, and repeating the last week, would have said at origins `horizon` days apart.

    Args:
        values: `(days, n)`.
        calendar: of at least these days.
        horizon: days ahead.
        origins: how many, the latest first; fewer where the history is short.
    """
    starts = [len(values) - horizon * back for back in range(1, origins + 1)]
    starts = [start for start in starts if start >= 7]
    said = [usual(values[:start], calendar.part(0, start + horizon)) for start in starts]
    again = [np.resize(np.nan_to_num(values[start - 7 : start]), (horizon, values.shape[1])) for start in starts]
    came = [values[start : start + horizon] for start in starts]
    empty = np.empty((0, horizon, values.shape[1]))
    return Past(*(np.stack(each) if each else empty for each in (said, again, came)))


def loose(past: Past, *, days: int) -> Floats:
    """How loosely sums of `days` days lie around what is said, `(n,)`: their variance is this times the sum.

    One figure a series, so that a busy week may miss by more than a quiet one; 1 is as loose as chance alone makes single pieces.
    """
    origins, horizon, n = past.said.shape
    whole = horizon // days * days
    said, came = (each[:, :whole].reshape(origins, -1, days, n).sum(axis=2) for each in (past.said, past.came))
    seen = np.isfinite(came)
    missed = np.where(seen, said - came, 0.0) ** 2
    sums = np.where(seen, said, 0.0).sum(axis=(0, 1))
    many = seen.sum(axis=(0, 1))
    own = missed.sum(axis=(0, 1)) / np.maximum(sums, 1e-12)
    told = (sums > 0) & (many > 0)
    middle = float(np.median(own[told])) if told.any() else 1.0
    mean = sums / np.maximum(many, 1)
    mixed = (missed.sum(axis=(0, 1)) + _FEW * middle * mean) / np.maximum(sums + _FEW * mean, 1e-12)
    return np.where(told, mixed, middle)


def _weekdays(values: Floats, past: Calendar) -> Floats:
    """Weekday factors `(7, n)` around 1: those of the series, drawn to those of the whole shop as far as chance may have made the difference."""
    recent, day = values[-_PROFILE:], past.part(max(len(values) - _PROFILE, 0), len(values))
    sums, squares, seen = (np.zeros((7, values.shape[1])) for _ in range(3))
    for weekday in range(7):
        rows = recent[(day.kind == 0) & (day.weekday == weekday)]
        sums[weekday], squares[weekday], seen[weekday] = np.nansum(rows, axis=0), np.nansum(rows**2, axis=0), np.isfinite(rows).sum(axis=0)
    many = np.maximum(seen, 1)
    mean = np.maximum(sums.sum(axis=0) / np.maximum(seen.sum(axis=0), 1), 1e-12)
    shop = sums.sum(axis=1) / np.maximum(seen.max(axis=1, initial=0), 1)
    known = seen.any(axis=1) & (shop.sum() > 0)
    shop = np.where(known, shop / max(shop[known].mean() if known.any() else 1.0, 1e-12), 1.0)[:, None]
    within = np.maximum((squares - sums**2 / many).sum(axis=0), 0.0) / np.maximum(seen.sum(axis=0) - 7, 1)
    noise = within / mean**2 / many
    apart = np.where(seen > 0, sums / many / mean - shop, 0.0)
    real = np.maximum((apart**2 - noise).mean(axis=0), 0.0)
    own = np.where((seen > 1) & (real + noise > 0), real / np.maximum(real + noise, 1e-12), 0.0)
    mixed = np.maximum(shop + own * apart, 0.0)
    return np.asarray(mixed / np.maximum(mixed.mean(axis=0), 1e-12), dtype=np.float64)


def _effects(values: Floats, past: Calendar, shop: Floats, *, kinds: int) -> Floats:
    """What each kind of day does to the whole shop, `(kinds,)`, beside the days around it; 1 where none was seen."""
    total, found = np.nansum(values, axis=1), np.ones(kinds)
    plain = past.kind == 0
    if not plain.any() or plain.all():
        return found
    window, clean = np.ones(min(_AROUND, len(total))), np.where(plain, total / np.maximum(shop[past.weekday], 1e-12), 0.0)
    near = np.convolve(clean, window, "same") / np.maximum(np.convolve(plain.astype(float), window, "same"), 1.0)
    expected, some = near * shop[past.weekday], _KIND_DAYS * total[plain].mean()
    for kind in range(1, kinds):
        rows = past.kind == kind
        found[kind] = (total[rows].sum() + some) / max(expected[rows].sum() + some, 1e-12) if rows.any() and some > 0 else 1.0
    return found
