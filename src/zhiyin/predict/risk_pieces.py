"""One kind of evidence each: how often does somebody ordinary do as much as this act, given the customer's own habit?

Every function but `amounts` answers with tail probabilities, one an act; NaN where the act tells nothing. Rows are sorted by
customer and time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.predict.surprise import Floats, before, either, share_above, shrunk, upper_tail

__all__ = ["BURST_SECONDS", "PARTS", "STRENGTH", "Habit", "ages", "amounts", "bursts", "coupons", "hours", "payees", "senders", "timed"]

SETTLED_SECONDS = 14 * 86_400  # what nobody complained about for so long is habit
STRENGTH = 10.0  # acts of one's own that weigh as much as what everybody does
BURST_SECONDS = 3600
PARTS = 8  # of a day: three hours each
_DAY = 86_400
_DAY_ONLY = 0.5  # of a system that tells midnight so often, midnight means that the time is not known
_CROWD_SECONDS = 30 * _DAY
_WIDEST = 0.35  # typical deviation of the logarithm of one customer's amounts where nothing is known: a third more or less
Ints = npt.NDArray[np.int64]


class Habit:
    """What each customer had done two weeks before each act.

    Args:
        groups: number of the customer.
        seconds: local time.
        counts: 1 for acts that count as habit, 0 for those that were confirmed as fraud.

    Attributes:
        times: how many acts that is.
    """

    def __init__(self, groups: Ints, seconds: Ints, *, counts: Floats) -> None:
        self.groups = groups
        self.seconds = seconds
        self._first, self._until = before(groups, seconds, by=SETTLED_SECONDS)
        self._counts = counts
        self.times = self.sum(np.ones(len(groups)))

    def sum(self, values: Floats) -> Floats:
        """The sum over those acts of a figure of each act; an act without it adds nothing."""
        running = np.concatenate([[0.0], np.cumsum(np.where(np.isnan(values), 0.0, values) * self._counts)])
        return np.asarray(running[self._until] - running[self._first], dtype=np.float64)

    def share(self, happens: Floats, usual: Floats | float) -> Floats:
        """The share of those acts of which something holds, drawn to the usual share; NaN of `happens`: not known of the act."""
        return shrunk(self.sum(happens), self.sum((~np.isnan(happens)).astype("float64")), usual=usual, strength=STRENGTH)


def timed(places: pd.Series, seconds: Ints) -> npt.NDArray[np.bool_]:
    """Whether the time of day of each act is known: systems that tell only the day tell midnight."""
    midnight = pd.Series(seconds % _DAY == 0, index=places.index)
    return np.asarray(~(midnight & (midnight.groupby(places).transform("mean") > _DAY_ONLY)), dtype=bool)


def bursts(habit: Habit, known: npt.NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Other acts of the customer within an hour (where only the day is known, on the day), and the chance of so many.

    A share q of acts has another one beside it: k others have the chance q ** k.
    """
    first, last = np.empty_like(habit.seconds), np.empty_like(habit.seconds)
    for with_time, within in ((True, BURST_SECONDS), (False, 0)):
        mine = known == with_time
        keys = habit.groups[mine] * (1 << 40) + habit.seconds[mine]
        first[mine] = np.searchsorted(keys, keys - within, side="left")
        last[mine] = np.searchsorted(keys, keys + within, side="right")
    near = last - first - 1
    beside = (near > 0).astype("float64")
    usual = pd.Series(beside).groupby(known).transform("mean").to_numpy()
    return near, np.asarray(habit.share(beside, usual) ** near, dtype=np.float64)


def hours(places: pd.Series, habit: Habit, *, known: npt.NDArray[np.bool_]) -> tuple[Ints, Floats, Floats]:
    """The part of the day (-1: unknown), its share in all acts of the system, and the chance of a part as rare or rarer."""
    parts = np.where(known, habit.seconds % _DAY * PARTS // _DAY, -1)
    codes, names = pd.factorize(places)
    counts = np.zeros((len(names), PARTS))
    np.add.at(counts, (codes[known], parts[known]), 1.0)
    # Half an act in each part: a part in which nobody ever acted is rare, not impossible.
    everybody = ((counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True))[codes]
    told = np.where(known[:, None], parts[:, None] == np.arange(PARTS), np.nan)
    own = np.column_stack([habit.share(told[:, part], everybody[:, part]) for part in range(PARTS)])
    mine = np.take_along_axis(own, np.maximum(parts, 0)[:, None], axis=1)
    tails = np.where(known, (own * (own <= mine)).sum(axis=1), np.nan)
    return parts, np.take_along_axis(everybody, np.maximum(parts, 0)[:, None], axis=1)[:, 0], tails


def amounts(paid: Floats, habit: Habit) -> tuple[Floats, Floats]:
    """The usual amount of the customer, and the evidence in nats of so much, on the logarithm of money.

    What is usual is the customer's own mean, drawn to that of everybody by how much customers differ from each other. How far an
    amount lies above it is looked at twice: by Student's t, and by the share of all acts that lie as far above the usual of theirs.
    """
    logs = np.log(np.maximum(paid, 1.0))
    centre = float(np.median(logs))
    spread = max(float(np.median(np.abs(logs - centre))) * 1.4826, 1e-3)
    own = pd.Series(logs).groupby(habit.groups)
    within = float((logs - own.transform("median")).abs().median()) * 1.4826 if len(logs) else 0.0
    inner = min(max(within, _WIDEST), max(spread, _WIDEST))
    between = max(spread**2 - inner**2, 0.01)
    weight = between / (between + inner**2 / np.maximum(habit.times, 1e-9))
    mean = habit.sum(logs) / np.maximum(habit.times, 1.0)
    usual = centre + weight * (mean - centre)
    width = np.sqrt(inner**2 + between * (1 - weight))
    above = (logs - usual) / width
    return np.exp(usual), either(upper_tail(above), share_above(above))


def coupons(saved: Floats, habit: Habit) -> Floats:
    """The chance of a coupon at all, times that of one that pays so large a share; 1 without one, NaN where nobody ever has one."""
    if not (saved > 0).any():
        return np.full(len(saved), np.nan)
    used = (saved > 0).astype("float64")
    tails = np.ones(len(saved))
    tails[saved > 0] = share_above(saved[saved > 0])
    own = habit.share(used, used.mean())
    return np.where(saved > 0, own * tails, 1.0)


def payees(accounts: pd.Series, habit: Habit, *, said: pd.Series) -> tuple[Floats, Floats]:
    """Whether it was the customer's first act with the other side (1, 0, NaN: not known), and the chance of that.

    What the source says goes before what the acts show, in which the first of a customer tells nothing.
    """
    seen = pd.DataFrame({"who": habit.groups, "whom": accounts.to_numpy()}).duplicated().to_numpy()
    unknown = accounts.eq("").to_numpy() | ~pd.Series(habit.groups).duplicated().to_numpy()
    told = pd.to_numeric(said, errors="coerce").to_numpy("float64")
    new = np.where(np.isnan(told), np.where(unknown, np.nan, 1.0 - seen), told)
    usual = float(np.nanmean(new)) if (~np.isnan(new)).any() else 0.0
    return new, np.where(np.isnan(new), np.nan, np.where(new == 1, habit.share(new, usual), 1.0))


def senders(accounts: pd.Series, habit: Habit) -> tuple[Floats, Floats]:
    """How many other customers acted with the same other side within 30 days, and the share of acts with as many; NaN without one."""
    rows = pd.DataFrame({"whom": pd.factorize(accounts)[0], "who": habit.groups, "at": habit.seconds // _CROWD_SECONDS})
    others = (rows.groupby(["whom", "at"])["who"].transform("nunique") - 1).to_numpy("float64")
    told = accounts.ne("").to_numpy()
    found, tails = np.where(told, others, np.nan), np.full(len(rows), np.nan)
    tails[told] = share_above(others[told])
    return found, tails


def ages(days: Floats) -> Floats:
    """The share of acts by customers who had been known for as few days, or fewer; NaN where it is not known since when."""
    tails = np.full(len(days), np.nan)
    told = ~np.isnan(days)
    tails[told] = share_above(-days[told])
    return tails
