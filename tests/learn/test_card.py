import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from zhiyin.core.errors import StoreError
from zhiyin.core.words import Say
from zhiyin.learn.card import REFUSED, Baseline, Bin, Card, Curve, Effect, Gap, Group, Interval, LeftOut, Proxy

SMALL = Card(
    name="rate", unit="probability", features=("orders",), examples=10, outcomes=3, limits=Say("只看过去。", "It knows the past only.")
)
FULL = replace(
    SMALL,
    question="purchase",
    model_id="purchase-000001-m2",
    snapshot="g000012",
    at_on=date(2026, 11, 21),
    made_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
    metrics={"auc": Interval(0.78, 0.75, 0.81), "lift": Interval(math.nan, math.nan, math.nan)},
    baseline=Baseline("84-day rate", {"auc": Interval(0.7, 0.68, 0.72)}),
    calibration=(Bin(0.2, 0.22, 1500),),
    settings={"pull": 1.0, "parts": ["a", "b"]},
    seed=7,
)


SURE = Interval(0.3, 0.2, 0.4)
TRUSTED = replace(
    FULL,
    metrics={},
    state=REFUSED,
    cut=0.2,
    groups=(Group("gender", "f", 1200, 300, SURE, SURE, 0.31, SURE),),
    gaps=(Gap("selection", "gender", "f", "m", SURE, Interval(-0.1, -0.2, -0.05)),),
    proxies=(Proxy("gender", "f", Interval(0.9, 0.85, 0.95), ("orders", "spend")),),
    effects=(Effect("frequency", "", 1.25), Effect("frequency", "orders", 1.0, ((1.0, -0.5), (9.0, 0.5)))),
    curves=(Curve("steps 1", ((1.0, 0.6), (40.0, 0.4))),),
    left_out=(LeftOut("industry", "shops", 1500, SURE),),
    approved_by="boss",
    approved_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)


@pytest.mark.parametrize("card", [SMALL, replace(FULL, metrics={}), TRUSTED])
def test_a_card_comes_back_from_json(card):
    assert Card.from_json(card.to_json()) == card


def test_an_undefined_figure_is_null_and_comes_back_as_nan():
    assert json.loads(FULL.to_json())["metrics"]["lift"] == [None, None, None]
    assert math.isnan(Card.from_json(FULL.to_json()).metrics["lift"].value)


def test_json_is_plain():
    raw = json.loads(FULL.to_json())
    assert raw["at_on"] == "2026-11-21"
    assert raw["metrics"]["auc"] == [0.78, 0.75, 0.81]
    assert raw["baseline"] == {"name": "84-day rate", "metrics": {"auc": [0.7, 0.68, 0.72]}}


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'"x"', b"\xff"])
def test_what_is_no_card_is_refused(text):
    with pytest.raises(StoreError, match=r"This is not a model card"):
        Card.from_json(text)


def test_people_can_read_it_in_both_languages():
    zh, en = FULL.text("zh"), FULL.text("en")
    assert "问题：purchase" in zh
    assert "局限：只看过去。" in zh
    assert "Score: auc 0.780 (0.750 - 0.810)" in en
    assert "Baseline: 84-day rate auc 0.700 (0.680 - 0.720)" in en
    assert "Said and happened: 20.0% / 22.0% (1,500)" in en
    assert "Made: 2026-11-21 08:30 UTC" in en


def test_what_is_not_known_is_left_out():
    assert "Snapshot" not in SMALL.text("en")
    assert "Baseline" not in SMALL.text("en")


def test_trust_is_told_in_both_languages():
    zh, en = TRUSTED.text("zh"), TRUSTED.text("en")
    assert "各组：gender=f（1,200 人）：选中 30.0%，找到 30.0%，预测 31.0%，实际 30.0%" in zh
    assert "Group: gender=f (1,200): picked 30.0%, found 30.0%, said 31.0%, happened 30.0%" in en
    assert "Can be told: gender=f: AUC 0.90, by orders, spend" in en
    assert "Not learned from: industry shops (1,500) auc 0.300 (0.200 - 0.400)" in en
    assert "Strongest: frequency 1.25" in en
    assert "State: refused: fairness" in en
    assert "批准：boss 2026-11-22 09:30 UTC" in zh


def test_a_share_that_nobody_could_count_comes_back_as_nan():
    unknown = Interval(math.nan, math.nan, math.nan)
    card = replace(TRUSTED, groups=(TRUSTED.groups[0]._replace(found=unknown),))
    assert math.isnan(Card.from_json(card.to_json()).groups[0].found.value)
    assert "found -" in card.text("en")


def test_accuracy_is_never_told_without_that_of_no_model():
    counted = replace(TRUSTED, metrics={"accuracy": Interval(0.86, 0.8, 0.9), "accuracy_no_model": Interval(0.85, 0.8, 0.9)})
    assert "Accuracy alone misleads: saying the same of everybody, without a model, is right for 85.0%" in counted.text("en")
    assert "按最可能的 20% 来选，正确率是 86.0%" in counted.text("zh")
    assert TRUSTED.accuracy_note() is None


def test_a_card_of_before_these_figures_can_still_be_read():
    raw = json.loads(SMALL.to_json())
    for name in ("state", "cut", "groups", "gaps", "proxies", "effects", "curves", "left_out", "approved_by", "approved_at"):
        del raw[name]
    assert Card.from_json(json.dumps(raw)) == SMALL
