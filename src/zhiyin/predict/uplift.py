"""Whom does a contact change? What a contact adds to the chance, customer by customer, learned from who was held back.

One regression for both arms: what moves customers anyway is learned from all of them, and how far the contact moves each one
differently only as far as the data ask for it. Without that much data everybody's log-odds move by the same amount, so the undecided
gain most; with much it is the same as two regressions, one an arm.

References:
    Kuenzel et al. (2019), Metalearners for estimating heterogeneous treatment effects (S- and T-learner, between which this one moves).
    MacKay (1992), Bayesian interpolation (how much the arms may differ is what makes the data likeliest).
    Sundararajan et al. (2017), Axiomatic attribution for deep networks (integrated gradients: here in closed form).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import expit
from zhiyin.learn.verbs import Unit
from zhiyin.predict.logistic import WIDTH, rows_a_key
from zhiyin.predict.newton import best_fit
from zhiyin.predict.scaling import Scaling, learn_scaling

__all__ = ["TREATED", "UpliftModel"]

Floats = npt.NDArray[np.float64]

TREATED = "treated"  # 1: contacted, 0: held back
SAME = (20.0, 60.0, 200.0, 600.0, 2_000.0, 6_000.0, 20_000.0, 100_000.0)  # penalties on the arms being different that are tried


@dataclass
class UpliftModel(PredictorBase):
    """P(yes | contact) - P(yes | no contact), with an interval, and reasons that add up to the difference itself.

    The difference of two sums of log-odds is no sum of probabilities, so each arm's chance is followed from the mean customer to this one
    in a straight line, and every feature is given what it adds on the way.
    """

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    treated: str = TREATED
    freedom: float = 0.05  # as in LogisticModel, for what both arms share

    unit: ClassVar[Unit] = "difference"  # type: ignore[assignment]
    explains: ClassVar[bool] = True
    accepts_missing: ClassVar[bool] = True
    limits: ClassVar[Say] = Say(
        "只有随机留出的对照才能说明联系的作用；换一种联系方式要重新做对照。",
        "Only contacts held back by chance show what a contact does; another kind of contact needs its own.",
    )

    @classmethod
    def example(cls) -> UpliftModel:
        """With two features."""
        return cls(needs=("a", "b"))

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """A contact adds three tenths where the first feature is high, and nothing elsewhere."""
        draw = np.random.default_rng(seed)
        found = pd.DataFrame({name: draw.gamma(2.0, 10.0, rows).round(3) for name in self.needs})
        treated = (np.arange(rows) % 2).astype(float)
        moved = 0.3 * (found[self.needs[0]].to_numpy() > 20.0) if self.needs else 0.3
        label = (draw.random(rows) < 0.2 + moved * treated).astype(float)
        label[: min(rows, 2)] = [0.0, 1.0][: min(rows, 2)]  # both happen, however few the rows
        names = [f"customer-{row:05d}" for row in range(rows)]
        return found.assign(**{self.key: names, self.treated: treated, self.label: label})

    def without(self, rows: pd.DataFrame) -> Floats:
        """The chance of each row when nobody contacts them."""
        columns = Scaling(**self.scaling_).columns(rows[list(self.needs)].astype("float64"))
        return expit(self._sides(columns)[1])

    def _answers(self) -> tuple[str, ...]:
        return (self.label, self.treated)

    def _fit(self, examples: pd.DataFrame) -> None:
        arm = _half(examples[self.treated].to_numpy(dtype=np.float64))
        scaling = learn_scaling(examples[list(self.needs)])
        columns, labels = scaling.columns(examples[list(self.needs)]), examples[self.label].to_numpy()
        both = np.hstack([columns, columns * arm[:, None], arm[:, None], np.ones((len(columns), 1))])
        used = np.append(np.tile(columns.any(axis=0), 2), [True, True])  # most features are never missing: their second column is empty
        tried = [_tried(both[:, used], labels, self._ridge(columns.shape[1], same)[used]) for same in SAME]
        place = int(np.argmax([evidence for evidence, _, _ in tried]))
        weights, doubt = np.zeros(len(used)), np.zeros((len(used), len(used)))
        weights[used], doubt[np.ix_(used, used)] = tried[place][1], np.linalg.inv(tried[place][2])
        self.scaling_, self.same_ = scaling._asdict(), SAME[place]
        self.weights_, self.doubt_ = weights, doubt * rows_a_key(examples, self.key)

    def _ridge(self, columns: int, same: float) -> Floats:
        """Penalties: of what both arms share, of how they differ; the base and the mean effect are free."""
        return np.concatenate([np.full(columns, 1.0 / self.freedom), np.full(columns, same), [1e-3, 1e-9]])

    def _predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        columns = Scaling(**self.scaling_).columns(rows[list(self.needs)])
        chances = [expit(log_odds) for log_odds in self._sides(columns)]
        slopes = [chance * (1 - chance) for chance in chances]
        gradients = [slope[:, None] * _row(columns, side) for slope, side in zip(slopes, (0.5, -0.5), strict=True)]
        gradient = gradients[0] - gradients[1]
        reach = WIDTH * np.sqrt(np.einsum("ij,jk,ik->i", gradient, self.doubt_, gradient, optimize=True).clip(0.0))
        value = chances[0] - chances[1]
        return pd.DataFrame({"value": value, "low": np.maximum(value - reach, -1.0), "high": np.minimum(value + reach, 1.0)})

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        scaling = Scaling(**self.scaling_)
        columns = scaling.columns(rows[list(self.needs)])
        shared, apart, shift, base = self._weights()
        parts, start = np.zeros_like(columns), 0.0
        for side in (0.5, -0.5):
            weights, middle = shared + side * apart, base + side * shift
            parts += np.sign(side) * columns * weights * _secant(middle, columns @ weights)[:, None]
            start += float(np.sign(side) * expit(middle))
        return pd.DataFrame(scaling.together(parts), columns=list(self.needs)).assign(base=start)

    def _sides(self, columns: Floats) -> tuple[Floats, Floats]:
        """Log-odds when contacted, and when not."""
        shared, apart, shift, base = self._weights()
        with_contact, without = (columns @ (shared + side * apart) + base + side * shift for side in (0.5, -0.5))
        return with_contact, without

    def _weights(self) -> tuple[Floats, Floats, float, float]:
        half = (len(self.weights_) - 2) // 2
        return self.weights_[:half], self.weights_[half : 2 * half], float(self.weights_[-2]), float(self.weights_[-1])


def _half(treated: Floats) -> Floats:
    """One half for the contacted, minus one half for who was held back.

    Raises:
        TooLittleData: when there is only one of the two.
    """
    contacted = int((treated > 0).sum())
    if contacted in (0, len(treated)):
        raise TooLittleData(
            Say(
                "联系的作用要有联系过的，也要有随机留出没联系的。", "What a contact does needs customers contacted and customers held back."
            ),
            got=f"{contacted} / {len(treated) - contacted}",
            fix=Say("把 contact.holdout_share 设为 0.05 以上。", "Set contact.holdout_share to 0.05 or more."),
        )
    return np.where(treated > 0, 0.5, -0.5)


def _tried(columns: Floats, labels: Floats, ridge: Floats) -> tuple[float, Floats, Floats]:
    """How likely the labels are under these penalties (Laplace), the weights, and the curvature at them."""
    weights, curvature = best_fit(columns, labels, ridge=ridge)
    log_odds = columns @ weights
    fits = -float((np.logaddexp(0.0, log_odds) - labels * log_odds).sum()) - 0.5 * float(ridge @ weights**2)
    return fits + 0.5 * float(np.log(ridge).sum() - np.linalg.slogdet(curvature)[1]), weights, curvature


def _row(columns: Floats, side: float) -> Floats:
    ones = np.ones((len(columns), 1))
    return np.hstack([columns, side * columns, side * ones, ones])


def _secant(middle: float, step: Floats) -> Floats:
    """How much the chance changes a unit of log-odds on the way from the middle; the slope itself where there is no way to go."""
    chance = float(expit(middle))
    near = np.abs(step) < 1e-6
    return np.where(near, chance * (1 - chance), (expit(middle + step) - chance) / np.where(near, 1.0, step))
