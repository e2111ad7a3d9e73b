from sandbox.lived import BEGINS
from zhiyin.sandbox.exports.office import office
from zhiyin.sandbox.world import World


def test_an_office_knows_its_customers_and_its_first_day():
    world = World(customers=12, begins=BEGINS)
    known = office(world)
    assert (known.ground is world.ground, len(known.written.name), known.begins) == (True, 12, BEGINS)
