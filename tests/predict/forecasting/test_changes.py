import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.predict.forecasting.changes import change_points


def days(values, name="a"):
    return pd.DataFrame({"series": name, "at": pd.date_range("2026-01-01", periods=len(values)), "value": values})


def noise(seed, n=150):
    return 10 + np.random.default_rng(seed).normal(0, 1, n)


def test_a_level_that_rose_is_found_on_its_day():
    found = change_points(days(np.where(np.arange(100) < 60, 10.0, 15.0)))
    assert found[["series", "at", "kind"]].values.tolist() == [["a", pd.Timestamp("2026-03-02"), "level"]]
    assert found[["size", "share"]].round(2).values.tolist() == [[5.0, 0.5]]
    said = found["said"][0]
    assert said.en == "Since 2026-03-02 the level is 50% higher, and it has not come back."
    assert said.zh == "自 2026-03-02 起，水平升高了 50%，此后没有回到原来的水平。"


def test_a_trend_that_bent_is_found_near_its_day():
    values = noise(1) + np.maximum(np.arange(150) - 99, 0) * -0.3
    found = change_points(days(values)).iloc[0]
    assert found["kind"] == "trend" and abs((found["at"] - pd.Timestamp("2026-04-11")).days) <= 5
    assert -0.36 < found["size"] < -0.24 and "steeper downwards" in found["said"].en


def test_of_two_changes_the_newest_is_told():
    values = noise(2) + np.select([np.arange(150) < 50, np.arange(150) < 110], [0, 8], 4)
    found = change_points(days(values)).iloc[0]
    assert abs((found["at"] - pd.Timestamp("2026-04-21")).days) <= 2 and -5 < found["size"] < -3


@pytest.mark.parametrize("stick", [0.0, 0.6])
def test_noise_alone_hardly_ever_changes(stick):
    tables = []
    for seed in range(100):
        values = noise(seed)
        for step in range(1, len(values)):
            values[step] = 10 + stick * (values[step - 1] - 10) + values[step] - 10
        tables.append(days(values, f"n{seed}"))
    assert len(change_points(pd.concat(tables))) <= 3


def test_neither_a_season_nor_a_steady_trend_is_a_change():
    week = 10.0 + 5 * (np.arange(140) % 7 == 5)
    steady = 10.0 + 0.5 * np.arange(140)
    assert change_points(pd.concat([days(week, "week"), days(steady, "steady"), days(np.zeros(140), "still")])).empty


def test_too_short_a_series_is_left_alone():
    assert change_points(days([1.0, 2, 1, 9, 9])).empty


def test_a_table_without_values_is_refused():
    with pytest.raises(MissingColumns, match="lack the columns value"):
        change_points(days([1.0]).drop(columns="value"))
