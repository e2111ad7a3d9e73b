import logging

import numpy as np
import pandas as pd
import pytest

from unify.linking.persons import persons, scored
from zhiyin.core.errors import DataError, MissingColumns, UsageError
from zhiyin.unify.linking.links import fit_linker, link

FRAME, WHO = persons(300, 3, seed=11)
TRUTH = dict(zip(FRAME["row"], WHO.tolist(), strict=True))
SAME = 300 * 3


@pytest.fixture(scope="module")
def pairs() -> pd.DataFrame:
    return link(FRAME)


def test_rows_of_one_person_are_found_without_labels(pairs):
    assert scored(pairs, TRUTH, SAME) > 0.99
    assert (pairs["left_id"] < pairs["right_id"]).all()
    assert pairs["probability"].between(0.5, 1).all() and pairs["probability"].is_monotonic_decreasing
    assert pairs.attrs["linked"] == {
        "engine": "people",
        "columns": {
            "given_name": "name", "surname": "name", "street": "address", "town": "word", "date_of_birth": "date", "phone": "phone",
        },
    }  # fmt: skip


def test_whole_groups_are_told(pairs):
    group = {row: {row} for row in FRAME["row"]}
    for one, other in zip(pairs["left_id"], pairs["right_id"], strict=True):
        group[one].add(other)
        group[other].add(one)
    assert all(group[one] == group[other] for one, other in zip(pairs["left_id"], pairs["right_id"], strict=True))


def test_the_order_of_rows_and_columns_does_not_matter(pairs):
    shuffled = FRAME.sample(frac=1, random_state=2).reset_index(drop=True)
    pd.testing.assert_frame_equal(link(shuffled), pairs)
    pd.testing.assert_frame_equal(link(shuffled.rename(columns={"row": "id"})), pairs)


def test_the_id_is_no_evidence(pairs):
    other = FRAME.assign(row=[f"{number * 7919 % 100_003:06}" for number in range(len(FRAME))])
    back = dict(zip(other["row"], FRAME["row"], strict=True))
    found = link(other)
    told = {frozenset((back[one], back[two])) for one, two in zip(found["left_id"], found["right_id"], strict=True)}
    assert told == {frozenset(pair) for pair in zip(pairs["left_id"], pairs["right_id"], strict=True)}


def test_nobody_is_joined_where_everybody_stands_once():
    frame, _ = persons(500, 1, seed=4)
    assert len(link(frame)) <= 1


def test_two_tables_that_hold_nothing_twice_are_linked_one_to_one():
    frame, who = persons(300, 2, seed=12)
    first = ~pd.Series(who).duplicated().to_numpy()
    left, right = frame[first].assign(row=range(300)), frame[~first].assign(row=range(300))
    found = link(left, right)
    assert found["left_id"].is_unique and found["right_id"].is_unique
    ours, theirs = who[first][found["left_id"]], who[~first][found["right_id"]]
    assert 2 * (ours == theirs).sum() / (len(found) + 300) > 0.99


def test_two_tables_with_several_rows_a_person_tell_all_pairs_between_them():
    side = np.random.default_rng(1).random(len(FRAME)) < 0.5
    found = link(FRAME[side], FRAME[~side])
    between = sum(
        int(side[person == WHO].sum() * (~side[person == WHO]).sum()) for person in range(300)
    )  # fmt: skip
    assert scored(found, TRUTH, between) > 0.99
    assert set(found["left_id"]) <= set(FRAME["row"][side]) and set(found["right_id"]) <= set(FRAME["row"][~side])


def test_chinese_records_are_linked_by_sound_spelling_and_digits():
    surnames, given = "王李张刘陈杨黄赵吴周徐孙马朱胡", ["丽", "伟", "静怡", "建国", "梓涵", "雨桐", "志强", "晓燕", "浩然", "思远", "欣妍"]
    random = np.random.default_rng(6)
    rows = [
        {
            "姓名": surnames[random.integers(len(surnames))] + given[random.integers(len(given))],
            "手机": f"1{random.integers(30, 99)}{random.integers(10**7, 10**8)}",
            "地址": f"上海市浦东新区世纪大道{random.integers(1, 900)}号{random.integers(1, 30)}室",
        }
        for _ in range(400)
    ]
    sounds = str.maketrans("丽伟强燕欣涵", "莉玮嫱艳新晗")  # the same sounds in other characters
    others = [
        {
            "姓名": row["姓名"].translate(sounds),
            "手机": f"+86 {row['手机'][:3]}-{row['手机'][3:7]}-{row['手机'][7:]}",
            "地址": row["地址"].replace("号", "號").replace("区", "區"),
        }
        for row in rows
    ]
    left = pd.DataFrame(rows).assign(编号=[f"甲{n}" for n in range(400)])[["编号", "姓名", "手机", "地址"]]
    right = pd.DataFrame(others).assign(编号=[f"乙{n}" for n in range(400)])[["编号", "姓名", "手机", "地址"]]
    found = link(left, right)
    assert len(found) > 395 and (found["left_id"].str[1:] == found["right_id"].str[1:]).mean() > 0.995


def test_labels_are_kept_whatever_the_cells_say(pairs):
    together, apart = pairs.iloc[-1], pairs.iloc[0]
    wrong = pd.DataFrame({"left_id": [apart["left_id"], "r00000"], "right_id": [apart["right_id"], _stranger("r00000")], "label": [0, 1]})
    found = {frozenset(pair) for pair in link(FRAME, labels=wrong)[["left_id", "right_id"]].itertuples(index=False)}
    assert frozenset((apart["left_id"], apart["right_id"])) not in found
    assert frozenset(("r00000", _stranger("r00000"))) in found
    assert frozenset((together["left_id"], together["right_id"])) in found


def _stranger(row: str) -> str:
    return next(other for other in FRAME["row"] if TRUTH[other] != TRUTH[row])


def test_labels_teach():
    """Two rows are the same only when their second code is: no table alone can know that."""
    random = np.random.default_rng(3)
    rows = 600
    frame = pd.DataFrame({"id": range(rows), "a": [f"{n // 2:05}" for n in range(rows)], "b": random.integers(0, 2, rows).astype(str)})
    frame["b"] = frame["b"].map({"0": "kappa", "1": "omega"})
    one, other = np.arange(0, rows, 2), np.arange(1, rows, 2)
    same = (frame["b"].to_numpy()[one] == frame["b"].to_numpy()[other]).astype(int)
    labels = pd.DataFrame({"left_id": one[:200], "right_id": other[:200], "label": same[:200]})
    found = link(frame, labels=labels)
    told = np.isin(one[200:], found["left_id"])
    assert (told == same[200:]).mean() > 0.95


def test_a_linker_keeps_what_it_learned():
    linker = fit_linker(FRAME)
    few, who = persons(30, 2, seed=21)
    found = linker.link(few)
    assert scored(found, dict(zip(few["row"], who.tolist(), strict=True)), 30) > 0.95
    with pytest.raises(MissingColumns, match="Columns that were learned from are missing: phone"):
        linker.link(few.drop(columns="phone"))


def test_the_smallest_tables():
    assert link(FRAME.head(1)).empty
    assert list(link(FRAME.head(2)).columns) == ["left_id", "right_id", "probability"]
    assert link(FRAME.head(1), FRAME.tail(1)).empty


def test_what_was_chosen_is_logged(caplog):
    with caplog.at_level(logging.INFO):
        link(FRAME.head(40))
    assert "linked engine=people rows=40" in caplog.text


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([("r00000", "r00001")], UsageError, "labels is no data frame. Got list."),
        (pd.DataFrame({"left_id": ["r00000"]}), MissingColumns, "labels lacks right_id. Got left_id."),
        (pd.DataFrame({"left_id": ["r00000"], "right_id": ["r00001"], "label": [2]}), DataError, "label must be 1 or 0. Got 2."),
        (pd.DataFrame({"left_id": ["r00000"], "right_id": ["nobody"]}), DataError, "ids that stand in no row. Got 1 of 1."),
    ],
)
def test_labels_that_mean_nothing_are_refused(labels, error, message):
    with pytest.raises(error) as caught:
        link(FRAME, labels=labels)
    assert message in str(caught.value)
