"""A shop so small that the right list is seen by eye."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from zhiyin.act.known import Known
from zhiyin.core.settings import ContactSettings, LearningSettings, Settings

AT = date(2026, 11, 21)


@pytest.fixture
def at() -> date:
    return AT


@pytest.fixture
def settings() -> Callable[..., Settings]:
    def make(goal: str = "repurchase", **contact: object) -> Settings:
        chosen = {"cost": 0.5, "margin_share": 0.25, "assumed_lift": 0.2, "holdout_share": 0.0, "channel": "phone"} | contact
        return Settings(goal=goal, currency="CNY", contact=ContactSettings(**chosen), learning=LearningSettings(horizon_days=28))

    return make


def _profile(customer: str, stage: str, orders: int, *, spend: int, days: int, span: int) -> dict[str, object]:
    last = AT - timedelta(days=days)
    bought = orders > 0
    return {
        "customer_id": customer,
        "stage": stage,
        "orders": orders,
        "spend": spend,
        "currency": "CNY" if bought else None,
        "days_since_order": days if bought else None,
        "first_order_on": last - timedelta(days=span) if bought else None,
        "last_order_on": last if bought else None,
        "tier": "loyal" if stage == "active" else "asleep",
        "interests": json.dumps([{"category": "牛奶", "days": 4, "spend": 8000, "last_on": str(last)}]) if bought else None,
    }


def _asked(customer: str, question: str, value: float, *, subject: str = "", said: tuple[str, str] | None = None) -> dict[str, object]:
    reasons = json.dumps({"base": 0.0, "parts": [], "said": [said] if said else []})
    return {"customer_id": customer, "question": question, "subject_id": subject, "at_on": AT, "value": value, "reasons": reasons}


@pytest.fixture
def shop() -> Callable[..., Known]:
    """Anna buys every 10 days, Bo has gone quiet, Cy has just started, Di has never bought.

    Anna: 7 orders in 60 days, 700 yuan, mean order 100, so 700 / 60 x 28 = 326.67 in a horizon. Bo: 2 orders of 50 in 30 days.
    """

    def make(**frames: pd.DataFrame) -> Known:
        base = Known(
            customers=pd.DataFrame(
                [("anna", "r1", "t1"), ("bo", "r1", "t1"), ("cy", "r2", "t1"), ("di", None, None)],
                columns=["customer_id", "owner_id", "team_id"],
            ).assign(since_on=AT - timedelta(days=200)),
            profile=pd.DataFrame(
                [
                    _profile("anna", "active", 7, spend=70000, days=12, span=60),
                    _profile("bo", "quiet", 2, spend=10000, days=90, span=30),
                    _profile("cy", "new", 1, spend=8000, days=5, span=0),
                    _profile("di", "lead", 0, spend=0, days=0, span=0),
                ]
            ),
            predictions=pd.DataFrame(
                [
                    _asked("anna", "purchase", 0.8, said=("最近四周来了三次", "Came three times in four weeks")),
                    _asked("bo", "purchase", 0.5),
                    _asked("cy", "purchase", 0.6),
                    _asked("anna", "churn", 0.2),
                    _asked("bo", "churn", 0.5),
                    _asked("anna", "campaign_answer", 0.5, subject="c1"),
                    _asked("anna", "category_raise", 0.5, subject="牛奶"),
                    _asked("anna", "spend_halves", 0.5),
                ]
            ),
            recommendations=pd.DataFrame(
                [
                    ("anna", "milk", "repeat", 1, "每周都买", "Bought every week"),
                    ("anna", "tea", "new", 1, "同类客户常买", "Customers like this one buy it"),
                    ("bo", "milk", "repeat", 1, "以前常买", "Used to buy it"),
                ],
                columns=["customer_id", "product_id", "kind", "rank", "reason_zh", "reason_en"],
            ),
            products=pd.DataFrame(
                [("milk", "鲜牛奶", "牛奶", 2000, False), ("tea", "龙井茶", "茶", 6000, False)],
                columns=["product_id", "name", "category", "price", "hidden"],
            ),
            campaigns=pd.DataFrame([("c1", "双十一", AT + timedelta(days=9))], columns=["campaign_id", "name", "ends_on"]),
        )
        return replace(base, **frames)

    return make


@pytest.fixture
def crowd() -> Callable[..., Known]:
    """Many customers alike but for their chance: the first is the least decided."""

    def make(n: int, *, owners: int = 1) -> Known:
        ids = [f"k{number:05d}" for number in range(n)]
        owner = [f"r{number % owners}" if owners else None for number in range(n)]
        chances = [0.5 + 0.4 * number / n for number in range(n)]
        return Known(
            customers=pd.DataFrame({"customer_id": ids, "owner_id": owner, "team_id": "t", "since_on": AT - timedelta(days=100)}),
            profile=pd.DataFrame([_profile(id_, "active", 4, spend=400000, days=9, span=90) for id_ in ids]),
            predictions=pd.DataFrame([_asked(id_, "purchase", chance) for id_, chance in zip(ids, chances, strict=True)]),
        )

    return make
