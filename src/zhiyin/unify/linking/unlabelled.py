"""Which pairs are the same thing when nobody has told of any?"""

from __future__ import annotations

import numpy as np

from zhiyin.unify.linking.evidence import Evidence
from zhiyin.unify.linking.learned import chance, judge_unseen
from zhiyin.unify.linking.rivals import mutual

__all__ = ["unlabelled"]

_ROUNDS = 2
_CUT = -2.0  # log-odds from which the best partner of each other counts; measured on seven sets, see benchmarks/matching.py
_APART = 6.0  # taken off the log-odds of a pair of which one has a better partner


def unlabelled(evidence: Evidence, *, title: str, seed: int) -> np.ndarray:
    """The probability of every pair, learned from who is whose nearest.

    Two rows of which each is the other's best partner are mostly the same thing, all other pairs mostly are not. Models
    learn the difference from each pair's own evidence, blind to who else is near; where the best partner is a stranger
    after all its evidence looks like that of the other pairs, and it is judged like them. Done twice, the second time
    from the first judgement.
    """
    table = evidence.table.iloc[:, : evidence.own]
    near = np.mean([np.nan_to_num(table[name]) for name in ("* words", "*~", f"{title} words", "=~")], axis=0)
    codes = np.nan_to_num(table["code alike"]) * (np.nan_to_num(table["code shared"]) > 0)
    score, best = near + 0.15 * codes, mutual(evidence.pairs, near + 0.15 * codes)
    rows = table.to_numpy(dtype=np.float32)
    for _ in range(_ROUNDS):
        if min(best.sum(), (~best).sum()) < 10:  # too few to learn from: the nearness itself
            return chance(12 * (score - 0.45) - _APART * ~best)
        judged = judge_unseen(rows, best, seed=seed)
        best = mutual(evidence.pairs, judged)
        told = judged - _CUT - _APART * ~best
        best &= judged > _CUT
    return chance(told)
