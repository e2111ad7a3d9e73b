import numpy as np

from zhiyin.unify.linking.learned import _best_cut, _folds, chance


def test_the_cut_gives_the_best_expected_f1():
    likely = np.array([0.95, 0.9, 0.8, 0.6, 0.45, 0.3, 0.1, 0.05])
    cut = chance(np.array([_best_cut(np.log(likely / (1 - likely)))]))[0]
    expected = {k: 2 * likely[:k].sum() / (k + likely.sum()) for k in range(1, 9)}
    assert (likely >= cut).sum() == max(expected, key=expected.get)


def test_every_fold_holds_as_many_same_ones():
    truth = np.array([True] * 10 + [False] * 40)
    folds = _folds(truth, seed=1)
    assert np.bincount(folds[truth]).tolist() == [2] * 5 and np.bincount(folds).tolist() == [10] * 5
