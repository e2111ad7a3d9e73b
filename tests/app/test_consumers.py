"""What a page shows to whom: the own list, the list of a stranger, and nothing that depends on what somebody did who does not want it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import numpy as np
import pytest

from storefront import CATEGORY, GOODS, opened, publish, record
from zhiyin.app.consumers import Asked, Consumers
from zhiyin.app.filling import Page
from zhiyin.app.held_open import HeldOpen
from zhiyin.app.live import Loop
from zhiyin.app.showing import Showing
from zhiyin.app.write_keys import add_key
from zhiyin.collect.tracking.door import take
from zhiyin.core.errors import StoreError, UsageError
from zhiyin.store.inbox_rows import Sent
from zhiyin.store.shown import ShownRows

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
SETTINGS = """
[[placement]]
name = "home"
kind = "for_you"
k = 4
holdout_share = 0.3
at_most_of_a_category = 2

[[placement.variant]]
name = "wide"
share = 0.5
at_most_of_a_category = 1

[[placement]]
name = "page"
kind = "similar"
k = 3
holdout_share = 0.0

[[placement]]
name = "mail"
kind = "next_offer"
holdout_share = 0.0

[[placement]]
name = "try"
kind = "for_you"
k = 3
explore = 1
holdout_share = 0.0
"""
PLACEMENTS = ("home", "page", "mail", "try")
PAGES = (Page(("tea",)), Page(("rice", "cup"), "杭州"))


@pytest.fixture
def home(tmp_path):
    made = opened(tmp_path, SETTINGS)
    add_key(made.ledger, "web", system="shop")
    yield made
    made.close()


@contextmanager
def _pages(home):
    """`ask(placement, user, ...)` over what is published."""
    with closing(HeldOpen(home, lambda: NOW)) as held:
        showing = Showing(home, held, clock=lambda: NOW)
        consumers = Consumers(home, held, showing=showing, clock=lambda: NOW)

        def ask(placement, user="", **more):
            return consumers.answer(Asked(placement, "web", user=user, **more))

        ask.showing, ask.held = showing, held
        yield ask


def _of(answer):
    """All of an answer but its id."""
    return {name: value for name, value in answer.items() if name != "request_id"}


def _products(answer):
    return [item["product_id"] for item in answer["items"]]


def _lists(users, seed):
    draw = np.random.default_rng(seed)
    return {user: [str(one) for one in draw.permutation(list(GOODS))[:6]] for user in users}


def _histories(home, users, seed):
    """Order lines of everybody, each of other products for another seed."""
    draw = np.random.default_rng(seed + 100)
    return [
        {
            "source": "shop",
            "line_id": f"{user}{n}",
            "record_id": record(home, user),
            "product_id": str(product),
            "amount": 100,
            "ordered_on": day,
        }
        for user in users
        for n, product in enumerate(draw.choice(list(GOODS), 3, replace=False))
        for day in [np.datetime64("2026-10-01").item()]
    ]


USERS = [f"u{n}" for n in range(12)]


@pytest.mark.parametrize("told", ["personalisation", "any"])
def test_who_wants_no_personal_lists_is_a_stranger_whatever_was_done(home, told):
    refused, others = USERS[:6], USERS[6:]
    consents = [{"record_id": record(home, user), "channel": told, "allowed": False, "since_on": NOW.date()} for user in refused]
    seen = []
    for seed in range(4):
        histories = _histories(home, others, 0) + _histories(home, refused, seed)
        publish(home, _lists(others, 0) | _lists(refused, seed), consent=consents, order_line=histories)
        with _pages(home) as ask:
            stranger = [_of(ask(placement, page=page)) for placement in PLACEMENTS for page in PAGES]
            for user in refused:
                assert [_of(ask(placement, user, page=page)) for placement in PLACEMENTS for page in PAGES] == stranger
            ask.showing.flush()
            assert {row.customer_id + row.record_id for row in ShownRows(home.ledger).between("", "9")} == {""}
            own = [_products(ask("home", user, page=PAGES[0])) for user in others]
        seen.append((stranger, own))
    assert all(one == seen[0] for one in seen)
    assert any(products != _products(seen[0][0][0]) for products in seen[0][1])


def test_without_a_refusal_the_same_histories_do_change_the_answers(home):
    seen = set()
    for seed in range(4):
        publish(home, _lists(USERS, seed), order_line=_histories(home, USERS, seed))
        with _pages(home) as ask:
            seen.add(json.dumps([_products(ask("mail", user)) for user in USERS]))
    assert len(seen) == 4


def test_a_refusal_holds_as_soon_as_it_has_come(home):
    publish(home, {"li": ("rice", "salt")})
    with _pages(home) as ask:
        assert ask("mail", "li")["personal"]
        _send(home, {"type": "identify", "userId": "li", "traits": {"consent": {"personalisation": False}}, "messageId": "m1"})
        assert not ask("mail", "li")["personal"]
        assert _of(ask("mail", "li")) == _of(ask("mail", "nobody"))
        # The last word counts, and on one day the refusal does.
        _send(home, {"type": "identify", "userId": "li", "traits": {"consent": {"personalisation": True}}, "messageId": "m2"})
        assert not ask("mail", "li")["personal"]
    [row] = home.journal.consents()
    assert (row["customer_id"], row["channel"], row["allowed"], row["by"]) == (record(home, "li"), "personalisation", False, "web")


def test_a_refusal_of_the_device_counts_for_the_user_who_is_asked_for_with_it(home):
    publish(home, {"li": ("rice", "salt")})
    with _pages(home) as ask:
        _send(home, {"type": "identify", "anonymousId": "a1", "traits": {"consent": {"personalisation": False}}, "messageId": "m1"})
        assert ask("mail", "li")["personal"]
        assert not ask("mail", "li", anonymous="a1")["personal"]


def _send(home, event):
    told = json.dumps({"batch": [{**event, "timestamp": NOW.isoformat()}]}).encode()
    taken = take("segment:batch", told, headers={})
    with home.inbox.start(queue=1000):
        home.inbox.put(Sent("web", taken.form, taken.body, NOW, taken.items, taken.unfit)).result()
    loop = Loop(home, clock=lambda: NOW)
    while loop.once():
        pass
    loop.close()


def test_a_device_that_belongs_to_a_customer_leads_to_the_list(home):
    device = record(home, "a1", system="web.anonymous")
    publish(home, {"li": ("rice", "salt")})
    li = record(home, "li")
    both = [{"record_id": one, "customer_id": li, "source": "shop", "kind": "person"} for one in (li, device)]
    publish(home, {"li": ("rice", "salt")}, identity=both)
    with _pages(home) as ask:
        assert ask("mail", anonymous="a1")["items"][0]["product_id"] == "rice"
        assert ask("mail", "nobody", anonymous="a1")["personal"]
        ask.showing.flush()
        assert {(row.customer_id, row.record_id) for row in ShownRows(home.ledger).between("", "9")} == {(li, device)}


def test_the_holdout_gets_the_list_of_a_stranger_and_a_variant_its_own_way(home):
    users = [f"u{n}" for n in range(60)]
    publish(home, {user: ("tea", "cup", "pot", "rice", "soap") for user in users})
    with _pages(home) as ask:
        stranger = _products(ask("home"))
        answers = [ask("home", user) for user in users]
        assert [_of(ask("home", user)) for user in users] == list(map(_of, answers))
        ask.showing.flush()
    by = {variant: [one for one in answers if one["variant"] == variant] for variant in ("holdout", "main", "wide")}
    assert sum(map(len, by.values())) == len(users)
    assert all(len(found) > 5 for found in by.values())
    assert {tuple(_products(one)) for one in by["holdout"]} == {tuple(stranger)}
    assert {one["fallback"]["code"] for one in by["holdout"]} == {"holdout"}
    assert {one["personal"] for one in by["holdout"]} == {False}
    assert {tuple(_products(one)) for one in by["main"]} == {("tea", "cup", "rice", "soap")}
    assert {tuple(_products(one)) for one in by["wide"]} == {("tea", "rice", "soap")}
    chances = {row.variant: row.chance for row in ShownRows(home.ledger).between("", "9") if row.variant}
    assert chances == pytest.approx({"holdout": 0.3, "main": 0.35, "wide": 0.35})


def test_what_is_similar_is_of_the_same_kind_and_what_the_customer_likes_comes_first(home):
    publish(home, {"li": ("soap", "rice"), "wu": ()})
    with _pages(home) as ask:
        assert _products(ask("page", "wu", page=Page(("tea",)))) == ["pot", "cup", "soap"]
        mine = ask("page", "li", page=Page(("tea",)))
        assert (_products(mine), mine["personal"]) == (["soap", "pot", "cup"], True)
        assert mine["items"][0]["reason"]["zh"] == "常和「茶」一起被选中"
        assert _products(ask("page", page=Page(("tea",)))) == ["pot", "cup", "soap"]


def test_what_is_sold_out_is_shown_to_nobody(home):
    counted = [{"product_id": product, "counted_on": NOW.date(), "pieces": 0.0} for product in ("rice", "pot", "oil")]
    publish(home, {"li": ("rice", "salt", "towel")}, stock=counted)
    with _pages(home) as ask:
        for user, page in (("li", Page()), ("", Page(("tea",))), ("", Page(region="杭州"))):
            for placement in ("home", "mail"):
                assert not {"rice", "pot", "oil"} & set(_products(ask(placement, user, page=page)))


def test_the_places_that_explore_say_how_likely_each_product_was(home):
    publish(home, {"li": tuple(GOODS)}, tried=[{"placement": "try", "product_id": "towel", "shows": 100, "clicks": 90}])
    with _pages(home) as ask:
        answers = [ask("try", "li") for _ in range(60)]
        ask.showing.flush()
    tried = [answer["items"][2] for answer in answers]
    assert {tuple(_products(answer)[:2]) for answer in answers} == {("tea", "cup")}
    assert {item["propensity"] for answer in answers for item in answer["items"][:2]} == {1.0}
    shares = {item["product_id"]: item["propensity"] for item in tried}
    assert len(shares) > 1
    assert max(shares, key=shares.__getitem__) == "towel"
    kept = list(ShownRows(home.ledger).between("", "9"))
    assert {row.items[2].usual for row in kept} == {"pot"}
    assert sorted(row.items[2].propensity for row in kept) == pytest.approx(sorted(item["propensity"] for item in tried))


def test_a_newer_generation_is_read_while_the_older_is_still_in_use(home):
    publish(home, {"li": ("rice",)})
    with _pages(home) as ask:
        with ask.held.read() as before:
            publish(home, {"li": ("salt",)})
            assert _products(ask("mail", "li")) == ["rice"]
            assert ask.held.renew()
            assert not ask.held.renew()
            assert _products(ask("mail", "li")) == ["salt"]
            assert before.snapshot != home.lake.current().name
            assert before.holds("product_link")
        with pytest.raises(StoreError, match="This generation is closed"):
            before.holds("forecast")


def test_before_anything_was_published_there_is_nothing_to_offer(home):
    with _pages(home) as ask:
        answer = ask("home", "li")
    assert (answer["items"], answer["fallback"]["code"], answer["fallback"]["to"]) == ([], "stranger", "nothing")
    assert answer["fallback"]["en"].endswith("there is nothing to offer.")


def test_what_waits_is_written_when_the_disk_allows_again_and_dropped_when_it_is_old(home, monkeypatch):
    publish(home, {"li": ("rice",)})
    with _pages(home) as ask:
        ask("mail", "li")
        showing = ask.showing
        add = showing._rows.add
        monkeypatch.setattr(showing._rows, "add", lambda rows: home.lake.open("none"))
        stopped = threading.Event()
        stopped.set()
        showing.run(stopped)
        assert list(ShownRows(home.ledger).between("", "9")) == []
        monkeypatch.setattr(showing._rows, "add", add)
        showing.run(stopped)
        [kept] = ShownRows(home.ledger).between("", "9")
        ShownRows(home.ledger).add([kept._replace(request_id="old", at="2026-01-01T00:00:00.000+00:00")])
        showing._swept_at = float("-inf")
        showing.run(stopped)
        assert [row.request_id for row in ShownRows(home.ledger).between("", "9")] == [kept.request_id]


def test_a_shop_without_settings_has_one_placement_of_each_kind(tmp_path):
    with closing(opened(tmp_path / "plain")) as home:
        publish(home, {})
        with _pages(home) as ask:
            assert len(ask("for_you")["items"]) == 4
            assert len(ask("next_offer")["items"]) == 1
            with pytest.raises(
                UsageError, match=r"There is no such placement\. Got home\. Fix: Use one of for_you, similar, basket, next_offer"
            ):
                ask("home")


def test_answers_come_without_ibis_and_pandas(home):
    publish(home, {"li": tuple(CATEGORY)})
    code = """
import sys
from datetime import date
from pathlib import Path
from zhiyin.app.consumers import Asked, Consumers
from zhiyin.app.filling import Page
from zhiyin.app.held_open import HeldOpen
from zhiyin.app.home import open_home
from zhiyin.app.showing import Showing
from zhiyin.core.clock import utc_now
home = open_home(Path(sys.argv[1]), as_of=date(2026, 11, 21))
held = HeldOpen(home, utc_now)
consumers = Consumers(home, held, showing=Showing(home, held, clock=utc_now), clock=utc_now)
for placement in ("home", "page", "mail", "try"):
    for user in ("li", "nobody"):
        assert consumers.answer(Asked(placement, "web", user=user, page=Page(("tea",), "杭州")))["items"]
print(sorted({"pandas", "ibis", "sklearn", "scipy"} & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", code, str(home.folder)], capture_output=True, text=True, check=False)
    assert said.stdout.strip() == "[]", said.stdout + said.stderr


def test_the_ids_of_a_source_are_those_that_its_events_have(home):
    add_key(home.ledger, "other", system="")
    publish(home, {"li": ("rice",)})
    with closing(HeldOpen(home, lambda: NOW)) as held:
        consumers = Consumers(home, held, showing=Showing(home, held, clock=lambda: NOW), clock=lambda: NOW)
        personal = [consumers.answer(Asked("mail", source, user="li"))["personal"] for source in ("web", "other")]
    assert personal == [True, False]
