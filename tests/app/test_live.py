"""The live view is that of all events, however they came, and whatever was published meanwhile."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from app.live import NOW, catch_up, event, hashed, opened, publish, send, view, views
from zhiyin.app.alerts import Timers
from zhiyin.app.drift import drift
from zhiyin.app.home import open_home
from zhiyin.app.intake import import_sources
from zhiyin.app.live import Loop
from zhiyin.app.projection import expire
from zhiyin.core.errors import NotFound, ZhiyinError
from zhiyin.core.settings import SourceSettings
from zhiyin.core.tables import FACTS
from zhiyin.store.live import LiveRows
from zhiyin.store.serving import Serving

EVERYONE = ("u0", "u1", "u2", "u3")
NAMES = ("Product Viewed", "Product Added", "Products Searched", "Page Viewed", "Order Completed", "Coupon Applied")


@pytest.fixture
def home(tmp_path):
    made = opened(tmp_path / "shop")
    yield made
    made.close()


def _stream(count: int = 40, *, seed: int = 7) -> list[dict[str, object]]:
    """Events of four people over five days, orders among them; each order has a line with a discount now and then."""
    chance = random.Random(seed)  # noqa: S311 - a test draws the same each time
    made = []
    for n in range(count):
        name = chance.choice(NAMES)
        told: dict[str, object] = {"product_id": f"p{n % 3}"}
        if name == "Order Completed":
            told = {
                "order_id": f"o{n}",
                "discount": n % 3,
                "products": [{"product_id": f"p{m}", "price": 10 + n, "quantity": m} for m in (1, 2)],
            }
        if name == "Products Searched":
            told = {"query": "tea"}
        who = f"u{n % 4}"
        one = event(n, who, name, minutes=chance.randrange(5 * 24 * 60), **told)
        made.append(one | ({"anonymousId": f"device-{who}"} if n % 5 == 0 else {}))
    return made


def _cut(events: list, parts: int, *, seed: int = 3) -> list[list]:
    cuts = sorted(random.Random(seed).sample(range(1, len(events)), parts - 1))  # noqa: S311 - a test draws the same each time
    return [events[start:end] for start, end in zip([0, *cuts], [*cuts, len(events)], strict=True)]


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """What is said when all events are there at once, in the lake."""
    home = opened(tmp_path_factory.mktemp("truth") / "shop")
    send(home, _stream())
    publish(home)
    told = views(home, EVERYONE)
    home.close()
    return told


def test_an_order_makes_a_lead_a_customer_and_the_history_tells_it(home):
    send(home, [event(1, "u1", "Product Viewed", minutes=50, product_id="p1")])
    loop = catch_up(home)
    assert view(home, "u1")["stage"] == "lead"
    send(home, [event(2, "u1", "Order Completed", minutes=5, order_id="o1", total=99)])
    catch_up(home, loop)
    told = view(home, "u1")
    assert (told["stage"], told["counters"]["orders_7d"], told["counters"]["spend_7d"]) == ("new", 1, 9900)
    assert [(tag["name"], tag["value"]) for tag in told["tag_history"]] == [("lifecycle", "lead"), ("lifecycle", "new")]
    assert told["tag_history"][1]["cause"] == {"name": "Order Completed", "channel": "web", "id": "o1", "at": "2026-11-20T19:55:00+08:00"}


def test_before_anything_was_published_or_sent_there_is_nobody(home):
    with pytest.raises(NotFound, match="no data yet"):
        view(home, "u1")
    catch_up(home)
    with pytest.raises(NotFound, match="no such customer"):
        view(home, "u1")


def test_all_at_once_in_the_lake_is_the_same_as_all_alive(home, truth):
    send(home, _stream())
    catch_up(home)
    assert hashed(views(home, EVERYONE)) == hashed(truth)


def test_a_generation_published_in_mid_stream_changes_nothing(home, truth):
    """Base and what came after its cursor, with a reader between the publishing and the next step."""
    loop = catch_up(home)
    for n, part in enumerate(_cut(_stream(), 4)):
        send(home, part)
        catch_up(home, loop)
        if n % 2 == 0:
            publish(home)
            view(home, "u1")
    catch_up(home, loop)
    assert hashed(views(home, EVERYONE)) == hashed(truth)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_event_one_to_five_times_and_shuffled_gives_the_same(home, truth, seed):
    """R7: repeats in one request and over requests, in any order."""
    chance = random.Random(seed)  # noqa: S311 - a test draws the same each time
    sent = [one for one in _stream() for _ in range(chance.randint(1, 5))]
    chance.shuffle(sent)
    loop = catch_up(home)
    for part in _cut(sent, 6, seed=seed):
        send(home, part)
        catch_up(home, loop)
    assert hashed(views(home, EVERYONE)) == hashed(truth)
    [counts] = home.inbox.counts()
    assert counts.received == counts.stored + counts.duplicate + counts.refused == len(sent)
    publish(home)
    assert hashed(views(home, EVERYONE)) == hashed(truth)


def test_two_loops_add_nothing_twice(home, truth):
    loops = [catch_up(home), catch_up(home)]
    for n, part in enumerate(_cut(_stream(), 6)):
        send(home, part)
        loops[n % 2].once()
        loops[1 - n % 2].once()
    assert hashed(views(home, EVERYONE)) == hashed(truth)


def test_an_order_told_twice_with_other_message_ids_counts_once(home):
    order = {"order_id": "o1", "products": [{"product_id": "p1", "price": 10, "quantity": 2}]}
    loop = catch_up(home)
    for n in (1, 2):
        send(home, [event(n, "u1", "Order Completed", minutes=5, **order)])
        catch_up(home, loop)
    alive = view(home, "u1")["counters"]
    publish(home)
    assert (alive["orders_all"], alive["spend_all"]) == (1, 2000)
    assert view(home, "u1")["counters"] == alive
    send(home, [event(3, "u1", "Order Completed", minutes=4, **order)])
    catch_up(home, loop)
    assert view(home, "u1")["counters"] == alive


def test_who_was_anonymous_and_signs_in_is_one_customer(home):
    seen = {"type": "track", "anonymousId": "a1", "event": "Product Viewed", "messageId": "m1", "timestamp": NOW.isoformat()}
    send(home, [seen])
    loop = catch_up(home)
    assert view(home, "a1")["counters"]["views_7d"] == 1
    send(home, [{"type": "identify", "userId": "u1", "anonymousId": "a1", "messageId": "m2", "timestamp": NOW.isoformat()}])
    send(home, [event(3, "u1", "Product Viewed")])
    catch_up(home, loop)
    assert view(home, "u1")["counters"]["views_7d"] == view(home, "a1")["counters"]["views_7d"] == 2
    publish(home)
    assert view(home, "u1")["counters"]["views_7d"] == 2


def test_every_channel_tells_its_last_event(home):
    send(home, [event(1, "u1", "Page Viewed", minutes=9)])
    send(home, [event(2, "u1", "Application Opened", minutes=3)], source="app")
    catch_up(home)
    assert [(one["channel"], one["name"], one["times"]) for one in view(home, "u1")["channels"]] == [
        ("app", "Application Opened", 1),
        ("web", "Page Viewed", 1),
    ]


def test_what_makes_no_fact_is_refused_once_and_the_sum_holds(home):
    """R8 and R9: a broken event is kept with its reason, those around it are stored."""
    bad = event(2, "u1", "Order Completed", order_id="o9", currency="LUNAR", total=5)
    send(home, [event(1, "u1", "Page Viewed"), bad])
    catch_up(home)
    publish(home)
    [refused] = home.inbox.refused()
    assert (refused.stage, refused.code, refused.place) == ("projection", "unknown_currency", 1)
    assert b"LUNAR" in refused.raw
    [counts] = home.inbox.counts()
    assert (counts.received, counts.stored, counts.unused) == (2, 2, 1)


def test_a_property_that_is_new_loses_nothing_and_is_told_once(home):
    """R9: events with it are stored, who reads reads on, and `zhiyin doctor` says it one time."""
    loop = catch_up(home)
    for n in range(3):
        send(home, [event(n, "u1", "Page Viewed", colour="red")])
        catch_up(home, loop)
    catch_up(home)
    assert view(home, "u1")["counters"]["pages_7d"] == 3
    assert [row["name"] for row in drift(home)] == ["web/colour"]
    assert "a property that nobody declared" in drift(home)[0]["what_en"]


def _facts(home) -> str:
    with home.lake.open() as lake:
        tables = [name for name in FACTS if name not in ("batch", "cursor")]
        return hashed({name: sorted(_said(row) for row in Serving(lake).rows(name, where={})) for name in tables})


def _said(row) -> str:
    """What a row says; where it came from is no part of it."""
    return str({name: value for name, value in row.items() if name != "source_row"})


def test_a_rebuild_from_the_requests_gives_the_same_facts(home, tmp_path):
    for part in _cut(_stream(), 4):
        send(home, part)
        publish(home)
    before, told = _facts(home), hashed(views(home, EVERYONE))
    for left in (home.folder / "lake").iterdir():
        left.rename(tmp_path / left.name)
    publish(home)
    catch_up(home)
    assert (_facts(home), hashed(views(home, EVERYONE))) == (before, told)


def test_requests_expire_when_the_lake_has_them_and_they_are_old(tmp_path):
    made = opened(tmp_path / "shop")
    made.close()
    home = open_home(tmp_path / "shop", serve={"keep_days": 0})
    send(home, [event(1, "u1", "Page Viewed")])
    assert expire(home) == 0
    publish(home)
    send(home, [event(2, "u1", "Page Viewed")])
    assert (expire(home), [body.body_id for body in home.inbox.bodies(0)]) == (1, [2])
    publish(home)
    assert view(home, "u1")["counters"]["pages_7d"] == 2
    send(home, [event(1, "u1", "Page Viewed")])
    assert home.inbox.counts()[0].duplicate == 1
    home.close()


_LOOP = """
import sys
from pathlib import Path
from zhiyin.app import live
from zhiyin.app.drift import drift
from zhiyin.app.home import open_home
live._BODIES = 1
loop = live.Loop(open_home(Path(sys.argv[1])))
sys.stdout.write("begins\\n")
sys.stdout.flush()
while loop.once():
    pass
"""


@pytest.mark.slow
def test_a_loop_that_is_killed_anywhere_neither_loses_nor_doubles(home, truth):
    """R3: kill -9 at points spread over the whole work, until it is done."""
    for one in _stream():
        send(home, [one])
    kills = 0
    for n in range(10):
        with subprocess.Popen([sys.executable, "-c", _LOOP, str(home.folder)], stdout=subprocess.PIPE, text=True) as loop:
            loop.stdout.readline()
            try:
                loop.wait(0.05 + 0.11 * n)
                break
            except subprocess.TimeoutExpired:
                loop.send_signal(signal.SIGKILL)
                kills += 1
    catch_up(home)
    assert kills
    assert hashed(views(home, EVERYONE)) == hashed(truth)
    for who in EVERYONE:
        noted = [(tag["value"], tag["at"]) for tag in view(home, who)["tag_history"] if tag["name"] == "lifecycle"]
        assert len(noted) == len(set(noted))


class _Watch:
    """A wall clock and a monotonic one, each set by hand."""

    def __init__(self) -> None:
        self.wall, self.seconds = NOW, 100.0

    def go(self, minutes: float, *, jump: float = 0) -> None:
        self.seconds += 60 * minutes
        self.wall += timedelta(minutes=minutes + jump)


def _left_a_cart(home, *, minutes: float = 0) -> tuple[Timers, _Watch]:
    send(home, [event(1, "u1", "Product Added", minutes=minutes, product_id="p1")])
    catch_up(home)
    watch = _Watch()
    timers = Timers(LiveRows(home.ledger), clock=lambda: watch.wall, monotonic=lambda: watch.seconds)
    assert timers.fire() == 0
    return timers, watch


def _states(home) -> list[str]:
    return [alert["state"] for alert in view(home, "u1")["alerts"]]


@pytest.mark.parametrize("jump", [0, 24 * 60, -24 * 60])
def test_a_cart_reminder_comes_after_half_an_hour_whatever_the_clock_says(home, jump):
    """R6: neither early nor never."""
    timers, watch = _left_a_cart(home)
    watch.go(29, jump=jump)
    assert (timers.fire(), _states(home)) == (0, ["waiting"])
    watch.go(1)
    assert (timers.fire(), timers.fire(), _states(home)) == (1, 0, ["fired"])


def test_reminders_that_were_put_off_or_begin_later_come_when_they_are_due(home):
    timers, watch = _left_a_cart(home, minutes=20)
    send(home, [event(2, "u1", "Product Added", minutes=10, product_id="p2"), event(3, "u2", "Product Added", product_id="p1")])
    catch_up(home)
    timers.learn(LiveRows(home.ledger).alerts())
    fired = []
    for _ in range(35):
        watch.go(1)
        fired.append(timers.fire())
    assert [minute for minute, count in enumerate(fired, 1) if count] == [20, 30]
    assert _states(home) == ["fired"]


def test_a_reminder_that_could_not_be_written_comes_later(home):
    timers, watch = _left_a_cart(home)
    watch.go(31)
    with home.ledger.begin() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE UPDATE ON alert BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(ZhiyinError):
        timers.fire()
    with home.ledger.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert (timers.fire(), _states(home)) == (1, ["fired"])


def test_an_order_stops_the_reminder_and_a_new_cart_begins_another(home):
    timers, watch = _left_a_cart(home)
    send(home, [event(2, "u1", "Order Completed", minutes=-5, order_id="o1", total=9)])
    catch_up(home)
    watch.go(60)
    assert (timers.fire(), _states(home)) == (0, ["stopped"])


def test_three_looks_at_one_product_in_a_day_are_told_once(home):
    loop = catch_up(home)
    for n in range(5):
        send(
            home, [event(n, "u1", "Product Viewed", minutes=n, product_id="p1"), event(f"x{n}", "u1", "Product Viewed", product_id=f"q{n}")]
        )
        catch_up(home, loop)
    assert [(one["rule"], one["product_id"]) for one in view(home, "u1")["alerts"]] == [("looked_thrice", "p1")]


def test_a_loop_goes_on_when_what_was_wrong_has_passed(home):
    """R13: a ledger that cannot be written stops nothing for good; what could not be added is added later, identifiers too."""
    loop = catch_up(home)
    send(home, [event(1, "u1", "Page Viewed")])
    with home.ledger.begin() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON live_activity BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    stop = threading.Event()
    worker = threading.Thread(target=loop.run, args=(stop,))
    worker.start()
    try:
        _until(lambda: home.vault.find("source_key", "u1"))
        assert LiveRows(home.ledger).base().position == 0
        with home.ledger.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full")
        _until(lambda: LiveRows(home.ledger).base().position == 1)
    finally:
        stop.set()
        worker.join()
    assert view(home, "u1")["counters"]["pages_7d"] == 1


def _until(holds) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_a_loop_without_anything_to_do_rests(home):
    loop = Loop(home, clock=lambda: NOW)
    assert loop.once() == 0
    loop.close()


def test_after_an_import_that_no_run_followed_the_orders_show(home):
    (home.folder / "orders.csv").write_text("order,who,product,paid,at\no1,42,p1,99.5,2026-11-18 10:00\n", encoding="utf-8")
    columns = {"order_id": "order", "customer": "who", "product_id": "product", "amount": "paid", "ordered_at": "at"}
    import_sources(home, [SourceSettings(name="till", file="orders.csv", system="shop", columns=columns)], progress=lambda *_: None)
    told = view(home, "42")
    assert (told["stage"], [one["channel"] for one in told["channels"]]) == ("new", ["till"])
    send(home, [event(1, "42", "Product Viewed")])
    catch_up(home)
    told = view(home, "42")
    assert ([one["channel"] for one in told["channels"]], told["counters"]["orders_all"]) == (["web", "till"], 1)
