import pytest

from zhiyin.core.errors import UsageError
from zhiyin.predict.rules.tokens import tokens


def told(rule):
    return [(token.kind, token.text) for token in tokens(rule)[:-1]]


def test_chinese_needs_no_blanks():
    assert told("消费额>=5000元且距上次购买天数>60天") == [
        ("name", "消费额"), ("mark", ">="), ("number", "5000"), ("keyword", "and"), ("name", "距上次购买天数"), ("mark", ">"), ("number", "60"),
    ]  # fmt: skip


def test_programmers_may_write_as_they_do():
    assert told("a == 1 && b <> 2 || c") == told("a = 1 and b != 2 or c")


@pytest.mark.parametrize(
    ("text", "number", "unit", "sign", "grouped"),
    [
        ("¥5,000.50", "5000.50", "", "¥", True),
        ("￥5000", "5000", "", "¥", False),
        ("5万", "5", "万", "", False),
        ("60 days", "60", "days", "", False),
        ("3 weeks ago", "3", "weeks ago", "", False),
        ("30天前", "30", "天前", "", False),
        ("30%", "30", "%", "", False),
        ("30％", "30", "%", "", False),
        ("-2", "-2", "", "", False),
    ],
)
def test_a_number_keeps_its_unit(text, number, unit, sign, grouped):
    [token, _] = tokens(text)
    assert (token.kind, token.text, token.unit, token.sign, token.grouped) == ("number", number, unit, sign, grouped)


def test_texts_keep_what_stands_in_the_quotes():
    assert [text for _, text in told("“上海” 'a b' \"c（d）\" 「大，客户」")] == ["上海", "a b", "c（d）", "大，客户"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [("spend @ 5", "No rule has the sign @"), ('city = "上海', "This quote is not closed"), ("a ! b", "No rule has the sign !")],
)
def test_a_stranger_is_shown_where_it_stands(rule, says):
    with pytest.raises(UsageError, match=says) as caught:
        tokens(rule)
    lines = caught.value.in_("en").split("\n")
    assert lines[1].strip() == rule
    assert lines[2].strip() == "^"
