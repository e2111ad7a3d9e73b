import numpy as np
import pytest

from zhiyin.recommend.rankers import Sum, alone, learn_sum, learn_trees, ranker_of


def lesson(histories: int = 200, *, seed: int = 0):
    """Ten candidates each; the first feature tells what is taken, the second is noise."""
    draw = np.random.default_rng(seed)
    said = draw.normal(size=(histories * 10, 2)).astype(np.float32)
    row = np.repeat(np.arange(histories), 10)
    taken = np.zeros(len(row), bool)
    for one in range(histories):
        taken[one * 10 + int(np.argmax(said[one * 10 : one * 10 + 10, 0] + draw.gumbel(size=10) * 0.3))] = True
    return said, row, taken


def first(ranker, said, row):
    """The candidate in front of each history."""
    return [np.flatnonzero(row == one)[int(np.argmax(ranker.order(said[row == one])))] for one in range(row.max() + 1)]


def test_a_sum_finds_the_voice_that_tells():
    said, row, taken = lesson()
    weight = learn_sum(said, row=row, taken=taken).weight
    assert weight[0] > 2
    assert abs(weight[1]) < 0.5


@pytest.mark.parametrize("learn", ["sum", "trees"])
def test_what_is_learned_puts_it_in_front_in_histories_not_seen(learn):
    said, row, taken = lesson()
    ranker = learn_sum(said, row=row, taken=taken) if learn == "sum" else learn_trees(said, taken=taken)
    others, their_row, theirs = lesson(seed=1)
    assert theirs[first(ranker, others, their_row)].mean() > 0.6  # one in ten by chance


def test_a_history_of_which_nothing_was_taken_teaches_nothing():
    said, row, taken = lesson()
    more = np.concatenate([said, np.full((10, 2), 50, np.float32)])
    with_it = learn_sum(more, row=np.append(row, [200] * 10), taken=np.append(taken, [False] * 10))
    # The scale is taken over all rows, so the comparison is of the order that comes out.
    assert first(with_it, said, row) == first(learn_sum(said, row=row, taken=taken), said, row)


def test_every_ranker_comes_back_from_its_state():
    said, _, taken = lesson(60)
    said = np.column_stack([said, said[:, 0]])
    for ranker in (alone("one", ["one"]), Sum(np.array([1.0, -2.0, 0.5], np.float32)), learn_trees(said, taken=taken)):
        np.testing.assert_array_equal(ranker_of(ranker.to_state()).order(said), ranker.order(said))


def test_trees_answer_an_empty_question():
    said, _, taken = lesson(60)
    assert learn_trees(said, taken=taken).order(said[:0]).shape == (0,)


def test_one_voice_alone_leaves_what_it_does_not_know_to_content_and_then_to_popularity():
    # items_high, items_place, content_high, content_place, popular_high, popular_place, length
    said = np.zeros((4, 7), np.float32)
    said[:, 0] = [1, 2, -10, -10]
    said[:, 2] = [5, 0, 0, 1]
    ranker = alone("items", ("items", "content", "popular"))
    assert np.argsort(-ranker.order(said)).tolist() == [1, 0, 3, 2]
