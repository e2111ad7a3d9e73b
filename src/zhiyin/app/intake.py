"""From a company's files to facts: read, map, clean, seal what identifies people, store what is new, keep what is refused."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from zhiyin.app.corrections import keep_proposals, propose_emails
from zhiyin.app.home import Home
from zhiyin.app.quarantine import quarantine
from zhiyin.app.reading import guard_over, published_guard
from zhiyin.app.refusing import refuse
from zhiyin.app.settling import settle
from zhiyin.app.work import Progress
from zhiyin.collect.connectors import connector
from zhiyin.collect.fingerprint import fingerprint
from zhiyin.core.clock import utc_now, zone
from zhiyin.core.errors import SettingsError, listed
from zhiyin.core.ids import content_id, keyed_id
from zhiyin.core.log import staged
from zhiyin.core.settings import SourceSettings
from zhiyin.core.tables import FACTS, TABLES
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access
from zhiyin.unify.activity import activity
from zhiyin.unify.clean import FIRST_WINS, KIND_ORDER, Defaults, Typed, typed
from zhiyin.unify.proposals import Proposal
from zhiyin.unify.quality import quality
from zhiyin.unify.updates import UPDATED, amendments

if TYPE_CHECKING:
    from zhiyin.store.lake import LakeBuild

__all__ = ["Imported", "import_sources", "load_sources", "record_ids", "source_named", "store_facts"]

CONTACTS = ".contacts"  # how a system of contacts ends whose firms are customers of the system without it
_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_MEASURE = Say("检查数据质量", "Measure quality")
_CONFLICT = Say("同一编号出现了不同内容。", "The same id came with different content.")


@dataclass
class Imported:
    """What became of one source."""

    source: str
    batch_id: str
    read: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    known: bool = False
    tables: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    said: dict[str, dict[str, object]] = field(default_factory=dict)  # code -> row (the first that was refused for it), zh, en
    dropped: Counter[str] = field(default_factory=Counter)
    changed: set[str] = field(default_factory=set, repr=False)  # records of which traits came: their attributes are to be settled
    proposals: list[Proposal] = field(default_factory=list, repr=False)


def source_named(home: Home, name: str) -> SourceSettings:
    """The [[source]] called `name`.

    Raises:
        SettingsError: when there is none; lists those that exist.
    """
    for source in home.settings.source:
        if source.name == name:
            return source
    known = listed((source.name for source in home.settings.source), most=99) or "-"
    raise SettingsError(
        Say("zhiyin.toml 里没有这个来源。", "zhiyin.toml has no such source."),
        got=name,
        fix=Say(f"已有：{known}。", f"Known: {known}."),
    )


def import_sources(home: Home, sources: list[SourceSettings], *, progress: Progress) -> list[Imported]:
    """Load sources into one new generation, all of them or none, and measure the quality of their data.

    A source whose content and mapping are those of an earlier import is recognised and not read again.

    Raises:
        SettingsError: when there is no source.
    """
    if not sources:
        raise SettingsError(
            Say("zhiyin.toml 里还没有来源。", "zhiyin.toml names no source yet."),
            fix=Say("`zhiyin import 文件 --suggest` 会给出一段 [[source]]。", "`zhiyin import FILE --suggest` proposes a [[source]]."),
        )
    done = load_sources(home, sources, progress=progress, then=_measure)
    keep_proposals(home, [proposal for result in done for proposal in result.proposals])
    pa.default_memory_pool().release_unused()  # 200 MB after a million lines, wanted by the run that often follows
    return done


def load_sources(
    home: Home, sources: list[SourceSettings], *, progress: Progress, then: Callable[[Home, LakeBuild, Progress], None] | None = None
) -> list[Imported]:
    """Load sources into one new generation; `then` is done in it before it is published."""
    marks = [(source, fingerprint(source, home.folder)) for source in sources]
    current = home.lake.current()
    seen = _known_contents(home) if current else {}
    results = [Imported(source.name, seen[mark], known=True) for source, mark in marks if mark in seen]
    fresh = [(source, mark) for source, mark in marks if mark not in seen]
    if not fresh:
        return results
    with home.lake.build(carry=TABLES) as build:
        home.tidy()
        # Full rows come before those that only mention an id, in whatever order zhiyin.toml names the sources.
        for source, mark in sorted(fresh, key=lambda one: KIND_ORDER.index(one[0].kind) if one[0].kind in KIND_ORDER else 0):
            results.append(_import(home, build, source, mark, progress))
        settle(build, set[str]().union(*(result.changed for result in results)))
        quarantine(home, build, imported=[result for result in results if not result.known])
        if then is not None:
            then(home, build, progress)
        build.publish()
    return results


def _known_contents(home: Home) -> dict[str, str]:
    with published_guard(home, utc_now) as guard:
        rows = guard.rows("batch", Access(RUN, "measurement"), where={})
    return {str(row["content"]): str(row["batch_id"]) for row in rows}


def _import(home: Home, build: LakeBuild, source: SourceSettings, mark: str, progress: Progress) -> Imported:
    result = Imported(source.name, content_id("b", source.name, mark))
    defaults = _defaults(home, source, result.batch_id)
    stage = Say(f"导入 {source.name}", f"Import {source.name}")
    with staged(_log, "collect", source.name) as figures:
        for dropped, made in _ahead(_read(home, source, defaults)):
            result.dropped.update(dropped)
            store_facts(home, build, made=made, result=result)
            progress(stage, None)
        build.append("batch", _entry(source, mark, result))
        figures.rows_in, figures.rows_out, figures.refused = result.read, result.stored, result.refused
    progress(stage, 1.0)
    return result


def _read(home: Home, source: SourceSettings, defaults: Defaults) -> Iterator[tuple[Mapping[str, int], Typed]]:
    """The batches of a source as facts, with how often each unknown field was dropped."""
    ids = record_ids(home.vault.keys.ids, defaults.system)
    firms = record_ids(home.vault.keys.ids, defaults.system.removesuffix(CONTACTS))
    for raw in connector(source.connector)(source, home.folder):
        yield raw.dropped, typed(raw.kind, raw, defaults=defaults, record_id=ids, digest=home.vault.digest, firm_id=firms)


def _ahead(pieces: Iterator[_T]) -> Iterator[_T]:
    """The same pieces in the same order; the next one is made while this one is used."""
    with ThreadPoolExecutor(1, "reader") as reader:
        coming = reader.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = reader.submit(next, pieces, None)
            yield piece


def _measure(home: Home, build: LakeBuild, progress: Progress) -> None:
    """Write how complete, valid and fresh the data of each source are; the keys that link records tell only who can be reached."""
    progress(_MEASURE, None)
    guard = guard_over(home, build, clock=utc_now)
    facts = {name: guard.read(name, Access(RUN, "identity" if name == "link_key" else "measurement")) for name in FACTS}
    known = guard.read("quality", Access(RUN, "measurement")) if build.has("quality") else None
    with staged(_log, "unify", "quality") as figures:
        build.write("activity", activity(facts, currency=home.settings.currency))
        at = utc_now().astimezone(zone(home.settings.timezone)).date()
        figures.rows_out = build.write("quality", quality(facts, at=at, known=known))
    progress(_MEASURE, 1.0)


def _defaults(home: Home, source: SourceSettings, batch_id: str) -> Defaults:
    return Defaults(
        system=source.system or source.name,
        source=source.name,
        currency=source.currency or home.settings.currency,
        timezone=source.timezone or home.settings.timezone,
        dates=source.dates,
        batch_id=batch_id,
        days_in=home.settings.timezone,
        imported_on=_holds_since(home),
        needs=source.needs,
        allowed=source.allowed,
    )


def _holds_since(home: Home) -> date:
    """The day since which a consent without a day holds: today, or an earlier day of the list that the settings say, which must see it."""
    today = utc_now().astimezone(zone(home.settings.timezone)).date()
    return min(today, home.settings.as_of or today)


def record_ids(key: bytes, system: str) -> Callable[[Sequence[str]], list[str]]:
    """What gives the customer ids of a system their record ids."""
    return lambda natives: [keyed_id(key, "r", system, native) for native in natives]


def store_facts(home: Home, build: LakeBuild, *, made: Typed, result: Imported) -> None:
    """Seal what identifies people, then add the facts that are new; conflicts and bad rows are kept as refused."""
    # In the order of the vault's file, each page is written once a batch. Measured out of order: before 680 000 records were in, 9 GB
    # had been written for a file of 0.3 GB.
    told = made.identifiers.sort_by("record_id")
    home.vault.seal(zip(*(told[name].to_pylist() for name in ("record_id", "column", "value")), strict=True))
    result.proposals += propose_emails(home, told)
    for name, rows in made.tables.items():
        added = build.append(name, rows)
        result.stored += added.stored
        result.duplicate += added.duplicate
        result.tables[name] += added.stored
        if name == "trait" and added.stored:
            result.changed.update(rows["record_id"].to_pylist())
        if added.conflicts.num_rows:
            _settle(home, build, name, added.conflicts, result)
    refuse(home, build, refused=made.refused, raw=made.raw_refused, result=result)
    result.read += made.rows
    result.duplicate += made.repeated


def _settle(home: Home, build: LakeBuild, name: str, rows: pa.Table, result: Imported) -> None:
    """Rows whose key is known with other content: what describes is brought up to date, what happened is not rewritten."""
    if name in UPDATED:
        build.amend(name, amendments(build.table(name), build.scratch(f"new_{name}", rows), name=name))
    if name in UPDATED or name in FIRST_WINS:
        result.duplicate += rows.num_rows
    else:
        _refuse_conflicts(home, build, name, rows, result)


def _refuse_conflicts(home: Home, build: LakeBuild, table: str, conflicts: pa.Table, result: Imported) -> None:
    rows = conflicts.to_pylist()
    refused = [
        {"source_row": row["source_row"], "code": "id_conflict", "field": table, "reason_zh": _CONFLICT.zh, "reason_en": _CONFLICT.en}
        for row in rows
    ]
    raw = {int(row["source_row"]): json.dumps(row, ensure_ascii=False, default=str).encode() for row in rows}
    refuse(home, build, refused=pa.Table.from_pylist(refused), raw=raw, result=result)


def _entry(source: SourceSettings, mark: str, result: Imported) -> pa.Table:
    row = {
        "batch_id": result.batch_id,
        "source": source.name,
        "content": mark,
        "read": result.read,
        "stored": result.stored,
        "duplicate": result.duplicate,
        "refused": result.refused,
        "dropped": sum(result.dropped.values()),
        "imported_at": utc_now().replace(tzinfo=None),
    }
    return _arrow("batch", [row])


def _arrow(table: str, rows: list[dict[str, object]]) -> pa.Table:
    names = TABLES[table].names
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
