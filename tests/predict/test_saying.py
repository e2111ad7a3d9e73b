from zhiyin.core.settings import LearningSettings
from zhiyin.predict.saying import lacking, rung_words


def test_what_the_next_rung_needs_is_said():
    learning = LearningSettings(min_outcomes=50, boosting_outcomes=100)
    assert lacking(37, learning).en == "Outcomes so far: 37; regression needs about 13 more."
    assert lacking(60, learning).zh == "目前 60 条结果；再有约 40 条可用提升树。"
    assert lacking(100, learning).en == ""


def test_rungs_have_words():
    assert rung_words("curved").en == "regression with steps"
    assert rung_words("blend").zh == "组合"
