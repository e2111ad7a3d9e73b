import pandas as pd
import pytest

from unify.linking.things import f1, shops
from zhiyin.core.errors import UsageError
from zhiyin.unify.linking.links import fit_linker
from zhiyin.unify.linking.texts import link_texts

LEFT, RIGHT, PAIRS = shops(100)
TAUGHT, ASKED = PAIRS.iloc[::2], PAIRS.iloc[1::2]


@pytest.fixture(scope="module")
def learned() -> pd.DataFrame:
    return link_texts(LEFT, RIGHT, labels=TAUGHT)


@pytest.fixture(scope="module")
def guessed() -> pd.DataFrame:
    return link_texts(LEFT, RIGHT)


def test_known_pairs_teach_about_the_others(learned):
    assert f1(learned, ASKED) > 0.95


def test_without_labels_the_same_things_are_found(guessed):
    assert f1(guessed, PAIRS[PAIRS["label"] == 1]) > 0.9
    assert f1(guessed, PAIRS) > 0.8


def test_what_is_known_stays_known(learned):
    told = TAUGHT.merge(learned, on=["left_id", "right_id"])
    assert len(told) == len(TAUGHT) and (told["probability"] == told["label"]).all()


def test_hard_pairs_are_returned_as_well_and_their_number_is_bounded(learned):
    assert (learned["probability"] < 0.5).any() and len(learned) <= 40 * (len(LEFT) + len(RIGHT)) + len(TAUGHT)
    assert learned["probability"].between(0, 1).all() and learned["probability"].is_monotonic_decreasing
    assert not learned.duplicated(["left_id", "right_id"]).any()


def test_the_order_of_rows_and_labels_does_not_matter(learned):
    mixed = [frame.sample(frac=1, random_state=3) for frame in (LEFT, RIGHT, TAUGHT)]
    pd.testing.assert_frame_equal(link_texts(mixed[0], mixed[1], labels=mixed[2]), learned)


def test_ids_may_be_numbers(learned):
    plain = {"left_id": lambda frame: frame["left_id"].str[1:].astype(int), "right_id": lambda frame: frame["right_id"].str[1:].astype(int)}
    left, right = (frame.assign(id=frame["id"].str[1:].astype(int)) for frame in (LEFT, RIGHT))
    found = link_texts(left, right, labels=TAUGHT.assign(**plain))
    assert f1(found, ASKED.assign(**plain)) > 0.95


def test_a_thing_that_stands_in_many_rows_is_judged_once():
    left = pd.DataFrame({"id": range(len(TAUGHT) + len(ASKED)), "title": PAIRS["left_id"].map(LEFT.set_index("id")["title"])})
    right = pd.DataFrame({"id": range(len(PAIRS)), "title": PAIRS["right_id"].map(RIGHT.set_index("id")["title"])})
    by_row = pd.DataFrame({"left_id": range(len(PAIRS)), "right_id": range(len(PAIRS)), "label": PAIRS["label"]})
    assert f1(link_texts(left, right, labels=by_row.iloc[::2]), by_row.iloc[1::2]) > 0.95


def test_one_table_is_looked_through_for_repeats_the_smaller_id_first():
    twice = pd.concat([LEFT, RIGHT, LEFT.head(1).assign(id="c")], ignore_index=True)
    found = link_texts(twice)
    assert (found["left_id"] < found["right_id"]).all()
    best = found[found["probability"] >= 0.5]
    assert ("a0", "c") in set(zip(best["left_id"], best["right_id"], strict=True))
    assert f1(found, PAIRS[PAIRS["label"] == 1]) > 0.8


def test_only_same_ones_told_is_enough_to_learn_from():
    assert f1(link_texts(LEFT, RIGHT, labels=TAUGHT[TAUGHT["label"] == 1]), ASKED) > 0.8


def test_a_few_labels_are_kept_and_nothing_is_learned_from_them(guessed):
    found = link_texts(LEFT, RIGHT, labels=TAUGHT.head(3))
    rest = guessed.merge(TAUGHT.head(3), on=["left_id", "right_id"], how="left", indicator=True).query("_merge == 'left_only'")
    both = rest.merge(found, on=["left_id", "right_id"], suffixes=("", "_again"))
    assert len(both) == len(rest) and (both["probability"] == both["probability_again"]).all()


@pytest.mark.parametrize("text", ["蓝牙耳机", "!!!", "x"])
def test_tables_of_one_row_are_compared(text):
    one = pd.DataFrame({"id": [1], "title": [text]})
    assert link_texts(one, one.assign(id=[2]))[["left_id", "right_id"]].values.tolist() == ([[1, 2]] if text != "!!!" else [])
    assert link_texts(one).empty


def test_chinese_titles_are_read_whatever_their_width_and_script():
    ours = pd.DataFrame(
        {"id": ["a1", "a2", "a3"], "标题": ["华为无线蓝牙耳机 FreeBuds 5 陶瓷白", "美的电饭煲 4L MB-FB40E511", "小米空气净化器 4 Pro"]}
    )
    theirs = pd.DataFrame(
        {
            "id": ["b3", "b1", "b2"],
            "标题": ["小米　空氣淨化器４ ＰＲＯ 家用", "華為藍牙耳機ＦｒｅｅＢｕｄｓ５", "美的 電飯煲 mbfb40e511 4升"],
        }
    )
    found = link_texts(ours, theirs)
    best = found.drop_duplicates("left_id")
    assert sorted(zip(best["left_id"], best["right_id"], strict=True)) == [("a1", "b1"), ("a2", "b2"), ("a3", "b3")]
    assert (best["probability"] >= 0.5).all()


def test_what_was_learned_is_asked_about_other_tables():
    linker = fit_linker(LEFT, RIGHT, labels=PAIRS)
    assert linker.engine == "texts"
    left, right, pairs = shops(40, seed=5)
    found = linker.link(left, right)
    assert set(found["left_id"]) <= set(left["id"]) and f1(found, pairs) > 0.95
    with pytest.raises(UsageError, match="What was learned from two tables is asked about two"):
        linker.link(left)
