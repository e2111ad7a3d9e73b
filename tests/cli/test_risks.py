"""The queue of suspicious cases on the command line, with one case in it."""

from __future__ import annotations

from zhiyin.app.rows import Rows
from zhiyin.cli.risks import risk_list

CASE = {
    "case_id": "k1", "customer_id": "r1", "name": "王**", "level": "high", "state": "open", "first_on": "2026-11-01", "last_on": "2026-11-03",
    "acts": 5, "amount_text": "¥150.00", "reason_zh": "一小时内还有 4 笔。", "reason_en": "4 more within an hour.",
}  # fmt: skip


def test_a_case_is_shown_with_its_reason_and_what_to_do(shop, zhiyin_says, monkeypatch):
    monkeypatch.setattr(
        "zhiyin.app.risks.risks", lambda *_, **__: Rows([CASE, CASE | {"case_id": "k2", "last_on": "2026-11-01", "level": "look"}])
    )
    said = zhiyin_says("risk", "list", "-w", shop, "--lang", "zh")
    assert all(
        text in said.out
        for text in ("k1", "王** r1", "2026-11-01 - 2026-11-03", "¥150.00", "一小时内还有 4 笔。", "等复核", "zhiyin risk confirm")
    )
    assert "k2" not in zhiyin_says("risk", "list", "-w", shop, "-n", "1").out
    assert risk_list.__doc__
