from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.learn.base import ForecasterBase


@dataclass
class Told(ForecasterBase):
    """Answers the days since 2026, or what the column `sale` says."""

    horizon: int = 2
    every: int = 1
    needs: tuple[str, ...] = ()

    def _forecast(self, grid):
        return grid["sale"] if self.needs else grid["on"].dt.dayofyear


def _series(**days):
    return pd.DataFrame([(name, day, 1.0) for name, those in days.items() for day in those], columns=["series", "on", "value"])


TEA = _series(tea=["2026-01-01", "2026-01-02"], rice=["2026-01-05"])


def test_each_series_goes_on_after_its_own_last_day():
    found = Told().fit(TEA).forecast()
    assert found["series"].tolist() == ["rice", "rice", "tea", "tea"]
    assert found["on"].dt.date.tolist() == [date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 3), date(2026, 1, 4)]
    assert found["value"].tolist() == found["low"].tolist() == found["high"].tolist() == [6.0, 7.0, 3.0, 4.0]


def test_weeks_are_steps_of_seven_days():
    found = Told(every=7).fit(_series(tea=["2026-01-01", "2026-01-08"])).forecast()
    assert found["on"].dt.date.tolist() == [date(2026, 1, 15), date(2026, 1, 22)]


@pytest.mark.parametrize("days", [["2026-01-01", "2026-01-03"], ["2026-01-01", "2026-01-01"]])
def test_holes_and_days_twice_are_refused(days):
    with pytest.raises(DataError, match=r"A series leaves out a day, or has one twice. Got tea. Fix: Give exactly one row every 1 day"):
        Told().fit(_series(tea=days, rice=["2026-01-01"]))


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        (TEA.head(0), TooLittleData, "nothing to learn from"),
        (TEA.drop(columns="value"), MissingColumns, "needs value"),
        (TEA.assign(value=None), DataError, "value: 3"),
        (TEA.assign(on="soon"), DataError, "These are not days"),
    ],
)
def test_examples_are_checked(examples, error, message):
    with pytest.raises(error, match=message):
        Told().fit(examples)


@pytest.mark.parametrize("settings", [{"horizon": 0}, {"every": 0}])
def test_horizon_and_step_are_checked(settings):
    with pytest.raises(UsageError, match=r"Horizon and step must be at least 1"):
        Told(**settings).fit(TEA)


def test_what_is_known_of_the_future_is_asked_for():
    model = Told(needs=("sale",)).fit(TEA.assign(sale=0.0))
    future = model.example_future(seed=1).assign(sale=[1.0, 2.0, 3.0, 4.0])
    assert model.forecast(future.iloc[::-1])["value"].tolist() == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(MissingColumns, match=r"Told needs series, on, sale"):
        model.forecast()
    with pytest.raises(DataError, match=r"The future leaves out some days. Got 1"):
        model.forecast(future.head(3))
    with pytest.raises(DataError, match=r"sale: 1"):
        model.forecast(future.assign(sale=[1, 2, 3, None]))


def test_a_broken_interval_is_caught():
    class Broken(Told):
        def _forecast(self, grid):
            return pd.DataFrame({"value": grid["on"].dt.day, "low": 9.0, "high": 10.0})

    with pytest.raises(DataError, match=r"outside of its bounds: 4"):
        Broken().fit(TEA).forecast()
