import numpy as np
import pytest

from sandbox.lived import column, lived
from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.planted import BLOCK_DAYS, Planted
from zhiyin.sandbox.scenarios.registry import SCENARIOS, scenario_named
from zhiyin.sandbox.shopping import NUMBERS


def _planted(n=10_000, seed=7):
    return Planted(scenario_named("appliances"), Chance(seed), n=n)


def test_one_run_a_block_within_its_block():
    for seed in range(30):
        for block in range(3):
            runs = {_planted(seed=seed).spike(day) for day in range(block * BLOCK_DAYS, (block + 1) * BLOCK_DAYS, 7)}
            (run,) = runs
            assert block * BLOCK_DAYS + 20 <= run.first
            assert run.last == run.first + 3 < (block + 1) * BLOCK_DAYS


def test_a_small_company_is_defrauded_once_a_block_and_a_tiny_one_hardly_ever():
    for n, fewest in ((50, 1), (1000, 1), (20_000, 8)):
        who = set(np.concatenate([_planted(n).frauds(day) for day in range(BLOCK_DAYS)]).tolist())
        assert fewest <= len(who) <= max(3, 30 * n // 20_000), n
    assert not np.concatenate([_planted(3).frauds(day) for day in range(BLOCK_DAYS)]).size


def test_a_fraud_lasts_three_days():
    days = [day for day in range(BLOCK_DAYS) if _planted(50).frauds(day).size]
    assert len(days) == 3
    assert days[2] - days[0] == 2


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_a_run_is_seen_in_the_orders_of_its_system(scenario):
    world, days = lived(scenario, customers=4000)
    run = world.ground.planted.spike(0)
    category = world.ground.wares.category

    def sold(day):
        rows = day.rows("orders")
        return int(((rows["system"] == run.system) & (category[rows["product"]] == run.category)).sum())

    before = [sold(day) for day in days[: run.first]]
    during = [sold(day) for day in days[run.first : run.last + 1]]
    assert np.mean(during) > 3 * np.mean(before) > 0


def test_fraud_orders_come_in_bursts_at_night():
    _, days = lived(customers=4000)
    person, number, second = (column(days, "orders", name) for name in ("person", "number", "second"))
    burst = np.isin(number, column(days, "frauds", "number"))
    assert burst.sum() >= 4
    assert ((second[burst] >= 7200) & (second[burst] < 3 * 3600)).all()
    assert (np.unique(np.stack([person[burst], number[burst] // NUMBERS]), axis=1, return_counts=True)[1] >= 4).all()
