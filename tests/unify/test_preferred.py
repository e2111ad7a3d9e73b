from __future__ import annotations

from zhiyin.unify.preferred import LEAST_SURE, category_fills

FRUITS, MILKS = (
    ["红富士", "黄元帅", "国光", "嘎啦", "蛇果", "青苹", "冰糖心", "花牛"],
    ["鲜", "纯", "酸", "脱脂", "高钙", "低温", "有机", "学生"],
)
GOODS = [(f"F{n}{m}", f"{kind}苹果{m}斤装", "水果") for n, kind in enumerate(FRUITS) for m in range(3)]
GOODS += [(f"M{n}{m}", f"{kind}牛奶{m}00毫升", "乳品") for n, kind in enumerate(MILKS) for m in range(3)]


def test_a_product_without_a_category_gets_the_one_its_name_speaks_for():
    found = {
        fill.product_id: fill
        for fill in category_fills([*GOODS, ("X1", "烟台苹果5斤装", None), ("X2", "巴氏牛奶", ""), ("X3", "洗衣液", None)])
    }
    assert {key: fill.category for key, fill in found.items()} == {"X1": "水果", "X2": "乳品"}
    assert all(LEAST_SURE <= fill.confidence < 1 for fill in found.values())


def test_the_order_of_the_products_does_not_matter():
    asked = [*GOODS, ("X1", "烟台苹果5斤装", None)]
    assert category_fills(asked) == category_fills(asked[::-1])


def test_where_names_say_nothing_of_categories_nothing_is_inferred():
    mixed = [(product, name, "甲" if at % 2 else "乙") for at, (product, name, _) in enumerate(GOODS)]
    assert category_fills([*mixed, ("X1", "烟台苹果5斤装", None)]) == []


def test_a_few_known_products_are_too_few():
    assert category_fills([*GOODS[:5], ("X1", "烟台苹果", None)]) == []
    assert category_fills(GOODS) == []
