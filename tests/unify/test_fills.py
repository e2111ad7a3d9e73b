from __future__ import annotations

import pyarrow as pa
import pytest

from unify.batches import defaults
from zhiyin.unify.fills import CONFIDENCE, fills_of_people
from zhiyin.unify.people import identifiers


def _fills(**columns):
    rows = pa.table({"record_id": ["r1"], "customer": ["C1"], "source_row": [2], **{name: [text] for name, text in columns.items()}})
    found = fills_of_people(identifiers(rows, defaults()), rows)
    return set() if found is None else {(row["column_name"], row["value"], row["method"], row["confidence"]) for row in found.to_pylist()}


@pytest.mark.parametrize(
    ("told", "fills"),
    [
        ({"address": "广东深圳南山区科苑路1号"}, {("province", "广东省", "address", 0.97), ("city", "深圳市", "address", 0.97)}),
        ({"phone": "0755-88886666"}, {("province", "广东省", "phone", 0.9), ("city", "深圳市", "phone", 0.9)}),
        ({"phone": "15986741234"}, {("province", "广东省", "phone", 0.6), ("city", "深圳市", "phone", 0.6)}),
        ({"phone": "+1 650-253-0000"}, set()),
        ({"name": "王女士"}, {("gender", "女", "title", 0.95)}),
        ({"name": "Mr. John Smith"}, {("gender", "男", "title", 0.95)}),
        ({"name": "王丽"}, set()),
        (
            {"id_number": "11010519491231002X"},
            {
                ("province", "北京市", "id_number", 0.4), ("city", "北京市", "id_number", 0.4),
                ("birthday", "1949-12-31", "id_number", 0.99), ("gender", "女", "id_number", 0.99),
            },
        ),
        ({"id_number": "110105194912310021"}, set()),
        ({"attribute.city": "杭州"}, {("province", "浙江省", "city", 0.98)}),
        ({"attribute.city": "杭州", "phone": "0755-88886666"}, {("province", "浙江省", "city", 0.98)}),
        ({"attribute.city": "杭州", "attribute.province": "浙江"}, set()),
        ({"attribute.gender": "女", "name": "王先生"}, set()),
    ],
)  # fmt: skip
def test_what_follows_from_what_is_told_says_how_and_how_sure(told, fills):
    assert _fills(**told) == fills


def test_a_confidence_is_never_certainty():
    assert all(0 < share < 1 for share in CONFIDENCE.values())
