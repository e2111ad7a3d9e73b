from typing import Any

import pytest

from tracked import said
from zhiyin.collect.tracking.visits import visit


def _visit(properties: dict[str, Any], *, event: str = "x", **more: Any) -> tuple[dict[str, Any], dict[str, int]]:
    dropped: dict[str, int] = {}
    (told,) = said({"type": "track", "event": event, "userId": "u1", "messageId": "m1", "properties": properties, **more})
    found = visit(told, dropped=dropped)
    return {name: value for name, value in found.items() if value not in ("", None)}, dropped


USUAL = {"event": "x", "event_id": "m1"}


def test_an_event_becomes_what_was_declared():
    told, dropped = _visit(
        {
            "product_id": "P1",
            "path": "/p/1",
            "query": "苹果",
            "seconds": 12.5,
            "utm_source": "baidu",
            "utm_medium": "cpc",
            "utm_campaign": "双11",
            "colour": "red",
        }
    )
    assert told == USUAL | {
        "product_id": "P1", "page": "/p/1", "query": "苹果", "seconds": 12.5, "utm_source": "baidu", "utm_medium": "cpc",
        "utm_campaign": "双11",
    }  # fmt: skip
    assert dropped == {"colour": 1}


@pytest.mark.parametrize(
    ("told", "kept"),
    [("ab" * 12, "ab" * 12), ("13912345678", None), ("AB" * 12, None), ("ab" * 13, None), (7, None), (None, None)],
)
def test_only_a_request_of_ours_is_kept(told: object, kept: str | None):
    for name in ("request_id", "requestId"):
        found, dropped = _visit({name: told})
        assert (found.get("request_id"), dropped) == (kept, {})


@pytest.mark.parametrize(
    ("properties", "context", "page"),
    [
        ({"path": "/a?b=1#c"}, {}, "/a"),
        ({"url": "https://shop.test/a/b?c=d#e"}, {}, "/a/b"),
        ({"url": "https://shop.test"}, {}, "/"),
        ({"$url_path": "/a"}, {}, "/a"),
        ({}, {"page": {"path": "/a", "url": "https://shop.test/b"}}, "/a"),
        ({}, {"page": {"url": "https://shop.test/b?q=1"}}, "/b"),
        ({"path": "/%E6%9D%8E"}, {}, "/李"),
        ({"path": "/u/13912345678/orders"}, {}, "/u/*/orders"),
        ({"path": "/u/li%40shop.test/x"}, {}, "/u/*/x"),
        ({"path": "/item/139123456789"}, {}, "/item/139123456789"),
        ({"path": "/" + "a" * 600}, {}, "/" + "a" * 499),
        ({"url": "http://[bad"}, {}, None),
        ({"path": 5}, {"page": "x"}, None),
    ],
)
def test_a_page_is_its_path_and_names_nobody(properties: dict[str, Any], context: dict[str, Any], page: str | None):
    assert _visit(properties, context=context)[0].get("page") == page


@pytest.mark.parametrize("query", ["13912345678", "wang.li@shop.test", "找 13912345678 的订单", "11010519491231002X"])
def test_a_search_that_names_a_person_is_not_kept(query: str):
    assert "query" not in _visit({"query": query})[0]


@pytest.mark.parametrize(
    ("properties", "seconds"),
    [({"event_duration": 1.9}, 1.9), ({"duration": "30"}, 30.0), ({"seconds": "long"}, None), ({"seconds": -1}, None),
     ({"seconds": 100_000}, None), ({"seconds": True}, None), ({"seconds": 0}, 0.0)],
)  # fmt: skip
def test_seconds_are_those_somebody_could_read(properties: dict[str, Any], seconds: float | None):
    assert _visit(properties)[0].get("seconds") == seconds


def test_where_a_visit_came_from_stands_in_the_campaign_or_in_the_address():
    campaign = {"source": "mail", "medium": "newsletter", "name": "spring"}
    assert _visit({}, context={"campaign": campaign})[0] == USUAL | {
        "utm_source": "mail", "utm_medium": "newsletter", "utm_campaign": "spring"
    }  # fmt: skip
    assert _visit({"url": "https://shop.test/?utm_source=a&utm_campaign=b"})[0]["utm_campaign"] == "b"
    assert _visit({}, context={"page": {"path": "/", "search": "?utm_source=a"}})[0]["utm_source"] == "a"
    assert _visit({"$utm_source": "c", "url": "https://shop.test/?utm_source=a"})[0]["utm_source"] == "c"


@pytest.mark.parametrize(
    ("properties", "product"),
    [({"sku": "S1"}, "S1"), ({"id": "7", "price": 2}, "7"), ({"id": "7"}, None), ({"productId": 12}, "12"), ({"product_id": ["a"]}, None)],
)
def test_the_product_is_found_under_its_names(properties: dict[str, Any], product: str | None):
    assert _visit(properties)[0].get("product_id") == product
