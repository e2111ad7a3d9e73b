"""I5: one click changes the next list within a moment, with the reason; what is bought or sold out is gone at once."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import httpx
import pytest

import zhiyin
from journeys.shop import DAY
from served import Server, running
from zhiyin.app.home import open_home
from zhiyin.app.live import has_followed
from zhiyin.app.reading import published_guard
from zhiyin.core.clock import utc_now
from zhiyin.guard.access import OWNER, Access

WHO = "M1003"
PATIENCE = 20  # seconds; `benchmarks/live_lists.py` measures how long it takes where nothing else runs


@pytest.fixture
def server(another_shop, monkeypatch):
    monkeypatch.setenv("ZHIYIN_AS_OF", DAY.isoformat())
    with running(another_shop) as made:
        yield made


def _tell(server: Server, key: str, *events: tuple[str, str, dict[str, object]]) -> None:
    """Send events and wait until the live loop has them."""
    for who, name, told in events:
        event = {"userId": who, "event": name, "messageId": uuid.uuid4().hex, "properties": told}
        assert httpx.post(f"{server.address}/v1/track", json=event, auth=(key, "")).status_code == 200
    home = open_home(server.folder)
    try:
        ends = time.monotonic() + PATIENCE
        while not has_followed(home):
            assert time.monotonic() < ends
            time.sleep(0.02)
    finally:
        home.close()


def _recommended(folder: Path, who: str, kind: str = "new") -> dict[str, dict[str, object]]:
    """Product -> row, in the order of the list; all that is offered has a place from 1 on."""
    with zhiyin.open(folder) as workspace:
        rows = [row for row in workspace.recommend(who, 40) if row["kind"] == kind]
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    return {str(row["product_id"]): row for row in rows}


def _links(folder: Path) -> dict[str, list[str]]:
    """Product -> what goes with it, best first; and the names of all products."""
    home = open_home(folder)
    with published_guard(home, utc_now) as guard:
        rows = guard.rows("product_link", Access(OWNER, "display"), where={}, order="product_id,rank")
    home.close()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row["product_id"]), []).append(str(row["other_id"]))
    return found


def test_a_look_changes_the_next_list_and_a_stock_row_takes_the_product_off_it(server):
    key, folder, links = server.key("web"), server.folder, _links(server.folder)
    before, again = _recommended(folder, WHO), _recommended(folder, WHO, "repeat")
    assert list(before) == list(_recommended(folder, WHO))
    looked_at = list(before)[-1]  # in stock, not owned, and last on the list
    name = before[looked_at]["product"]

    _tell(server, key, (WHO, "Product Viewed", {"product_id": looked_at}))
    after = _recommended(folder, WHO)
    assert next(iter(after)) == looked_at
    assert str(after[looked_at]["reason_zh"]).startswith("这位客户刚刚看过它，还没有下单。")
    brought = [product for product, row in after.items() if f"刚刚看过「{name}」" in str(row["reason_zh"])]
    assert brought
    assert set(brought) <= set(links[looked_at])
    assert all(f'looked at "{name}"; customers who took both: ' in str(after[product]["reason_en"]) for product in brought)
    unmoved = [product for product in after if product != looked_at and product not in brought]
    assert all(after[product]["reason_zh"] == before[product]["reason_zh"] for product in unmoved)

    bought = brought[0]
    order = {"order_id": "live1", "products": [{"product_id": bought, "price": 10, "quantity": 1}]}
    _tell(server, key, (WHO, "Order Completed", order))
    assert bought not in _recommended(folder, WHO)
    assert bought not in _recommended(folder, WHO, "repeat")
    assert set(_recommended(folder, WHO, "repeat")) == set(again)

    (folder / "库存.csv").write_text(f"商品编码,件数,盘点日期\n{looked_at},0,2026-09-27\n", "utf-8")
    with zhiyin.open(folder) as workspace:
        workspace.import_("stock")
    assert looked_at not in _recommended(folder, WHO)


def test_somebody_who_came_just_now_has_a_list_of_what_goes_with_the_click_and_what_is_popular(server):
    key, links = server.key("web"), _links(server.folder)
    looked_at, near = next(iter(links.items()))
    _tell(server, key, ("stranger", "Product Viewed", {"product_id": looked_at}))
    found = _recommended(server.folder, "stranger")
    assert next(iter(found)) == looked_at
    why = {product: str(row["reason_en"]) for product, row in found.items()}
    assert any("Just now this customer looked at" in why[product] for product in found if product in near[:5])
    assert any(said.startswith("Customers who looked at it or bought it in the last 28 days: ") for said in why.values())
    assert _recommended(server.folder, "stranger", "repeat") == {}
