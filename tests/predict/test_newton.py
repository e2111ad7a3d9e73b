import numpy as np
import pytest

from zhiyin.predict.newton import best_fit

ONES = np.ones((4, 1))


def test_three_of_four_are_log_odds_of_three():
    weights, curvature = best_fit(ONES, np.array([1.0, 1.0, 1.0, 0.0]), ridge=np.array([1e-9]))
    assert weights[0] == pytest.approx(np.log(3))
    assert curvature[0, 0] == pytest.approx(4 * 0.75 * 0.25)


def test_a_strong_ridge_holds_the_weight_at_zero():
    assert best_fit(ONES, np.ones(4), ridge=np.array([1e6]))[0][0] == pytest.approx(0.0, abs=1e-5)


def test_what_is_perfectly_told_apart_does_not_run_away():
    weights, _ = best_fit(np.array([[-50.0], [50.0]]), np.array([0.0, 1.0]), ridge=np.array([0.1]))
    assert 0 < weights[0] < 1


def test_far_from_the_start_it_still_arrives():
    labels = np.array([1.0, 0.0] * 50)
    weights, _ = best_fit(np.ones((100, 1)), labels, ridge=np.array([1e-6]), start=np.full(100, 30.0))
    assert weights[0] == pytest.approx(-30.0, abs=1e-3)
