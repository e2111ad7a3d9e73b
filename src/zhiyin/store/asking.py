"""How is a query with values run without waiting for pandas?"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping, Sequence

import duckdb

__all__ = ["asked"]

_own = threading.local()


def asked(
    connection: duckdb.DuckDBPyConnection, query: str, *, values: Sequence[object] | Mapping[str, object]
) -> duckdb.DuckDBPyConnection:
    """Run a query with values, without importing pandas.

    DuckDB looks whether each value is a missing value of pandas and imports pandas for it: a second, for a value that cannot be one
    while nobody has imported pandas. It tries again with the next value, so nothing is lost once pandas is there.
    """
    if "pandas" in sys.modules:
        return connection.execute(query, values)
    if not any(isinstance(finder, _WithoutPandas) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WithoutPandas())
    _own.asking = True
    try:
        return connection.execute(query, values)
    finally:
        _own.asking = False


class _WithoutPandas:
    """Says that there is no pandas, to the thread that is asking and only while it asks."""

    def find_spec(self, name: str, *_: object) -> None:
        """Leave every module to the finders that follow, but pandas while this thread asks."""
        if name == "pandas" and getattr(_own, "asking", False):
            raise ModuleNotFoundError(name, name=name)
