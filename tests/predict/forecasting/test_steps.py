import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, TooLittleData
from zhiyin.predict.forecasting.steps import read_steps


def read(at):
    at = pd.Series(at)
    return read_steps(at, np.zeros(len(at), dtype=np.int64))


@pytest.mark.parametrize(
    ("at", "unit", "seasons"),
    [
        (pd.date_range("2026-01-01 00:00", periods=5, freq="h"), "hour", (24, 168)),
        (pd.date_range("2026-01-01", periods=5), "day", (7,)),
        (pd.date_range("2026-01-05", periods=5, freq="W-MON"), "week", (52,)),
        (pd.date_range("2026-01-31", periods=5, freq="ME"), "month", (12,)),
        (pd.date_range("2026-01-01", periods=5, freq="QS"), "quarter", (4,)),
        (pd.date_range("2020-01-01", periods=5, freq="YS"), "year", ()),
        ([3, 6, 9, 12, 15], "step", ()),
        (pd.period_range("2026-01", periods=5, freq="M"), "month", (12,)),
        (["2026-01-01", "2026-01-02", "2026-01-04"], "day", (7,)),
    ],
)
def test_times_are_steps_and_come_back_as_they_were(at, unit, seasons):
    steps = read(at)
    assert (steps.unit, steps.seasons) == (unit, seasons)
    ordinals = steps.ordinals(pd.Series(at))
    back = pd.Series(steps.times(ordinals))
    assert (steps.ordinals(back) == ordinals).all()
    if unit not in ("step", "month") or isinstance(at, pd.DatetimeIndex):
        assert back.astype(str).tolist() == pd.Series(at).astype(str).tolist() or unit == "step"


def test_the_last_day_of_a_month_stays_the_last_day():
    steps = read(pd.date_range("2026-01-31", periods=3, freq="ME"))
    assert pd.Series(steps.times(np.asarray([3, 13]))).astype(str).tolist() == ["2026-04-30", "2027-02-28"]


def test_a_day_has_so_many_steps():
    assert read(pd.date_range("2026-01-01", periods=9, freq="h")).a_day == 24
    assert read(pd.date_range("2026-01-01", periods=9)).a_day == 0


def test_times_that_are_no_steps_are_refused():
    with pytest.raises(DataError, match="numbers of the column at must be whole steps"):
        read([0.5, 1.5])
    with pytest.raises(DataError, match="The column at holds times that cannot be read"):
        read(["yesterday", "soon"])
    single = pd.to_datetime("2026-01-01") + pd.to_timedelta(np.cumsum(np.random.default_rng(0).integers(1, 10**6, 60)), unit="s")
    with pytest.raises(TooLittleData, match="The times are irregular: there is no common step"):
        read(single)
