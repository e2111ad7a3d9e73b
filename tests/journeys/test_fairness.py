"""A model that learned a biased label from the files of a shop is refused by the run, and everybody can see why."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from journeys.shop import opened

MEMBERS, CAMPAIGNS, FIRST = 300, 9, date(2026, 1, 1)
SETTINGS = """
[[source]]
name = "members"
kind = "customers"
system = "shop"
file = "members.csv"
[source.columns]
customer = "customer_id"
"attribute.gender" = "gender"

[[source]]
name = "orders"
kind = "orders"
system = "shop"
file = "orders.csv"

[[source]]
name = "campaigns"
kind = "campaigns"
system = "shop"
file = "campaigns.csv"

[[source]]
name = "touches"
kind = "touches"
system = "shop"
file = "touches.csv"

[[source]]
name = "answers"
kind = "outcomes"
system = "shop"
file = "answers.csv"
"""


def _woman(member: int) -> bool:
    return member % 2 == 1


def _write(file: Path, header: str, rows: list[tuple[object, ...]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header.split(","), *rows])


def _shop(folder: Path) -> Path:
    """Women buy with coupons, which tells who is one. Who answers a campaign is who buys much; somebody wrote down one woman in four only."""
    random = np.random.default_rng(4)
    opened(folder, SETTINGS)
    _write(folder / "members.csv", "customer_id,gender", [(f"m{n}", "女" if _woman(n) else "男") for n in range(MEMBERS)])
    orders, touches, answers, campaigns = [], [], [], []
    for member in range(MEMBERS):
        every = 4 + member // 2 % 10 * 3
        for day in range(int(random.integers(0, every)), 270, every):
            coupon = 5 if _woman(member) and random.random() < 0.9 else 0
            orders.append((f"m{member}", f"o{member}-{day}", f"p{member % 7}", 30 - coupon, coupon, FIRST + timedelta(days=day)))
    for number in range(CAMPAIGNS):
        begins = FIRST + timedelta(days=60 + 21 * number)
        campaigns.append((f"k{number}", f"第{number}期", begins, begins + timedelta(days=14)))
        for member in range(MEMBERS):
            touches.append((f"m{member}", f"k{number}", "sms", begins))
            answered = random.random() < 1 / (1 + np.exp(member // 2 % 10 - 4))
            if answered and not (_woman(member) and random.random() < 0.75):
                answers.append((f"m{member}", f"k{number}", begins + timedelta(days=2)))
    _write(folder / "orders.csv", "customer_id,order_id,product_id,amount,coupon_amount,order_date", orders)
    _write(folder / "campaigns.csv", "campaign_id,campaign_name,start_date,end_date", campaigns)
    _write(folder / "touches.csv", "customer_id,campaign_id,channel,sent_at", touches)
    _write(folder / "answers.csv", "customer_id,campaign_id,date", answers)
    return folder


@pytest.mark.slow
def test_a_model_of_a_biased_label_is_refused_and_shown(tmp_path, zhiyin_says):
    folder = _shop(tmp_path / "shop")
    assert zhiyin_says("import", "-w", folder).code == 0
    ran = zhiyin_says("run", "--as-of", "2026-09-20", "-w", folder, "--lang", "en")
    assert ran.code == 0, ran.err
    models = {row["question"]: row for row in zhiyin_says("models", "--json", "-w", folder).json() if row["state"]}
    refused = models["campaign_answer"]
    assert refused["state"] == "refused: fairness"
    assert "gender 女" in " ".join(ran.out.split())
    assert "It is not used; rates are" in " ".join(ran.out.split())
    shown = zhiyin_says("models", "show", refused["model_id"], "-w", folder, "--lang", "en").out
    assert "refused: fairness" in shown
    assert "gender=女" in shown
