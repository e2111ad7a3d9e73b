"""Chinese sentences break anywhere but where they must not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from zhiyin.cli.folding import folded

TEXTS = st.text("王小明您好牛奶该补了，。（）“”abc 12.5%¥", max_size=60)


def test_a_closing_mark_stays_with_its_word():
    assert folded("王小明您好，牛奶该补了。", width=14) == ["王小明您好，牛", "奶该补了。"]
    assert folded("一二三四，五", width=8) == ["一二三", "四，五"]


def test_a_number_is_not_broken():
    assert folded("共 1234567890 元", width=8) == ["共", "1234567890", "元"]


def test_lines_after_the_first_are_indented():
    assert folded("一二三四五六", width=8, indent=2) == ["一二三四", "  五六"]


def test_what_fits_stays_on_one_line():
    assert folded("short", width=80) == ["short"]
    assert folded("", width=80) == [""]


@given(TEXTS, st.integers(12, 40))
def test_nothing_is_lost_and_no_line_is_wider_than_its_widest_word(text, width):
    lines = folded(text, width=width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    wide = [line for line in lines if cell_len(line) > width]
    assert all(" " not in line.strip() for line in wide)
