import numpy as np
import pandas as pd

from recommend.conftest import bought, day, shop
from zhiyin.recommend.purchases import cells, day_number, ids, positions, read


def test_rows_are_baskets_sorted_by_customer_item_day():
    found = shop([("b", "tea", 3), ("a", "tea", 2), ("a", "tea", 1), ("a", "rice", 5)])
    assert found.customers.tolist() == ["a", "b"]
    assert found.items.tolist() == ["rice", "tea"]
    assert list(zip(found.customer, found.item, found.day, strict=True)) == [(0, 0, day(5)), (0, 1, day(1)), (0, 1, day(2)), (1, 1, day(3))]


def test_two_lines_of_one_basket_count_once_and_a_visit_is_a_basket():
    found = read(bought([("a", "tea", 1), ("a", "tea", 1), ("a", "rice", 1)], order_id=["1", "1", "2"]))
    assert len(found.day) == 2
    assert found.visit_day.tolist() == [day(1), day(1)]


def test_without_orders_a_day_is_a_basket():
    assert len(shop([("a", "tea", 1), ("a", "tea", 1), ("a", "tea", 2)]).day) == 2


def test_before_is_blind_to_the_day_and_what_follows():
    found = shop([("a", "tea", 1), ("a", "tea", 2), ("a", "tea", 3)]).before(day(2))
    assert found.day.tolist() == [day(1)]
    assert found.visit_day.tolist() == [day(1)]


def test_faded_halves_with_each_half_life():
    found = shop([("a", "tea", 0), ("a", "tea", 10), ("a", "tea", 20)])
    assert found.faded(day(20), 10).tolist() == [0.25, 0.5, 1.0]


def test_matrices_hold_ones_and_sums():
    found = shop([("a", "tea", 0), ("a", "tea", 1), ("b", "rice", 0)])
    assert found.bought().toarray().tolist() == [[0, 1], [1, 0]]
    assert found.weighted(np.ones(3, np.float32)).toarray().tolist() == [[0, 2], [1, 0]]


def test_an_item_has_one_category_and_none_is_the_empty_one():
    found = shop([("a", "tea", 0), ("b", "tea", 1), ("a", "rice", 0)], category=["drinks", "drinks", None])
    assert found.categories[found.category].tolist() == ["", "drinks"]
    assert shop([("a", "tea", 0)]).categories.tolist() == [""]


def test_the_order_of_the_rows_does_not_matter():
    rows = bought([("a", "tea", 0), ("b", "rice", 1), ("a", "rice", 1), ("b", "tea", 0)])
    first, second = read(rows), read(rows.iloc[::-1])
    assert all(np.array_equal(value, vars(second)[name]) for name, value in vars(first).items())


def test_categories_may_come_in_any_order():
    rows = bought([("b", "tea", 0), ("a", "rice", 1)])
    shuffled = rows.assign(
        customer_id=pd.Categorical(rows["customer_id"], ["b", "a", "z"]), item_id=pd.Categorical(rows["item_id"], ["tea", "rice"])
    )
    first, second = read(rows), read(shuffled)
    assert all(np.array_equal(value, vars(second)[name]) for name, value in vars(first).items())


def test_ids_keep_numbers_and_make_texts_of_objects():
    assert ids(np.array([3, 1])).dtype.kind == "i"
    assert ids(pd.Series(["b", "a"], dtype=object)).dtype.kind == "U"


def test_positions_say_where_and_minus_one_for_strangers():
    assert positions(np.array(["a", "c"]), ["c", "b", "a", "d"]).tolist() == [1, -1, 0, -1]
    assert positions(np.array([], dtype=str), ["a"]).tolist() == [-1]


def test_no_cells_are_an_empty_array():
    none = np.zeros(0, np.int32)
    assert cells(shop([("a", "tea", 0)]).bought(), rows=none, columns=none).shape == (0,)


def test_days_count_from_1970():
    assert day_number(pd.Timestamp("1970-01-03").date()) == 2
