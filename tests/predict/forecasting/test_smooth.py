import numpy as np

from zhiyin.predict.forecasting.smooth import filled, repeated, smoothed

NONE = np.nan


def test_gaps_are_closed_from_the_seasons_about_them():
    assert filled(np.asarray([[1.0, 9, 1, NONE, 1, 9]]), 2).tolist() == [[1, 9, 1, 9, 1, 9]]
    np.testing.assert_array_equal(filled(np.asarray([[NONE, 1.0, NONE, 3]]), 1), [[NONE, 1, 2, 3]])


def test_a_season_is_repeated():
    assert repeated(np.asarray([[0.0, 1, 2, 1, 2]]), 3, season=2).tolist() == [[1, 2, 1]]


def test_half_of_the_trend_goes_on():
    line = np.arange(40.0)[None, :]
    ahead = smoothed(line, 2, season=1, pooled=False)[0]
    assert 38 < ahead[0] < 41 and 0.4 < ahead[1] - ahead[0] < 0.6


def test_a_young_series_borrows_the_shape_of_the_pool():
    old = np.tile([10.0, 10, 40], 6)
    young = np.full(18, NONE)
    young[-2:] = 100.0
    both = np.stack([old, old, old, young])
    assert smoothed(both, 3, season=3, pooled=True)[3].argmax() == 2
    assert np.ptp(smoothed(both, 3, season=3, pooled=False)[3]) < 10
