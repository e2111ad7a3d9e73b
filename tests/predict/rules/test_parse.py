import pytest

from predict.rules.speech import SEGMENTS, speech, words
from zhiyin.core.errors import UsageError
from zhiyin.predict.rules.parse import LONGEST, Speech, parse
from zhiyin.predict.rules.tree import All, Among, Any, Between, Compared, Inside, Known, Not, terms_of


def read(rule):
    return parse(rule, speech())


def test_and_binds_closer_than_or():
    found = read("orders > 1 or orders > 2 and orders > 3")
    assert isinstance(found, Any)
    assert isinstance(found.parts[1], All)
    assert isinstance(read("(orders > 1 or orders > 2) and orders > 3"), All)


def test_both_languages_say_the_same():
    english = 'spend >= ¥5,000 and days_since_order > 60 and city in ("上海", "杭州") and not tier = "champion"'
    chinese = "消费额 满 5000元 且 距上次购买天数 超过 60天 且 city 属于（上海、杭州） 且 非 等级 = 核心客户"
    assert read(english) == read(chinese)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("orders between 1 and 3", Between),
        ("orders not between 1 and 3", Not),
        ("orders in (1, 2)", Among),
        ("orders not in (1, 2)", Not),
        ("city is known", Known),
        ("city 未知", Not),
        ("city is not unknown", Known),
        ("orders != 3", Compared),
        ("interests != 乳品", Not),
        ("in segment 大客户", Inside),
        ("not not orders = 1", Not),
    ],
)
def test_every_kind_of_condition_is_read(rule, kind):
    assert isinstance(read(rule), kind)


def test_a_repeated_value_stands_once():
    assert read("orders in (1, 1, 2)").values == (1, 2)


def test_another_segment_is_its_rule():
    found = read('in segment "大客户" and orders > 3')
    assert [term.name for term in terms_of(found)] == ["spend", "orders"]


@pytest.mark.parametrize(
    ("rule", "at", "says"),
    [
        ("", 0, "The rule is empty"),
        ("spnd > 5", 0, "There is no column spnd. Fix: Did you mean spend"),
        ("qqqqq > 5", 0, "There is no column qqqqq. Fix: There are stage,"),
        ("spend", 5, "A comparison should follow spend"),
        ("spend not > 5", 10, "A comparison should follow spend"),
        ("spend >", 7, "A value should stand here"),
        ("spend >> 5", 7, "A value should stand here"),
        ("spend > 5 orders < 3", 10, "this does not go on from it. Fix: Put and or or between"),
        ("spend > 5 and", 13, "The rule is not complete"),
        ("(spend > 5", 10, "A closing bracket is missing"),
        (") ", 0, "The name of a column should stand here"),
        ("city > a", 5, "attribute.city is a text: it is neither more nor less. Fix: Use = or in."),
        ("city between a and b", 13, "attribute.city is a text"),
        ("orders between 5", 16, "between takes two values with and in the middle"),
        ("orders between 5 and 3", 15, "The first value is above the second"),
        ("first_order_on between 2026-05-02 and 2026-05-01", 23, "The first value is above the second"),
        ("first_order_on between 3 days ago and 5 days ago", 23, "The first value is above the second"),
        ("orders in 5", 10, "A list in brackets should follow in"),
        ("orders in (1,000, 2)", 11, "In a list a comma parts two values"),
        ("in 5", 3, "The name of a segment should stand here"),
        ('in segment "乙"', 11, "There is no segment called 乙. Fix: There are: 大客户, 绕, 圈."),
        ("in segment 绕", 11, "The segment 绕 comes back to itself"),
        ("(" * 60 + "orders > 1" + ")" * 60, None, "nested too deep"),
        ("not " * 60 + "orders > 1", None, "nested too deep"),
        ("orders > 1 or " * 200 + "orders > 1", None, f"too long: at most {LONGEST} signs"),
    ],
)
def test_a_mistake_is_shown_where_it_stands(rule, at, says):
    with pytest.raises(UsageError) as caught:
        read(rule)
    assert says in caught.value.in_("en")
    if at is not None:
        caret = caught.value.in_("en").split("\n")[2]
        assert caret.index("^") == 2 + at


def test_a_column_that_the_purpose_hides_is_refused_by_its_name():
    hidden = words({"profile": ("customer_id", "spend")})
    with pytest.raises(UsageError, match="tier may not be used for segments"):
        parse("tier = champion", Speech(hidden, "CNY", SEGMENTS))
