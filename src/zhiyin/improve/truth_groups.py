"""Do the groups of customers that were found agree with those that there are?

References:
    Hubert and Arabie (1985), Comparing partitions (adjusted Rand index); Strehl and Ghosh (2002), Cluster ensembles (mutual
    information, here over the arithmetic mean of both entropies).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.rows import need
from zhiyin.improve.truth import Judged
from zhiyin.learn.card import Interval

__all__ = ["adjusted_rand", "group_scores", "mutual_information"]

Floats = npt.NDArray[np.float64]

_DRAWS = 200


def group_scores(judged: pd.DataFrame, *, scheme: str, kind: str, seed: int = 7) -> Iterator[Judged]:
    """Agreement of one way of grouping with one true trait: 0 is chance, 1 is the same groups.

    Args:
        judged: one row per customer: group (as found), truth (the trait).
        scheme: name of the way of grouping.
        kind: name of the trait.
        seed: of the bootstrap.
    """
    need(judged, ("group", "truth"), what="segment")
    cells = pd.crosstab(judged["group"], judged["truth"]).to_numpy("float64")
    # Drawing rows again is drawing the cells: a company of a million customers takes no longer than one of a hundred.
    random, total = np.random.default_rng(seed), int(cells.sum())
    again = [
        random.multinomial(total, cells.ravel() / total).reshape(cells.shape).astype(np.float64) for _ in range(_DRAWS if total else 0)
    ]
    more = {"groups": cells.shape[0], "traits": cells.shape[1]}
    for name, metric in (("adjusted_rand", adjusted_rand), ("mutual_information", mutual_information)):
        known = np.array([value for table in again if np.isfinite(value := metric(table))])
        low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (float("nan"), float("nan"))
        figure = Interval(metric(cells), float(low), float(high))
        yield Judged("segments", f"{scheme}_{kind}_{name}", figure, "score", 0.0, "chance_groups", n=total, more=more)


def adjusted_rand(cells: npt.ArrayLike) -> float:
    """Adjusted Rand index of a table of counts, group by group; NaN where one side is a single group.

    Example:
        >>> adjusted_rand([[2, 0], [0, 2]])
        1.0
    """
    table = np.asarray(cells, np.float64)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if (rows > 0).sum() < 2 or (columns > 0).sum() < 2:
        return float("nan")
    together, by_row, by_column, all_ = (
        float((counts * (counts - 1) / 2).sum()) for counts in (table, rows, columns, table.sum(keepdims=True))
    )
    expected = by_row * by_column / all_
    most = (by_row + by_column) / 2
    return float("nan") if most == expected else (together - expected) / (most - expected)


def mutual_information(cells: npt.ArrayLike) -> float:
    """Normalised mutual information of a table of counts; NaN where one side is a single group.

    Example:
        >>> mutual_information([[2, 0], [0, 2]])
        1.0
    """
    table = np.asarray(cells, np.float64)
    both, rows, columns = (_entropy(counts) for counts in (table, table.sum(axis=1), table.sum(axis=0)))
    return float("nan") if not (rows and columns) else min(max(rows + columns - both, 0.0) / ((rows + columns) / 2), 1.0)


def _entropy(counts: Floats) -> float:
    share = counts[counts > 0] / counts.sum() if counts.sum() else np.zeros(0)
    return float(-(share * np.log(share)).sum())
