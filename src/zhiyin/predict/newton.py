"""The weights that make what happened most likely: logistic regression as an equation to be solved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhiyin.learn.reasons import expit

__all__ = ["best_fit"]

Floats = npt.NDArray[np.float64]
ROUNDS = 50  # it stops by itself after five or ten
HALVINGS = 60  # of a step, until it does not lead away


def best_fit(
    columns: Floats, labels: Floats, *, ridge: Floats, start: Floats | float = 0.0, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Weights and the curvature at them, by Newton's method; the ridge makes the problem convex, so few steps do.

    Args:
        columns: shape `(n_rows, n_columns)`.
        labels: 0 or 1.
        ridge: penalty on the square of each weight, above zero.
        start: log-odds of each row before anything is added.
        weights: where to begin; zero where none are given.
    """
    weights = np.zeros(columns.shape[1]) if weights is None else weights
    loss, curvature = np.inf, np.diag(ridge)
    for _ in range(ROUNDS):
        chance = expit(start + columns @ weights)
        curvature = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(ridge)
        step = np.linalg.solve(curvature, columns.T @ (labels - chance) - ridge * weights)
        before = _loss(start + columns @ weights, labels, ridge @ weights**2)
        tries = (weights + step * 0.5**halving for halving in range(HALVINGS))
        moved, loss = next(
            ((tried, found) for tried in tries if (found := _loss(start + columns @ tried, labels, ridge @ tried**2)) <= before),
            (weights, before),
        )
        weights = moved
        if before - loss < 1e-7 * max(1.0, abs(loss)):
            break
    return weights, curvature


def _loss(log_odds: Floats, labels: Floats, penalty: Floats) -> float:
    return float((np.logaddexp(0.0, log_odds) - labels * log_odds).sum() + 0.5 * penalty)
