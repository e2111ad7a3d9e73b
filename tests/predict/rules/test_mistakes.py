from zhiyin.core.words import Say
from zhiyin.predict.rules.mistakes import mistake

WRONG = Say("错了。", "Wrong.")


def test_the_caret_stands_under_the_mistake_also_after_chinese():
    shown = mistake("城市 = x", 5, what=WRONG, fix=WRONG).in_("zh").split("\n")
    assert shown == ["规则里这一处不对：", "  城市 = x", "         ^", "错了。解决办法：错了。"]  # two Chinese characters take four places


def test_of_a_long_rule_the_place_is_shown():
    rule = "a" * 100 + "!" + "b" * 100
    _, line, caret, _ = mistake(rule, 100, what=WRONG, fix=WRONG).in_("en").split("\n")
    assert line[caret.index("^")] == "!"
    assert line.startswith("  …a")
    assert line.endswith("b…")
