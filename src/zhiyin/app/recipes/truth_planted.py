"""What was planted beside what the run noticed, and what a simple way would have noticed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import ibis
import pandas as pd

from zhiyin.app.recipes.truth_sides import Sides
from zhiyin.improve.truth import Judged
from zhiyin.improve.truth_planted import SOON_DAYS, fraud_scores, shift_scores, spike_scores
from zhiyin.unify.facts import owned

__all__ = ["planted"]

_DOUBLE, _BEFORE_DAYS, _LEAST = 2.0, 28, 5  # the simple alert: twice the mean of four weeks, and five people
_QUIET_DAYS = 7


def planted(sides: Sides) -> Iterator[Judged]:
    """Figures about rushes, fraud and needs that shifted."""
    yield from _rushes(sides)
    yield from _frauds(sides)
    yield from _shifts(sides)


def _frauds(sides: Sides) -> Iterator[Judged]:
    """Every order and transfer of the history, with its suspicion where there is one."""
    lines, moved = sides.table("order_line"), sides.table("transfer")
    lines = lines.filter((lines["amount"] > 0) & (lines["ordered_on"] < ibis.date(sides.at)))
    orders = lines.group_by(place=lines["source"], fact_id=lines["order_id"]).agg(amount=lines["amount"].sum().cast("float64"))
    moved = moved.filter((moved["amount"] > 0) & (moved["moved_on"] < ibis.date(sides.at)))
    moved = moved.select(place="source", fact_id="transfer_id", amount=moved["amount"].cast("float64"))
    parts = {"order": sides.frame(orders), "transfer": sides.frame(moved)}
    acts = pd.concat([part.assign(kind=kind) for kind, part in parts.items()], ignore_index=True)
    suspected = sides.frame(sides.table("risk").select("kind", "place", "fact_id", score="log_odds"))
    true = sides.truth.frame("fraud.csv").rename(columns={"system": "place"}).assign(label=1.0)
    keys = ["kind", "place", "fact_id"]
    acts = acts.merge(suspected, on=keys, how="left").merge(true.drop_duplicates(keys), on=keys, how="left")
    return fraud_scores(acts.assign(label=acts["label"].fillna(0.0)))


def _rushes(sides: Sides) -> Iterator[Judged]:
    products = sides.table("product").select("product_id", "category")
    lines = owned(sides.table("order_line"), sides.table("identity"))
    lines = lines.filter((lines["amount"] > 0) & (lines["ordered_on"] < ibis.date(sides.at)))
    named = lines.inner_join(products, "product_id")
    counts = sides.frame(
        named.group_by(place=named["source"], category=named["category"], on=named["ordered_on"]).agg(people=named["customer_id"].nunique())
    )
    counts = counts.assign(on=pd.to_datetime(counts["on"]))
    alerts = sides.frame(sides.table("spike").select("place", "category", "noticed_on"))
    alerts = alerts.assign(noticed_on=pd.to_datetime(alerts["noticed_on"]))
    rushes = sides.truth.frame("spike.csv")
    rushes = rushes.assign(people=[_came(counts, rush) for rush in rushes.itertuples()])
    days = int((counts["on"].max() - counts["on"].min()).days) + 1 if len(counts) else 0
    return spike_scores(alerts, rushes, days=days, simple=_doubled(counts))


def _came(counts: pd.DataFrame, rush: object) -> int:
    """People who ordered in a rush, by day."""
    system, category, starts_on, ends_on = (getattr(rush, name) for name in ("system", "category", "starts_on", "ends_on"))
    own = counts[counts["place"].eq(system) & counts["category"].eq(category) & counts["on"].between(starts_on, ends_on)]
    return int(own["people"].sum())


def _doubled(counts: pd.DataFrame) -> pd.DataFrame:
    """The alerts of the simple way: at least five people, and twice as many as a day of the four weeks before; one a week."""
    found = []
    for (place, category), own in counts.groupby(["place", "category"]):
        people = own.set_index("on")["people"].reindex(pd.date_range(counts["on"].min(), counts["on"].max()), fill_value=0)
        usual = people.rolling(_BEFORE_DAYS).mean().shift(1)
        last = None
        for on in people.index[(people >= _LEAST) & (people >= _DOUBLE * usual)]:
            if last is None or on - last > timedelta(days=_QUIET_DAYS):
                found.append((place, category, on))
            last = on
    return pd.DataFrame(found, columns=["place", "category", "noticed_on"]).astype({"noticed_on": "datetime64[ns]"})


def _shifts(sides: Sides) -> Iterator[Judged]:
    """Needs that shifted, by the person whom each customer stands for; simple way: what is viewed is not what was done most before.

    Only the days are judged that the run went through, which is a year, or four weeks of a large company.
    """
    found = sides.frame(sides.table("need_shift").select("customer_id", "noticed_on", "after"))
    people = sides.people[["customer_id", "person_id"]]
    ours = people.merge(found.assign(noticed_on=pd.to_datetime(found["noticed_on"])), on="customer_id")
    planted, simple = sides.truth.frame("need_shift.csv"), people.merge(_last_views(sides), on="customer_id")
    if len(ours):
        since = ours["noticed_on"].min()
        planted = planted[pd.to_datetime(planted["on"]) >= since - pd.Timedelta(days=SOON_DAYS)]
        simple = simple[pd.to_datetime(simple["noticed_on"]) >= since]
    return shift_scores(ours, planted, simple=simple)


def _last_views(sides: Sides) -> pd.DataFrame:
    """customer_id, noticed_on, after: a day on which another category was viewed than was viewed or bought most before."""
    products = sides.table("product").select("product_id", "category")
    identity = sides.table("identity")
    lines, events = owned(sides.table("order_line"), identity), owned(sides.table("event"), identity)
    done = ibis.union(
        lines.filter(lines["amount"] > 0).select("customer_id", "product_id", on="ordered_on"),
        events.select("customer_id", "product_id", on="happened_on"),
    )
    done = done.filter(done["on"] < ibis.date(sides.at)).inner_join(products, "product_id")
    rows = sides.frame(done.select("customer_id", "on", "category").distinct()).dropna()
    rows = rows.sort_values(["customer_id", "on", "category"])
    found: list[tuple[str, object, str]] = []
    for customer, own in rows.groupby("customer_id"):
        seen: dict[str, int] = {}
        said = ""
        for on, category in zip(own["on"], own["category"], strict=True):
            leading = max(seen, key=lambda name: seen[name]) if seen else category
            if category not in (leading, said):
                found.append((str(customer), on, category))
                said = category
            seen[category] = seen.get(category, 0) + 1
    return pd.DataFrame(found, columns=["customer_id", "noticed_on", "after"]).astype({"noticed_on": "datetime64[ns]"})
