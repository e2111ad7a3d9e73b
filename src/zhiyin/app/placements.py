"""What came of the answers to pages, for the command line and for the places that explore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pandas as pd

from zhiyin.app.today import refuse_unless_owner
from zhiyin.core.clock import utc_now
from zhiyin.guard.access import Access, Actor
from zhiyin.improve.placements import came_of, rates, tried, what_ifs
from zhiyin.store.shown import ShownRows
from zhiyin.unify.facts import owned

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.app.reading import Generation
    from zhiyin.app.work import Work
    from zhiyin.improve.off_policy import Estimate
    from zhiyin.learn.card import Interval

__all__ = ["CLICKS", "count_tried", "measured"]

CLICKS = ("Product Viewed", "Product Clicked")
_ITEM = (
    "request_id",
    "placement",
    "variant",
    "chance",
    "customer_id",
    "record_id",
    "product_id",
    "place",
    "propensity",
    "usual",
    "shown_at",
)
_AT = ("customer_id", "product_id", "at")
_LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC, as the lake keeps it
Frame = Callable[["ibis.Table"], pd.DataFrame]


class _Judged(NamedTuple):
    """What was shown with what was clicked, and with what was ordered; each as far as its window is over."""

    clicks: pd.DataFrame
    orders: pd.DataFrame


def measured(home: Home, read: Generation, actor: Actor, *, placement: str = "") -> dict[str, object]:
    """Clicks and orders by placement and variant, and what other ways would have earned.

    Args:
        home: the workspace.
        read: the generation: events that came after it are not known yet.
        actor: who asks: the owner.
        placement: one of them only.

    Raises:
        PrivacyError: for anybody but the owner.
    """
    refuse_unless_owner(actor)
    access = Access(actor, "measurement")
    tables = {name: read.guard.read(name, access) for name in ("event", "order_line", "identity")}
    judged = _judged(home, tables, read.frame, placement=placement)
    own = home.settings.recommend
    shares = [*rates(judged.clicks, measure="click"), *rates(judged.orders, measure="order")]
    other = [*what_ifs(judged.clicks, measure="click"), *what_ifs(judged.orders, measure="order")]
    return {
        "click_hours": own.click_hours,
        "order_days": own.order_days,
        "rates": [{**one._asdict(), "share": _interval(one.share), "beside_holdout": _interval(one.beside_holdout), "note": one.note and one.note._asdict()} for one in shares],
        "what_if": [
            {
                "placement": one.placement, "policy": one.policy, "measure": one.measure, "logged": one.logged,
                "estimates": [_estimate(found) for found in one.estimates],
                "refused": {"zh": one.refused.in_("zh"), "en": one.refused.in_("en")} if one.refused else None,
            }
            for one in other
        ],
    }  # fmt: skip


def count_tried(work: Work) -> None:
    """Write `tried`: what places that explore have learned so far."""
    tables = {name: work.table(name) for name in ("event", "order_line", "identity")}
    counts = tried(_judged(work.home, tables, work.frame).clicks)
    work.write("recommend", "tried", rows=counts)


def _judged(home: Home, tables: Mapping[str, ibis.Table], frame: Frame, *, placement: str = "") -> _Judged:
    """What was shown, with what came of it as far as this generation knows."""
    items = _items(home, frame(tables["identity"].select("record_id", "customer_id")), placement=placement)
    first = items["shown_at"].min() if len(items) else utc_now().replace(tzinfo=None)
    clicks, orders = _clicks(tables, first), _orders(tables, first)
    hours, days = timedelta(hours=home.settings.recommend.click_hours), timedelta(days=home.settings.recommend.order_days)
    return _Judged(
        came_of(items, frame(clicks), within=hours, until=_last(frame, tables["event"]["happened_at"])),
        came_of(items, frame(orders), within=days, until=_last(frame, _moment(tables["order_line"]))),
    )


def _items(home: Home, identity: pd.DataFrame, *, placement: str) -> pd.DataFrame:
    """A row an item that was shown, its customer as of today."""
    rows = [
        (one.request_id, one.placement, one.variant, one.chance, one.customer_id, one.record_id, *item, one.at)
        for one in ShownRows(home.ledger).between("", "9", placement=placement)
        for item in ((found.product_id, place, found.propensity, found.usual) for place, found in enumerate(one.items, 1))
    ]
    items = pd.DataFrame(rows, columns=list(_ITEM)).astype({"chance": "float64", "propensity": "float64"})
    now = items["record_id"].map(identity.set_index("record_id")["customer_id"]).fillna(items["customer_id"])
    at = pd.to_datetime(items["shown_at"], format="ISO8601", utc=True).dt.tz_localize(None)
    return items.assign(customer_id=now, shown_at=at)


def _clicks(tables: Mapping[str, ibis.Table], first: datetime) -> ibis.Table:
    events = tables["event"]
    events = events.filter(events["name"].isin(CLICKS), events["happened_at"] >= first, events["product_id"].notnull())
    return owned(events, tables["identity"]).select("customer_id", "product_id", "request_id", at="happened_at")


def _orders(tables: Mapping[str, ibis.Table], first: datetime) -> ibis.Table:
    lines = tables["order_line"].mutate(at=_moment(tables["order_line"]))
    lines = lines.filter(lines["at"] >= first, lines["amount"] > 0, lines["product_id"].notnull())
    return owned(lines, tables["identity"]).select(*_AT)


def _moment(lines: ibis.Table) -> ibis.Value:
    """When an order was; of one that tells its day only, the end of the day: it may have followed what was shown on it."""
    return ibis.coalesce(lines["ordered_at"], lines["ordered_on"].cast("timestamp") + ibis.interval(days=1))


def _last(frame: Frame, moment: ibis.Value) -> datetime:
    """The last moment of which this generation knows something; long ago where it knows nothing."""
    found = frame(moment.max().name("last").as_table())["last"].iloc[0]
    return _LONG_AGO if pd.isna(found) else pd.Timestamp(found).to_pydatetime()


def _interval(figure: Interval | None) -> dict[str, float | None] | None:
    return None if figure is None else {name: None if pd.isna(value) else value for name, value in figure._asdict().items()}


def _estimate(found: Estimate) -> dict[str, object]:
    about = {"way": found.name, **(_interval(found.figure) or {}), "effective": found.effective, "hits": found.hits, "rows": found.n}
    return about | {"notes": [note._asdict() for note in found.notes]}
