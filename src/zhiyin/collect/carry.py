"""Orders whose head stands only in their first row (Shopify): carry it down to the other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.core.fields import CONSENT, IDENTIFIERS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Carried"]

# What an order says once. Money is not among it: a total carried down would be counted once a line.
HEAD = ("customer", *IDENTIFIERS, "owner", "team", "currency", "ordered_at", "store")


class Carried:
    """The head of the order that a batch ended in, so that it reaches the rows of the next batch."""

    def __init__(self, kind: str, fields: tuple[str, ...]) -> None:
        applies = kind == "orders" and "order_id" in fields
        self._fields = tuple(name for name in fields if name in HEAD or name.startswith(CONSENT)) if applies else ()
        self._last: pa.Table | None = None

    def down(self, rows: pa.Table) -> pa.Table:
        """The rows with empty head fields filled from the row above, within one order."""
        import pyarrow as pa

        if not self._fields or not rows.num_rows or not any(rows[name].null_count for name in self._fields):
            self._last = rows.slice(max(rows.num_rows - 1, 0)) if rows.num_rows else self._last
            return rows
        both = pa.concat_tables([self._last, rows]) if self._last is not None else rows
        filled = _filled(both, self._fields).slice(both.num_rows - rows.num_rows)
        self._last = filled.slice(filled.num_rows - 1)
        return filled


def _filled(rows: pa.Table, fields: tuple[str, ...]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    order = rows["order_id"].combine_chunks()
    codes = order.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    at = np.arange(len(codes))
    begins = np.maximum.accumulate(np.where(np.concatenate([[True], codes[1:] != codes[:-1]]) | (codes < 0), at, 0))
    for name in fields:
        values = rows[name].combine_chunks()
        told = np.maximum.accumulate(np.where(values.is_valid().to_numpy(zero_copy_only=False), at, -1))
        from_row = np.where(told >= begins, told, at)
        rows = rows.set_column(rows.schema.get_field_index(name), name, values.take(pa.array(from_row)))
    return rows
