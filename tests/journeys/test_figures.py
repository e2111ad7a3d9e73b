"""The figures of the business, counted again by hand in SQL over the lake."""

from __future__ import annotations

from datetime import timedelta

import pytest

import zhiyin
from journeys.shop import DAY
from zhiyin.guard.access import OWNER, Access

START = DAY - timedelta(days=28)
_ORDERS = """
    SELECT coalesce(i.customer_id, l.record_id) AS customer_id, l.order_id, l.ordered_on AS day
    FROM lake.main.order_line l LEFT JOIN lake.main.identity i USING (record_id)
    WHERE l.currency = 'CNY' GROUP BY ALL HAVING sum(l.amount) > 0
"""
_SEEN = """
    SELECT DISTINCT coalesce(i.customer_id, e.record_id) AS customer_id
    FROM lake.main.event e LEFT JOIN lake.main.identity i USING (record_id) WHERE e.happened_on >= $start AND e.happened_on < $end
"""
BY_HAND = {
    "repurchase_rate": f"""
        SELECT count(*) FILTER (orders >= 2), count(*) FROM
        (SELECT customer_id, count(DISTINCT order_id) AS orders FROM ({_ORDERS}) WHERE day >= $start AND day < $end GROUP BY customer_id)
    """,
    "conversion_rate": f"""
        SELECT count(*) FILTER (customer_id IN (SELECT customer_id FROM ({_ORDERS}) WHERE day >= $start AND day < $end)), count(*)
        FROM ({_SEEN})
    """,
    "churn_rate": f"""
        SELECT count(*) FILTER (customer_id NOT IN (SELECT customer_id FROM ({_ORDERS}) WHERE day >= $start AND day < $end)), count(*) FROM
        (SELECT DISTINCT customer_id FROM ({_ORDERS}) WHERE day >= $start - INTERVAL 28 DAY AND day < $start)
    """,
    "campaign_conversion": """
        WITH people AS (SELECT record_id, customer_id FROM lake.main.identity),
        sent AS (SELECT DISTINCT customer_id, campaign_id FROM lake.main.touch JOIN people USING (record_id)
                 WHERE touched_on >= $start AND touched_on < $end AND NOT coalesce(holdout, false)),
        said AS (SELECT DISTINCT customer_id, campaign_id FROM lake.main.outcome JOIN people USING (record_id)
                 WHERE happened_on >= $start AND happened_on < $end AND kind IN ('redeemed', 'bought', 'answered'))
        SELECT count(*) FILTER ((customer_id, campaign_id) IN (FROM said)), count(*) FROM sent
    """,
}  # fmt: skip


@pytest.fixture(scope="module")
def scorecard(shop):
    with zhiyin.open(shop) as workspace, workspace._guard() as guard:
        return guard.rows("scorecard", Access(OWNER, "measurement"), where={"subject": "kpi"})


@pytest.mark.parametrize("days", [0, 28])
@pytest.mark.parametrize("metric", sorted(BY_HAND))
def test_a_figure_is_what_a_hand_written_count_gives(shop, scorecard, metric, days):
    start = START - timedelta(days=days)
    with zhiyin.open(shop) as workspace, workspace._home.lake.open() as view:
        hits, n = view.cursor().execute(BY_HAND[metric], {"start": start, "end": start + timedelta(days=28)}).fetchone()
    rows = [row for row in scorecard if row["metric"] == metric and row["variant"] == ("before" if days else "now")]
    assert [(row["n"], round(row["value"] * row["n"])) for row in rows] == ([(n, hits)] if n else [])
    assert [row["value"] for row in rows] == ([pytest.approx(hits / n)] if n else [])
    assert all(row["low"] < row["value"] < row["high"] or row["value"] in (0, 1) for row in rows)


def test_the_count_by_hand_counts_something(shop):
    with zhiyin.open(shop) as workspace, workspace._home.lake.open() as view:
        found = {
            metric: view.cursor().execute(query, {"start": START - timedelta(days=28), "end": START}).fetchone()
            for metric, query in BY_HAND.items()
        }
    assert {metric: (hits, n) for metric, (hits, n) in found.items() if not 0 < hits < n} == {}
