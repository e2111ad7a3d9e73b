"""How near does a workspace come to the truth of an invented company: who is who, who leaves, who buys, who spends how much?

A figure that the rows cannot answer (the AUC of customers who all stayed) is NaN, never a guess. Intervals are bootstraps over
customers or persons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.improve.rows import need
from zhiyin.learn.card import Interval
from zhiyin.learn.metrics import auc, bootstrap, ece, precision_at

__all__ = ["Judged", "drawn", "identity_scores", "order_scores", "stands_for", "value_scores"]

Floats = npt.NDArray[np.float64]

_UNKNOWN = float("nan")
_DRAWS = 200
_DRAWN_ROWS = 4_000_000  # rows drawn per figure at most: 200 draws of 20 000 rows; larger companies have narrow intervals anyway
_FEWEST_DRAWS = 20
_LIST = 100  # rows of a list that a team works off in a week; judged where there are twice as many customers


@dataclass(frozen=True)
class Judged:
    """One figure of a workspace against the truth.

    Args:
        subject: what is judged: identity, leavers, buyers, value, segments, recommendation, uplift, spikes, fraud, shifts, kpi.
        measure: which figure of it.
        figure: the figure with its 95 % interval; NaN bounds where none is drawn.
        unit: share (0-1), score, percent, cny, count.
        baseline: the same figure of the simple way, NaN where there is none.
        against: which simple way.
        n: rows judged.
        more: further numbers that the sentence about it says.
    """

    subject: str
    measure: str
    figure: Interval
    unit: str = "share"
    baseline: float = _UNKNOWN
    against: str = ""
    n: int = 0
    more: Mapping[str, object] = field(default_factory=dict)


def drawn(metric: Callable[..., float], *columns: npt.ArrayLike, seed: int = 7) -> Interval:
    """A figure with its bootstrap interval: 200 draws of the rows, fewer where there are very many."""
    rows = len(np.asarray(columns[0]))
    draws = int(np.clip(_DRAWN_ROWS // max(rows, 1), _FEWEST_DRAWS, _DRAWS))
    return bootstrap(metric, *columns, n=draws, seed=seed)


def stands_for(identity: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Which person each customer stands for: the one whose records it holds most, of equals the first.

    Args:
        identity: record_id, customer_id, as the workspace says.
        accounts: record_id, person_id, as it is.

    Returns:
        One row per customer that holds a record of the truth: customer_id, person_id, mixed (holds records of several persons).
    """
    held = _held(identity, accounts).groupby(["customer_id", "person_id"], as_index=False).size()
    held["mixed"] = held.groupby("customer_id")["person_id"].transform("size") > 1
    held = held.sort_values(["customer_id", "size", "person_id"], ascending=[True, False, True], ignore_index=True)
    return held.drop_duplicates("customer_id", ignore_index=True)[["customer_id", "person_id", "mixed"]]


def identity_scores(identity: pd.DataFrame, accounts: pd.DataFrame) -> Iterator[Judged]:
    """How well records are joined into persons, by pairs of records and by whole persons.

    Pairs: precision is the share of the pairs joined that are one person, recall the share of the pairs of one person that are
    joined. Whole: a person counts as found when one customer holds all their records and no other; F1 over persons and customers.
    Only records that truth and workspace both know are looked at.

    Args:
        identity: record_id, customer_id, as the workspace says.
        accounts: record_id, person_id, as it is.
    """
    held = _held(identity, accounts)
    cells = held.groupby(["customer_id", "person_id"], as_index=False).size()
    size = cells["size"].to_numpy("float64")
    customer, person = (cells.groupby(name)["size"].transform("sum").to_numpy("float64") for name in ("customer_id", "person_id"))
    # Sums over persons, so that a person can be drawn again: a pair of two persons counts one half for each of them.
    cells = cells.assign(
        hit=size * (size - 1) / 2, said=size * (customer - 1) / 2, true=size * (person - 1) / 2,
        whole=(size == customer) & (size == person), customers=size / customer,
    )  # fmt: skip
    sums = cells.groupby("person_id")[["hit", "said", "true", "whole", "customers"]].sum()
    hit, said, true, whole, customers = (sums[name].to_numpy("float64") for name in sums)
    n, more = len(held), {"pairs": int(true.sum()), "said": int(said.sum()), "persons": len(sums), "whole": int(whole.sum())}
    yield Judged("identity", "pair_precision", drawn(_share, hit, said), n=n, more=more)
    yield Judged("identity", "pair_recall", drawn(_share, hit, true), baseline=0.0, against="no_linking", n=n, more=more)
    yield Judged("identity", "pair_f1", drawn(_f1, hit, said, true), baseline=0.0, against="no_linking", n=n, more=more)
    alone = held.groupby("person_id").size().eq(1).to_numpy("float64")
    unlinked = _f1(alone, held.groupby("person_id").size().to_numpy("float64"), np.ones(len(alone)))
    figure = drawn(_f1, whole, customers, np.ones(len(whole)))
    yield Judged("identity", "whole_f1", figure, baseline=unlinked, against="no_linking", n=len(sums), more=more)


def order_scores(judged: pd.DataFrame, *, subject: str, against: str) -> Iterator[Judged]:
    """Does it happen to those of whom it was said? AUC and precision at the top, beside a simple order; ECE where that has a probability.

    Args:
        judged: one row per customer: label (0, 1), value (probability), baseline (what orders the customers in the simple way) and,
            for the calibration error, chance (the probability that the simple way gives to everybody).
        subject: what is judged.
        against: the name of the simple way.
    """
    need(judged, ("label", "value", "baseline"), what="predictions")
    label, value, simple = (judged[name].to_numpy("float64") for name in ("label", "value", "baseline"))
    measures: dict[str, Callable[..., float]] = {"auc": auc, "precision_at_10_percent": _at_tenth}
    if len(judged) >= 2 * _LIST:
        measures[f"precision_at_{_LIST}"] = partial(precision_at, k=_LIST)
    more = {"happened": int(label.sum()), "share": float(label.mean()) if len(label) else _UNKNOWN, "top": _tenth(len(label))}
    for name, metric in measures.items():
        unit = "score" if name == "auc" else "share"
        figure = drawn(metric, label, value)
        yield Judged(subject, name, figure, unit, metric(label, simple), against, n=len(judged), more=more)
    if "chance" in judged.columns:
        figure, alike = drawn(ece, label, value), ece(label, judged["chance"])
        yield Judged(subject, "calibration_error", figure, "share", alike, "share_before", n=len(judged), more=more)


def value_scores(judged: pd.DataFrame) -> Iterator[Judged]:
    """How far off is the spend of a year: in total, in the order of customers, and for one customer; beside the year before.

    Args:
        judged: one row per person: truth, value, baseline (spend of the 365 days before), all in yuan.
    """
    need(judged, ("truth", "value", "baseline"), what="predictions")
    truth, value, before = (judged[name].to_numpy("float64") for name in ("truth", "value", "baseline"))
    measures: dict[str, tuple[Callable[..., float], str]] = {
        "total_error": (_total_error, "percent"),
        "rank_correlation": (_spearman, "score"),
        "mean_error": (_mean_error, "cny"),
    }
    more = {"total": float(truth.sum()), "said": float(value.sum()), "mean": float(truth.mean()) if len(truth) else _UNKNOWN}
    for name, (metric, unit) in measures.items():
        yield Judged("value", name, drawn(metric, truth, value), unit, metric(truth, before), "same_as_before", n=len(truth), more=more)


def _held(identity: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The records that both know, with the customer and the person."""
    need(identity, ("record_id", "customer_id"), what="identity")
    need(accounts, ("record_id", "person_id"), what="record.csv")
    known = accounts[["record_id", "person_id"]].drop_duplicates("record_id")
    return known.merge(identity[["record_id", "customer_id"]], on="record_id")


def _share(part: Floats, whole: Floats) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() > 0 else _UNKNOWN


def _f1(hit: Floats, said: Floats, true: Floats) -> float:
    return _share(2 * hit, said + true)


def _tenth(rows: int) -> int:
    return max(1, round(rows / 10))


def _at_tenth(labels: npt.ArrayLike, values: npt.ArrayLike) -> float:
    return precision_at(labels, values, k=_tenth(len(np.asarray(labels))))


def _total_error(truth: Floats, said: Floats) -> float:
    return float(100 * (said.sum() / truth.sum() - 1)) if truth.sum() > 0 else _UNKNOWN


def _mean_error(truth: Floats, said: Floats) -> float:
    return float(np.abs(said - truth).mean()) if len(truth) else _UNKNOWN


def _spearman(truth: Floats, said: Floats) -> float:
    """Correlation of the places; ties share theirs."""
    first, second = (_places(column) for column in (truth, said))
    if not len(first) or first.std() == 0 or second.std() == 0:
        return _UNKNOWN
    return float(np.corrcoef(first, second)[0, 1])


def _places(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place], np.float64)
