"""How likely does an item stand at a place that explores, and which items does chance put there? Thompson sampling, without a table.

References:
    Thompson (1933), On the likelihood that one unknown probability exceeds another.
    Madow (1949), On the theory of systematic sampling (draws without replacement by given chances).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say

__all__ = ["Exploration", "Floats", "Ints", "drawn_items", "each_place"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """How much of a list may explore; nothing by default.

    Args:
        places: how many places, the last ones of the list.
        floor: share of the explored places that is given to all items alike, above 0: with 50 items and .1, none is less likely than
            .1 / 50 in one place, and no weight of an off-policy estimate is above 500.
        worth: how many shows the score of an item is worth as a prior. A score of .02 with 100 is like 2 clicks in 100 shows.
        draws: how many times the posterior is drawn for the chances: they follow Thompson's rule within a standard error of at most
            .5 / sqrt(draws), .016.
        seed: of those draws: the same counts give the same chances, so that a logged propensity can be computed again.
    """

    places: int = 0
    floor: float = 0.1
    worth: float = 100.0
    draws: int = 1000
    seed: int = 7

    def __post_init__(self) -> None:
        if self.places < 0 or not 0 < self.floor <= 1 or self.worth <= 0 or self.draws < 1:
            raise UsageError(
                Say("探索的设置不成立。", "These settings of exploration make no sense."),
                got=f"places {self.places}, floor {self.floor}, worth {self.worth}, draws {self.draws}",
                fix=Say(
                    "places 不小于 0，floor 大于 0、不超过 1，worth 和 draws 大于 0。",
                    "Use places of 0 or more, a floor above 0 and at most 1, worth and draws above 0.",
                ),
            )


def each_place(won: Floats, lost: Floats, *, how: Exploration) -> Floats:
    """The chance of each item at each explored place: how often it is among the best of a draw, mixed with the floor.

    Args:
        won: clicks of each item, with what its prior is worth.
        lost: shows without a click, the same.
        how: how much explores.
    """
    places = min(how.places, len(won))
    drawn = np.random.default_rng(how.seed).beta(won, lost, size=(how.draws, len(won)))
    best = np.argpartition(-drawn, places - 1, axis=1)[:, :places]
    among = np.bincount(best.ravel(), minlength=len(won)) / how.draws
    return (1 - how.floor) * among / places + how.floor / len(won)


def drawn_items(chance: Floats, places: int, *, rng: np.random.Generator) -> Ints:
    """Different items for the places: each is among them with `places` times its chance, and then at each place alike."""
    order = rng.permutation(len(chance))
    marks = rng.random() + np.arange(places)  # systematic: the items in whose stretch a mark falls, each at most one place long
    edges = np.cumsum(chance[order]) * places
    return rng.permutation(order[np.minimum(np.searchsorted(edges, marks, side="right"), len(chance) - 1)])
