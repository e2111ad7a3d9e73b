"""Folders of truth written by hand, for the invented shop."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from journeys.shop import DAY, Size

__all__ = ["PERSON", "members", "shop_truth", "write_truth"]

PERSON = (
    "person_id", "kind", "persona", "city", "need", "habit", "put_off", "left_on", "left_cause", "orders_28d", "spend_28d_cny",
    "spend_365d_cny", "effect", "gain_cny",
)  # fmt: skip
HEADS = {
    "person.csv": PERSON,
    "record.csv": ("system", "native_id", "person_id"),
    "bought.csv": ("person_id", "product_id", "category", "on", "amount_cny"),
    "need_shift.csv": ("person_id", "on", "before", "after", "words"),
    "spike.csv": ("starts_on", "ends_on", "system", "category", "factor"),
    "fraud.csv": ("system", "fact_id", "person_id", "kind", "on"),
    "kpi.csv": ("month", "system", "orders", "customers", "revenue_cny"),
    "bad_row.csv": ("file", "row", "what"),
    "message.csv": ("system", "message_id", "person_id", "topic", "sentiment"),
}


def write_truth(folder: Path, tables: Mapping[str, Iterable[Sequence[object]]], **manifest: object) -> Path:
    """The folder as the sandbox writes it; a table that is not named is empty."""
    folder.mkdir(parents=True)
    files = {}
    for name, head in HEADS.items():
        rows = list(tables.get(name, []))
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
        files[name] = {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(), "rows": len(rows)}
    ends_on = DAY - timedelta(days=1)
    said = {
        "format": 1,
        "scenario": "appliances",
        "seed": 7,
        "customers": 132,
        "days": 266,
        "begins_on": "2026-01-05",
        "ends_on": str(ends_on),
    }
    (folder / "manifest.json").write_text(json.dumps({**said, "future_days": 28, "files": files, **manifest}), "utf-8")
    return folder


def members() -> list[tuple[str, str, int]]:
    """system, native_id, person_id of every record of the shop: member m is M1000+m in the shop and K5000+m in the CRM."""
    size = Size()
    everybody = range(size.customers + size.customers // 10)
    cards = [("crm", f"K{5000 + m}", m) for m in everybody if not (m < size.customers and m % 5 == 4) and m != 131]
    return [*[("shop", f"M{1000 + m}", m) for m in range(size.customers)], *cards, ("crm", "M1005", 131)]


def shop_truth(folder: Path, persons: Mapping[int, Mapping[str, object]], **tables: Iterable[Sequence[object]]) -> Path:
    """The truth of the shop: every member with the columns given, the records, and further tables (`kpi`, `bought`)."""
    plain = {"kind": "person", "persona": "plain", "habit": "light", "put_off": 0, "orders_28d": 0, "effect": 0, "gain_cny": 0}
    rows = [[{**plain, **persons.get(m, {}), "person_id": m}.get(name, "") for name in PERSON] for m in range(132)]
    made = {"person.csv": rows, "record.csv": members(), **{f"{name}.csv": table for name, table in tables.items()}}
    return write_truth(folder, made)
