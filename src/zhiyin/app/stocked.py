"""What to order: from the sales of late, or a forecast where there is one, and the last count of each shelf."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.app.rows import Rows
from zhiyin.app.work import Work
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.stock import Order, counted, reorder

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.app.demanded import Foreseen

__all__ = ["suggest_orders", "suggestions"]

_ORIGINS = 4  # of the back-test of a forecast
_NOT_COUNTED = Say(
    '没有库存数据：导入一份盘点表（kind = "stock"）后再运行。',
    'There is no stock: import a file of counts (kind = "stock"), then run again.',
)


def suggest_orders(work: Work, foreseen: Foreseen | None) -> int:
    """Write `reorder`; returns of how many products something should be ordered.

    Args:
        work: the run.
        foreseen: what the run says of the demand; taken where it was nearer than the sales of late at past days, and reaches far enough.
    """
    settings = work.home.settings.stock
    order = Order(settings.lead_days, settings.review_days, settings.service, settings.holding_share, settings.pack, settings.least)
    sales = _sales(work, settings.days + _ORIGINS * order.cover_days)
    shelves = _shelves(work, sales)
    forecasts, basis = counted(sales, at=work.at, days=settings.days, horizon=order.cover_days), "counts"
    if foreseen is not None and _is_nearer(sales, shelves, foreseen, cover=order.cover_days, days=settings.days):
        from zhiyin.predict.demand_products import product_days

        forecasts, basis = product_days(foreseen.shares, foreseen.demand, products=shelves["product_id"].tolist()), "forecast"
    rows = reorder(forecasts, shelves, order=order, at=work.at, basis=basis)
    work.write("predict", "reorder", rows=rows)
    return int((rows["quantity"] > 0).sum())


def suggestions(guard: Guard, actor: Actor, *, every: bool = False) -> Rows:
    """What to order, most first, with a sentence each; with `every` also what lasts.

    Args:
        guard: over what was published.
        actor: who asks.
        every: also products of which enough is there.
    """
    access = Access(actor, "display")
    rows = guard.rows("reorder", access, where={}, order="-quantity, product_id") if guard.holds("reorder") else []
    kept = [row for row in rows if every or int(str(row["quantity"]))]
    names = {str(row["product_id"]): row["name"] for row in guard.rows("product", access, where={})} if kept else {}
    return Rows([{**row, "product": names.get(str(row["product_id"])) or ""} for row in kept], notes=[] if rows else [_NOT_COUNTED])


def _is_nearer(sales: pd.DataFrame, shelves: pd.DataFrame, foreseen: Foreseen, *, cover: int, days: int) -> bool:
    """Whether the forecast reaches until the next order arrives, knows every product on the shelf, and was nearer at past days."""
    import pandas as pd

    from zhiyin.predict.demand_products import nearer_than_counts

    category_of = foreseen.shares.drop_duplicates("product_id").set_index("product_id")["category"]
    ahead, sold = foreseen.demand, sales[sales["series"].isin(shelves["product_id"])]
    if len(ahead.value) < cover or not len(sold):
        return False
    wide = sold.assign(at=pd.to_datetime(sold["at"])).pivot_table(index="at", columns="series", values="value", aggfunc="sum")
    wide = wide.reindex(ahead.sold.index[-(days + _ORIGINS * cover) :]).fillna(0.0)
    late = dataclasses.replace(ahead, sold=ahead.sold.loc[wide.index], calendar=ahead.calendar.part(len(ahead.sold) - len(wide), None))
    return nearer_than_counts(wide, category_of, demand=late, cover=cover, days=days)


def _sales(work: Work, days: int) -> pd.DataFrame:
    """Pieces of the products on the shelf that were sold a day in the last days: series, at, value; returns deducted."""
    since = ibis.date(work.at - timedelta(days=days))
    lines = work.known("order_line")
    lines = lines.filter(lines["ordered_on"] >= since).semi_join(work.known("stock"), "product_id")
    pieces = ibis.coalesce(lines["quantity"], 1.0)
    return work.frame(lines.group_by(series=lines["product_id"], at=lines["ordered_on"]).agg(value=pieces.sum().cast("float64")))


def _shelves(work: Work, sales: pd.DataFrame) -> pd.DataFrame:
    """The last count of each product that is for sale, less what was sold since."""
    import pandas as pd

    stock, goods = work.known("stock"), work.table("product")
    stock = stock.filter(stock["pieces"].notnull())
    latest = stock.group_by("product_id").agg(pieces=stock["pieces"].argmax(stock["counted_on"]), counted_on=stock["counted_on"].max())
    named = latest.inner_join(goods.filter(~ibis.coalesce(goods["hidden"], False)).select("product_id"), "product_id")
    rows = work.frame(named.select("product_id", "pieces", "counted_on"))
    both = sales.merge(rows[["product_id", "counted_on"]], left_on="series", right_on="product_id")
    since = both[pd.to_datetime(both["at"]) > pd.to_datetime(both["counted_on"])].groupby("product_id")["value"].sum()
    sold = rows["product_id"].map(since).fillna(0.0).clip(lower=0)
    return rows.assign(pieces=(rows["pieces"] - sold).clip(lower=0))
