"""What is planted in a world, to be found: a run on one category in one channel, and customers who defraud the shop."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zhiyin.sandbox.chance import Chance, Ids
from zhiyin.sandbox.scenario import Scenario

__all__ = ["Planted", "Spike"]

BLOCK_DAYS = 60  # one run in each, and one burst of fraud
_SPIKE_DAYS = 4
_FIRST = 20  # a run is planted where there is a usual level before it
_SPIKE_FACTOR = 8  # times the usual demand
_FRAUD_DAYS = 3
_FRAUD_SHARE = 0.0008  # of the customers, in each block
_SMALL = 50  # a company of so many customers has one who defrauds it in each block


@dataclass(frozen=True)
class Spike:
    """A run on `category` in `system` (places) from day `first` to day `last`."""

    first: int
    last: int
    system: int
    category: int
    factor: int = _SPIKE_FACTOR


class Planted:
    """The plan of a world: nothing of it depends on what customers do."""

    def __init__(self, scenario: Scenario, chance: Chance, *, n: int) -> None:
        self.scenario = scenario
        self.n = n
        self.chance = chance

    def spike(self, day: int) -> Spike:
        """The run of the block in which this day lies."""
        block = day // BLOCK_DAYS
        one = np.zeros(1, dtype=np.int64)
        first = block * BLOCK_DAYS + _FIRST + int(self.chance.below("spike", one, most=BLOCK_DAYS - _FIRST - _SPIKE_DAYS, day=block)[0])
        weights = tuple(share * share for share in self.scenario.shares)
        system = int(self.chance.pick("spike system", one, weights=weights, day=block)[0])
        category = int(self.chance.below("spike category", one, most=len(self.scenario.categories), day=block)[0])
        return Spike(first, first + _SPIKE_DAYS - 1, system, category)

    def frauds(self, day: int) -> Ids:
        """Who defrauds the shop on this day, if he has come by then."""
        block, within = divmod(day, BLOCK_DAYS)
        who, begins = _fraudsters(self.chance, self.n, block)
        return who[(begins <= within) & (within < begins + _FRAUD_DAYS)]


@lru_cache(maxsize=64)
def _fraudsters(chance: Chance, n: int, block: int) -> tuple[Ids, Ids]:
    """Who they are in a block, and on which of its days they begin."""
    ids = np.arange(n, dtype=np.int64)
    drawn = chance.share("fraud", ids, day=block)
    share = max(_FRAUD_SHARE, float(drawn[: n * 7 // 10].min()) + 2.0**-24) if n >= _SMALL else _FRAUD_SHARE
    who = ids[drawn < share]
    return who, 5 + chance.below("fraud on", who, most=BLOCK_DAYS - 5 - _FRAUD_DAYS, day=block)
