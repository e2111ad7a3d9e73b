"""Who wanted what today, of the live rows?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from zhiyin.store.ledger import Ledger

__all__ = ["LiveDay"]


class LiveDay:
    """What the live rows say of all customers of one day.

    Args:
        ledger: where they are kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def steps(self, day: str, names: Sequence[str]) -> list[tuple[str, str]]:
        """Record and product of each event of these names on a local day, each pair once."""
        query = (
            "SELECT DISTINCT record_id, product_id FROM live_step WHERE happened_on = ? AND name IN (SELECT value FROM json_each(?))"
            " ORDER BY record_id, product_id"
        )
        with self._ledger.read() as connection:
            return [(str(row[0]), str(row[1])) for row in connection.exec_driver_sql(query, (day, json.dumps(list(names))))]

    def sources(self, records: Iterable[str]) -> dict[str, str]:
        """Record -> system, of those who came since the last generation."""
        query = "SELECT record_id, source FROM live_record WHERE record_id IN (SELECT value FROM json_each(?))"
        with self._ledger.read() as connection:
            return {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(query, (json.dumps(sorted(records)),))}
