"""Does a page get its list from the shop's server, and nobody else anything?"""

from time import sleep

import pytest
from litestar.testing import TestClient

from storefront import opened, publish, record
from zhiyin.api.server import application
from zhiyin.app.serving import open_serving
from zhiyin.app.write_keys import add_key
from zhiyin.store.shown import ShownRows

SETTINGS = """
[[placement]]
name = "home"
kind = "for_you"
k = 3
holdout_share = 0.0

[[placement]]
name = "cart"
kind = "basket"
k = 2
"""


@pytest.fixture
def home(tmp_path):
    made = opened(tmp_path, SETTINGS)
    publish(made, {"li": ("rice", "salt", "towel", "cup"), "wu": ()})
    yield made
    made.close()


@pytest.fixture
def page(home):
    """What the shop's server hears: `page(placement="home", userId="li")`."""
    add_key(home.ledger, "web", system="shop")
    key = add_key(home.ledger, "web", system="", reads=True)
    with open_serving(home, companions=()) as serving, TestClient(application(serving), raise_server_exceptions=False) as client:

        def ask(*, auth=(key, ""), headers=None, **asked):
            return client.get("/v1/recommendations", params=asked, auth=auth, headers=headers or {})

        ask.key, ask.client = key, client
        yield ask


def _kept(home, count):
    """The answers that were written down, once there are so many."""
    for _ in range(100):
        rows = list(ShownRows(home.ledger).between("", "9"))
        if len(rows) >= count:
            return rows
        sleep(0.05)
    raise AssertionError(f"{len(rows)} of {count}")


def _products(answer):
    assert answer.status_code == 200, answer.text
    return [item["product_id"] for item in answer.json()["items"]]


def test_a_customer_gets_the_own_list_with_names_reasons_and_a_request_id(page, home):
    answer = page(placement="home", userId="li").json()
    assert answer["items"] == [
        {"rank": rank, "product_id": product, "name": name, "reason": {"zh": "因为", "en": "why"}, "propensity": 1.0}
        for rank, (product, name) in enumerate([("rice", "米"), ("salt", "盐"), ("towel", "巾")], 1)
    ]
    assert (answer["placement"], answer["variant"], answer["personal"], answer["fallback"]) == ("home", "main", True, None)
    assert len(answer["request_id"]) == 24
    assert page(placement="home", userId="li").json()["request_id"] != answer["request_id"]


def test_nobody_known_is_no_error(page):
    answer = page(placement="home", userId="nobody")
    assert _products(answer) == ["oil", "soap", "tea"]
    told = answer.json()
    assert (told["personal"], told["variant"], told["fallback"]["code"], told["fallback"]["to"]) == (False, "", "stranger", "popular")
    assert told["fallback"]["zh"] == "不认识这位访客，或其不要个性化推荐；改用最近热销的商品。"
    assert told["items"][0]["reason"] == {"zh": "最近很多客户选它", "en": "Many customers have chosen it lately"}
    assert _products(page(placement="home")) == _products(page(placement="home", anonymousId="device")) == ["oil", "soap", "tea"]


def test_a_page_says_what_it_is_about(page):
    assert _products(page(placement="home", product_id="tea")) == ["pot", "cup", "soap"]
    assert _products(page(placement="home", region="杭州")) == ["pot", "oil", "soap"]
    about_two = page(placement="cart", product_id=["tea", "rice"], k=9)
    assert _products(about_two) == ["soap", "oil", "pot", "cup", "salt"]
    assert about_two.json()["fallback"] is None
    assert _products(page(placement="cart", product_id="towel")) == ["oil", "soap"]
    assert page(placement="cart", product_id="towel").json()["fallback"]["code"] == "no_links"


def test_who_has_no_list_gets_what_goes_with_the_page(page):
    answer = page(placement="home", userId="wu", product_id="rice")
    assert _products(answer) == ["oil", "soap", "salt"]
    assert answer.json()["fallback"]["code"] == "no_personal_list"


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ({}, "placement -"),
        ({"placement": "nowhere"}, "nowhere"),
        ({"placement": "home", "k": "0"}, "k=-1"),
        ({"placement": "home", "k": "51"}, "k=51"),
        ({"placement": "home", "k": "many"}, "k=-1"),
        ({"placement": "cart"}, "placement=cart"),
        ({"placement": "cart", "product_id": [f"p{n}" for n in range(21)]}, "product_id x 21"),
        ({"placement": "home", "userid": "li"}, "userid"),
        ({"placement": "home", "userId": ["li", "wu"]}, "userId"),
        ({"placement": "home", "userId": "x" * 256}, "userId"),
        ({"placement": "home", "product_id": [str(n) for n in range(80)]}, "> 64"),
    ],
)
def test_what_makes_no_sense_is_said_in_both_languages(page, asked, got):
    answer = page(**asked)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["got"]) == (400, "usage_error", got)
    assert error["zh"] and error["en"] and error["fix_zh"] and error["fix_en"]


def test_only_a_read_key_reads_and_only_from_a_server(page, home):
    writes = add_key(home.ledger, "web", system="shop")
    for auth in (None, ("", ""), ("zyr_wrong", ""), (writes, "")):
        answer = page(auth=auth, placement="home", userId="li")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "no_read_key")
    assert "a write key cannot read" in answer.json()["error"]["en"]
    in_address = page(auth=None, placement="home", token=page.key)
    assert in_address.status_code == 401
    assert page(auth=None, headers={"Authorization": f"Bearer {page.key}"}, placement="home").status_code == 200
    for name, value in (("Origin", "https://shop.test"), ("Sec-Fetch-Site", "same-origin")):
        answer = page(headers={name: value}, placement="home", userId="li")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_for_pages")


def test_a_read_key_cannot_send(page):
    answer = page.client.post("/v1/track", json={"userId": "li", "event": "E"}, auth=(page.key, ""))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unknown_key")


def test_what_was_shown_is_kept_with_ids_and_chances(page, home):
    answers = [page(placement="home", userId="li").json(), page(placement="cart", product_id="tea").json()]
    rows = _kept(home, 2)
    assert [(row.request_id, row.source, row.placement, row.kind) for row in rows] == [
        (answers[0]["request_id"], "web", "home", "for_you"),
        (answers[1]["request_id"], "web", "cart", "basket"),
    ]
    li = record(home, "li")
    assert (rows[0].customer_id, rows[0].record_id, rows[0].variant, rows[0].chance, rows[0].personal) == (li, li, "main", 1.0, True)
    assert [(item.product_id, item.propensity, item.usual) for item in rows[0].items] == [(p, 1.0, p) for p in ("rice", "salt", "towel")]
    assert (rows[1].customer_id, rows[1].record_id, rows[1].variant) == ("", "", "")
