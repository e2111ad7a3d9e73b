"""Step between predicting and recommending: what will be sold, and what somebody should be told of, beside the answers to questions."""

from __future__ import annotations

from zhiyin.app.demanded import foresee
from zhiyin.app.risks import judge_acts
from zhiyin.app.rushes import find_rushes
from zhiyin.app.shifted import find_shifts
from zhiyin.app.stocked import suggest_orders
from zhiyin.app.work import Work

__all__ = ["notice"]


def notice(work: Work) -> None:
    """Suspicious orders and transfers, rushes on a channel, needs that have shifted, the demand of the weeks ahead, shelves that run out."""
    judge_acts(work)
    find_rushes(work)
    find_shifts(work)
    suggest_orders(work, foresee(work))
