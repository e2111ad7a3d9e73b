"""How much of what was planted was noticed: fraud, rushes, needs that shift; beside a simple way to look for each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from zhiyin.improve.truth import Judged
from zhiyin.learn.card import Interval

__all__ = ["SOON_DAYS", "fraud_scores", "shift_scores", "spike_scores"]

SOON_DAYS = 14  # a need that shifted is of use when it is noticed so soon
_NAN = float("nan")
_MONTH = 30


def fraud_scores(acts: pd.DataFrame) -> Iterator[Judged]:
    """The order of suspicion, judged by average precision and by precision at as many as are planted; simple way: largest first.

    Args:
        acts: one row an order or transfer: `kind`, `label` (1: planted), `score` (NaN: not suspected), `amount`.
    """
    for kind, own in acts.groupby("kind", sort=True):
        planted = int(own["label"].sum())
        if not planted:
            continue
        label = own["label"].to_numpy("float64")
        ranked = own["score"].to_numpy("float64")
        suspected = int(np.isfinite(ranked).sum())
        ours, simple = (_ranked(label, np.nan_to_num(values, nan=-np.inf)) for values in (ranked, own["amount"].to_numpy("float64")))
        more = {"planted": planted, "suspected": suspected, "right": int(label[np.isfinite(ranked)].sum())}
        for measure, mine, theirs in zip(("precision", "average"), ours, simple, strict=True):
            figure = Interval(mine, _NAN, _NAN)
            yield Judged("fraud", f"{kind}_{measure}", figure, "share", theirs, "amount", len(own), more)


def spike_scores(alerts: pd.DataFrame, planted: pd.DataFrame, *, days: int, simple: pd.DataFrame) -> Iterator[Judged]:
    """How many planted rushes raised an alert while they lasted, how many alerts were of nothing, how soon they came.

    Args:
        alerts: `place`, `category`, `noticed_on`.
        planted: `system`, `category`, `starts_on`, `ends_on`, `people`: who came through it on its days.
        days: of the history.
        simple: the alerts of the simple way, as `alerts`.
    """
    found, false, late = _met(alerts, planted)
    theirs, noise, _ = _met(simple, planted)
    more = {"planted": len(planted), "felt": int((planted["people"] >= 5).sum()), "days": float(np.mean(late)) if late else _NAN}
    yield Judged("spikes", "found", Interval(float(found), _NAN, _NAN), "count", float(theirs), "double", len(planted), more)
    months = max(days / _MONTH, 1e-9)
    yield Judged("spikes", "false", Interval(false / months, _NAN, _NAN), "count", noise / months, "double", len(alerts), more)


def shift_scores(found: pd.DataFrame, planted: pd.DataFrame, *, simple: pd.DataFrame) -> Iterator[Judged]:
    """Of the needs that shifted, the share found within 14 days with the right category; of those found, the share that is right.

    Args:
        found: `person_id`, `noticed_on`, `after`.
        planted: `person_id`, `on`, `after`.
        simple: what the simple way finds, as `found`.
    """
    ours, theirs = (_shifted(rows, planted) for rows in (found, simple))
    more = {"found": len(found), "planted": len(planted), "simple": len(simple)}
    for measure, mine, other in zip(("recall", "precision"), ours, theirs, strict=True):
        yield Judged("shifts", measure, Interval(mine, _NAN, _NAN), "share", other, "last_view", len(planted), more)


def _ranked(label: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """Precision at as many as there are, and average precision; what has one score counts as in the worst order."""
    order = np.lexsort((label, -score))
    hits = label[order]
    at = np.arange(1, len(hits) + 1)
    wanted = int(hits.sum())
    return float(hits[:wanted].mean()), float((hits.cumsum() / at)[hits == 1].mean())


def _met(alerts: pd.DataFrame, planted: pd.DataFrame) -> tuple[int, int, list[int]]:
    """Rushes that some alert met, alerts that met none, days from the first of a rush to its alert."""
    late, meant = [], set()
    for rush in planted.itertuples():
        own = alerts[alerts["place"].eq(rush.system) & alerts["category"].eq(rush.category)]
        own = own[own["noticed_on"].between(rush.starts_on, rush.ends_on)]
        if len(own):
            late.append(int((own["noticed_on"].min() - rush.starts_on).days))
            meant.update(own.index)
    return len(late), len(alerts) - len(meant), late


def _shifted(found: pd.DataFrame, planted: pd.DataFrame) -> tuple[float, float]:
    """Recall and precision: one finding within 14 days after a shift, with what the customer wants now."""
    both = found.assign(row=np.arange(len(found))).merge(planted.assign(shift=np.arange(len(planted))), on=["person_id", "after"])
    waited = (both["noticed_on"] - both["on"]).dt.days
    right = both[(waited >= 0) & (waited <= SOON_DAYS)]
    recall = right["shift"].nunique() / len(planted) if len(planted) else _NAN
    return recall, right["row"].nunique() / len(found) if len(found) else _NAN
