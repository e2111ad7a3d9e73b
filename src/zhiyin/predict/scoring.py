"""How did the rungs do on rows that they had not seen? Rows of the scorecard, and what the card says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from zhiyin.learn import metrics
from zhiyin.learn.card import Baseline, Card, Interval
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import expit
from zhiyin.predict.ladder import DRAWS, LABEL, Judged

__all__ = ["AT", "BASELINE", "carded", "scored"]

AT = 100  # length of the list that precision is counted on
BASELINE = "baseline"


def scored(judged: Judged, *, question: str, key: str, simple: Floats | None = None) -> pd.DataFrame:
    """Rows of `scorecard`: every rung, and the baseline where there is one.

    Args:
        judged: what was judged, on which rows; the rows have `at_on` where they are about days.
        question: name of the question.
        key: column by which rows belong together: they are drawn together.
        simple: what the baseline says of each row, the larger the likelier.
    """
    rows, labels = judged.rows, judged.rows[LABEL].to_numpy() if judged.said else np.empty(0)
    customers = pd.factorize(rows[key])[0] if key in rows.columns and rows[key].duplicated().any() else None
    ranked: dict[str, Callable[..., float]] = {"auc": metrics.auc, f"precision_at_{AT}": partial(metrics.precision_at, k=AT)}
    chances: dict[str, Callable[..., float]] = {"log_loss": metrics.log_loss, "ece": metrics.ece}
    sides = ({BASELINE: simple} if simple is not None and judged.said else {}) | {name: expit(said) for name, said in judged.said.items()}
    found = []
    for variant, values in sides.items():
        draws = DRAWS if variant in (BASELINE, judged.winner) else 0  # an interval for those that are compared: each draw sorts all rows
        for name, metric in (ranked if variant == BASELINE else ranked | chances).items():
            figure = metrics.bootstrap(metric, labels, values, n=draws, seed=1, groups=customers)
            found.append((variant, name, *figure))
    table = pd.DataFrame(found, columns=["variant", "metric", "value", "low", "high"])
    at = rows["at_on"].max() if "at_on" in rows.columns and len(rows) else None
    return table.assign(subject="model", question=question, at_on=at, n=len(rows), used=table["variant"] == judged.winner)


def carded(judged: Judged, scores: pd.DataFrame, *, question: str, baseline: str) -> Card:
    """The card of the winner, with its scores beside those of the baseline."""

    def figures(rows: pd.DataFrame) -> dict[str, Interval]:
        return {row.metric: Interval(row.value, row.low, row.high) for row in rows.itertuples()}

    said = judged.said.get(judged.winner)
    bins = () if said is None else metrics.calibration_bins(judged.rows[LABEL], expit(said))
    simple = Baseline(baseline, figures(scores[scores["variant"] == BASELINE]))
    return replace(judged.model.card(), question=question, metrics=figures(scores[scores["used"]]), baseline=simple, calibration=bins)
