import numpy as np

from zhiyin.predict.forecasting.season import around, own_shape


def test_a_clear_shape_is_kept_whole_and_stands_at_its_columns():
    quarters = np.tile([-3.0, -1, 1, 3], 6)[None, :] + 50
    assert own_shape(quarters, 4).round(6).tolist() == [[-3, -1, 1, 3]]
    assert own_shape(quarters[:, 1:], 4).round(6).tolist() == [[-1, 1, 3, -3]]


def test_noise_has_hardly_a_shape():
    noise = np.random.default_rng(0).normal(0, 1, (200, 48))
    assert np.abs(own_shape(noise, 12)).mean() < 0.15


def test_too_short_a_series_has_none():
    assert not own_shape(np.asarray([[1.0, 5, 1, 5, 1]]), 4).any()


def test_the_mean_about_a_step_covers_one_season_and_stays_within_the_series():
    line = np.r_[np.nan, np.arange(6.0)][None, :]
    assert around(line, 3).tolist()[0][2:6] == [1, 2, 3, 4]
    assert np.isnan(around(line, 3)[0][[0, 1, 6]]).all()
    assert around(line, 4)[0][3:5].tolist() == [2, 3]
