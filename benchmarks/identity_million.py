"""How long does it take to link a million records, and how much memory: vault, findings, conflicts, merge log and customers?

`PYTHONPATH=src python benchmarks/identity_million.py [--records 1000000] [--json FILE]`
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from zhiyin.app.home import Home, create_home, open_home
from zhiyin.app.known import Reader
from zhiyin.app.linking import link_new
from zhiyin.app.reading import published
from zhiyin.core.clock import utc_now
from zhiyin.core.tables import table_named
from zhiyin.sandbox.names import homophone, masked, person_name
from zhiyin.sandbox.places import CITIES, address, phone
from zhiyin.unify.identity.findings import city_of, place_of
from zhiyin.unify.identity.keys import shown_of
from zhiyin.unify.identity.names import name_of
from zhiyin.unify.merge import resolve

Row = tuple[str, str, str, str, str, str]  # record, system, name, phone, address, city


def told(person: int) -> Iterator[Row]:
    """The records of one person: CRM, half of them the mall as well, a third a marketplace that masks, a fifth the till."""
    woman, city = bool(person % 2), CITIES[person % len(CITIES)].name
    name, number = person_name(person * 2_654_435_761 % 2**61, woman=woman, born=1950 + person % 55), f"+86{phone(2 * person)}"
    mobile = f"+86{phone(2 * person + 1)}" if person % 10 == 3 else number
    yield f"r{person}a", "crm", name, number, "", city
    if person % 2:
        yield f"r{person}b", "mall", homophone(name, person) if person % 7 == 0 else name, mobile, address(person, city), ""
    if person % 3 == 0:
        yield f"r{person}c", "tmall", masked(name, person), f"*{mobile}", "", ""
    if person % 5 == 0:
        yield f"r{person}d", "pos", "", mobile, "", ""


def keys_of(home: Home, row: Row) -> Iterator[tuple[str, str, str]]:
    """The link keys that an import would make."""
    record, _, name, number, where, city = row
    whole = number.lstrip("*")
    if number == whole:
        yield record, "phone", home.vault.digest("phone", whole)
    yield record, "near_phone", home.vault.digest("near_phone", shown_of(whole) or "")
    place = place_of(where) if where else None
    sound = name_of(name).sound if name else ""
    lives = city_of(city) if city else place.city if place else ""
    if sound and lives:
        yield record, "near_name", home.vault.digest("near_name", f"{sound} {lives}")
    if place and place.door:
        yield record, "near_door", home.vault.digest("near_door", f"{place.city} {place.district} {place.door}")


def filled(home: Home, records: int) -> None:
    """A workspace with so many records."""
    rows: list[Row] = []
    person = 0
    while len(rows) < records:
        rows += told(person)
        person += 1
    keys = [key for row in rows for key in keys_of(home, row)]
    home.vault.seal((row[0], name, text) for row in rows for name, text in (("name", row[2]), ("address", row[4])) if text)
    with home.lake.build(carry=[]) as build:
        build.write("record", _table("record", ["record_id", "source"], [row[:2] for row in rows]))
        build.write("link_key", _table("link_key", ["record_id", "kind", "digest"], keys))
        build.write("attribute", _table("attribute", ["record_id", "name", "value"], [(row[0], "city", row[5]) for row in rows if row[5]]))
        build.publish()


def _table(name: str, columns: list[str], rows: list[tuple[str, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    for column in table_named(name).columns:
        if column.name not in frame:
            frame[column.name] = pd.Series(dtype="float64") if column.type in ("int64", "float64") else None
    return frame[list(table_named(name).names)]


def main() -> None:
    """Fill, link, and tell the time and the memory."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=1_000_000)
    asked.add_argument("--json", type=Path)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        create_home(Path(folder) / "w")
        home = open_home(Path(folder) / "w", lake={"memory_mb": 2000})
        filled(home, wanted.records)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        began, worked = time.perf_counter(), time.process_time()
        with published(home, utc_now) as (view, guard):
            findings = link_new(home, Reader(guard, view.frame))
            linked = time.perf_counter() - began
            records = view.frame(view.table("record").select("record_id", "source", "since_on"))
        who = resolve(records, home.merges.findings())
        row = {
            "records": len(records),
            "findings": findings,
            "customers": int(who["customer_id"].nunique()),
            "seconds": round(time.perf_counter() - began, 1),
            "of them linking": round(linked, 1),
            "cpu_seconds": round(time.process_time() - worked, 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "peak_mb_before": before,
        }
        home.close()
    print(json.dumps(row))
    if wanted.json:
        wanted.json.write_text(json.dumps(row), "utf-8")


if __name__ == "__main__":
    main()
