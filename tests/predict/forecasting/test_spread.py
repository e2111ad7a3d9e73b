import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.spread import learn_spread


def test_wild_rows_get_a_wider_interval_and_eight_of_ten_fall_within():
    draw = np.random.default_rng(0)
    features = pd.DataFrame({"wild": draw.integers(0, 2, 4000)})
    errors = draw.normal(0, 1 + 9 * features["wild"])
    spread = learn_spread(features, errors, folds=np.arange(4000) % 8, origins=20, seed=0)
    low, high = spread.bounds(features)
    assert 0.78 < ((errors >= low) & (errors <= high)).mean() < 0.82
    assert 7 < (high - low)[features["wild"] == 1].mean() / (high - low)[features["wild"] == 0].mean() < 13


def test_a_few_errors_are_taken_alike_and_one_origin_is_trusted_less():
    errors = np.linspace(-1, 1, 101)
    widths = [learn_spread(pd.DataFrame(index=range(101)), errors, folds=np.zeros(101, dtype=int), origins=n, seed=0) for n in (1, 50)]
    once, often = (spread.bounds(pd.DataFrame(index=range(1)))[1][0] for spread in widths)
    assert 0.78 < often < 0.82 and 1.1 < once / often < 1.2


def test_without_errors_there_is_no_width():
    nothing = learn_spread(pd.DataFrame(), np.empty(0), folds=np.empty(0, dtype=int), origins=1, seed=0)
    assert nothing.factors == (0.0, 0.0)
