from __future__ import annotations

import pyarrow as pa
import pytest

from zhiyin.unify.proposals import (
    LEAST,
    RULES,
    category_proposals,
    city_proposals,
    company_proposals,
    email_proposals,
    trusted,
)


def _emails(*addresses):
    people = pa.table(
        {"record_id": [f"r{n}" for n in range(len(addresses))], "column": ["email"] * len(addresses), "value": list(addresses)}
    )
    return [(one.record_id, one.proposed) for one in email_proposals(people)]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("li@gamil.com", "li@gmail.com"), ("li@gmial.com", "li@gmail.com"), ("li@gmail.con", "li@gmail.com"), ("li@hotmial.com", "li@hotmail.com"),
        ("li@outlok.com", "li@outlook.com"), ("li@yahooo.com", "li@yahoo.com"), ("li@qq.con", "li@qq.com"), ("li@163.cm", "li@163.com"),
    ],
)  # fmt: skip
def test_a_slip_in_a_domain_is_proposed(told, meant):
    assert _emails(told) == [("r0", meant)]


@pytest.mark.parametrize(
    "told", ["li@gmail.com", "li@ymail.com", "li@mail.com", "li@136.com", "li@162.com", "li@qq.cn", "li@acme.cn", "li@sina.cn"]
)
def test_what_may_be_meant_is_left_alone(told):
    assert _emails(told) == []


def test_a_domain_that_many_have_is_no_slip():
    assert _emails(*(f"m{n}@gamil.com" for n in range(5))) == []


@pytest.mark.parametrize(
    ("told", "meant"),
    [("杭洲", "杭州市"), ("深圳是", "深圳市"), ("石家装市", "石家庄市"), ("呼和浩持", "呼和浩特市"), ("乌鲁木其", "乌鲁木齐市")],
)
def test_a_misspelt_city_is_proposed(told, meant):
    assert [one.proposed for one in city_proposals({told: 1})] == [meant]


@pytest.mark.parametrize("told", ["杭州", "杭州市", "Shanghai", "火星", "朝阳", "", "中国"])
def test_a_city_or_something_else_is_left_alone(told):
    assert list(city_proposals({told: 1})) == []


def test_spellings_of_a_category_become_the_usual_one():
    found = [
        (one.told, one.proposed)
        for one in category_proposals({"Snacks": 9, "snack": 2, " SNACKS": 1, "零食": 5, "零 食": 1, "饮料": 4, "glass": 1, "glas": 1})
    ]
    assert sorted(found) == [(" SNACKS", "Snacks"), ("snack", "Snacks"), ("零 食", "零食")]


def test_spellings_of_a_company_become_the_usual_one():
    told = {"杭州知音科技有限公司": 5, "知音科技": 1, "知音科技(杭州)有限公司": 2, "杭州知己科技有限公司": 3, "杭州知音贸易有限公司": 1}
    assert sorted((one.told, one.proposed) for one in company_proposals(told)) == [
        ("知音科技", "杭州知音科技有限公司"),
        ("知音科技(杭州)有限公司", "杭州知音科技有限公司"),
    ]


def test_the_order_of_what_is_told_does_not_matter():
    told = {"Snacks": 2, "snack": 2, "SNACKS": 2}
    assert sorted(category_proposals(told)) == sorted(category_proposals(dict(reversed(told.items()))))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_that_is_rejected_often_stops_and_one_that_is_right_gains(rule):
    assert trusted(rule, accepted=0, rejected=0) == pytest.approx(RULES[rule].prior)
    assert RULES[rule].prior > LEAST
    assert trusted(rule, accepted=0, rejected=6) < LEAST
    assert trusted(rule, accepted=20, rejected=1) > trusted(rule, accepted=5, rejected=1)
