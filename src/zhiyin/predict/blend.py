"""Several minds are better than one: log-odds added up, each by the weight that it earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Curve
from zhiyin.learn.frames import Floats
from zhiyin.learn.reasons import expit, logit
from zhiyin.predict.making import new_model

__all__ = ["EDGE", "PARTS", "BlendModel", "earned", "new_part"]

EDGE = 1e-12  # probabilities are kept off 0 and 1, where log-odds end
PULL = 1.0  # of the weights towards equal ones: as strong as a few examples

# What a blend may be made of: a line of the registry, and how it is set.
PARTS: dict[str, tuple[str, dict[str, object]]] = {
    "logistic": ("logistic", {}),
    "curved": ("logistic", {"steps": 8}),
    "boosting": ("boosting", {"style": "steps"}),
    "wide": ("boosting", {"style": "wide"}),
    "drawn": ("boosting", {"style": "drawn"}),
    "short": ("boosting", {"style": "short"}),
    "brisk": ("boosting", {"style": "brisk", "trees": 150}),
    "tuned": ("boosting", {"style": "wide"}),  # with a shape that was searched for, or set by hand
    "tree": ("tree", {}),
    "forest": ("forest", {}),
}


@dataclass
class BlendModel(PredictorBase):
    """Adds up log-odds, so reasons add up exactly; the weights are those under which customers whom no part had seen are told best.

    References:
        Breiman (1996), Stacked regressions: weights that are not negative keep parts that say the same from cancelling each other.
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    parts: tuple[str, ...] = ("logistic", "boosting")
    shape: dict[str, float] = field(default_factory=dict)  # of the part "tuned"
    folds: int = 5
    threads: int = 1
    seed: int = 0

    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True

    @classmethod
    def example(cls) -> BlendModel:
        """Of quick parts, for the contract checks."""
        return cls(needs=("a", "b"), parts=("logistic", "tree"))

    def _fit(self, examples: pd.DataFrame) -> None:
        self.models_ = [self._part(name).fit(examples) for name in self.parts]
        unseen = [model.unseen for model in self.models_ if model.unseen is not None]
        self.weights_, self.shift_, self._unseen = np.full(len(self.parts), 1.0 / len(self.parts)), 0.0, None
        if len(unseen) == len(self.models_):
            said, labels = np.column_stack(unseen), examples[self.label].to_numpy()
            self.weights_, self.shift_ = earned(said, labels)
            self._unseen = said @ self.weights_ + self.shift_

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Those of the parts that earned a weight."""
        return tuple(curve for _, model in self._used() for curve in model.curves) if "models_" in vars(self) else ()

    def of_parts(self) -> dict[str, PredictorBase]:
        """Each part by its name, fitted."""
        self._must_have_learned()
        return dict(zip(self.parts, self.models_, strict=True))

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        used = [(weight, model.predict(rows)) for weight, model in self._used()]
        log_odds = sum(weight * logit(said["value"].clip(EDGE, 1 - EDGE).to_numpy()) for weight, said in used) + self.shift_
        each = [weight * np.ptp(logit(said[["low", "high"]].clip(EDGE, 1 - EDGE).to_numpy()), axis=1) / 2 for weight, said in used]
        reach = np.sum(each, axis=0)  # parts learn from the same customers, so their errors do not cancel
        return pd.DataFrame({"value": expit(log_odds), "low": expit(log_odds - reach), "high": expit(log_odds + reach)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        names = ["base", *self.needs]
        each = [model.reasons(rows).reindex(columns=names, fill_value=0.0) * weight for weight, model in self._used()]
        found = pd.DataFrame(sum(each))
        found["base"] += self.shift_
        return found

    def of_used(self) -> list[tuple[float, PredictorBase]]:
        """Weight and model of each part that earned one."""
        self._must_have_learned()
        return self._used()

    def _used(self) -> list[tuple[float, PredictorBase]]:
        """Parts that earned a weight: the others need not be asked."""
        return [(float(weight), model) for weight, model in zip(self.weights_, self.models_, strict=True) if weight > 0]

    def _part(self, name: str) -> PredictorBase:
        own = {"needs": self.needs, "key": self.key, "threads": self.threads, "seed": self.seed, "folds": self.folds}
        return new_part(name, shape=self.shape, **own)


def new_part(name: str, *, shape: Mapping[str, float], **settings: object) -> PredictorBase:
    """A part of a blend, the blend itself, or any line of the registry, not yet fitted.

    Args:
        name: of PARTS, or of the registry.
        shape: of the trees of the part "tuned".
        settings: those that a model does not have are left out.
    """
    line, own = PARTS.get(name, (name, {}))
    return new_model(line, **settings, **own, **({"shape": dict(shape)} if name in ("tuned", "blend") else {}))


def earned(said: Floats, labels: Floats) -> tuple[Floats, float]:
    """Weights, none below zero, and a shift that make what happened most likely.

    Args:
        said: log-odds by parts that had not seen the row, shape `(n_rows, n_parts)`.
        labels: 0 or 1.
    """
    from scipy.optimize import minimize

    count = said.shape[1]
    equal = np.full(count, 1.0 / count)

    def loss(at: Floats) -> tuple[float, Floats]:
        weights, log_odds = at[:-1], said @ at[:-1] + at[-1]
        off = expit(log_odds) - labels
        pulled = weights - equal
        total = float(np.logaddexp(0.0, log_odds).sum() - labels @ log_odds + PULL * pulled @ pulled)
        return total, np.append(said.T @ off + 2 * PULL * pulled, off.sum())

    bounds = [(0.0, None)] * count + [(None, None)]
    found = minimize(loss, np.append(equal, 0.0), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = np.where(found[:-1] < 0.01 * found[:-1].sum(), 0.0, found[:-1])
    return (weights, float(found[-1])) if weights.any() else (equal, 0.0)
