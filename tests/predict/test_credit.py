import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError
from zhiyin.predict.credit import Template, fit_adviser


def _cases(n=600, seed=7):
    """Who is late often does not pay back; gender says the same a second time."""
    chance = np.random.default_rng(seed)
    late = chance.integers(0, 6, n)
    bad = chance.uniform(size=n) < 1 / (1 + np.exp(4 - 1.5 * late))
    return pd.DataFrame(
        {"late": late, "income": chance.normal(9, 2, n), "gender": np.where(bad, "f", "m"), "unpaid": np.where(bad, "yes", "no")}
    )


@pytest.fixture(scope="module")
def adviser():
    return fit_adviser(_cases(), Template("unpaid", missed_costs=1.0, decides="王经理"), budget_s=5)


def test_it_is_advice_with_reasons_and_a_person_decides(adviser):
    asked = pd.DataFrame({"late": [0, 5], "income": [9.0, 9.0]}, index=[7, 9])
    said = adviser.advise(asked)
    assert list(said.index) == [7, 9]
    assert list(said["advice"]) == ["fine", "against"]
    assert said["high_impact"].all()
    assert set(said["decided_by"]) == {""}
    assert all("由人来决定：王经理。" in sentence for sentence in said["sentence_zh"])
    assert "A person decides: 王经理." in said["sentence_en"][7]
    assert "Raised by: late" in said["sentence_en"][9]
    assert adviser.template.high_impact


def test_what_nobody_may_be_judged_by_is_left_out_though_it_would_tell(adviser):
    assert adviser.left_out == ("gender",)
    assert "gender" not in adviser.model.names


def test_names_are_read_word_by_word():
    frame = _cases().assign(MaritalStatus="x", terrace=1.0, 客户性别="女", branch="north").drop(columns="gender")
    made = fit_adviser(frame, Template("unpaid", protected=("branch",)), budget_s=2)
    assert made.left_out == ("MaritalStatus", "客户性别", "branch")


def test_where_the_interval_spans_the_line_the_advice_is_to_look():
    little = fit_adviser(_cases(120, seed=1), Template("unpaid", missed_costs=1.0), budget_s=2)
    said = little.advise(pd.DataFrame({"late": [0, 1, 2, 3, 4, 5], "income": 9.0}))
    between = said["advice"].eq("look")
    assert between.any()
    assert ((said["low"] <= little.line) & (said["high"] >= little.line))[between].all()


def test_a_template_that_cannot_be_is_refused():
    with pytest.raises(DataError, match=r"What a missed case costs must be above zero\. Got 0\. Fix: Say how many times"):
        fit_adviser(_cases(), Template("unpaid", missed_costs=0))
    with pytest.raises(DataError, match=r"The target is about what nobody may be judged by\. Got gender\. Fix: Name a column"):
        fit_adviser(_cases(), Template("gender"))
