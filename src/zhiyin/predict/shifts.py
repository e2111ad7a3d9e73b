"""Whose need has changed: which customers now look for something else than before?

What a customer does on a day counts once a category: views, searches, carts and orders. A shift on day t to category c says that since t
the category takes a share of about four in five of what is done, while before t the customer did what the customer did then (older days
weigh less), drawn to what everybody does. The Bayes factor of the two, averaged over the days t on which it may have happened, is held
against a named prior: a need shifts once in two years, to any category alike. One visit to another shelf is never enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["ONCE_IN_DAYS", "WITHIN_DAYS", "Shift", "shifts"]

WITHIN_DAYS = 28  # how far back the day of the shift may lie
ONCE_IN_DAYS = 730  # a need shifts about once in two years: a named prior
_SHARE = 0.8  # of what is done, that the new need takes
_HALF_LIFE_DAYS = 90.0
_USUAL = 2.0  # acts that what everybody does weighs
_LEAST_BEFORE = 2.5  # acts on the leading category, before it may be said that it led
_LEAST_SINCE = 2  # days on the new one
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """One customer's need that shifted: since when, when it was noticed, from which category to which.

    `nats` is the logarithm of the Bayes factor, `evidence` how many day-and-category acts there have been since.
    """

    customer_id: str
    shifted_on: date
    noticed_on: date
    before: str
    after: str
    nats: float
    evidence: int


def shifts(acts: pd.DataFrame, *, since: date, upto: date) -> list[Shift]:
    """Every shift that would have been noticed from `since` on, one alert each, for the table `need_shift`.

    Args:
        acts: `customer_id`, `on`, `category`: one row each, however often the customer came back to it on that day.
        since: first day that is judged; days before are what was usual.
        upto: the last day that is known whole.
    """
    if acts.empty:
        return []
    told = acts.assign(on=pd.to_datetime(acts["on"])).drop_duplicates(["customer_id", "on", "category"])
    told = told[told["on"] <= pd.Timestamp(upto)].sort_values(["customer_id", "on", "category"])
    codes, names = pd.factorize(told["category"], sort=True)
    usual = np.bincount(codes, minlength=len(names)) / max(len(codes), 1)
    days = (told["on"] - pd.Timestamp(1970, 1, 1)).dt.days.to_numpy()
    customers = told["customer_id"].to_numpy()
    edges = np.flatnonzero(np.r_[True, customers[1:] != customers[:-1], True])
    first = (since - date(1970, 1, 1)).days
    found = []
    for start, end in pairwise(edges):
        if end - start > _LEAST_SINCE and days[end - 1] >= first:
            own = _of_customer(days[start:end], codes[start:end], usual, first)
            found += [
                Shift(str(customers[start]), _day(at), _day(now), str(names[b]), str(names[a]), nats, n) for at, now, b, a, nats, n in own
            ]
    return found


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(number))


def _of_customer(
    days: npt.NDArray[np.int64], codes: npt.NDArray[np.int64], usual: Floats, first: int
) -> Iterator[tuple[int, int, int, int, float, int]]:
    """Shifts of one customer: day, day noticed, category before and after, nats, acts since."""
    own, places = np.unique(codes, return_inverse=True)
    if len(own) < 2:
        return
    active, rows = np.unique(days, return_inverse=True)
    done = np.zeros((len(active), len(own)))
    done[rows, places] = 1.0
    sums = np.vstack([np.zeros(len(own)), done.cumsum(axis=0)])
    grown = np.exp2((active - active[0]) / _HALF_LIFE_DAYS)
    aged = np.vstack([np.zeros(len(own)), (done * grown[:, None]).cumsum(axis=0)])
    prior = np.log(WITHIN_DAYS / ONCE_IN_DAYS / max(len(usual) - 1, 1))
    begin = 0
    edges = np.searchsorted(active, active - WITHIN_DAYS, side="right")
    for now in range(int(np.searchsorted(active, first)), len(active)):
        start = max(int(edges[now]), begin + 1)
        if start > now:
            continue
        # Only what is done today can have become likelier today, and what led all along is no shift: most days end here.
        new = (done[now] > 0) & (sums[now + 1] - sums[start] >= _LEAST_SINCE)
        led = {int(np.argmax(aged[turn] - aged[begin])) for turn in (start, now)}
        if not new.any() or (len(led) == 1 and new.sum() == 1 and new[led.pop()]):
            continue
        since = sums[now + 1] - sums[start : now + 1]
        before = (aged[start : now + 1] - aged[begin]) / grown[start : now + 1, None]
        factors = np.where(done[now] > 0, _factors(since, before, usual[own]), -np.inf)
        best = int(np.unravel_index(np.argmax(factors), factors.shape)[1])
        nats = float(np.logaddexp.reduce(factors[:, best]) - np.log(len(factors)))
        if nats + prior > 0:
            turn = int(np.argmax(factors[:, best]))
            was, acts = int(own[np.argmax(before[turn])]), int(since[turn].sum())
            yield int(active[start + turn]), int(active[now]), was, int(own[best]), nats, acts
            begin = start + turn


def _factors(since: Floats, before: Floats, usual: Floats) -> Floats:
    """The logarithm of the Bayes factor of a shift to each category (columns) on each day (rows); -inf where it cannot be one."""
    total = before.sum(axis=1, keepdims=True)
    was = (before + _USUAL * usual) / (total + _USUAL)
    acts = since.sum(axis=1, keepdims=True)
    found = since * np.log((_SHARE + (1 - _SHARE) * was) / was) + (acts - since) * np.log(1 - _SHARE)
    led = before.max(axis=1, keepdims=True)
    possible = (led >= _LEAST_BEFORE) & (before < led) & (since >= _LEAST_SINCE)
    return np.asarray(np.where(possible, found, -np.inf), dtype=np.float64)
