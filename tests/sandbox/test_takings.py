from zhiyin.sandbox.takings import takings
from zhiyin.sandbox.world import World


def test_takings_are_the_money_of_the_day() -> None:
    world = World("appliances", customers=300, seed=3)
    for _ in range(12):
        day = world.step(world.habit())
    sold, back, cost = day.rows("orders"), day.rows("refunds"), world.ground.wares.cost
    found = takings(world.ground, day)
    assert found.sales == sum(sold["paid"]) - sum(back["paid"])
    assert found.margin == found.sales - sum(cost[sold["product"]] * sold["quantity"]) + sum(cost[back["product"]] * back["quantity"])
    assert found.contacts == day.count("contacts") > 0


def test_a_day_without_contacts_puts_nobody_off() -> None:
    world = World("appliances", customers=50, seed=3)
    assert takings(world.ground, world.step())[2:] == (0, 0)
