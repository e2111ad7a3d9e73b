"""Which rows of which tables does a row of each kind of file become?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from zhiyin.core.fields import ATTRIBUTE
from zhiyin.core.ids import content_id
from zhiyin.core.tables import TABLES
from zhiyin.unify.charges import charges
from zhiyin.unify.columns import over_distinct
from zhiyin.unify.parsing import Defaults
from zhiyin.unify.people import attributes, consents, grouped, records
from zhiyin.unify.regions import regions

if TYPE_CHECKING:
    import pyarrow as pa

    Facts = dict[str, pa.Table | None]

__all__ = ["facts_of", "shaped"]

_CAME_IN = ("in", "credit", "received", "转入", "收入", "入账", "贷")
_DESCRIBED = ("product", "category", "department", "brand")
_OF_PRODUCTS = (
    *_DESCRIBED, "price", "currency", "repeatable", "hidden", "sold_from", "sold_until", "regions", "margin", "successor_id", "attributes",
    "description",
)  # fmt: skip


def facts_of(kind: str, rows: pa.Table, *, defaults: Defaults) -> dict[str, pa.Table]:
    """Table -> rows, shaped as `core/tables.py` says; tables without a row are left out.

    Args:
        kind: kind of the file.
        rows: parsed rows with `record_id` where the kind has a customer.
        defaults: what the source says once.
    """
    made = _MAKERS[kind](rows, defaults)
    return {name: shaped(name, table, defaults=defaults) for name, table in made.items() if table is not None and table.num_rows}


def shaped(name: str, rows: pa.Table, *, defaults: Defaults) -> pa.Table:
    """All columns of a table in order and type; the origin is filled in, a column that nobody tells is empty."""
    import pyarrow as pa

    fixed = {"batch_id": defaults.batch_id, "source": defaults.system}
    types = {
        "string": pa.string(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
    }
    columns = {}
    for column, type_ in TABLES[name].types.items():
        if column in fixed:
            columns[column] = pa.repeat(fixed[column], rows.num_rows)
        elif column in rows.column_names:
            columns[column] = rows[column].cast(types[type_])
        else:
            columns[column] = pa.nulls(rows.num_rows, types[type_])
    return pa.table(columns)


def _people(rows: pa.Table, defaults: Defaults, *, day: str) -> Facts:
    told = attributes(rows) if defaults.attributes else None
    return {"record": records(rows, defaults, day=day), "attribute": told, "consent": consents(rows, defaults, day=day)}


def _orders(rows: pa.Table, defaults: Defaults) -> Facts:
    told = any(rows[name].null_count < rows.num_rows for name in _DESCRIBED)
    products = _without_charges(_one_a_product(rows.drop(["price", "currency"]))) if told else None
    lines = _renamed(rows, store="store_id", **{"ordered_at.on": "ordered_on"})
    return _people(rows, defaults, day="ordered_at.on") | {"product": products, "order_line": lines}


def _customers(rows: pa.Table, defaults: Defaults) -> Facts:
    """People; a source that says when each row was told knows them since that day at the latest."""
    import pyarrow.compute as pc

    if "told_at.on" in rows.column_names and "since.on" in rows.column_names:
        known = pc.coalesce(rows["since.on"], rows["told_at.on"])
        rows = rows.set_column(rows.schema.get_field_index("since.on"), "since.on", known)
    return _people(rows, defaults, day="since.on" if "since.on" in rows.column_names else "told_at.on")


def _contacts(rows: pa.Table, defaults: Defaults) -> Facts:
    """People who speak for firms: records of their own, with the name of the firm as what they told of themselves."""
    named = rows.append_column(f"{ATTRIBUTE}firm", rows["firm_name"]) if "firm_name" in rows.column_names else rows
    if "firm_id" not in rows.column_names:
        return _people(named, defaults, day="since.on")
    roles = grouped(rows.filter(rows["firm_id"].is_valid()), ["record_id", "firm_id"], title="last", source_row="min")
    return _people(named, defaults, day="since.on") | {"role": roles}


def _products(rows: pa.Table, _: Defaults) -> Facts:
    """Products, with the margin that follows from price and cost where none is told."""
    import pyarrow.compute as pc

    left = pc.coalesce(rows["margin"], pc.subtract(rows["price"], rows["cost"]))
    made = {
        "margin": left,
        "regions": over_distinct(rows["regions"].combine_chunks(), regions).values,
        "attributes": _properties(rows),
        **{name: rows[f"{name}.on"] for name in ("sold_from", "sold_until") if f"{name}.on" in rows.column_names},
    }
    rest = rows.drop([name for name in made if name in rows.column_names])
    for name, column in made.items():
        rest = rest.append_column(name, column)
    return {"product": _one_a_product(rest)}


def _properties(rows: pa.Table) -> pa.Array:
    """Whatever else a row tells of its product: name and value as JSON, empty where it tells nothing."""
    import pyarrow as pa

    names = sorted(name for name in rows.column_names if name.startswith(ATTRIBUTE))
    told = zip(*(rows[name].to_pylist() for name in names), strict=True) if names else iter([()] * rows.num_rows)
    own = ({name.removeprefix(ATTRIBUTE): value for name, value in zip(names, values, strict=True) if value} for values in told)
    return pa.array([json.dumps(one, ensure_ascii=False) if one else None for one in own], pa.string())


def _one_a_product(rows: pa.Table) -> pa.Table:
    """One row a product: the first that is told of each of its columns."""
    kept = [name for name in _OF_PRODUCTS if name in rows.column_names]
    known = rows.filter(rows["product_id"].is_valid())
    return _renamed(grouped(known, "product_id", **dict.fromkeys(kept, "first"), source_row="min"), product="name")


def _without_charges(products: pa.Table) -> pa.Table:
    """Products of order lines, those that are charges marked as not to be offered; a list of products may say otherwise."""
    return products.append_column("hidden", charges(products["name"])) if "name" in products.column_names else products


def _stock(rows: pa.Table, _: Defaults) -> Facts:
    rows = _renamed(rows, **{"counted_at.on": "counted_on"})
    return {"stock": grouped(rows, ["product_id", "counted_on"], pieces="last", source_row="max")}


def _campaigns(rows: pa.Table, _: Defaults) -> Facts:
    rows = _renamed(rows, campaign="campaign_id", title="name", **{"starts_at.on": "starts_on", "ends_at.on": "ends_on"})
    return {"campaign": grouped(rows, "campaign_id", name="first", kind="first", starts_on="first", ends_on="first", source_row="min")}


def _offers(rows: pa.Table, _: Defaults) -> Facts:
    rows = _renamed(rows, campaign="campaign_id", offer="offer_id")
    return {"offer": grouped(rows, ["campaign_id", "offer_id", "product_id"], source_row="min")}


def _events(rows: pa.Table, defaults: Defaults) -> Facts:
    import pyarrow.compute as pc

    if rows["event_id"].null_count:
        made = _content_ids("e", rows, defaults, ("event", "product_id", "happened_at"))
        rows = rows.set_column(rows.schema.get_field_index("event_id"), "event_id", pc.coalesce(rows["event_id"], made))
    events = _renamed(rows, event="name", **{"happened_at.on": "happened_on"})
    return {"record": records(rows, defaults, day="happened_at.on"), "event": events}


def _touches(rows: pa.Table, defaults: Defaults) -> Facts:
    """Contacts, and who was held back from one.

    The id says who, when, through what and by which policy, and leaves out whether it was a contact: one draw cannot be both, so
    the same draw told the other way is refused as a contradiction.
    """
    import pyarrow.compute as pc

    made = _content_ids("t", rows, defaults, ("campaign", "channel", "touched_at"), told=("policy",))
    unsaid = pc.fill_null(rows["holdout"], False)  # who is in the file was contacted, unless it says otherwise
    rows = rows.set_column(rows.schema.get_field_index("holdout"), "holdout", unsaid)
    touches = _renamed(rows, campaign="campaign_id", **{"touched_at.on": "touched_on"}).append_column("touch_id", made)
    return {"record": records(rows, defaults, day="touched_at.on"), "touch": touches}


def _outcomes(rows: pa.Table, defaults: Defaults) -> Facts:
    import pyarrow as pa
    import pyarrow.compute as pc

    unsaid = pc.if_else(rows["offer"].is_valid(), pa.scalar("redeemed"), pa.scalar("answered"))
    rows = rows.set_column(rows.schema.get_field_index("outcome"), "outcome", pc.coalesce(rows["outcome"], unsaid))
    made = _content_ids("o", rows, defaults, ("campaign", "offer", "outcome", "happened_at"))
    names = {"campaign": "campaign_id", "offer": "offer_id", "outcome": "kind", "happened_at.on": "happened_on"}
    return {"record": records(rows, defaults, day="happened_at.on"), "outcome": _renamed(rows, **names).append_column("outcome_id", made)}


def _transfers(rows: pa.Table, defaults: Defaults) -> Facts:
    """Money moved. What a source calls the way the money went is read as out or in; where it does not say, it went out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if rows["transfer_id"].null_count:
        made = _content_ids("m", rows, defaults, ("payee", "amount", "moved_at"))
        rows = rows.set_column(rows.schema.get_field_index("transfer_id"), "transfer_id", pc.coalesce(rows["transfer_id"], made))
    came_in = pc.is_in(pc.utf8_lower(rows["direction"]), pa.array(_CAME_IN))
    ways = pc.if_else(came_in, pa.scalar("in"), pa.scalar("out"))
    rows = rows.set_column(rows.schema.get_field_index("direction"), "direction", ways)
    return {"record": records(rows, defaults, day="moved_at.on"), "transfer": _renamed(rows, **{"moved_at.on": "moved_on"})}


def _traits(rows: pa.Table, defaults: Defaults) -> Facts:
    """What is said about attributes. Ids begin with the event, so that events of one moment stay in one order in all they say."""
    import pyarrow as pa
    import pyarrow.compute as pc

    needs = pc.is_in(rows["change"], pa.array(["set", "set_once", "increment", "append"]))
    named = pc.or_(rows["trait"].is_valid(), pc.equal(rows["change"], "delete"))
    rows = rows.filter(pc.and_(named, pc.or_(rows["value"].is_valid(), pc.invert(needs))))
    without = pc.if_else(pc.equal(rows["change"], "append"), rows["value"], None)  # an event says one value, but several members
    told = zip(*(rows[name].to_pylist() for name in ("message_id", "record_id", "trait", "change")), without.to_pylist(), strict=True)
    told_at = (str(at) for at in rows["told_at"].to_pylist())
    ids = []
    for (message, *what), at, value in zip(told, told_at, rows["value"].to_pylist(), strict=True):
        said = [part or "" for part in what] + ([] if message else [at, value or ""])
        ids.append(f"{content_id('s', defaults.source, message or at)}/{content_id('', *said)}")
    return {"trait": _renamed(rows, trait="name").append_column("trait_id", pa.array(ids, pa.string()))}


def _content_ids(prefix: str, rows: pa.Table, defaults: Defaults, fields: tuple[str, ...], told: tuple[str, ...] = ()) -> pa.Array:
    """An id from what the row says, for facts that have none of their own: the same row again is the same fact.

    What a row does not tell of the fields `told` is no part of its id, so a column that a source adds leaves older ids as they are.
    """
    import pyarrow as pa

    cells = [rows[name].cast(pa.string()).fill_null("").to_pylist() for name in ("record_id", *fields)]
    more = [[f"{name}={cell}" if cell else "" for cell in rows[name].fill_null("").to_pylist()] for name in told]
    said = zip(zip(*cells, strict=True), zip(*more, strict=True) if told else [()] * rows.num_rows, strict=True)
    return pa.array([content_id(prefix, defaults.system, *row, *filter(None, also)) for row, also in said], pa.string())


def _renamed(rows: pa.Table, **names: str) -> pa.Table:
    return rows.rename_columns([names.get(name, name) for name in rows.column_names])


_MAKERS: dict[str, Callable[[pa.Table, Defaults], Facts]] = {
    "orders": _orders,
    "customers": _customers,
    "contacts": _contacts,
    "products": _products,
    "stock": _stock,
    "campaigns": _campaigns,
    "offers": _offers,
    "events": _events,
    "touches": _touches,
    "outcomes": _outcomes,
    "transfers": _transfers,
    "traits": _traits,
}
