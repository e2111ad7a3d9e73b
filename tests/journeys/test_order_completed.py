"""E7, D5, B12, B15: an order sent by HTTP makes a lead a customer at once, with history; a run that follows says the same."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx

import zhiyin
from served import running
from zhiyin.app.home import create_home, open_home
from zhiyin.app.write_keys import add_key
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound
from zhiyin.store.serving import Serving

PATIENCE = 10  # seconds at least; `make bench-live` measures how long it takes where nothing else runs


def _post(address: str, key: str, event: dict[str, object]) -> None:
    assert httpx.post(f"{address}/v1/track", json=event, auth=(key, "")).status_code == 200


def _until(folder: Path, who: str, stage: str) -> dict:
    """The view of a customer as soon as the stage is reached."""
    with zhiyin.open(folder) as workspace:
        for _ in range(PATIENCE * 20):
            with suppress(NotFound):
                view = workspace.customer(who)["live"]
                if view["stage"] == stage:
                    return view
            time.sleep(0.05)
    raise AssertionError(f"{who} is no {stage} after {PATIENCE} seconds")


def test_an_order_flips_the_tag_and_the_next_run_agrees(tmp_path):
    folder = tmp_path / "shop"
    create_home(folder)
    home = open_home(folder)
    key = add_key(home.ledger, "web", system="shop")
    home.close()
    campaign = {"campaign": {"source": "wechat", "medium": "social", "name": "autumn"}}
    with running(folder) as server:
        search = {"userId": "u1", "anonymousId": "a1", "event": "Products Searched", "messageId": "m1", "properties": {"query": "乌龙茶"}}
        _post(server.address, key, search | {"context": campaign})
        assert _until(folder, "a1", "lead")["stages"][0]["because"]["name"] == "Products Searched"
        _post(
            server.address,
            key,
            {"userId": "u1", "event": "Order Completed", "messageId": "m2", "properties": {"order_id": "o1", "total": 66}},
        )
        alive = _until(folder, "u1", "new")
    assert [(tag["name"], tag["value"]) for tag in alive["tag_history"] if tag["name"] == "lifecycle"] == [
        ("lifecycle", "lead"),
        ("lifecycle", "new"),
    ]
    assert alive["channels"][0]["name"] == "Order Completed"
    with zhiyin.open(folder) as workspace:
        workspace.run(utc_now().date() + timedelta(days=2))
        published = workspace.customer("u1")
    assert published["profile"]["stage"] == "new"
    same = ("stage", "stages", "counters", "channels", "tag_history")
    assert {name: published["live"][name] for name in same} == {name: alive[name] for name in same}
    home = open_home(folder)
    with home.lake.open() as lake:
        [searched] = Serving(lake).rows("event", where={"name": "Products Searched"})
    home.close()
    assert (searched["query"], searched["utm_source"], searched["utm_campaign"]) == ("乌龙茶", "wechat", "autumn")
