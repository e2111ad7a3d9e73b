from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.ids import content_id, drawn, keyed_id

KEY = bytes(32)


def test_the_same_parts_give_the_same_id_tomorrow():
    assert content_id("b", "orders", b"\x00") == content_id("b", "orders", b"\x00")
    assert keyed_id(KEY, "r", "shop", "1001") == keyed_id(KEY, "r", "shop", "1001")


def test_an_id_says_what_it_is_of_and_no_more():
    assert keyed_id(KEY, "r", "shop", "1001").startswith("r")
    assert "1001" not in keyed_id(KEY, "r", "shop", "1001")
    assert len(keyed_id(KEY, "r", "shop", "1001")) == 13


def test_without_the_key_it_is_another_id():
    assert keyed_id(KEY, "r", "shop", "1001") != keyed_id(b"\x01" * 32, "r", "shop", "1001")


def test_a_draw_is_even_and_the_same_tomorrow():
    marks = [drawn(f"home\x1f{n}") for n in range(10_000)]
    assert all(0 <= mark <= 1 for mark in marks)
    assert [abs(sum(mark < share for mark in marks) / 10_000 - share) < 0.015 for share in (0.05, 0.5, 0.95)] == [True] * 3
    assert drawn("repurchase\x1f8800\x1fr1") == 0.21541984480586976


def test_half_a_character_does_not_stop_an_import():
    assert keyed_id(KEY, "r", "shop", "\ud800")


@given(st.lists(st.text(), min_size=2, max_size=2, unique=True))
def test_where_a_part_ends_matters(parts):
    first, second = parts
    assert content_id("b", first, second) != content_id("b", first + second)
    assert content_id("b", first, second) != content_id("b", second, first)
