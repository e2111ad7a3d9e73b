"""The SQL that the relations of unify become, for DuckDB and for Databricks (Spark SQL).

A change of a file under tests/golden/unify is a change of what is computed, or of the engine's compiler: read the
difference, then renew the files and commit them with the change:

    PYTHONPATH=src:tests python -m golden.test_unify_sql
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import ibis
import pytest

from zhiyin.core.tables import TABLES
from zhiyin.unify.activity import activity
from zhiyin.unify.facts import Facts, gather
from zhiyin.unify.features import features
from zhiyin.unify.interests import interests
from zhiyin.unify.offers import offers, received
from zhiyin.unify.outliers import outliers
from zhiyin.unify.preferred import preferred_categories, with_inferred
from zhiyin.unify.profile import profile
from zhiyin.unify.reach import reach
from zhiyin.unify.stages import stages

FOLDER = Path(__file__).parent / "unify"
DIALECTS = ("duckdb", "databricks")
NAMES = ("record", "identity", "order_line", "product", "attribute", "event", "touch", "outcome", "campaign", "offer")
AT = [date(2026, 10, 24), date(2026, 11, 21)]


@cache
def _lake() -> Facts:
    return gather({name: ibis.table(TABLES[name].types, name=name) for name in NAMES}, currency="CNY")


@cache
def _stored() -> Facts:
    """The facts as a run keeps them, so that each file shows one step."""
    return _lake().kept(lambda name, table: ibis.table(table.schema(), name=name))


def _table(name: str) -> ibis.Table:
    return ibis.table(TABLES[name].types, name=name)


def _outliers() -> ibis.Table:
    """With the suspects stored, as an import keeps them."""
    known = (date(2023, 1, 1), AT[1])
    return outliers(
        _table("order_line"), _table("product"), batches=["b1"], days=known, keep=lambda name, table: ibis.table(table.schema(), name=name)
    )


RELATIONS: dict[str, Callable[[], ibis.Table]] = {
    "activity": lambda: activity({name: ibis.table(TABLES[name].types, name=name) for name in ("batch", *NAMES)}, currency="CNY"),
    "customers": lambda: _lake().customers,
    "lines": lambda: _lake().lines,
    "days": lambda: _lake().days,
    "category_days": lambda: _lake().category_days,
    "visits": lambda: _lake().visits,
    "contacts": lambda: _lake().contacts,
    "attributes": lambda: _lake().attributes,
    "outliers": _outliers,
    "preferred_categories": lambda: preferred_categories(_stored().category_days),
    "with_inferred": lambda: with_inferred(_table("product"), _table("fill")),
    "reach": lambda: reach(_table("link_key"), _table("bad_contact"), identity=_table("identity")),
    "stages": lambda: stages(_stored().days, at=AT[1]),
    "profile": lambda: profile(_stored(), at=AT[1]),
    "features": lambda: features(_stored(), AT),
    "interests": lambda: interests(_stored(), AT),
    "received": lambda: received(_stored()),
    "offers": lambda: offers(_stored(), received(_stored())),
}


def _sql(name: str, dialect: str) -> str:
    return str(ibis.to_sql(RELATIONS[name](), dialect=dialect)) + "\n"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", RELATIONS)
def test_sql_is_as_reviewed(name, dialect):
    golden = (FOLDER / f"{name}.{dialect}.sql").read_text(encoding="utf-8")
    assert _sql(name, dialect) == golden, "read the module's first lines on how to renew"


def test_no_file_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.{dialect}.sql" for name in RELATIONS for dialect in DIALECTS}


if __name__ == "__main__":
    for relation in RELATIONS:
        for engine in DIALECTS:
            (FOLDER / f"{relation}.{engine}.sql").write_text(_sql(relation, engine), encoding="utf-8")
