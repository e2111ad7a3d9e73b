"""What a batch says about people: records, link keys, attributes, consents, and identifiers for the vault."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from zhiyin.core.fields import ATTRIBUTE, CONSENT, IDENTIFIERS
from zhiyin.unify.addresses import plain_address
from zhiyin.unify.columns import over_distinct
from zhiyin.unify.contacts import identifies_nobody
from zhiyin.unify.identity.keys import MASKED_PHONE, masked_phone, near_keys
from zhiyin.unify.identity.names import name_of
from zhiyin.unify.names import plain_name
from zhiyin.unify.parsing import Defaults
from zhiyin.unify.phones import phone
from zhiyin.unify.values import email, id_number, openid, plain_text

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["attributes", "consents", "grouped", "identifiers", "link_keys", "no_identifiers", "records", "untold"]

_FIRMS = frozenset(["企业", "公司", "单位", "机构", "firm", "company", "business", "organization", "organisation"])
_BESIDE: dict[str, Callable[[str], str | None]] = {"name": plain_name, "address": plain_address}  # their normal forms, for comparing
_COLUMNS = ("record_id", "column", "value", "original", "source_row")


def grouped(rows: pa.Table, key: str | list[str], **columns: str) -> pa.Table:
    """One row a key, in the order of first appearance; of each column its first, last, min or max that is not empty."""
    keys = [key] if isinstance(key, str) else key
    made = rows.group_by(keys, use_threads=False).aggregate(list(columns.items()))
    return made.rename_columns([name.rsplit("_", 1)[0] if name not in keys else name for name in made.column_names])


def records(rows: pa.Table, defaults: Defaults, *, day: str) -> pa.Table:
    """One row a record: owner, team and the first day on which the batch knows it (`day`: the column of days, or empty)."""
    import pyarrow as pa

    known = rows.select(["record_id", "source_row"])
    for name, source, type_ in (("owner_id", "owner", pa.string()), ("team_id", "team", pa.string()), ("since_on", day, pa.date32())):
        known = known.append_column(name, rows[source] if source in rows.column_names else pa.nulls(rows.num_rows, type_))
    known = known.append_column("kind", _kinds(rows))
    made = grouped(known, "record_id", source_row="min", owner_id="last", team_id="last", since_on="min", kind="min")
    return made.append_column("source", pa.repeat(defaults.system, made.num_rows))


def _kinds(rows: pa.Table) -> pa.Array:
    """The kind of each row: a firm where the name is that of one, or where the row says so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = pa.repeat("person", rows.num_rows)
    for name, is_firm in (("name", _is_firm), (f"{ATTRIBUTE}kind", _says_firm), (f"{ATTRIBUTE}类型", _says_firm)):
        if name in rows.column_names:
            told = over_distinct(rows[name].combine_chunks() if hasattr(rows[name], "combine_chunks") else rows[name], is_firm).values
            found = pc.if_else(pc.equal(told, "firm").fill_null(False), "firm", found)
    return found


def _is_firm(name: str) -> str | None:
    return "firm" if name_of(name).shape == "firm" else None


def _says_firm(text: str) -> str | None:
    return "firm" if text.strip().casefold() in _FIRMS else None


def attributes(rows: pa.Table) -> pa.Table | None:
    """One row a record and declared property: what was said last."""
    import pyarrow as pa

    parts = []
    for name in rows.column_names:
        if name.startswith(ATTRIBUTE):
            told = pa.table({"record_id": rows["record_id"], "value": rows[name], "source_row": rows["source_row"]}).filter(
                rows[name].is_valid()
            )
            made = grouped(told, "record_id", value="last", source_row="max")
            parts.append(made.append_column("name", pa.repeat(name.removeprefix(ATTRIBUTE), made.num_rows)))
    return pa.concat_tables(parts) if parts else None


def consents(rows: pa.Table, defaults: Defaults, *, day: str) -> pa.Table | None:
    """One row a record, channel and day; on one day a refusal outweighs an agreement."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = rows[day] if day in rows.column_names else pa.nulls(rows.num_rows, pa.date32())
    fixed = pa.scalar(defaults.imported_on, pa.date32())
    since = pc.coalesce(known, fixed) if day == "ordered_at.on" else pc.coalesce(fixed, known)
    since = pc.coalesce(rows["told_at.on"], since) if "told_at.on" in rows.column_names else since
    since = pc.coalesce(since, pa.scalar(0, pa.int32()).cast(pa.date32()))
    parts = []
    for name in rows.column_names:
        if name.startswith(CONSENT):
            told = pa.table({"record_id": rows["record_id"], "allowed": rows[name], "since_on": since, "source_row": rows["source_row"]})
            made = grouped(told.filter(rows[name].is_valid()), ["record_id", "since_on"], allowed="min", source_row="min")
            parts.append(made.append_column("channel", pa.repeat(name.removeprefix(CONSENT), made.num_rows)))
    return pa.concat_tables(parts) if parts else None


def identifiers(rows: pa.Table, defaults: Defaults) -> pa.Table:
    """One row a record and identifier: record_id, column, value (normalised), original, source_row.

    The customer id of the source is the column `source_key`; the normal forms of names and addresses stand beside them as
    `name_normal` and `address_normal`, empty where a name names nobody. Masked and impossible phones, mails and numbers are left out;
    what a masked phone shows is kept as `masked_phone`.
    """
    import pyarrow as pa

    found = [_told(rows, "source_key", rows["customer"])]
    for name in IDENTIFIERS:
        if name in rows.column_names:
            told = _told(rows, name, rows[name])
            found.append(_normal(told, name, _normaliser(name, defaults.region)))
            if name == "phone":
                found.append(_normal(told, MASKED_PHONE, masked_phone))
            if name in _BESIDE:
                found.append(_beside(told, name))
    return pa.concat_tables([_once(part) for part in found])


def _normal(told: pa.Table, column: str, normaliser: Callable[[str], str | None]) -> pa.Table:
    """The rows whose value can be read, under the name of the column."""
    import pyarrow as pa

    normal = over_distinct(told["original"].combine_chunks(), normaliser).values
    named = told.set_column(1, "column", pa.repeat(column, told.num_rows))
    return named.set_column(2, "value", normal).filter(normal.is_valid())


def _beside(told: pa.Table, name: str) -> pa.Table:
    """The normal form of each row, empty where it says nothing."""
    import pyarrow as pa

    named = told.set_column(1, "column", pa.repeat(f"{name}_normal", told.num_rows))
    plain = over_distinct(told["original"].combine_chunks(), _BESIDE[name]).values.fill_null("")
    return named.set_column(2, "value", plain)


def no_identifiers() -> pa.Table:
    """The empty table of identifiers, of a kind without people."""
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.string()) for name in _COLUMNS if name != "source_row"})


def link_keys(found: pa.Table, rows: pa.Table, *, digest: Callable[[str, str], str]) -> pa.Table:
    """The keyed digests by which records are linked, and those by which they come into question; values that identify nobody have none.

    Args:
        found: of `identifiers`.
        rows: what the identifiers were read from.
        digest: kind and text -> keyed digest.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    linking = found.filter(pc.is_in(found["column"], pa.array([name for name, links in IDENTIFIERS.items() if links])))
    linking = linking.select(["record_id", "column", "value"])
    near = list(zip(*near_keys(found, rows), strict=True)) or [(), (), ()]
    named = pa.table({name: pa.array(cells, pa.string()) for name, cells in zip(("record_id", "column", "value"), near, strict=True)})
    both = pa.concat_tables([linking, named]).group_by(["record_id", "column", "value"], use_threads=False).aggregate([])
    first = grouped(found.select(["record_id", "source_row"]), "record_id", source_row="min")
    both = both.join(first, "record_id", use_threads=False)
    pairs = list(zip(both["column"].to_pylist(), both["value"].to_pylist(), strict=True))
    digests = {pair: None if identifies_nobody(*pair) else digest(*pair) for pair in dict.fromkeys(pairs)}
    made = pa.array([digests[pair] for pair in pairs], pa.string())
    keys = pa.table({"record_id": both["record_id"], "kind": both["column"], "digest": made, "source_row": both["source_row"]})
    return keys.filter(made.is_valid())


def _told(rows: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    import pyarrow as pa

    told = pa.table({"record_id": rows["record_id"], "original": values, "source_row": rows["source_row"]}).filter(values.is_valid())
    made = grouped(told, ["record_id", "original"], source_row="min")
    named = pa.repeat(column, made.num_rows)
    return pa.table([made["record_id"], named, made["original"], made["original"], made["source_row"]], names=list(_COLUMNS))


def _once(told: pa.Table) -> pa.Table:
    """One row a record, column and normalised value."""
    made = grouped(told, ["record_id", "column", "value"], original="first", source_row="min")
    return made.select(list(_COLUMNS))


def untold(found: pa.Table, told: set[int], *, names: tuple[str, ...] = ("record_id", "column", "value")) -> pa.Table:
    """What no earlier batch of the import has told in these columns; `told` remembers it."""
    import pyarrow as pa

    rows = zip(*(found[name].to_pylist() for name in names), strict=True)
    hashes = [hash(row) for row in rows]
    fresh = pa.array([one not in told for one in hashes], pa.bool_())
    told.update(hashes)
    return found.filter(fresh)


def _normaliser(name: str, region: str) -> Callable[[str], str | None]:
    known: dict[str, Callable[[str], str | None]] = {
        "phone": partial(phone, region=region),
        "email": email,
        "openid": openid,
        "id_number": id_number,
    }
    return known.get(name, plain_text)
