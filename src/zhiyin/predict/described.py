"""By which few conditions is a group told from the others? A small decision tree, written as rules that can be saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.predict.rules.terms import Vocabulary
from zhiyin.predict.rules.tree import All, Any, Compared, Rule

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

__all__ = ["READ", "Described", "as_rule", "described"]

# Counted features only: a rule that people read and save speaks of columns.
READ = (
    "orders_84d", "orders_28d", "spend_84d", "days_since_order", "discount_share_84d", "coupon_orders_84d", "categories_84d",
    "lines_84d", "products_84d",
)  # fmt: skip
DEPTH = 3

# A leaf: conditions that all hold, each a feature, "<=" or ">", and a number in the unit of the column.
Leaf = list[list[object]]


class Described(NamedTuple):
    """Groups as conditions.

    Args:
        leaves: number of the group -> the leaves that speak of it.
        accuracy: share of customers that the tree was not shown whom it puts into their group.
        biggest: the same share for who puts everybody into the greatest group.
    """

    leaves: dict[int, list[Leaf]]
    accuracy: float
    biggest: float


def described(rows: pd.DataFrame, groups: npt.NDArray[np.intp], *, seed: int) -> Described:
    """The groups as leaves of a tree of depth three; judged on the half of the customers that it was not shown."""
    from sklearn.tree import DecisionTreeClassifier

    names = [name for name in READ if name in rows.columns]
    if not names or len(np.unique(groups)) < 2:
        return Described({}, 1.0, 1.0)
    table = rows[names].astype(float).fillna(0.0).to_numpy()
    asked = np.random.default_rng(seed).permutation(len(table)) % 2 == 0
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=max(2, len(table) // 200), random_state=seed)
    accuracy = float(tree.fit(table[~asked], groups[~asked]).score(table[asked], groups[asked]))
    biggest = float(np.bincount(groups[asked]).max() / max(asked.sum(), 1))
    tree.fit(table, groups)
    leaves: dict[int, list[Leaf]] = {}
    for group, leaf in _leaves(tree, names, table):
        leaves.setdefault(group, []).append(leaf)
    return Described(leaves, accuracy, biggest)


def as_rule(leaves: Sequence[Leaf], words: Vocabulary) -> Rule | None:
    """The leaves of one group as a rule; None where there is none, or one of its columns may not be used."""
    parts: list[Rule] = []
    for leaf in leaves:
        terms = [(words.find(str(name)), str(how), value) for name, how, value in leaf]
        if not terms or any(term is None for term, _, _ in terms):
            return None
        found = tuple(Compared(term, how, float(str(value))) for term, how, value in terms if term)
        parts.append(found[0] if len(found) == 1 else All(found))
    return (parts[0] if len(parts) == 1 else Any(tuple(parts))) if parts else None


def _leaves(tree: DecisionTreeClassifier, names: Sequence[str], table: npt.NDArray[np.float64]) -> Iterator[tuple[int, Leaf]]:
    """Each leaf with its group, of several bounds of one feature the narrowest."""
    grown, whole = tree.tree_, [bool(np.all(column == np.round(column))) for column in table.T]

    def walk(node: int, bounds: dict[tuple[str, str], float]) -> Iterator[tuple[int, Leaf]]:
        if grown.children_left[node] < 0:
            group = int(tree.classes_[int(grown.value[node][0].argmax())])
            yield group, [[name, how, value] for (name, how), value in bounds.items()]
            return
        place = int(grown.feature[node])
        name, cut = names[place], float(grown.threshold[node])
        cut = float(np.floor(cut)) if whole[place] else round(cut, 4)
        below, above = (name, "<="), (name, ">")
        number: float = int(cut) if whole[place] else cut
        yield from walk(int(grown.children_left[node]), {**bounds, below: min(number, bounds.get(below, number))})
        yield from walk(int(grown.children_right[node]), {**bounds, above: max(number, bounds.get(above, number))})

    yield from walk(0, {})
