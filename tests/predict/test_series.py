import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, NotFound, TooLittleData, UsageError
from zhiyin.predict.series import fit_forecaster

QUICK = 1.0  # seconds: the cheap ways only


def weeks(names=("a", "b"), *, days=84, start="2026-01-05"):
    """Mondays sell 10 and more, each day of the week one more; `b` sells twice as much."""
    at = pd.date_range(start, periods=days)
    parts = [pd.DataFrame({"series": name, "at": at, "value": (10.0 + at.dayofweek) * (place + 1)}) for place, name in enumerate(names)]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def of_weeks():
    return fit_forecaster(weeks(), 7, budget_s=QUICK)


def test_a_week_that_always_comes_back_goes_on(of_weeks):
    said = of_weeks.forecast()
    assert said.columns.tolist() == ["series", "at", "value", "low", "high"]
    assert said["value"].round(3).tolist() == [10, 11, 12, 13, 14, 15, 16, 20, 22, 24, 26, 28, 30, 32]
    assert said["at"].iloc[0] == pd.Timestamp("2026-03-30") and said["series"].tolist() == ["a"] * 7 + ["b"] * 7


def test_it_says_what_it_chose_and_why(of_weeks):
    said = of_weeks.verdict
    assert said.en.startswith("2 series, season 7, tested at 6 past origins, 7 steps each. 2 regular series: ")
    assert "重复上一季为" in said.zh
    choices = of_weeks.choices
    assert choices.columns.tolist() == ["series", "group", "ways", "error", "error_of_repeating"]
    assert choices["error"].round(3).tolist() == [0, 0]
    card = of_weeks.card()
    assert (card.examples, card.outcomes, round(card.metrics["mase"].value, 3), card.settings["seasons"]) == (168, 2, 0.0, [7])


def test_the_rows_of_the_future_are_answered_in_their_order(of_weeks):
    asked = pd.DataFrame({"series": ["b", "a"], "at": ["2026-04-01", "2026-03-30"]})
    assert of_weeks.forecast(asked)["value"].round(3).tolist() == [24, 10]


def test_counted_steps_go_on_from_the_end_of_each_series():
    rows = [("a", step, 5.0 + step % 2) for step in range(40)] + [("b", step, 7.0 - step % 2) for step in range(29)]
    said = fit_forecaster(pd.DataFrame(rows, columns=["series", "at", "value"]), 2, season=2, budget_s=QUICK).forecast()
    assert said["at"].tolist() == [40, 41, 29, 30]
    assert said["value"].round(2).tolist() == [5, 6, 6, 7]


def test_a_known_promotion_raises_the_days_it_is_planned_for():
    draw = np.random.default_rng(0)
    table = weeks(tuple("abcdef"), days=120).assign(promotion=0)
    table["promotion"] = (draw.random(len(table)) < 0.2).astype(int)
    table["value"] *= 1 + table["promotion"]
    model = fit_forecaster(table, 7, budget_s=QUICK)
    ahead = pd.date_range(table["at"].max() + pd.Timedelta(days=1), periods=7)
    with_one = model.forecast(pd.DataFrame({"series": "a", "at": ahead, "promotion": 1}))["value"]
    without = model.forecast(pd.DataFrame({"series": "a", "at": ahead, "promotion": 0}))["value"]
    assert 1.6 < (with_one / without).mean() < 2.2
    with pytest.raises(MissingColumns, match=r"The future lacks the columns promotion\. Got future=None"):
        model.forecast()


def test_eight_of_ten_values_fall_within_the_interval():
    draw = np.random.default_rng(1)
    table = weeks(tuple("abcdefghijkl"), days=120)
    table["value"] = table["value"] + draw.normal(0, 2, len(table))
    late = table["at"] > table["at"].max() - pd.Timedelta(days=14)
    said = fit_forecaster(table[~late], 14, budget_s=QUICK).forecast()
    both = table[late].merge(said, on=["series", "at"], suffixes=("", "_said"))
    assert 0.74 < both["value"].between(both["low"], both["high"]).mean() < 0.86
    assert (said["low"] <= said["value"]).all() and (said["value"] <= said["high"]).all()


def test_a_new_series_borrows_the_shape_of_the_others():
    saturdays = weeks(tuple("abcdef"), days=84)
    saturdays["value"] = 10.0 + 10 * (saturdays["at"].dt.dayofweek == 5)
    new = pd.DataFrame({"series": "new", "at": saturdays["at"].max() - pd.to_timedelta([3, 2], unit="D"), "value": [100.0, 100.0]})
    said = fit_forecaster(pd.concat([saturdays, new]), 7, budget_s=QUICK).forecast()
    said = said.assign(day=said["at"].dt.dayofweek).query("series == 'new'").set_index("day")["value"]
    assert said.idxmax() == 5 and said[5] > 1.3 * said[2]


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_a_few_values_go_on_at_their_level_and_say_so(rows):
    model = fit_forecaster(weeks(("a",), days=rows), 3)
    said = model.forecast()
    assert said["value"].between(9, 15).all() and (said["high"] > said["low"]).all()
    assert "Too short to be tested on the past" in model.verdict.en


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_series_that_never_moves_stays(value):
    said = fit_forecaster(weeks(("a",), days=40).assign(value=value), 3, budget_s=QUICK).forecast()
    assert said["value"].round(3).tolist() == [value] * 3


def test_many_zeros_are_answered_by_their_mean():
    draw = np.random.default_rng(2)
    table = weeks(tuple("abcdef"), days=100)
    table["value"] = (draw.random(len(table)) < 0.2) * 5.0
    model = fit_forecaster(table, 14, budget_s=QUICK)
    assert 0.7 < model.forecast()["value"].mean() < 1.3
    assert "sparse series (many zeros)" in model.verdict.en


def test_what_was_done_to_the_table_is_said():
    table = pd.concat([weeks(("a",)).drop(index=[30, 31]), weeks(("a",)).head(1)])
    table.loc[40, "value"] = np.inf
    said = fit_forecaster(table, 7, budget_s=QUICK).verdict.en
    assert "Rows without a finite value, taken as missing: 1." in said
    assert "with the series and time of another one, averaged: 1." in said
    assert "3.6% of the steps within the series have no row: they count as unknown, not as zero." in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"horizon": 0}, r"horizon must be at least 1\. Got 0"),
        ({"horizon": "7"}, "horizon must be at least 1"),
        ({"horizon": 7, "season": 0}, "season must be at least 1"),
        ({"horizon": 7, "budget_s": 0}, "budget_s must be at least 1"),
    ],
)
def test_numbers_below_one_are_refused(arguments, said):
    with pytest.raises(UsageError, match=said):
        fit_forecaster(weeks(), **arguments)


def test_a_future_that_cannot_be_answered_is_refused(of_weeks):
    asked = pd.DataFrame({"series": ["a"], "at": ["2026-03-30"]})
    with pytest.raises(NotFound, match=r"Some series were never seen\. Got 1"):
        of_weeks.forecast(asked.assign(series="zz"))
    with pytest.raises(DataError, match=r"not among the steps ahead\. Got 1, -6 \.\. -6.*Give steps 1 to 7"):
        of_weeks.forecast(asked.assign(at="2026-03-23"))
    with pytest.raises(DataError, match=r"has no rows, or rows without a time\. Got 0 / 0"):
        of_weeks.forecast(asked.head(0))
    with pytest.raises(MissingColumns, match="The future lacks the columns at"):
        of_weeks.forecast(asked.drop(columns="at"))


def test_a_series_never_seen_is_answered_like_one_of_those_asked_beside_it(of_weeks):
    asked = pd.DataFrame({"series": ["zz", "a", "zz"], "at": ["2026-03-30", "2026-03-31", "2026-03-31"]})
    said = of_weeks.forecast(asked)
    assert said["series"].tolist() == ["zz", "a", "zz"]
    assert said["at"].tolist() == pd.to_datetime(asked["at"]).tolist()
    assert said["value"].iloc[2] == said["value"].iloc[1]  # the only one known to that day
    assert said["value"].notna().all()
    assert (said["low"] <= said["value"]).all()


def test_the_same_table_is_always_answered_alike(of_weeks):
    again = fit_forecaster(weeks().sample(frac=1, random_state=0), 7, budget_s=QUICK)
    pd.testing.assert_frame_equal(again.forecast(), of_weeks.forecast())


def test_known_columns_are_told_with_and_without_and_dropped_when_they_mislead():
    draw = np.random.default_rng(3)
    table = weeks(tuple("abcdefgh"), days=140)
    table["value"] = table["value"] * (1 + draw.normal(0, 0.05, len(table)))
    table["promotion"] = (draw.random(len(table)) < 0.2).astype(int)
    useful = fit_forecaster(table.assign(value=table["value"] * (1 + table["promotion"])), 7, budget_s=QUICK)
    told = useful.card().settings["known columns"]
    assert told["used"] and told["error with"] < told["error without"] / 2
    assert "Known columns (promotion): error 0." in useful.verdict.en and "没有它们" in useful.verdict.zh
    last = table["at"] > table["at"].max() - pd.Timedelta(days=49)
    turned = table.assign(value=table["value"] * np.where(last, 1, 1 + table["promotion"]))
    misleading = fit_forecaster(turned, 7, budget_s=QUICK)
    assert not misleading.card().settings["known columns"]["used"]
    assert "without: not used" in misleading.verdict.en
    assert len(misleading.forecast()) == 56  # the column need not be given


def test_a_newcomer_without_a_value_is_answered_by_the_others():
    new = pd.DataFrame({"series": ["new"], "at": [pd.Timestamp("2026-03-29")], "value": [np.nan]})
    said = fit_forecaster(pd.concat([weeks(tuple("abcd")), new]), 7, budget_s=QUICK).forecast().query("series == 'new'")
    assert said["value"].between(20, 50).all() and (said["high"] >= said["value"]).all()


def test_days_and_hours_in_one_table_are_answered_by_the_hour():
    days, hours = weeks(("a",)), weeks(("b",)).assign(at=pd.date_range("2026-01-05", periods=84, freq="h"))
    said = fit_forecaster(pd.concat([days, hours]), 7, budget_s=QUICK).forecast()
    assert np.isfinite(said["value"]).all()  # hours within days: the steps are hours, and the days have gaps


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"value": "ten"}, (DataError, "holds what is no number")),
        ({"value": np.inf}, (TooLittleData, "not a single finite value")),
        ({"at": "some day"}, (DataError, "times that cannot be read")),
        ({"at": 1.5}, (DataError, "must be whole steps")),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(change, wrong):
    with pytest.raises(wrong[0], match=wrong[1]):
        fit_forecaster(weeks(("a",)).assign(**change), 7)


def test_gaps_within_a_series_do_not_stop_it():
    table = weeks(("a", "b")).query("at.dt.dayofweek != 2")
    said = fit_forecaster(table, 7, budget_s=QUICK).forecast()
    assert len(said) == 14 and np.isfinite(said[["value", "low", "high"]]).all(axis=None)
