from __future__ import annotations

import pytest

from zhiyin.unify.script import is_chinese, simplified


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("　廣東省　深圳市 ＡＢＣ １２３  號", "广东省深圳市 ABC 123 号"),
        ("裡面 頭髮 皇后", "里面头发皇后"),
        ("plain   text ", "plain text"),
        ("ｶﾅ", "カナ"),
        ("", ""),
        ("松原市乾安县", "松原市乾安县"),
        ("李乾", "李乾"),
    ],
)
def test_text_is_written_as_everybody_writes_it(written: str, read: str) -> None:
    assert simplified(written) == read
    assert simplified(read) == read


def test_only_chinese_characters_are_chinese() -> None:
    assert [is_chinese(text) for text in ("王", "abc王", "abc", "カナ", "")] == [True, True, False, False, False]
