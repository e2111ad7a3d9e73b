import numpy as np

from unify.linking.persons import persons
from zhiyin.unify.linking.blocks import candidates
from zhiyin.unify.linking.compare import fields_of, levels
from zhiyin.unify.linking.frames import sides
from zhiyin.unify.linking.weights import Pairs, learned, spoken


def _learned():
    frame, who = persons(400, 2, seed=5)
    found = sides(frame)
    fields = fields_of(found.left, found.columns)
    left, right = candidates(fields, boundary=None, budget=5000)
    pairs = Pairs(left, right, levels(fields, left=left, right=right))
    return fields, pairs, learned(fields, pairs, boundary=None), who


def test_what_is_learned_without_labels_is_what_the_labels_would_have_said():
    fields, pairs, weights, who = _learned()
    same = who[pairs.left] == who[pairs.right]
    assert abs(np.exp(weights.prior) * len(who) * (len(who) - 1) / 2 - same.sum()) < 0.03 * same.sum()
    for place in range(len(fields)):
        told = pairs.levels[same, place] > 0
        equal = (pairs.levels[same, place] == pairs.levels[:, place].max())[told].mean()
        assert abs(weights.same[place][-1] - equal) < 0.05


def test_a_rare_value_says_more_than_a_common_one():
    fields, pairs, weights, _ = _learned()
    place = next(number for number, field in enumerate(fields) if field.name == "family name")
    equal = np.flatnonzero(pairs.levels[:, place] == 6)
    said = spoken(fields, pairs.some(equal), weights=weights)[:, place]
    seen = np.bincount(fields[place].codes[fields[place].codes >= 0])[fields[place].codes[pairs.left[equal]]]
    assert said[seen >= np.quantile(seen, 0.9)].mean() < said[seen <= 3].mean() - 0.5


def test_known_weights_are_kept_and_only_the_prior_is_learned():
    fields, pairs, weights, _ = _learned()
    again = learned(fields, pairs, boundary=None, known=weights)
    assert all((one == other).all() for one, other in zip(again.same, weights.same, strict=True))
    assert all((one == other).all() for one, other in zip(again.chance, weights.chance, strict=True))
    assert abs(again.prior - weights.prior) < 0.01
