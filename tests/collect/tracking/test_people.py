from typing import Any

import pytest

from tracked import said
from zhiyin.collect.tracking.people import changes, person


def _person(
    traits: dict[str, Any], *, declared: tuple[str, ...] = (), type: str = "identify", **more: Any
) -> tuple[dict[str, str], dict[str, int]]:
    dropped: dict[str, int] = {}
    (told,) = said({"type": type, "userId": "u1", "traits": traits, **more})
    return person(told, declared=declared, dropped=dropped), dropped


def test_reserved_traits_have_their_fields():
    told, dropped = _person(
        {
            "name": "王丽", "phone": 13912345678, "email": "wang.li@shop.test", "age": 26.0, "gender": "女", "createdAt": "2025-01-02",
            "title": "采购", "company": {"name": "知音商贸", "id": 9, "employee_count": 12, "plan": "pro"},
            "address": {"country": "中国", "state": "浙江", "city": "杭州", "street": "文三路1号"}, "openid": "o1", "language": "zh",
        }
    )  # fmt: skip
    assert dropped == {}
    assert told == {
        "name": "王丽", "phone": "13912345678", "email": "wang.li@shop.test", "attribute.age": "26", "attribute.gender": "女",
        "since": "2025-01-02", "attribute.title": "采购", "attribute.company": "知音商贸", "attribute.company_id": "9",
        "attribute.employees": "12", "attribute.plan": "pro", "address": "中国浙江杭州文三路1号", "attribute.city": "杭州",
        "attribute.province": "浙江", "attribute.country": "中国", "openid": "o1", "attribute.language": "zh",
    }  # fmt: skip


def test_an_address_in_letters_is_written_from_the_street_on():
    told, _ = _person({"address": {"country": "USA", "city": "Springfield", "street": "1 Elm St", "postalCode": "1"}})
    assert told["address"] == "1, 1 Elm St, Springfield, USA"
    assert _person({"address": "文三路1号"})[0] == {"address": "文三路1号"}


@pytest.mark.parametrize(
    ("traits", "name"),
    [
        ({"firstName": "丽", "lastName": "王"}, "王丽"),
        ({"firstName": "Jake", "lastName": "Peterson"}, "Jake Peterson"),
        ({"lastName": "Li"}, "Li"),
    ],
)
def test_a_name_in_two_parts_is_joined_as_its_language_does(traits: dict[str, str], name: str):
    assert _person(traits) == ({"name": name}, {})


def test_what_nobody_declared_is_dropped_and_counted():
    told, dropped = _person({"vip": 3, "hobby": "tea", "avatar": "x", "$is_login_id": True, "empty": None}, declared=("vip",))
    assert told == {"attribute.vip": "3"}
    assert dropped == {"traits.hobby": 1, "traits.avatar": 1}
    assert _person({"vip": {"a": 1}}, declared=("vip",)) == ({}, {"traits.vip": 1})
    assert _person({"tags": ["b", "a"]}, declared=("tags",))[0] == {"attribute.tags": "a, b"}


def test_consents_are_told():
    told, dropped = _person({"consent": {"sms": True, "email": False, "note": "x"}, "consent.phone": "yes"})
    assert told == {"consent.sms": "true", "consent.email": "false", "consent.phone": "yes"}
    assert dropped == {}
    assert _person({}, type="track", event="Unsubscribed")[0] == {"consent.email": "false"}


def test_a_group_is_the_firm_of_the_person():
    told, dropped = _person({"name": "知音商贸", "industry": "零售", "employees": 420, "founded": 1999}, type="group", groupId="g1")
    assert told == {
        "attribute.company_id": "g1", "attribute.company": "知音商贸", "attribute.industry": "零售", "attribute.employees": "420"
    }  # fmt: skip
    assert dropped == {"group.founded": 1}


def _changes(traits: dict[str, Any], *, type: str = "identify", **more: Any) -> tuple[list[tuple[str, str, str]], dict[str, int]]:
    dropped: dict[str, int] = {}
    (told,) = said({"type": type, "userId": "u1", "traits": traits, **more})
    fields = person(told, declared=("vip",), dropped=dropped)
    return [tuple(one) for one in changes(told, fields, declared=("vip",), dropped=dropped)], dropped


def test_a_trait_that_is_null_is_unset_where_it_is_an_attribute():
    assert _changes({"city": "杭州", "gender": None, "vip": None, "hobby": None, "phone": None, "name": None}) == (
        [("city", "set", "杭州"), ("gender", "unset", ""), ("vip", "unset", "")],
        {},
    )
    assert _changes({"sex": "女", "gender": None})[0] == [("gender", "set", "女")]
    assert _changes({"industry": None, "founded": None}, type="group", groupId="g1")[0] == [
        ("company_id", "set", "g1"),
        ("industry", "unset", ""),
    ]
