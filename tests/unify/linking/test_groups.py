import numpy as np

from zhiyin.unify.linking.groups import grouped, one_to_one


def _joined(*links: tuple[int, int, float], rows: int = 8) -> dict[tuple[int, int], float]:
    left, right, odds = (np.array(part) for part in zip(*links, strict=True))
    made = grouped(rows, (left, right), odds=odds.astype("float64"))
    return dict(zip(zip(made.left.tolist(), made.right.tolist(), strict=True), made.odds.tolist(), strict=True))


def test_a_group_tells_all_its_pairs():
    assert set(_joined((0, 1, 5.0), (1, 2, 5.0), (4, 5, 2.0))) == {(0, 1), (0, 2), (1, 2), (4, 5)}


def test_a_chain_of_likely_pairs_does_not_join_its_ends():
    assert set(_joined((0, 1, 6.0), (1, 2, 2.0), (2, 3, 6.0), (0, 2, -8.0), (0, 3, -8.0), (1, 3, -8.0))) == {(0, 1), (2, 3)}


def test_one_doubtful_pair_among_good_ones_does_no_harm():
    assert (0, 3) in _joined((0, 1, 6.0), (1, 2, 6.0), (0, 2, 6.0), (1, 3, 5.0), (2, 3, 5.0), (0, 3, -4.0))


def test_all_that_is_told_is_likelier_than_not():
    random = np.random.default_rng(3)
    links = {(min(a, b), max(a, b)): float(random.normal(0, 4)) for a, b in random.integers(0, 40, (300, 2)).tolist() if a != b}
    made = _joined(*[(one, other, odds) for (one, other), odds in links.items()], rows=40)
    assert made and min(made.values()) > 0
    group = {row: {row} for row in range(40)}
    for one, other in made:
        group[one].add(other)
        group[other].add(one)
    assert all(group[one] == group[other] for one, other in made)  # every group is whole


def test_nothing_to_join():
    assert _joined((0, 1, -5.0)) == {}


def test_one_to_one_keeps_the_strongest():
    left, right = np.array([0, 0, 1, 2]), np.array([10, 11, 10, 12])
    assert one_to_one((left, right), np.array([3.0, 1.0, 5.0, 0.5])).tolist() == [False, True, True, True]
