"""I1, P5: the shop's server asks what a page shows, the last click counts, a refusal too, and what came of it stands beside the holdout."""

from __future__ import annotations

import time
from datetime import timedelta

import httpx

import zhiyin
from served import running
from zhiyin.app.home import open_home
from zhiyin.core.clock import utc_now
from zhiyin.store.shown import ShownRows

PATIENCE = 20  # seconds at least
MEMBERS = [f"M{1000 + n}" for n in range(120)]
SETTINGS = """
[recommend]
order_days = 2
[[placement]]
name = "home"
kind = "for_you"
k = 5
holdout_share = 0.3
explore = 2

[[placement]]
name = "beside"
kind = "similar"
k = 4
holdout_share = 0.0
"""


def _until(ask, is_so):
    """The answer as soon as it is as it should be."""
    for _ in range(PATIENCE * 20):
        if is_so(found := ask()):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def _products(answer):
    return [item["product_id"] for item in answer["items"]]


def test_from_the_page_to_what_came_of_it(another_shop, zhiyin_says):
    folder = another_shop
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    write = zhiyin_says("key", "add", "web", "--system", "shop", "-w", folder, "--json").json()["key"]
    told = zhiyin_says("key", "add", "web", "--read", "-w", folder, "--json").json()
    assert (told["system"], told["kind"]) == ("shop", "read")
    with running(folder) as server, httpx.Client(base_url=server.address) as line:

        def ask(user="", placement="home", **more):
            answer = line.get("/v1/recommendations", params={"placement": placement, "userId": user, **more}, auth=(told["key"], ""))
            assert answer.status_code == 200, answer.text
            return answer.json()

        def say(path, **event):
            assert line.post(f"/v1/{path}", json=event, auth=(write, "")).status_code == 200

        stranger = ask("nobody")
        answers = {member: ask(member) for member in MEMBERS}
        _the_last_click_counts(ask, say, answers)
        _a_refusal_counts(ask, say, stranger)
        time.sleep(0.5)  # what was shown is written a few times a second
    log = (folder / "serve.log").read_text("utf-8")
    assert not any(member in log for member in MEMBERS)
    _three_days_ago(folder)
    clicked, bought = _what_they_did(folder, write, answers)
    with zhiyin.open(folder) as workspace:
        workspace.run(utc_now().date() + timedelta(days=2))
    _what_came_of_it(zhiyin_says, folder, answers, clicked=clicked, bought=bought)


def _the_last_click_counts(ask, say, answers):
    who = next(member for member in MEMBERS[::-1] if answers[member]["variant"] == "main")
    said = {item["reason"]["zh"] for item in ask(who, k=20)["items"]}
    assert not any("刚" in reason for reason in said)
    first = answers[who]["items"][0]["product_id"]
    say("track", userId=who, event="Product Added", messageId="seen", properties={"product_id": first})
    _until(lambda: ask(who, k=20), lambda answer: any("刚" in item["reason"]["zh"] for item in answer["items"]))


def _a_refusal_counts(ask, say, stranger):
    who = next(member for member in MEMBERS if ask(member)["personal"])
    say("identify", userId=who, messageId="refused", traits={"consent": {"personalisation": False}})
    after = _until(lambda: ask(who), lambda answer: not answer["personal"])
    assert {name: after[name] for name in after if name != "request_id"} == {
        name: stranger[name] for name in stranger if name != "request_id"
    }


def _three_days_ago(folder):
    """Move what was shown into the past, so that its windows are over."""
    home = open_home(folder)
    rows = ShownRows(home.ledger)
    shown = list(rows.between("", "9"))
    then = (utc_now() - timedelta(days=3)).isoformat(timespec="milliseconds")
    while rows.forget("9"):
        pass
    rows.add([row._replace(at=then) for row in shown])
    home.close()


def _what_they_did(folder, write, answers):
    """Every second member of the main way clicks the first product, every tenth of the others; every fourth of the main way buys it."""
    main = [member for member, answer in answers.items() if answer["variant"] == "main"]
    held = [member for member, answer in answers.items() if answer["variant"] == "holdout"]
    clicked, bought = main[::2] + held[::10], main[::4]
    at = (utc_now() - timedelta(days=3) + timedelta(hours=1)).isoformat()
    events = []
    for n, member in enumerate(clicked):
        first = answers[member]["items"][0]["product_id"]
        about = {"product_id": first} | ({"request_id": answers[member]["request_id"]} if n % 2 else {})
        events.append(
            {"type": "track", "event": "Product Clicked", "userId": member, "messageId": f"c{n}", "timestamp": at, "properties": about}
        )
    for n, member in enumerate(bought):
        goods = {"order_id": f"new{n}", "products": [{"product_id": answers[member]["items"][0]["product_id"], "price": 9}]}
        events.append(
            {"type": "track", "event": "Order Completed", "userId": member, "messageId": f"o{n}", "timestamp": at, "properties": goods}
        )
    now = {"type": "track", "userId": "later", "timestamp": (utc_now() + timedelta(hours=-1)).isoformat()}
    events.append({**now, "event": "Order Completed", "messageId": "last", "properties": {"order_id": "last", "total": 5}})
    with running(folder) as server:
        assert httpx.post(f"{server.address}/v1/import", json={"batch": events}, auth=(write, "")).status_code == 200
    return clicked, bought


def _what_came_of_it(zhiyin_says, folder, answers, *, clicked, bought):
    found = zhiyin_says("placements", "home", "-w", folder, "--json").json()
    rates = {(row["variant"], row["measure"]): row for row in found["rates"]}
    main, held = rates["main", "click"], rates["holdout", "click"]
    assert main["hits"] + held["hits"] == len(clicked)
    assert main["share"]["low"] < main["share"]["value"] < main["share"]["high"]
    assert main["beside_holdout"]["low"] > 0
    assert {row["placement"] for row in found["rates"]} == {"home"}
    assert rates["main", "order"]["hits"] == len(bought)
    assert rates["holdout", "order"]["hits"] == 0
    assert "Too few clicks or orders on one side" in rates["main", "order"]["note"]["en"]
    policies = {(row["policy"], row["measure"]): row for row in found["what_if"]}
    assert {policy for policy, _ in policies} == {"main", "holdout", "no_exploration"}
    assert "next to nothing" in policies["holdout", "order"]["refused"]["en"]
    all_main = policies["main", "click"]
    assert all_main["refused"] is None
    assert {one["way"] for one in all_main["estimates"]} == {"snips", "dr"}
    assert all_main["estimates"][0]["value"] > all_main["logged"]
    shown = zhiyin_says("placements", "-w", folder, "--lang", "zh")
    assert "推荐位" in shown.out and "比留出多" in shown.out
