import numpy as np
import pandas as pd
import pytest

from recommend.conftest import FIRST, bought, checkerboard
from recommend.test_repeat import weekly
from zhiyin.core.errors import DataError, MissingColumns, NotFitted, UsageError
from zhiyin.core.tables import TABLES
from zhiyin.learn.checks import checks_for
from zhiyin.recommend.products import ProductRecommender
from zhiyin.recommend.rules import Offered


@pytest.fixture(scope="module")
def shop():
    """Milk each week, bread each second week for even customers, and a checkerboard of other things."""
    rows = [*weekly(), *((customer, item, 56 + on) for customer, item, on in checkerboard())]
    return bought(rows, category=["food" if item in {"milk", "bread"} else "other" for _, item, _ in rows])


@pytest.fixture(scope="module")
def model(shop):
    return ProductRecommender(needs=("ordered_on", "category"), item="product_id").fit(shop.rename(columns={"item_id": "product_id"}))


@pytest.mark.parametrize("check", checks_for(ProductRecommender), ids=lambda check: check.name)
def test_it_keeps_every_promise_of_a_recommender(check):
    check.run(ProductRecommender.example)


def test_new_ones_have_the_colour_of_the_customer():
    board = bought(checkerboard(people=300, items=24))
    found = ProductRecommender(kind="new").fit(board).recommend(["c000", "c003", "c006"], 1)
    assert [int(item[1:]) % 2 for item in found["item_id"]] == [0, 1, 0]


def test_lists_are_rows_of_the_table_recommendation(model):
    found = model.lists(["c000", "c001", "nobody"], 3)
    assert set(found.columns) == set(TABLES["recommendation"].names)
    assert not found.duplicated(list(TABLES["recommendation"].key)).any()
    assert found.groupby(["customer_id", "kind"])["rank"].apply(list).tolist() == [[1, 2, 3]] * 5
    assert list(dict.fromkeys(found["customer_id"])) == ["c000", "c001", "nobody"]
    assert found["reason_zh"].str.endswith("。").all()
    assert found["reason_en"].str.endswith(".").all()


def test_milk_is_bought_again_and_bread_by_even_customers(model):
    found = model.lists(["c000", "c001"], 2).query("kind == 'repeat'").set_index(["customer_id", "rank"])["product_id"]
    assert found["c000"].tolist() == ["milk", "bread"]
    assert found["c001", 1] == "milk"


def test_new_ones_were_never_bought(shop, model):
    found = model.lists([f"c{person:03d}" for person in range(10)], 5).query("kind == 'new'")
    assert not set(zip(found["customer_id"], found["product_id"], strict=True)) & set(
        zip(shop["customer_id"], shop["item_id"], strict=True)
    )


def test_a_stranger_is_offered_what_is_popular(model):
    found = model.lists(["nobody"], 1)
    assert found[["product_id", "kind", "reason_zh"]].to_numpy().tolist() == [["milk", "new", "近28天有120位客户买过。"]]


def test_any_merges_both_kinds_by_chance(model):
    found = model.recommend(["c000"], 6)
    both = model.lists(["c000"], 6).sort_values("score", ascending=False).head(6)
    assert set(found["product_id"]) == set(both["product_id"])
    assert found["score"].is_monotonic_decreasing
    assert found["score"].between(0, 1).all()


def test_one_kind_only(shop):
    again = ProductRecommender(kind="repeat").fit(shop[["customer_id", "item_id", "ordered_on"]])
    assert again.recommend(["c001", "nobody"], 1)[["customer_id", "item_id"]].to_numpy().tolist() == [["c001", "milk"]]


def test_hidden_sold_out_and_unrepeatable_items_vanish(shop):
    model = ProductRecommender(item="product_id").fit(shop.rename(columns={"item_id": "product_id"}))
    barred = {"milk": Offered(repeatable=False), "bread": Offered(hidden=True), "i00": Offered(pieces=0.0)}
    found = model.offering(barred).lists(["c000", "nobody"], 20)
    assert not set(found["product_id"]) & {"bread", "i00"}
    assert found.query("product_id == 'milk'")["customer_id"].tolist() == ["nobody"]
    assert "bread" in set(model.offering({}).lists(["c000"], 20)["product_id"])


def test_names_of_the_catalogue_stand_in_the_reasons(board):
    model = ProductRecommender(kind="new").fit(board)
    model.offering({f"i{item:02d}": Offered(name=f"商品{item}") for item in range(12)})
    said = " ".join(model.lists([f"c{person:03d}" for person in range(20)], 3).query("kind == 'new'")["reason_zh"])
    assert "「i" not in said


def test_what_comes_after_the_day_changes_nothing(shop):
    at = (pd.Timestamp(FIRST) + pd.Timedelta(days=120)).date()
    early = shop[pd.to_datetime(shop["ordered_on"]) < pd.Timestamp(at)]
    columns = ["customer_id", "item_id", "ordered_on"]
    blind, seeing = (ProductRecommender(at=at).fit(rows[columns]).lists(["c000", "c001"], 5) for rows in (early, shop))
    same = ["customer_id", "item_id", "kind", "rank", "reason_zh"]
    pd.testing.assert_frame_equal(blind[same], seeing[same])


def test_the_report_says_what_was_used_and_by_how_much(model):
    found = model.report()
    assert list(found.columns) == ["kind", "metric", "variant", "value", "low", "high", "n", "used"]
    assert found.groupby(["kind", "metric"])["used"].sum().tolist() == [1] * found.groupby(["kind", "metric"]).ngroups
    assert ((found["low"] <= found["value"]) & (found["value"] <= found["high"])).all()


def test_a_loaded_model_gives_the_same_lists_and_the_same_report(model):
    files = {}
    model.save(files.__setitem__)
    again = ProductRecommender.load(files)
    pd.testing.assert_frame_equal(again.lists(["c000", "c001", "nobody"], 4), model.lists(["c000", "c001", "nobody"], 4))
    pd.testing.assert_frame_equal(again.report(), model.report())


def test_what_goes_with_an_item(model):
    found = model.goes_with("i00", 3)
    assert list(found.columns) == ["product_id", "alike"]
    assert found["alike"].is_monotonic_decreasing
    assert len(model.goes_with("never sold", 3)) == 0


def test_numbers_as_ids_stay_numbers():
    rows = bought([(f"{person}", f"{item}", item * 5) for person in range(20) for item in range(6)])
    rows = rows.astype({"customer_id": int, "item_id": int})
    found = ProductRecommender().fit(rows).recommend([3], 2)
    assert found["item_id"].dtype.kind == "i"
    assert found["customer_id"].tolist() == [3, 3]


def test_without_days_it_says_what_is_missing(board):
    with pytest.raises(MissingColumns, match="The recommender needs the days of the purchases"):
        ProductRecommender(needs=()).fit(board)


def test_an_empty_day_is_refused(board):
    with pytest.raises(DataError, match="ordered_on: 1"):
        ProductRecommender().fit(board.assign(ordered_on=pd.to_datetime(board["ordered_on"]).where(np.arange(len(board)) > 0)))


def test_asking_before_fit_is_refused():
    with pytest.raises(NotFitted, match="has not learned"):
        ProductRecommender().lists(["c000"], 3)
    with pytest.raises(NotFitted, match="has not learned"):
        ProductRecommender().offering({})


def test_a_list_has_at_least_one_place(model):
    with pytest.raises(UsageError, match="At least one item"):
        model.lists(["c000"], 0)
