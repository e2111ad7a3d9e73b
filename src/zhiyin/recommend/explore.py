"""May a few places of the list try something, so that we learn what we do not know yet - and can prove later what another list had earned?

Off unless asked for. The first places keep what is thought best; the last ones are filled by Thompson sampling: every item is as likely to
be tried as it is likely to be among the best of the rest, given how often it was shown and clicked. A floor keeps every item possible.
The chances are computed first and the items are then drawn by exactly those chances, so that the propensity that is logged is exact,
however roughly the chances follow Thompson's rule.

References:
    Thompson (1933), On the likelihood that one unknown probability exceeds another.
    Chapelle and Li (2011), An empirical evaluation of Thompson sampling.
    Madow (1949), On the theory of systematic sampling (draws without replacement by given chances).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.frames import needed
from zhiyin.recommend.drawing import Exploration, Floats, drawn_items, each_place

__all__ = ["Exploration", "chances", "explore"]

_LEAST = 1e-6  # a score of 0 or 1 is no proof


def explore(ranked: pd.DataFrame, seen: pd.DataFrame, *, k: int, how: Exploration, rng: np.random.Generator) -> pd.DataFrame:
    """The list to show to one customer, with the probability that each item had of standing where it stands.

    Args:
        ranked: item_id and score (chance, 0 to 1) of everything that may be offered, best first.
        seen: item_id, shows, clicks so far at places that explore; several rows of an item add up, an item without one is new.
        k: length of the list.
        how: how much of it explores.
        rng: of the draw.

    Returns:
        item_id, rank (from 1), score, explored, propensity: 1 where nothing was drawn, else the chance of that item at that place.

    Raises:
        MissingColumns, DataError, UsageError: as of `chances`.
    """
    possible = chances(ranked, seen, k=k, how=how)
    fixed = min(k - how.places, len(possible))
    drawn = drawn_items(possible["propensity"].to_numpy()[fixed:], min(how.places, len(possible) - fixed), rng=rng)
    rows = possible.iloc[np.r_[np.arange(fixed), fixed + drawn]].reset_index(drop=True)
    return rows.assign(rank=np.arange(1, len(rows) + 1))[["item_id", "rank", "score", "explored", "propensity"]]


def chances(ranked: pd.DataFrame, seen: pd.DataFrame, *, k: int, how: Exploration) -> pd.DataFrame:
    """How likely may each item stand at its place (the first ones), or at each of the places that explore (all others)?

    Args:
        ranked: as of `explore`.
        seen: as of `explore`.
        k: length of the list.
        how: how much of it explores.

    Returns:
        item_id, score, explored, propensity, a row a row of `ranked`; what could not be shown has 0.

    Raises:
        MissingColumns: when a column is missing.
        DataError: when scores, ids or counts cannot be.
        UsageError: when more places are to explore than the list has.
    """
    if not how.places <= k or k < 1:
        raise UsageError(
            Say("探索的位置不能比名单长，名单至少一项。", "A list needs an item at least, and cannot explore more places than it has."),
            got=f"k {k}, places {how.places}",
            fix=Say("减少 places 或加大 k。", "Use fewer places or a larger k."),
        )
    score, shows, clicks = _columns(ranked, seen)
    fixed = min(k - how.places, len(score))
    propensity = np.ones(len(score))
    propensity[fixed:] = 0.0
    if how.places and len(score) > fixed:
        won, lost = (how.worth * score + clicks)[fixed:], (how.worth * (1 - score) + shows - clicks)[fixed:]
        propensity[fixed:] = each_place(won, lost, how=how)
    return pd.DataFrame(
        {
            "item_id": ranked["item_id"].to_numpy(),
            "score": ranked["score"].to_numpy("float64"),
            "explored": np.arange(len(score)) >= fixed,
            "propensity": propensity,
        }
    )


def _columns(ranked: pd.DataFrame, seen: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Score, shows and clicks of each item of the list."""
    needed(ranked, ("item_id", "score"), who="explore")
    needed(seen, ("item_id", "shows", "clicks"), who="explore")
    score, ids = ranked["score"].to_numpy("float64"), ranked["item_id"]
    counts = seen.groupby("item_id")[["shows", "clicks"]].sum().reindex(ids, fill_value=0).to_numpy("float64")
    odd_score, odd_count = ~((score >= 0) & (score <= 1)), ~((counts[:, 1] >= 0) & (counts[:, 1] <= counts[:, 0]))
    if odd_score.any() or odd_count.any() or ids.duplicated().any():
        raise DataError(
            Say(
                "每个商品只能出现一次，分数在 0 到 1 之间，点击不多于展示。",
                "An item must stand there once, with a score from 0 to 1 and no more clicks than shows.",
            ),
            got=f"twice: {listed(ids[ids.duplicated()], most=3) or '-'}; score: {listed(ids[odd_score], most=3) or '-'}; "
            f"counts: {listed(ids[odd_count], most=3) or '-'}",
            fix=Say("修正这些商品。", "Correct these items."),
        )
    return np.clip(score, _LEAST, 1 - _LEAST), counts[:, 0], counts[:, 1]
