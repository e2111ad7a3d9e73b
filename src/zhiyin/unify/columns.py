"""A raw column as a typed one: typed input goes through Arrow, text is parsed once for every distinct value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zhiyin.unify.times import FIRST_MOMENT, LAST_MOMENT, AmbiguousDate, DateOrder, date_order, local_days, moment, utc_of_local
from zhiyin.unify.values import flag, money, number, plain_text, probability, whole_id

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

__all__ = [
    "LARGEST",
    "Parsed",
    "Times",
    "as_text",
    "flags",
    "ids",
    "moneys",
    "numbers",
    "over_distinct",
    "over_values",
    "probabilities",
    "texts",
    "times",
]

EXACT = 2**53  # a float of this size no longer holds every whole number
LARGEST = 1e13  # of a number: above it a double cannot hold the cents
_ISO = r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)?$"


@dataclass(frozen=True)
class Parsed:
    """The values of a column, empty where there is none, and masks of the rows that could not be read: code -> rows."""

    values: pa.Array
    problems: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Times:
    """Instants (timestamp, UTC) with their local days (date32), and what could not be read."""

    at: pa.Array
    on: pa.Array
    problems: dict[str, np.ndarray] = field(default_factory=dict)


def texts(raw: pa.ChunkedArray) -> Parsed:
    """Free text, without control characters and blanks around it."""
    return over_distinct(as_text(raw), plain_text)


def ids(raw: pa.ChunkedArray) -> Parsed:
    """Ids as text; whole floats lose their `.0`, numbers in scientific notation are refused as damaged."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _plain(raw)
    if pa.types.is_integer(values.type):
        return Parsed(values.cast(pa.string()))
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)
        damaged = pc.greater_equal(pc.abs(values), float(EXACT)).fill_null(False)
        whole = pc.if_else(pc.equal(values, pc.floor(values)), values, None)
        text = pc.coalesce(pc.if_else(damaged, None, whole).cast(pa.int64()).cast(pa.string()), values.cast(pa.string()))
        return Parsed(text, _problems({"damaged_id": damaged}))
    return over_distinct(as_text(values), whole_id, wrong={ValueError: "damaged_id"})


def numbers(raw: pa.ChunkedArray) -> Parsed:
    """Pieces and points as floats."""
    return _floats(raw, number, {ValueError: "bad_number"})


def moneys(raw: pa.ChunkedArray, currency: str) -> Parsed:
    """Amounts in whole units as floats; with `currency`, signs of other currencies are refused."""
    wrong = {LookupError: "unknown_currency", ValueError: "bad_money"}
    return _floats(raw, lambda text: money(text, currency), wrong)


def probabilities(raw: pa.ChunkedArray) -> Parsed:
    """Shares above 0 and up to 1; any other number is refused."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parsed = _floats(raw, probability, {ValueError: "bad_probability"})
    outside = pc.or_(pc.less_equal(parsed.values, 0.0), pc.greater(parsed.values, 1.0)).fill_null(False)
    found = pc.if_else(outside, pa.scalar(None, pa.float64()), parsed.values)
    rows = outside.to_numpy(zero_copy_only=False) | parsed.problems.get("bad_probability", False)
    return Parsed(found, {"bad_probability": rows} if rows.any() else {})


def flags(raw: pa.ChunkedArray, *, parse: Callable[[str], bool | None] = flag, wrong: dict[type[Exception], str] | None = None) -> Parsed:
    """Yes and no, as `parse` reads them; by default text that says neither is no value."""
    import pyarrow as pa

    values = _plain(raw)
    return Parsed(values) if pa.types.is_boolean(values.type) else over_distinct(as_text(values), parse, to=pa.bool_(), wrong=wrong)


def times(raw: pa.ChunkedArray, zone: ZoneInfo, *, order: DateOrder, days_in: ZoneInfo) -> Times:
    """Instants and local days; times without a zone are local in `zone`, days are counted in `days_in`."""
    import numpy as np
    import pyarrow as pa

    at, in_utc, problems = _microseconds(_plain(raw), order)
    known = at.is_valid().to_numpy(zero_copy_only=False)
    micros = at.fill_null(0).to_numpy(zero_copy_only=False)
    strange = known & ((micros < FIRST_MOMENT) | (micros >= LAST_MOMENT))
    if strange.any():
        known, micros = known & ~strange, np.where(strange, 0, micros)
        problems = problems | {"bad_time": problems.get("bad_time", False) | strange}
    local = ~in_utc
    utc = micros.copy()
    utc[local] = utc_of_local(micros[local], zone)
    same = zone == days_in  # a local day needs no way there and back
    days = np.where(local, micros // 86_400_000_000, 0) if same else np.zeros_like(utc)
    there = in_utc if same else np.ones_like(in_utc)
    days[there] = local_days(utc[there], days_in)
    return Times(
        pa.array(utc, pa.int64(), mask=~known).cast(pa.timestamp("us")),
        pa.array(days.astype(np.int32), pa.int32(), mask=~known).cast(pa.date32()),
        problems,
    )


def over_distinct(
    values: pa.Array, parse: Callable[[str], object], *, to: pa.DataType = None, wrong: dict[type[Exception], str] | None = None
) -> Parsed:
    """Parse every distinct text once; `wrong` names the code of each exception that `parse` may raise."""
    import numpy as np
    import pyarrow as pa

    encoded = values.dictionary_encode()
    wrong = wrong or {}
    found: list[object] = []
    bad: dict[str, list[int]] = {}
    for at, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            found.append(parse(text))
        except tuple(wrong) as problem:
            code = next(code for kind, code in wrong.items() if isinstance(problem, kind))
            bad.setdefault(code, []).append(at)
            found.append(None)
    parsed = pa.array(found, to or pa.string()).take(encoded.indices)
    if not bad:
        return Parsed(parsed)
    where = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Parsed(parsed, {code: np.isin(where, at) for code, at in bad.items()})


def as_text(raw: Any) -> pa.Array:  # noqa: ANN401 - an array or a chunked one
    """Any column as text."""
    import pyarrow as pa

    values = _plain(raw)
    return values if pa.types.is_string(values.type) else values.cast(pa.string())


def over_values(values: pa.Array, make: Callable[[list[str]], list[str]]) -> pa.Array:
    """Ask once for all distinct texts."""
    import pyarrow as pa

    encoded = values.dictionary_encode()
    return pa.array(make(encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def _floats(raw: pa.ChunkedArray, parse: Callable[[str], float | None], wrong: dict[type[Exception], str]) -> Parsed:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _plain(raw)
    is_number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)
    if is_number:
        parsed = Parsed(
            pc.if_else(pc.is_nan(values), None, values).cast(pa.float64())
            if pa.types.is_floating(values.type)
            else values.cast(pa.float64())
        )
    else:
        parsed = over_distinct(as_text(values), parse, to=pa.float64(), wrong=wrong)
    return _bounded(parsed, wrong[ValueError])


def _bounded(parsed: Parsed, code: str) -> Parsed:
    import pyarrow as pa
    import pyarrow.compute as pc

    too_large = pc.greater(pc.abs(parsed.values), LARGEST).fill_null(False)
    rows = too_large.to_numpy(zero_copy_only=False)
    if not rows.any():
        return parsed
    bounded = pc.if_else(too_large, pa.scalar(None, pa.float64()), parsed.values)
    return Parsed(bounded, parsed.problems | {code: rows | parsed.problems.get(code, False)})


def _problems(masks: dict[str, pa.Array]) -> dict[str, np.ndarray]:
    found = {code: mask.to_numpy(zero_copy_only=False) for code, mask in masks.items()}
    return {code: mask for code, mask in found.items() if mask.any()}


def _microseconds(values: pa.Array, order: DateOrder) -> tuple[pa.Array, np.ndarray, dict[str, np.ndarray]]:
    """Microseconds since 1970, which of them are UTC, and the masks of what could not be read."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(values.type):
        in_utc = np.full(len(values), values.type.tz is not None)
        return pc.cast(values, pa.timestamp("us", values.type.tz), safe=False).cast(pa.int64()), in_utc, {}
    if pa.types.is_date(values.type):
        return values.cast(pa.timestamp("us")).cast(pa.int64()), np.zeros(len(values), dtype=bool), {}
    text = as_text(values)
    if pc.all(pc.match_substring_regex(text, _ISO)).as_py():
        try:
            return text.cast(pa.timestamp("us")).cast(pa.int64()), np.zeros(len(values), dtype=bool), {}
        except pa.ArrowInvalid:  # 2026-02-30: let the parser say which row
            pass
    return _parsed_moments(text, order)


def _parsed_moments(text: pa.Array, order: DateOrder) -> tuple[pa.Array, np.ndarray, dict[str, np.ndarray]]:
    import pyarrow as pa

    distinct = text.unique().drop_null().to_pylist()
    order = date_order(distinct) if order == "auto" else order
    in_utc: dict[str, bool] = {}

    def parse(value: str) -> int | None:
        found = moment(value, order)
        in_utc[value] = found.in_utc if found else False
        return found.at if found else None

    wrong: dict[type[Exception], str] = {AmbiguousDate: "ambiguous_date", ValueError: "bad_time", OverflowError: "bad_time"}
    parsed = over_distinct(text, parse, to=pa.int64(), wrong=wrong)
    utc = over_distinct(text, lambda value: in_utc.get(value, False), to=pa.bool_()).values.fill_null(False)
    return parsed.values, utc.to_numpy(zero_copy_only=False).copy(), parsed.problems


def _plain(raw: Any) -> pa.Array:  # noqa: ANN401 - an array or a chunked one
    """One array without dictionary."""
    import pyarrow as pa

    values = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    values = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
