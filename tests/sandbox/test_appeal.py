"""Is what the sandbox says about taste what its customers do?"""

import numpy as np
import pytest

from sandbox.lived import lived
from zhiyin.sandbox.appeal import clicked
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.shopping import NUMBERS


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_customers_buy_as_often_what_they_want_as_it_is_said(scenario):
    """First lines of 25 quiet days: in each band of probability as many products were taken as expected."""
    world = lived(scenario, customers=4000)[0].copy(watched=False)
    told, taken = [], []
    for _ in range(40):
        number = world.number
        everybody = np.arange(world.ground.lives.arrived)
        share = world.wants(everybody)
        assert share.sum(axis=1) == pytest.approx(1, abs=1e-4)
        assert share.min() >= 0
        rows = world.step().rows("orders")
        if world.ground.spike_now(number) is not None:
            continue
        first = (rows["line"] == 0) & (rows["number"] % NUMBERS < NUMBERS // 4) & (rows["person"] < len(everybody))
        bought = np.zeros((first.sum(), share.shape[1]))
        bought[np.arange(len(bought)), rows["product"][first]] = 1
        told.append(share[rows["person"][first]])
        taken.append(bought)
    share, bought = np.concatenate(told), np.concatenate(taken)
    assert len(share) > 1000
    bands = np.digitize(share, [0.001, 0.01, 0.03, 0.1, 0.3, 0.6])
    for band in np.unique(bands):
        inside = bands == band
        expected, spread = float(share[inside].sum()), float(np.sqrt((share * (1 - share))[inside].sum()))
        assert bought[inside].sum() == pytest.approx(expected, abs=4 * spread + 0.05 * expected + 3)  # some was sold out


def test_a_product_is_clicked_by_who_wants_it_where_it_is_seen():
    assert clicked(np.float32([0.2, 0.2, 0.1, 0.9]), np.array([1, 3, 1, 1])).tolist() == pytest.approx([1, 0.5, 0.5, 1])
