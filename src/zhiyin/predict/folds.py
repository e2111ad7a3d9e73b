"""Who is left out when? Parts of the customers that a model learns without, one at a time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zhiyin.learn.frames import Floats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FOLDS", "folds_of"]

FOLDS = 5


def folds_of(examples: pd.DataFrame, key: str, *, labels: Floats, folds: int) -> npt.NDArray[np.int64]:
    """The part a row is in: all rows of one customer in the same, whatever their order; dealt out by label where there is no key."""
    if key not in examples.columns:
        place = np.empty(len(labels), dtype=np.int64)
        place[np.argsort(labels, kind="stable")] = np.arange(len(labels)) % max(folds, 1)
        return place
    names, place = np.unique(examples[key].to_numpy().astype(str), return_inverse=True)
    drawn = [hashlib.blake2b(name.encode(), digest_size=4).digest() for name in names]
    return np.asarray([int.from_bytes(part, "big") % max(folds, 1) for part in drawn], dtype=np.int64)[place]
