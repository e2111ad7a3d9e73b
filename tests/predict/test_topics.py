import numpy as np

from zhiyin.core.words import Say
from zhiyin.predict import topics
from zhiyin.predict.questions import QUESTIONS
from zhiyin.predict.topics import TOPICS, strongest, summed, topic_of

VALUES = {"orders_28d": 3, "orders_84d": 12.0, "days_since_order": 9.0, "gap_mean": 6.6, "spend_28d": 12345, "spend_84d": 40000.0}


def said(parts: dict[str, float], values: dict[str, object], **more) -> list[Say]:
    (heard,) = strongest(list(parts), np.array([list(parts.values())]))
    return topics.said(heard, values, **more)


def test_features_of_one_story_are_summed_and_said_once():
    parts = {"orders_28d": 0.6, "orders_84d": -0.2, "days_since_order": -0.1, "spend_28d": 0.01}
    found = said(parts, VALUES, question=QUESTIONS["purchase"], currency="CNY")
    assert [one.zh for one in found] == ["近28天下单3次，近84天12次：更可能下单。", "距上次购买9天，平时约7天买一次：不太会下单。"]
    assert found[0].en == "3 orders in the last 28 days, 12 in the last 84: more likely to buy."


def test_money_is_said_in_its_currency_and_shares_in_percent():
    assert "¥123.45" in said({"spend_28d": 1.0}, VALUES, question=QUESTIONS["churn"], currency="CNY")[0].zh
    found = said({"discount_share_84d": -1.0}, {"discount_share_84d": 0.25}, question=QUESTIONS["churn"], currency="CNY")
    assert found[0].zh == "近84天优惠占25%：流失风险更低。"


def test_what_is_not_known_is_said_otherwise_or_not_at_all():
    none = said({"coupon_share_all": 1.0}, {"coupon_share_all": 0.0}, question=QUESTIONS["purchase"], currency="CNY")
    assert none[0].zh == "从未用过优惠券：更可能下单。"
    assert said({"tenure_days": 1.0}, {"tenure_days": None}, question=QUESTIONS["purchase"], currency="CNY") == []


def test_the_fact_is_the_one_that_speaks_loudest():
    values = VALUES | {"orders_all": 107, "orders_28d": 0, "orders_84d": 0, "spend_all": 99_00, "spend_28d": 0, "spend_84d": 0}
    parts = {"orders_all": 0.9, "orders_84d": -0.2, "spend_28d": -0.3, "spend_all": 0.1, "gap_mean": 0.1}
    found = said(parts, values, question=QUESTIONS["purchase"], currency="CNY")
    assert [one.zh for one in found] == ["至今一共下单107次：更可能下单。", "近84天没有消费：不太会下单。"]
    assert [one.en for one in found] == ["107 orders so far: more likely to buy.", "Spent nothing in the last 84 days: less likely to buy."]
    (habit,) = said({"gap_mean": 0.5, "orders_28d": -0.1}, values, question=QUESTIONS["purchase"], currency="CNY")
    assert habit.zh == "平时约7天买一次：更可能下单。"


def test_categories_that_nobody_told_are_not_counted():
    values = {"categories_84d": 0, "products_84d": 47.0}
    (found,) = said({"products_84d": -0.5}, values, question=QUESTIONS["spend_halves"], currency="CNY")
    assert found.zh == "近84天买过47种商品：消费较稳定。"
    (found,) = said({"products_84d": 0.5}, values | {"products_84d": 0}, question=QUESTIONS["spend_halves"], currency="CNY")
    assert found == ("近84天没有买过东西：消费更可能减半。", "Bought nothing in the last 84 days: spend more likely to halve.")


def test_every_feature_of_every_question_has_words():
    features = {feature for question in QUESTIONS.values() for feature in question.features}
    assert {feature for feature in features if topic_of(feature) is None} == set()
    assert topic_of("weather") is None
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_topics_make_the_whole_sum_and_strangers_stand_by_their_names():
    names, amounts = summed(["orders_28d", "spend_28d", "orders_84d", "odd"], np.array([[1.0, 2.0, 0.5, -1.0], [0.0, 0.0, 3.0, 4.0]]))
    assert names == ["frequency", "money", "odd"]
    assert amounts.tolist() == [[1.5, 2.0, -1.0], [3.0, 0.0, 4.0]]
