from __future__ import annotations

from zhiyin.sandbox.texts.pattern import compiled, drawn, expanded, mixed, sections, slots_in, with_slots


def test_brackets_stand_for_each_of_their_alternatives() -> None:
    assert list(expanded(compiled("[早上|中午]好[呀|]", {}))) == ["早上好呀", "早上好", "中午好呀", "中午好"]
    assert list(expanded(compiled("a[b[c|d]|]", {}))) == ["abc", "abd", "a"]
    assert list(expanded(compiled("<it>好", {"it": "这款|这个"}))) == ["这款好", "这个好"]


def test_what_needs_an_unknown_slot_is_not_said() -> None:
    program = compiled("[{product}|这个]多少钱", {})
    assert with_slots(program, ()) == ("这个", "多少钱")
    assert with_slots(program, ("product",)) == program
    assert with_slots(compiled("{product}多少钱", {}), ("price",)) is None
    assert slots_in("{a}和{b}") == ("a", "b")


def test_headings_divide_a_block() -> None:
    assert list(sections("a\n@x,y\nb\n@z\nc\n")) == [("", "a"), ("x", "b"), ("y", "b"), ("z", "c")]


def test_a_used_up_draw_is_mixed_again() -> None:
    program = compiled("[0|1]" * 200, {})
    text, rest = drawn((program,), mixed(1))
    assert len(text) == 200
    assert 70 < text.count("1") < 130
    assert 0 <= rest < 1 << 64


def test_the_bits_are_those_of_splitmix64() -> None:
    # the first two outputs of the reference implementation with seed 0
    assert [mixed(0), mixed(0x9E3779B97F4A7C15)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
