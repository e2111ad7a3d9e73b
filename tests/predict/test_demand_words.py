"""Next week in a sentence, with the cause that explains it."""

from __future__ import annotations

from zhiyin.predict.demand_words import Week, reason, sentence


def test_the_sentence_of_the_next_week():
    row = {"value": 320.4, "low": 280.0, "high": 365.2, "last_week": 286.0, "reason_zh": "国庆节", "reason_en": "the holidays"}
    said = sentence(row, level="category", name="零食")
    assert said.zh == "下周“零食”预计卖 320 件（280–365），比上周多 12%，主要因为国庆节。"
    assert said.en == "Next week 零食 will sell about 320 (280-365), 12% more than last week, mainly: the holidays."


def test_less_the_same_and_nothing_before():
    row = {"value": 100.0, "low": 90.0, "high": 110.0, "last_week": 125.0}
    assert "比上周少 20%" in sentence(row, level="total").zh
    assert sentence(row, level="total").en.startswith("Next week the whole shop will sell about 100")
    assert (
        sentence({**row, "last_week": 99.0}, level="department", name="生鲜").zh == "下周部门“生鲜”预计卖 100 件（90–110），和上周差不多。"
    )
    assert "上周没有卖出" in sentence({**row, "last_week": 0.0}, level="category", name="茶").zh
    assert sentence({**row, "last_week": None}, level="category").zh == "下周没有品类的商品预计卖 100 件（90–110）。"


def test_the_cause_that_explains_most_is_named():
    assert reason(Week(150, 100, 100, 0.0, (1.5, "国庆节"))).zh == "国庆节"
    assert reason(Week(150, 100, 100, 0.0, (1.5, "国庆节"))).en == "the holidays"
    assert reason(Week(150, 100, 100, 0.0, (1.5, "Labor Day"))).en == "Labor Day"
    assert reason(Week(60, 100, 60, 0.0, (0.95, ""))).zh == "上周比平时多"
    assert reason(Week(60, 100, 100, 0.0, (0.6, ""))).zh == "上周的节假日已过"
    assert reason(Week(100, 50, 100)).zh == "上周比平时少"
    assert reason(Week(120, 100, 100, growth=0.2)).zh == "近来在涨"
    assert reason(Week(80, 100, 100, growth=-0.2)).zh == "近来在跌"
    assert reason(Week(120, 100, 100, offered=0.3)).zh == "活动多了"
    assert reason(Week(80, 100, 100, offered=-0.3)).zh == "活动少了"


def test_what_nothing_explains_is_not_explained():
    for week in (Week(101, 100, 100), Week(120, 100, 100), Week(120, 100, 100, growth=-0.2), Week(5, 0, 5), Week(0, 5, 5)):
        assert reason(week).zh == ""
