"""Histories so small that the right answer is seen by eye."""

import numpy as np

from zhiyin.recommend.trails import Trails


def trails(*histories: list[int], items: int = 6, strangers: bool = False) -> Trails:
    """One row a history, every step weighing 1."""
    start = np.concatenate([[0], np.cumsum([len(one) for one in histories])]).astype(np.int64)
    item = np.array([step for one in histories for step in one], np.int32)
    who = np.full(len(histories), -1) if strangers else np.arange(len(histories))
    return Trails(who.astype(np.int32), start, item, np.ones(len(item), np.float32), items)


def checkerboard(people: int = 24, items: int = 10) -> Trails:
    """Even people took even items, odd people odd ones, one of their own colour left out for each."""
    rows = [[item for item in range(person % 2, items, 2) if item // 2 != person // 2 % (items // 2)] for person in range(people)]
    return trails(*rows, items=items)


def right_colour(board: Trails, rows: np.ndarray, item: np.ndarray) -> np.ndarray:
    """Whether each item has the colour of the person in that row."""
    return np.asarray(item % 2 == rows % 2)
