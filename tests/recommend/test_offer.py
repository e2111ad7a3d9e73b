import numpy as np

from recommend.conftest import checkerboard, day, shop
from zhiyin.recommend.blend import Weights
from zhiyin.recommend.new import NAMES, NewList, Voices
from zhiyin.recommend.offer import again_rows, new_rows, popular_rows, why_new, with_reasons
from zhiyin.recommend.repeat import Habits, RepeatList

BOARD = shop(checkerboard(), category=[f"colour {int(item[1:]) % 2}" for _, item, _ in checkerboard()])
VOICES = Voices(BOARD, day(84), seed=1, threads=1)
ALL = np.ones(len(BOARD.items), bool)


def only(voice):
    """A list that listens to one voice."""
    weight = np.array([name == voice for name in NAMES], np.float32)
    return NewList(Weights(NAMES, -3.0, np.zeros(len(NAMES), np.float32), weight), {}, "blend")


def rows_by(voice, **changed):
    asked = {"customers": np.array([0], np.int32), "k": 1, "allowed": ALL} | changed
    return new_rows(VOICES, only(voice), **asked)


def said(voice):
    rows = rows_by(voice)
    return why_new(rows, VOICES, purchases=BOARD, named=lambda item: f"item {BOARD.items[item]}")[0].en


def test_again_rows_rank_by_chance_and_leave_out_what_is_barred():
    found = shop([("a", "tea", on) for on in range(0, 60, 5)] + [("a", "rice", 30)])
    habits, plain = Habits(found, day(60), horizon=28), RepeatList(None, {}, "counts", 28)
    rows = again_rows(habits, plain, customers=np.array([0], np.int32), k=5, allowed=np.array([True, True]))
    assert found.items[rows["item"]].tolist() == ["tea", "rice"]
    assert (rows["rank"].tolist(), rows["days"].tolist(), rows["count"].tolist()) == ([1, 2], [5, 30], [12, 1])
    barred = again_rows(habits, plain, customers=np.array([0], np.int32), k=5, allowed=np.array([True, False]))
    assert found.items[barred["item"]].tolist() == ["rice"]
    assert with_reasons(rows)["reason_zh"].tolist() == ["买过12次，大约每5天一次，距上次5天。", "30天前买过一次。"]


def test_new_rows_offer_the_left_out_item_and_never_a_bought_or_barred_one():
    assert BOARD.items[rows_by("items")["item"]].tolist() == ["i00"]
    assert "i00" not in BOARD.items[rows_by("items", k=20, allowed=BOARD.items != "i00")["item"]].tolist()
    bought = set(BOARD.items[BOARD.bought()[0].indices])
    assert not bought & set(BOARD.items[rows_by("items", k=20)["item"]])


def test_each_voice_says_its_own_sentence():
    assert said("popular").startswith("Customers who bought it in the last 28 days: ")
    assert "for the first time" in said("newcomers")
    assert said("items").startswith('Customers who bought "item i')
    assert said("customers").startswith("Of the 19 customers who shop most alike, ")
    assert said("factors") == "It fits what this customer usually buys."


def test_a_silent_voice_gives_way_to_popularity():
    silent = NewList(None, {}, "popular")
    rows = new_rows(VOICES, silent, customers=np.array([0], np.int32), k=3, allowed=ALL)
    assert rows["voice"].tolist() == ["popular"] * len(rows)


def test_a_reason_that_nothing_stands_behind_is_not_said():
    rows = rows_by("popular", k=20).query("item % 2 == 1").assign(voice="items")  # no item of the other colour was bought
    sentences = why_new(rows.head(1), VOICES, purchases=BOARD, named=str)
    assert sentences[0].en.startswith("Customers who bought it in the last 28 days: ")


def test_the_category_is_named():
    rows = rows_by("categories").assign(voice="categories")
    assert why_new(rows, VOICES, purchases=BOARD, named=str)[0].zh.startswith("这位客户比别人更偏爱「colour ")


def test_popular_rows_for_somebody_unknown():
    rows = popular_rows(VOICES, k=3, allowed=ALL)
    assert rows["rank"].tolist() == [1, 2, 3]
    assert rows["item"].tolist() == VOICES.candidates[:3].tolist()
