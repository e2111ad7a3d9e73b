"""Order lines that cannot be meant as they stand: taken out with the reason, listed, and brought back for good."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from zhiyin.app.reading import published_guard
from zhiyin.app.refusing import refuse
from zhiyin.app.rows import Rows
from zhiyin.core.clock import utc_now, zone
from zhiyin.core.errors import NotFound
from zhiyin.core.tables import TABLES
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.guard.access import OWNER, Access
from zhiyin.unify.outliers import OUTLIERS, first_believable, outliers

if TYPE_CHECKING:
    from zhiyin.app.home import Home
    from zhiyin.app.intake import Imported
    from zhiyin.store.lake import LakeBuild

__all__ = ["quarantine", "quarantined", "restore"]

_TABLE = "order_line"
_FIELDS = {"outlier_quantity": "quantity", "outlier_price": "price", "outlier_sign": "amount"}
_ACCESS = Access(OWNER, "measurement")


def quarantine(home: Home, build: LakeBuild, *, imported: Sequence[Imported]) -> None:
    """Take the lines of these imports that cannot be meant out of the facts, and keep them as refused with the reason."""
    results = {result.batch_id: result for result in imported if result.tables[_TABLE]}
    if not results:
        return
    lines, products = build.table(_TABLE), build.table("product")
    days = build.frame(lines.group_by("ordered_on").agg(count=lines.count()))
    since = first_believable([(pd.Timestamp(day).date(), int(count)) for day, count in days.itertuples(index=False)])
    found = build.frame(outliers(lines, products, batches=sorted(results), days=(since, _today(home)), keep=build.scratch))
    if found.empty:
        return
    keys = build.scratch("outliers", found[["source", "line_id"]].astype("string"))
    rows = build.frame(lines.semi_join(keys, ["source", "line_id"]))
    said = found.assign(since=since).merge(rows, on=["source", "line_id"], suffixes=("", "_line"))
    build.remove(_TABLE, keys)
    for batch_id, part in said.groupby("batch_id"):
        _keep(home, build, part, results[str(batch_id)])
    _recount(build, {str(batch_id): len(part) for batch_id, part in said.groupby("batch_id")})


def _today(home: Home) -> date:
    """The local day; where the setting `as_of` lets another time be lived in, the end of its year."""
    today, at = utc_now().astimezone(zone(home.settings.timezone)).date(), home.settings.as_of
    return max(today, at + timedelta(days=366)) if at else today


def quarantined(home: Home) -> Rows:
    """The order lines that wait for a person, the latest import first."""
    with published_guard(home, utc_now) as guard:
        rows = guard.rows("refused", _ACCESS, where={"code": list(OUTLIERS)}, order="source, code, source_row")
    shown = ("source", "source_row", "code", "reason_zh", "reason_en")
    return Rows([{**{name: row[name] for name in shown}, "row": f"{row['source']}:{row['source_row']}"} for row in rows])


def restore(home: Home, what: str) -> Mapping[str, object]:
    """Bring lines back into the facts for good: all of a code, or one as `SOURCE:ROW`; the next run counts them.

    A line is judged when it comes. What stands in the facts is known when it comes again, so it is not judged a second time.

    Raises:
        NotFound: when nothing in quarantine has this code or place.
    """
    source, _, at = what.rpartition(":")
    where: dict[str, object] = {"code": what} if what in OUTLIERS else {"source": source, "code": list(OUTLIERS)}
    with published_guard(home, utc_now) as guard:
        rows = guard.rows("refused", Access(OWNER, "identity"), where=where)
        rows = [row for row in rows if what in OUTLIERS or str(row["source_row"]) == at]
        if not rows:
            raise NotFound(
                Say("隔离区里没有这样的行。", "Nothing like this is in quarantine."),
                got=what,
                fix=Say(
                    "`zhiyin quarantine` 列出隔离的行；写原因代码，或 来源:行号。",
                    "`zhiyin quarantine` lists them; name a code, or SOURCE:ROW.",
                ),
            )
        raw = [json.loads(guard.refused_row(str(row["sealed_id"]), Access(OWNER, "identity"), reason=f"restore {what}")) for row in rows]
    lines = pa.Table.from_pylist([_line(one) for one in raw], schema=_schema())
    with home.lake.build(carry=TABLES) as build:
        home.tidy()
        added = build.append(_TABLE, lines)
        keys = pd.DataFrame([{name: row[name] for name in TABLES["refused"].key} for row in rows])
        build.remove("refused", build.scratch("restored", keys))
        _recount(build, {batch_id: -count for batch_id, count in Counter(str(row["batch_id"]) for row in rows).items()})
        build.publish()
    return {"restored": added.stored, "known": added.duplicate + added.conflicts.num_rows, "lines": len(rows)}


def _keep(home: Home, build: LakeBuild, part: pd.DataFrame, result: Imported) -> None:
    """Write down the lines of one import as refused, each with its sentence, and what they said."""
    sentences = [_sentence(row) for row in part.to_dict("records")]
    refused = pa.table(
        {
            "source_row": pa.array(part["source_row"].astype("int64")),
            "code": pa.array(part["code"], pa.string()),
            "field": pa.array([_FIELDS.get(code, "ordered_at") for code in part["code"]], pa.string()),
            "reason_zh": pa.array([sentence.zh for sentence in sentences], pa.string()),
            "reason_en": pa.array([sentence.en for sentence in sentences], pa.string()),
        }
    )
    names = TABLES[_TABLE].names
    raw = {int(row["source_row"]): json.dumps({name: _plain(row[name]) for name in names}).encode() for row in part.to_dict("records")}
    result.stored -= len(part)
    result.tables[_TABLE] -= len(part)
    refuse(home, build, refused=refused, raw=raw, result=result)


def _recount(build: LakeBuild, moved: Mapping[str, int]) -> None:
    """So many lines of each import went from stored to refused."""
    batches = build.frame(build.table("batch"))
    mine = batches[batches["batch_id"].isin(moved)].copy()
    counts = mine["batch_id"].map(moved)
    mine = mine.assign(stored=mine["stored"] - counts, refused=mine["refused"] + counts)
    build.amend("batch", build.scratch("recounted", mine[list(TABLES["batch"].names)]))


def _sentence(row: Mapping[Any, Any]) -> Say:
    code = str(row["code"])
    currency = str(row["currency"])

    def told(value: object) -> str:
        return money_text(float(str(value)), currency) if code in ("outlier_price", "outlier_sign") else f"{float(str(value)):,.10g}"

    if code in ("outlier_future", "outlier_early"):
        return OUTLIERS[code].fill(value=pd.Timestamp(row["ordered_on"]).date(), usual=row["since"])
    return OUTLIERS[code].fill(value=told(row["value"]), usual=told(row["usual"]))


def _plain(value: object) -> object:
    """A cell for JSON: times and days as text."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _line(said: Mapping[str, Any]) -> dict[str, object]:
    """A line as it was stored."""
    types = TABLES[_TABLE].types
    return {
        name: datetime.fromisoformat(value)
        if types[name] == "timestamp" and value
        else date.fromisoformat(value[:10])
        if types[name] == "date" and value
        else int(value)
        if types[name] == "int64" and value is not None
        else value
        for name, value in said.items()
    }


def _schema() -> pa.Schema:
    types = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "date": pa.date32(), "timestamp": pa.timestamp("us")}
    return pa.schema([(name, types[type_]) for name, type_ in TABLES[_TABLE].types.items()])
