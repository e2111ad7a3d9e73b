from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from zhiyin.unify.contacts import FAULTS, email_fault, faults_of_people, identifies_nobody, phone_fault


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("13812345678", None), ("021-62375000", None), ("400-820-8820", None), ("+1 650-253-0000", None), ("138****5678", None), ("", None), ("无", None),
        ("13800138000", "placeholder_phone"), ("+86 138 0013 8000", "placeholder_phone"), ("13888888888", "placeholder_phone"),
        ("13456789012", "placeholder_phone"), ("13000000000", "placeholder_phone"),
        ("12345678", "impossible_phone"), ("1381234567", "impossible_phone"), ("11111111111", "impossible_phone"), ("0", "impossible_phone"),
        ("12345678901", "impossible_phone"), ("没有", None),
    ],
)  # fmt: skip
def test_a_phone_that_cannot_be_used_says_why(text, code):
    assert phone_fault(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("li.lei@example.cn", None), ("a@b.cn", None), ("李雷@公司.cn", "impossible_email"), ("l***@b.cn", None), ("", None), ("无", None),
        ("li.lei@", "impossible_email"), ("li.lei", "impossible_email"), ("li lei@b.cn", "impossible_email"), ("li..lei@b.cn", "impossible_email"),
        ("@b.cn", "impossible_email"), ("li@b", "impossible_email"), ("li@b.cn, wang@b.cn", "impossible_email"),
        ("test@qq.com", "placeholder_email"), ("123456@qq.com", "placeholder_email"), ("X@test.com", "placeholder_email"),
        ("noreply@shop.cn", "unread_email"), ("no-reply@shop.cn", "unread_email"), ("li@mailinator.com", "disposable_email"),
    ],
)  # fmt: skip
def test_an_email_that_cannot_be_used_says_why(text, code):
    assert email_fault(text) == code


def test_placeholders_tell_nobody_apart():
    assert identifies_nobody("phone", "+8613800138000")
    assert not identifies_nobody("phone", "+8613812345678")
    assert identifies_nobody("openid", "null")


def test_faults_stand_once_a_record_and_channel():
    rows = pa.table(
        {
            "record_id": ["r1", "r2", "r1", "r3"],
            "phone": ["12345678", "13812345678", "12345678", "13800138000"],
            "email": ["li@", None, None, "li@lei.cn"],
            "source_row": [2, 3, 4, 5],
        }
    )
    found = faults_of_people(rows, region="CN", on=date(2026, 11, 1))
    assert found is not None
    assert [(row["record_id"], row["channel"], row["code"], row["source_row"]) for row in found.to_pylist()] == [
        ("r1", "phone", "impossible_phone", 2),
        ("r3", "phone", "placeholder_phone", 5),
        ("r1", "email", "impossible_email", 2),
    ]
    assert set(found["since_on"].to_pylist()) == {date(2026, 11, 1)}
    assert set(found["code"].to_pylist()) <= set(FAULTS)
    assert faults_of_people(rows.slice(1, 1), region="CN", on=None) is None
