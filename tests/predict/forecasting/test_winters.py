import numpy as np

from zhiyin.predict.forecasting.winters import winters


def test_a_line_goes_on_hardly_damped():
    said = winters(np.arange(30.0)[None, :], 5, season=1)[0]
    assert (np.abs(said - [30, 31, 32, 33, 34]) < 0.7).all()


def test_noise_about_a_level_goes_on_at_its_level():
    noise = np.random.default_rng(0).normal(50, 3, (20, 80))
    assert np.abs(winters(noise, 4, season=1) - 50).max() < 4


def test_a_season_comes_back_on_top_of_the_level():
    quarters = np.tile([10.0, 20, 30, 40], 6)[None, :]
    assert winters(quarters, 4, season=4).round(1).tolist() == [[10, 20, 30, 40]]


def test_a_series_may_begin_late_and_is_told_as_if_alone():
    alone = np.random.default_rng(1).normal(20, 2, (1, 25)).cumsum(axis=1)
    late = np.concatenate([np.full((1, 8), np.nan), alone], axis=1)
    np.testing.assert_allclose(winters(late, 6, season=4), winters(alone, 6, season=4), rtol=1e-5)
