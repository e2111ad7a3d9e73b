"""The SQL that the relations of predict become, for DuckDB and for Databricks (Spark SQL); see test_unify_sql.py on how to read a change.

PYTHONPATH=src:tests python -m golden.test_predict_sql
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import ibis
import pytest

from predict.rules.speech import speech
from zhiyin.core.tables import TABLES
from zhiyin.predict.membership import moves
from zhiyin.predict.novelty import new_shares
from zhiyin.predict.portrait import portrait
from zhiyin.predict.preferences import counts, pairs
from zhiyin.predict.rules.filters import members
from zhiyin.predict.rules.parse import parse

FOLDER = Path(__file__).parent / "predict"
DIALECTS = ("duckdb", "databricks")
AT = date(2026, 11, 21)
RULE = 'spend >= ¥5,000 and days_since_order > 60 and city in ("上海", "杭州") and not tier = "champion"'
JOINED = (
    "年龄 between 18 and 30 and attribute.birthday < 40 years ago and interests = 乳品 and discount_share_84d >= 30% and kind = person"
    " and prediction.churn >= 60% and prediction.category_raise is known and segment.behaviour = g1 and not city = 上海"
)


def _tables(*names: str) -> dict[str, ibis.Table]:
    return {name: ibis.table(TABLES[name].types, name=name) for name in names}


def _members(rule: str) -> ibis.Table:
    return members(parse(rule, speech()), _tables("profile", "profile_at", "customer", "prediction", "segment"), at=AT)


def _moves() -> ibis.Table:
    today = ibis.table({"customer_id": "string", "scheme": "string", "segment_id": "string"}, name="today")
    return moves(_tables("membership")["membership"], today, at=AT).amended


def _group() -> ibis.Table:
    return ibis.table({"customer_id": "string"}, name="members")


def _portrait() -> ibis.Table:
    tables = _tables("profile", "profile_at")
    return portrait(tables["profile"], tables["profile_at"], members=_group(), at=AT)


def _counts() -> ibis.Table:
    held = ibis.table({"customer_id": "string", "kind": "string", "thing": "string"}, name="pairs")
    return counts(held, everybody=_tables("profile")["profile"], members=_group())


RELATIONS: dict[str, Callable[[], ibis.Table]] = {
    "members": lambda: _members(RULE),
    "members_joined": lambda: _members(JOINED),
    "moves": _moves,
    "pairs": lambda: pairs(_tables("profile", "order_line", "product", "attribute", "identity"), at=AT),
    "counts": _counts,
    "portrait": _portrait,
    "new_shares": lambda: new_shares(
        ibis.table({"customer_id": "string", "product_id": "string", "on": "date", "amount": "int64"}, name="lines"), at=AT
    ),
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
    FOLDER.mkdir(exist_ok=True)
    for relation in RELATIONS:
        for engine in DIALECTS:
            (FOLDER / f"{relation}.{engine}.sql").write_text(_sql(relation, engine), encoding="utf-8")
