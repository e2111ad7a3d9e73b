import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData
from zhiyin.predict.forecasting.panel import read_panel

TABLE = pd.DataFrame({"series": ["b", "b", "a", "a", "a"], "at": [1, 3, 1, 2, 2], "value": [1.0, 3.0, 5.0, 6.0, 8.0]})


def test_the_newest_step_stands_last_and_gaps_stay_empty():
    panel = read_panel(TABLE)
    assert panel.names.tolist() == ["a", "b"] and panel.last.tolist() == [1, 2]
    np.testing.assert_array_equal(panel.values, [[np.nan, 5, 7], [1, np.nan, 3]])
    assert [note.en for note in panel.notes] == [
        "Rows with the series and time of another one, averaged: 1. Sum them up first if they are parts.",
        "20.0% of the steps within the series have no row: they count as unknown, not as zero.",
    ]


def test_on_a_calendar_all_series_end_on_the_newest_day():
    panel = read_panel(TABLE.assign(at=pd.to_datetime("2026-01-01") + pd.to_timedelta(TABLE["at"], unit="D")))
    np.testing.assert_array_equal(panel.values, [[5, 7, np.nan], [1, np.nan, 3]])


def test_what_all_series_share_is_kept_once():
    panel = read_panel(TABLE.assign(holiday=[0, 1, 0, 0, 0], price=[1.0, 1, 2, 2, 2], kind=["x", "y", "x", "x", "x"]))
    assert panel.known["price"].cells.shape == (2, 3) and panel.known["kind"].words == {"x": 0, "y": 1}


def test_until_forgets_the_newest_steps():
    assert read_panel(TABLE).until(1).values.shape == (2, 2)


def test_a_table_without_what_is_needed_is_refused():
    with pytest.raises(MissingColumns, match=r"The series lack the columns at\. Got series, value"):
        read_panel(TABLE.drop(columns="at"))
    with pytest.raises(TooLittleData, match="The table of series has no rows"):
        read_panel(TABLE.head(0))
    with pytest.raises(TooLittleData, match="not a single finite value"):
        read_panel(TABLE.assign(value=np.nan))
    with pytest.raises(DataError, match="The column value holds what is no number"):
        read_panel(TABLE.assign(value="many"))
