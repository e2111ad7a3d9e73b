"""A workspace made by hand: what the run notices in it, who is told, and what a person says."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from answering import answering
from app.live import NOW, catch_up, event, send
from zhiyin.app.departments import Post, deliver, messages, tell, try_again, undelivered
from zhiyin.app.home import create_home, open_home
from zhiyin.app.live import Loop
from zhiyin.app.noticed import notice
from zhiyin.app.projection import project
from zhiyin.app.reading import guard_over, published_guard
from zhiyin.app.risks import ADVICE, decide, held_customers, risks
from zhiyin.app.rushes import LiveRushes, rushes
from zhiyin.app.shifted import shifted
from zhiyin.app.stocked import suggestions
from zhiyin.app.unified import identify, know
from zhiyin.app.work import Work
from zhiyin.app.write_keys import add_key
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, PrivacyError
from zhiyin.core.settings import SourceSettings
from zhiyin.core.settings_parts import DepartmentSettings
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import OWNER, Actor
from zhiyin.predict.spikes import Spike
from zhiyin.store.outbox import Outbox
from zhiyin.store.view import LakeView

AT = date(2026, 11, 21)
FIRST = AT - timedelta(days=100)
GOODS = {"p1": "茶", "p2": "奶", "p3": "米", "p4": "面"}
SETTINGS = """
[demand]
budget_s = 0

[[department]]
name = "stock"
webhook = "http://{address}/"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

[[department]]
name = "paper"
mail = "paper@shop.example"
categories = ["纸"]
"""


def _files(folder):
    """Sixty customers who order one thing every ten days; one who is robbed on a night; tea that everybody wants on the last day."""
    chance = np.random.default_rng(7)
    rows, number = [], 0
    for who in range(60):
        for day in range(who % 10, 100, 10):
            number += 1
            rows.append(
                (
                    f"o{number}",
                    f"u{who}",
                    list(GOODS)[who % 4],
                    1,
                    50,
                    0,
                    f"{FIRST + timedelta(days=day)} {9 + int(chance.integers(10))}:15:00",
                )
            )
    rows += [(f"x{n}", "u5", "p3", 1, 30, 20, f"{AT - timedelta(days=6)} 02:0{n}:00") for n in range(5)]
    rows += [(f"t{who}", f"u{who}", "p1", 1, 50, 0, f"{AT - timedelta(days=1)} 12:00:00") for who in range(20, 40)]
    lines = [",".join(map(str, row)) for row in rows]
    (folder / "orders.csv").write_text("\n".join(["order,who,product,pieces,paid,coupon,at", *lines]), encoding="utf-8")
    (folder / "goods.csv").write_text(
        "\n".join(["product,name,category", *(f"{p},{c}一号,{c}" for p, c in GOODS.items())]), encoding="utf-8"
    )
    (folder / "stock.csv").write_text(
        f"product,pieces,at\np1,2,{AT - timedelta(days=2)}\np2,900,{AT - timedelta(days=30)}\n", encoding="utf-8"
    )


def _sources():
    columns = {
        "order_id": "order",
        "customer": "who",
        "product_id": "product",
        "quantity": "pieces",
        "amount": "paid",
        "coupon": "coupon",
        "ordered_at": "at",
    }
    goods = {"product_id": "product", "product": "name", "category": "category"}
    return [
        SourceSettings(name="till", file="orders.csv", system="shop", columns=columns),
        SourceSettings(name="goods", kind="products", file="goods.csv", columns=goods),
        SourceSettings(
            name="shelf", kind="stock", file="stock.csv", columns={"product_id": "product", "pieces": "pieces", "counted_at": "at"}
        ),
    ]


def _noticed(home, at=AT):
    from zhiyin.app.intake import import_sources

    import_sources(home, _sources(), progress=lambda *_: None)
    with home.lake.build(carry=TABLES) as build:
        project(home, build)
        work = Work(home, build, guard_over(home, build, clock=lambda: NOW), at, refit=False, progress=lambda *_: None)
        identify(work)
        know(work)
        notice(work)
        held = held_customers(work)
        build.publish()
    return work.notes, held


@pytest.fixture
def peer():
    with answering() as server:
        yield server


def _told(peer):
    """What the department was told, message by message."""
    return [json.loads(body) for _, body in peer.got]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The workspace after one look; to be copied."""
    folder = tmp_path_factory.mktemp("noticed") / "shop"
    folder.mkdir()
    create_home(folder)
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    text = (folder / "zhiyin.toml").read_text("utf-8")
    (folder / "zhiyin.toml").write_text(f'as_of = "{AT}"\n{text}', "utf-8")
    _files(folder)
    made = open_home(folder)
    told = _noticed(made)
    made.close()
    return folder, told


@pytest.fixture
def home(built, tmp_path, peer):
    folder = Path(shutil.copytree(built[0], tmp_path / "shop"))
    settings = (folder / "zhiyin.toml").read_text("utf-8")
    (folder / "zhiyin.toml").write_text(settings.replace("{address}", f"127.0.0.1:{peer.server_port}"), "utf-8")
    made = open_home(folder)
    yield made
    made.close()


def _risks(home, actor=OWNER, **told):
    with published_guard(home, lambda: NOW) as guard:
        return risks(home, guard, actor, **told)


def _decide(home, case, actor=OWNER, **told):
    with published_guard(home, lambda: NOW) as guard:
        return decide(home, guard, actor, case=case, **told)


def test_a_robbed_customer_is_one_case_that_a_person_decides(home, built):
    notes, held = built[1]
    assert any(note.en == "Suspicious cases that wait for a person: 1; see `zhiyin risk list`." for note in notes)
    rows = _risks(home)
    (case,) = rows
    assert (case["acts"], case["state"], case["level"], case["high_impact"]) == (5, "open", "high", True)
    assert "一小时内还有 4 笔" in case["reason_zh"]
    assert ADVICE in rows.notes
    assert case["base"] + sum(piece["nats"] for piece in case["reasons"]) == pytest.approx(case["log_odds"], abs=1e-3)
    assert list(held["customer_id"]) == [case["customer_id"]]
    done = _decide(home, case["case_id"], confirmed=False, reason="called her")
    assert (done["acts"], done["by"]) == (5, "owner")
    assert _risks(home) == []
    (decided,) = _risks(home, every=True)
    assert (decided["state"], decided["decided_by"], decided["decision_reason"]) == ("cleared", "owner", "called her")
    assert list(_noticed(home)[1]["customer_id"]) == []  # cleared stays cleared
    _decide(home, case["case_id"], confirmed=True)
    assert list(_noticed(home)[1]["customer_id"]) == [case["customer_id"]]
    assert _risks(home, every=True)[0]["state"] == "confirmed"


def test_who_may_not_decide_is_told_so(home):
    case = _risks(home)[0]["case_id"]
    with pytest.raises(PrivacyError, match=r"Only the owner or a lead decides on suspicious cases\. Got rep\. Fix: Ask a lead"):
        _decide(home, case, Actor("wang", "rep", "north"), confirmed=True)
    assert _risks(home, Actor("wang", "rep", "north")) == []  # none of the own customers
    with pytest.raises(NotFound, match=r"There is no such case\. Got k9\. Fix: `zhiyin risk list` lists the ids\."):
        _decide(home, "k9", confirmed=True)


def test_a_rush_is_noticed_and_told_once(home, built, peer):
    notes, _ = built[1]
    said = [note.zh for note in notes if "渠道有" in note.zh]
    assert len(said) == 1
    with published_guard(home, lambda: NOW) as guard:
        (rush,) = rushes(guard, OWNER)
    assert (rush["place"], rush["category"], rush["people"], str(rush["noticed_on"])[:10]) == ("shop", "茶", 20, "2026-11-20")
    assert rush["sentence_zh"] == said[0]
    (waiting,) = undelivered(home)
    assert (waiting["department"], waiting["way"], waiting["state"]) == ("stock", "webhook", "waiting")
    assert deliver(home) == {"sent": 1, "waiting": 0, "failed": 0}
    (body,) = _told(peer)
    assert (body["type"], body["data"]["people"], body["data"]["sentence"]["zh"]) == ("io.zhiyin.demand.spike", 20, said[0])
    _noticed(home)
    assert deliver(home) == {"sent": 0, "waiting": 0, "failed": 0}


def test_a_look_back_into_the_past_tells_nobody(home, monkeypatch):
    monkeypatch.setattr("zhiyin.app.rushes.utc_now", lambda: NOW + timedelta(days=200))
    home.close()
    past = open_home(home.folder, as_of=AT + timedelta(days=1), department=[{"name": "new", "mail": "new@shop.example"}])
    notes, _ = _noticed(past)
    assert any("渠道有" in note.zh for note in notes)
    assert [row["department"] for row in undelivered(past)] == ["stock"]  # of the look before
    past.close()


def test_what_a_department_refuses_is_tried_again_and_what_it_wants_no_more_is_not(home, peer):
    peer.status = 500
    assert deliver(home) == {"sent": 0, "waiting": 1, "failed": 0}
    assert deliver(home) == {"sent": 0, "waiting": 0, "failed": 0}  # not yet
    peer.status = 410
    assert deliver(home, clock=lambda: utc_now() + timedelta(hours=1)) == {"sent": 0, "waiting": 0, "failed": 1}
    assert (undelivered(home)[0]["tries"], undelivered(home)[0]["answer"]) == (2, "HTTP 410")
    peer.status = 200
    assert try_again(home) == 1
    assert deliver(home)["sent"] == 1


def test_only_what_concerns_a_department_is_told_to_it(home):
    spike = Spike("shop", "纸", "orders", AT, AT, AT, 30, 3.0, 1e-9)
    paper = DepartmentSettings(name="paper", mail="p@shop.example", categories=("纸",))
    assert [row["way"] for row in messages(paper, spike, at=NOW)] == ["mail"]
    assert list(messages(paper.model_copy(update={"places": ("web",)}), spike, at=NOW)) == []
    both = DepartmentSettings(name="all", mail="p@shop.example", webhook="http://127.0.0.1:1/")
    assert [row["way"] for row in messages(both, spike, at=NOW)] == ["webhook", "mail"]
    deliver(home)
    assert tell(home, [spike]) == 2  # stock by webhook, paper by mail
    later = Spike("shop", "纸", "orders", AT, AT + timedelta(days=3), AT, 40, 3.0, 1e-9)
    assert tell(home, [later]) == 0  # the same rush, noticed once more
    done = deliver(home)
    assert (done["sent"], done["waiting"]) == (1, 1)  # no mail server is set: it waits for one
    assert {row["answer"] for row in undelivered(home)} == {"HTTP 204", "no mail_host"}


def test_a_department_that_is_gone_from_the_settings_is_not_told(home):
    deliver(home)
    Outbox(home.ledger, lambda: NOW).add([{"message_id": "w1", "department": "gone", "way": "mail", "subject": "s", "body": "b"}])
    assert deliver(home) == {"sent": 0, "waiting": 0, "failed": 1}


def test_a_customer_who_turns_to_something_else_is_told_once_with_a_product(home):
    with (home.folder / "orders.csv").open("a", encoding="utf-8") as file:
        days = [(80, "p2"), (70, "p2"), (60, "p2"), (50, "p2"), (9, "p4"), (7, "p4"), (5, "p4"), (3, "p4")]
        file.writelines(f"\ns{back},u77,{product},1,50,0,{AT - timedelta(days=back)} 11:00:00" for back, product in days)
    _noticed(home)
    with published_guard(home, lambda: NOW) as guard:
        (row,) = shifted(guard, OWNER)
    assert (row["before"], row["after"], row["product"]) == ("奶", "面", "面一号")
    from zhiyin.store.live import LiveRows

    _noticed(home)
    (alert,) = [alert for alert in LiveRows(home.ledger).alerts([row["customer_id"]]) if alert[1] == "need_shift"]
    assert (alert[3], alert[7], alert[8]) == ("fired", "p4", "奶 -> 面")


def test_what_runs_out_is_ordered_with_the_reason(home):
    with published_guard(home, lambda: NOW) as guard:
        short, every = suggestions(guard, OWNER), suggestions(guard, OWNER, every=True)
    assert [row["product_id"] for row in short] == ["p1"]
    assert short[0]["product"] == "茶一号"
    assert float(short[0]["pieces"]) == 0  # two were counted, twenty sold since
    assert [row["product_id"] for row in every] == ["p1", "p2"]
    assert "30 days ago" in every[1]["reason_en"]


def test_without_stock_the_answer_says_what_is_missing(home):
    with home.lake.build(carry=["batch", "product"]) as build:
        build.publish()
    with published_guard(home, lambda: NOW) as guard:
        rows = suggestions(guard, OWNER)
    assert rows == []
    assert rows.notes[0].en == 'There is no stock: import a file of counts (kind = "stock"), then run again.'


def test_a_rush_is_told_while_the_day_goes_on(home, peer):
    add_key(home.ledger, "web", system="web")
    old = [
        event(f"{day}-{who}", f"w{who}", "Product Viewed", minutes=1440 * day, product_id="p1")
        for day in range(1, 40) for who in range(day % 3)
    ]  # fmt: skip
    send(home, old)
    _noticed(home)
    loop = catch_up(home)
    deliver(home)
    peer.got.clear()
    send(home, [event(f"now{who}", f"w{100 + who}", "Product Viewed", minutes=1, product_id="p1") for who in range(30)])
    for _ in range(3):  # looks several times, tells once
        catch_up(home, loop)
        with home.lake.open() as view:
            assert isinstance(view, LakeView)
            LiveRushes(home, view, clock=lambda: NOW).look()
    post = Post(home, clock=utc_now)
    post.go()
    post.wait()
    loop.close()
    assert [(body["data"]["place"], body["data"]["category"], body["data"]["measure"]) for body in _told(peer)] == [
        ("web", "茶", "interest")
    ]


def test_the_loop_looks_by_itself(home, peer):
    add_key(home.ledger, "web", system="web")
    send(home, [event(f"{day}", f"w{day}", "Product Viewed", minutes=1440 * day, product_id="p1") for day in range(1, 40)])
    _noticed(home)
    deliver(home)
    peer.got.clear()
    seconds = iter(range(0, 10_000, 20))
    loop = Loop(home, clock=lambda: NOW, monotonic=lambda: float(next(seconds)))
    send(home, [event(f"now{who}", f"w{100 + who}", "Product Viewed", minutes=1, product_id="p1") for who in range(30)])
    for _ in range(4):
        loop.once()
    loop.post.wait()
    loop.close()
    assert [body["data"]["people"] for body in _told(peer)] == [30]
