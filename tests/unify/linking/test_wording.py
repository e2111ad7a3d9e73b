import pytest

from zhiyin.unify.linking.normal import said
from zhiyin.unify.linking.wording import codes, folded, joined, number, numbers, squashed, words


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Café “Noir” & Crème", 'cafe "noir" and creme'),
        ("1,920 × 1,080", "1920 x 1080"),
        ("f/2 .8 and r11 .5", "f/2.8 and r11.5"),
        ("Ａ４　紙", "a4 纸"),
        (None, ""),
    ],
)
def test_writing_that_means_nothing_is_taken_away(cell, text):
    import pandas as pd

    assert folded(said(pd.Series([cell], dtype=object))[0]) == text


def test_words_are_read_apart_from_units_and_codes_stay_whole():
    assert words("kdl-32m4000 32in lcd") == ["kdl", "32", "m", "4000", "kdl32m4000", "32", "in", "lcd"]
    assert words("photoshop ix 11.0") == ["photoshop", "9", "11"]


def test_chinese_words_are_read_in_twos():
    assert words("蓝牙耳机pro") == ["蓝牙", "牙耳", "耳机", "pro"]
    assert words("白") == ["白"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sony kdl-32m4000 32in lcd 1080p", {"kdl32m4000"}),
        ("garmin 010-10609-00 mount", {"0101060900"}),
        ("sennheiser rs 120 wireless", {"rs120"}),
        ("8x10 frame 4gb 500ml of 12", set()),
    ],
)
def test_codes_are_part_numbers_and_no_sizes(text, found):
    assert codes(text) == found


def test_numbers_are_plain_decimals():
    assert numbers("v11.0 part iii 4gb cs3 model 123456789") == {"11", "3", "4"}


def test_amounts_lose_their_currency():
    assert number("$ 1,299.50") == 1299.5 and number("¥99元") == 99 and number(7) == 7.0
    assert number("soon") != number("soon")


def test_hyphens_are_gone_and_empty_cells_are_passed_over():
    assert squashed("ts-mr1640/b") == "tsmr1640b" and joined(["a", "", "b"]) == "a b"
