import pytest

from zhiyin.sandbox.scenario import Good
from zhiyin.sandbox.scenarios.lines import goods_of

TABLE = """
A-1 | 旧扇 | 电风扇 | 知夏 | 99 | 60 | 0 | 便宜 风大 | A-2 | hidden
A-2 | 新扇 | 电风扇 | 知夏 | 29.90 | 55 | 30 | 静音
"""


def test_a_line_is_a_good():
    assert goods_of({"电风扇": "制冷"}, TABLE) == (
        Good("A-1", "旧扇", "电风扇", "制冷", "知夏", 9900, 0.6, 0, ("便宜", "风大"), "A-2", True),
        Good("A-2", "新扇", "电风扇", "制冷", "知夏", 2990, 0.55, 30, ("静音",)),
    )


def test_a_category_without_a_department_is_a_mistake():
    with pytest.raises(KeyError, match="电风扇"):
        goods_of({}, TABLE)
