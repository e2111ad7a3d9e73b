"""Small files, and reading them whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zhiyin.collect.connectors import connector
from zhiyin.core.settings import SourceSettings

ORDERS = {"customer": "客户编号", "order_id": "订单编号", "product": "商品名称", "amount": "实付金额", "ordered_at": "下单时间"}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[dict[str, object]]]:
    """Read `file` of the temporary folder with a mapping: all rows as dicts."""

    def rows(file: str, *, columns: dict[str, str] | None = None, kind: str = "orders") -> list[dict[str, object]]:
        source = SourceSettings(name="shop", kind=kind, file=file, columns=ORDERS if columns is None else columns)
        return [row for batch in connector("files")(source, tmp_path) for row in batch.columns.to_pylist()]

    return rows
