from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.phones import phone, phone_parts, phone_place

WRITTEN = """
13812345678 | +8613812345678
１３８１２３４５６７８ | +8613812345678
138 1234-5678 | +8613812345678
+86 138 1234 5678 | +8613812345678
0086-13812345678 | +8613812345678
086-13812345678 | +8613812345678
8613812345678 | +8613812345678
tel:+8613812345678 | +8613812345678
手机：13812345678 | +8613812345678
13812345678（王） | +8613812345678
13812345678.0 | +8613812345678
1.3812345678E+10 | +8613812345678
13812345678、13912345678 | +8613812345678
王丽 13812345678/010-88888888 | +8613812345678
(021) 6237-5000 | +862162375000
010 88888888 | +861088888888
+86 (0)10 8888 8888 | +861088888888
400-820-8820 | +864008208820
021-62375000-8001 | +862162375000 8001
021-62375000转123 | +862162375000 123
0755-88886666-102 | +8675588886666 102
(0755)8888 6666 ext. 12 | +8675588886666 12
+1 650-253-0000 | +16502530000
001 650 253 0000 | +16502530000
+44 20 7946 0958 | +442079460958
+852 6123 4567 | +85261234567
"""
CASES = [row.split(" | ") for row in WRITTEN.strip().splitlines()]


@pytest.mark.parametrize(("written", "read"), CASES)
def test_a_phone_is_read_with_its_extension(written, read):
    found = phone_parts(written)
    assert found is not None
    assert f"{found.number} {found.extension}".strip() == read
    assert phone(found.number) == found.number


@pytest.mark.parametrize(
    "written", ["", "无", "62375000", "1381234567", "138123456789", "12345678", "95588", "138****5678", "1.38E+10", "1/2/3"]
)
def test_what_cannot_be_dialled_is_no_phone(written):
    assert phone(written) is None


@given(st.text(alphabet="0123456789+-() 转ext/、.王", max_size=24))
def test_whatever_is_written_a_phone_is_its_own(text):
    once = phone(text)
    assert once is None or phone(once) == once


def test_a_chinese_number_tells_its_city():
    assert phone_place("+8675588886666") == phone_place("+8615986741234") == ("广东省", "深圳市")
    assert phone_place("+861088888888") == ("北京市", "北京市")
    assert phone_place("+864008208820") is None
    assert phone_place("+16502530000") is None
