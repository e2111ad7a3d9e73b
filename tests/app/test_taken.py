"""A run counts which products go together and which are popular, before the day of the list."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from journeys.shop import DAY
from zhiyin.app.home import open_home
from zhiyin.app.reading import published_guard
from zhiyin.core.clock import utc_now
from zhiyin.guard.access import OWNER, Access
from zhiyin.recommend.live import POPULAR_DAYS

ACCESS = Access(OWNER, "display")


@pytest.fixture(scope="module")
def told(whole_shop, tmp_path_factory):
    """Tables of the shop after its run; and product -> customer -> last day, of what was done with it before the day."""
    import shutil

    home = open_home(shutil.copytree(whole_shop, tmp_path_factory.mktemp("taken") / "shop"))
    with published_guard(home, utc_now) as guard:
        rows = {name: guard.rows(name, ACCESS, where={}) for name in ("product_link", "popular_product", "order_line", "event", "identity")}
    home.close()
    owner = {row["record_id"]: row["customer_id"] for row in rows["identity"]}
    done = [(line["product_id"], line["record_id"], line["ordered_on"]) for line in rows["order_line"] if line["amount"] > 0]
    done += [
        (event["product_id"], event["record_id"], event["happened_on"])
        for event in rows["event"]
        if event["name"] in ("Product Viewed", "Product Added")
    ]
    took = defaultdict(dict)
    for product, record, on in done:
        if product and on < DAY:
            who = owner.get(record, record)
            took[product][who] = max(took[product].get(who, on), on)
    return rows, took


def test_a_link_counts_who_took_both_in_orders_and_events_of_earlier_days(told):
    rows, took = told
    assert rows["product_link"]
    assert any(event["name"] == "Product Viewed" for event in rows["event"])
    for link in rows["product_link"]:
        assert link["customers"] == len(took[link["product_id"]].keys() & took[link["other_id"]].keys())
        assert 0 < link["alike"] < 1
    ranks = defaultdict(list)
    for link in sorted(rows["product_link"], key=lambda link: (link["product_id"], -link["alike"])):
        ranks[link["product_id"]].append(link["rank"])
    assert all(own == list(range(1, len(own) + 1)) for own in ranks.values())


def test_popular_products_are_those_of_the_last_weeks(told):
    rows, took = told
    since = DAY - timedelta(days=POPULAR_DAYS)
    counts = {row["product_id"]: row["customers"] for row in rows["popular_product"]}
    assert counts == {product: count for product, who in took.items() if (count := sum(on >= since for on in who.values()))}
    assert sorted(row["rank"] for row in rows["popular_product"]) == list(range(1, len(counts) + 1))
