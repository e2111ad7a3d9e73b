"""What did contacting bring that would not have come by itself?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.improve.rows import NORMAL_95, Score, as_rows, local_days, need
from zhiyin.learn.card import Interval

__all__ = ["effect_scores", "effect_words", "judged_contacts", "measured_effects", "more_needed"]

Floats = npt.NDArray[np.float64]

_COLUMNS = (
    "policy", "contacted", "held", "rate_contacted", "rate_held", "difference", "difference_low", "difference_high",
    "money", "money_low", "money_high", "lift", "low", "high", "measured", "more",
)  # fmt: skip
_NOT_YET = Say(
    "联系的增量还不能衡量：已有 {contacted} 位联系过、{held} 位留出对照的客户走完观察期，大约还需要 {more} 位对照。",
    "What contacting adds is not measurable yet: {contacted} contacted and {held} held-back customers have completed the horizon; "
    "about {more} more held-back ones are needed.",
)
_NONE_YET = Say(
    "联系的增量还不能衡量：还没有走完观察期的对照客户。",
    "What contacting adds is not measurable yet: no held-back customer has completed the horizon.",
)
_KNOWN = Say(
    "联系过的客户有 {contacted_rate} 购买，留出对照的有 {held_rate}：联系带来 {difference} 个百分点（95% 区间 {low} 到 {high}）。",
    "{contacted_rate} of those contacted bought, and {held_rate} of those held back: contacting adds {difference} points "
    "(95 % interval {low} to {high}).",
)


def measured_effects(touches: pd.DataFrame, orders: pd.DataFrame, *, at: date, horizon_days: int, assumed_lift: float) -> pd.DataFrame:
    """Contacted against held back, per policy: who bought within the horizon, and how much was spent.

    Only contacts that a policy drew count (0 < propensity < 1), weighted by it, so that a share that was changed on the way does no
    harm. Draws of one customer within one horizon are one: the first counts, as it was drawn, whatever followed.

    Args:
        touches: who was drawn, best whether or not a rep then called: customer_id, policy, propensity (probability of being
            contacted), holdout, touched_on.
        orders: order lines: customer_id, amount, ordered_on.
        at: facts before this day are known; a contact counts once its horizon is over.
        horizon_days: how long after the contact an order counts.
        assumed_lift: the effect that the experiment must be able to tell from none before it is called measured.

    Returns:
        One row per policy: policy, contacted, held, rate_contacted, rate_held, difference with difference_low and difference_high
        (of the rates), money with money_low and money_high (spend per customer, minor units), lift with low and high (the difference as
        a share of rate x (1 - rate), as `act.next_step` uses it), measured, more (held-back customers still needed, 0 when measured).
    """
    judged = judged_contacts(touches, orders, at=at, horizon_days=horizon_days)
    rows = [_effect(str(policy), rows, assumed_lift=assumed_lift) for policy, rows in judged.groupby("policy", sort=True)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def judged_contacts(touches: pd.DataFrame, orders: pd.DataFrame, *, at: date, horizon_days: int) -> pd.DataFrame:
    """What came of each contact that chance drew, or held back, and whose horizon is over. Arguments as of `measured_effects`.

    Returns:
        customer_id, policy, propensity, holdout, touched_on, spent (minor units) and bought (0, 1) within the horizon.
    """
    drawn = _episodes(touches, at=at, horizon_days=horizon_days)
    return _bought(drawn, orders, horizon_days=horizon_days).drop(columns="episode")


def more_needed(rate: float, *, lift: float, share: float) -> int:
    """How many held-back customers tell an effect of `lift` from none: the 95 % interval of the difference is then no wider than it.

    Args:
        rate: share of contacted customers who buy.
        lift: effect as a share of rate x (1 - rate).
        share: share of the drawn customers that is held back.
    """
    return math.ceil((NORMAL_95 / lift) ** 2 / _spread(rate) / (1 - share))


def effect_scores(effects: pd.DataFrame, *, at: date) -> pd.DataFrame:
    """The measured effect as rows of table `scorecard`, subject "list"; NaN, and not in use, where it is not measurable yet."""
    return as_rows(_effect_scores(effects, at))


def effect_words(effects: pd.DataFrame, policy: str) -> Say:
    """What contacting adds under a policy, or how many held-back customers are missing to say it."""
    rows = effects[effects["policy"].eq(policy)]
    if rows.empty or not rows.iloc[-1]["held"]:
        return _NONE_YET
    row = rows.iloc[-1]
    if not row["measured"]:
        return _NOT_YET.fill(contacted=int(row["contacted"]), held=int(row["held"]), more=int(row["more"]))
    points = {name: f"{100 * row[column]:+.1f}" for name, column in _POINTS.items()}
    return _KNOWN.fill(contacted_rate=f"{row['rate_contacted']:.1%}", held_rate=f"{row['rate_held']:.1%}", **points)


_POINTS = {"difference": "difference", "low": "difference_low", "high": "difference_high"}
_FIGURES = {
    "incremental_rate": ("difference", "difference_low", "difference_high"),
    "incremental_gain": ("money", "money_low", "money_high"),
}


def _effect_scores(effects: pd.DataFrame, at: date) -> Iterator[Score]:
    for row in effects.to_dict("records"):
        for metric, names in _FIGURES.items():
            value, low, high = (float(row[name]) if row["measured"] else float("nan") for name in names)
            n = int(row["contacted"] + row["held"])
            yield Score("list", "", metric, at, str(row["policy"]), Interval(value, low, high), n, bool(row["measured"]))


def _episodes(touches: pd.DataFrame, *, at: date, horizon_days: int) -> pd.DataFrame:
    """The draws whose horizon is over: of each customer the first, then the first after that one's horizon, and so on."""
    names = ["customer_id", "policy", "propensity", "holdout", "touched_on"]
    if touches.empty:
        return pd.DataFrame(columns=names).astype({"touched_on": "datetime64[ns]", "propensity": "float64"})
    need(touches, tuple(names), what="touch")
    drawn = touches[(touches["propensity"] > 0) & (touches["propensity"] < 1) & touches["policy"].fillna("").ne("")][names]
    drawn = drawn.assign(touched_on=local_days(drawn["touched_on"]), holdout=drawn["holdout"].eq(True))
    # On one day the draw comes before anything that was done in spite of it.
    drawn = drawn.sort_values(["policy", "customer_id", "touched_on", "holdout"], ascending=[True, True, True, False])
    over = drawn[drawn["touched_on"] <= pd.Timestamp(at - timedelta(days=horizon_days))]
    return over[np.array(_apart(over, horizon_days), dtype=bool)].reset_index(drop=True)


def _apart(drawn: pd.DataFrame, days: int) -> list[bool]:
    """For each of the sorted rows whether it lies at least `days` after the last one taken of the same policy and customer."""
    taken: list[bool] = []
    whose, last = None, 0
    numbers = (drawn["touched_on"] - pd.Timestamp(0)).dt.days
    for policy, customer, day in zip(drawn["policy"], drawn["customer_id"], numbers, strict=True):
        new = (policy, customer) != whose or day - last >= days
        whose, last = (policy, customer), day if new else last
        taken.append(new)
    return taken


def _bought(drawn: pd.DataFrame, orders: pd.DataFrame, *, horizon_days: int) -> pd.DataFrame:
    """Each drawn contact with what was spent in [contact, contact + horizon)."""
    need(orders, ("customer_id", "amount", "ordered_on"), what="order_line")
    drawn = drawn.assign(episode=np.arange(len(drawn)))
    lines = orders[["customer_id", "amount", "ordered_on"]].assign(ordered_on=local_days(orders["ordered_on"]))
    pairs = drawn[["episode", "customer_id", "touched_on"]].merge(lines, on="customer_id")
    after = (pairs["ordered_on"] - pairs["touched_on"]) / pd.Timedelta(days=1)
    spent = pairs[(after >= 0) & (after < horizon_days)].groupby("episode")["amount"].sum()
    drawn["spent"] = drawn["episode"].map(spent).fillna(0.0).astype("float64")
    return drawn.assign(bought=(drawn["spent"] > 0).astype("float64"))


def _effect(policy: str, rows: pd.DataFrame, *, assumed_lift: float) -> dict[str, object]:
    contacted = ~rows["holdout"].to_numpy(bool)
    held = int((~contacted).sum())
    propensity = rows["propensity"].to_numpy("float64")
    weight = 1 / np.where(contacted, propensity, 1 - propensity)
    arms = [np.where(arm, weight, 0.0) for arm in (contacted, ~contacted)]
    bought = rows["bought"].to_numpy("float64")
    difference, money = (_difference(rows[name].to_numpy("float64"), arms, rows["customer_id"]) for name in ("bought", "spent"))
    rates = [_weighted(bought, arm) for arm in arms]
    one_sided = held in (0, len(rows))
    wanted = more_needed(0.5 if one_sided else rates[0], lift=assumed_lift, share=0.5 if one_sided else held / len(rows))
    more = max(wanted - held, 1 if one_sided else 0)
    spread = _spread(rates[0])
    return {
        "policy": policy, "contacted": int(contacted.sum()), "held": held, "rate_contacted": rates[0], "rate_held": rates[1],
        **dict(zip(_FIGURES["incremental_rate"], difference, strict=True)), **dict(zip(_FIGURES["incremental_gain"], money, strict=True)),
        **{name: figure / spread for name, figure in zip(("lift", "low", "high"), difference, strict=True)},
        "measured": more == 0, "more": more,
    }  # fmt: skip


def _spread(rate: float) -> float:
    """Variance of a yes or no; never nothing, so that no finite experiment proves what never or always happens."""
    return max(rate * (1 - rate), 1e-4)


def _difference(values: Floats, arms: list[Floats], customers: pd.Series) -> Interval:
    """Weighted mean of the first arm less that of the second, with a 95 % interval in which one customer is one draw."""
    means = [_weighted(values, arm) for arm in arms]
    pulls = [arm * (values - mean) / arm.sum() if arm.sum() else arm * np.nan for arm, mean in zip(arms, means, strict=True)]
    by_customer = pd.Series(pulls[0] - pulls[1]).groupby(customers.to_numpy()).sum(min_count=1)
    half = NORMAL_95 * float(np.sqrt((by_customer**2).sum(min_count=1)))
    return Interval(means[0] - means[1], means[0] - means[1] - half, means[0] - means[1] + half)


def _weighted(values: Floats, weight: Floats) -> float:
    return float(values @ weight / weight.sum()) if weight.sum() else float("nan")
