from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.improve.kpi import kpi_scores, no_need_scores, no_need_words

AT = date(2026, 10, 1)
NOTHING = pd.DataFrame()


def _orders(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(*row[:3], AT + timedelta(days=row[3])) for row in rows], columns=["customer_id", "order_id", "amount", "ordered_on"]
    )


def _events(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame([(*row[:2], AT + timedelta(days=row[2])) for row in rows], columns=["customer_id", "name", "happened_on"])


def _now(scores: pd.DataFrame) -> dict[str, tuple[float, int]]:
    rows = scores[scores["variant"].eq("now")]
    return {row.metric: (row.value, row.n) for row in rows.itertuples()}


def test_figures_of_four_customers_are_seen_by_eye() -> None:
    orders = _orders(
        ("ann", "1", 500, 0), ("ann", "2", 500, 5), ("bob", "3", 500, 27), ("bob", "4", 500, 28), ("cy", "5", 500, -1),
        ("ann", "6", 500, -28), ("di", "7", 500, 3), ("di", "7", -500, 3),
    )  # fmt: skip
    events = _events(("ann", "Product Viewed", 1), ("cy", "Product Viewed", 2), ("di", "Product Viewed", 2), ("eve", "Order Completed", 2))
    scores = kpi_scores(orders, events, touches=NOTHING, outcomes=NOTHING, at=AT, days=28)
    # di's order was returned: it does not count; bob's second order lies after the period
    assert _now(scores) == {"conversion_rate": (0.5, 4), "repurchase_rate": (0.5, 2), "churn_rate": (0.5, 2)}
    assert set(scores["variant"]) == {"now", "before"}
    assert (scores["used"] == scores["variant"].eq("now")).all()


def test_a_campaign_is_answered_by_who_was_contacted() -> None:
    touches = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d", "a"],
            "campaign_id": ["x", "x", "x", None, "y"],
            "holdout": [False, None, True, False, False],
            "touched_on": AT,
        }
    )
    outcomes = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "c", "z"],
            "campaign_id": ["x", "x", "x", "x", "x"],
            "kind": ["redeemed", "bought", "no_need", "redeemed", "redeemed"],
            "happened_on": AT,
        }
    )
    scores = kpi_scores(_orders(("a", "1", 5, 0)), NOTHING, touches=touches, outcomes=outcomes, at=AT)
    assert _now(scores)["campaign_conversion"] == (pytest.approx(1 / 3), 3)


def test_figures_equal_a_hand_written_count_in_sql() -> None:
    rng = np.random.default_rng(5)
    n = 600
    orders = pd.DataFrame(
        {
            "customer_id": [f"k{number}" for number in rng.integers(0, 120, n)],
            "source": rng.choice(["shop", "store"], n),
            "amount": rng.choice([-900, 0, 300, 500], n),
            "ordered_on": pd.to_datetime(AT) + pd.to_timedelta(rng.integers(-60, 40, n), unit="D"),
        }
    )
    orders["order_id"] = orders["customer_id"] + "/" + orders["ordered_on"].dt.strftime("%j")
    events = pd.DataFrame(
        {
            "customer_id": [f"k{number}" for number in rng.integers(0, 160, n)],
            "name": rng.choice(["Product Viewed", "Order Completed"], n, p=[0.97, 0.03]),
            "happened_on": pd.to_datetime(AT) + pd.to_timedelta(rng.integers(-60, 40, n), unit="D"),
        }
    )
    scores = kpi_scores(orders, events, touches=NOTHING, outcomes=NOTHING, at=AT, days=28)
    query = """
        with paid as (select source, order_id, customer_id, min(ordered_on) as ordered_on from orders group by all having sum(amount) > 0),
        now_ as (select * from paid where ordered_on >= date '2026-10-01' and ordered_on < date '2026-10-29'),
        past as (select * from paid where ordered_on >= date '2026-09-03' and ordered_on < date '2026-10-01'),
        seen as (select * from events where happened_on >= date '2026-10-01' and happened_on < date '2026-10-29'),
        buyers as (select customer_id from now_ union select customer_id from seen where name = 'Order Completed')
        select (select count(distinct customer_id) from seen where customer_id in (from buyers)) / (select count(distinct customer_id) from seen),
               (select count(*) from (select customer_id from now_ group by 1 having count(*) >= 2)) / (select count(distinct customer_id) from now_),
               (select count(distinct customer_id) from past where customer_id not in (select customer_id from now_))
               / (select count(distinct customer_id) from past)
    """
    with duckdb.connect() as connection:
        connection.register("orders", orders)
        connection.register("events", events)
        conversion, repurchase, churn = connection.sql(query).fetchone()
    figures = {name: value for name, (value, _) in _now(scores).items()}
    assert figures == {"conversion_rate": conversion, "repurchase_rate": repurchase, "churn_rate": churn}


def test_a_figure_about_nobody_is_left_out() -> None:
    empty = _orders(("a", "1", 5, -90))
    assert kpi_scores(empty, NOTHING, touches=NOTHING, outcomes=NOTHING, at=AT).empty


def test_order_lines_are_needed() -> None:
    with pytest.raises(MissingColumns, match="order_line lacks columns: amount"):
        kpi_scores(_orders(("a", "1", 5, 0)).drop(columns="amount"), NOTHING, touches=NOTHING, outcomes=NOTHING, at=AT)


def test_a_call_judged_no_need_was_wrong_when_the_customer_orders_within_the_days() -> None:
    def days(*rows: tuple[str, int], column: str) -> pd.DataFrame:
        return pd.DataFrame([(who, AT + timedelta(days=day)) for who, day in rows], columns=["customer_id", column])

    calls = days(("ann", -40), ("bob", -40), ("cy", -40), ("di", -40), ("eve", -10), ("flo", -60), column="happened_on")
    orders = days(("ann", -39), ("bob", -40), ("cy", -11), ("di", -12), ("eve", -9), ("flo", -50), column="ordered_on")
    scores = no_need_scores(calls, orders, at=AT, days=28)
    # bob had ordered before, cy ordered a day too late, of eve the days are not over
    assert _now(scores) == {"no_need_wrong": (0.5, 4)}
    assert scores.set_index("variant")["n"].to_dict() == {"now": 4, "before": 1}
    words = no_need_words(scores, days=28)
    assert words is not None
    assert words.en.startswith('Of the calls judged "no need", 50% were of customers who ordered within the 28 days after (of 4 calls')


def test_without_calls_nothing_is_said_about_them() -> None:
    nobody = pd.DataFrame({"customer_id": [], "happened_on": [], "ordered_on": []})
    scores = no_need_scores(nobody, nobody, at=AT)
    assert scores.empty
    assert no_need_words(scores, days=28) is None
