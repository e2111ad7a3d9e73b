"""What should stand on the card of a new model before anybody trusts it: whom it treats how, what drives it, and may it be used?"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from zhiyin.core.settings import FairnessSettings
from zhiyin.learn import metrics
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import REFUSED, Card, Interval, LeftOut, Proxy
from zhiyin.learn.cut import at_cut
from zhiyin.learn.fairness import OTHERS, Limits, breach, grouped, judged, sentence
from zhiyin.learn.reasons import expit
from zhiyin.predict.boosting import BoostingModel
from zhiyin.predict.effects import effects
from zhiyin.predict.ladder import DRAWS, FEWEST, JUDGED, LABEL, Judged, Lesson, rarer

__all__ = ["Beside", "proxies", "trusted"]

ASKED = 3_000  # customers that a proxy is looked for among
LEARNED = 4_000  # rows that a model which leaves one industry out learns from
NAMED = 3  # features named as the strongest proxies


class Beside(NamedTuple):
    """What is known of customers and never learned from; both indexed by customer, a column an attribute.

    `protected` are groups of people that must be treated alike, `apart` industries or sources that are left out one at a time.
    """

    protected: pd.DataFrame
    apart: pd.DataFrame
    smallest: int = 10


def trusted(card: Card, lesson: Lesson, *, judged_by: Judged, beside: Beside | None, fairness: FairnessSettings) -> Card:
    """The card with figures at the working cut, fairness, proxies, what drives the answers, and the state that follows.

    Args:
        card: of the model that won.
        lesson: what it learned from.
        judged_by: how it did on rows that it had not seen.
        beside: groups of the customers; None where nothing is known of them.
        fairness: share that is picked, limits, and what happens beyond them.
    """
    card = replace(card, cut=fairness.share, effects=effects(judged_by.model, lesson.rows), curves=judged_by.model.curves)
    said = judged_by.said.get(judged_by.winner)
    if said is None:
        return card
    rows, labels, chances = judged_by.rows, judged_by.rows[LABEL].to_numpy(), expit(said)
    keys = rows[lesson.key] if lesson.key in rows.columns else pd.Series(np.arange(len(rows)))
    card = replace(card, metrics=card.metrics | at_cut(labels, chances, share=fairness.share, n=DRAWS, groups=pd.factorize(keys)[0]))
    if beside is None:
        return card
    groups = beside.protected.apply(grouped).reindex(keys).reset_index(drop=True)
    treated = judged(labels, chances, groups=groups, keys=keys, share=fairness.share, smallest=beside.smallest)
    card = replace(
        card,
        groups=treated.groups,
        gaps=treated.gaps,
        proxies=proxies(lesson, beside.protected, smallest=beside.smallest),
        left_out=_left_out(lesson, judged_by.model, beside.apart),
    )
    return _gated(card, fairness)


def _gated(card: Card, fairness: FairnessSettings) -> Card:
    limits = Limits(fairness.min_ratio, fairness.max_difference)
    worst = breach(card.gaps, limits)
    if worst is None:
        return card
    state = REFUSED if fairness.gate == "refuse" else ""
    return replace(card, state=state, notes=(*card.notes, sentence(worst, limits)))


def proxies(lesson: Lesson, protected: pd.DataFrame, *, smallest: int) -> tuple[Proxy, ...]:
    """How well the features of a lesson tell each protected column, by quick boosting on customers that it left out.

    An AUC of one half says that the column stays hidden; near one, a model that does not read it knows it all the same.
    """
    latest = lesson.rows.drop_duplicates(lesson.key, keep="last")
    latest = latest.sample(min(len(latest), ASKED), random_state=0).sort_index()
    found = []
    for attribute in protected.columns:
        kinds = grouped(protected[attribute]).reindex(latest[lesson.key]).to_numpy()
        known = pd.notna(kinds)
        kind = _middle(kinds[known])
        mine = (kinds[known] == kind).astype(float)
        if rarer(mine) >= max(smallest, FEWEST):
            found.append(_proxy(str(attribute), kind, latest[known].assign(**{LABEL: mine}), needs=lesson.needs))
    return tuple(one for one in found if one is not None)


def _middle(kinds: np.ndarray) -> str:
    """The group whose share is nearest to one half: the easiest to judge by."""
    counts = pd.Series(kinds).value_counts()
    counts = counts.drop(OTHERS, errors="ignore")
    return str(min(counts.index, key=lambda kind: (abs(2 * counts[kind] - counts.sum()), kind))) if len(counts) else ""


def _proxy(attribute: str, kind: str, rows: pd.DataFrame, *, needs: tuple[str, ...]) -> Proxy | None:
    model = BoostingModel(needs=needs, style="brisk", trees=100, folds=3).fit(rows.reset_index(drop=True))
    if model.unseen is None:
        return None
    auc = metrics.bootstrap(metrics.auc, rows[LABEL].to_numpy(), model.unseen, n=DRAWS, seed=1)
    parts = model.reasons(rows.head(500))[list(needs)].abs().mean().sort_values(ascending=False, kind="stable")
    return Proxy(attribute, kind, auc, tuple(str(name) for name in parts[parts > 0].index[:NAMED]))


def _left_out(lesson: Lesson, model: PredictorBase, apart: pd.DataFrame) -> tuple[LeftOut, ...]:
    """The same kind of model fitted without one value of a column at a time, and scored on it."""
    found = []
    for column in apart.columns:
        kinds = grouped(apart[column]).reindex(lesson.rows[lesson.key]).to_numpy()
        for kind in sorted({kind for kind in kinds if kind is not None and pd.notna(kind)}):
            inside = lesson.rows[kinds == kind]
            outside = lesson.rows[(kinds != kind) & pd.notna(kinds)]
            if min(rarer(inside[LABEL].to_numpy()), rarer(outside[LABEL].to_numpy())) < JUDGED:
                continue
            few = outside.sample(min(len(outside), LEARNED), random_state=0).sort_index().reset_index(drop=True)
            said = model.fresh().fit(few).predict(inside)["value"]
            auc = metrics.bootstrap(
                metrics.auc, inside[LABEL].to_numpy(), said, n=DRAWS, seed=1, groups=pd.factorize(inside[lesson.key])[0]
            )
            found.append(LeftOut(str(column), str(kind), len(inside), Interval(*auc)))
    return tuple(found)
