import datetime

import pytest
import sqlalchemy as sa

from zhiyin.core.errors import StoreError
from zhiyin.store.ledger import risk_review
from zhiyin.store.reviews import Reviews

NOW = datetime.datetime(2026, 11, 21, 8, tzinfo=datetime.UTC)


@pytest.fixture
def reviews(ledger):
    return Reviews(ledger, lambda: NOW)


def _acts(*ids):
    return [{"kind": "order", "place": "mall", "fact_id": id_, "case_id": "k1", "customer_id": "c1", "pieces": "{}"} for id_ in ids]


def test_the_last_word_counts_and_says_who_and_when(reviews):
    assert reviews.add(_acts("a", "b"), confirmed=True, reason="called", by="owner") == 2
    reviews.add(_acts("b"), confirmed=False, reason="was she", by="wang")
    assert [(row["fact_id"], row["confirmed"], row["by"], row["reason"], row["at"][:16]) for row in reviews.all()] == [
        ("a", True, "owner", "called", "2026-11-21T08:00"),
        ("b", False, "wang", "was she", "2026-11-21T08:00"),
    ]
    assert reviews.add([], confirmed=True, reason="", by="owner") == 0


def test_a_review_is_not_edited(reviews, ledger):
    reviews.add(_acts("a"), confirmed=True, reason="", by="owner")
    with pytest.raises(StoreError), ledger.begin() as connection:
        connection.execute(sa.update(risk_review).values(confirmed=False))
