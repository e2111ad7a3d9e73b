"""Invented examples, so small that the right answer is seen by eye, for the contract checks and for trying a model out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from zhiyin.learn.reasons import expit

__all__ = ["KEY", "LABEL", "checkerboard", "chosen", "labelled", "sentences", "weekly"]

KEY, LABEL = "customer_id", "label"
FIRST_DAY = "2026-01-05"  # a Monday

_TALK = {
    "price": ("多少钱", "价格太高了", "能便宜点吗", "这个价格有优惠吗", "打折吗", "价格可以再低吗"),
    "delivery": ("什么时候发货", "快递到哪了", "今天能发货吗", "多久能送到", "发货太慢", "快递几天到"),
    "return": ("我要退货", "怎么退款", "质量不好要退货", "退款多久到账", "可以换货吗", "不合适能退吗"),
}


def labelled(needs: Sequence[str], *, unit: str, rows: int, seed: int) -> pd.DataFrame:
    """Features that are never negative, and a label that grows with the first: 0/1, money or days."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({KEY: _people(rows)} | {name: rng.gamma(2.0, 10.0, rows).round(3) for name in needs})
    lead = frame[needs[0]].to_numpy() / 20.0 if needs else np.ones(rows)
    chance = expit(3.0 * (lead - 1.0))
    frame[LABEL] = (rng.random(rows) < chance).astype(float) if unit == "probability" else (100.0 * lead + 5.0 * rng.random(rows)).round(2)
    if unit == "probability" and rows > 1:
        frame.loc[:1, LABEL] = [0.0, 1.0]  # both happen, however few the rows
    return frame


def chosen(needs: Sequence[str], *, rows: int, seed: int) -> pd.DataFrame:
    """Options a and b, tried at random, and what each brought: a succeeds in three of four, b in one of four."""
    frame = labelled(needs, unit="probability", rows=rows, seed=seed).drop(columns=LABEL)
    rng = np.random.default_rng(seed + 1)
    option = rng.choice(["a", "b"], rows)
    return frame.assign(option=option, reward=(rng.random(rows) < np.where(option == "a", 0.75, 0.25)).astype(float))


def checkerboard(needs: Sequence[str], *, rows: int, seed: int) -> pd.DataFrame:
    """Even customers had even items, odd customers odd ones, and each lacks one of its colour.

    References:
        the checkerboard that `implicit` tests its recommenders on.
    """
    people, items = max(4, rows // 5), 12
    pairs = [
        (person, item) for person in range(people) for item in range(items) if (person + item) % 2 == 0 and item // 2 != person // 2 % 6
    ]
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(pairs))
    frame = pd.DataFrame(
        {KEY: [f"customer-{pairs[row][0]:05d}" for row in order], "item_id": [f"item-{pairs[row][1]:03d}" for row in order]}
    )
    days = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(rng.integers(0, 60, len(frame)), unit="D")
    columns = {name: days if name.endswith(("_on", "_at")) else rng.integers(1, 4, len(frame)).astype(float) for name in needs}
    return frame.assign(**columns)


def weekly(needs: Sequence[str], *, rows: int, seed: int, every: int) -> pd.DataFrame:
    """Two series of equal length: one repeats itself every seven steps, the other grows by one a step."""
    rng = np.random.default_rng(seed)
    length = max(2, rows // 2)
    days = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(np.arange(length) * every, unit="D")
    week = pd.DataFrame({"series": "week", "on": days, "value": 10.0 + np.arange(length) % 7 + rng.normal(0, 0.1, length).round(3)})
    growth = pd.DataFrame({"series": "growth", "on": days, "value": 20.0 + np.arange(length) + rng.normal(0, 0.1, length).round(3)})
    both = pd.concat([week, growth], ignore_index=True)
    return both.assign(**{name: rng.normal(size=len(both)).round(3) for name in needs})


def sentences(*, rows: int, seed: int) -> pd.DataFrame:
    """Short Chinese sentences about a price, a delivery or a return."""
    said = [(text, label) for label, texts in _TALK.items() for text in texts]
    order = np.random.default_rng(seed).permutation(max(rows, len(said))) % len(said)
    return pd.DataFrame({"text": [said[row][0] for row in order], "label": [said[row][1] for row in order]})


def _people(rows: int) -> list[str]:
    return [f"customer-{row:05d}" for row in range(rows)]
