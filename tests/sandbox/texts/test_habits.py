from __future__ import annotations

from zhiyin.sandbox.texts.habits import SLIPS, in_dialect, slipped, traditional


def test_a_slip_changes_one_word() -> None:
    assert slipped("我在家", 0) == "我再家"
    assert slipped("abc", 5) == "abc"
    assert {slipped("在吗，发票开了吗", draw) for draw in range(4)} == {"再吗，发票开了吗", "在吗，发飘开了吗"}
    assert all(right != wrong for right, wrong in SLIPS)


def test_the_words_of_a_town() -> None:
    assert in_dialect("什么时候到", "yue") == "几时到"
    assert in_dialect("怎么回事", "dongbei") == "咋回事"
    assert in_dialect("有没有货", "wu") == "有伐货"


def test_traditional_characters_are_one_for_one() -> None:
    assert traditional("还没发货，退款吧") == "還沒發貨，退款吧"
    assert len(traditional("万专业东丢两严")) == 7
