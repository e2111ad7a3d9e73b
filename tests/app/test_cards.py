"""Cards: listed, shown, drawn, exported, approved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import zhiyin
from zhiyin.app.cards import answer, approve, card_of, write_page, write_tensorboard
from zhiyin.app.home import open_home
from zhiyin.app.reading import published_guard
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound, PrivacyError, UsageError
from zhiyin.learn.card import REFUSED, Curve, Gap, Group, Interval, LeftOut, Proxy

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def opened(another_shop):
    home = open_home(another_shop)
    with published_guard(home, utc_now) as guard:
        yield home, guard
    home.close()


def test_a_card_is_found_by_its_question_and_by_its_id(opened):
    home, guard = opened
    card = card_of(home, guard, home.actor("owner"), which="purchase")
    assert card_of(home, guard, home.actor("boss"), which=card.model_id) == card
    with pytest.raises(NotFound, match="There is no such model, and no such question") as told:
        card_of(home, guard, home.actor("owner"), which="wins")
    assert "purchase" in told.value.in_("zh")


def test_who_approves_and_when_stands_on_the_card(opened):
    home, guard = opened
    card = approve(home, guard, home.actor("boss"), which="churn", clock=lambda: AT)
    assert (card.approved_by, card.approved_at) == ("boss", AT)
    assert "Approved: boss 2026-11-22 09:30 UTC" in card.text("en")
    with zhiyin.open(home.folder) as workspace:
        rows = {row["question"]: row for row in workspace.models()}
    assert rows["churn"]["approved_by"] == "boss"
    assert rows["purchase"]["approved_by"] == ""
    assert rows["purchase"]["auc"][0] > 0.8


def test_a_rep_approves_of_nothing(opened):
    home, guard = opened
    with pytest.raises(PrivacyError, match="You may not approve of models") as told:
        approve(home, guard, home.actor("wang"), which="churn")
    assert "您不能批准模型" in told.value.in_("zh")


def test_a_refused_model_is_listed_last_and_not_approved(opened):
    home, guard = opened
    card = card_of(home, guard, home.actor("owner"), which="purchase")
    refused = home.shelf.save(home.shelf.load(card.model_id), replace(card, state=REFUSED))
    with zhiyin.open(home.folder) as workspace:
        last = workspace.models()[-1]
    assert (last["model_id"], last["state"]) == (refused, REFUSED)
    with pytest.raises(UsageError, match="did not pass the fairness gate") as told:
        approve(home, guard, home.actor("owner"), which=refused)
    assert "没有通过公平检查" in told.value.in_("zh")


def test_the_page_holds_both_languages_and_all_pictures(opened, tmp_path):
    home, guard = opened
    card = card_of(home, guard, home.actor("owner"), which="purchase")
    sure = Interval(0.3, 0.2, 0.4)
    full = replace(
        card,
        state=REFUSED,
        groups=(
            Group("gender", "f", 30, 12, sure, sure, 0.3, sure),
            Group("gender", "*", 30, 12, sure, Interval(*[float("nan")] * 3), 0.3, sure),
        ),
        gaps=(Gap("selection", "gender", "f", "*", sure, Interval(-0.2, -0.3, -0.1)),),
        proxies=(Proxy("gender", "f", Interval(0.9, 0.8, 1.0), ("orders_28d",)),),
        left_out=(LeftOut("industry", "shops", 30, sure),),
        curves=(Curve("steps 1", ((1.0, 0.6), (50.0, 0.4))), Curve("steps 2", ((1.0, 0.7), (60.0, 0.5)))),
    )
    text = write_page(full, tmp_path / "cards" / "card.html").read_text("utf-8")
    assert text.count("<section") == 2
    assert text.count("<svg") >= 2 * 6
    for said in (
        "没有通过公平检查",
        "did not pass the fairness gate",
        "近28天订单数",
        "orders 28d",
        "只看正确率会误导",
        "Accuracy alone misleads",
        "其他各组",
    ):
        assert said in text
    assert not re.search(r"<script|<link|<img|url\(|\bnan\b|\bNone\b", text.partition("</style>")[2])


def test_a_model_that_was_never_judged_has_a_page_too(opened, tmp_path):
    home, guard = opened
    card = card_of(home, guard, home.actor("owner"), which="segment")
    assert "还太少" in write_page(card, tmp_path / "card.html").read_text("utf-8")


def test_training_curves_are_written_for_tensorboard(opened, tmp_path):
    pytest.importorskip("tensorboardX", reason="comes with the extra tensorboard")
    home, guard = opened
    card = replace(card_of(home, guard, home.actor("owner"), which="purchase"), curves=(Curve("steps 1", ((1.0, 0.6), (50.0, 0.4))),))
    assert write_tensorboard(card, tmp_path) == 1
    (file,) = (tmp_path / card.model_id / "steps-1").iterdir()
    assert b"log_loss" in file.read_bytes()


def test_a_model_without_rounds_has_no_curves(opened, tmp_path):
    pytest.importorskip("tensorboardX", reason="comes with the extra tensorboard")
    home, guard = opened
    with pytest.raises(UsageError, match="it has no training curves") as told:
        write_tensorboard(card_of(home, guard, home.actor("owner"), which="value"), tmp_path)
    assert "没有训练曲线" in told.value.in_("zh")


def test_without_the_extra_it_is_named(opened, tmp_path, monkeypatch):
    home, guard = opened
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(UsageError, match="tensorboardX is not installed"):
        write_tensorboard(card_of(home, guard, home.actor("owner"), which="purchase"), tmp_path)


def test_the_answer_is_the_card_and_its_words(opened):
    home, guard = opened
    told = answer(card_of(home, guard, home.actor("owner"), which="purchase"))
    assert told["question"] == "purchase"
    assert "Model: " in told["text_en"]
    assert "模型：" in told["text_zh"]
