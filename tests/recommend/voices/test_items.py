"""What is taken by the same people?"""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from zhiyin.recommend.voices import items
from zhiyin.recommend.voices.items import SHRINK, alike, in_blocks


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
