from __future__ import annotations

import pytest

from zhiyin.unify.numerals import in_digits
from zhiyin.unify.values import money


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("3.5万元", 35000.0), ("￥1,200", 1200.0), ("1万2千", 12000.0), ("100块", 100.0), ("100块钱", 100.0), ("RMB 100", 100.0),
        ("人民币壹佰元整", 100.0), ("壹佰贰拾叁元", 123.0), ("1,200.00元整", 1200.0), ("¥1.2万", 12000.0), ("99元9角", 99.9), ("99元9角5分", 99.95),
        ("十万", 100_000.0), ("十二", 12.0), ("一亿两千万", 120_000_000.0), ("三千零五", 3005.0), ("USD 12.5", 12.5), ("￥ 99.90", 99.9), ("（12.00）", -12.0),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(written, amount):
    assert money(written) == amount


@pytest.mark.parametrize("written", ["万", "约100元", "100-200", "1200元/年", "贵", "一百或二百"])
def test_what_is_no_amount_is_refused(written):
    with pytest.raises(ValueError, match=r"^\d+$"):
        money(written)


@pytest.mark.parametrize("written", ["1200", "1.2万", "-5", "", "abc"])
def test_other_text_stays(written):
    assert in_digits(written) == written
