import numpy as np
import pytest

from sandbox.lived import column, lived
from zhiyin.sandbox.happened import TALKS
from zhiyin.sandbox.scenarios.registry import SCENARIOS
from zhiyin.sandbox.service import SERVED_DAYS


def _told(scenario="appliances", customers=8000, days=60):
    world, days = lived(scenario, customers=customers, days=days)
    names = ("person", "talk", "product", "second", "stars", "mood", "outcome", "rep")
    return world, days, {name: column(days, "talks", name) for name in names}


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_every_kind_of_talk_is_heard(scenario):
    world, _, told = _told(scenario)
    kinds = {TALKS[place] for place in np.unique(told["talk"])}
    assert kinds == set(TALKS) - {"call_sales" if world.ground.scenario.subscription else "call_renewal"}
    assert ((told["second"] >= 0) & (told["second"] < 86_400)).all()


def test_who_reviews_has_bought_the_product_some_days_before():
    _, days, _ = _told()
    for at, day in enumerate(days):
        rows = day.rows("talks")
        review = rows["talk"] == TALKS.index("review")
        if review.any():
            before = days[at - SERVED_DAYS].rows("orders")
            assert set(zip(rows["person"][review].tolist(), rows["product"][review].tolist(), strict=True)) <= set(
                zip(before["person"].tolist(), before["product"].tolist(), strict=True)
            )


def test_the_stars_tell_the_mood():
    _, _, told = _told()
    review = told["talk"] == TALKS.index("review")
    assert (np.sign(told["stars"][review] - 3) == told["mood"][review]).all()
    assert set(np.unique(told["stars"][review]).tolist()) == {1, 2, 3, 4, 5}
    complaint = told["talk"] == TALKS.index("chat_complaint")
    assert set(told["mood"][complaint].tolist()) == {-1}


def test_only_firms_write_about_orders():
    world, _, told = _told()
    for kind in ("mail_quote", "mail_order"):
        assert world.ground.people.firm[told["person"][told["talk"] == TALKS.index(kind)]].all()


def test_one_in_ten_calls_is_recorded_with_its_outcome():
    world, days, told = _told()
    calls = told["talk"] == TALKS.index("call_sales")
    answered = column(days, "contacts", "outcome") != 2
    assert abs(calls.sum() / answered.sum() - 0.1) < 0.02
    assert (told["outcome"][calls] != 2).all()
    assert (world.ground.people.rep[told["person"][calls]] == told["rep"][calls]).all()
