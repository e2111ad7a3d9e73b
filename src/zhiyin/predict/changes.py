"""What would change the answer? The model is asked again, with one thing different that a company can influence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Card
from zhiyin.predict.answers import asked_rows
from zhiyin.predict.inputs import RATIOS
from zhiyin.predict.question import Question

__all__ = ["LEVERS", "UNWANTED", "Change", "changes"]

NEARLY = 0.9  # share of the largest move that the smallest step must reach
SMALLEST = 0.01  # of a chance: less is no change
MOST = 3

# What a company can influence, question by question: prices and coupons, what is shown and offered, never who somebody is.
_DEALS = ("discount_share_28d", "discount_share_84d", "coupon_share_28d", "coupon_share_84d", "days_since_coupon")
_WIDTH = ("categories_28d", "categories_84d", "products_84d")
LEVERS: dict[str, tuple[str, ...]] = {
    "purchase": (*_DEALS, *_WIDTH),
    "churn": (*_DEALS, *_WIDTH),
    "spend_halves": (*_DEALS, *_WIDTH),
    "campaign_answer": ("campaign_products", "offer_products", "offers_received", *_DEALS),
    "category_raise": ("category_promotion", "pair_discount_share", "discount_share_84d"),
}
UNWANTED = frozenset({"churn", "spend_halves"})  # what should become less likely


class Change(NamedTuple):
    """If `feature` were `then` instead of `now`, the chance would be about `after` instead of `before`: as the model sees it."""

    feature: str
    now: float | None
    then: float
    before: float
    after: float


def changes(question: Question, model: PredictorBase, *, row: pd.DataFrame, card: Card) -> list[Change]:
    """The three levers that move the chance most in the wanted direction, each by the smallest step that does nearly all of it.

    Only values that customers had when the model learned are tried (those of the curves on the card); what follows from a value
    is made anew from it. A chance that moves is what customers of that kind do; it is no proof that pulling the lever causes it.

    Args:
        question: what is asked.
        model: in use for it.
        row: features of one customer on the day of the list, one row.
        card: of the model.

    Returns:
        At most three, the strongest first; nothing where the question is not asked about the customer.
    """
    seen = {effect.feature: [x for x, _ in effect.curve] for effect in card.effects if effect.feature and len(effect.curve) > 1}
    before = _chances(question, model, [row])
    if not before or before[0] is None:
        return []
    found = (_best(question, model, row, lever, (seen[lever], before[0])) for lever in LEVERS.get(question.name, ()) if lever in seen)
    kept = [change for change in found if change is not None]
    return sorted(kept, key=lambda change: -abs(change.after - change.before))[:MOST]


def _best(question: Question, model: PredictorBase, row: pd.DataFrame, lever: str, known: tuple[Sequence[float], float]) -> Change | None:
    values, before = known
    sign = -1.0 if question.name in UNWANTED else 1.0
    asked = asked_rows(question, model, rows=row)
    now = float(asked[lever].iloc[0]) if lever in asked.columns and pd.notna(asked[lever].iloc[0]) else None
    told = zip(values, _chances(question, model, [_with(row, lever, value) for value in values], made={lever: values}), strict=True)
    moves = [(value, chance, sign * (chance - before)) for value, chance in told if chance is not None]
    most = max((gain for _, _, gain in moves), default=0.0)
    if most < SMALLEST:
        return None
    value, after, _ = min(
        (one for one in moves if one[2] >= NEARLY * most), key=lambda one: (abs(one[0] - (now if now is not None else one[0])), -one[2])
    )
    return Change(lever, now, value, before, after)


def _with(row: pd.DataFrame, lever: str, value: float) -> pd.DataFrame:
    """The row with the lever pulled; a ratio is set after it was made, see `_chances`."""
    return row if lever in RATIOS else row.assign(**{lever: value})


def _chances(
    question: Question, model: PredictorBase, rows: Sequence[pd.DataFrame], *, made: Mapping[str, Sequence[float]] | None = None
) -> list[float | None]:
    """What the model says of each row, in one call; None where the question is not asked about it."""
    numbered = pd.concat([row.assign(_at=place) for place, row in enumerate(rows)], ignore_index=True)
    asked = asked_rows(question, model, rows=numbered)
    for lever, values in (made or {}).items():
        if lever in RATIOS:
            asked[lever] = [values[int(place)] for place in asked["_at"]]
    said = dict(zip(asked["_at"].astype(int), model.predict(asked)["value"], strict=True)) if len(asked) else {}
    return [float(said[place]) if place in said else None for place in range(len(rows))]
