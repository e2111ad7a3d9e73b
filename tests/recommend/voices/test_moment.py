from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommend.histories import trails
from zhiyin.recommend.moments import circumstances
from zhiyin.recommend.voices.moment import SHRINK, learn_moment

NOWHERE = np.array([], np.str_)


def shop(rain: int = 30, dry: int = 10):
    """Item 0 is taken on rainy days, item 1 as often on dry ones, day about, for four weeks."""
    steps = [(0, 0)] * rain + [(0, 1)] * dry + [(1, 0)] * dry + [(1, 1)] * rain
    moment = np.array([20_000 + place % 14 * 2 + day for place, (_, day) in enumerate(steps)])
    some = replace(trails([item for item, _ in steps], items=3), moment=moment, now=np.array([20_028]))
    days = np.arange(20_000, 20_030)
    return some, circumstances(moment, places=NOWHERE, context=pd.DataFrame({"day": days, "sky": np.where(days % 2, "晴", "雨")}))


def test_by_hand():
    some, known = shop()
    factors = learn_moment(some, known).factors
    rain = 19 + known.words.tolist().index("sky=雨")
    # On rainy days 30 of item 0 were taken and 10 of item 1; of 40 each has half, 20. Nobody took item 2.
    np.testing.assert_allclose(factors[:, rain], np.log([(30 + SHRINK) / (20 + SHRINK), (10 + SHRINK) / (20 + SHRINK), 1]), rtol=1e-5)


def test_the_day_asked_about_decides():
    voice = learn_moment(*shop())
    some, _ = shop()
    assert voice.score(some.at(np.array([20_000]))).best(1).item.tolist() == [0]
    assert voice.score(some.at(np.array([20_001]))).best(1).item.tolist() == [1]
    unknown = voice.score(some.at(np.array([90_000])))
    assert unknown.at(np.zeros(3, np.int32), np.arange(3)).tolist() == [0, 0, 0]


def test_histories_without_days_are_told_nothing():
    voice = learn_moment(*shop())
    assert not voice.score(trails([0], items=3)).at(np.zeros(3, np.int32), np.arange(3)).any()


@pytest.mark.parametrize("month", ["06", "12"])
def test_an_item_that_is_new_is_no_item_of_a_season(month):
    """Item 1 came a year after item 0 and is taken as often ever since; item 2 in December only."""
    days = np.arange("2023-01-01", "2025-12-31", dtype="datetime64[D]")
    first, later = days.astype(int), days[366:].astype(int)
    winter = days[np.isin(days.astype("datetime64[M]").astype(int) % 12, [11])].astype(int)
    moment = np.concatenate([first, later, winter])
    item = np.repeat([0, 1, 2], [len(first), len(later), len(winter)])
    order = np.argsort(moment, kind="stable")
    some = replace(trails(item[order].tolist(), items=3), moment=moment[order], now=np.array([0]))
    voice = learn_moment(some, circumstances(moment, places=NOWHERE, context=None))
    asked = some.at(np.array([int(np.datetime64(f"2026-{month}-15").astype("datetime64[D]").astype(int))]))
    score = voice.score(asked).at(np.zeros(3, np.int32), np.arange(3))
    assert abs(score[0] - score[1]) < 0.25
    assert (score[2] > 0.5) == (month == "12")
    assert (score[2] < 0) == (month == "06")
