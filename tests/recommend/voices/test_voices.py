"""What every voice promises, on a checkerboard whose right answer is seen by eye."""

import numpy as np
import pytest

from recommend.histories import checkerboard, right_colour, trails
from zhiyin.recommend.voices.customers import SimilarCustomers
from zhiyin.recommend.voices.items import SimilarItems
from zhiyin.recommend.voices.linear import LinearItems, Spectrum
from zhiyin.recommend.voices.steps import Steps
from zhiyin.recommend.voices.tastes import learn_tastes

BOARD = checkerboard()
VOICES = {
    "items": SimilarItems(BOARD),
    "customers": SimilarCustomers(BOARD),
    "tastes": learn_tastes(BOARD, factors=4, confidence=(20.0, 1.0)),
    "linear": LinearItems(BOARD, ridge=5.0),
    "spectrum": Spectrum(BOARD, factors=2),
    "steps": Steps(BOARD, window=9, near=1.0, back=1.0, fade=1.0),
    "tastes in order": learn_tastes(BOARD, factors=4, confidence=(20.0, 1.0), fade=0.9),
}


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_the_item_left_out_of_the_own_colour_is_in_front(voice):
    found = voice.score(BOARD).best(1, without=BOARD.seen())
    assert found.row.tolist() == list(range(len(BOARD)))
    assert right_colour(BOARD, found.row, found.item).all()


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_a_stranger_with_a_history_is_answered_like_anybody(voice):
    stranger = trails([0, 2, 4], [1, 3], items=BOARD.items, strangers=True)
    found = voice.score(stranger).best(1, without=stranger.seen())
    assert right_colour(stranger, found.row, found.item).all()


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_one_more_step_of_the_other_colour_is_heard_at_once(voice):
    before = BOARD.take(np.array([0]))
    after = before.then(np.array([1, 3, 5, 7]))
    odd = np.array([9])
    row = np.zeros(1, np.int32)
    assert voice.score(after).at(row, odd)[0] > voice.score(before).at(row, odd)[0]


@pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)
def test_one_history_is_scored_as_among_many(voice):
    every, item = voice.score(BOARD), np.arange(BOARD.items, dtype=np.int32)
    for row in (0, 5):
        alone = voice.score(BOARD.take(np.array([row]))).at(np.zeros(BOARD.items, np.int32), item)
        np.testing.assert_allclose(alone, every.at(np.full(BOARD.items, row), item), rtol=1e-4, atol=1e-5)
