from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.names import person_name, plain_name

# what is written -> full name | family name | title
WRITTEN = """
　王 麗（老客戶）女士 | 王丽 | 王 | 女士
王先生 | 王 | 王 | 先生
王小姐 | 王 | 王 | 小姐
林志玲小姐收 | 林志玲 | 林 | 小姐
张总经理 | 张 | 张 | 总经理
陈总 | 陈 | 陈 | 总
歐陽總 | 欧阳 | 欧阳 | 总
欧阳娜娜 | 欧阳娜娜 | 欧阳 | -
諸葛亮 | 诸葛亮 | 诸葛 | -
刘 德华 | 刘德华 | 刘 | -
王丽 13812345678 | 王丽 | 王 | -
王丽2 | 王丽 | 王 | -
王丽【VIP】 | 王丽 | 王 | -
(VIP)王丽 | 王丽 | 王 | -
王丽（ | 王丽 | 王 | -
王丽-备用 | 王丽 | 王 | -
王丽/李雷 | 王丽 | 王 | -
Li Lei 李雷 | 李雷 | 李 | -
小王 | 王 | 王 | 小
买买提・艾力 | 买买提·艾力 | - | -
买买提.艾力 | 买买提·艾力 | - | -
王** | 王* | 王 | -
SMITH, John A. | John A Smith | Smith | -
mary ann o'neil | Mary Ann O'Neil | O'Neil | -
Dr. John Smith | John Smith | Smith | Dr
van der Berg, Jan | Jan van der Berg | van der Berg | -
McDonald, Ronald | Ronald McDonald | McDonald | -
j. r. r. tolkien | J R R Tolkien | Tolkien | -
Smith | Smith | - | -
ＪＯＨＮ　ＳＭＩＴＨ | John Smith | Smith | -
"""
CASES = [row.split(" | ") for row in WRITTEN.strip("\n").splitlines()]


@pytest.mark.parametrize(("written", "full", "family", "title"), CASES)
def test_a_name_is_read_without_titles_and_remarks(written: str, full: str, family: str, title: str) -> None:
    found = person_name(written)
    assert found is not None
    assert (found.full, found.family or "-", found.title or "-") == (full, family, title)


@pytest.mark.parametrize("written", ["", "测试", "匿名用户", "先生", "阿姨", "13812345678", "li@example.com", "（）", "test", "--"])
def test_what_names_nobody_is_no_name(written: str) -> None:
    assert plain_name(written) is None


def test_a_masked_name_says_so() -> None:
    assert [person.masked for written in ("王**", "王某某", "J*** S", "王丽") if (person := person_name(written))] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("written", [case[0] for case in CASES])
def test_a_normal_form_is_its_own(written: str) -> None:
    once = plain_name(written)
    assert once is not None
    assert plain_name(once) == once


@given(st.text(alphabet="王丽欧阳小老总先生女士 ·.,-()（）12Aab'*收", max_size=12))
def test_whatever_is_written_its_normal_form_is_its_own(text: str) -> None:
    once = plain_name(text)
    assert once is None or plain_name(once) == once
