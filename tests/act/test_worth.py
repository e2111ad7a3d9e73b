from dataclasses import replace

import pandas as pd
import pytest

from zhiyin.act.worth import worths


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
