import numpy as np

from recommend.histories import trails
from zhiyin.recommend.voices.sequence import SelfAttentive, padded

ITEMS, WIDTH, LONGEST = 7, 4, 3


def network(seed: int = 1) -> SelfAttentive:
    draw = np.random.default_rng(seed)
    shapes = {
        "items": (ITEMS, WIDTH),
        "places": (LONGEST, WIDTH),
        "norm": (2, 2, 2, WIDTH),
        "look": (2, WIDTH, 3 * WIDTH),
        "heard": (2, WIDTH, WIDTH),
        "wide": (2, WIDTH, 8),
        "wide_shift": (2, 8),
        "narrow": (2, 8, WIDTH),
        "narrow_shift": (2, WIDTH),
        "end": (2, WIDTH),
    }
    return SelfAttentive({name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()})


def test_places_are_counted_from_the_end():
    item, place = padded(trails([4, 5, 6], [2]), longest=3)
    assert item.tolist() == [[4, 5, 6], [2, 0, 0]]
    assert place[0].tolist() == [0, 1, 2]
    assert place[1, 0] == 2


def test_one_history_is_scored_as_among_many_and_nothing_comes_of_nothing():
    some = trails([1, 2, 3], [], [4], [6, 5, 4, 3, 2], items=ITEMS)
    every = network().score(some).rows
    for row in range(len(some)):
        np.testing.assert_allclose(network().score(some.take(np.array([row]))).rows[0], every[row], rtol=1e-5, atol=1e-6)
    assert not every[1].any()


def test_pieces_are_as_the_whole(monkeypatch):
    some = trails([1, 2, 3], [4], [6, 5], items=ITEMS)
    whole = network().score(some).rows
    monkeypatch.setattr("zhiyin.recommend.voices.sequence._PIECE", 2)
    np.testing.assert_allclose(network().score(some).rows, whole, rtol=1e-5, atol=1e-6)


def test_order_counts_and_only_the_latest_steps_do():
    def rows(*history: int) -> np.ndarray:
        return network().score(trails(list(history), items=ITEMS)).rows[0]

    assert not np.allclose(rows(1, 2, 3), rows(2, 1, 3))
    np.testing.assert_array_equal(rows(5, 1, 2, 3), rows(6, 1, 2, 3))


def test_states_of_one_layer_are_those_worked_out_by_hand():
    """Everything that mixes is 0: the state is the item at its place, brought to scale."""
    weights = {name: np.zeros_like(value) for name, value in network().weights.items()}
    weights |= {name: network().weights[name] for name in ("items", "places")}
    weights["end"] = np.stack([np.full(WIDTH, 2.0), np.ones(WIDTH)]).astype(np.float32)
    last = weights["items"][3] * 2 + weights["places"][2]
    wanted = (last - last.mean()) / np.sqrt(last.var() + 1e-5) * 2 + 1
    np.testing.assert_allclose(SelfAttentive(weights).score(trails([1, 3], items=ITEMS)).rows[0], wanted, rtol=1e-5)
