"""How often will a customer come back, and when have they gone? BG/NBD for orders, Gamma-Gamma for money.

References:
    Fader, Hardie and Lee (2005), Counting your customers the easy way: an alternative to the Pareto/NBD model.
    Fader and Hardie (2013), The Gamma-Gamma model of monetary value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "Buying",
    "Histories",
    "Paying",
    "alive",
    "expected_orders",
    "fit_buying",
    "fit_paying",
    "left_log_odds",
    "log_likelihood",
    "mean_ticket",
]

Floats = npt.NDArray[np.float64]
START = 0.0  # logarithm of each parameter at the start
PENALTY = 1e-3  # on squared logarithms a customer: keeps parameters finite where the data say nothing


class Histories(NamedTuple):
    """What is known of customers, in periods: repeat orders, age at the last of them, age now. Arrays of one number a customer."""

    repeats: Floats
    last: Floats
    age: Floats


class Buying(NamedTuple):
    """How often customers buy (r, alpha) and how soon they leave (a, b)."""

    r: float
    alpha: float
    a: float
    b: float


class Paying(NamedTuple):
    """How much customers pay an order: within one customer (p), and between them (q, v)."""

    p: float
    q: float
    v: float


def log_likelihood(buying: Buying, histories: Histories) -> float:
    """How well the parameters explain the histories; nearer to zero is better."""
    return float(_each(buying, histories).sum())


def fit_buying(histories: Histories) -> Buying:
    """The parameters that explain the histories best."""
    return Buying(*_best(lambda found: -_each(Buying(*found), histories).mean(), 4))


def fit_paying(orders: Floats, ticket: Floats) -> Paying:
    """The parameters that explain best what customers paid on average over their orders."""
    unit = float(np.median(ticket))
    p, q, v = _best(lambda found: -_paid(Paying(*found), orders, ticket / unit).mean(), 3)
    return Paying(p, q, v * unit)


def alive(buying: Buying, histories: Histories) -> Floats:
    """Probability that the customer has not left for good."""
    r, alpha, a, b = buying
    repeats, last, age = histories
    gone = np.log(a / (b + np.maximum(repeats, 1) - 1)) + (r + repeats) * np.log((alpha + age) / (alpha + last))
    return np.where(repeats > 0, 1.0 / (1.0 + np.exp(np.minimum(gone, 700.0))), 1.0)


def left_log_odds(buying: Buying, histories: Histories) -> Floats:
    """Log-odds of having left for good, by the form in which those who bought once may have too (MBG/NBD); finite for everybody.

    References:
        Batislam, Denizel and Filiztekin (2007), Empirical validation and comparison of models for customer base analysis.
    """
    r, alpha, a, b = buying
    repeats, last, age = histories
    return np.asarray(np.log(a / (b + repeats)) + (r + repeats) * np.log((alpha + age) / (alpha + last)))


def expected_orders(buying: Buying, histories: Histories, *, periods: float) -> Floats:
    """Orders to be expected in the next `periods`, whether the customer is still there or not."""
    from scipy.special import hyp2f1

    r, alpha, a, b = buying
    if abs(a - 1.0) < 1e-6:
        a = 1.0 + 1e-6  # the formula divides by a - 1
    repeats, _, age = histories
    share = periods / (alpha + age + periods)
    tail = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, share)
    many = (a + b + repeats - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + periods)) ** (r + repeats) * tail)
    plain = (r + repeats) / (alpha + age) * periods  # as if nobody left: an upper bound, and the answer where the series overflows
    return np.where(np.isfinite(many), np.clip(many, 0.0, plain), plain) * alive(buying, histories)


def mean_ticket(paying: Paying, orders: Floats, *, ticket: Floats) -> Floats:
    """What an order of this customer is worth, between the own mean and that of all."""
    p, q, v = paying
    return p * (v + orders * ticket) / np.maximum(p * orders + q - 1.0, 1e-9)


def _each(buying: Buying, histories: Histories) -> Floats:
    from scipy.special import gammaln

    r, alpha, a, b = buying
    repeats, last, age = histories
    buys = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
    leaves = gammaln(a + b) + gammaln(b + repeats) - gammaln(b) - gammaln(a + b + repeats)
    stayed = -(r + repeats) * np.log(alpha + age)
    left = np.log(a) - np.log(b + np.maximum(repeats, 1) - 1) - (r + repeats) * np.log(alpha + last)
    return np.asarray(buys + leaves + np.where(repeats > 0, np.logaddexp(stayed, left), stayed))


def _paid(paying: Paying, orders: Floats, ticket: Floats) -> Floats:
    from scipy.special import gammaln

    p, q, v = paying
    shape = p * orders
    return np.asarray(
        gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v) + (shape - 1) * np.log(ticket)
        + shape * np.log(orders) - (shape + q) * np.log(v + orders * ticket)
    )  # fmt: skip


def _best(loss: Callable[[Floats], float], parameters: int) -> tuple[float, ...]:
    from scipy.optimize import minimize

    def penalised(logarithms: Floats) -> float:
        return loss(np.exp(logarithms)) + PENALTY * PENALTY * float((logarithms**2).sum())

    found = minimize(penalised, np.full(parameters, START), method="L-BFGS-B", bounds=[(-9.0, 9.0)] * parameters, options={"ftol": 1e-11})
    return tuple(float(number) for number in np.exp(found.x))
