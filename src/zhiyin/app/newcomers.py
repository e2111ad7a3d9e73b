"""What is known of records that are compared, those that came since the generation among them?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from zhiyin.app.known import Fresh, Reader
from zhiyin.store.live import LiveRows

__all__ = ["LiveReader"]

_KEYS = ["kind", "digest", "record_id"]


@dataclass(frozen=True)
class LiveReader(Reader):
    """A generation to read from, with the records and keys that the live loop has met since, looked up as they are asked for.

    Args:
        live: the live rows.
    """

    live: LiveRows | None = None

    def count(self) -> int:
        """How many records there are."""
        return super().count() + (self.live.count_records() if self.live else 0)

    def told(self, records: Sequence[str] | None = None) -> pd.DataFrame:
        """What records tell, see `Reader.told`."""
        rows = self.live.records(records or ()) if self.live else []
        came = pd.DataFrame([(row[0], row[2]) for row in rows], columns=["record_id", "source"])
        return Reader(self.guard, self.frame, replace(Fresh(), records=came)).told(records)

    def _keys(self, column: str, values: Iterable[str]) -> pd.DataFrame:
        wanted = list(values)
        stored = super()._keys(column, wanted)
        came = pd.DataFrame(self.live.keys(column, wanted) if self.live else [], columns=_KEYS)
        return pd.concat([stored, came[list(stored.columns)]], ignore_index=True).drop_duplicates(ignore_index=True)
