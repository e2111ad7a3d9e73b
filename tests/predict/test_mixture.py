import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from zhiyin.predict.mixture import METHODS, Groups, group_of, k_means, learned, mixture

DRAW = np.random.default_rng(1)


def clouds(spreads, size=80):
    """Round clouds at (0, 0), (10, 0), (0, 10) with these spreads, and which cloud each point is of."""
    middles = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    places = np.vstack([middle + DRAW.normal(0, spread, (size, 2)) for middle, spread in zip(middles, spreads, strict=True)])
    return places, np.repeat(np.arange(3), size)


@pytest.mark.parametrize("method", METHODS)
def test_three_clouds_are_three_groups(method):
    places, truth = clouds([1, 1, 1])
    found = learned(method, places, k=3, seed=7)
    assert adjusted_rand_score(truth, group_of(places, found)) == 1.0
    assert found.share == pytest.approx([1 / 3] * 3, abs=0.01)


def test_a_wide_and_a_narrow_cloud_are_told_apart_by_the_mixture_only():
    """A long cloud beside a small one: K-means cuts the long one in two."""
    draw = np.random.default_rng(2)
    places = np.vstack([draw.normal(0, (8, 0.3), (300, 2)), draw.normal((0, 3), (0.3, 0.3), (60, 2))])
    truth = np.repeat([0, 1], [300, 60])
    by_means = adjusted_rand_score(truth, group_of(places, k_means(places, k=2, seed=7)))
    by_mixture = adjusted_rand_score(truth, group_of(places, mixture(places, k=2, seed=7)))
    assert by_means < 0.3
    assert by_mixture > 0.95


def test_points_that_are_all_the_same_are_one_place():
    found = mixture(np.zeros((20, 2)), k=2, seed=1)
    assert np.isfinite(np.hstack([found.centre.ravel(), found.variance.ravel(), found.share])).all()


def test_the_greater_group_takes_the_point_between_two():
    groups = Groups(np.array([[0.0], [2.0]]), np.ones((2, 1)), np.array([0.1, 0.9]))
    assert group_of(np.array([[1.0]]), groups).tolist() == [1]
