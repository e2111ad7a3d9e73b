"""Which records are the same person or firm, field by field?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from zhiyin.unify.linking.frames import Sides

__all__ = ["link_people"]


def link_people(found: Sides, *, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """Pairs of rows whose common cells are all equal."""
    names = [column.name for column in found.columns]
    left = found.left.assign(left_id=found.left_id)
    right = (found.left if found.right is None else found.right).assign(right_id=found.left_id if found.right is None else found.right_id)
    pairs = left.merge(right, on=names)
    if found.right is None:
        pairs = pairs[pairs["left_id"] < pairs["right_id"]]
    return pairs[["left_id", "right_id"]].assign(probability=1.0).reset_index(drop=True)
