"""How many visitors bought, how many customers came back, how many answered, how many left?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from zhiyin.core.words import Say
from zhiyin.improve.rows import Score, as_rows, local_days, need, wilson

__all__ = ["ANSWERS", "BOUGHT", "NO_NEED", "kpi_scores", "no_need_scores", "no_need_words"]

BOUGHT = "Order Completed"  # the event of a purchase (Segment e-commerce spec)
ANSWERS = ("redeemed", "bought", "answered")  # outcomes that answer a campaign
NO_NEED = "no_need"  # the outcome of a call that was judged so

_WRONG = Say(
    "判为「无需求」的通话里，{share} 的客户在之后 {days} 天内下了单（{n} 次通话，95% 区间 {low} 到 {high}）。",
    'Of the calls judged "no need", {share} were of customers who ordered within the {days} days after (of {n} calls, 95 % interval '
    "{low} to {high}).",
)


def kpi_scores(
    orders: pd.DataFrame, events: pd.DataFrame, *, touches: pd.DataFrame, outcomes: pd.DataFrame, at: date, days: int = 28
) -> pd.DataFrame:
    """The figures of the business in the `days` from `at` on ("now") beside the `days` before ("before"), with Wilson intervals.

    conversion_rate: of the customers with an event, those who bought (order, or event "Order Completed").
    repurchase_rate: of the customers who ordered, those with two orders or more.
    churn_rate: of the customers who ordered in the period before, those who did not order in this one.
    campaign_conversion: of the pairs customer x campaign contacted in the period, those with an answer in the same period.
    An order counts when its lines sum to more than nothing. A figure about nobody is left out.

    Args:
        orders: order lines: customer_id, order_id, amount, ordered_on, and `source` where order numbers repeat across sources.
        events: customer_id, name, happened_on; may be empty.
        touches: customer_id, campaign_id, holdout, touched_on; may be empty.
        outcomes: customer_id, campaign_id, kind, happened_on; may be empty.
        at: first day of the period.
        days: length of the period.

    Returns:
        Rows of table `scorecard`, subject "kpi".
    """
    need(orders, ("customer_id", "order_id", "amount", "ordered_on"), what="order_line")
    keys = [name for name in ("source", "order_id", "customer_id") if name in orders.columns]
    paid = orders.groupby(keys, as_index=False).agg(amount=("amount", "sum"), ordered_on=("ordered_on", "min"))
    paid = paid[paid["amount"] > 0]
    return as_rows(_all(paid, events, touches=touches, outcomes=outcomes, at=at, days=days))


def no_need_scores(verdicts: pd.DataFrame, orders: pd.DataFrame, *, at: date, days: int = 28) -> pd.DataFrame:
    """How many calls judged "no need" were wrong: the customer ordered within the `days` after the day of the call.

    Over calls whose days are over: of the `days` that end so long before `at` ("now"), and of the `days` before those ("before").

    Args:
        verdicts: one row a call judged so: customer_id, happened_on.
        orders: days with an order: customer_id, ordered_on.
        at: facts before this day are known.
        days: how long after the call an order counts, and length of a period.

    Returns:
        Rows of table `scorecard`, subject "kpi", metric "no_need_wrong", with Wilson intervals; a period without calls has none.
    """
    need(verdicts, ("customer_id", "happened_on"), what="outcome")
    need(orders, ("customer_id", "ordered_on"), what="order_line")
    calls = verdicts[["customer_id", "happened_on"]].assign(call=range(len(verdicts)), happened_on=local_days(verdicts["happened_on"]))
    bought = orders[["customer_id", "ordered_on"]].assign(ordered_on=local_days(orders["ordered_on"]))
    met = calls.merge(bought, on="customer_id")
    after = (met["ordered_on"] - met["happened_on"]).dt.days
    wrong = set(met.loc[(after >= 1) & (after <= days), "call"])
    return as_rows(_wrong(calls.assign(wrong=calls["call"].isin(wrong)), at=at, days=days))


def no_need_words(scores: pd.DataFrame, *, days: int) -> Say | None:
    """The rate of today in a sentence; None where no call was judged so."""
    rows = scores[scores["variant"].eq("now")]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return _WRONG.fill(n=int(row["n"]), days=days, share=f"{row['value']:.0%}", low=f"{row['low']:.0%}", high=f"{row['high']:.0%}")


def _wrong(calls: pd.DataFrame, *, at: date, days: int) -> Iterator[Score]:
    last = at - timedelta(days=days)  # the days after a call of the day before are over
    for variant, start in (("now", last - timedelta(days=days)), ("before", last - timedelta(days=2 * days))):
        rows = _between(calls, "happened_on", start, end=start + timedelta(days=days))
        if len(rows):
            yield Score("kpi", "", "no_need_wrong", at, variant, wilson(int(rows["wrong"].sum()), len(rows)), len(rows), variant == "now")


def _all(
    paid: pd.DataFrame, events: pd.DataFrame, *, touches: pd.DataFrame, outcomes: pd.DataFrame, at: date, days: int
) -> Iterator[Score]:
    for variant, start in (("now", at), ("before", at - timedelta(days=days))):
        end, earlier = start + timedelta(days=days), start - timedelta(days=days)
        ordered = _between(paid, "ordered_on", start, end=end)
        here = set(ordered["customer_id"])
        left = set(_between(paid, "ordered_on", earlier, end=start)["customer_id"])
        seen = _between(events, "happened_on", start, end=end)
        visitors = set(seen["customer_id"]) if len(seen) else set()
        buyers = here | (set(seen.loc[seen["name"].eq(BOUGHT), "customer_id"]) if len(seen) else set())
        often = ordered.groupby("customer_id").size()
        contacted, answered = _answers(touches, outcomes, start=start, end=end)
        figures = {
            "conversion_rate": (len(visitors & buyers), len(visitors)),
            "repurchase_rate": (int((often >= 2).sum()), len(often)),
            "churn_rate": (len(left - here), len(left)),
            "campaign_conversion": (len(contacted & answered), len(contacted)),
        }
        for metric, (hits, n) in figures.items():
            if n:
                yield Score("kpi", "", metric, at, variant, wilson(hits, n), n, variant == "now")


def _answers(touches: pd.DataFrame, outcomes: pd.DataFrame, *, start: date, end: date) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Pairs customer x campaign that were contacted, and those that answered, from `start` to before `end`."""
    made = _between(touches, "touched_on", start, end=end)
    came = _between(outcomes, "happened_on", start, end=end)
    if len(made):
        made = made[~made["holdout"].eq(True)] if "holdout" in made.columns else made
    came = came[came["kind"].isin(ANSWERS)] if len(came) else came
    contacted, answered = (_pairs(rows) for rows in (made, came))
    return contacted, answered


def _pairs(rows: pd.DataFrame) -> set[tuple[str, str]]:
    if rows.empty:
        return set()
    rows = rows[rows["campaign_id"].notna() & rows["campaign_id"].ne("")]
    return set(zip(rows["customer_id"], rows["campaign_id"], strict=True))


def _between(rows: pd.DataFrame, column: str, start: date, *, end: date) -> pd.DataFrame:
    if rows.empty:
        return rows
    day = local_days(rows[column])
    return rows[(day >= pd.Timestamp(start)) & (day < pd.Timestamp(end))]
