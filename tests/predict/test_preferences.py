from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from predict.generation import published
from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.predict.preferences import counts, pairs, preferences, sentence

AT = date(2026, 11, 21)
NAME = Say("品类 粮油", "category grain")


def counted(*rows):
    """Rows of `counts`: thing, how many of the group, how many of all; 100 in the group, 400 altogether."""
    return pd.DataFrame([("category", *row, 100, 400) for row in rows], columns=["kind", "thing", "own", "every", "group_size", "all_size"])


def test_what_a_group_has_clearly_more_and_less_of():
    found = preferences(counted(("grain", 60, 120), ("milk", 10, 190), ("toys", 25, 100)), smallest=5)
    assert found["thing"].tolist() == ["grain", "milk"]
    grain = found.iloc[0]
    assert (grain["group_share"], grain["all_share"], grain["index"]) == (0.6, 0.3, 2.0)
    assert grain["low"] < 2.0 < grain["high"]
    assert found.iloc[1]["high"] < 1.0


def test_the_interval_covers_the_index_nineteen_times_in_twenty():
    draw, hits = np.random.default_rng(11), 0
    share, own, others = 0.25, 0.4, 0.2
    truth = own / (share * own + (1 - share) * others)
    for _ in range(400):
        inside, outside = draw.binomial(100, own), draw.binomial(300, others)
        row = preferences(counted(("x", inside, inside + outside)), smallest=1)
        hits += len(row) == 0 or bool(row["low"].iloc[0] <= truth <= row["high"].iloc[0])
    assert 0.93 < hits / 400 < 0.99


def test_of_things_that_are_chance_hardly_any_is_told():
    draw = np.random.default_rng(12)
    rows = [(f"t{n}", draw.binomial(100, 0.3), 0) for n in range(200)]
    table = counted(*((name, own, own + draw.binomial(300, 0.3)) for name, own, _ in rows))
    assert len(preferences(table, smallest=5)) <= 2


@pytest.mark.parametrize(("own", "every"), [(4, 200), (100, 104), (2, 4), (60, 62)])
def test_few_customers_are_left_out(own, every):
    assert preferences(counted(("rare", own, every)), smallest=5).empty


def test_a_small_group_has_no_preferences():
    table = counted(("grain", 3, 50)).assign(group_size=4)
    assert preferences(table, smallest=5).empty
    assert preferences(table.head(0), smallest=5).empty


def test_what_nobody_of_the_group_has_is_told_with_its_interval():
    row = preferences(counted(("pets", 0, 90)), smallest=5).iloc[0]
    assert (row["index"], row["low"] >= 0, row["high"] < 0.5) == (0.0, True, True)
    assert sentence(dict(row), name=NAME).zh.startswith("品类 粮油：群里 0%，全体 22%，是全体的 0.00 倍")


def test_what_all_have_is_no_preference():
    assert preferences(counted(("air", 100, 400)), smallest=0).empty


def frames():
    def rows(of, **columns):
        table = TABLES[of]
        types = {
            "string": "string",
            "int64": "Int64",
            "float64": "Float64",
            "boolean": "boolean",
            "date": "object",
            "timestamp": "datetime64[us]",
        }
        frame = pd.DataFrame(columns, index=range(len(next(iter(columns.values()))))).reindex(columns=list(table.names))
        return frame.astype({name: types[kind] for name, kind in table.types.items()})

    return {
        "profile": rows("profile", customer_id=["a", "b", "c"], stage=["active", "active", "lost"], tier=["loyal", "loyal", "asleep"]),
        "identity": rows("identity", record_id=["a1", "a2", "b1", "c1"], customer_id=["a", "a", "b", "c"]),
        "product": rows("product", product_id=["p", "q", "r"], category=["grain", "milk", ""]),
        "attribute": rows("attribute", record_id=["a1", "a2", "b1", *[f"x{n}" for n in range(31)]], name=["city"] * 3 + ["id"] * 31, value=["杭州", "杭州", ""] + [str(n) for n in range(31)]),
        "order_line": rows(
            "order_line",
            source=["s"] * 6,
            line_id=[str(n) for n in range(6)],
            record_id=["a1", "a2", "b1", "b1", "c1", "c1"],
            product_id=["p", "p", "p", "r", "q", "q"],
            amount=[5, 5, 5, 5, -5, 5],
            ordered_on=[date(2026, 11, 1), date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 2), date(2025, 1, 1)],
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    given = frames()
    with published(tmp_path_factory.mktemp("liked"), given) as view:
        tables = {name: view.table(name) for name in given}
        found = pairs(tables, at=AT)
        group = tables["profile"].filter(tables["profile"]["customer_id"] != "c")
        yield SimpleNamespace(pairs=view.frame(found), counts=view.frame(counts(found, everybody=tables["profile"], members=group)))


def test_each_thing_stands_once_a_customer(asked):
    found = {tuple(row) for row in asked.pairs[["customer_id", "kind", "thing"]].itertuples(index=False)}
    assert len(found) == len(asked.pairs)
    assert {row for row in found if row[1] == "category"} == {("a", "category", "grain"), ("b", "category", "grain")}
    assert {row for row in found if row[1] not in ("category", "stage", "tier")} == {("a", "city", "杭州")}
    assert ("c", "tier", "asleep") in found


def test_counts_are_those_of_the_group_and_of_all(asked):
    rows = {(row.kind, row.thing): (row.own, row.every, row.group_size, row.all_size) for row in asked.counts.itertuples()}
    assert rows["category", "grain"] == (2, 2, 2, 3)
    assert rows["stage", "lost"] == (0, 1, 2, 3)
