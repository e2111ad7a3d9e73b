from datetime import date, timedelta

import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.predict.stock import Order, counted, reorder, service_level

AT = date(2026, 11, 21)
ORDER = Order(lead_days=7, review_days=7, service=0.95)


def _forecasts(value=10.0, *, width=2.0, series="milk", days=14):
    return pd.DataFrame(
        {
            "series": series,
            "at": [AT + timedelta(days=day) for day in range(days)],
            "value": value,
            "low": value - width,
            "high": value + width,
        }
    )


def _shelf(pieces=100.0, **told):
    return pd.DataFrame([{"product_id": "milk", "pieces": pieces, "counted_on": AT - timedelta(days=1), **told}])


def _one(forecasts, shelf, order=ORDER, **told):
    (row,) = reorder(forecasts, shelf, order=order, at=AT, **told).to_dict("records")
    return row


def test_the_quantile_of_two_weeks_less_what_is_there():
    # 140 pieces in 14 days; 80 % intervals of +-2 mean a deviation of 1.56 a day, 5.84 in all; 95 %: 140 + 1.645 x 5.84 = 149.6
    row = _one(_forecasts(), _shelf(100))
    assert (row["needed"], row["quantity"], row["daily"], row["cover_days"]) == (150, 50, 10, 14)
    assert row["reason_zh"] == "还有 100 件，未来 14 天至多要 150 件（把握 95%），建议订 50 件。（按预测）"
    assert row["reason_en"].endswith("order 50. (by forecast)")


def test_what_lasts_is_not_ordered_and_packs_are_whole():
    assert _one(_forecasts(), _shelf(150))["quantity"] == 0
    assert "enough" in _one(_forecasts(), _shelf(150))["reason_en"]
    assert _one(_forecasts(), _shelf(149), Order(7, 7, pack=12))["quantity"] == 12
    assert _one(_forecasts(), _shelf(149), Order(7, 7, least=30, pack=12))["quantity"] == 36
    assert _one(_forecasts(), _shelf(149, pack=6, least=1))["quantity"] == 6


def test_a_surer_service_orders_more_and_margin_says_how_sure():
    sure, plain = (_one(_forecasts(width=6), _shelf(0), Order(7, 7, service=service))["quantity"] for service in (0.99, 0.8))
    assert sure > plain
    dear = _one(_forecasts(), _shelf(0, price=10.0, cost=9.0), Order(7, 7, holding_share=0.3))
    assert dear["service"] == pytest.approx(0.5)  # one in hand earns less than what one left over costs
    assert service_level(10.0, 2.0, holding_share=0.02) == pytest.approx(0.995, abs=1e-3)
    assert service_level(0.0, 0.0, holding_share=0.02) == 0.5
    assert _one(_forecasts(), _shelf(0, price=None, cost=None))["service"] == 0.95


def test_counts_stand_in_for_a_forecast():
    sales = pd.DataFrame({"series": "milk", "at": [AT - timedelta(days=day) for day in range(1, 29)], "value": 2.0})
    made = counted(sales, at=AT, days=28, horizon=14)
    assert len(made) == 14
    assert set(made["value"]) == {2.0}
    row = _one(made, _shelf(0), basis="counts")
    assert row["needed"] == 37  # Poisson of 28: 95 % quantile 37
    assert "按近期销量" in row["reason_zh"]


def test_demand_that_comes_in_bursts_needs_more():
    burst = pd.DataFrame({"series": "milk", "at": [AT - timedelta(days=7 * week + 1) for week in range(4)], "value": 14.0})
    steady = pd.DataFrame({"series": "milk", "at": [AT - timedelta(days=day) for day in range(1, 29)], "value": 2.0})
    needed = [_one(counted(sales, at=AT, days=28, horizon=14), _shelf(0))["needed"] for sales in (burst, steady)]
    assert needed[0] > needed[1] + 10


def test_nothing_sold_and_nothing_there_orders_nothing():
    none = counted(pd.DataFrame({"series": ["milk"], "at": [AT - timedelta(days=90)], "value": [5.0]}), at=AT, days=28, horizon=14)
    assert none.empty
    assert reorder(none, _shelf(0), order=ORDER, at=AT).empty
    assert _one(_forecasts(0.0, width=0.0), _shelf(0))["quantity"] == 0
    assert _one(_forecasts(), _shelf(-5))["quantity"] == 150  # a shelf cannot hold less than nothing


def test_an_old_count_is_said_to_be_old():
    shelf = _shelf(0).assign(counted_on=AT - timedelta(days=40))
    assert "库存是 40 天前盘点的" in _one(_forecasts(), shelf)["reason_zh"]


def test_forecasts_that_cannot_be_used_are_refused():
    with pytest.raises(
        DataError, match=r"The forecasts end before the next order arrives\. Got 2026-11-30\. Fix: Forecast up to 2026-12-04"
    ):
        reorder(_forecasts(days=10), _shelf(), order=ORDER, at=AT)
    with pytest.raises(DataError, match="a figure that is not finite"):
        reorder(_forecasts(float("inf")), _shelf(), order=ORDER, at=AT)
    with pytest.raises(MissingColumns, match=r"The forecasts lack columns: low, high"):
        reorder(_forecasts().drop(columns=["low", "high"]), _shelf(), order=ORDER, at=AT)
