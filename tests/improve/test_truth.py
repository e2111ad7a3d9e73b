"""Who is who, who leaves, who buys, who spends: right, wrong and by chance."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.improve.truth import Judged, drawn, identity_scores, order_scores, stands_for, value_scores


def _identity(text: str) -> pd.DataFrame:
    """Records by customer: `A:abc B:d`."""
    rows = [(record, part.split(":")[0]) for part in text.split() for record in part.split(":")[1]]
    return pd.DataFrame(rows, columns=["record_id", "customer_id"])


def _records(text: str) -> pd.DataFrame:
    """Records by person: `1:abc 2:d`."""
    rows = _identity(text).rename(columns={"customer_id": "person_id"})
    return rows.assign(person_id=rows["person_id"].astype("int64"))


def _by_name(rows) -> dict[str, Judged]:
    return {row.measure: row for row in rows}


def test_right_links_score_one_and_no_links_zero():
    truth = _records("1:ab 2:cd 3:e")
    right = _by_name(identity_scores(_identity("A:ab B:cd C:e"), truth))
    assert {name: row.figure.value for name, row in right.items()} == dict.fromkeys(
        ("pair_precision", "pair_recall", "pair_f1", "whole_f1"), 1.0
    )
    alone = _by_name(identity_scores(_identity("A:a B:b C:c D:d E:e"), truth))
    assert math.isnan(alone["pair_precision"].figure.value)
    assert (alone["pair_recall"].figure.value, alone["pair_f1"].figure.value) == (0.0, 0.0)
    assert alone["pair_f1"].baseline == 0.0
    assert alone["whole_f1"].figure.value == alone["whole_f1"].baseline == pytest.approx(2 * 1 / (3 + 5))  # e alone is whole


def test_a_person_split_and_two_persons_joined_are_seen_by_eye():
    # Person 1 has three records, of which two are joined; c of person 1 sits with d of person 2.
    found = _by_name(identity_scores(_identity("A:ab B:cd"), _records("1:abc 2:d")))
    assert found["pair_precision"].figure.value == 0.5  # of ab and cd, ab is right
    assert found["pair_recall"].figure.value == pytest.approx(1 / 3)  # of ab, ac, bc
    assert found["pair_f1"].figure.value == pytest.approx(2 * 1 / (2 + 3))
    assert found["whole_f1"].figure.value == 0.0
    assert found["pair_f1"].n == 4


def test_records_that_only_one_side_knows_take_no_part():
    found = _by_name(identity_scores(_identity("A:abx"), _records("1:aby")))
    assert found["pair_f1"].figure.value == 1.0
    assert found["pair_f1"].n == 2


def test_a_customer_stands_for_the_person_with_most_of_its_records():
    stands = stands_for(_identity("A:abc B:de C:x"), _records("2:ab 1:cd 3:e"))
    assert stands.to_dict("records") == [
        {"customer_id": "A", "person_id": 2, "mixed": True},
        {"customer_id": "B", "person_id": 1, "mixed": True},  # of equals the first person
    ]
    assert not stands_for(_identity("A:ab"), _records("1:ab"))["mixed"].any()


def test_a_right_a_reversed_and_a_constant_order():
    label = np.repeat([1.0, 0.0], 20)
    frame = pd.DataFrame({"label": label, "value": label, "baseline": 1 - label})
    found = _by_name(order_scores(frame, subject="leavers", against="days_since_order"))
    assert found["auc"].figure == (1.0, 1.0, 1.0)
    assert found["auc"].baseline == 0.0
    assert (found["precision_at_10_percent"].figure.value, found["precision_at_10_percent"].baseline) == (1.0, 0.0)
    assert found["precision_at_10_percent"].more["top"] == 4
    assert "precision_at_100" not in found
    assert "calibration_error" not in found
    same = _by_name(order_scores(frame.assign(value=0.5), subject="leavers", against="days_since_order"))
    assert same["auc"].figure.value == 0.5
    assert same["precision_at_10_percent"].figure.value == 0.5


def test_a_long_list_is_judged_at_a_hundred_and_by_its_probabilities():
    label = np.tile([1.0, 0.0], 100)
    frame = pd.DataFrame({"label": label, "value": 0.4 + 0.2 * label, "baseline": 0.0, "chance": 0.2})
    found = _by_name(order_scores(frame, subject="buyers", against="orders_84d"))
    assert found["precision_at_100"].figure.value == 1.0
    assert found["calibration_error"].figure.value == pytest.approx(0.4)  # said .6 and .4, came 1 and 0
    assert found["calibration_error"].baseline == pytest.approx(0.3)  # said .2 of everybody, came .5
    low, high = found["calibration_error"].figure[1:]
    assert low <= 0.4 <= high


def test_who_all_stayed_cannot_be_ordered():
    frame = pd.DataFrame({"label": [0.0, 0.0], "value": [0.1, 0.2], "baseline": [1.0, 2.0]})
    found = _by_name(order_scores(frame, subject="leavers", against="days_since_order"))
    assert math.isnan(found["auc"].figure.value)
    nobody = _by_name(order_scores(frame.head(0), subject="leavers", against="days_since_order"))
    assert math.isnan(nobody["auc"].figure.value)
    assert nobody["auc"].n == 0


def test_the_spend_of_a_year():
    frame = pd.DataFrame({"truth": [100.0, 200.0, 300.0], "value": [110.0, 220.0, 330.0], "baseline": [300.0, 200.0, 100.0]})
    found = _by_name(value_scores(frame))
    assert found["total_error"].figure.value == pytest.approx(10.0)
    assert found["total_error"].baseline == 0.0
    assert (found["rank_correlation"].figure.value, found["rank_correlation"].baseline) == (pytest.approx(1.0), pytest.approx(-1.0))
    assert found["mean_error"].figure.value == pytest.approx(20.0)
    assert found["mean_error"].baseline == pytest.approx(400 / 3)
    assert math.isnan(_by_name(value_scores(frame.head(0)))["mean_error"].figure.value)
    assert math.isnan(_by_name(value_scores(frame.assign(value=5.0)))["rank_correlation"].figure.value)


def test_a_figure_has_the_interval_of_its_rows():
    wide = drawn(lambda values: float(values.mean()), np.array([0.0, 1.0, 0.0, 1.0]))
    narrow = drawn(lambda values: float(values.mean()), np.tile([0.0, 1.0], 2_000))
    assert wide.value == narrow.value == 0.5
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low) > 0


def test_frames_without_their_columns_are_refused():
    with pytest.raises(MissingColumns, match=r"record\.csv lacks columns: person_id"):
        stands_for(_identity("A:a"), pd.DataFrame({"record_id": ["a"]}))
    with pytest.raises(MissingColumns, match="lacks columns: baseline"):
        list(order_scores(pd.DataFrame({"label": [], "value": []}), subject="buyers", against="orders_84d"))
    with pytest.raises(MissingColumns, match="lacks columns: truth"):
        list(value_scores(pd.DataFrame({"value": [], "baseline": []})))
