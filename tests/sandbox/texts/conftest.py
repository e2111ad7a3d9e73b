from __future__ import annotations

import pytest

SLOTS = {
    "product": "静音风扇",
    "category": "风扇",
    "feature": "静音",
    "price": "1299",
    "bid": "1199",
    "days": "3",
    "city": "成都",
    "name": "王姐",
    "rep": "小李",
    "shop": "东门店",
    "life": "刚搬了新家",
    "other": "隔壁那家",
}


@pytest.fixture
def slots() -> dict[str, str]:
    return dict(SLOTS)
