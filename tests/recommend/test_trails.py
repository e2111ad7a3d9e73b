from dataclasses import replace

import numpy as np

from recommend.histories import trails


def test_rows_backs_and_lengths_by_hand():
    some = trails([3, 1, 2], [], [5])
    assert some.row().tolist() == [0, 0, 0, 2]
    assert some.back().tolist() == [2, 1, 0, 0]
    assert some.length().tolist() == [3, 0, 1]


def test_take_keeps_the_order_asked_for():
    some = trails([3, 1, 2], [4], [5, 0]).take(np.array([2, 0]))
    assert (some.who.tolist(), some.item.tolist(), some.start.tolist()) == ([2, 0], [5, 0, 3, 1, 2], [0, 2, 5])


def test_latest_keeps_the_end_of_each_history():
    assert trails([3, 1, 2], [4]).latest(2).item.tolist() == [1, 2, 4]


def test_a_faded_matrix_counts_each_step_back_less_and_sums_what_came_twice():
    dense = trails([1, 2, 1]).matrix(0.5).toarray()[0]
    assert dense.tolist() == [0, 1.25, 0.5, 0, 0, 0]
    assert trails([1, 2, 1]).seen().toarray()[0].tolist() == [0, 1, 1, 0, 0, 0]


def test_a_step_more_stands_at_the_end_and_is_known_as_a_change():
    longer = trails([3, 1]).then(np.array([5]))
    assert longer.item.tolist() == [3, 1, 5]
    assert longer.changed


def test_days_go_with_their_steps_and_rows():
    some = replace(trails([3, 1, 2], [4]), moment=np.array([5, 6, 7, 8]), now=np.array([9, 10]))
    assert some.take(np.array([1, 0])).moment.tolist() == [8, 5, 6, 7]
    assert some.take(np.array([1, 0])).now.tolist() == [10, 9]
    assert some.latest(1).moment.tolist() == [7, 8]
    assert some.take(np.array([0])).then(np.array([5])).moment.tolist() == [5, 6, 7, 9]
    assert some.at(np.array([1, 2])).now.tolist() == [1, 2]
    assert trails([1]).at(np.array([1])).now is None
