"""One small source for every connector, to run the contract checks on: a new connector adds a function and a line."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.core.settings import SourceSettings

__all__ = ["SOURCES"]

_DAY = datetime(2017, 3, 3)  # noqa: DTZ001 - a day


def files(folder: Path) -> SourceSettings:
    """Two files, a column that nobody declared, a row that cannot be split."""
    header = "客户编号,订单编号,商品编码,实付金额,下单时间,备注\n"
    (folder / "orders-1.csv").write_bytes((header + "C1,E1,P1,39.90,2026-11-01 10:00,\nC2,E2,P2,25,2026-11-02,x\n").encode("gb18030"))
    (folder / "orders-2.csv").write_text(header + "C3,E3,P1,12,2026-11-03,\nC4\n", encoding="utf-8")
    columns = {"customer": "客户编号", "order_id": "订单编号", "product_id": "商品编码", "amount": "实付金额", "ordered_at": "下单时间"}
    return SourceSettings(name="shop", file="orders-*.csv", columns=columns)


def complete_journey(folder: Path) -> SourceSettings:
    """One household with one basket."""
    tables: dict[str, dict[str, list[object]]] = {
        "products": {
            "product_id": [7], "manufacturer_id": [1], "department": ["GROCERY"], "brand": ["National"],
            "product_category": ["ICE"], "product_type": ["CRUSHED"], "package_size": ["22 LB"],
        },
        "campaign_descriptions": {"campaign_id": [1], "campaign_type": ["Type A"], "start_date": [_DAY], "end_date": [_DAY]},
        "coupons": {"coupon_upc": [50], "product_id": [7], "campaign_id": [1]},
        "demographics": {
            "household_id": [900], "age": ["45-54"], "income": ["50-74K"], "home_ownership": ["Homeowner"], "marital_status": ["Married"],
            "household_size": ["2"], "household_comp": ["2 Adults No Kids"], "kids_count": ["0"],
        },
        "transactions": {
            "household_id": [900], "store_id": [330], "basket_id": [31], "product_id": [7], "quantity": [1], "sales_value": [1.0],
            "retail_disc": [0.0], "coupon_disc": [0.0], "coupon_match_disc": [0.0], "week": [1], "transaction_timestamp": [_DAY],
        },
        "campaigns": {"campaign_id": [1], "household_id": [900]},
        "coupon_redemptions": {"household_id": [900], "coupon_upc": [50], "campaign_id": [1], "redemption_date": [_DAY]},
    }  # fmt: skip
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return SourceSettings(name="demo", connector="complete-journey", file=".")


SOURCES: dict[str, Callable[[Path], SourceSettings]] = {"files": files, "complete-journey": complete_journey}
