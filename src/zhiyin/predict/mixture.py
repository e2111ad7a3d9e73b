"""Which points lie together? K-means and a mixture of Gaussians, both as groups with a middle, a spread and a size.

K-means is the mixture whose groups are equally large and equally wide, so one rule puts a point into a group of either.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["METHODS", "Groups", "group_of", "k_means", "learned", "mixture"]

Floats = npt.NDArray[np.float64]

METHODS = ("k_means", "mixture")
STARTS = 3
ROUNDS = 60  # of Lloyd's algorithm, and of expectation and maximisation
_NARROWEST = 0.05  # variance on the scale of one deviation of all: a column that never varies in a group must not decide alone
_SETTLED = 1e-4


class Groups(NamedTuple):
    """Groups of points: arrays of shape `(n_groups, n_features)`, `share` of `(n_groups,)`."""

    centre: Floats
    variance: Floats
    share: Floats


def learned(method: str, places: Floats, *, k: int, seed: int) -> Groups:
    """Groups by one of METHODS."""
    return k_means(places, k=k, seed=seed) if method == "k_means" else mixture(places, k=k, seed=seed)


def group_of(places: Floats, groups: Groups) -> npt.NDArray[np.intp]:
    """The likeliest group of each point, by its number."""
    return np.asarray(_scores(places, groups).argmax(axis=1))


def k_means(places: Floats, *, k: int, seed: int) -> Groups:
    """The best of a few starts of Lloyd's algorithm. In numpy: on a shared machine its threads make KMeans of scikit-learn 20 times slower."""
    draw = np.random.default_rng(seed)
    tried = [_settled(places, _spread(places, k, draw)) for _ in range(STARTS)]
    centres = min(tried, key=lambda centres: float(_distances(places, centres).min(axis=1).sum()))
    return Groups(centres, np.ones_like(centres), np.full(k, 1.0 / k))


def mixture(places: Floats, *, k: int, seed: int) -> Groups:
    """Gaussians whose features vary on their own (diagonal covariance), by expectation and maximisation from K-means.

    References:
        Dempster, Laird, Rubin (1977): Maximum likelihood from incomplete data via the EM algorithm. J. R. Stat. Soc. B 39(1), 1-38.
    """
    groups, before = k_means(places, k=k, seed=seed), -np.inf
    groups = groups._replace(variance=np.full_like(groups.centre, max(float(places.var()), _NARROWEST)))
    for _ in range(ROUNDS):
        scores = _scores(places, groups)
        best = scores.max(axis=1, keepdims=True)
        whole = best + np.log(np.exp(scores - best).sum(axis=1, keepdims=True))
        belongs = np.exp(scores - whole)
        sizes = belongs.sum(axis=0) + 1e-9
        centre = belongs.T @ places / sizes[:, None]
        variance = np.maximum(belongs.T @ places**2 / sizes[:, None] - centre**2, _NARROWEST)
        groups, now = Groups(centre, variance, sizes / sizes.sum()), float(whole.mean())
        if now - before < _SETTLED:
            break
        before = now
    return groups


def _scores(places: Floats, groups: Groups) -> Floats:
    """Log of share times density of each group, but for a constant: shape `(n_points, n_groups)`."""
    exact = 1.0 / groups.variance
    apart = places**2 @ exact.T - 2 * places @ (groups.centre * exact).T + (groups.centre**2 * exact).sum(axis=1)
    return np.asarray(np.log(groups.share) - 0.5 * (apart + np.log(groups.variance).sum(axis=1)))


def _spread(places: Floats, k: int, draw: np.random.Generator) -> Floats:
    """Points far from one another, to start from (k-means++)."""
    centres = places[[draw.integers(len(places))]]
    while len(centres) < k:
        far = _distances(places, centres).min(axis=1).clip(0)
        share = far / far.sum() if far.sum() > 0 else None
        centres = np.vstack([centres, places[draw.choice(len(places), p=share)]])
    return centres


def _settled(places: Floats, centres: Floats) -> Floats:
    """Each centre in the middle of those nearest to it, again and again."""
    for _ in range(ROUNDS):
        nearest = _distances(places, centres).argmin(axis=1)
        sizes = np.bincount(nearest, minlength=len(centres))
        sums = np.stack([np.bincount(nearest, weights=column, minlength=len(centres)) for column in places.T], axis=1)
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        if np.abs(moved - centres).max() < _SETTLED:
            return moved
        centres = moved
    return centres


def _distances(places: Floats, centres: Floats) -> Floats:
    """Squared distance of every point to every centre."""
    return np.asarray((places**2).sum(axis=1)[:, None] - 2 * places @ centres.T + (centres**2).sum(axis=1))
