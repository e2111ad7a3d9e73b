import numpy as np
import pytest

from zhiyin.core.errors import SettingsError, StoreError
from zhiyin.predict.boosters import Boosters, grown, parameters, printed, whole


@pytest.fixture(scope="module")
def two():
    draw = np.random.default_rng(1)
    codes = np.column_stack([draw.normal(size=300), draw.integers(0, 4, 300)])
    labels = (codes[:, 0] + (codes[:, 1] == 2) > 0.5).astype(float)
    texts = [
        grown(codes, labels, settings=parameters(style, rows=300, seed=1) | {"objective": "binary"}, of_kinds=[1], most=trees, aside=None)[
            0
        ]
        for style, trees in (("steps", 7), ("drawn", 11))
    ]
    return codes, texts


def test_joined_boosters_say_what_each_says(two):
    codes, texts = two
    together = Boosters(texts).raw(codes)
    for place, text in enumerate(texts):
        np.testing.assert_allclose(together[place], Boosters([text]).raw(codes)[0])


def test_shares_of_all_add_up_to_the_mean(two):
    codes, texts = two
    boosters = Boosters(texts)
    np.testing.assert_allclose(boosters.shares(codes).sum(axis=1), boosters.raw(codes).mean(axis=0))


def test_it_stops_when_watched_rows_gain_nothing(two):
    codes, _ = two
    labels = np.random.default_rng(2).integers(0, 2, 300).astype(float)  # nothing to be learned
    settings = parameters("steps", rows=200, seed=1) | {"objective": "binary"}
    text, curve = grown(codes[:200], labels[:200], settings=settings, of_kinds=[1], most=3000, aside=(codes[200:], labels[200:]))
    assert text.count("\nTree=") < 150
    assert curve[0, 0] == 1.0


def test_an_unknown_style_and_a_cut_file_are_said(two):
    with pytest.raises(SettingsError, match="There is no such style of boosting. Got tall. Fix: Those that exist: steps, wide"):
        parameters("tall", rows=10, seed=1)
    state = printed(two[1])
    assert whole(state, who="x") == two[1]
    with pytest.raises(StoreError, match="A file of the model is not whole. Got x"):
        whole(state | {"parts_": [text[:-40] for text in two[1]]}, who="x")
