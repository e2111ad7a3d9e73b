import numpy as np

from sandbox.lived import BEGINS
from zhiyin.sandbox.happened import Day, joined, kept, none, sized


def test_a_value_says_it_of_every_row_and_what_is_not_given_is_0():
    rows = sized("answers", 2, person=np.array([3, 4]), campaign=7)
    assert {name: cells.tolist() for name, cells in rows.items()} == {
        "person": [3, 4],
        "campaign": [7, 7],
        "second": [0, 0],
        "paid": [0, 0],
    }


def test_groups_are_joined_by_the_second_and_keep_their_order_within_one():
    one, two = (sized("answers", 2, person=np.array(who), second=np.array(at)) for who, at in (([1, 2], [9, 5]), ([3, 4], [5, 1])))
    assert joined("answers", [one, two])["person"].tolist() == [4, 2, 3, 1]
    assert joined("answers", []).keys() == none("answers").keys()


def test_a_mask_keeps_rows():
    assert kept(sized("stock", 3, product=np.arange(3)), np.array([True, False, True]))["product"].tolist() == [0, 2]


def test_a_day_knows_what_did_not_happen_and_its_month():
    day = Day(BEGINS, 0)
    assert (day.count("orders"), day.rows("talks")["person"].tolist(), day.month) == (0, [], "2026-03")
