from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.small import Mean
from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.core.words import Say
from zhiyin.learn.base import AssignerBase, ChooserBase, PredictorBase
from zhiyin.learn.reasons import expit

ROWS = pd.DataFrame({"customer_id": ["a", "b"], "x": [1.0, 2.0], "label": [0, 1]})


def _predictor(answer, **more):
    """A model that answers what it is told to."""

    class Told(PredictorBase):
        needs = ("x",)
        _predict = lambda self, rows: answer(rows)  # noqa: E731

    for name, value in more.items():
        setattr(Told, name, value)
    return Told().fit(ROWS)


def _frame(**columns):
    return lambda rows: pd.DataFrame(columns)


def test_the_answer_has_key_value_and_interval():
    found = _predictor(lambda rows: rows["x"] / 4).predict(ROWS)
    assert found.to_dict("list") == {"customer_id": ["a", "b"], "value": [0.25, 0.5], "low": [0.25, 0.5], "high": [0.25, 0.5]}


def test_rounding_at_the_edge_is_put_right():
    found = _predictor(_frame(value=[1 + 1e-12, 0.5], low=[0.0, 0.5 + 1e-12], high=[1.0, 0.5])).predict(ROWS)
    assert found["value"].tolist() == [1.0, 0.5]
    assert found["low"].tolist() == [0.0, 0.5]


@pytest.mark.parametrize(
    ("answer", "got"),
    [
        (lambda rows: [0.5], r"\(1,\) / \(2,\)"),
        (lambda rows: [0.5, np.nan], "NaN: 1"),
        (lambda rows: [0.5, 1.1], "outside of its bounds: 1"),
        (_frame(value=[0.5, 0.5], low=[0.6, 0.5], high=[0.7, 0.5]), "outside of its bounds: 1"),
        (_frame(value=[0.5, 0.5], low=[0.4, 0.5], high=[0.45, 0.5]), "outside of its bounds: 1"),
    ],
)
def test_what_a_model_must_not_answer_is_caught(answer, got):
    with pytest.raises(DataError, match=rf"The model Told gave back what its verb does not allow. Got {got}"):
        _predictor(answer).predict(ROWS)


def test_money_may_be_negative():
    assert _predictor(lambda rows: -rows["x"], unit="money").predict(ROWS)["value"].tolist() == [-1.0, -2.0]


def test_the_model_sees_numbers_as_floats_counted_from_zero_and_nothing_else():
    seen = []
    rows = ROWS.assign(x=pd.array([1, 2], dtype="Int64"), other=7).set_index([[5, 5]])
    _predictor(lambda asked: seen.append(asked) or [0.5, 0.5]).predict(rows)
    assert list(seen[0].columns) == ["customer_id", "x"]
    assert seen[0]["x"].dtype == np.float64
    assert list(seen[0].index) == [0, 1]


def test_a_model_cannot_spoil_what_it_is_given():
    rows = ROWS.copy()
    _predictor(lambda asked: asked.assign(value=0.5, low=0.5, high=0.5) if asked.drop(columns="x", inplace=True) else [0.5, 0.5]).predict(
        rows
    )
    assert rows.equals(ROWS)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        (ROWS.drop(columns="x"), MissingColumns, "Told needs x. Got customer_id, label"),
        (ROWS.drop(columns="customer_id"), MissingColumns, "Told needs customer_id"),
        (ROWS.assign(x=[1, None]), DataError, "Told met empty cells. Got x: 1"),
        (ROWS.assign(x=[1, np.inf]), DataError, "Told met an infinite number. Got x: 1"),
        (ROWS.assign(customer_id=["a", None]), DataError, "Told met empty cells. Got customer_id: 1"),
        (ROWS.rename(columns={"label": "x"}), DataError, "A column stands there twice. Got x"),
        ({"x": [1]}, UsageError, "Told takes a pandas DataFrame. Got dict"),
    ],
)
def test_rows_are_checked(rows, error, message):
    with pytest.raises(error, match=message):
        _predictor(lambda asked: asked["x"]).predict(rows)


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        (ROWS.head(0), TooLittleData, "Mean has nothing to learn from"),
        (ROWS.drop(columns="label"), MissingColumns, "Mean needs label"),
        (ROWS.assign(label=["no", "yes"]), DataError, "Mean met labels that it cannot learn. Got label"),
        (ROWS.assign(label=[0, 2]), DataError, "Use 0 and 1 for a probability"),
        (ROWS.assign(label=[0, None]), DataError, "Mean met empty cells. Got label: 1"),
    ],
)
def test_examples_are_checked(examples, error, message):
    with pytest.raises(error, match=message):
        Mean(needs=("x",)).fit(examples)


@pytest.mark.parametrize("needs", [("label",), ("x", "customer_id")])
def test_label_and_key_are_no_features(needs):
    with pytest.raises(UsageError, match=rf"Mean uses as a feature what cannot be one. Got {needs[-1]}"):
        Mean(needs=needs).fit(ROWS)


@given(st.integers(1, 400), st.booleans())
def test_one_label_only_gives_a_shrunken_rate_and_its_interval(n, happened):
    examples = pd.DataFrame({"label": [float(happened)] * n})
    value, low, high = Mean().fit(examples).predict(ROWS)[["value", "low", "high"]].iloc[0]
    assert value == pytest.approx((happened * n + 0.5) / (n + 1))
    assert 0 <= low < value < high <= 1
    assert abs(value - happened) <= 0.25


def test_one_amount_only_is_that_amount():
    model = _predictor(lambda rows: rows["x"], unit="money", _fit=lambda self, examples: None)
    model.fit(ROWS.assign(label=500))
    assert model.predict(ROWS)[["value", "low", "high"]].to_numpy().tolist() == [[500.0] * 3] * 2


def test_a_rule_is_asked_even_when_all_labels_are_the_same():
    assert _predictor(lambda rows: rows["x"] / 4).fit(ROWS.assign(label=1)).predict(ROWS)["value"].tolist() == [0.25, 0.5]


def test_a_model_that_copes_with_one_label_sees_it():
    class Sturdy(Mean):
        learns_one_label = True

    assert Sturdy().fit(ROWS.assign(label=1)).predict(ROWS)["value"].tolist() == [1.0, 1.0]


def _explained(parts, value=None):
    return _predictor(value or (lambda rows: expit(rows["x"])), explains=True, _reasons=lambda self, rows: parts(rows))


def test_reasons_are_base_and_features():
    found = _explained(lambda rows: pd.DataFrame({"x": rows["x"] - 1, "base": 1.0})).reasons(ROWS)
    assert found.to_dict("list") == {"customer_id": ["a", "b"], "base": [1.0, 1.0], "x": [0.0, 1.0]}


@pytest.mark.parametrize(
    ("parts", "got"),
    [
        (lambda rows: pd.DataFrame({"base": rows["x"] + 1e-5}), "base . contributions != value: 2 / 2"),
        (lambda rows: pd.DataFrame({"x": rows["x"]}), "Got x"),
        (lambda rows: pd.DataFrame({"base": rows["x"], "y": 0.0}), "Got base, y"),
        (lambda rows: pd.DataFrame({"base": [1.0]}), r"\(1,\) / \(2,\)"),
    ],
)
def test_reasons_that_do_not_add_up_are_caught(parts, got):
    with pytest.raises(DataError, match=got):
        _explained(parts).reasons(ROWS)


def test_reasons_may_lead_to_certainty():
    model = _explained(lambda rows: pd.DataFrame({"base": rows["x"] * 50}), value=lambda rows: expit(rows["x"] * 50))
    assert model.reasons(ROWS)["base"].tolist() == [50.0, 100.0]


def test_reasons_of_one_label_are_the_base():
    class Explained(Mean):
        explains = True

    found = Explained(needs=("x",)).fit(ROWS.assign(label=1)).reasons(ROWS)
    assert expit(found["base"]).tolist() == pytest.approx([2.5 / 3] * 2)
    assert found["x"].tolist() == [0.0, 0.0]


def test_a_model_without_reasons_says_so():
    with pytest.raises(UsageError, match=r"Mean cannot give reasons. Fix: Use a model that can"):
        Mean().fit(ROWS).reasons(ROWS)


def test_a_model_that_only_says_it_explains_is_caught():
    with pytest.raises(DataError, match=r"explains, but no _reasons"):
        _predictor(lambda rows: [0.5, 0.5], explains=True).reasons(ROWS)


@pytest.mark.parametrize(
    "groups",
    [
        {"group": ["a"], "reason": [Say("好", "Good")]},
        {"group": ["a", ""], "reason": [Say("好", "Good")] * 2},
        {"group": ["a", None], "reason": [Say("好", "Good")] * 2},
        {"group": ["a", "b"], "reason": [Say("好", "Good"), "good"]},
        {"group": ["a", "b"], "reason": [Say("好", "Good"), Say("", "Good")]},
    ],
)
def test_every_row_gets_a_group_and_a_reason(groups):
    class Told(AssignerBase):
        def _assign(self, rows):
            return pd.DataFrame(groups)

    with pytest.raises(DataError, match=r"The model Told gave back"):
        Told().fit(ROWS).assign(ROWS)


@dataclass
class Shares(ChooserBase):
    """Chooses by shares that it is told."""

    shares: tuple = (0.25, 0.75)

    def _choose(self, context, options):
        return np.tile(self.shares, (len(context), 1))


TRIED = ROWS.assign(option="a", reward=1.0)


def test_choices_are_drawn_by_their_shares():
    many = pd.DataFrame({"customer_id": range(4000)})
    found = Shares().fit(TRIED).choose(many, ["a", "b"])
    assert found["option"].value_counts(normalize=True)["b"] == pytest.approx(0.75, abs=0.02)
    assert found.groupby("option")["propensity"].first().to_dict() == {"a": 0.25, "b": 0.75}


def test_another_seed_draws_another_choice():
    many = pd.DataFrame({"customer_id": range(100)})
    one, two = (Shares() for _ in range(2))
    two.seed = 9
    found = [model.fit(TRIED).choose(many, ["a", "b"])["option"].tolist() for model in (one, two)]
    assert found[0] != found[1]


def test_what_has_no_chance_is_never_chosen():
    many = pd.DataFrame({"customer_id": range(500)})
    assert set(Shares(shares=(0.0, 1.0, 0.0)).fit(TRIED).choose(many, ["a", "b", "c"])["option"]) == {"b"}


@pytest.mark.parametrize("shares", [(0.5, 0.6), (1.5, -0.5), (1.0,), (np.nan, 1.0)])
def test_shares_must_be_a_distribution(shares):
    with pytest.raises(DataError, match=r"no distribution over 2 options"):
        Shares(shares=shares).fit(TRIED).choose(ROWS, ["a", "b"])


@pytest.mark.parametrize("options", [[], ["a", "a"]])
def test_options_must_differ(options):
    with pytest.raises(UsageError, match=r"There must be at least one option, and none twice"):
        Shares().fit(TRIED).choose(ROWS, options)
