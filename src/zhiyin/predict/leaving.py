"""Has a customer with such a rhythm left for good? Told by a purchase process, which needs nobody to have been seen leaving."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.learn.frames import Floats
from zhiyin.predict.crossed import CrossedModel
from zhiyin.predict.folds import FOLDS
from zhiyin.predict.repeat import Buying, Histories, fit_buying, left_log_odds

__all__ = ["LeavingModel"]

RHYTHM = ("days_since_order", "tenure_days", "gap_mean")
PERIOD = 7.0  # days
LEARNED = 4_000  # histories that the four parameters are learned from at most


@dataclass
class LeavingModel(CrossedModel):
    """Ranks by the odds of having left under BG/NBD, and brings them to how often the answer was yes.

    What has to be silent for a year to count as gone is known too late, and mixes slow buyers with those who left: on invented
    companies whose leavers are known, regression on such labels told them worse than the days since the last order, this better.
    Reasons are Shapley values beside the customer of median rhythm, so they add up.

    References:
        Fader, Hardie and Lee (2005), "Counting your customers" the easy way: BG/NBD.
    """

    needs: tuple[str, ...] = RHYTHM
    key: str = "customer_id"
    folds: int = FOLDS
    threads: int = 1
    seed: int = 0

    limits: ClassVar[Say] = Say(
        "只看购买的节奏，不看内容、渠道和聊天。",
        "It looks at the rhythm of purchases only, not at what was bought, where, or what was said.",
    )

    def __post_init__(self) -> None:
        self.needs = RHYTHM

    @classmethod
    def example(cls) -> LeavingModel:
        """As it is."""
        return cls()

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Customers of all rhythms, who stayed away the likelier the longer they are silent already."""
        draw = np.random.default_rng(seed)
        tenure = draw.integers(60, 700, rows).astype(np.float64)
        since = np.round(tenure * draw.random(rows))
        gap = np.maximum((tenure - since) / draw.integers(1, 12, rows), 1.0)
        gone = 1 / (1 + np.exp(2.0 - since / gap))
        found = pd.DataFrame({"customer_id": [f"c{number}" for number in range(rows)], "days_since_order": since, "tenure_days": tenure})
        return found.assign(gap_mean=gap, label=(draw.random(rows) < gone).astype(np.float64))

    def _grow(self, codes: Floats, labels: Floats, *, aside: tuple[Floats, Floats] | None) -> dict[str, list[float]]:
        rows = self._rhythm(codes, [0.0, 0.0, np.nan])
        usual = [float(np.median(known)) if len(known := column[np.isfinite(column)]) else 0.0 for column in rows.T]
        few = rows[:: max(-(-len(rows) // LEARNED), 1)]
        return {"buying": list(fit_buying(_histories(few))), "usual": usual}

    def _raw(self, codes: Floats) -> Floats:
        return np.stack([_gone(part, self._rhythm(codes, part["usual"])) for part in self.parts_])

    def _shares(self, codes: Floats) -> Floats:
        return np.asarray(np.mean([self._shapley(part, codes) for part in self.parts_], axis=0))

    def _shapley(self, part: dict[str, list[float]], codes: Floats) -> Floats:
        rows, names = self._rhythm(codes, part["usual"]), self._columns().names
        found = np.zeros((len(rows), len(names) + 1))
        orders = list(permutations(range(len(RHYTHM))))
        for order in orders:
            shown = np.tile(np.asarray(part["usual"]), (len(rows), 1))
            before = _gone(part, shown)
            found[:, -1] += before / len(orders)
            for place in order:
                shown[:, place] = rows[:, place]
                after = _gone(part, shown)
                if RHYTHM[place] in names:
                    found[:, names.index(RHYTHM[place])] += (after - before) / len(orders)
                before = after
        return found

    def _rhythm(self, codes: Floats, usual: list[float]) -> Floats:
        """Days since the last order, since the first, and between two, shape `(n, 3)`; the usual where a column says nothing at all."""
        names = self._columns().names
        return np.column_stack(
            [
                codes[:, names.index(name)] if name in names else np.full(len(codes), other)
                for name, other in zip(RHYTHM, usual, strict=True)
            ]
        )


def _histories(rows: Floats) -> Histories:
    since, tenure, gap = rows.T
    age = np.nan_to_num(tenure).clip(0)
    last = (age - np.nan_to_num(since)).clip(0)
    repeats = np.where(np.isfinite(gap) & (gap > 0), last / np.where(gap > 0, gap, 1.0), 0.0)
    return Histories(repeats, np.where(repeats > 0, last, 0.0) / PERIOD, age / PERIOD)


def _gone(part: dict[str, Any], rows: Floats) -> Floats:
    return left_log_odds(Buying(*part["buying"]), _histories(rows))
