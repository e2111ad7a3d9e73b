"""Raw rows as a connector gives them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from zhiyin.unify.clean import Defaults, Typed, typed


class Unread(NamedTuple):
    source_row: int
    code: str
    raw: bytes


@dataclass(frozen=True)
class Batch:
    columns: pa.Table
    unread: Sequence[Unread] = field(default_factory=tuple)


def batch(first_row: int = 2, unread: Sequence[Unread] = (), **columns: list[object]) -> Batch:
    rows = len(next(iter(columns.values())))
    named = {name.replace("__", "."): pa.array(cells) for name, cells in columns.items()}
    named = {name: cells.cast(pa.string()) if pa.types.is_null(cells.type) else cells for name, cells in named.items()}
    return Batch(pa.table({**named, "source_row": pa.array(range(first_row, first_row + rows), pa.int64())}), unread)


def defaults(**more: object) -> Defaults:
    said = {"system": "shop", "source": "orders", "currency": "CNY", "timezone": "Asia/Shanghai", "dates": "auto", "batch_id": "b1"}
    return Defaults(**{**said, **more})  # type: ignore[arg-type]


def facts(kind: str, rows: Batch, said: Defaults | None = None) -> Typed:
    return typed(
        kind, rows, defaults=said or defaults(), record_id=lambda natives: [f"r-{native}" for native in natives], digest="{}={}".format
    )


def orders(**columns: list[object]) -> Batch:
    """Order lines; what a test does not say is the same in every row."""
    rows = len(next(iter(columns.values())))
    usual = {"customer": "C1", "order_id": "E1", "product_id": "P1", "amount": "10.00", "ordered_at": "2026-11-01 10:00:00"}
    return batch(**{name: [value] * rows for name, value in usual.items()} | columns)  # type: ignore[arg-type]
