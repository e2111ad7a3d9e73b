"""Which product would each customer take today, and how likely is it clicked on a page? The truth about taste, which no company knows.

With it lists can be compared that were never shown: what would have come of them is computed and not guessed.
"""

from __future__ import annotations

import numpy as np

from zhiyin.sandbox.chance import Floats, Ids
from zhiyin.sandbox.ground import Ground
from zhiyin.sandbox.shopping import AGAIN, DUE
from zhiyin.sandbox.wares import LINES, SUPPLIES

__all__ = ["clicked", "wants"]

_KEEN = np.float32(5)  # what every fifth purchase would be is clicked whenever it is looked at


def wants(ground: Ground, who: Ids, *, day: int) -> Floats:
    """How likely is each product the first line of an order, if these customers ordered today? Rows add up to 1.

    Leaves out what passes: a run on a category, and what is sold out.

    Returns:
        `(len(who), products)`.
    """
    people, lives, wares = ground.people, ground.lives, ground.wares
    needed, liked = LINES[0][1]
    categories = len(ground.scenario.categories)
    share = np.broadcast_to(_of_any(ground, categories) * (1 - liked), (len(who), categories)).copy()
    rows = np.arange(len(who))
    share[rows, lives.need[who]] += needed
    share[rows, people.taste[who]] += liked - needed
    found = _by_purse(ground, share, purse=people.purse[who])
    owned = lives.owned[who]
    due = (owned >= 0) & (day - lives.owned_on[who] > DUE * wares.every[owned])
    found[due] *= 1 - AGAIN
    found[due, owned[due]] += AGAIN
    has = (lives.has[who][:, None] >> wares.category) & 1 == 1
    second = has & (wares.every == 0) & ~people.firm[who][:, None]
    instead = np.where(second, found, 0).sum(axis=1)
    found[second] = 0
    found[:, wares.supplies] += instead[:, None] / len(wares.supplies)
    return found


def clicked(share: Floats, place: Ids) -> Floats:
    """How likely is a product clicked that stands at this place (from 1) before somebody who wants it so much (see `wants`)?

    References:
        Craswell et al., An Experimental Comparison of Click Position-Bias Models, WSDM 2008 (a place is looked at or it is not).
    """
    looked: Floats = (1 / np.log2(place + 1)).astype(np.float32)
    found: Floats = looked * np.minimum(_KEEN * share, np.float32(1))
    return found


def _of_any(ground: Ground, categories: int) -> Floats:
    """How often a line that is neither needed nor liked falls on each category."""
    wares = ground.wares
    supplies = np.bincount(wares.category[wares.supplies], minlength=categories) / len(wares.supplies)
    found: Floats = (SUPPLIES * supplies + (1 - SUPPLIES) / categories).astype(np.float32)
    return found


def _by_purse(ground: Ground, share: Floats, *, purse: Floats) -> Floats:
    """Categories to products: a customer's purse and the mood of the day, which is anything from 0 to 1, say which of a category."""
    wares = ground.wares
    found = np.zeros((len(share), len(wares.price)), dtype=np.float32)
    levels = wares.takes.shape[1]
    for level in range(levels):
        mood = wares.mood_from(np.array([level, level + 1]), purse=purse)
        within = np.diff(np.clip(mood, 0, 1), axis=1)
        for category, product in enumerate(wares.takes[:, level]):
            found[:, product] += share[:, category] * within[:, 0]
    return found
