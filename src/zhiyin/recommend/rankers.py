"""In which order do candidates stand? One voice alone, a weighted sum, or trees: learned from what was taken afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from zhiyin.recommend.purchases import Flags, Floats, Ints

if TYPE_CHECKING:
    import lightgbm as lgb

# Shallow trees, slowly: on Gowalla 7 leaves rank better than 15 and 31, and 150 rounds as well as 400.
_TREES = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 7,
    "min_data_in_leaf": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "num_threads": 1,
    "verbose": -1,
    "deterministic": True,
}
_ROUNDS = 150
_STEPS = 100  # of the search for weights; it ends after some thirty

__all__ = ["Ranker", "Sum", "Trees", "alone", "learn_sum", "learn_trees", "ranker_of"]


class Ranker(Protocol):
    """Says how far in front each candidate stands; comparable within one history only."""

    def order(self, said: Floats) -> Floats:
        """One number a row of `said` (candidates x features), the highest in front."""
        ...

    def to_state(self) -> dict[str, object]:
        """What `ranker_of` reads."""
        ...


@dataclass(frozen=True)
class Sum:
    """A weighted sum of what the voices say."""

    weight: Floats

    def order(self, said: Floats) -> Floats:
        """The sum."""
        return said @ self.weight

    def to_state(self) -> dict[str, object]:
        """What `ranker_of` reads."""
        return {"kind": "sum", "weight": self.weight}


@dataclass(frozen=True)
class Trees:
    """Boosted trees over what the voices say: they can trust one voice for long histories and another for short ones."""

    text: str

    def order(self, said: Floats) -> Floats:
        """Log-odds among the candidates."""
        if not len(said):
            return np.zeros(0, np.float32)
        return np.asarray(self._model.predict(said, raw_score=True, num_threads=1), dtype=np.float32)

    def to_state(self) -> dict[str, object]:
        """What `ranker_of` reads."""
        return {"kind": "trees", "text": self.text}

    @cached_property
    def _model(self) -> lgb.Booster:
        import lightgbm as lgb

        return lgb.Booster(model_str=self.text)


def ranker_of(state: Mapping[str, Any]) -> Ranker:
    """The ranker again, from what `to_state` gave."""
    made: dict[str, Any] = {"sum": Sum, "trees": Trees}
    return made[state["kind"]](**{name: value for name, value in state.items() if name != "kind"})  # type: ignore[no-any-return]


def alone(name: str, voices: Collection[str]) -> Sum:
    """One voice decides; what it does not know stands behind, by what it is like (`content`) and then by how popular it is."""
    aside = {"content": 1e-2, "popular": 1e-4} | {name: 1.0}
    weight = [part for voice in voices for part in (aside.get(voice, 0.0), 0.0)]
    return Sum(np.array([*weight, 0.0], np.float32))


def learn_sum(said: Floats, *, row: Ints, taken: Flags) -> Sum:
    """Weights under which what was taken stands in front: the softmax over each history's candidates gives it most.

    Args:
        said: `(n, features)`.
        row: `(n,)` which history, sorted.
        taken: `(n,)` was it taken afterwards? Histories of which nothing was taken teach nothing.

    References:
        Cao et al., Learning to Rank: From Pairwise Approach to Listwise Approach, ICML 2007.
    """
    from scipy.optimize import minimize

    usual, spread = said.mean(axis=0, dtype=np.float64), said.std(axis=0, dtype=np.float64)
    scale = np.where(spread > 1e-6, spread, np.inf)
    known = np.isin(row, row[taken])
    inputs, _, group = (said[known] - usual) / scale, None, np.unique(row[known], return_inverse=True)[1]
    first = np.flatnonzero(np.r_[True, np.diff(group) > 0])
    share = taken[known] / np.maximum(np.bincount(group, taken[known]), 1)[group]

    def loss(weight: Floats) -> tuple[float, Floats]:
        score = inputs @ weight
        score -= np.maximum.reduceat(score, first)[group]
        odds = np.exp(score)
        total = np.add.reduceat(odds, first)
        surprise = float((share * (np.log(total)[group] - score)).sum() + weight @ weight / 2)
        return surprise, inputs.T @ (odds / total[group] - share) + weight

    found = minimize(loss, np.zeros(said.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return Sum((found.x / scale).astype(np.float32))


def learn_trees(said: Floats, *, taken: Flags, seed: int = 0) -> Trees:
    """Trees that tell what was taken from what was not."""
    import lightgbm as lgb

    data = lgb.Dataset(said, label=taken.astype(np.float32), params={"verbose": -1})
    model = lgb.train(_TREES | {"seed": seed}, data, num_boost_round=_ROUNDS)
    return Trees(model.model_to_string())
