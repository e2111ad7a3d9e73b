"""How much should each voice count? Weights learned on an earlier day, for which the answer is already known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.recommend.purchases import Flags, Floats

# With fewer purchases to learn from, weights would be noise and the plain baseline is kept.
FEWEST_OUTCOMES = 50

__all__ = ["FEWEST_OUTCOMES", "Weights", "learn_votes", "learn_weights"]


@dataclass(frozen=True)
class Weights:
    """A logistic blend: log-odds = base + sum of weight x (voice - usual). Contributions add up exactly."""

    names: tuple[str, ...]
    base: float
    usual: Floats
    weight: Floats

    def contributions(self, voices: Floats) -> Floats:
        """What each voice adds to the log-odds; same shape as `voices`, the last axis being the voices."""
        return (voices - self.usual) * self.weight

    def log_odds(self, voices: Floats) -> Floats:
        """Log-odds that the customer buys the item within the horizon."""
        return (voices @ self.weight + np.float32(self.base - float(self.usual @ self.weight))).astype(np.float32)


def learn_weights(names: tuple[str, ...], voices: Floats, *, bought: Flags, sampled: float = 1.0) -> Weights | None:
    """Weights under which what was bought stands above what was not; None with too few purchases of either kind.

    Args:
        names: one a voice.
        voices: `(n, voices)`.
        bought: `(n,)`, was it bought in the days that followed?
        sampled: share of the rows without a purchase that `voices` holds; the base is corrected for it.
    """
    from sklearn.linear_model import LogisticRegression

    if min(int(bought.sum()), int((~bought).sum())) < FEWEST_OUTCOMES:
        return None
    usual, spread = voices.mean(axis=0, dtype=np.float64), voices.std(axis=0, dtype=np.float64)
    scale = np.where(spread > 1e-6, spread, np.inf)
    model = LogisticRegression(solver="newton-cholesky", C=1.0).fit((voices - usual) / scale, bought)
    return Weights(
        names=names,
        base=float(model.intercept_[0]) + float(np.log(sampled)),
        usual=usual.astype(np.float32),
        weight=(model.coef_[0] / scale).astype(np.float32),
    )


def learn_votes(names: tuple[str, ...], voices: Floats, *, bought: Flags, sampled: float = 1.0) -> Weights | None:
    """Like `learn_weights`, but no voice counts against: one that would is silenced, the loudest first, and the rest learn again.

    Voices that say nearly the same can win by opposing each other on the examples, and then mislead on other days.
    """
    heard = voices.copy()
    while (weights := learn_weights(names, heard, bought=bought, sampled=sampled)) is not None and weights.weight.min() < 0:
        heard[:, int(np.argmin(weights.weight * voices.std(axis=0)))] = 0
    return weights
