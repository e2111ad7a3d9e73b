import string

import numpy as np
import pytest

from zhiyin.core.fields import KINDS
from zhiyin.unify.refusals import REASONS, Refusal, Refusals, reason, refused_table


def test_the_first_problem_of_a_row_is_kept():
    refusals = Refusals("orders", 3)
    refusals.refuse(np.array([True, False, False]), "no_customer", field="customer")
    refusals.refuse(np.array([True, False, True]), "bad_time", field="ordered_at")
    assert refusals.kept.tolist() == [False, True, False]
    assert refusals.rows(np.array([2, 3, 4])) == [Refusal(2, "no_customer", "customer"), Refusal(4, "bad_time", "ordered_at")]


def test_the_sentence_names_the_field():
    assert reason("orders", "bad_time", field="ordered_at") == (
        "下单时间不是日期或时间。",
        "The time of the order is not a date or a time.",
    )
    (row,) = refused_table("orders", [Refusal(2, "missing", "order_id")]).to_pylist()
    assert row == {
        "source_row": 2,
        "code": "missing",
        "field": "order_id",
        "reason_zh": "缺少订单号。",
        "reason_en": "The order id is missing.",
    }
    assert refused_table("orders", []).num_rows == 0


@pytest.mark.parametrize("code", REASONS)
def test_every_code_has_a_sentence_in_both_languages_for_every_field(code):
    for kind, fields in KINDS.items():
        for field in ("", *fields):
            said = reason(kind, code, field=field)
            assert "{" not in said.zh + said.en
            assert said.zh != said.en
            assert not set(said.en) - set(string.printable)
