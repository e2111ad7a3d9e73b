"""What is known of a customer who was put together, or taken apart, after the last run?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import pandas as pd

from zhiyin.app.corrections import corrected
from zhiyin.app.home import Home
from zhiyin.app.reading import Generation
from zhiyin.app.whole import Whole
from zhiyin.app.work import DAY_OF
from zhiyin.guard.access import RUN, Access, Guard
from zhiyin.unify.facts import gather
from zhiyin.unify.preferred import with_inferred
from zhiyin.unify.profile import profile, values
from zhiyin.unify.spans import Span

__all__ = ["profile_now"]

_TABLES = ("record", "order_line", "product", "attribute", "event", "touch", "outcome", "campaign", "offer")
_ACCESS = Access(RUN, "analysis")


def profile_now(home: Home, read: Generation, *, whole: Whole, at: date) -> dict[str, object]:
    """The profile that a run of the same day would write for this customer; empty where nobody was known before that day.

    Everybody is counted, since a profile compares customers: right, and as slow as this step of a run.
    """
    tables = {name: _known(read.guard, name, at=at) for name in _TABLES}
    tables |= {name: corrected(home, tables[name], name=name) for name in ("attribute", "product")}
    if read.guard.holds("fill"):
        fills = read.guard.read("fill", _ACCESS)
        tables["product"] = with_inferred(
            tables["product"], fills.filter((fills["column_name"] == "category") & (fills["method"] == "name"))
        )
    identity = _with(read.guard.read("identity", _ACCESS), whole)
    facts = gather(tables | {"identity": identity}, currency=home.settings.currency)
    own = Span(whole.customer_id, whole.customer_id + "\x01")
    rows = read.frame(profile(facts.within(own), at=at, valued=own.of(values(facts, at=at))))
    return _plain(rows)


def _known(guard: Guard, name: str, *, at: date) -> ibis.Table:
    rows = guard.read(name, _ACCESS)
    return rows.filter(rows[DAY_OF[name]] < ibis.date(at)) if name in DAY_OF else rows


def _with(identity: ibis.Table, whole: Whole) -> ibis.Table:
    """Who is who, with this customer as it is by now; records that were taken from it keep a name of their own."""
    mine = identity["record_id"].isin(list(whole.records))
    parted = identity["customer_id"] == whole.customer_id
    left = ibis.cases((mine, whole.customer_id), (parted, identity["record_id"]), else_=identity["customer_id"])
    return identity.select("record_id", customer_id=left)


def _plain(rows: pd.DataFrame) -> dict[str, object]:
    found: Sequence[Mapping[str, object]] = rows.to_dict("records")
    return {name: None if pd.isna(value) else _value(value) for name, value in found[0].items()} if found else {}


def _value(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp) else value
