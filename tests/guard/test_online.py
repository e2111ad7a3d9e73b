"""Does the guard that remembers answer what the other answers, refuse what it refuses, and tell the audit?"""

import pytest

from zhiyin.core.errors import NotFound, PrivacyError
from zhiyin.guard.access import OWNER, RUN, Access, Actor
from zhiyin.guard.online import OnlineGuard

PAGE = Access(Actor("web", "run"), "contact")
ROLES = [
    Access(OWNER, "display"),
    PAGE,
    Access(RUN, "analysis"),
    Access(Actor("wang", "rep"), "display"),
    Access(Actor("boss", "lead", "north"), "display"),
    Access(Actor("m", "manager"), "display"),
    Access(Actor("a", "analyst"), "analysis"),
    Access(Actor("u", "auditor"), "display"),
]
TABLES = ("customer", "order_line", "profile", "link_key", "product", "next_step")


def _said(ask):
    try:
        return ask()
    except (NotFound, PrivacyError) as refused:
        return type(refused), str(refused)


@pytest.mark.parametrize("access", ROLES, ids=lambda access: f"{access.actor.role}-{access.purpose}")
def test_it_answers_and_refuses_as_the_plain_guard_does_also_the_second_time(guard, access):
    online = OnlineGuard(guard)
    for table in TABLES:
        for key in ("c00", "c01", "r00", "c99", "p1"):
            plain = _said(lambda table=table, key=key: guard.row(table, key, access))
            for _ in range(2):
                assert _said(lambda table=table, key=key: online.row(table, key, access)) == plain, (table, key)
        for where in ({}, {"product_id": ["p2", "p1", "p9"]}):
            if where and table != "product":
                continue
            plain = _said(lambda table=table, where=where: guard.rows(table, access, where=where))
            for _ in range(2):
                found = _said(lambda table=table, where=where: online.rows(table, access, where=where))
                assert sorted(map(str, found)) == sorted(map(str, plain))
    for ids in (["r00", "c01", "x"], []):
        assert [_said(lambda ids=ids: online.whose(ids, access)) for _ in range(2)] == [_said(lambda ids=ids: guard.whose(ids, access))] * 2


def test_products_at_hand_are_not_asked_for_again(guard, monkeypatch):
    online = OnlineGuard(guard)
    online.remember(["product", "stock"], PAGE)
    monkeypatch.setattr(online._serving, "rows", None)
    for where in ({"product_id": ["p2", "p1"]}, {"product_id": ["p2"]}):
        assert [row["product_id"] for row in online.rows("product", PAGE, where=where)] == where["product_id"]
    assert online.rows("stock", PAGE, where={"product_id": ["p1"]}) == []


def test_too_many_rows_are_not_kept(guard, monkeypatch):
    monkeypatch.setattr("zhiyin.guard.online._KEPT", 1)
    online = OnlineGuard(guard)
    online.remember(["product"], PAGE)
    for product in ("p1", "p2", "p1", "p2", "p1"):
        assert [row["product_id"] for row in online.rows("product", PAGE, where={"product_id": [product]})] == [product]
        assert len(next(iter(online._kept.values())).rows) <= 2


def test_what_was_asked_is_in_the_audit_together(guard):
    online = OnlineGuard(guard)
    before = len(guard.audit.entries())
    for customer in ("c00", "c01", "c02"):
        online.row("order_line", customer, PAGE)
    with pytest.raises(PrivacyError):
        online.row("link_key", "c00", PAGE)
    assert len(guard.audit.entries()) == before
    assert online.settle() > 0
    told = {(row["action"], row["table_name"]): row for row in guard.audit.entries()[: len(guard.audit.entries()) - before]}
    assert told["rows", "order_line"]["predicate"] == "3 questions"
    assert told["rows", "order_line"]["count"] == 4  # c00 has two records
    assert (told["rows", "order_line"]["actor"], told["rows", "order_line"]["purpose"]) == ("web", "contact")
    assert ("refused", "link_key") in told
    assert guard.audit.verify().ok
    assert online.settle() == 0


def test_who_opens_something_with_a_reason_is_named_at_once(guard):
    online = OnlineGuard(guard)
    online.reveal(["c00"], ["name"], Access(OWNER, "display"), reason="a call")
    assert guard.audit.entries()[0]["reason"] == "a call"
