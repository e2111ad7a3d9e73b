"""Do the forecasts of the parts add up to that of the whole? They do afterwards, and the surer ones move least."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, listed
from zhiyin.core.words import Say

__all__ = ["reconcile"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def reconcile(forecasts: pd.DataFrame, hierarchy: pd.DataFrame, *, errors: Mapping[object, float] | None = None) -> pd.DataFrame:
    """The forecasts with parents that are the sums of their children, in the rows and columns given.

    With errors this is least squares weighted by them (the diagonal of MinT), solved on the tree in one walk up and one
    down; without, parents become the sums of what their children say. Where no value was below zero none is afterwards.

    Args:
        forecasts: series, at, value and perhaps low and high, the same times for all series.
        hierarchy: parent, child: a tree or several; series that stand in none keep their forecasts.
        errors: series -> how far its forecasts miss (standard deviation or mean absolute error of the back-test).

    Raises:
        MissingColumns: when a column is not there.
        DataError: when the hierarchy is no tree, or a series of it lacks a forecast, or its error is no positive number.

    References:
        Wickramasuriya, Athanasopoulos and Hyndman (2019), Optimal forecast reconciliation through trace minimization.
    """
    _must_have(forecasts, ("series", "at", "value"))
    _must_have(hierarchy, ("parent", "child"))
    wide = forecasts.pivot_table(index="series", columns="at", values="value", sort=False)
    parent = _parents(hierarchy, wide)
    said = wide.to_numpy(dtype=np.float64)
    variance = _variances(wide.index, parent, errors)
    summed = _summed(said, parent, variance)
    if (said >= 0).all() and (summed < 0).any():
        leaves = ~np.isin(np.arange(len(parent)), parent)
        floor = np.where(leaves[:, None], np.maximum(summed, 0.0), summed)
        summed = _summed(floor, parent, np.where(leaves, 1.0, np.inf))
    moved = pd.DataFrame(summed - said, index=wide.index, columns=wide.columns).stack()
    change = moved.reindex(pd.MultiIndex.from_frame(forecasts[["series", "at"]])).to_numpy()
    found = forecasts.copy()
    for name in forecasts.columns.intersection(["value", "low", "high"]):
        found[name] = forecasts[name].to_numpy(dtype=np.float64) + change
    if (said >= 0).all() and "low" in found:
        found["low"] = np.minimum(found["low"].clip(lower=0), found["value"])
    return found


def _summed(said: Floats, parent: Ints, variance: Floats) -> Floats:
    """The values `(n, steps)` nearest to what was said, each measured by its variance, whose parents are sums."""
    order = _from_the_leaves(parent)
    middle, spread = said.copy(), variance.copy()
    children_said, children_spread = np.zeros_like(said), np.zeros(len(said))
    inner = np.isin(np.arange(len(parent)), parent)
    for node in order:
        if inner[node]:
            own, below = 1 / variance[node], 1 / children_spread[node]
            middle[node] = (own * said[node] + below * children_said[node]) / (own + below) if own else children_said[node]
            spread[node] = 1 / (own + below)
        if parent[node] >= 0:
            children_said[parent[node]] += middle[node]
            children_spread[parent[node]] += spread[node]
    for node in order[::-1]:
        if parent[node] >= 0:
            above = parent[node]
            middle[node] += spread[node] / children_spread[above] * (middle[above] - children_said[above])
    return middle


def _from_the_leaves(parent: Ints) -> Ints:
    """Every child before its parent."""
    depth, node = np.zeros(len(parent), dtype=np.int64), parent.copy()
    while (node >= 0).any():
        if depth.max() > len(parent):
            raise _no_tree(Say("层级里有环。", "The hierarchy runs in a circle."), len(parent))
        depth += node >= 0
        node = np.where(node >= 0, parent[node], -1)
    return np.argsort(-depth, kind="stable")


def _parents(hierarchy: pd.DataFrame, wide: pd.DataFrame) -> Ints:
    """The row of the parent of each series, -1 for none."""
    pairs = hierarchy[["parent", "child"]].drop_duplicates()
    twice = pairs["child"][pairs["child"].duplicated()].unique()
    if len(twice):
        raise _no_tree(Say("有的序列属于两个上级。", "A series belongs to two parents."), listed(twice))
    absent = sorted(str(name) for name in {*pairs["parent"], *pairs["child"]} - set(wide.index))
    if absent or wide.isna().to_numpy().any():
        raise _no_tree(
            Say("层级里的序列缺少预测。", "A series of the hierarchy lacks forecasts."), listed(absent) or int(wide.isna().to_numpy().sum())
        )
    parent = np.full(len(wide), -1, dtype=np.int64)
    parent[wide.index.get_indexer(pairs["child"])] = wide.index.get_indexer(pairs["parent"])
    return parent


def _variances(names: pd.Index, parent: Ints, errors: Mapping[object, float] | None) -> Floats:
    if errors is None:
        return np.where(np.isin(np.arange(len(names)), parent), np.inf, 1.0)
    given = np.asarray([errors.get(name, np.nan) for name in names], dtype=np.float64)
    inside = (parent >= 0) | np.isin(np.arange(len(names)), parent)
    wrong = inside & ~(np.isfinite(given) & (given > 0))
    if wrong.any():
        raise DataError(
            Say("有的序列没有正的误差。", "Some series have no positive error."),
            got=listed(names[wrong]),
            fix=Say("给出回测误差，或不给 errors。", "Give the errors of the back-test, or leave errors out."),
        )
    return np.where(inside, given, 1.0) ** 2


def _must_have(table: pd.DataFrame, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise MissingColumns(
            Say(f"缺少列：{'、'.join(missing)}。", f"The columns {', '.join(missing)} are missing."),
            got=listed(table.columns),
            fix=Say(f"给出 {'、'.join(names)}。", f"Give {', '.join(names)}."),
        )


def _no_tree(what: Say, got: object) -> DataError:
    fix = Say("每个下级只有一个上级，每个序列每个时间都有预测。", "Give each child one parent, and each series a forecast for each time.")
    return DataError(what, got=got, fix=fix)
