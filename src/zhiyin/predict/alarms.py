"""Is a table too good to be true? Columns that know the answer, and columns that know the future."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhiyin.core.words import Say
from zhiyin.learn import metrics
from zhiyin.learn.frames import Floats
from zhiyin.predict.columns import read_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["known_later", "leaks"]

TOO_GOOD = 0.95  # AUC of one column alone: no behaviour tells so much
GROUPS = 50
TOO_GOOD_TOGETHER = 0.99  # AUC of all columns


def leaks(rows: pd.DataFrame, labels: Floats, *, needs: Sequence[str], target: str, auc: float) -> list[Say]:
    """Alarms: columns that alone tell nearly everything, columns named like the target, and a result too good for any.

    Args:
        rows: examples.
        labels: 0 or 1.
        needs: columns that are read.
        target: name of what is predicted.
        auc: what the model reached on rows that it had not seen.
    """
    columns, _ = read_columns(rows, needs)
    found = []
    for name in columns.names:
        alone = _alone(columns.one(rows, name), labels)
        if alone >= TOO_GOOD:
            found.append(
                Say(
                    "警报：只看「{name}」一列就几乎知道结果（AUC {alone:.3f}），它可能是事后才填的；若是，请去掉它。",
                    "Alarm: {name} alone nearly tells the outcome (AUC {alone:.3f}); it may be filled in afterwards. If so, drop it.",
                ).fill(name=name, alone=alone)
            )
        elif len(target) > 2 and target.lower() in name.lower():
            found.append(
                Say(
                    "警报：「{name}」的名字里有目标「{target}」，请确认它在预测时已经知道。",
                    "Alarm: {name} is named like the target {target}; make sure that it is known when it is asked.",
                ).fill(name=name, target=target)
            )
    if not found and auc >= TOO_GOOD_TOGETHER:
        found.append(
            Say(
                "警报：成绩好得可疑（AUC {auc:.3f}），请检查有没有事后才知道的列。",
                "Alarm: suspiciously good (AUC {auc:.3f}); check for columns known only afterwards.",
            ).fill(auc=auc)
        )
    return found


def known_later(rows: pd.DataFrame, at: Floats, *, days: Mapping[str, Floats]) -> list[str]:
    """Columns of days that lie after the day their row is about, in any row: they were not known then."""
    return [name for name, values in days.items() if bool((values > at + 1e-9).any())]


def _alone(values: Floats, labels: Floats) -> float:
    """AUC of the rates of about equal groups of one column, those with no value in a group of their own."""
    known = ~np.isnan(values)
    place = np.zeros(len(values), dtype=np.int64)
    if known.any():
        cuts = np.unique(np.quantile(values[known], np.linspace(0, 1, GROUPS + 1)[1:-1]))
        place[known] = 1 + np.searchsorted(cuts, values[known])
    rate = (np.bincount(place, weights=labels) + labels.mean()) / (np.bincount(place) + 1.0)
    return metrics.auc(labels, rate[place])
