import numpy as np
import pytest

from zhiyin.learn.metrics import auc
from zhiyin.predict.boosting import BoostingModel
from zhiyin.predict.crossed import platt


def test_platt_brings_boasting_back_to_what_happened():
    draw = np.random.default_rng(1)
    truth = draw.normal(0, 1, 4000)
    labels = (draw.random(4000) < 1 / (1 + np.exp(-truth))).astype(float)
    shift, slope = platt(3 * truth + 1, labels)
    assert slope == pytest.approx(1 / 3, abs=0.05)
    assert shift == pytest.approx(-1 / 3, abs=0.1)


def test_one_quick_part_can_be_ranked_by(two_columns):
    found = BoostingModel(needs=("a", "b"), folds=1).fit(two_columns)
    assert len(found.parts_) == 1
    assert auc(two_columns["label"], found.predict(two_columns)["value"]) > 0.9
