"""How much may be tried in the time that there is? Decided by the size of the table, never by a clock: the same table gives the same model."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Effort", "effort"]


class Effort(NamedTuple):
    """The parts of the blend (names of blend.PARTS), in how many parts customers are left out, and rows learned from at most."""

    parts: tuple[str, ...]
    folds: int
    most_rows: int


# Seconds of one processor, measured on the eleven tables of benchmarks/prediction.py: a fit, and a million cells of a fit.
_COST = {
    "logistic": (0.3, 2.0),
    "curved": (0.5, 6.0),
    "boosting": (0.4, 3.0),
    "wide": (0.4, 4.0),
    "drawn": (0.4, 3.0),
    "short": (0.3, 2.0),
    "brisk": (0.1, 0.6),
}
_ALL = ("logistic", "curved", "boosting", "wide", "drawn", "short")
_PLANS = (
    Effort(_ALL, folds=10, most_rows=300_000),
    Effort(_ALL, folds=5, most_rows=300_000),
    Effort(("logistic", "short", "drawn"), folds=5, most_rows=300_000),
    Effort(("logistic", "short"), folds=3, most_rows=100_000),
    Effort(("logistic", "brisk"), folds=3, most_rows=20_000),
)


def effort(rows: int, columns: int, *, budget_s: float) -> Effort:
    """The richest plan that fits the budget in about this many seconds of one processor; the leanest where none does.

    Args:
        rows: examples.
        columns: features.
        budget_s: seconds.
    """
    fitting = (plan for plan in _PLANS if _seconds(plan, rows, columns) <= budget_s)
    return next(fitting, _PLANS[-1])


def _seconds(plan: Effort, rows: int, columns: int) -> float:
    cells = min(rows, plan.most_rows) * columns / 1e6
    return plan.folds * sum(fit + million * cells for fit, million in (_COST[part] for part in plan.parts))
