"""Which products do the same customers take?"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.recommend import links
from zhiyin.recommend.links import FEWEST, MOST, TAKEN, popular, product_links
from zhiyin.recommend.live import POPULAR_DAYS
from zhiyin.recommend.voices import items
from zhiyin.recommend.voices.items import SHRINK

DAY = date(2026, 11, 1)


def taken(rows: list[tuple[str, str, float]], *, on: date = DAY) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "weight"])
    return frame.assign(on=pd.Timestamp(on))


def of(found: pd.DataFrame, product: str) -> list[str]:
    return found[found["product_id"] == product].sort_values("rank")["other_id"].tolist()


def test_an_order_says_more_than_a_cart_and_a_cart_more_than_a_view():
    assert 1 == TAKEN["Order Completed"] > TAKEN["Product Added"] > TAKEN["Product Viewed"] > 0
    ways = {"ordered": 1.0, "carted": TAKEN["Product Added"], "viewed": TAKEN["Product Viewed"]}
    rows = [(f"c{n}-{other}", product, weight) for other, weight in ways.items() for n in range(3) for product in ("tea", other)]
    found = product_links(taken([(who, product, ways.get(product, 1.0)) for who, product, _ in rows]))
    assert of(found, "tea") == ["ordered", "carted", "viewed"]
    assert set(found["customers"]) == {3}


def test_likeness_is_the_shrunk_cosine_in_which_busy_customers_count_less():
    found = product_links(taken([(who, product, 1.0) for who in ("ann", "ben") for product in ("tea", "cup")]))
    quiet = 1 / np.log1p(3)  # each took two
    assert found[["product_id", "other_id", "rank", "customers"]].to_numpy().tolist() == [["cup", "tea", 1, 2], ["tea", "cup", 1, 2]]
    assert found["alike"].tolist() == pytest.approx([2 * quiet / (2 + SHRINK)] * 2, abs=1e-6)


def test_one_customer_is_no_evidence():
    assert FEWEST == 2
    found = product_links(taken([("ann", "tea", 1.0), ("ann", "cup", 1.0), ("ben", "tea", 1.0)]))
    assert found.empty
    assert list(found) == ["product_id", "other_id", "alike", "customers", "rank"]


def test_nothing_taken_gives_nothing():
    assert product_links(taken([])).empty
    assert popular(taken([]), at=DAY).empty


def test_a_product_has_so_many_links_and_they_are_the_strongest(monkeypatch):
    monkeypatch.setattr(links, "MOST", 3)
    rows = [(f"c{n}", f"p{m}", 1.0) for m in range(6) for n in range(m + 2)] + [(f"c{n}", "tea", 1.0) for n in range(8)]
    assert of(product_links(taken(rows)), "tea") == ["p5", "p4", "p3"]
    assert MOST == 50


def test_counts_and_likeness_do_not_depend_on_how_much_is_held_at_a_time(monkeypatch):
    draw = np.random.default_rng(7)
    pairs = {(f"c{draw.integers(60)}", f"p{draw.integers(25)}") for _ in range(500)}
    rows = taken([(who, what, float(draw.choice(list(TAKEN.values())))) for who, what in sorted(pairs)])
    whole = product_links(rows)
    monkeypatch.setattr(items, "_CELLS", 30)
    pd.testing.assert_frame_equal(product_links(rows), whole)
    holders = {product: {who for who, what in pairs if what == product} for _, product in pairs}
    both = {(one, other): len(holders[one] & holders[other]) for one, other in itertools.permutations(holders, 2)}
    assert {(row.product_id, row.other_id): row.customers for row in whole.itertuples()} == {
        pair: count for pair, count in both.items() if count >= FEWEST
    }


def test_popular_is_what_most_took_lately():
    old = taken([(f"c{n}", "old", 1.0) for n in range(9)], on=DAY - timedelta(days=POPULAR_DAYS + 1))
    lately = taken([("ann", "tea", 1.0), ("ben", "tea", 1.0), ("ben", "cup", 1.0), ("cat", "jar", 0.2)], on=DAY - timedelta(days=1))
    found = popular(pd.concat([old, lately]), at=DAY)
    assert found[["product_id", "rank", "customers"]].to_numpy().tolist() == [["tea", 1, 2], ["cup", 2, 1], ["jar", 3, 1]]
    assert found["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0.2 / 3])
