import numpy as np

from zhiyin.predict.forecasting.autoreg import akaike, autoregressed


def test_changes_that_swing_back_are_foreseen():
    zigzag = np.tile([10.0, 14.0], 30)[None, :]
    said = autoregressed(zigzag, 4, season=1)[0]
    assert (np.abs(said - [10, 14, 10, 14]) < 0.8).all()


def test_a_steady_drift_goes_on():
    rising = 2.0 * np.arange(60)[None, :] + np.random.default_rng(0).normal(0, 0.1, (1, 60))
    assert np.abs(autoregressed(rising, 3, season=1)[0] - [120, 122, 124]).max() < 1.5


def test_the_changes_of_a_year_ago_come_back():
    year = np.random.default_rng(1).normal(0, 5, 52)
    weeks = np.tile(year, 6)[None, :]
    said = autoregressed(weeks, 10, season=1, far=(52,))[0]
    assert np.abs(said - year[:10]).mean() < np.abs(autoregressed(weeks, 10, season=1)[0] - year[:10]).mean() / 3


def test_a_short_series_gets_no_answer():
    assert np.isnan(autoregressed(np.arange(12.0)[None, :], 3, season=1)).all()
    both = np.stack([np.arange(60.0), np.r_[np.full(48, np.nan), np.arange(12.0)]])
    assert np.isfinite(autoregressed(both, 3, season=1)).all(axis=1).tolist() == [True, False]


def test_the_better_explanation_takes_more():
    share = akaike(np.asarray([[0.0, 2 * np.log(3)], [5.0, np.inf]]))
    assert share.round(3).tolist() == [[0.75, 0.25], [1, 0]]
