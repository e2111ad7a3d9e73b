"""What most customers buy in a place, and of a category."""

from datetime import date

import ibis
import pandas as pd

from zhiyin.recommend.bestsellers import bestsellers

AT = date(2026, 11, 21)


def _found(lines, places, *, least=1):
    columns = ["customer_id", "product_id", "category", "on"]
    lines = ibis.memtable(pd.DataFrame(lines, columns=columns), schema=dict.fromkeys(columns[:3], "string") | {"on": "date"})
    places = ibis.memtable(pd.DataFrame(places, columns=["customer_id", "place"]), schema=dict.fromkeys(["customer_id", "place"], "string"))
    rows = ibis.duckdb.connect().execute(bestsellers(lines, places, at=ibis.date(AT), least=least))
    return sorted(rows.itertuples(index=False, name=None), key=str)


def test_customers_are_counted_once_within_the_last_days():
    lines = [
        ("c1", "tea", "drink", date(2026, 11, 1)),
        ("c1", "tea", "drink", date(2026, 11, 2)),
        ("c2", "tea", "drink", date(2026, 11, 20)),
        ("c2", "cup", "", date(2026, 10, 24)),
        ("c1", "cup", "", date(2026, 10, 23)),  # 29 days ago
        ("c3", "cup", "", AT),  # not known yet
    ]
    found = _found(lines, [("c1", "杭州市"), ("c1", "浙江省"), ("c2", "浙江省")])
    assert found == sorted(
        [
            ("", "drink", "tea", 1, 2),
            ("杭州市", "", "tea", 1, 1),
            ("浙江省", "", "tea", 1, 2),
            ("浙江省", "", "cup", 2, 1),
        ],
        key=str,
    )


def test_what_too_few_bought_is_not_named():
    lines = [(f"c{n}", product, "drink", date(2026, 11, 1)) for product, count in (("tea", 10), ("cup", 9)) for n in range(count)]
    assert _found(lines, [], least=10) == [("", "drink", "tea", 1, 10)]
