"""What a customer has done with products in the last day, under whichever of the own ids."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.live import NOW, catch_up, event, opened, publish, send
from zhiyin.app.clicked import clicked, links_of
from zhiyin.app.reading import customer_of, published_guard
from zhiyin.guard.access import OWNER, Access
from zhiyin.recommend.live import Link, Session
from zhiyin.store.live import LiveRows

ACCESS = Access(OWNER, "display")


@pytest.fixture
def home(tmp_path):
    made = opened(tmp_path / "shop")
    yield made
    made.close()


def _clicked(home, who, *, now=NOW):
    with published_guard(home, lambda: NOW) as guard:
        customer = customer_of(home, guard, ACCESS, said=who)
        return clicked(home, guard, ACCESS, customer=customer, now=now)


def test_all_that_a_person_did_counts_also_before_signing_in(home):
    seen = {"type": "track", "anonymousId": "a1", "event": "Product Viewed", "messageId": "m0", "properties": {"product_id": "p1"}}
    known = {"type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "m1", "timestamp": NOW.isoformat()}
    send(home, [seen | {"timestamp": NOW.isoformat()}, known])
    order = {"order_id": "o1", "products": [{"product_id": "p5", "price": 3, "quantity": 1}]}
    send(
        home,
        [
            event(2, "u1", "Product Added", minutes=90, product_id="p2"),
            event(3, "u1", "Product Added", minutes=30, product_id="p3"),
            event(4, "u1", "Product Removed", minutes=20, product_id="p3"),
            event(5, "u1", "Checkout Started", minutes=10, product_id="p4"),
            event(6, "u1", "Order Completed", minutes=5, **order),
            event(7, "u1", "Page Viewed", minutes=5),
            event(8, "u1", "Product Viewed", minutes=25 * 60, product_id="p6"),
            event(9, "u2", "Product Viewed", product_id="p7"),
        ],
    )
    catch_up(home)
    done = _clicked(home, "u1")
    assert done.ways == {
        "p1": ("viewed", True),
        "p2": ("carted", False),
        "p3": ("viewed", True),
        "p4": ("carted", True),
        "p5": ("bought", True),
    }
    assert done.bought == {"p5"}
    assert _clicked(home, "a1") == done
    publish(home)
    assert _clicked(home, "u1") == done  # a new generation does not end a session
    assert _clicked(home, "u1", now=NOW + timedelta(days=2)) == Session()
    assert LiveRows(home.ledger).base() is not None


def test_the_nearest_of_what_was_clicked_is_read(home):
    import pandas as pd

    rows = [("p1", f"q{n}", n, 0.5 / n, 9) for n in range(1, 31)] + [("p2", "q1", 1, 0.2, 3)]
    with home.lake.build(carry=[]) as build:
        build.write("product_link", pd.DataFrame(rows, columns=["product_id", "other_id", "rank", "alike", "customers"]))
        build.publish()
    with published_guard(home, lambda: NOW) as guard:
        found = links_of(guard, ACCESS, Session(loud={"p1": 0.5}))
        assert links_of(guard, ACCESS, Session()) == []
    assert sorted(found, key=lambda link: -link.alike)[0] == Link("p1", "q1", 0.5, 9)
    assert {link.other_id for link in found} == {f"q{n}" for n in range(1, 21)}
