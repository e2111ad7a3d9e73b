import numpy as np
import pandas as pd

from zhiyin.recommend.given import timed, when
from zhiyin.recommend.moments import moments


def table(at, **more) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": ["a", "b"], "item_id": ["x", "y"], "at": at} | more)


def day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


def test_the_day_of_a_time_is_that_of_its_own_clock():
    told = pd.to_datetime(["2026-01-01 23:30", "2026-01-02 07:00"]).tz_localize("Asia/Shanghai")
    assert timed(table(told))["moment"].tolist() == [day("2026-01-01"), day("2026-01-02")]
    assert timed(table(told.tz_localize(None)))["moment"].tolist() == [day("2026-01-01"), day("2026-01-02")]


def test_numbers_are_an_order_and_no_days():
    assert "moment" not in timed(table([1, 2]))
    assert when(timed(table([1, 2])), None)[1] is None


def test_places_of_both_tables_make_moments_and_an_unknown_place_is_none():
    context = pd.DataFrame({"at": ["2026-01-01"] * 2, "place": ["北京", "杭州"], "sky": ["雨", "晴"]})
    rows, found = when(timed(table(["2026-01-01"] * 2, place=["杭州", None])), context)
    assert found.places.tolist() == ["杭州"]
    assert rows["moment"].tolist() == moments(np.array([day("2026-01-01")] * 2), np.array([1, 0])).tolist()


def test_a_place_without_interactions_says_nothing_of_others():
    context = pd.DataFrame({"at": ["2026-01-01"] * 2, "place": ["北京", "杭州"], "sky": ["雨", "晴"]})
    _, found = when(timed(table(["2026-01-01"] * 2, place=["杭州", "杭州"])), context)
    assert found.told.tolist() == [moments(np.array(day("2026-01-01")), 1)]
