from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import DataError
from zhiyin.core.units import CURRENCIES, exponent, money_text, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.50", "CNY", 1250), ("12.345", "CNY", 1234), ("12.355", "CNY", 1236), (980, "JPY", 980), (1.1, "KWD", 1100), ("-3", "USD", -300)],
)
def test_amounts_are_whole_minor_units(amount, currency, minor):
    assert to_minor(amount, currency) == minor


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(CURRENCIES)))
def test_what_is_counted_and_said_is_read_again(minor, currency):
    assert to_minor(Decimal(minor).scaleb(-exponent(currency)), currency) == minor


def test_money_reads_like_money():
    assert money_text(123456, "CNY") == "¥1,234.56"
    assert money_text(-123456, "CNY") == "-¥1,234.56"
    assert money_text(980, "JPY") == "JP¥980"


def test_an_unknown_currency_is_refused_with_those_that_exist():
    with pytest.raises(DataError, match="This currency is not known. Got QQQ. Fix: Use one of CNY") as refused:
        to_minor("1", "QQQ")
    assert "VND" in refused.value.fix.en


@pytest.mark.parametrize("amount", ["twelve", "", "nan", "inf", float("nan")])
def test_what_is_no_amount_is_refused_without_repeating_it(amount):
    with pytest.raises(DataError, match="The amount is not a number. Got (str|float). Fix"):
        to_minor(amount, "CNY")
