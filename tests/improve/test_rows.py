from datetime import date

import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.core.tables import table_named
from zhiyin.improve.rows import Score, as_rows, need, wilson
from zhiyin.learn.card import Interval


def test_rows_have_the_columns_of_the_table_also_when_there_are_none() -> None:
    one = Score("kpi", "", "churn_rate", date(2026, 11, 1), "now", Interval(0.5, 0.4, 0.6), 10, True)
    for rows in (as_rows([one]), as_rows([])):
        assert rows.columns.tolist() == list(table_named("scorecard").names)
        assert [rows[name].dtype.kind for name in ("value", "low", "high", "n", "used")] == ["f", "f", "f", "i", "b"]
    assert as_rows([one]).iloc[0].tolist() == ["kpi", "", "churn_rate", date(2026, 11, 1), "now", 0.5, 0.4, 0.6, 10, True]


# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_wilson_is_as_published(hits: int, n: int, low: float, high: float) -> None:
    share = wilson(hits, n)
    assert share.value == hits / n
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_a_share_of_nothing_is_no_number() -> None:
    assert all(figure != figure for figure in wilson(0, 0))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(MissingColumns, match=r"touch lacks columns: policy\. Got a\. Fix: Compare with the column names"):
        need(pd.DataFrame({"a": [1]}), ("a", "policy"), what="touch")
