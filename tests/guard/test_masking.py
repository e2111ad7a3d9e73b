import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.fields import IDENTIFIERS
from zhiyin.guard.masking import mask, mask_within


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "王小明", "王**"),
        ("name", "欧阳若兰", "欧**"),
        ("name", "王", "**"),
        ("name", "Anna Smith", "A**"),
        ("phone", "+8613812345678", "138****5678"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "138-1234-5678", "138****5678"),
        ("phone", "+442079460958", "***58"),
        ("phone", "12345", "***"),
        ("email", "anna@example.com", "a***@example.com"),
        ("email", "a@example.com", "***@example.com"),
        ("email", "no address", "***"),
        ("id_number", "11010519491231002X", "1****************X"),
        ("id_number", "123", "***"),
        ("address", "北京市朝阳区建国路88号", "北京市***"),
        ("address", "88 King's Road", "***"),
        ("openid", "oABC123", "***"),
        ("source_key", "10023", "***"),
        ("whatever", "x", "***"),
        ("name", "  ", ""),
    ],
)
def test_what_is_shown(kind, value, shown):
    assert mask(kind, value) == shown


@given(st.sampled_from([*IDENTIFIERS, "source_key", "other"]), st.text(min_size=1, max_size=30))
def test_no_value_is_shown_whole(kind, value):
    shown = mask(kind, value)
    assert shown != value.strip() or set(shown) <= {"*"} or not shown
    if value.strip():
        assert "*" in shown


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_the_middle_of_a_phone_is_hidden(middle, end):
    assert mask("phone", f"+86138{middle:04}{end:04}") == f"138****{end:04}"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("回访 13812345678", "回访 138****5678"),
        ("call +86 138-1234-5678 back", "call 138****5678 back"),
        ("ask anna.li@example.com", "ask a***@example.com"),
        ("证件 11010519491231002X", "证件 ***02"),
        ("投诉单 88，2026-09-21 回访", "投诉单 88，2026-09-21 回访"),
        ("complaint 4711", "complaint 4711"),
        ("", ""),
    ],
)
def test_numbers_and_addresses_within_a_text_are_masked(said, kept):
    assert mask_within(said) == kept
