import numpy as np
import pandas as pd

from zhiyin.unify.linking.blocks import candidates
from zhiyin.unify.linking.compare import fields_of
from zhiyin.unify.linking.frames import sides

ROWS = pd.DataFrame(
    [
        ("a", "王丽", "13812345678", "上海市浦东新区世纪大道1号"),
        ("b", "王莉", "13800000000", "上海市浦东新区世纪大道1号"),  # sounds like a, the same address
        ("c", "丽 王", "15900000000", None),  # nothing of a but its turned name
        ("d", "赵六", "13812345678", "北京市海淀区中关村大街2号"),  # the phone of a
        ("e", "孙七", "18600000000", "成都市锦江区红星路9号"),
    ],
    columns=["id", "姓名", "手机", "地址"],
)


def _pairs(frame, *, boundary=None, budget=1000):
    found = sides(frame)
    left, right = candidates(fields_of(found.left, found.columns), boundary=boundary, budget=budget)
    return {(frame["id"][one], frame["id"][other]) for one, other in zip(left.tolist(), right.tolist(), strict=True)}


def test_rows_that_share_a_rare_value_or_two_things_meet():
    assert _pairs(ROWS) == {("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")}


def test_of_two_tables_only_pairs_between_them_meet():
    assert _pairs(ROWS, boundary=2) == {("a", "c"), ("a", "d"), ("b", "c")}


def test_a_rule_names_no_more_pairs_than_its_budget():
    codes = ["7q1"] * 50 + ["8q2"] * 2 + [f"{n}x{n}" for n in range(100, 130)]
    many = pd.DataFrame({"id": np.arange(len(codes)), "licence": codes})
    assert _pairs(many, budget=10) == {(50, 51)}
    assert len(_pairs(many, budget=2000)) == 50 * 49 // 2 + 1
