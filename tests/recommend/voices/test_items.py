"""What is taken by the same people?"""

import numpy as np
import pytest
import scipy.sparse as sp

from recommend.histories import trails
from zhiyin.recommend.voices import items
from zhiyin.recommend.voices.items import SHRINK, SimilarItems, alike, in_blocks


@pytest.fixture
def board() -> sp.csr_matrix:
    """Even customers take even items, odd customers odd ones."""
    return sp.csr_matrix(np.fromfunction(lambda who, what: (who + what) % 2 == 0, (40, 12)).astype(np.float32))


def test_what_is_taken_by_the_same_people_is_alike_and_nothing_is_like_itself(board):
    found = alike(board, most=12).toarray()
    of_a_colour = np.add.outer(np.arange(12), np.arange(12)) % 2 == 0
    assert np.array_equal(found > 0, of_a_colour & ~np.eye(12, dtype=bool))
    assert found.max() == pytest.approx(20 / np.log1p(7) / (20 + SHRINK))


def test_columns_come_in_groups_that_are_as_small_as_is_asked_for(board, monkeypatch):
    whole = alike(board, most=3).toarray()
    assert list(in_blocks(board)) == [slice(0, 12)]
    monkeypatch.setattr(items, "_CELLS", 30)
    assert list(in_blocks(board)) == [slice(start, start + 2) for start in range(0, 12, 2)]
    assert np.array_equal(alike(board, most=3).toarray(), whole)
    monkeypatch.setattr(items, "_CELLS", 1)
    assert list(in_blocks(board)) == [slice(start, start + 1) for start in range(12)]


def test_likeness_by_hand():
    # 0 and 1 share two of their customers, who took two items each: each counts 1 / log(4).
    found = SimilarItems(trails([0, 1], [0, 1], [2], items=3)).links.toarray()
    quiet = 1 / np.log1p(3)
    assert np.isclose(found[0, 1], 2 * quiet / (2 + SHRINK))
    assert found[0, 2] == found[0, 0] == 0


def test_because_names_the_item_that_speaks_loudest():
    voice = SimilarItems(trails([0, 1], [0, 1], [2, 1], items=4))
    asked = trails([0, 2], [3], items=4, strangers=True)
    assert voice.because(asked, np.array([1, 1])).tolist() == [0, -1]
