import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import NotFound
from zhiyin.predict.questions import QUESTIONS, churn_days, question_named


def test_the_questions_are_those_that_others_act_on():
    assert list(QUESTIONS) == ["purchase", "churn", "spend_halves", "campaign_answer", "category_raise"]
    assert all(question.name == name for name, question in QUESTIONS.items())


def test_an_unknown_question_lists_those_that_exist():
    with pytest.raises(NotFound, match="There is no such question.*purchase, churn"):
        question_named("weather")


@pytest.mark.parametrize(("gap", "days"), [(5.0, 28), (40.0, 56), (150.0, 168), (900.0, 364)])
def test_a_shop_where_people_come_rarely_waits_longer(gap, days):
    assert churn_days(pd.DataFrame({"gap_mean": [gap] * 10, "gap_std": [5.0] * 10})) == days


def test_without_returning_customers_a_quarter_is_waited():
    assert churn_days(pd.DataFrame({"gap_mean": [np.nan], "gap_std": [np.nan]})) == 84
