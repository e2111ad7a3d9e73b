"""The scorecard as people read it: the figure in use beside its baseline, the mean over days beside each day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

__all__ = ["SMALLER_IS_BETTER", "headline"]

SMALLER_IS_BETTER = frozenset({"log_loss", "ece", "brier", "wape", "mean_error", "churn_rate"})
_Row = Mapping[str, object]


def headline(rows: Sequence[_Row]) -> list[dict[str, object]]:
    """One row a figure: the variant in use with its interval, and the best baseline of the same day.

    Args:
        rows: rows of the table `scorecard`.

    Returns:
        The row in use with `baseline`, `baseline_name` (None where nothing was compared) and `better`.
    """
    groups: dict[tuple[object, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[(row["subject"], row["question"], row["metric"], row["at_on"])].append(row)
    return [_beside(group) for _, group in sorted(groups.items(), key=lambda item: tuple(map(str, item[0])))]


def _beside(group: Sequence[_Row]) -> dict[str, object]:
    used = next((row for row in group if row["used"]), group[0])
    smaller = str(used["metric"]) in SMALLER_IS_BETTER
    others = [row for row in group if row is not used and str(row["variant"]).startswith("baseline")] or [
        row for row in group if row is not used
    ]
    best = min(others, key=lambda row: _figure(row) if smaller else -_figure(row), default=None)
    value = _figure(used)
    baseline = None if best is None else _figure(best)
    better = baseline is not None and (value < baseline if smaller else value > baseline)
    return {**_clean(used), "baseline": baseline, "baseline_name": best["variant"] if best else "", "better": better}


def _clean(row: _Row) -> dict[str, object]:
    """The row with None where a bound is not a number."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


def _figure(row: _Row) -> float:
    value = float(str(row["value"]))
    return 0.0 if math.isnan(value) else value
