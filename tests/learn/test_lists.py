import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, NotFitted, TooLittleData, UsageError
from zhiyin.learn import lists
from zhiyin.learn.base import RecommenderBase

BOUGHT = pd.DataFrame({"customer_id": ["a", "a", "b", "c"], "item_id": ["tea", "rice", "tea", "oil"]})


def _told(answer):
    class Told(RecommenderBase):
        _recommend = lambda self, customers, k: pd.DataFrame(answer(customers), columns=["customer_id", "item_id", "score"])  # noqa: E731

    return Told().fit(BOUGHT)


def test_the_base_ranks_and_cuts_and_ties_go_by_item():
    found = _told(
        lambda customers: [(one, item, score) for one in customers for item, score in (("oil", 1.0), ("tea", 2.0), ("rice", 2.0))]
    ).recommend(["b", "a"], 2)
    assert found.to_numpy().tolist() == [["b", "rice", 2.0, 1], ["b", "tea", 2.0, 2], ["a", "rice", 2.0, 1], ["a", "tea", 2.0, 2]]


def test_strangers_get_what_most_customers_had():
    found = _told(lambda customers: []).recommend(["x"], 2)
    assert found.to_numpy().tolist() == [["x", "tea", 2 / 3, 1], ["x", "oil", 1 / 3, 2]]


def test_a_known_customer_may_get_nothing():
    assert len(_told(lambda customers: []).recommend(["a"], 2)) == 0


def test_the_fallback_may_be_another():
    model = _told(lambda customers: [])
    model._fallback = lambda k: pd.DataFrame({"item_id": ["salt"], "score": [1.0]})
    assert model.recommend(["x"], 3)["item_id"].tolist() == ["salt"]


def test_customers_come_in_blocks(monkeypatch):
    monkeypatch.setattr(lists, "CHUNK", 2)
    sizes = []
    model = _told(lambda customers: sizes.append(len(customers)) or [(one, "tea", 1.0) for one in customers])
    assert model.recommend(["a", "b", "x", "c"], 1)["customer_id"].tolist() == ["a", "b", "x", "c"]
    assert sizes == [2, 1]


def test_ids_may_be_numbers():
    class Told(RecommenderBase):
        def _recommend(self, customers, k):
            return pd.DataFrame({"customer_id": customers, "item_id": 7, "score": 1.0})

    model = Told().fit(pd.DataFrame({"customer_id": [1, 2], "item_id": [7, 8]}))
    assert model.recommend([2, 5], 1)["item_id"].tolist() == [7, 7]


@pytest.mark.parametrize(
    ("rows", "got"),
    [
        ([("z", "tea", 1.0)], "strangers 1"),
        ([("a", "tea", np.nan)], "NaN 1"),
        ([("a", "tea", 1.0), ("a", "tea", 2.0)], "or an item twice"),
    ],
)
def test_what_a_model_must_not_recommend_is_caught(rows, got):
    with pytest.raises(DataError, match=got):
        _told(lambda customers: rows).recommend(["a"], 1)


def test_questions_are_checked():
    model = _told(lambda customers: [])
    with pytest.raises(UsageError, match=r"At least one item must be asked for. Got 0"):
        model.recommend(["a"], 0)
    with pytest.raises(MissingColumns, match=r"Told needs customer_id"):
        model.recommend(pd.DataFrame({"who": ["a"]}), 1)
    with pytest.raises(DataError, match=r"empty cells. Got customer_id: 1"):
        model.recommend(pd.DataFrame({"customer_id": [None]}), 1)
    with pytest.raises(NotFitted, match=r"Told has not learned"):
        type(model)().recommend(["a"], 1)


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        (BOUGHT.head(0), TooLittleData, "nothing to learn from"),
        (BOUGHT.drop(columns="item_id"), MissingColumns, "needs item_id"),
        (BOUGHT.assign(item_id=["tea", None, "tea", "oil"]), DataError, "item_id: 1"),
    ],
)
def test_examples_are_checked(examples, error, message):
    with pytest.raises(error, match=message):
        _told(lambda customers: []).fit(examples)
