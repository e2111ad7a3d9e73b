"""Every figure has a name and a sentence in both languages, also where it is not known."""

from __future__ import annotations

import math

import pytest

from zhiyin.app.recipes.truth_words import kpi_words, told
from zhiyin.improve.truth import Judged
from zhiyin.improve.truth_kpi import KPIS
from zhiyin.learn.card import Interval

NAN = math.nan


def test_numbers_are_written_in_their_unit():
    texts = {
        unit: told(Judged("kpi", "orders_equal", Interval(value, NAN, NAN), unit, more={"largest": 0.0}))["text"]
        for unit, value in (("share", 0.1234), ("percent", -3.25), ("cny", 12.5), ("count", 1234.0), ("score", 0.98765))
    }
    assert texts == {"share": "12.3%", "percent": "-3.2%", "cny": "¥12.50", "count": "1,234", "score": "0.988"}


def test_a_figure_says_its_baseline_and_its_interval():
    more = {"happened": 5, "share": 0.25, "top": 20}
    row = told(Judged("leavers", "auc", Interval(0.8, 0.7, 0.9), "score", 0.6, "days_since_order", 200, more))
    assert (row["text"], row["interval_text"], row["baseline_text"]) == ("0.800", "0.700 .. 0.900", "0.600")
    assert (row["subject_zh"], row["subject_en"], row["baseline_zh"]) == ("流失", "leavers", "多久没买")
    assert row["sentence_zh"] == "任取一位离开的和一位留下的，排对先后的机会是 0.800，只看多久没买是 0.600。"


@pytest.mark.parametrize(
    ("judged", "is_told", "sentence"),
    [
        (Judged("value", "mean_error", Interval(NAN, NAN, NAN), "cny"), False, "the truth does not tell the spend of a year"),
        (Judged("value", "mean_error", Interval(NAN, NAN, NAN), "cny"), True, "there is nobody to compare"),
        (Judged("leavers", "auc", Interval(NAN, NAN, NAN), "score", 0.5, n=9), True, "among 9 rows nothing differs"),
    ],
)
def test_what_is_not_known_says_why_and_shows_no_figure(judged, is_told, sentence):
    row = told(judged, is_told=is_told)
    assert sentence in row["sentence_en"]
    assert (row["value"], row["text"], row["baseline"], row["baseline_text"], row["interval_text"]) == (None, "", None, "", "")


def test_every_business_figure_has_words():
    assert [kpi_words(name).en for name in KPIS] == ["orders", "customers", "revenue (yuan)"]
