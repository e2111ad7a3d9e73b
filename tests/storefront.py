"""A small shop for pages: a generation written by hand, so that the right answer is seen by eye."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from zhiyin.app.home import Home, create_home, open_home
from zhiyin.app.intake import record_ids
from zhiyin.core.tables import TABLES

DAY = date(2026, 11, 21)
TYPES = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "date": pa.date32(), "timestamp": pa.timestamp("us")}
GOODS = {
    "tea": "茶", "cup": "杯", "pot": "壶", "rice": "米", "oil": "油", "salt": "盐", "soap": "皂", "towel": "巾"
}  # fmt: skip
CATEGORY = {"tea": "茶具", "cup": "茶具", "pot": "茶具", "rice": "粮油", "oil": "粮油", "salt": "粮油", "soap": "洗护", "towel": "洗护"}
LINKS = {"tea": ("pot", "cup", "soap"), "rice": ("oil", "soap"), "cup": ("tea", "towel")}
Rows = Iterable[Mapping[str, object]]


def opened(folder: Path, settings: str = "") -> Home:
    """A new workspace."""
    create_home(folder)
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    return open_home(folder, as_of=DAY)


def record(home: Home, user: str, *, system: str = "shop") -> str:
    """The record of a user."""
    return record_ids(home.vault.keys.ids, system)([user])[0]


def tabled(table: str, rows: Rows) -> pa.Table:
    """Rows as the lake stores them; what they do not say is empty."""
    told = list(rows)
    types = {name: TYPES.get(kind, pa.bool_()) for name, kind in TABLES[table].types.items()}
    return pa.table({name: pa.array([row.get(name) for row in told], type_) for name, type_ in types.items()})


def publish(home: Home, lists: Mapping[str, Iterable[str]], **more: Rows) -> None:
    """A generation in which these users (of the system `shop`) have these lists, of what is new to them; `more` tables as they are."""
    people = [{"record_id": one, "customer_id": one, "source": "shop", "kind": "person"} for one in (record(home, user) for user in lists)]
    listed = [
        {
            "customer_id": record(home, user),
            "product_id": product,
            "kind": "new",
            "rank": rank,
            "score": 1 / rank,
            "reason_zh": "因为",
            "reason_en": "why",
        }
        for user, products in lists.items()
        for rank, product in enumerate(products, 1)
    ]
    links = [
        {"product_id": product, "other_id": other, "rank": rank, "alike": 1 / rank, "customers": 20}
        for product, others in LINKS.items()
        for rank, other in enumerate(others, 1)
    ]
    tables: dict[str, Rows] = {
        "record": people,
        "identity": people,
        "customer": people,
        "profile": [{"customer_id": one["customer_id"], "attributes": "{}"} for one in people],
        "product": [
            {"product_id": product, "name": name, "category": CATEGORY[product], "price": 100, "currency": "CNY"}
            for product, name in GOODS.items()
        ],
        "recommendation": listed,
        "product_link": links,
        "popular_product": [
            {"product_id": product, "rank": rank, "share": 0.1, "customers": 30}
            for rank, product in enumerate(("oil", "soap", "tea", "cup"), 1)
        ],
        "popular_in": [
            {"place": "杭州市", "category": "", "product_id": "pot", "rank": 1, "customers": 12},
            {"place": "", "category": "粮油", "product_id": "salt", "rank": 1, "customers": 15},
        ],
    } | more  # type: ignore[operator]
    with home.lake.build(carry=[]) as build:
        for table, rows in tables.items():
            build.write(table, tabled(table, rows))
        build.publish()
