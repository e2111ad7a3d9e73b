from dataclasses import replace

import pandas as pd
import pytest

from zhiyin.act.worth import credible, usual_orders, worths


def _of(known, at) -> pd.DataFrame:
    return worths(known, at=at, horizon_days=28, currency="CNY").set_index("customer_id")


def test_an_order_is_worth_the_mean_and_a_horizon_the_pace(shop, at) -> None:
    found = _of(shop(), at)
    assert found.loc["anna", "order_worth"] == 10000
    assert found.loc["anna", "horizon_worth"] == pytest.approx(70000 / 60 * 28)
    assert found.loc["bo", "horizon_worth"] == pytest.approx(10000 / 30 * 28)


def test_a_horizon_is_worth_one_order_at_least(shop, at) -> None:
    assert _of(shop(), at).loc["cy", ["order_worth", "horizon_worth"]].tolist() == [8000, 8000]


def test_a_lead_is_worth_the_order_of_the_others_else_the_price_of_a_product(shop, at) -> None:
    known = shop()
    assert _of(known, at).loc["di", "order_worth"] == 8000  # median of 100, 50 and 80 yuan
    strangers = replace(known, profile=known.profile[known.profile["customer_id"].eq("di")])
    assert _of(strangers, at).loc["di", "order_worth"] == 4000  # median price
    assert _of(replace(strangers, products=pd.DataFrame()), at).loc["di", "order_worth"] == 0


def test_a_rhythm_needs_three_orders(shop, at) -> None:
    found = _of(shop(), at)
    assert found["every"].fillna(0).to_dict() == {"anna": 10, "bo": 0, "cy": 0, "di": 0}
    assert found.loc["anna", "favourites"] == {"牛奶": (4, 8000.0)}
    assert found.loc["di", ["stage", "currency", "owner_id"]].tolist() == ["lead", "CNY", ""]


def test_the_rhythm_is_that_of_the_buying_days_where_it_is_known(shop, at) -> None:
    known = shop()
    days = dict(zip(known.profile["customer_id"], [20.0, 30.0, float("nan"), float("nan")], strict=True))
    told = replace(known, profile=known.profile.assign(gap_mean=known.profile["customer_id"].map(days)))
    every = worths(told, at=at, horizon_days=28, currency="CNY").set_index("customer_id")["every"]
    assert every["anna"] == 20.0  # several orders a day would make it 10
    assert every[["bo", "cy", "di"]].isna().all()  # below three orders


def _drawn(means: list[float], orders: list[int], spread: list[float]) -> pd.Series:
    rows = pd.DataFrame({"orders": orders, "spend": [m * n for m, n in zip(means, orders, strict=True)], "ticket_std": spread})
    return credible(pd.Series(means), rows["orders"].astype("float64"), usual=usual_orders(rows))


ONCE = float("nan")  # the spread of a single order


def test_one_large_order_among_small_ones_is_not_believed() -> None:
    # Everybody buys for 100 or 900 as chance has it: what differs is luck, and all are worth about the same.
    found = _drawn([900.0, 100.0, 500.0, 100.0, 900.0], [1, 1, 8, 1, 1], [ONCE, ONCE, 420.0, ONCE, ONCE])
    assert found.max() - found.min() < 200


def test_customers_whose_baskets_are_alike_are_believed() -> None:
    assert _drawn([1000.0, 100.0], [10, 10], [20.0, 5.0]).tolist() == pytest.approx([1000, 100], rel=0.01)


def test_belief_grows_with_the_number_of_orders() -> None:
    found = _drawn([400.0, 400.0, 100.0, 100.0], [1, 20, 20, 20], [ONCE, 150.0, 150.0, 150.0])
    assert 100 < found[0] < found[1] < 400


def test_who_ordered_once_among_those_who_did_is_all_there_is() -> None:
    assert _drawn([400.0, 90.0], [1, 1], [ONCE, ONCE]).tolist() == [400.0, 90.0]


def test_nobody_has_ordered() -> None:
    nothing = pd.DataFrame({"orders": [0], "spend": [0], "ticket_std": [ONCE]})
    assert all(pd.isna(figure) for figure in usual_orders(nothing))
