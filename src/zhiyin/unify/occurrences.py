"""The how-manieth line of this product is it in this order? Counted over one whole import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = ["Occurrences"]


class Occurrences:
    """Counts equal pairs of ids over the batches of one import: 16 bytes a different pair.

    Pairs are known by 64 bits of their hash: among 1.5 million pairs two meet by chance once in ten million imports.
    """

    def __init__(self) -> None:
        import numpy as np

        self._pairs = np.empty(0, dtype=np.uint64)
        self._counts = np.empty(0, dtype=np.int64)

    def number(self, left: pa.Array, right: pa.Array) -> np.ndarray:
        """0 for the first row with this pair in the import, 1 for the second, ..."""
        import numpy as np

        pairs = _hashed(left) * np.uint64(0x9E3779B97F4A7C15) ^ _hashed(right)
        order = np.argsort(pairs, kind="stable")
        ordered = pairs[order]
        begins = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
        counts = np.diff(begins, append=len(ordered))
        distinct = ordered[begins]
        before = self._before(distinct)
        numbers = np.empty(len(pairs), dtype=np.int64)
        numbers[order] = np.arange(len(pairs)) - np.repeat(begins - before, counts)
        self._remember(distinct, before + counts)
        return numbers

    def _before(self, pairs: np.ndarray) -> np.ndarray:
        import numpy as np

        if not len(self._pairs):
            return np.zeros(len(pairs), dtype=np.int64)
        at = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        return np.where(self._pairs[at] == pairs, self._counts[at], 0)

    def _remember(self, pairs: np.ndarray, counts: np.ndarray) -> None:
        import numpy as np

        at = np.searchsorted(self._pairs, pairs)
        known = np.zeros(len(pairs), dtype=bool)
        inside = at < len(self._pairs)
        known[inside] = self._pairs[at[inside]] == pairs[inside]
        self._counts[at[known]] = counts[known]
        self._pairs = np.insert(self._pairs, at[~known], pairs[~known])
        self._counts = np.insert(self._counts, at[~known], counts[~known])


def _hashed(values: pa.Array) -> np.ndarray:
    """Python's own hash of every id; it changes with every process, the numbers that are counted by it do not."""
    import numpy as np

    encoded = values.dictionary_encode()
    hashes = np.fromiter(map(hash, encoded.dictionary.to_pylist()), dtype=np.int64, count=len(encoded.dictionary)).view(np.uint64)
    of_rows: np.ndarray = hashes[encoded.indices.to_numpy(zero_copy_only=False)]
    return of_rows
