import numpy as np
import pytest

from zhiyin.recommend.blend import learn_votes, learn_weights


def examples(count=400):
    rng = np.random.default_rng(1)
    bought = np.arange(count) % 2 == 0
    voices = np.stack([bought + rng.normal(0, 0.5, count), rng.normal(0, 1, count), np.full(count, 3.0)], axis=1)
    return voices.astype(np.float32), bought


def test_who_knows_more_counts_more_and_a_constant_voice_nothing():
    voices, bought = examples()
    weights = learn_weights(("wise", "noise", "constant"), voices, bought=bought)
    assert weights.weight[0] > 5 * abs(weights.weight[1])
    assert weights.weight[2] == 0


def test_contributions_and_base_are_the_log_odds():
    voices, bought = examples()
    weights = learn_weights(("wise", "noise", "constant"), voices, bought=bought)
    total = weights.base + weights.contributions(voices).sum(axis=1)
    np.testing.assert_allclose(total, weights.log_odds(voices), atol=1e-5)
    assert 1 / (1 + np.exp(-weights.log_odds(voices))).mean() == pytest.approx(0.5, abs=0.5)


def test_the_base_is_corrected_for_examples_left_out():
    voices, bought = examples()
    all_of_them = learn_weights(("a", "b", "c"), voices, bought=bought)
    a_tenth = learn_weights(("a", "b", "c"), voices, bought=bought, sampled=0.1)
    assert a_tenth.base - all_of_them.base == pytest.approx(np.log(0.1))


@pytest.mark.parametrize("bought", [np.zeros(200, bool), np.ones(200, bool), np.arange(200) < 49])
def test_too_few_outcomes_give_no_weights(bought):
    assert learn_weights(("a",), np.zeros((200, 1), np.float32), bought=bought) is None


def test_no_voice_counts_against():
    voices, bought = examples()
    against = np.stack([voices[:, 0], -voices[:, 0] + voices[:, 1] / 10, voices[:, 1]], axis=1)
    assert learn_weights(("for", "against", "noise"), against, bought=bought).weight.min() < 0
    weights = learn_votes(("for", "against", "noise"), against, bought=bought)
    assert weights.weight.min() >= 0
    assert weights.weight[0] > 0 == weights.weight[1]
    assert learn_votes(("a", "b", "c"), against, bought=np.zeros(400, bool)) is None
