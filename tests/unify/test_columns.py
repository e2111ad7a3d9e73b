from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from zhiyin.unify.columns import as_text, flags, ids, moneys, numbers, over_distinct, over_values, probabilities, texts, times

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def _column(values: list[object], kind: pa.DataType = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, kind)])


def _problems(found) -> dict[str, list[bool]]:
    return {code: mask.tolist() for code, mask in found.problems.items()}


@pytest.mark.parametrize("values", [[13085, None], [13085.0, None], [13085.0, float("nan")], ["13085", "NULL"], [" 13085 ", ""]])
def test_ids_are_the_same_text_whatever_they_were(values):
    assert ids(_column(values)).values.to_pylist() == ["13085", None]


def test_damaged_ids_are_pointed_at():
    assert _problems(ids(_column(["1", "1.93E+15", None]))) == {"damaged_id": [False, True, False]}
    assert _problems(ids(_column([1.0, 1.93e16, None]))) == {"damaged_id": [False, True, False]}
    assert ids(_column([1.5])).values.to_pylist() == ["1.5"]
    assert ids(_column([True, date(2026, 1, 1)][1:])).values.to_pylist() == ["2026-01-01"]


@pytest.mark.parametrize("values", [[1, 2, None], [1.0, 2.0, float("nan")], ["1", "２", "-"], [Decimal("1.0"), Decimal("2.0"), None]])
def test_numbers_whatever_they_were(values):
    assert numbers(_column(values)).values.to_pylist() == [1.0, 2.0, None]


def test_numbers_that_cannot_be_are_pointed_at():
    assert _problems(numbers(_column(["1", "x"]))) == {"bad_number": [False, True]}
    assert _problems(numbers(_column([1.0, float("inf")]))) == {"bad_number": [False, True]}
    assert _problems(moneys(_column(["¥5", "x", "€5", "1e30"]), "CNY")) == {
        "bad_money": [False, True, False, True],
        "unknown_currency": [False, False, True, False],
    }


def test_flags_and_texts():
    assert flags(_column([True, None])).values.to_pylist() == [True, None]
    assert flags(_column(["是", "maybe"])).values.to_pylist() == [True, None]
    assert texts(pa.chunked_array([pa.array([" a ", "无"]).dictionary_encode()])).values.to_pylist() == ["a", None]
    assert as_text(_column([1.5, None])).to_pylist() == ["1.5", None]


@pytest.mark.parametrize(
    "column",
    [
        _column([datetime(2026, 11, 21, 6, 30)]).cast(pa.timestamp("ns")),  # noqa: DTZ001 - a column without a zone
        _column(["2026-11-21 06:30:00"]),
        _column(["2026-11-21T06:30:00"]),
        _column(["2026年11月21日 6:30"]),
    ],
)
def test_times_without_a_zone_are_local(column):
    found = times(column, SHANGHAI, order="auto", days_in=SHANGHAI)
    assert found.at.to_pylist() == [datetime(2026, 11, 20, 22, 30)]  # noqa: DTZ001 - UTC
    assert found.on.to_pylist() == [date(2026, 11, 21)]


MORNING = datetime(2026, 11, 21, 2)  # noqa: DTZ001 - the column says that it is UTC


@pytest.mark.parametrize(
    "column",
    [_column([MORNING]).cast(pa.timestamp("us", "UTC")), _column(["2026-11-21 02:00:00 +0000"]), _column(["1795226400"])],
)
def test_times_with_a_zone_are_counted_on_local_days(column):
    found = times(column, SHANGHAI, order="auto", days_in=NEW_YORK)
    assert found.at.to_pylist() == [datetime(2026, 11, 21, 2)]  # noqa: DTZ001 - UTC
    assert found.on.to_pylist() == [date(2026, 11, 20)]


def test_days_keep_their_day_in_any_zone_of_their_own():
    for zone in (SHANGHAI, NEW_YORK):
        found = times(_column([date(2026, 11, 21), None]), zone, order="auto", days_in=zone)
        assert found.on.to_pylist() == [date(2026, 11, 21), None]


def test_local_times_can_be_counted_in_another_zone():
    found = times(_column(["2026-11-21 06:30:00"]), SHANGHAI, order="auto", days_in=NEW_YORK)
    assert found.on.to_pylist() == [date(2026, 11, 20)]


def test_times_that_cannot_be_are_pointed_at():
    wrong = times(_column(["2026-02-30", "2026-02-28", None]), SHANGHAI, order="auto", days_in=SHANGHAI)
    assert _problems(wrong) == {"bad_time": [True, False, False]}
    assert wrong.on.to_pylist() == [None, date(2026, 2, 28), None]
    assert _problems(times(_column(["03/04/2026"]), SHANGHAI, order="auto", days_in=SHANGHAI)) == {"ambiguous_date": [True]}
    proven = times(_column(["03/04/2026", "25/04/2026"]), SHANGHAI, order="auto", days_in=SHANGHAI)
    assert proven.on.to_pylist() == [date(2026, 4, 3), date(2026, 4, 25)]


def test_days_outside_of_what_a_shop_can_have_seen_are_pointed_at():
    for column in (
        _column(["0001-01-01", "9999-12-31", "1899-12-31", "2026-01-01"]),
        _column([date(1, 1, 1), date(9999, 12, 31), date(2101, 1, 1), date(2026, 1, 1)]),
    ):
        found = times(column, SHANGHAI, order="auto", days_in=NEW_YORK)
        assert _problems(found) == {"bad_time": [True, True, True, False]}
        assert found.at.null_count == 3


def test_every_distinct_text_is_parsed_once():
    seen: list[str] = []
    found = over_distinct(pa.array(["a", "b", "a", None]), lambda text: seen.append(text) or text.upper())
    assert (found.values.to_pylist(), seen) == (["A", "B", "A", None], ["a", "b"])
    assert over_values(pa.array(["a", "b", "a"]), lambda distinct: [text * 2 for text in distinct]).to_pylist() == ["aa", "bb", "aa"]


@pytest.mark.parametrize("cells", [["0.25", "１", "30%", "0", "1.01", "-0.1", "often", ""], [0.25, 1.0, 0.3, 0.0, 1.01, -0.1, 9e15, None]])
def test_a_probability_lies_above_0_and_up_to_1(cells):
    found = probabilities(_column(cells))
    assert found.values.to_pylist() == [0.25, 1.0, 0.3, None, None, None, None, None]
    assert _problems(found) == {"bad_probability": [False, False, False, True, True, True, True, False]}


def test_probabilities_without_a_mistake_have_no_problem():
    assert probabilities(_column([1, None])).problems == {}
