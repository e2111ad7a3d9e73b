from datetime import date

import numpy as np
import pytest

from sandbox.lived import BEGINS, column, full, lived
from zhiyin.core.errors import NotFound, UsageError
from zhiyin.sandbox.happened import OUTCOMES
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.world import LAST_DAY, World


def _told(days):
    return [(day.on, {name: {key: cells.tolist() for key, cells in rows.items()} for name, rows in day.groups.items()}) for day in days]


def _orders_of(day, who):
    rows = day.rows("orders")
    mine = np.isin(rows["person"], who)
    return sorted(
        zip(*(rows[name][mine].tolist() for name in ("person", "line", "product", "quantity", "paid", "system", "second")), strict=True)
    )


def test_the_same_seed_lives_the_same_days_and_another_one_others():
    one, two, other = ([World(customers=150, seed=seed, begins=BEGINS) for seed in (7, 7, 8)][at] for at in range(3))
    days = [[world.step(world.habit()) for _ in range(20)] for world in (one, two, other)]
    assert _told(days[0]) == _told(days[1])
    assert _told(days[0]) != _told(days[2])


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_another_seed_lives_other_days_like_them(scenario):
    one, two = (lived(scenario, customers=4000, days=60, seed=seed)[1] for seed in (1, 2))
    per_day = [np.array([len(np.unique(day.rows("orders")["number"])) for day in days]).mean() for days in (one, two)]
    assert per_day[0] == pytest.approx(per_day[1], rel=0.08)
    lines = [len(column(days, "orders", "line")) / len(np.unique(column(days, "orders", "number"))) for days in (one, two)]
    assert lines[0] == pytest.approx(lines[1], rel=0.05)
    left = [
        (world.ground.lives.left[: world.ground.lives.arrived] <= 60).mean()
        for world in (lived(scenario, customers=4000, seed=1)[0], lived(scenario, customers=4000, seed=2)[0])
    ]
    assert abs(left[0] - left[1]) < 0.012
    assert 0.005 < left[0] < 0.08
    systems = [np.bincount(column(days, "orders", "system"), minlength=4) / len(column(days, "orders", "system")) for days in (one, two)]
    assert abs(systems[0] - systems[1]).max() < 0.05


def test_who_was_contacted_in_neither_of_two_copies_lives_the_same_life_in_both():
    world, _ = lived(customers=3000, days=30)
    left, right = full(world.copy()), full(world.copy())
    n = world.ground.lives.arrived
    untouched = np.arange(200, n)
    for day in range(40):
        one, two = left.step(range(100) if day < 5 else ()), right.step(range(100, 200) if day < 5 else ())
        assert _orders_of(one, untouched) == _orders_of(two, untouched)
        full(left), full(right)
    for name in ("mood", "left", "need", "last_order", "owned", "fading"):
        assert (getattr(left.ground.lives, name)[untouched] == getattr(right.ground.lives, name)[untouched]).all(), name


def test_shelves_that_run_empty_touch_few_of_those_who_were_contacted_by_nobody():
    world, _ = lived(customers=3000, days=30)
    left, right = world.copy(), world.copy()
    n = world.ground.lives.arrived
    untouched, same, all_ = np.arange(200, n), 0, 0
    for day in range(40):
        one, two = (
            {row[:4] for row in _orders_of(twin.step(contacts if day < 5 else ()), untouched)}
            for twin, contacts in ((left, range(200)), (right, ()))
        )
        same, all_ = same + len(one & two), all_ + len(one | two)
    assert same / all_ > 0.98


def test_a_copy_that_nobody_watches_lives_the_same_life():
    world, _ = lived("finance", customers=1000, days=30)
    seen, unseen = world.copy(), world.copy(watched=False)
    for _ in range(20):
        one, two = seen.step(), unseen.step()
        assert one.rows("orders")["paid"].tolist() == two.rows("orders")["paid"].tolist()
        assert one.rows("refunds")["paid"].tolist() == two.rows("refunds")["paid"].tolist()
    assert (two.count("visits"), two.count("talks")) == (0, 0)
    assert one.count("visits") > 0
    assert (seen.ground.lives.mood == unseen.ground.lives.mood).all()


def test_a_copy_does_not_touch_its_original():
    world, _ = lived(customers=500, days=20)
    before = (world.number, world.ground.lives.last_order.copy(), world.ground.wares.pieces.copy())
    twin = world.copy()
    for _ in range(10):
        twin.step(range(50))
    assert world.number == before[0]
    assert (world.ground.lives.last_order == before[1]).all()
    assert (world.ground.wares.pieces == before[2]).all()


@pytest.mark.parametrize(("lifts", "sign"), [(True, 1), (False, -1)])
def test_contacts_lift_some_and_put_off_others(lifts, sign):
    world, _ = lived(customers=8000, days=30)
    people, n = world.ground.people, world.ground.lives.arrived
    who = np.flatnonzero((people.lift[:n] > 1) & ~people.put_off[:n] if lifts else people.put_off[:n])
    bought = []
    for contacts in (who, ()):
        twin = world.copy(watched=False)
        days = [twin.step(contacts), *(twin.step() for _ in range(20))]
        orders = np.concatenate([day.rows("orders")["person"][day.rows("orders")["line"] == 0] for day in days])
        bought.append(np.bincount(orders, minlength=people.n)[who])
    change = bought[0] - bought[1]
    assert sign * change.mean() > 4 * change.std() / len(who) ** 0.5


def test_a_refusal_is_told_and_remembered():
    world, _ = lived(customers=2000, days=10)
    twin = world.copy()
    put_off = np.flatnonzero(twin.ground.people.put_off[: twin.ground.lives.arrived])
    rows = twin.step(put_off).rows("contacts")
    refused = rows["person"][rows["outcome"] == OUTCOMES.index("refused_contact")]
    assert 0.2 < len(refused) / len(put_off) < 0.5
    assert twin.ground.lives.refuses[refused].all()
    assert not np.isin(refused, twin.habit()).any()
    again = twin.step(refused).rows("contacts")
    assert set(again["outcome"].tolist()) <= {OUTCOMES.index("unreachable"), OUTCOMES.index("refused_contact")}


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
@pytest.mark.parametrize("customers", [1, 2, 10])
def test_a_handful_of_customers_live(scenario, customers):
    world = World(scenario, customers=customers, begins=BEGINS)
    for _ in range(70):
        day = world.step(world.habit())
    assert (day.on, world.ground.lives.arrived <= customers) == (date(2026, 5, 10), True)
    assert len(world.effects().gain) == world.ground.lives.arrived


def test_a_contact_named_twice_is_one():
    world = World(customers=50, begins=BEGINS)
    assert world.step([3, 3, 4]).rows("contacts")["person"].tolist() == [3, 4]


def test_somebody_who_has_not_come_cannot_be_contacted():
    world = World(customers=10, begins=BEGINS)
    for wrong in (7, -1):
        with pytest.raises(UsageError, match=f"not there yet. Got {wrong}. Fix: Customers are 0 to 6"):
            world.step([wrong])


def test_a_world_needs_a_customer_and_a_scenario():
    with pytest.raises(UsageError, match="one customer at least"):
        World(customers=0)
    with pytest.raises(NotFound, match="appliances, saas, restaurant, finance"):
        World("bakery")


def test_the_world_begins_on_the_last_day_unless_told_otherwise():
    assert World(customers=1).today == LAST_DAY == date(2026, 11, 1)
    assert LAST_DAY.weekday() == 6
