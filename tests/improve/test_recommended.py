from datetime import date

import numpy as np
import pandas as pd
import pytest

from zhiyin.improve.recommended import popular, recommendation_scores

AT = date(2026, 11, 1)


def _pairs(text: str) -> pd.DataFrame:
    """Pairs from `customer:products`, a product a letter."""
    rows = [(part.split(":")[0], product) for part in text.split() for product in part.split(":")[1]]
    return pd.DataFrame(rows, columns=["customer_id", "product_id"])


def _lists(text: str, *, kind: str, variant: str, used: bool) -> pd.DataFrame:
    rows = _pairs(text)
    return rows.assign(kind=kind, rank=rows.groupby("customer_id").cumcount() + 1, variant=variant, used=used)


def _value(scores: pd.DataFrame, metric: str, variant: str) -> float:
    return scores.loc[scores["metric"].eq(metric) & scores["variant"].eq(variant), "value"].item()


def test_recall_and_ndcg_are_seen_by_eye() -> None:
    before, bought = _pairs("ann:ab bob:ab"), _pairs("ann:a bob:abz")
    lists = pd.concat(
        [
            _lists("ann:ab bob:a", kind="repeat", variant="ours", used=True),
            _lists("ann:ba bob:ba", kind="repeat", variant="popular", used=False),
        ]
    )
    scores = recommendation_scores(lists, bought, before=before, at=AT, k=2)
    assert _value(scores, "recall_at_2", "ours") == 0.75  # ann 1 of 1, bob 1 of 2
    assert _value(scores, "recall_at_2", "popular") == 1.0
    second = 1 / np.log2(3)
    assert _value(scores, "ndcg_at_2", "ours") == pytest.approx((1 + 1 / (1 + second)) / 2)
    assert _value(scores, "ndcg_at_2", "popular") == pytest.approx((second + 1) / 2)
    assert scores["question"].unique().tolist() == ["repeat"]
    assert set(scores["n"]) == {2}


def test_what_is_new_is_judged_apart_and_who_gets_no_list_counts_zero() -> None:
    before, bought = _pairs("ann:a bob:b"), _pairs("ann:ab bob:a")
    lists = pd.concat([_lists("ann:b", kind="new", variant="ours", used=True), _lists("bob:a", kind="new", variant="popular", used=False)])
    scores = recommendation_scores(lists, bought, before=before, at=AT, k=10)
    assert _value(scores, "recall_at_10", "ours") == 0.5
    assert _value(scores, "recall_at_10", "popular") == 0.5
    assert set(scores["question"]) == {"new"}


def test_without_purchases_there_are_no_figures() -> None:
    lists = _lists("ann:b", kind="new", variant="ours", used=True)
    assert recommendation_scores(lists, _pairs(""), before=_pairs("ann:a"), at=AT).empty


def test_popular_is_what_most_customers_bought() -> None:
    lists = popular(_pairs("ann:aab bob:bc cy:b"), k=2)
    told = {(customer, kind): "".join(rows["product_id"]) for (customer, kind), rows in lists.groupby(["customer_id", "kind"])}
    assert told == {
        ("ann", "repeat"): "ba", ("ann", "new"): "c", ("bob", "repeat"): "bc", ("bob", "new"): "a", ("cy", "repeat"): "b", ("cy", "new"): "ac",
    }  # fmt: skip
    assert lists.groupby(["customer_id", "kind"])["rank"].first().eq(1).all()
    assert set(lists["variant"]) == {"popular"} and not lists["used"].any()


def test_popular_finds_something_new_also_for_who_bought_all_the_best() -> None:
    before = pd.concat([_pairs("ann:abcdefgh"), *(_pairs(f"k{number}:abcdefghij") for number in range(3))])
    fresh = popular(before, k=2)
    assert fresh[fresh["customer_id"].eq("ann") & fresh["kind"].eq("new")]["product_id"].tolist() == ["i", "j"]
    assert fresh[fresh["customer_id"].eq("k1") & fresh["kind"].eq("new")].empty
    assert popular(_pairs("")).empty
