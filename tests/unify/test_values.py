import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.units import money_text, to_minor
from zhiyin.unify import values
from zhiyin.unify.phones import phone
from zhiyin.unify.values import (
    change,
    currency_code,
    email,
    flag,
    held_back,
    id_number,
    id_text,
    money,
    number,
    openid,
    outcome,
    plain_text,
    whole_id,
)


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(values).failed == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12.0), ("-12.5", -12.5), ("１２．５", 12.5), ("¥1,234.50", 1234.5), ("￥ 39.90", 39.9), ("39.9元", 39.9), ("(12.00)", -12.0),
        ("12.00-", -12.0), ("−3", -3.0), ("-¥3", -3.0), ("¥-3", -3.0), ("1.2万", 12000.0), ("3亿", 3e8), ("CNY 5", 5.0), ("5 USD", 5.0),
        ("1.234,50", 1234.5), ("12,50", 12.5), ("1,234", 1234.0), ("1,234,567.8", 1234567.8), ("1.5E3", 1500.0), (".5", 0.5), ("+7", 7.0),
        ("", None), ("-", None), ("无", None), ("NULL", None), ("n/a", None),
    ],
)  # fmt: skip
def test_money_as_people_write_it(text, value):
    assert money(text) == value


@pytest.mark.parametrize("text", ["maybe", "组三", "2"])
def test_a_word_that_does_not_say_who_was_held_back_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        held_back(text)


def test_who_was_held_back_is_told_in_the_words_of_experiments_and_of_flags():
    assert [held_back(text) for text in ("Control", " 留出 ", "是", "1.0", "treatment", "触达", "否", "0", "", "NULL")] == [
        True, True, True, True, False, False, False, False, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["abc", "1.2.3", "12 apples", "¥", "--5", "1e", "12:30", "50%"])
def test_what_is_no_money_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        money(text)


def test_money_of_another_currency_is_refused():
    assert money("$5", "USD") == money("HK$5", "HKD") == money("5元", "CNY") == money("5", "EUR") == 5.0
    for text, currency in (("$5", "CNY"), ("€5", "CNY"), ("HK$5", "USD"), ("JPY 5", "CNY")):
        with pytest.raises(LookupError):
            money(text, currency)


@given(st.integers(-(10**11), 10**11), st.sampled_from(["CNY", "USD", "GBP", "JPY", "KWD"]))
def test_money_comes_back_as_it_was_written(minor, currency):
    assert to_minor(str(money(money_text(minor, currency), currency)), currency) == minor


@given(st.integers(-(10**9), 10**9))
def test_numbers_survive_full_width_digits_and_thousands(whole):
    wide = str(whole).translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    assert number(wide) == number(f"{whole:,}") == number(f" {whole} ") == float(whole)


def test_numbers_may_name_what_they_count():
    assert [number(text) for text in ("3件", "2 盒", "5 pcs", "1.5", "")] == [3.0, 2.0, 5.0, 1.5, None]


@pytest.mark.parametrize("text", ["1.93E+15", "1E5", "1.9e15", "１.93E+15"])
def test_an_id_in_scientific_notation_is_damaged(text):
    with pytest.raises(ValueError, match=r"."):
        whole_id(text)


def test_ids_keep_what_is_theirs():
    assert [whole_id(text) for text in ("E20261101", "00123", "Ａ１", "1930000000000001", "NULL", "")] == [
        "E20261101",
        "00123",
        "A1",
        "1930000000000001",
        None,
        None,
    ]
    assert id_text("　客户 01 ") == "客户 01"


def test_text_loses_control_characters_only():
    assert plain_text("a\x00b\u200b c\n") == "ab c"
    assert plain_text("①号店 Ａ") == "①号店 Ａ"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13812345678", "+8613812345678"), ("138-1234-5678", "+8613812345678"), ("+86 138 1234 5678", "+8613812345678"),
        ("008613812345678", "+8613812345678"), ("１３８１２３４５６７８", "+8613812345678"), ("021-62375000", "+862162375000"),
        ("+1 202-555-0123", "+12025550123"), ("138****5678", None), ("12345", None), ("无", None), ("phone", None), ("", None),
    ],
)  # fmt: skip
def test_phones_become_one_form(text, value):
    assert phone(text) == value


def test_a_phone_without_a_country_is_of_the_region():
    assert phone("202-555-0123", "US") == "+12025550123"
    assert phone("(020) 7946 0018", "GB") == "+442079460018"


def test_mails_openids_and_identity_numbers():
    assert [email(text) for text in ("LI@Example.com", "mailto:a.b@c.cn", "a@b", "a b@c.com", "l***@c.com", "")] == [
        "li@example.com",
        "a.b@c.cn",
        None,
        None,
        None,
        None,
    ]
    assert [openid(text) for text in ("oX1 ", "o***1", "")] == ["oX1", None, None]
    assert [id_number(text) for text in ("11010519491231002x", "110105194912310021", "1101051949123100", "")] == [
        "11010519491231002X",
        None,
        None,
        None,
    ]


def test_flags_and_outcomes():
    assert [flag(text) for text in ("是", "YES", "1", "否", "退订", "也许", "")] == [True, True, True, False, False, None, None]
    assert [outcome(text) for text in ("已核销", "Redeemed", "未接通", "勿扰", "")] == [
        "redeemed",
        "redeemed",
        "unreachable",
        "refused_contact",
        None,
    ]
    with pytest.raises(ValueError, match=r"."):
        outcome("后天再说")


def test_changes_have_their_words():
    assert [change(text) for text in ("SET", "set_once ", "")] == ["set", "set_once", None]
    with pytest.raises(ValueError, match="5"):
        change("dance")


def test_currencies():
    assert [currency_code(text) for text in ("人民币", "rmb", "usd", "")] == ["CNY", "CNY", "USD", None]
    with pytest.raises(ValueError, match=r"."):
        currency_code("BTC")
