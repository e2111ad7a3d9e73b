"""Where in the life of a customer are we: lead, new, active, quiet or lost - by the customer's own rhythm?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from zhiyin.unify.rhythm import LOST_DAYS, NEW_DAYS, PRIOR_GAPS, QUIET_DAYS

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

__all__ = ["STAGES", "rhythm", "stages"]

STAGES = ("lead", "new", "active", "quiet", "lost")


def rhythm(days: Table) -> Table:
    """How long each customer usually stays away, and from which silence on something is wrong.

    The usual gap is the mean of the customer's own gaps together with two gaps of the typical customer (the median
    over customers), so that one or two orders do not decide alone. `quiet_after` is the usual gap plus two
    deviations: who comes at random exceeds it once in twenty times, who comes regularly hardly ever.
    `lost_after` is twice that, and never less than twelve weeks.

    Args:
        days: `order_days`, cut at the day asked about.

    Returns:
        One row per customer with an order: `customer_id`, `first_order_on`, `last_order_on`, `orders`, `spend`,
        `quiet_after`, `lost_after` (days).
    """
    gap = days["gap"].cast("float64")
    own = days.group_by("customer_id").agg(
        first_order_on=days["on"].min(where=days["orders"] > 0),
        last_order_on=days["on"].max(where=days["orders"] > 0),
        orders=days["orders"].sum(),
        spend=days["spend"].sum(),
        gaps=gap.count(),
        gap_sum=gap.sum(),
        gap_squares=(gap * gap).sum(),
    )
    own = own.filter(own["orders"] > 0)
    typical = own.agg(typical=(own["gap_sum"] / own["gaps"].nullif(0)).median())
    all_ = own.cross_join(typical)
    usual = ibis.coalesce(all_["typical"], float(NEW_DAYS))
    gaps = all_["gaps"] + PRIOR_GAPS
    mean = (ibis.coalesce(all_["gap_sum"], 0.0) + PRIOR_GAPS * usual) / gaps
    # The square of a gap is on average twice the squared mean where gaps are exponential.
    square = (ibis.coalesce(all_["gap_squares"], 0.0) + PRIOR_GAPS * 2 * usual * usual) / gaps
    deviation = ibis.greatest(square - mean * mean, 0.0).sqrt()
    shortest, longest = QUIET_DAYS
    quiet_after = ibis.least(ibis.greatest((mean + 2 * deviation).ceil(), shortest), longest).cast("int64")
    kept = [all_[name] for name in ("customer_id", "first_order_on", "last_order_on", "orders", "spend")]
    return all_.select(*kept, quiet_after=quiet_after, lost_after=ibis.greatest(quiet_after * 2, LOST_DAYS))


def stages(days: Table, *, at: date) -> Table:
    """The stage of every customer with an order as of `at`, and since when.

    lost: silent for longer than `lost_after`; quiet: for longer than `quiet_after`; new: in the first four weeks;
    active: otherwise - since the four weeks were over, or since the order that ended the last long silence.

    Args:
        days: `order_days`.
        at: known is what happened before this day.

    Returns:
        The columns of `rhythm`, `days_since_order`, `stage`, `stage_since_on`.
    """
    known = days.filter(days["on"] < ibis.date(at))
    usual = rhythm(known)
    long = known.inner_join(usual.select("customer_id", "quiet_after"), "customer_id")
    long = long.filter(long["gap"] > long["quiet_after"])
    returns = long.group_by("customer_id").agg(returned_on=long["on"].max())
    both = usual.left_join(returns, "customer_id")
    both = both.mutate(
        days_since_order=ibis.date(at).delta(both["last_order_on"], unit="day"),
        tenure_days=ibis.date(at).delta(both["first_order_on"], unit="day"),
        settled_on=(both["first_order_on"] + ibis.interval(days=NEW_DAYS)).cast("date"),
    )
    quiet = both["days_since_order"] > both["quiet_after"]
    lost = both["days_since_order"] > both["lost_after"]
    new = both["tenure_days"] < NEW_DAYS
    settled = ibis.greatest(both["settled_on"], ibis.coalesce(both["returned_on"], both["settled_on"]))
    staged = both.mutate(
        stage=ibis.cases((lost, "lost"), (quiet, "quiet"), (new, "new"), else_="active"),
        stage_since_on=ibis.cases(
            (lost, _after(both["last_order_on"], both["lost_after"])),
            (quiet, _after(both["last_order_on"], both["quiet_after"])),
            (new, both["first_order_on"]),
            else_=settled,
        ),
    )
    return staged.select(*usual.columns, "days_since_order", "stage", "stage_since_on")


def _after(day: ibis.expr.types.DateValue, days: ibis.expr.types.IntegerValue) -> ibis.expr.types.DateValue:
    """The first day that is more than `days` after `day`."""
    return (day + (days + 1).as_interval("D")).cast("date")
