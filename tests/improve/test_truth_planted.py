import math

import pandas as pd
import pytest

from zhiyin.improve.truth_planted import fraud_scores, shift_scores, spike_scores

DAY = pd.Timestamp(2026, 6, 1)


def _days(*numbers):
    return [DAY + pd.Timedelta(days=number) for number in numbers]


def test_the_order_of_suspicion_is_judged_beside_the_largest_amount():
    acts = pd.DataFrame(
        {"kind": "order", "label": [1.0, 1.0, 0.0, 0.0], "score": [2.0, math.nan, 1.0, math.nan], "amount": [1.0, 1.0, 9.0, 8.0]}
    )
    precision, average = fraud_scores(acts)
    assert (precision.figure.value, precision.baseline) == (0.5, 0.0)
    # Ours: planted on places 1 and, tied with the last two in the worst order, 4; the largest first: on 3 and 4.
    assert average.figure.value == pytest.approx((1 + 2 / 4) / 2)
    assert average.baseline == pytest.approx((1 / 3 + 2 / 4) / 2)
    assert average.more == {"planted": 2, "suspected": 2, "right": 1}
    assert list(fraud_scores(acts.assign(label=0.0))) == []


def test_a_rush_is_found_while_it_lasts_and_any_other_alert_is_false():
    planted = pd.DataFrame(
        {"system": "mall", "category": ["茶", "奶"], "starts_on": _days(10, 40), "ends_on": _days(13, 43), "people": [20, 1]}
    )
    alerts = pd.DataFrame({"place": "mall", "category": ["茶", "茶", "奶"], "noticed_on": _days(11, 30, 50)})
    found, false = spike_scores(alerts, planted, days=60, simple=alerts.head(0))
    assert (found.figure.value, found.n, found.more) == (1, 2, {"planted": 2, "felt": 1, "days": 1.0})
    assert (false.figure.value, false.baseline) == (1.0, 0.0)  # two in two months


def test_a_need_counts_within_two_weeks_and_with_its_category():
    planted = pd.DataFrame({"person_id": [1, 2, 3], "on": _days(0, 0, 0), "after": ["茶", "茶", "茶"]})
    found = pd.DataFrame({"person_id": [1, 2, 3], "noticed_on": _days(14, 15, 3), "after": ["茶", "茶", "奶"]})
    recall, precision = shift_scores(found, planted, simple=found.head(0))
    assert (recall.figure.value, precision.figure.value) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert recall.baseline == 0
    assert math.isnan(precision.baseline)  # nothing found has no precision
