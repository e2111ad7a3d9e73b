import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns, SettingsError, TooLittleData
from zhiyin.lab import Wishes, fit_predictor
from zhiyin.learn.metrics import auc
from zhiyin.learn.reasons import logit


def _visits(rows=800, seed=1):
    """Who stays long buys; the city shifts it; the id, an empty column and a constant say nothing."""
    draw = np.random.default_rng(seed)
    minutes, city = draw.gamma(2.0, 5.0, rows), draw.choice(["上海", "杭州", "南京"], rows)
    chance = 1 / (1 + np.exp(-(minutes / 4 - 3 + (city == "上海") * 1.5)))
    return pd.DataFrame(
        {
            "visit": [f"V{number:06d}" for number in range(rows)],
            "minutes": np.where(np.arange(rows) % 9, minutes, np.nan),
            "city": city,
            "empty": None,
            "bought": np.where(draw.random(rows) < chance, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def fitted():
    return fit_predictor(_visits(), "bought", budget_s=5)


def test_a_table_is_learned_from_without_any_setting(fitted):
    asked = _visits(rows=400, seed=2)
    said = fitted.predict(asked.drop(columns="bought"))
    assert list(said.columns) == ["value", "low", "high"]
    assert auc(asked["bought"].eq("yes"), said["value"]) > 0.8
    assert ((said["low"] <= said["value"]) & (said["value"] <= said["high"])).all()


def test_reasons_add_up_to_the_log_odds(fitted):
    asked = _visits(rows=50, seed=3)
    parts = fitted.reasons(asked)
    assert list(parts.columns) == ["base", "minutes", "city"]
    np.testing.assert_allclose(parts.sum(axis=1), logit(fitted.predict(asked)["value"]), atol=1e-6)


def test_the_choice_is_said(fitted):
    notes = [note.en for note in fitted.card().notes]
    assert notes[0].startswith("It happened means bought = yes:")
    assert "AUC" in notes[1]
    assert "visit is not used: different in nearly every row: an id or free text." in notes
    assert "empty is not used: empty in every row." in notes
    assert fitted.card().metrics["auc"].value > 0.8


def test_order_and_index_of_the_rows_do_not_matter(fitted):
    asked = _visits(rows=30, seed=4)
    said = fitted.predict(asked)
    other = fitted.predict(asked.iloc[::-1])
    pd.testing.assert_frame_equal(other.iloc[::-1], said)
    one = pd.concat([fitted.predict(asked.iloc[[place]]) for place in range(5)])
    pd.testing.assert_frame_equal(one, said.head(5))


def test_columns_may_be_called_what_models_call_theirs():
    frame = _visits().rename(columns={"minutes": "label", "city": "base", "visit": "customer_id"})
    model = fit_predictor(frame, "bought", id="customer_id", budget_s=1)
    parts = model.reasons(frame.head(3))
    assert list(parts.columns)[1:] == ["label", "base"] or list(parts.columns) == ["base", "label", "base"]
    assert list(model.predict(frame.head(3)).columns) == ["customer_id", "value", "low", "high"]


def test_infinite_and_unknown_values_are_taken_as_unknown(fitted):
    asked = _visits(rows=20, seed=5)
    strange = asked.assign(minutes=np.inf, city="火星")
    assert fitted.predict(strange)["value"].between(0, 1).all()


def test_ten_rows_get_a_rate_with_a_wide_interval():
    model = fit_predictor(_visits().head(10), "bought")
    assert any("is used, not judged" in note.en for note in model.card().notes)
    said = model.predict(_visits().head(1)).iloc[0]
    assert said["high"] - said["low"] > 0.2


def test_rows_without_a_target_are_left_out_and_said():
    frame = _visits()
    frame.loc[:9, "bought"] = None
    model = fit_predictor(frame, "bought", budget_s=1)
    assert any(note.en == "10 rows without a target or a time were not learned from." for note in model.card().notes)


def test_later_rows_judge_and_a_column_that_drifts_away_is_dropped():
    frame = _visits(rows=3000)
    draw = np.random.default_rng(9)
    frame["order"] = np.arange(3000)
    frame["index_of_the_month"] = np.arange(3000) // 100 + draw.normal(0, 0.1, 3000)
    frame["bought"] = np.where((frame["index_of_the_month"] % 7 < 1) & (draw.random(3000) < 0.5), "yes", frame["bought"])
    model = fit_predictor(frame.drop(columns="visit"), "bought", time="order", budget_s=2)
    notes = " ".join(note.en for note in model.card().notes)
    assert "on later rows" in notes
    assert "index_of_the_month" in notes


def test_days_after_the_time_of_the_row_are_not_used():
    frame = _visits(rows=400)
    frame["asked_on"] = pd.date_range("2026-01-01", periods=400)
    frame["answered_on"] = frame["asked_on"] + pd.Timedelta(days=3)
    model = fit_predictor(frame, "bought", time="asked_on", budget_s=1)
    assert any(note.en.startswith("answered_on is not used: alarm: some of its days lie after") for note in model.card().notes)


def test_what_cannot_be_learned_is_said(fitted):
    with pytest.raises(TooLittleData, match="Besides the target there is no column to learn from. Got empty"):
        fit_predictor(_visits()[["empty", "bought"]], "bought")
    with pytest.raises(MissingColumns, match="fit_predictor needs asked_at"):
        fit_predictor(_visits(), "bought", time="asked_at")
    with pytest.raises(MissingColumns, match="There is no target column sold"):
        fit_predictor(_visits(), "sold")
    with pytest.raises(MissingColumns, match="predict needs city"):
        fitted.predict(_visits().drop(columns="city"))


def test_a_model_can_be_wished_by_its_name():
    made = fit_predictor(_visits(), "bought", budget_s=1, wishes=Wishes(model="tree"))
    assert made.card().name == "tree"
    assert "also tried: regression" in made.card().notes[1].en
    with pytest.raises(SettingsError, match=r"There is no such model to answer bought\. Got oak\..*forest"):
        fit_predictor(_visits(), "bought", wishes=Wishes(model="oak"))
    with pytest.raises(SettingsError, match=r"minutes is an amount, not a yes or no\. Got tree\."):
        fit_predictor(_visits(), "minutes", wishes=Wishes(model="tree"))


def test_protected_columns_are_not_read_and_stand_on_the_card():
    rows = _visits(rows=1500).assign(gender=lambda each: np.where(each["city"] == "上海", "f", "m"))
    made = fit_predictor(rows, "bought", budget_s=1, wishes=Wishes(protected=("gender",)))
    assert "gender" not in made.names
    assert {group.group for group in made.card().groups} == {"f", "m"}
    (proxy,) = made.card().proxies
    assert proxy.auc.value > 0.95  # the city tells it
    assert proxy.strongest[0] == "city"
    assert any("f" in note.en and "gender" in note.en for note in made.card().notes)
    with pytest.raises(MissingColumns, match="sex"):
        fit_predictor(rows, "bought", wishes=Wishes(protected=("sex",)))


def test_a_search_stands_on_the_card():
    made = fit_predictor(_visits(), "bought", budget_s=1, wishes=Wishes(tune_s=1))
    assert made.card().trials
    assert "shapes tried, loss from" in made.card().text("en")


def test_one_row_is_answered_as_a_frame_of_one_row(fitted):
    asked = _visits(rows=20, seed=6)
    said, parts = fitted.predict(asked), fitted.reasons(asked)
    for at, row in enumerate(asked.to_dict("records")):
        one = fitted.one(row)
        assert one.value == pytest.approx(said["value"].iloc[at], abs=1e-9)
        assert {"base": one.base, **one.parts} == pytest.approx(parts.iloc[at].to_dict(), abs=1e-9)
    assert fitted.one({"minutes": np.inf, "city": "上海"}).value == fitted.one({"minutes": None, "city": "上海"}).value
    with pytest.raises(MissingColumns, match="minutes"):
        fitted.one({"city": "上海"})
