"""Customers whose need has shifted: written by the run, alerted once, with a product to speak about."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.app.alerts import LATELY_DAYS, alert_row
from zhiyin.app.rows import Rows
from zhiyin.app.today import last_day
from zhiyin.app.work import Work
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.shifts import shifts
from zhiyin.store.live import LiveRows
from zhiyin.unify.facts import owned
from zhiyin.unify.triggers import Alert

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RULE", "find_shifts", "shifted"]

RULE = "need_shift"
_EVENTS = ("Product Viewed", "Product Added", "Products Searched")
_DAYS = 365  # of history that is gone through
_MOST_ACTS = 300_000  # of which a year is gone through (measured: 6 s for 70 000); of more only the last four weeks
_BEFORE_DAYS = 180  # that is usual before the first of those days
_SOLD_DAYS = 84  # in which the best seller of a category is counted
_COLUMNS = ("customer_id", "shifted_on", "noticed_on", "before", "after", "nats", "evidence")


def find_shifts(work: Work) -> int:
    """Write `need_shift`, and alert what is new; returns how many are of late."""
    import pandas as pd

    acts = _acts(work)
    since = work.at - timedelta(days=_DAYS if len(acts) <= _MOST_ACTS else LATELY_DAYS)
    found = shifts(acts, since=since, upto=work.at - timedelta(days=1))
    rows = pd.DataFrame([asdict(shift) for shift in found], columns=list(_COLUMNS))
    best = _best_sellers(work)
    rows = rows.assign(product_id=rows["after"].map(best).fillna("").astype(object))
    work.write("predict", "need_shift", rows=rows)
    late = [row for row in rows.itertuples() if (work.at - row.noticed_on).days <= LATELY_DAYS]
    LiveRows(work.home.ledger).note(alerts=[alert_row(str(row.customer_id), _alert(row)) for row in late])
    return len(late)


def shifted(guard: Guard, actor: Actor, *, limit: int = 0) -> Rows:
    """Customers whose need has shifted within four weeks of the list, the newest first, names masked.

    Args:
        guard: over what was published.
        actor: who asks; sees the own customers.
        limit: at most so many, 0 for all.
    """
    access = Access(actor, "display")
    rows = guard.rows("need_shift", access, where={}, order="-noticed_on, -nats") if guard.holds("need_shift") else []
    since = last_day(guard, actor) - timedelta(days=LATELY_DAYS) if rows else None
    late = [row for row in rows if since is not None and date.fromisoformat(str(row["noticed_on"])[:10]) >= since][: limit or None]
    names = guard.shown_names([str(row["customer_id"]) for row in late], access) if late else {}
    goods = {str(row["product_id"]): row["name"] for row in guard.rows("product", access, where={})} if late else {}
    shown = (
        {**row, "name": names.get(str(row["customer_id"]), {}).get("name", ""), "product": goods.get(str(row["product_id"]), "")}
        for row in late
    )
    return Rows(shown)


def _alert(row: object) -> Alert:
    """One shift as an alert: fired on the day that it was noticed, called after what it is to."""
    told = {name: getattr(row, name) for name in ("shifted_on", "noticed_on", "before", "after", "product_id")}
    opened, noticed = (datetime.combine(told[name], time.min) for name in ("shifted_on", "noticed_on"))
    return Alert(
        RULE,
        f"{told['shifted_on']}/{told['after']}",
        "fired",
        opened,
        noticed,
        noticed,
        told["product_id"],
        f"{told['before']} -> {told['after']}",
    )


def _acts(work: Work) -> pd.DataFrame:
    """What customers did with which category on which day."""
    since = ibis.date(work.at - timedelta(days=_DAYS + _BEFORE_DAYS))
    products = work.table("product").select("product_id", "category")
    products = products.filter(products["category"].notnull() & (products["category"] != ""))
    identity = work.table("identity")
    lines, events = owned(work.known("order_line"), identity), owned(work.known("event"), identity)
    bought = lines.filter((lines["amount"] > 0) & (lines["ordered_on"] >= since)).select("customer_id", "product_id", on="ordered_on")
    seen = events.filter(events["name"].isin(_EVENTS) & (events["happened_on"] >= since))
    done = ibis.union(bought, seen.select("customer_id", "product_id", on="happened_on"))
    return work.frame(done.inner_join(products, "product_id").select("customer_id", "on", "category").distinct())


def _best_sellers(work: Work) -> dict[str, str]:
    """Category -> the product that most people bought of late, of those that are for sale and in stock."""
    goods, stock = work.table("product"), work.known("stock")
    latest = stock.group_by("product_id").agg(pieces=stock["pieces"].argmax(stock["counted_on"]))
    lines = work.known("order_line")
    lines = lines.filter((lines["amount"] > 0) & (lines["ordered_on"] >= ibis.date(work.at - timedelta(days=_SOLD_DAYS))))
    sold = lines.group_by("product_id").agg(buyers=lines["record_id"].nunique())
    both = goods.left_join(sold, "product_id").drop("product_id_right").left_join(latest, "product_id").drop("product_id_right")
    today = ibis.date(work.at)
    open_ = both.filter(~ibis.coalesce(both["hidden"], False) & (ibis.coalesce(both["pieces"], 1.0) > 0))
    open_ = open_.filter((ibis.coalesce(open_["sold_from"], today) <= today) & (ibis.coalesce(open_["sold_until"], today) >= today))
    rows = work.frame(open_.select("product_id", "category", buyers=ibis.coalesce(open_["buyers"], 0)))
    rows = rows.sort_values(["buyers", "product_id"], ascending=[False, True]).drop_duplicates("category")
    return {str(row.category): str(row.product_id) for row in rows.itertuples()}
