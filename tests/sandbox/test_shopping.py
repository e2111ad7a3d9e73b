import numpy as np
import pytest

from sandbox.lived import column, lived
from zhiyin.sandbox.chance import Chance
from zhiyin.sandbox.happened import EVENTS
from zhiyin.sandbox.scenario import SYSTEMS
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.shopping import NUMBERS, answers, seconds

IDS = np.arange(5000, dtype=np.int64)


def _lines(scenario="appliances", customers=4000):
    world, days = lived(scenario, customers=customers)
    names = ("person", "product", "quantity", "paid", "discount", "coupon", "system", "second", "number", "line", "campaign")
    rows = {name: column(days, "orders", name) for name in names}
    honest = rows["number"] % NUMBERS < NUMBERS // 4
    return world, {name: cells[honest] for name, cells in rows.items()}


def test_shops_are_open_by_day_and_people_shop_online_in_the_evening():
    online, shop = (seconds(Chance(7), IDS, of="order", day=1, shop=shop) // 3600 for shop in (False, True))
    assert (shop.min() >= 8, shop.max() <= 21) == (True, True)
    assert np.bincount(online, minlength=24).argmax() in (20, 21)
    assert np.bincount(online, minlength=24)[3] < 50


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_money_adds_up(scenario):
    world, rows = _lines(scenario)
    whole = world.ground.wares.price[rows["product"]] * rows["quantity"]
    instead = world.ground.wares.instead(rows["product"]) == rows["product"]
    told = rows["paid"] + rows["discount"] + rows["coupon"]
    assert (told[~instead] == whole[~instead]).all()
    assert (rows["paid"] > 0).all()
    assert max(rows["discount"].max(), rows["coupon"].max()) <= world.ground.scenario.rebate
    assert (rows["campaign"] >= 0).mean() > 0.02
    assert (rows["coupon"][rows["campaign"] < 0] == 0).all()


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_nothing_stands_twice_in_an_order_and_persons_buy_what_lasts_once(scenario):
    world, rows = _lines(scenario)
    wares, firm = world.ground.wares, world.ground.people.firm
    assert len(np.unique(np.stack([rows["number"], rows["product"]]), axis=1).T) == len(rows["number"])
    lasts = (wares.every[rows["product"]] == 0) & ~firm[rows["person"]]
    owner = np.stack([rows["person"], wares.category[rows["product"]]])[:, lasts]
    again = owner.shape[1] - np.unique(owner, axis=1).shape[1]
    assert again <= 0.02 * owner.shape[1]  # another of its kind because the first choice was sold out


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_the_lines_of_an_order_are_counted_from_0(scenario):
    _, rows = _lines(scenario)
    lines = np.stack([rows["number"], rows["line"]]).T
    _, sizes = np.unique(rows["number"], return_counts=True)
    assert len(np.unique(lines, axis=0)) == len(lines)
    assert sorted(rows["line"].tolist()) == sorted(line for size in sizes.tolist() for line in range(size))


def test_most_orders_have_one_line_and_persons_take_one_or_two_pieces():
    world, rows = _lines()
    lines = np.bincount(rows["line"]) / (rows["line"] == 0).sum()
    assert (lines[0], 0.2 < lines[1] < 0.3, 0.03 < lines[2] < 0.08) == (1, True, True)
    assert rows["quantity"][~world.ground.people.firm[rows["person"]]].max() == 2
    assert rows["quantity"][world.ground.people.firm[rows["person"]]].max() > 4


def test_who_needs_something_buys_it():
    world, _ = lived(customers=4000)
    twin = world.copy()
    need = twin.ground.lives.need.copy()
    rows = twin.step().rows("orders")
    first = (rows["line"] == 0) & (rows["number"] % NUMBERS < NUMBERS // 4)
    assert (twin.ground.wares.category[rows["product"][first]] == need[rows["person"][first]]).mean() > 0.25


def test_orders_come_through_the_systems_of_the_customer():
    world, rows = _lines()
    people = world.ground.people
    own = rows["system"] == people.system[rows["person"]]
    assert (own | (rows["system"] == people.other[rows["person"]])).all()
    assert 0.85 < own.mean() < 0.97


@pytest.mark.parametrize("scenario", ["appliances", "saas"])
def test_visits_belong_to_members_and_orders_of_the_mall_to_visits(scenario):
    world, days = lived(scenario, customers=4000)
    mall = SYSTEMS.index("mall")
    people = world.ground.people
    visitors, events = column(days, "visits", "person"), column(days, "visits", "event")
    assert ((people.system[visitors] == mall) | (people.other[visitors] == mall)).all()
    orders = len(np.unique(column(days, "orders", "number")[column(days, "orders", "system") == mall])) - len(
        np.unique(column(days, "frauds", "number"))
    )
    assert (events == EVENTS.index("Order Completed")).sum() == orders
    assert ((events == EVENTS.index("Signed In")).any(), column(days, "visits", "second").max() < 86_400) == (scenario == "saas", True)
    assert (column(days, "visits", "product") >= 0)[events != EVENTS.index("Signed In")].all()


def test_a_used_coupon_is_answered_once_an_order():
    rows = {name: np.array(cells) for name, cells in {
        "person": [1, 1, 2, 3], "campaign": [5, 5, -1, 5], "second": [9, 9, 10, 11],
        "coupon": [10, 20, 0, 0], "paid": [90, 180, 50, 60], "number": [0, 0, 1, 2],
    }.items()}  # fmt: skip
    assert {name: cells.tolist() for name, cells in answers(rows).items()} == {"person": [1], "campaign": [5], "second": [9], "paid": [270]}
