import numpy as np
import pandas as pd

from recommend.histories import trails
from zhiyin.recommend.voices.content import Content, attributes, described

HOMES = pd.DataFrame(
    {
        "item_id": ["安居", "静园", "湖景", "旧楼"],
        "district": ["西湖", "西湖", "滨江", None],
        "rooms": [2, 3, 3, 2],
        "tags": [["地铁", "安静"], ["安静"], ["地铁"], []],
        "about": [None, None, None, "三居室朝南的老小区" * 5],
    }
)


def test_a_home_is_like_another_by_what_is_said_of_both():
    said = described(HOMES)
    items = np.sort(HOMES["item_id"].to_numpy(str))
    voice = Content(attributes(said, items))
    asked = trails([int(np.flatnonzero(items == "安居")[0])], items=4, strangers=True)
    found = voice.score(asked).best(1, without=asked.seen())
    assert items[found.item].tolist() == ["静园"]  # the same district, and quiet


def test_what_is_said_of_one_item_only_or_of_all_is_left_out():
    goods = pd.DataFrame({"item_id": ["a", "b", "c"], "kind": ["x", "x", "x"], "mark": ["1", "2", "3"], "kept": ["u", "u", None]})
    said = described(goods)
    assert (said.words, sorted(said.item.tolist())) == (1, [0, 1])


def test_several_rows_say_several_things_of_one_item():
    goods = pd.DataFrame({"item_id": ["a", "a", "b"], "kind": ["x", "y", "y"]})
    assert attributes(described(goods.assign(kind=["x", "y", "y"])), np.array(["a", "b", "c"])).shape[0] == 3


def test_numbers_are_compared_by_fifths_and_texts_by_their_words():
    goods = pd.DataFrame(
        {
            "item_id": range(60),
            "price": np.arange(60) * 1.5,
            "text": ["a long text about quiet tea " * 3, "another long one about noisy coffee " * 3] * 30,
        }
    )
    about = attributes(described(goods), np.arange(60))
    alike = (about @ about.T).toarray()
    assert alike[0, 2] > alike[0, 1]  # the same words
    assert alike[0, 2] > alike[0, 58]  # and near in price


def test_no_attributes_at_all():
    assert described(pd.DataFrame({"item_id": ["a", "b"]})).words == 0
