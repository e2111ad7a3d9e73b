from datetime import date
from pathlib import Path

import numpy as np
import pytest

from zhiyin.app.recipes.rehearsal import Rehearsal
from zhiyin.app.recipes.strategy import Trial, try_strategies
from zhiyin.sandbox.world import World

BEGINS = date(2026, 6, 1)


@pytest.mark.slow
def test_the_product_sees_a_company_day_by_day_and_rests_who_was_called(tmp_path: Path) -> None:
    worlds = [World("appliances", customers=80, seed=seed, begins=BEGINS, branch=branch) for branch, seed in enumerate((1, 2))]
    rehearsal = Rehearsal(tmp_path, worlds, days=60, capacity=3, cost=5.0)
    called: list[set[int]] = [set(), set()]
    for _ in range(3):
        chosen = rehearsal.chosen()
        assert [0 < len(who) <= 3 for who in chosen] == [True, True]
        for world, who, before in zip(worlds, chosen, called, strict=True):
            assert not before & set(who.tolist())  # whom we called yesterday is left alone today
            assert who.max() < world.ground.lives.arrived
            before |= set(who.tolist())
        rehearsal.heard([world.step(who) for world, who in zip(worlds, chosen, strict=True)])
    kinds = {str(row["kind"]) for row in rehearsal.home.journal.outcomes()}
    assert kinds <= {"answered", "no_need", "unreachable", "refused_contact"}
    assert len(rehearsal.home.journal.outcomes()) == sum(map(len, called))
    rehearsal.close()


@pytest.mark.slow
def test_the_list_is_tried_beside_the_others() -> None:
    trial = Trial(strategies=("list", "random"), days=1, seeds=2, customers=30, capacity=2)
    found = try_strategies(trial, progress=lambda stage, done: None)
    assert {way.name: way.contacts > 0 for way in found.ways} == {"none": False, "random": True, "list": True, "best": True}
    assert set(found.against) == {"none", "random", "best"}


def test_branches_have_no_number_in_common() -> None:
    from zhiyin.sandbox.written import written

    both = [written(World("appliances", customers=40, seed=5, branch=branch).ground) for branch in (0, 1)]
    for system in ("crm", "mall", "tmall", "pos"):
        assert not {*both[0].key(system).to_pylist()} & {*both[1].key(system).to_pylist()}
    assert not {*both[0].mobile.to_pylist()} & {*both[1].mobile.to_pylist()}
    assert np.array_equal(both[0].name.to_pylist(), both[1].name.to_pylist())  # the same seed is the same people
