import numpy as np
import pandas as pd

from zhiyin.predict.columns import Columns, read_columns

ROWS = 60


def _frame(**columns):
    return pd.DataFrame(columns)


def test_numbers_days_and_kinds_are_told_apart():
    frame = _frame(
        amount=[1.5, 2.0, None],
        written=["1", "2", "3.5"],
        joined=["2026-01-02", "2026-01-03", "2026-02-01"],
        european=["31-12-2025", "01-02-2026", "15-03-2026"],
        city=["上海", "杭州", "上海"],
        member=[True, False, True],
    )
    columns, aside = read_columns(frame, list(frame))
    assert columns.kinds == {
        "amount": "number",
        "written": "number",
        "joined": "day",
        "european": "day_first",
        "city": "kind",
        "member": "number",
    }
    assert columns.levels == {"city": ["上海", "杭州"]}
    assert aside == {}
    codes = columns.codes(frame)
    assert codes[:, 2].tolist() == [9498.0, 9499.0, 9528.0]  # days since 2000
    assert codes[2, 3] - codes[1, 3] == 42  # 1 February to 15 March
    assert codes[:, 4].tolist() == [0.0, 1.0, 0.0]
    assert np.isnan(codes[2, 0])


def test_one_row_is_read_like_all():
    frame = _frame(day=["31-12-2025", "01-02-2026", "15-03-2026"], city=["a", "b", "a"])
    columns, _ = read_columns(frame, list(frame))
    one_by_one = np.vstack([columns.codes(frame.iloc[[place]]) for place in range(3)])
    np.testing.assert_array_equal(one_by_one, columns.codes(frame))


def test_a_kind_never_seen_and_an_empty_cell_have_places_of_their_own():
    columns, _ = read_columns(_frame(city=["a", "b", "a"]), ["city"])
    assert columns.codes(_frame(city=["c", "a"])).tolist() == [[2.0], [0.0]]
    assert np.isnan(columns.codes(_frame(city=[None, "a"])))[0, 0]


def test_what_says_nothing_is_left_aside_with_its_reason():
    frame = _frame(
        constant=["x"] * ROWS,
        empty=[None] * ROWS,
        customer=[f"KH{number:05d}" for number in range(ROWS)],
        row=list(range(1000, 1000 + ROWS)),
        LeadNumber=[number * 7919 for number in range(ROWS)],
        spend=[number * 37.5 for number in range(ROWS)],
        cents=[number * 7919 for number in range(ROWS)],
    )
    columns, aside = read_columns(frame, list(frame))
    assert columns.names == ["spend", "cents"]
    assert {name: why.en for name, why in aside.items()} == {
        "constant": "the same in every row",
        "empty": "empty in every row",
        "customer": "different in nearly every row: an id or free text",
        "row": "looks like an id: a number of its own for every row",
        "LeadNumber": "looks like an id: a number of its own for every row",
    }


def test_the_frequent_kinds_keep_a_place_and_the_rest_share_one():
    many = [f"k{number:04d}" for number in range(300) for _ in range(3)]
    columns, _ = read_columns(_frame(kind=many), ["kind"])
    assert len(columns.levels["kind"]) == 200
    assert columns.codes(_frame(kind=["k0299"])).tolist() == [[200.0]]


def test_columns_can_be_left_out():
    columns = Columns({"a": "number", "b": "kind"}, {"b": ["x"]})
    assert columns.without(["b"]) == Columns({"a": "number"}, {})
    assert columns.of_kinds == [1]


def test_infinite_numbers_are_unknown():
    columns, _ = read_columns(_frame(a=[1.0, 2.0]), ["a"])
    assert np.isnan(columns.codes(_frame(a=[np.inf, 1.0]))[0, 0])
