"""In which order are rows compared, and under which ids are their pairs told?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from zhiyin.unify.linking.frames import Column, Sides

__all__ = ["Table"]


class Table(NamedTuple):
    """All rows of both tables, the left one's first, each sorted by what it says: the order in which they came does not matter.

    `ids` are those of the rows; `boundary` is the place of the first row of the right table, None: one table.
    """

    columns: tuple[Column, ...]
    rows: pd.DataFrame
    ids: pd.Series
    boundary: int | None

    @classmethod
    def of(cls, found: Sides) -> Table:
        """The rows in their order."""
        left, left_id = _sorted(found.left, found.left_id)
        if found.right is None or found.right_id is None:
            return cls(found.columns, left, left_id, None)
        right, right_id = _sorted(found.right, found.right_id)
        ids = pd.concat([left_id.astype(object), right_id.astype(object)], ignore_index=True)
        return cls(found.columns, pd.concat([left, right], ignore_index=True), ids, len(left))

    def places(self, pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """The rows of pairs of ids, the smaller place first."""
        cut = len(self.ids) if self.boundary is None else self.boundary
        left = pd.Series(np.arange(cut), index=self.ids.iloc[:cut])
        right = left if self.boundary is None else pd.Series(np.arange(cut, len(self.ids)), index=self.ids.iloc[cut:])
        one, other = left.loc[pairs["left_id"]].to_numpy(), right.loc[pairs["right_id"]].to_numpy()
        return np.minimum(one, other), np.maximum(one, other)

    def answer(self, pairs: tuple[np.ndarray, np.ndarray], odds: np.ndarray) -> pd.DataFrame:
        """The pairs under their ids, the surest first; of two tables only those between them, of one the smaller id first."""
        left, right = pairs
        if self.boundary is not None:
            between = (left < self.boundary) & (right >= self.boundary)
            left, right, odds = left[between], right[between], odds[between]
        one, other = (self.ids.iloc[side].reset_index(drop=True) for side in (left, right))
        if self.boundary is None:
            turned = one.astype(str) > other.astype(str) if one.dtype == object else one > other
            one, other = one.where(~turned, other), other.where(~turned, one)
        made = pd.DataFrame({"left_id": one, "right_id": other, "probability": 1 / (1 + np.exp(-odds.astype("float64")))})
        told = [made["left_id"].astype(str), made["right_id"].astype(str), -made["probability"]]
        return made.iloc[np.lexsort([told[1], told[0], told[2]])].infer_objects().reset_index(drop=True)


def _sorted(rows: pd.DataFrame, ids: np.ndarray) -> tuple[pd.DataFrame, pd.Series]:
    """Rows by the hash of their cells; of rows that say the same the hash of the id decides."""
    cells = pd.util.hash_pandas_object(rows, index=False).to_numpy()
    names = pd.util.hash_array(np.array([str(one) for one in ids], dtype=object), categorize=False)
    order = np.lexsort((names, cells))
    return rows.iloc[order].reset_index(drop=True), pd.Series(ids).iloc[order].reset_index(drop=True)
