"""What a newcomer would write: a connector for an old till, and a rule that must hold its own beside the models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from zhiyin.collect.batch import RawBatch
from zhiyin.core.settings import SourceSettings
from zhiyin.learn.base import PredictorBase

__all__ = ["HalfModel", "rows"]


def rows(source: SourceSettings, folder: Path) -> Iterator[RawBatch]:
    """Lines of `day customer phone product paid`; a till knows no order number, so a day is an order."""
    lines = [line.split() for line in (folder / source.file).read_text("utf-8").splitlines()]
    day, customer, phone, product, paid = zip(*lines, strict=True)
    orders = [f"{on}/{who}" for on, who in zip(day, customer, strict=True)]
    columns = {"ordered_at": day, "customer": customer, "phone": phone, "order_id": orders, "product_id": product, "amount": paid}
    yield RawBatch("orders", pa.table({**columns, "source_row": pa.array(range(1, len(lines) + 1), pa.int64())}), file=source.file)


@dataclass
class HalfModel(PredictorBase):
    """Says of everybody what half of those who were asked did."""

    needs: tuple[str, ...] = ()

    def _fit(self, examples: pd.DataFrame) -> None:
        self.share_ = 0.25 + float(examples[self.label].mean()) / 2

    def _predict(self, rows: pd.DataFrame) -> np.ndarray:
        return np.full(len(rows), self.share_)
