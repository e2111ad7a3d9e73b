"""Codes and columns in the words of people."""

from __future__ import annotations

from zhiyin.app.codes import label_of
from zhiyin.predict.inputs import KIND, RATIOS
from zhiyin.predict.questions import QUESTIONS


def test_every_feature_that_a_reason_may_name_has_words():
    features = {feature for question in QUESTIONS.values() for feature in question.features} | set(RATIOS)
    tables = ("profile_at", "interest_at", "campaign_at")
    assert {name for name in features if label_of(name, *tables, language="zh").isascii()} == set()


def test_a_kind_of_campaign_keeps_its_name():
    assert [label_of(f"{KIND}Type A", "campaign_at", language=language) for language in ("zh", "en")] == [
        "活动类型 Type A",
        "campaign kind Type A",
    ]
