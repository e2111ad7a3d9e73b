import pytest

from zhiyin.predict.risk import PIECES
from zhiyin.predict.risk_words import clause, sentence

ACT = {
    "kind": "transfer", "near": 4, "part": 0, "part_share": 0.012, "amount": 1_200_000.0, "usual": 80_000.0, "saved": 0.4, "senders": 3.0,
    "known_days": 2.0, **dict.fromkeys((f"nats_{name}" for name in PIECES), -0.7),
}  # fmt: skip


@pytest.mark.parametrize(
    ("piece", "zh", "en"),
    [
        ("burst", "一小时内还有 4 笔", "4 more within an hour"),
        ("hour", "在 0 到 3 点，只有 1.2% 发生在这个时段", "between 0:00 and 3:00, when only 1.2% happen"),
        ("amount", "金额 ¥12,000.00，平时约 ¥800.00", "¥12,000.00, where about ¥800.00 is usual"),
        ("coupon", "优惠券抵掉了 40%", "a coupon paid 40% of it"),
        ("payee", "第一次付给这个账户", "the first payment to this account"),
        ("crowd", "一个月内另有 3 位客户与这个账户往来", "3 other customers dealt with this account within a month"),
        ("age", "认识这位客户才 2 天", "the customer is known for 2 days only"),
    ],
)
def test_every_piece_says_its_figures(piece, zh, en):
    assert clause(piece, ACT, currency="CNY") == (zh, en)


def test_the_strongest_three_make_the_sentence():
    act = ACT | {"nats_burst": 5.0, "nats_payee": 2.0, "nats_amount": 3.0, "nats_hour": 1.0, "part": -1}
    said = sentence(act, currency="CNY")
    assert said.zh == "同一天还有 4 笔，金额 ¥12,000.00，平时约 ¥800.00，第一次付给这个账户。"
    assert said.en.startswith("4 more on the same day; ¥12,000.00")
    assert sentence(ACT | {"senders": float("nan")}, currency="CNY").en == "Nothing stands out by itself; together it is rare."
