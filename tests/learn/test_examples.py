import pytest

from zhiyin.learn.examples import checkerboard, chosen, labelled, sentences, weekly
from zhiyin.learn.metrics import auc


def test_the_label_follows_the_first_feature():
    found = labelled(("a", "b"), unit="probability", rows=200, seed=1)
    assert auc(found["label"], found["a"]) > 0.8 > 0.6 > auc(found["label"], found["b"])
    assert (found[["a", "b"]] >= 0).all().all()
    assert labelled(("a",), unit="money", rows=50, seed=1).corr(numeric_only=True).loc["a", "label"] > 0.9


@pytest.mark.parametrize("rows", [2, 3])
def test_both_labels_happen_however_few_the_rows(rows):
    assert set(labelled((), unit="probability", rows=rows, seed=1)["label"]) == {0.0, 1.0}


def test_a_checkerboard_has_one_colour_a_customer():
    found = checkerboard(("weight", "bought_on"), rows=60, seed=1)
    person, item = (found[name].str[-3:].astype(int) for name in ("customer_id", "item_id"))
    assert ((person + item) % 2 == 0).all()
    assert found.groupby("customer_id").size().between(5, 6).all()
    assert (found["bought_on"].dtype.kind, found["weight"].dtype.kind) == ("M", "f")


def test_one_option_is_better():
    found = chosen(("a",), rows=400, seed=1)
    means = found.groupby("option")["reward"].mean()
    assert means["a"] > 0.65 > 0.35 > means["b"]


def test_series_are_whole():
    found = weekly(("price",), rows=40, seed=1, every=7)
    assert found.groupby("series").size().to_dict() == {"growth": 20, "week": 20}
    assert found.groupby("series")["on"].diff().dropna().dt.days.unique().tolist() == [7]


def test_all_kinds_of_sentences_stand_there():
    assert set(sentences(rows=3, seed=1)["label"]) == {"price", "delivery", "return"}


def test_the_same_seed_draws_the_same():
    assert labelled(("a",), unit="days", rows=9, seed=1).equals(labelled(("a",), unit="days", rows=9, seed=1))
    assert not labelled(("a",), unit="days", rows=9, seed=1).equals(labelled(("a",), unit="days", rows=9, seed=2))
