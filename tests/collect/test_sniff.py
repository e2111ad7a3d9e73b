import pytest

from zhiyin.collect.sniff import date_order, fits, look, masked


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        (["13812345678", "+86 139 1234 5678", "138****5678"], "phone"),
        (["li@example.com", "wang@example.cn"], "email"),
        (["11010519491231002X"], "id_number"),
        (["2026-11-01", "2026/1/2 10:00", "2026年11月1日", "20261101", "Nov 1, 2026"], "time"),
        (["1,234.50", "¥12", "-3", "(2.00)", "12元"], "number"),
        (["是", "否", ""], "flag"),
        (["红富士", "苹果"], "text"),
        (["", "  "], "empty"),
    ],
)
def test_what_values_look_like(values, seen):
    assert look(values) == seen


def test_values_that_fit_a_field():
    assert fits(["45000.5", "45001"], "time", name="ordered_at")
    assert not fits(["苹果"], "time", name="ordered_at")
    assert not fits(["苹果"], "money", name="amount")
    assert fits(["138****5678"], "identifier", name="phone")
    assert fits([""], "money", name="amount")
    assert fits(["anything"], "text", name="product")


def test_the_order_of_dates_that_the_values_prove():
    assert date_order(["03/04/2026", "25/04/2026"]) == "dmy"
    assert date_order(["03/04/2026", "04/25/2026"]) == "mdy"
    assert date_order(["03/04/2026"]) == "auto"
    assert date_order(["25/04/2026", "04/25/2026"]) == "auto"


def test_masked_values_show_their_ends_only():
    assert [masked(value) for value in ("13812345678", "王小明", "李", "")] == ["1*********8", "王**", "李", ""]
