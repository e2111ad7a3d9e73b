import numpy as np
import pandas as pd

from zhiyin.recommend.moments import circumstances, day_of, elsewhen, moments

DAYS = np.arange("2024-01-01", "2026-01-01", dtype="datetime64[D]").astype(np.int64)
NOWHERE = np.array([], np.str_)


def number(day: str) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def said(found, moment) -> list[str]:
    """Months by number, days of the week as w0 to w6, then words."""
    names = [*(str(month) for month in range(1, 13)), *(f"w{day}" for day in range(7)), *found.words.tolist()]
    row = found.of(np.array([moment])).toarray()[0]
    return [names[column] for column in np.flatnonzero(row)]


def test_a_moment_holds_a_day_and_a_place():
    moment = moments(np.array([20_000]), np.array([3]))
    assert day_of(moment).tolist() == [20_000]
    assert elsewhen(moment, 20_007).tolist() == moments(np.array([20_007]), np.array([3])).tolist()


def test_the_season_is_known_of_every_day_as_far_as_the_history_is_long_enough():
    assert sorted(said(circumstances(DAYS, places=NOWHERE, context=None), number("2030-12-25"))) == ["12", "w2"]
    assert said(circumstances(DAYS[:200], places=NOWHERE, context=None), number("2024-12-25")) == ["w2"]
    short = circumstances(DAYS[:20], places=NOWHERE, context=None)
    assert said(short, number("2024-12-25")) == []
    assert short.season_only() is None
    assert short.told_only() is None


def weathers(**more) -> pd.DataFrame:
    return pd.DataFrame({"day": DAYS[:30], "sky": ["雨", "晴", None] * 10, "high": np.arange(30.0)} | more)


def test_values_are_words_and_many_numbers_are_cut_into_parts():
    found = circumstances(DAYS[:20], places=NOWHERE, context=weathers())
    assert said(found, DAYS[0]) == ["high=1/5", "sky=雨"]
    assert said(found, DAYS[29]) == ["high=5/5"]
    assert said(found, DAYS[40]) == []  # nothing was told of it


def test_what_is_told_of_one_moment_or_of_all_says_nothing():
    marked = weathers(name=[None] * 29 + ["元旦"], shop="北京")
    assert {word.split("=")[0] for word in circumstances(DAYS[:20], places=NOWHERE, context=marked).words} == {"sky", "high"}


def test_two_rows_of_one_day_say_several_things():
    held = pd.DataFrame({"day": [*DAYS[:4], DAYS[0]], "campaign": ["A", "A", "B", "B", "B"]})
    assert said(circumstances(DAYS[:20], places=NOWHERE, context=held), DAYS[0]) == ["campaign=A", "campaign=B"]


def test_places_have_their_own_weather():
    both = pd.concat([weathers(place="杭州", sky="雨"), weathers(place="北京", sky="晴")])
    found = circumstances(DAYS[:20], places=np.array(["北京", "杭州"]), context=both.drop(columns="high"))
    assert [said(found, moments(DAYS[3], place)) for place in (0, 1, 2)] == [[], ["sky=晴"], ["sky=雨"]]


def test_one_more_day_is_told_and_an_unheard_word_says_nothing():
    found = circumstances(DAYS[:20], places=NOWHERE, context=weathers())
    later = found.with_one(int(DAYS[100]), {"sky": "雨", "high": 99, "wind": "strong"})
    assert said(later, DAYS[100]) == ["high=5/5", "sky=雨"]
    assert said(later.with_one(int(DAYS[100]), {"sky": "沙尘暴"}), DAYS[100]) == []
    assert said(later, DAYS[0]) == said(found, DAYS[0])


def test_season_and_what_was_told_are_heard_apart():
    found = circumstances(DAYS, places=NOWHERE, context=weathers())
    assert said(found.season_only(), DAYS[0]) == ["1", "w0"]
    assert said(found.told_only(), DAYS[0]) == ["high=1/5", "sky=雨"]
