"""Forty customers with everything known, half known or unknown, as tables of the lake and as the rows of each of them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pandas as pd

from zhiyin.app.groups import row_of
from zhiyin.core.tables import TABLES

AT = date(2026, 11, 21)
_CITIES = (None, "上海", "杭州", 'a"b', "12", "2.50", "1990-05-01", "-3")
_AGES = (None, "18", "30", "31.5", "老", "")
_TASTES = ([], ["乳品"], ["粮油", "乳品"], ['"日\\化"'])
_TYPES = {"string": "string", "int64": "Int64", "float64": "float64", "boolean": "boolean", "date": "object", "timestamp": "datetime64[us]"}


def _framed(name, rows):
    table = TABLES[name]
    frame = pd.DataFrame(rows, columns=list(table.names))
    return frame.astype({column: _TYPES[kind] for column, kind in table.types.items()})


def _profile(draw, number):
    told = {
        name: {"value": value, "source": "crm"}
        for name, value in (("city", _pick(draw, _CITIES)), ("年龄", _pick(draw, _AGES)))
        if value is not None
    }
    tastes = [{"category": one, "days": 3, "spend": 5, "last_on": "2026-11-01"} for one in _pick(draw, _TASTES)]
    bought = draw.random() < 0.8
    return {
        "customer_id": f"c{number:02}",
        "at_on": AT,
        "stage": _pick(draw, ("lost", "active")),
        "tier": _pick(draw, ("champion", "asleep", None)),
        "orders": int(draw.integers(0, 5)),
        "spend": int(draw.integers(0, 8)) * 100,
        "days_since_order": int(draw.integers(0, 90)) if bought else None,
        "first_order_on": AT - timedelta(days=int(draw.integers(0, 90))) if bought else None,
        "interests": json.dumps(tastes, ensure_ascii=False),
        "attributes": json.dumps(told, ensure_ascii=False),
    }


def _pick(draw, choices):
    return choices[int(draw.integers(len(choices)))]


def tables():
    """Table name -> frame."""
    draw = np.random.default_rng(3)
    profiles = [_profile(draw, number) for number in range(40)]
    ids = [row["customer_id"] for row in profiles]
    at_days = [{"customer_id": one, "at_on": day, "orders_28d": int(draw.integers(0, 4)), "discount_share_84d": _pick(draw, (None, 0.0, 0.3))} for one in ids[:35] for day in (AT, AT - timedelta(days=14))]  # fmt: skip
    asked = [{"customer_id": one, "question": name, "subject_id": subject, "at_on": AT, "value": float(draw.integers(0, 10)) / 10} for one in ids[:30] for name, subject in (("churn", ""), ("category_raise", "x"), ("category_raise", "y"), ("value", ""))]  # fmt: skip
    groups = [{"customer_id": one, "scheme": "behaviour", "segment_id": f"g{draw.integers(1, 3)}", "name_zh": "常客", "name_en": "frequent"} for one in ids[:20]]  # fmt: skip
    return {
        "profile": _framed("profile", profiles),
        "profile_at": _framed("profile_at", at_days),
        "customer": _framed("customer", [{"customer_id": one, "kind": "person", "records": 1} for one in ids[:38]]),
        "prediction": _framed("prediction", asked),
        "segment": _framed("segment", groups),
    }


def rows(frames, terms):
    """Customer -> what `decide.holds` reads, made from plain rows as an online answer gets them."""
    plain = {name: [{key: None if _is_empty(value) else value for key, value in row.items()} for row in frame.to_dict("records")] for name, frame in frames.items()}  # fmt: skip
    today = {name: [row for row in own if row.get("at_on", AT) == AT] for name, own in plain.items()}
    return {
        one["customer_id"]: row_of(
            terms, {name: [row for row in own if row["customer_id"] == one["customer_id"]] for name, own in today.items()}
        )
        for one in plain["profile"]
    }


def _is_empty(value):
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))
