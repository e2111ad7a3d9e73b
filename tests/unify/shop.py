"""A lake of a few rows in memory: filled by a test, read by the relations under test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache

import duckdb
import ibis
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.unify.facts import Facts, gather

DAY = date(2026, 11, 21)
FACTS = ("record", "identity", "order_line", "product", "attribute", "event", "touch", "outcome", "campaign", "offer")
TYPES = {"string": "varchar", "int64": "bigint", "float64": "double"}


UNBOUND = {name: ibis.table(TABLES[name].types, name=name) for name in FACTS}


@cache
def facts() -> Facts:
    return gather(UNBOUND, currency="CNY")


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


@cache
def sql(relation: Callable[..., ibis.Table], *asked: object, **named: object) -> str:
    """What a relation of the facts becomes: compiled once a session, compiling takes longer than running."""
    return str(
        ibis.to_sql(relation(facts(), *(list(days) if isinstance(days, tuple) else days for days in asked), **named), dialect="duckdb")
    )


class Shop:
    """Empty tables of the lake; `fill` replaces the rows of one, `frame` runs a relation.

    What a test does not say is filled in: source "shop", currency CNY, product p1, one order a day.
    """

    def __init__(self) -> None:
        self.lake = duckdb.connect(config={"threads": 1})
        self.tables = UNBOUND
        for name in FACTS:
            columns = ", ".join(f"{column} {TYPES.get(type_, type_)}" for column, type_ in TABLES[name].types.items())
            self.lake.execute(f"create table {name} ({columns})")

    @property
    def facts(self) -> Facts:
        return facts()

    def fill(self, name: str, rows: Iterable[Mapping[str, object]]) -> None:
        filled = [{**_DEFAULTS.get(name, {}), **row} for row in rows]
        names = TABLES[name].names
        self.lake.execute(f"delete from {name}")
        if filled:
            statement = f"insert into {name} values ({', '.join('?' * len(names))})"
            self.lake.executemany(statement, [[row.get(column) for column in names] for row in filled])

    def orders(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Order lines; the order is that of the customer and the day unless the row names one."""
        rows = list(rows)
        named = [{"order_id": f"{row['record_id']}/{row['ordered_on']}", "line_id": str(n), **row} for n, row in enumerate(rows)]
        self.fill("order_line", named)

    def frame(self, relation: ibis.Table) -> pd.DataFrame:
        return self.run(ibis.to_sql(relation, dialect="duckdb"))

    def run(self, sql: str) -> pd.DataFrame:
        frame = self.lake.execute(sql).df()
        keys = [name for name in ("customer_id", "category", "campaign_id", "at_on", "on", "record_id") if name in frame]
        return frame.sort_values(keys, ignore_index=True)


_DEFAULTS: dict[str, dict[str, object]] = {
    "record": {"source": "shop", "kind": "person", "owner_id": "", "team_id": "", "since_on": None},
    "order_line": {"source": "shop", "product_id": "p1", "quantity": 1.0, "discount": 0, "coupon": 0, "currency": "CNY"},
    "product": {"department": "food"},
    "event": {"source": "web", "name": "Page Viewed"},
    "touch": {"holdout": False},
    "outcome": {"kind": "redeemed"},
}
