"""A table as the columns of a linear model: features of any unit on one scale, steps along them, kinds as flags."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhiyin.learn.frames import Floats
from zhiyin.predict.scaling import learn_step, medians, squeezed

__all__ = ["Design", "learn_design"]

Places = npt.NDArray[np.int64]

BENT, PLAIN, STEP, MISSING, LEVEL, RARE = range(6)
FAR = 4.0  # deviations beyond which a plain value counts no more: one customer must not carry a line
FEWEST = 10  # rows of a kind that make it a column of its own
STEP_SIZE = 0.5  # neighbouring steps share what they explain, so each is let to move half as freely
WIDEST = 600  # columns beyond which steps are left out: the equations grow with their cube


class Design(NamedTuple):
    """Which columns a feature becomes, and how they are scaled; arrays of one number a column, columns of one feature side by side."""

    owner: Places  # place of the feature
    sort: Places  # BENT ... RARE
    at: Floats  # the cut of a step, the place of a kind; elsewhere 0
    reach: Floats  # shape (2, n_columns): lowest and highest value that counts
    centre: Floats
    spread: Floats
    step: Floats  # of the feature: below this size a difference counts fully, above it only by its logarithm
    middle: Floats  # of the feature: stands for what is not known

    def matrix(self, codes: Floats) -> Floats:
        """Shape `(n_rows, n_columns)`, about 0 on average."""
        return (self.raw(codes) - self.centre) / self.spread

    def together(self, parts: Floats) -> Floats:
        """What the columns of each feature add up to: shape `(n_rows, n_features)`."""
        found = np.zeros((len(parts), len(self.step)))
        if parts.shape[1]:
            starts = np.flatnonzero(np.diff(self.owner, prepend=-1))
            found[:, self.owner[starts]] = np.add.reduceat(parts, starts, axis=1)
        return found

    def raw(self, codes: Floats) -> Floats:
        """The columns before they are centred and scaled."""
        unknown = np.isnan(codes)
        filled = np.where(unknown, self.middle, codes)
        columns = filled[:, self.owner]
        bent, step, level = (self.sort == sort for sort in (BENT, STEP, LEVEL))
        columns[:, bent] = squeezed(columns[:, bent], self.step[self.owner[bent]])
        columns[:, step] = (columns[:, step] > self.at[step]) * STEP_SIZE
        columns[:, self.sort == MISSING] = unknown[:, self.owner[self.sort == MISSING]]
        columns[:, level] = codes[:, self.owner[level]] == self.at[level]
        rare = self.sort == RARE
        columns[:, rare] = codes[:, self.owner[rare]] >= self.at[rare]
        return np.asarray(np.clip(columns, *self.reach, out=columns))


def learn_design(codes: Floats, *, of_kinds: list[int], steps: int = 0) -> Design:
    """Read the design from coded rows (see columns.py).

    Args:
        codes: shape `(n_rows, n_features)`; NaN where nothing is known.
        of_kinds: places of the features that hold kinds.
        steps: how many steps a number is cut into, 0 for a bent line only. Steps follow a curve that no line does.
    """
    steps = steps if codes.shape[1] * steps <= WIDEST else 0
    made = [
        (place, sort, at)
        for place, values in enumerate(codes.T)
        for sort, at in (_of_kinds(values) if place in of_kinds else _of_numbers(values, steps))
    ]
    owner, sort = (np.asarray([row[field] for row in made], dtype=np.int64) for field in (0, 1))
    known = [values[~np.isnan(values)] for values in codes.T]
    bare = Design(
        owner,
        sort,
        at=np.asarray([row[2] for row in made], dtype=np.float64),
        reach=np.repeat([[-np.inf], [np.inf]], len(made), axis=1),
        centre=np.zeros(len(made)),
        spread=np.ones(len(made)),
        step=np.asarray([learn_step(values) for values in known]),
        middle=medians(codes),
    )
    return _scaled(bare, codes)


def _scaled(bare: Design, codes: Floats) -> Design:
    """The design with what is cut off as far away, centres and spreads: lines to a deviation of one, flags and steps left as they are."""
    columns = bare.raw(codes)
    far = np.where(bare.sort == PLAIN, FAR * columns.std(axis=0), np.inf)
    reach = np.stack([columns.mean(axis=0) - far, columns.mean(axis=0) + far])
    np.clip(columns, *reach, out=columns)
    spread, lines = columns.std(axis=0), np.isin(bare.sort, (BENT, PLAIN))
    return bare._replace(reach=reach, centre=columns.mean(axis=0), spread=np.where(lines & (spread > 1e-9), spread, 1.0))


def _of_kinds(values: Floats) -> list[tuple[int, float]]:
    """A column for each kind that is frequent enough, one for all others, one for none."""
    known = values[~np.isnan(values)].astype(np.int64)
    counts = np.bincount(known) if len(known) else np.zeros(0, dtype=np.int64)
    own = int(np.argmax(counts < FEWEST)) if (counts < FEWEST).any() else len(counts)  # kinds are numbered by frequency
    found = [(LEVEL, float(level)) for level in range(own)] + [(RARE, float(own))]
    return found + ([(MISSING, 0.0)] if np.isnan(values).any() else [])


def _of_numbers(values: Floats, steps: int) -> list[tuple[int, float]]:
    known = values[~np.isnan(values)]
    found = [(BENT, 0.0)]
    if steps:
        cuts = np.unique(np.quantile(known, np.linspace(0, 1, steps + 1)[1:-1])) if len(known) else np.empty(0)
        found += [(PLAIN, 0.0), *((STEP, float(cut)) for cut in cuts[cuts < known.max()])] if len(cuts) else []
    return found + ([(MISSING, 0.0)] if 0 < len(known) < len(values) else [])
