"""Which orders and transfers look as if the customer had not made them?

Each act is held beside the customer's own habit and, where there is little of that, beside what all customers do. Every piece of
evidence is a tail probability turned into nats (`surprise.nats`), so the pieces add up on the log-odds scale to a prior that is
named: one act in a thousand. The habit of a customer is what was done at least two weeks earlier and not confirmed as fraud: a thief
who comes for three nights does not make the third one ordinary. When people have reviewed enough acts, the weights of the pieces, which
begin at 1, are moved by what they said (`risk_taught.taught`). Nothing here decides: a person does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import MissingColumns, listed
from zhiyin.core.ids import content_id
from zhiyin.core.words import Say
from zhiyin.predict import risk_pieces as piece
from zhiyin.predict.surprise import Floats, nats

__all__ = ["NEEDS", "PIECES", "PRIOR", "Weights", "cases", "evidence", "log_odds", "looked_at"]

PRIOR = float(np.log(0.001 / 0.999))  # one act in a thousand: a named prior, printed with the queue
PIECES = ("burst", "hour", "amount", "coupon", "payee", "crowd", "age")
NEEDS = ("fact_id", "kind", "place", "customer_id", "at", "amount", "saved", "payee", "new_payee", "known_days")
_CASE_SECONDS = 2 * 86_400  # acts of one customer that lie closer together are one case
_FIGURES = ("near", "part", "part_share", "usual", "is_new", "senders")


@dataclass(frozen=True)
class Weights:
    """How much each piece counts, what is added to the prior, and from how many reviewed acts that was learned (0: none)."""

    pieces: tuple[float, ...] = (1.0,) * len(PIECES)
    shift: float = 0.0
    reviewed: int = 0


def evidence(acts: pd.DataFrame, *, not_habit: frozenset[str] = frozenset()) -> pd.DataFrame:
    """The pieces of evidence of each act in nats, and the figures behind them.

    Args:
        acts: one row an order or transfer: `fact_id`; `kind` (order, transfer); `place`, the system it came through;
            `customer_id`; `at`, naive local time, midnight where only the day is known; `amount`, above zero; `saved`, share of
            the price that a coupon paid; `payee`, empty for orders; `new_payee`, what the source says, or nothing; `known_days`, how long the customer was known, NaN: unknown.
        not_habit: acts that were confirmed as fraud.

    Returns:
        The acts by kind, customer and time, with `nats_burst` and so on for each of `PIECES`, `near` (other acts of the customer
        within an hour), `part` (of the day in eight, -1 unknown), `part_share` (of all acts), `usual` (amount), `is_new` (payee: 1, 0, NaN), `senders` (other
        customers with the same other side, NaN without one).

    Raises:
        MissingColumns: when one is missing.
    """
    missing = [name for name in NEEDS if name not in acts.columns]
    if missing:
        raise MissingColumns(
            Say(f"缺少列：{listed(missing)}。", f"Columns are missing: {listed(missing)}."),
            got=listed(acts.columns),
            fix=Say(f"需要的列：{listed(NEEDS, most=99)}。", f"Needed are: {listed(NEEDS, most=99)}."),
        )
    parts = [_of_kind(own, not_habit) for _, own in acts.groupby("kind", sort=True)]
    columns = [*NEEDS, *(f"nats_{name}" for name in PIECES), *_FIGURES]
    return pd.concat(parts, ignore_index=True)[columns] if parts else acts.reindex(columns=columns)


def log_odds(judged: pd.DataFrame, weights: Weights | None = None) -> Floats:
    """Prior and evidence together: above 0 it is more likely than not that the customer did not do it."""
    use = weights or Weights()
    found = judged[[f"nats_{name}" for name in PIECES]].to_numpy("float64") @ np.array(use.pieces)
    return np.asarray(PRIOR + use.shift + found, dtype=np.float64)


def looked_at(judged: pd.DataFrame, odds: Floats, *, least: float) -> npt.NDArray[np.bool_]:
    """Which acts should a person look at? Those from `least` log-odds on, and what is odd within two days of one.

    Such an act of the same customer would not be enough by itself: a strange transfer in the night of the stolen orders.

    Args:
        judged: `customer_id`, `at`.
        odds: of each act.
        least: log-odds.
    """
    seeds = odds >= least
    groups = pd.factorize(judged["customer_id"])[0].astype(np.int64)
    keys = groups * (1 << 40) + judged["at"].astype("datetime64[s]").astype("int64").to_numpy()
    sorted_seeds = np.sort(keys[seeds])
    first = np.searchsorted(sorted_seeds, keys - _CASE_SECONDS, side="left")
    last = np.searchsorted(sorted_seeds, keys + _CASE_SECONDS, side="right")
    return np.asarray(seeds | ((last > first) & (odds > PRIOR)), dtype=bool)


def cases(judged: pd.DataFrame) -> pd.Series:
    """The case of each suspicious act: those of one customer that lie at most two days apart are one, called after the first.

    Args:
        judged: `fact_id`, `place`, `customer_id`, `at`, sorted by customer and time.
    """
    seconds = judged["at"].astype("datetime64[s]").astype("int64")
    begins = judged["customer_id"].ne(judged["customer_id"].shift()) | seconds.diff().gt(_CASE_SECONDS)
    names = [content_id("k", place, fact) for place, fact in zip(judged["place"], judged["fact_id"], strict=True)]
    return pd.Series(names, index=judged.index, dtype=object).where(begins).ffill()


def _of_kind(acts: pd.DataFrame, not_habit: frozenset[str]) -> pd.DataFrame:
    """Evidence among acts of one kind."""
    rows = acts.sort_values(["customer_id", "at", "fact_id"], ignore_index=True)
    groups = pd.factorize(rows["customer_id"], sort=True)[0].astype(np.int64)
    seconds = rows["at"].astype("datetime64[s]").astype("int64").to_numpy()
    habit = piece.Habit(groups, seconds, counts=(~rows["fact_id"].isin(not_habit)).to_numpy("float64"))
    known = piece.timed(rows["place"], seconds)
    near, burst = piece.bursts(habit, known)
    part, part_share, hour = piece.hours(rows["place"], habit, known=known)
    usual, amount = piece.amounts(rows["amount"].to_numpy("float64"), habit)
    coupon = piece.coupons(rows["saved"].to_numpy("float64"), habit)
    new, payee = piece.payees(rows["payee"], habit, said=rows["new_payee"])
    senders, crowd = piece.senders(rows["payee"], habit)
    age = piece.ages(rows["known_days"].to_numpy("float64"))
    found = (nats(burst), nats(hour), amount, *(nats(tails) for tails in (coupon, payee, crowd, age)))
    figures = dict(zip(_FIGURES, (near, part, part_share, usual, new, senders), strict=True))
    return rows.assign(**{f"nats_{name}": own for name, own in zip(PIECES, found, strict=True)}, **figures)
