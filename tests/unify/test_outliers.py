"""Lines so small that the odd one is seen by eye: everybody buys one or two pieces at 20.00, one line is odd."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import ibis
import pandas as pd
import pytest

from unify.shop import TYPES
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.unify.outliers import OUTLIERS, first_believable, outliers

TODAY = date(2026, 11, 22)
COLUMNS = ["source", "line_id", "record_id", "product_id", "currency", "quantity", "amount", "ordered_on", "batch_id", "source_row"]


def _line(at, *, who="", product="P1", pieces=1.0, price=2000, on=date(2026, 6, 1), batch="b2", source="shop"):
    return (source, f"L{at}", who or f"r{at % 30}", product, "CNY", pieces, round(pieces * price), on, batch, at)


def _usual(count=40, **changed):
    return [_line(at, pieces=1.0 + at % 2, on=date(2026, 1, 1) + timedelta(days=at), batch="b1", **changed) for at in range(count)]


def _codes(odd, *, usual=None, hidden=(), batches=("b2",), today=TODAY, since=None, shuffled=False):
    lines = pd.DataFrame([*(_usual() if usual is None else usual), *odd], columns=COLUMNS)
    lines = lines.sample(frac=1.0, random_state=3) if shuffled else lines
    goods = pd.DataFrame({"product_id": lines["product_id"].unique()})
    goods["hidden"] = goods["product_id"].isin(hidden)
    lake = duckdb.connect(config={"threads": 1})
    for name, rows in (("order_line", lines), ("product", goods)):
        columns = ", ".join(f"{column} {TYPES.get(type_, type_)}" for column, type_ in TABLES[name].types.items())
        lake.execute(f"create table {name} ({columns})")
        lake.register("given", rows)
        lake.execute(f"insert into {name} by name select * from given")
    tables = [ibis.table(TABLES[name].types, name=name) for name in ("order_line", "product")]

    def keep(name: str, rows: ibis.Table) -> ibis.Table:
        lake.execute(f"create temp table {name} as {ibis.to_sql(rows, dialect='duckdb')}")
        return ibis.table(rows.schema(), name=name)

    found = outliers(*tables, batches=list(batches), days=(since, today), keep=keep)
    return {
        (row.line_id, row.code, row.value, row.usual) for row in lake.execute(str(ibis.to_sql(found, dialect="duckdb"))).df().itertuples()
    }


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        ({"price": 200_000}, "outlier_price"),
        ({"price": 30_000}, None),
        ({"price": 20}, None),
        ({"pieces": 80_995.0}, "outlier_quantity"),
        ({"pieces": 100.0}, None),
        ({"on": TODAY + timedelta(days=2)}, "outlier_future"),
        ({"on": TODAY + timedelta(days=1)}, None),
    ],
)
def test_a_line_far_outside_everything_known_is_odd(odd, code):
    assert {found[1] for found in _codes([_line(99, **odd)])} == ({code} if code else set())


def test_the_sentence_gets_what_was_told_and_what_is_usual():
    assert _codes([_line(99, price=200_000)]) == {("L99", "outlier_price", 200_000.0, 2000.0)}
    assert _codes([_line(99, pieces=80_995.0)]) == {("L99", "outlier_quantity", 80_995.0, 2.0)}


def test_the_order_of_the_rows_does_not_matter():
    odd = [_line(99, price=200_000), _line(98, pieces=80_995.0)]
    assert _codes(odd) == _codes(odd, shuffled=True)


def test_a_product_needs_rows_before_it_is_judged():
    assert _codes([_line(99, price=200_000)], usual=_usual(18)) == set()


def test_only_new_lines_are_judged():
    assert _codes([_line(99, price=200_000)], batches=("b3",)) == set()


def test_a_wholesaler_who_always_orders_much_stays():
    often = [_line(100 + at, who="big", pieces=4000.0, product=f"Q{at}", batch="b1") for at in range(6)]
    assert _codes([_line(99, who="big", pieces=5000.0)], usual=[*_usual(), *often]) == set()
    assert {found[1] for found in _codes([_line(99, who="new", pieces=5_000_000.0)], usual=[*_usual(), *often])} == {"outlier_quantity"}


def test_what_was_taken_back_since_is_left_alone():
    assert _codes([_line(99, who="r1", pieces=80_995.0), _line(98, who="r1", pieces=-80_995.0)]) == set()


def test_charges_are_not_judged_by_their_price():
    assert _codes([_line(99, price=200_000)], hidden=("P1",)) == set()


def test_a_negative_sale_is_odd_where_returns_are_written_otherwise():
    back = _line(98, who="r2", pieces=-1.0)
    assert {found[1] for found in _codes([_line(99, who="nobody", price=-2000), back])} == {"outlier_sign"}
    assert _codes([_line(99, who="nobody", price=-2000)]) == set()
    assert _codes([_line(99, who="r1", price=-2000), back]) == set()


def test_days_before_years_of_silence_are_early_where_they_are_few():
    days = [(date(1970, 1, 1), 1), (date(2025, 3, 1), 400), (date(2025, 3, 2), 400), (date(2026, 3, 1), 900)]
    assert first_believable(days) == first_believable(days[::-1]) == date(2025, 3, 1)
    assert first_believable([(date(1970, 1, 1), 100), (date(2025, 3, 1), 400)]) == date(1970, 1, 1)
    assert first_believable([]) is None
    assert {found[1] for found in _codes([_line(99, on=date(1970, 1, 1))], since=date(2026, 1, 1))} == {"outlier_early"}


def test_every_code_has_a_sentence_that_can_be_filled():
    assert all(isinstance(say.fill(value="1", usual="2"), Say) for say in OUTLIERS.values())
