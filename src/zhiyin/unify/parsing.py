"""The raw columns of a batch as typed ones, and the rows that lack what their kind needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from zhiyin.core.clock import zone
from zhiyin.core.fields import IDENTIFIERS, KINDS, Field, field_of
from zhiyin.unify.columns import LARGEST, Parsed, flags, ids, moneys, numbers, over_distinct, probabilities, texts, times
from zhiyin.unify.currency import currencies, minor_units
from zhiyin.unify.occurrences import Occurrences
from zhiyin.unify.refusals import Refusals
from zhiyin.unify.times import DateOrder
from zhiyin.unify.values import change, held_back, outcome

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Defaults", "parsed"]


@dataclass(frozen=True)
class Defaults:
    """What a source says once for all its rows; one object an import, because it also remembers what earlier batches said.

    Args:
        system: system whose customer ids these are.
        source: name of the source.
        currency: ISO code where no column names one.
        timezone: zone of times that are written without one.
        dates: order of day and month where a date is ambiguous; auto: what most rows of the batch prove.
        batch_id: the import.
        days_in: zone in which days are counted; empty: `timezone`.
        imported_on: day since which a consent in a list of customers holds; None: the day on which the customer is first known.
        region: country of phones that are written without one.
        needs: fields that every row must tell, as the source declares.
        allowed: field -> the only values that it may have.
        occurrences: counts the lines with the same product in the same order.
        attributes: whether a row says attributes as they are; False: `traits` say how they change, and they follow from all of those.
        told: hashes of the identifiers that earlier batches gave, so that each goes to the vault once.
    """

    system: str
    source: str
    currency: str
    timezone: str
    dates: DateOrder
    batch_id: str
    days_in: str = ""
    imported_on: date | None = None
    region: str = "CN"
    needs: tuple[str, ...] = ()
    allowed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attributes: bool = True
    occurrences: Occurrences = field(default_factory=Occurrences, repr=False, compare=False)
    told: set[int] = field(default_factory=set, repr=False, compare=False)


def parsed(kind: str, raw: pa.Table, *, defaults: Defaults) -> tuple[pa.Table, Refusals]:
    """The columns that facts are made of, and what is wrong with which row.

    Returns:
        A column a field under its name; of a time field also the local day, as `on`; of money also `currency`, in minor units.
    """
    import pyarrow as pa

    refusals = Refusals(kind, raw.num_rows, declared=(*defaults.needs, *defaults.allowed))
    columns: dict[str, pa.Array] = {"source_row": raw["source_row"].combine_chunks()}
    _other_columns(kind, raw, defaults, columns, refusals)
    for name, known in KINDS[kind].items():
        if known.needed:
            absent = columns[name].is_null().to_numpy(zero_copy_only=False)
            refusals.refuse(absent, "no_customer" if name == "customer" else "missing", field=name)
    _money_columns(kind, raw, defaults, columns, refusals)
    if kind == "orders":
        _order_columns(columns, defaults, refusals)
    if kind == "transfers":
        refusals.refuse(columns["amount"].is_null().to_numpy(zero_copy_only=False), "no_amount", field="amount")
    _declared(columns, defaults, refusals)
    return pa.table(columns), refusals


def _declared(columns: dict[str, pa.Array], defaults: Defaults, refusals: Refusals) -> None:
    """What the source declares of its rows beyond what their kind needs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in defaults.needs:
        absent = columns[name].is_null() if name in columns else pa.repeat(True, len(refusals.kept))
        refusals.refuse(absent.to_numpy(zero_copy_only=False), "missing", field=name)
    for name, values in defaults.allowed.items():
        if name in columns:
            told = columns[name].cast(pa.string())
            other = pc.and_(told.is_valid(), pc.invert(pc.is_in(told, pa.array(list(values), pa.string()))))
            refusals.refuse(other.to_numpy(zero_copy_only=False), "not_allowed", field=name)


def _other_columns(kind: str, raw: pa.Table, defaults: Defaults, columns: dict[str, pa.Array], refusals: Refusals) -> None:
    """Everything but money, in the order of the fields, so that the first problem of a row is that of its first field."""
    import pyarrow as pa

    zones = {"zone": zone(defaults.timezone), "days_in": zone(defaults.days_in or defaults.timezone)}
    for name in dict.fromkeys([*KINDS[kind], *raw.column_names]):
        known = field_of(kind, name) if name in raw.column_names else None
        if known is None or known.type == "money" or name == "currency":
            continue
        if known.type == "time":
            moments = times(raw[name], **zones, order=defaults.dates)
            columns |= {name: moments.at, f"{name}.on": moments.on}
            problems = moments.problems
        else:
            found = _parse(known, raw[name])
            columns[name], problems = found.values, found.problems
        for code, rows in problems.items():
            if name not in IDENTIFIERS:  # an order with a damaged phone is still an order
                refusals.refuse(rows, code, field=name)
    for name, known in KINDS[kind].items():
        if known.type != "money" and name != "currency" and name not in columns and name not in IDENTIFIERS:
            columns[name] = pa.nulls(
                raw.num_rows, pa.float64() if known.type == "number" else pa.bool_() if known.type == "flag" else pa.string()
            )


def _parse(known: Field, raw: pa.ChunkedArray) -> Parsed:
    if known.name == "outcome":
        return over_distinct(texts(raw).values, outcome, wrong={ValueError: "unknown_outcome"})
    if known.name == "change":
        return over_distinct(texts(raw).values, change, wrong={ValueError: "unknown_change"})
    if known.name == "holdout":  # a word that nobody knows must not make a contact of who was held back
        return flags(raw, parse=held_back, wrong={ValueError: "bad_flag"})
    if known.name == "propensity":
        return probabilities(raw)
    if known.type == "id" or known.name in ("phone", "id_number", "openid"):
        return ids(raw)
    return {"number": numbers, "flag": flags}.get(known.type, texts)(raw)


def _money_columns(kind: str, raw: pa.Table, defaults: Defaults, columns: dict[str, pa.Array], refusals: Refusals) -> None:
    import pyarrow as pa

    fields = [name for name, known in KINDS[kind].items() if known.type == "money"]
    if not fields:
        return
    told = texts(raw["currency"]).values if "currency" in raw.column_names else None
    currency = currencies(told, defaults.currency, rows=raw.num_rows)
    for code, rows in currency.problems.items():
        refusals.refuse(rows, code, field="currency")
    columns["currency"] = currency.values
    for name in fields:
        found = (
            moneys(raw[name], "" if told is not None else defaults.currency)
            if name in raw.column_names
            else Parsed(pa.nulls(raw.num_rows, pa.float64()))
        )
        for code, rows in found.problems.items():
            refusals.refuse(rows, code, field=name)
        columns[name] = found.values if kind == "orders" else minor_units(found.values, currency.values)


def _order_columns(columns: dict[str, pa.Array], defaults: Defaults, refusals: Refusals) -> None:
    """What only order lines have: money paid, from the price where no amount is told, and an id of the line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns["product_id"] = pc.coalesce(columns["product_id"], columns["product"])
    pieces = columns["quantity"]
    paid = pc.coalesce(columns["amount"], pc.multiply(columns["price"], pc.coalesce(pieces, pa.scalar(1.0))))
    too_large = pc.greater(pc.abs(paid), LARGEST).fill_null(False)
    refusals.refuse(too_large.to_numpy(zero_copy_only=False), "bad_money", field="amount")
    paid = pc.if_else(too_large, pa.scalar(None, pa.float64()), paid)
    returned = pc.less(pieces, 0.0).fill_null(False)
    paid = pc.if_else(returned, pc.negate(pc.abs(paid)), paid)
    refusals.refuse(paid.is_null().to_numpy(zero_copy_only=False), "no_amount", field="amount")
    for name, values in {"amount": paid, "discount": pc.abs(columns["discount"]), "coupon": pc.abs(columns["coupon"])}.items():
        columns[name] = minor_units(values, columns["currency"])
    if columns["line_id"].null_count:
        columns["line_id"] = pc.coalesce(columns["line_id"], _line_ids(columns, defaults.occurrences))


def _line_ids(columns: dict[str, pa.Array], occurrences: Occurrences) -> pa.Array:
    """Order / product / occurrence. Refused rows count too: once they are corrected, the other lines keep their ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    order, product = columns["order_id"].fill_null(""), columns["product_id"].fill_null("")
    number = pa.array(occurrences.number(order, product)).cast(pa.string())
    return pc.if_else(columns["order_id"].is_valid(), pc.binary_join_element_wise(order, product, number, "/"), None)
