import numpy as np
import pytest

from zhiyin.core.errors import DataError
from zhiyin.learn.uplift_metrics import auuc, mean_uplift, qini, uplift_at, within_folds

# Two customers whom a contact makes buy, two whom nothing does; one of each in either arm.
LABELS, BEST_FIRST, TREATED, EVEN = [1, 0, 0, 0], [2, 2, 1, 1], [1, 0, 1, 0], [0.5] * 4


def test_the_right_order_gains_and_the_wrong_one_loses_as_much():
    assert qini(LABELS, BEST_FIRST, treated=TREATED, propensity=EVEN) == pytest.approx(0.125)
    assert qini(LABELS, [1, 1, 2, 2], treated=TREATED, propensity=EVEN) == pytest.approx(-0.125)
    assert qini(LABELS, [0, 0, 0, 0], treated=TREATED, propensity=EVEN) == pytest.approx(0.0)


def test_the_area_holds_half_of_the_whole_effect():
    assert mean_uplift(LABELS, treated=TREATED, propensity=EVEN) == 0.5
    assert auuc(LABELS, BEST_FIRST, treated=TREATED, propensity=EVEN) == pytest.approx(0.125 + 0.25)


def test_the_top_of_the_list_is_judged_by_itself():
    assert uplift_at(LABELS, BEST_FIRST, treated=TREATED, propensity=EVEN, share=0.5) == 1.0
    assert np.isnan(uplift_at(LABELS, [4, 3, 2, 1], treated=TREATED, propensity=EVEN, share=0.25))  # one customer is one arm


def test_shares_that_differ_between_customers_do_no_harm():
    draw = np.random.default_rng(1)
    eager = draw.random(20_000) < 0.5
    propensity = np.where(eager, 0.8, 0.2)  # those who buy anyway are contacted more often
    treated = (draw.random(20_000) < propensity).astype(float)
    label = (draw.random(20_000) < np.where(eager, 0.6, 0.1)).astype(float)
    assert abs(mean_uplift(label, treated=treated, propensity=propensity)) < 0.02
    assert abs(label[treated > 0].mean() - label[treated == 0].mean()) > 0.2


def test_folds_are_judged_each_by_itself():
    twice = [np.concatenate([column, column]) for column in map(np.asarray, (LABELS, BEST_FIRST, TREATED, EVEN))]
    twice[1] = twice[1] + np.repeat([0, 100], 4)  # another model, another level
    assert within_folds(qini)(*twice, np.repeat([0, 1], 4)) == pytest.approx(0.125)
    assert np.isnan(within_folds(qini)(LABELS, BEST_FIRST, [1] * 4, EVEN, [0] * 4))


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="equally long"):
        qini([1], BEST_FIRST, treated=TREATED, propensity=EVEN)
    with pytest.raises(DataError, match="between 0 and 1"):
        qini(LABELS, BEST_FIRST, treated=TREATED, propensity=[1.0] * 4)
