import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import DataError
from zhiyin.core.units import to_minor
from zhiyin.unify.currency import currencies, minor_units


def test_a_row_has_its_own_currency_or_that_of_the_source():
    found = currencies(pa.array(["usd", None, "人民币", "BTC"]), "GBP", rows=4)
    assert found.values.to_pylist() == ["USD", "GBP", "CNY", "GBP"]
    assert found.problems["unknown_currency"].tolist() == [False, False, False, True]
    assert currencies(None, "JPY", rows=2).values.to_pylist() == ["JPY", "JPY"]


def test_a_source_of_an_unknown_currency_is_refused():
    with pytest.raises(DataError, match=r"This currency is not known\. Got ABC"):
        currencies(None, "ABC", rows=1)


def test_minor_units_follow_the_currency_of_the_row():
    assert minor_units(pa.array([12.5, 980.0, 1.2345, None]), pa.array(["CNY", "JPY", "KWD", "CNY"])).to_pylist() == [1250, 980, 1234, None]


def test_halves_are_rounded_to_even_as_for_a_single_amount():
    amounts = [2.675, 0.125, 0.135, 1.005, -2.675, 0.145, 1234567.005]
    assert minor_units(pa.array(amounts), pa.array(["CNY"] * len(amounts))).to_pylist() == [to_minor(amount, "CNY") for amount in amounts]


@given(st.lists(st.floats(-1e9, 1e9).map(lambda value: round(value, 4)), min_size=1), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_a_column_is_rounded_like_a_single_amount(amounts, currency):
    assert minor_units(pa.array(amounts), pa.array([currency] * len(amounts))).to_pylist() == [
        to_minor(amount, currency) for amount in amounts
    ]
