import numpy as np
import pandas as pd
import pytest

from zhiyin.core.tables import TABLES
from zhiyin.predict.segments import BehaviourGroups, behaviour_segments, fit_groups, tier_segments


@pytest.fixture(scope="module")
def shoppers():
    """Three kinds of customers, far apart: 60 frequent ones, 60 bargain hunters, 60 who stay away."""
    draw = np.random.default_rng(4)

    def kind(name, orders, spend, since, discount, coupon, categories, recent):
        return pd.DataFrame(
            {
                "customer_id": [f"{name}{n}" for n in range(60)],
                "orders_84d": draw.poisson(orders, 60) + 1,
                "spend_84d": (draw.normal(spend, spend / 20, 60)).round(),
                "days_since_order": draw.poisson(since, 60),
                "discount_share_84d": draw.normal(discount, 0.01, 60),
                "coupon_share_84d": draw.normal(coupon, 0.01, 60),
                "categories_84d": draw.poisson(categories, 60),
                "orders_28d": recent,
            }
        )

    return pd.concat(
        [kind("f", 30, 900_000, 2, 0.1, 0.0, 60, 10), kind("b", 10, 200_000, 7, 0.5, 0.4, 30, 3), kind("a", 1, 30_000, 60, 0.1, 0.0, 4, 0)],
        ignore_index=True,
    )


def test_the_three_kinds_are_found_and_stay_the_same(shoppers):
    model = fit_groups(shoppers)
    found = behaviour_segments(model, shoppers)
    assert tuple(found.columns) == TABLES["segment"].names
    groups = found.groupby(found["customer_id"].str[0])["segment_id"].agg(lambda ids: ids.value_counts(normalize=True).iloc[0])
    assert (groups > 0.95).all()
    judged = model.stability()
    assert set(judged["method"]) == {"k_means", "mixture"}
    three = judged[judged["groups"] == 3.0]
    assert (three["stability"] > 0.9).any()
    assert three["clearness"].max() == judged["clearness"].max()
    assert "3 群最清楚" in model.said().zh
    assert model.accuracy_ > 0.95 > model.biggest_


def test_groups_are_called_by_what_they_do(shoppers):
    found = behaviour_segments(fit_groups(shoppers), shoppers)
    names = found.groupby(found["customer_id"].str[0])["name_zh"].agg(lambda names: names.value_counts().index[0])
    assert names.nunique() == 3
    assert "用券" in names["b"] or "折扣" in names["b"]
    assert found["name_en"].ne("").all()
    assert found["reason_zh"].str.startswith("与这群客户最像的地方").all()


def test_who_did_not_buy_lately_is_in_no_group(shoppers):
    rows = pd.concat([shoppers, shoppers.head(1).assign(customer_id="quiet", orders_84d=0)])
    assert "quiet" not in set(behaviour_segments(fit_groups(rows), rows)["customer_id"])


def test_customers_who_are_all_the_same_are_one_group():
    rows = pd.DataFrame({name: [1.0] * 30 for name in BehaviourGroups().needs} | {"customer_id": [f"c{n}" for n in range(30)]})
    assert set(BehaviourGroups().fit(rows).assign(rows)["group"]) == {"g1"}


def test_tiers_are_named_and_say_their_scores():
    profile = pd.DataFrame(
        {
            "customer_id": ["c1", "c2"],
            "tier": ["champion", "lead"],
            "recency_score": [5, None],
            "frequency_score": [4, None],
            "monetary_score": [5, None],
        }
    )
    found = tier_segments(profile)
    assert found["name_zh"].tolist() == ["核心客户", "潜在客户"]
    assert found["reason_en"].tolist() == ["Recency, frequency and money scored 5/4/5 of 5.", "Has not ordered yet."]
