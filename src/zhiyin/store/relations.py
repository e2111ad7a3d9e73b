"""Ibis over a DuckDB whose configuration is locked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import ibis
from ibis.backends.duckdb import Backend
from ibis.expr.operations import InMemoryTable, Node

__all__ = ["LockedBackend"]

_KEPT = 256  # relations whose SQL is remembered; a run of a small shop asks for 100 different ones


class LockedBackend(Backend):  # type: ignore[misc]
    """Ibis 12 on DuckDB 1.5, without the settings it would set and without the calls that DuckDB calls deprecated."""

    def _post_connect(self, extensions: Sequence[str] | None = None) -> None:
        """Keep only the book-keeping: our engine has the time zone set and magic variables off, and its settings locked."""
        self._record_batch_readers_consumed: dict[str, bool] = {}

    def get_schema(self, table_name: str, **place: Any) -> ibis.Schema:  # noqa: ANN401 - catalog and database, as in Ibis
        """The columns and types of a table; `place` names catalog and database."""
        named = ".".join(f'"{part}"' for part in (place.get("catalog"), place.get("database"), table_name) if part)
        rows = self.con.execute(f"DESCRIBE {named}").fetchall()
        mapper = self.compiler.type_mapper
        return ibis.schema({name: mapper.from_string(type_, nullable=empty == "YES") for name, type_, empty, *_ in rows})

    def compile(self, expr: ibis.Expr, /, **options: Any) -> str:  # noqa: ANN401 - limit, params and pretty, as in Ibis
        """The SQL of a relation; of one that was compiled before, in an earlier run of this process too, it is remembered.

        Compiling takes 18 ms a relation: of a second run of a tiny shop on the same day 2.2 of 5.6 s.
        """
        relation = expr.op()
        if any(option is not None for option in options.values()) or relation.find(InMemoryTable):  # a frame would be kept with it
            return str(super().compile(expr, **options))
        return _sql(relation)

    def runnable(self, relation: ibis.Table) -> str:
        """The SQL of a relation, after the frames that it was built from were made known to the engine."""
        self._run_pre_execute_hooks(relation)
        return str(self.compile(relation))


@lru_cache(maxsize=_KEPT)
def _sql(relation: Node) -> str:
    """Names of tables and columns and nothing of a connection are in a relation: equal ones are the same SQL in every workspace."""
    return str(Backend().compile(relation.to_expr()))
