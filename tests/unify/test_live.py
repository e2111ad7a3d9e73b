"""Micro-batches give the same rows as all facts at once: any split, any order, any grouping."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import ibis
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from unify.shop import DAY
from zhiyin.core.tables import TABLES
from zhiyin.unify.activity import activity
from zhiyin.unify.live import Day, DayKey, Fold, OrderKey, fold

NAMES = ("batch", "event", "order_line", "touch", "outcome")
TYPES = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
SQL = str(ibis.to_sql(activity({name: ibis.table(TABLES[name].types, name=name) for name in NAMES}, currency="CNY"), dialect="duckdb"))
LAKE = duckdb.connect(config={"threads": 1})
BATCHES = {"b1": "web", "b2": "till"}

_record = st.sampled_from(["r1", "r2"])
_day = st.integers(0, 2).map(lambda days: DAY - timedelta(days=days))
_at = st.tuples(_day, st.sampled_from([0, 1, 86_399])).map(
    lambda one: datetime.combine(one[0], datetime.min.time()) + timedelta(seconds=one[1])
)
_batch = st.sampled_from(list(BATCHES))


def _event(n, record, at, batch, more):
    name, seconds = more
    return "event", {
        "source": "shop", "event_id": f"e{n}", "record_id": record, "name": name, "seconds": seconds, "happened_at": at,
        "happened_on": at.date(), "batch_id": batch, "product_id": "p1",
    }  # fmt: skip


def _line(n, record, at, batch, more):
    order, amount, saved, currency = more
    return "order_line", {
        "source": "shop", "line_id": f"l{n}", "record_id": record, "order_id": order, "amount": amount, "discount": saved,
        "coupon": None, "currency": currency, "ordered_at": at, "ordered_on": at.date(), "batch_id": batch,
    }  # fmt: skip


def _touch(n, record, at, batch, more):
    return "touch", {
        "touch_id": f"t{n}",
        "record_id": record,
        "holdout": more,
        "touched_at": at,
        "touched_on": at.date(),
        "batch_id": batch,
    }


def _outcome(n, record, at, batch, more):
    return "outcome", {
        "outcome_id": f"o{n}",
        "record_id": record,
        "kind": more,
        "happened_at": at,
        "happened_on": at.date(),
        "batch_id": batch,
    }


_facts = st.lists(
    st.one_of(
        *(
            st.tuples(st.just(make), _record, _at, _batch, more)
            for make, more in (
                (_event, st.tuples(st.sampled_from(["Product Viewed", "Order Completed"]), st.sampled_from([None, 0.1, 0.2, 1 / 3]))),
                (
                    _line,
                    st.tuples(
                        st.sampled_from(["o1", "o2"]),
                        st.sampled_from([100, -100, 0]),
                        st.sampled_from([0, 30]),
                        st.sampled_from(["CNY", "CNY", "USD"]),
                    ),
                ),
                (_touch, st.booleans()),
                (_outcome, st.sampled_from(["bought", "answered"])),
            )
        )
    ),
    max_size=25,
).map(lambda facts: [make(n, *rest) for n, (make, *rest) in enumerate(facts)])


def _arrow(name: str, rows: list[dict[str, object]]) -> pa.Table:
    schema = pa.schema([(column, TYPES.get(type_, pa.timestamp("us"))) for column, type_ in TABLES[name].types.items()])
    return pa.Table.from_pylist([{column: row.get(column) for column in schema.names} for row in rows], schema=schema)


def _at_once(facts) -> dict[DayKey, Day]:
    for name in NAMES:
        rows = [row for table, row in facts if table == name]
        rows += [{"batch_id": batch, "source": source} for batch, source in BATCHES.items()] if name == "batch" else []
        LAKE.register(name, _arrow(name, rows))
    found = LAKE.execute(SQL).fetchall()
    return {DayKey(*row[:4]): Day(row[4], row[5], round(row[6] * 1000), *row[7:]) for row in found}


def _folded(facts) -> Fold:
    made = Fold()
    for batch, channel in BATCHES.items():
        tables = {
            name: _arrow(name, rows)
            for name in NAMES[1:]
            if (rows := [row for table, row in facts if table == name and row["batch_id"] == batch])
        }
        made.add(fold(tables, channel=channel, currency="CNY"))
    return made


@given(_facts, st.randoms(use_true_random=False))
def test_folds_of_any_split_and_order_give_what_all_facts_give_at_once(facts, chance):
    shuffled = chance.sample(facts, len(facts))
    cuts = sorted(chance.randrange(len(facts) + 1) for _ in range(3))
    parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]
    folds = [_folded(part) for part in parts]
    left, right = Fold(), Fold()
    for one in folds[:2]:
        left.add(one)
    for one in folds[2:]:
        right.add(one)
    right.add(left)
    assert right.rows() == _at_once(facts)


@given(_facts, st.randoms(use_true_random=False))
def test_what_was_counted_before_and_what_came_after_give_what_all_give(facts, chance):
    base = [one for one in facts if chance.random() < 0.5]
    live = [one for one in facts if one not in base]
    before, whole = _folded(base), dict(_at_once(base))
    for key, day in _folded(live).rows(before.orders).items():
        whole[key] = whole[key].and_(day) if key in whole else day
    assert whole == _at_once(facts)


def test_an_order_counts_once_however_many_lines_it_has():
    at = datetime.combine(DAY, datetime.min.time())
    lines = [_line(n, "r1", at, "b1", ("o1", 100, 10, "CNY")) for n in range(3)]
    assert _folded(lines).rows() == {
        DayKey("r1", "web", "Order Completed", DAY): Day(1, 300, 0, at, at, "o1"),
        DayKey("r1", "web", "Discount Used", DAY): Day(1, 30, 0, at, at, "o1"),
    }


def test_an_order_that_was_given_back_the_same_day_counts_no_more():
    at = datetime.combine(DAY, datetime.min.time())
    bought, returned = (_folded([_line(n, "r1", at, "b1", ("o1", amount, 0, "CNY"))]) for n, amount in enumerate((100, -100)))
    key = DayKey("r1", "web", "Order Completed", DAY)
    assert bought.rows()[key].times == 1
    assert returned.rows(bought.orders)[key][:2] == (-1, -100)
    assert list(bought.orders) == [OrderKey("r1", "web", "o1", DAY)]
