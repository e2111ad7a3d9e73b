"""One page that opens without a network and holds what its reader may see."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import zhiyin
from journeys.shop import DAY, email_of, name_of, phone_of

VOID = {"meta", "br", "circle", "rect", "polyline", "line", "img", "hr", "link", "input"}


class Tags(HTMLParser):
    """Which tags there are, and whether each is closed."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request, shop, tmp_path_factory):
    with zhiyin.open(shop) as workspace:
        written = workspace.report(tmp_path_factory.mktemp("report") / "page.html", language=request.param)
    return request.param, written.read_text("utf-8")


def test_the_page_is_whole_and_fetches_nothing(page):
    tags = Tags()
    tags.feed(page[1])
    assert tags.open == []
    names = {name for name, _ in tags.seen}
    assert not names & {"script", "link", "img", "iframe", "object"}
    attributes = {key for _, attrs in tags.seen for key in attrs}
    assert not attributes & {"src", "href", "onclick", "action"}
    assert "url(" not in page[1]


def test_the_page_has_its_charts_and_its_list(page):
    language, text = page
    assert text.count("<svg") >= 6
    assert DAY.isoformat() in text
    titles = {
        "zh": ("从客户到名单", "今天的名单", "成绩单", "模型"),
        "en": ("From customers to the list", "Today&#39;s list", "Scorecard", "Models"),
    }
    assert all(title in text for title in titles[language])
    with_words = {"zh": "您好", "en": "Hello"}
    assert text.count(with_words[language]) >= 20
    assert not re.search(r"[{}]{2}|\bnan\b|\bNone\b", text.partition("</style>")[2])


def test_nobody_is_named_on_the_page(page):
    text = page[1]
    assert re.search(r"[\u4e00-\u9fff]\*\*", text)
    assert not [member for member in range(132) if name_of(member) in text or phone_of(member) in text or email_of(member) in text]


def test_the_page_lies_in_the_workspace_unless_told_otherwise(another_shop):
    with zhiyin.open(another_shop) as workspace:
        assert workspace.report() == another_shop / "reports" / f"report-{DAY}.html"
