"""The page of one customer and the signature page, as a person reads them."""

from __future__ import annotations

import re

import pytest

import zhiyin

STEPS = {
    "zh": ["1 来源行", "最近的订单行", "2 身份", "3 画像", "4 预测与理由", "5 下一步", "6 结果", "7 谁看过"],
    "en": [
        "1 Source rows",
        "Latest order lines",
        "2 Identity",
        "3 Profile",
        "4 Predictions",
        "5 Next step",
        "6 Outcomes",
        "7 Who has seen it",
    ],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_signature_page_goes_from_the_row_to_the_person(shop, zhiyin_says, language):
    page = zhiyin_says("explain", "M1000", "-w", shop, "--lang", language).out
    places = [page.index(step) for step in STEPS[language]]
    assert places == sorted(places)
    with zhiyin.open(shop) as workspace:
        journey = workspace.explain("M1000")
    assert {record["record_id"] for record in journey["records"]} <= set(re.findall(r"r[a-z2-7]{12}", page))
    assert ("手机号相同" if language == "zh" else "the same phone") in page
    assert "{" not in page
    assert re.search(r"(?:毛利|margin) +│ ¥\d", page)
    assert re.search(r"(?:概率|probability) +│ \d+\.\d%", page)
    sums = re.findall(r"(?:起点|base) ([+-][\d.]+)[；;](.*?) = ([+-][\d.]+)", page.replace("\n", " "))
    assert len(sums) >= 3
    for base, parts, total in sums:
        amounts = [float(amount) for amount in re.findall(r"[+-]\d+\.\d{3}", parts)]
        assert float(base) + sum(amounts) == pytest.approx(float(total), abs=0.02)  # each is rounded to three places


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_customer_says_all_that_is_known(shop, zhiyin_says, language):
    page = zhiyin_says("customer", "M1000", "-w", shop, "--lang", language).out
    for title in {
        "zh": ("客户", "画像", "分群", "推荐", "下一步"),
        "en": ("Customer", "Profile", "Groups", "Recommendations", "Next step"),
    }[language]:
        assert title in page
    assert "****" in page  # identifiers are masked
    assert "{" not in page
    assert re.search(r"(?:消费额|spend) +│ ¥[\d,]+\.\d\d", page)
    assert re.search(r"(?:兴趣|interests) +│ 乳品(?:（\d+ 天）、| \(\d+ days\), )粮油", page)
    assert re.search(r"(?:属性|attributes) +│ city: 杭州", page)


CODES = re.compile(r"[a-z]+_[a-z_]+|\b(?:replenish|unreachable|True|False|None|nan|champion|display|rfm)\b")


@pytest.mark.parametrize("command", ["customer", "explain"])
def test_a_person_reads_words_and_no_codes(another_shop, zhiyin_says, command):
    zhiyin_says("outcome", "M1000", "no_need", "-w", another_shop)
    page = zhiyin_says(command, "M1000", "-w", another_shop, "--lang", "zh").out
    assert CODES.findall(page) == []
    if command == "explain":
        assert "不需要" in page
        assert re.search(r"│ 20\d\d-\d\d-\d\d \d\d:\d\d +│ owner +│ 查看", page)


def test_both_ids_of_a_customer_are_shown(shop, zhiyin_says):
    page = zhiyin_says("customer", "M1000", "-w", shop, "--lang", "zh").out
    assert re.search(r"客户号 +│ r[a-z2-7]{12} ", page)
    assert re.search(r"您系统里的编号 +│ \*\*\*", page)


def test_what_is_not_there_is_said(shop, zhiyin_says):
    page = zhiyin_says("explain", "K5125", "-w", shop, "--lang", "zh").out
    assert "6 结果\n  还没有。" in page


def test_what_is_revealed_is_shown_whole(another_shop, zhiyin_says):
    hidden = zhiyin_says("customer", "K5000", "-w", another_shop, "--json").json()["identifiers"]
    shown = zhiyin_says("customer", "K5000", "-w", another_shop, "--reveal", "--reason", "call back", "--json").json()["identifiers"]
    assert hidden.keys() == shown.keys()
    assert not [name for name in shown if name != "source_key" and hidden[name] == shown[name]]


def test_a_customer_without_an_order_has_a_page_too(shop, zhiyin_says):
    for language in ("zh", "en"):
        for command in ("customer", "explain"):
            assert zhiyin_says(command, "K5125", "-w", shop, "--lang", language).code == 0
    page = zhiyin_says("explain", "K5125", "-w", shop, "--json").json()
    assert (page["order_lines"], page["latest_lines"], page["profile"]["stage"]) == (0, [], "lead")
