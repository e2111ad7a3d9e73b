import ibis

from predict.generation import published
from predict.rules.customers import AT, tables
from predict.rules.speech import speech
from zhiyin.core.tables import TABLES
from zhiyin.predict.rules.filters import members
from zhiyin.predict.rules.parse import parse


def declared(*names):
    return {name: ibis.table(TABLES[name].types, name=name) for name in names}


def test_each_customer_stands_once_whatever_is_joined(tmp_path):
    frames = tables()
    with published(tmp_path, frames) as view:
        rule = parse("spend >= 0 or prediction.churn >= 0 or orders_28d >= 0 or segment.behaviour = g1 or records >= 0", speech())
        found = view.frame(members(rule, {name: view.table(name) for name in frames}, at=AT))
    assert sorted(found["customer_id"]) == sorted(frames["profile"]["customer_id"])


def test_a_rule_reads_only_the_tables_it_asks_about():
    sql = str(ibis.to_sql(members(parse("spend > 5 and tier = champion", speech()), declared("profile"), at=AT)))
    assert "JOIN" not in sql
    assert "attributes" not in sql
    sql = str(ibis.to_sql(members(parse("records > 1", speech()), declared("profile", "customer"), at=AT)))
    assert sql.count("JOIN") == 1
