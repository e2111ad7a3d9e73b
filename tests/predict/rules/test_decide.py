from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predict.generation import published
from predict.rules.customers import AT, rows, tables
from predict.rules.speech import speech
from zhiyin.predict.rules.decide import holds
from zhiyin.predict.rules.filters import condition, view
from zhiyin.predict.rules.parse import parse
from zhiyin.predict.rules.tree import All, terms_of

ATOMS = (
    "spend >= 3", "spend = 4", "spend != 4", "spend in (1, 2, 5)", "spend between 2 and 5",
    "days_since_order > 30", "days_since_order <= 30", "days_since_order != 30", "days_since_order is known",
    "first_order_on >= 30 days ago", "first_order_on between 2026-09-01 and 2026-10-15", "first_order_on in (2026-11-01, 10 days ago)",
    "tier = champion", "tier != champion", "tier in (champion, asleep)", "tier unknown", "stage = lost",
    "city = 上海", "city != 上海", "city in (上海, 杭州)", "city is known", "city > 5", "city < 1991-01-01", "city >= 40年前", 'city = \'a"b\'',
    "年龄 >= 30", "年龄 between 18 and 30", "年龄 = 18", "年龄 in (18, 31.5)", '年龄 = "18"', "年龄 unknown", "attribute.never = x", "attribute.never is known",
    "interests = 乳品", "interests != 乳品", "interests in (粮油, 日化)", "interests is known", "interests = '\"日\\化\"'",
    "orders_28d >= 2", "orders_28d is known", "discount_share_84d < 10%", "kind = person", "records >= 1", "records unknown",
    "prediction.churn >= 60%", "prediction.category_raise < 30%", "prediction.category_raise is known", "prediction.churn is known", "prediction.value > 0.05", "prediction.churn between 20% and 50%",
    "segment.behaviour = g1", "segment.behaviour = 常客", "segment.behaviour in (g2, frequent)", "segment.behaviour is known", "in segment 大客户",
)  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The tables as frames, and an open generation that holds them."""
    frames = tables()
    with published(tmp_path_factory.mktemp("company"), frames) as view:
        yield frames, view


def both(rules, company):
    """Who fulfils each rule by the relation, and by one decision a customer; one question for all rules."""
    frames, view_ = company
    found = [parse(rule, speech()) for rule in rules]
    together = All(tuple(found))
    seen = view(together, {name: view_.table(name) for name in frames}, at=AT)
    asked = view_.frame(seen.select("customer_id", **{f"n{place}": condition(rule, seen, at=AT) for place, rule in enumerate(found)}))
    told = rows(frames, list(terms_of(together)))
    for place, rule in enumerate(found):
        by_row = {customer for customer, row in told.items() if holds(rule, row, at=AT)}
        yield rules[place], set(asked.loc[asked[f"n{place}"], "customer_id"]), by_row


def test_one_row_is_decided_as_the_relation_decides_it(company):
    found = {rule: (by_relation, by_row) for rule, by_relation, by_row in both([*ATOMS, *(f"not ({atom})" for atom in ATOMS)], company)}
    assert [rule for rule, (by_relation, by_row) in found.items() if by_relation != by_row] == []
    everybody = set(company[0]["profile"]["customer_id"])
    # What is not known fulfils nothing, and `not` turns that round.
    assert [
        atom for atom in ATOMS if found[atom][0] | found[f"not ({atom})"][0] != everybody or found[atom][0] & found[f"not ({atom})"][0]
    ] == []
    assert sum(0 < len(found[atom][0]) < len(everybody) for atom in ATOMS) > len(ATOMS) * 0.8  # the rules tell customers apart


RULES = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda part: f"not ({part})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + ") and (".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + ") or (".join(parts) + ")"),
    ),
    max_leaves=6,
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, min_size=10, max_size=10))
def test_any_rule_is_decided_alike(company, rules):
    assert [rule for rule, by_relation, by_row in both(rules, company) if by_relation != by_row] == []


def test_a_figure_that_is_none_is_not_known():
    found = parse("discount_share_84d < 10%", speech())
    assert not holds(found, {"discount_share_84d": float("nan")}, at=date(2026, 1, 1))
    assert not holds(found, {}, at=date(2026, 1, 1))
