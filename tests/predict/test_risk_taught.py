import numpy as np
import pandas as pd

from zhiyin.predict.risk import PIECES, Weights
from zhiyin.predict.risk_taught import FEWEST, taught


def _reviewed(n, *, telling="burst", seed=7):
    """Cases of which only one piece tells whether people confirm them."""
    chance = np.random.default_rng(seed)
    frame = pd.DataFrame({name: chance.uniform(0, 4, n) for name in PIECES})
    return frame.assign(case_id=[f"k{at:04}" for at in range(n)], confirmed=frame[telling] > 2)


def test_few_reviews_teach_nothing():
    assert taught(_reviewed(FEWEST)) == Weights()
    assert taught(_reviewed(200).assign(confirmed=True)) == Weights()


def test_the_piece_that_tells_gains_weight_over_those_that_do_not():
    weights = taught(_reviewed(300))
    assert weights.reviewed == 300
    assert weights.pieces[PIECES.index("burst")] > 1
    assert max(weight for name, weight in zip(PIECES, weights.pieces, strict=True) if name != "burst") < 1
    assert min(weights.pieces) >= 0
    assert weights.shift <= 0  # nobody looked at what was not on the queue


def test_reviews_that_are_all_chance_change_nothing():
    chance = np.random.default_rng(3)
    weights = taught(_reviewed(40).assign(confirmed=chance.uniform(size=40) > 0.5).assign(**dict.fromkeys(PIECES, 1.0)))
    assert (weights.pieces, weights.shift) == (Weights().pieces, 0.0)
