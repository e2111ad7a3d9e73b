"""What models promise that answer row by row: predictors, assigners, choosers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, MissingColumns, UsageError
from zhiyin.core.words import Say
from zhiyin.learn.reasons import logit
from zhiyin.learn.trial import ASKED, Trial, alike, must, must_refuse

__all__ = ["ASSIGN", "CHOOSE", "PREDICT"]

ROUNDING = 1e-9  # a matrix product of one row and of many may differ in the last digits
CLOSE = 1e-6
_CHANCES = ("probability", "difference")
MANY = 2000  # draws: a share of one half then lies within 0.05 of itself but for one time in 100 000


def _order_is_kept(trial: Trial) -> None:
    """One answer a row, in the order of the rows."""
    rows = trial.rows(trial.model).iloc[::-1]
    answer = trial.answer(trial.model, rows)
    must(
        answer[trial.model.key].tolist() == rows[trial.model.key].tolist(),
        Say("一行一个回答，顺序不变", "one answer a row, in the order given"),
    )
    straight = trial.answer(trial.model, trial.rows(trial.model))
    must(
        alike(answer.iloc[::-1].reset_index(drop=True), straight, within=ROUNDING),
        Say("换了顺序，每行的回答不变", "each row keeps its answer in another order"),
    )


def _one_row_equals_batch(trial: Trial) -> None:
    """A row gets the same answer alone and among others."""
    rows = trial.rows(trial.model, 5)
    single = pd.concat([trial.answer(trial.model, rows.iloc[[place]]) for place in range(len(rows))], ignore_index=True)
    must(
        alike(single, trial.answer(trial.model, rows), within=ROUNDING),
        Say("单行与批量一致", "one row alone gets the answer it gets in a batch"),
    )


def _repeated_keys_are_fine(trial: Trial) -> None:
    """The same customer twice gets the same answer twice."""
    rows = trial.rows(trial.model, 3)
    answer = trial.answer(trial.model, pd.concat([rows, rows]))
    halves = answer.head(len(rows)), answer.tail(len(rows)).reset_index(drop=True)
    must(
        len(answer) == 2 * len(rows) and alike(*halves, within=ROUNDING),
        Say("同一客户出现两次也行", "the same row twice gets the same answer twice"),
    )


def _no_rows_no_answers(trial: Trial) -> None:
    """An empty frame gives an empty answer with the same columns and types."""
    full, empty = trial.said(trial.model), trial.answer(trial.model, trial.rows(trial.model, 0))
    same = list(empty.columns) == list(full.columns) and all(empty[name].dtype == full[name].dtype for name in full.columns)
    must(len(empty) == 0 and same, Say("空表得到空的回答", "no rows give no answers, with the same columns"), got=dict(empty.dtypes))


def _missing_columns_of_rows_are_named(trial: Trial) -> None:
    """Rows that lack the key or a feature are refused, and the column is named."""
    for column in (trial.model.key, *trial.model.needs):
        with must_refuse(MissingColumns, "a missing column", naming=column):
            trial.answer(trial.model, trial.rows(trial.model).drop(columns=column))


def _empty_cells_of_rows(trial: Trial) -> None:
    """Empty cells are refused and named, unless the model accepts them in features; an empty key never is accepted."""
    for column in (trial.model.key, *trial.model.needs):
        rows = trial.rows(trial.model)
        rows[column] = rows[column].where(rows.index != 1)
        if trial.model.accepts_missing and column in trial.model.needs:
            must(len(trial.answer(trial.model, rows)) == len(rows), Say("接受空值就要给出回答", "a model that accepts empty cells answers"))
            continue
        with must_refuse(DataError, "an empty cell", naming=column):
            trial.answer(trial.model, rows)


def _infinite_numbers_of_rows(trial: Trial) -> None:
    """Infinite numbers are refused and named."""
    for column in (name for name in trial.model.needs if trial.examples[name].dtype.kind in "if"):
        rows = trial.rows(trial.model).astype({column: float})
        rows.loc[1, column] = -np.inf
        with must_refuse(DataError, "an infinite number", naming=column):
            trial.answer(trial.model, rows)


def _far_rows_are_answered(trial: Trial) -> None:
    """Rows far from all examples still get a finite answer, or are refused in a sentence."""
    for times in (-1e6, 1e6):
        rows = trial.rows(trial.model)
        numbers = [name for name in trial.model.needs if rows[name].dtype.kind in "if"]
        rows[numbers] = rows[numbers].astype(float) * times
        try:
            answer = trial.answer(trial.model, rows)
        except DataError as refused:
            must(all((*refused.what, *refused.fix)), Say("拒绝时说清楚", "a refusal is a sentence"))
            continue
        finite = np.isfinite(answer.select_dtypes("number").to_numpy(dtype=np.float64)).all()
        must(len(answer) == len(rows) and bool(finite), Say("离样本很远的行也有回答", "rows far from all examples are answered"))


def _interval_holds_value(trial: Trial) -> None:
    """Low <= value <= high."""
    answer = trial.said(trial.model)
    ordered = (answer["low"] <= answer["value"]) & (answer["value"] <= answer["high"])
    must(bool(ordered.all()), Say("low <= value <= high", "low <= value <= high"), got=int((~ordered).sum()))


def _values_fit_unit(trial: Trial) -> None:
    """A probability lies in [0, 1], a difference of two in [-1, 1], the interval too; the unit is one that people know."""
    model, answer = trial.model, trial.said(trial.model)
    must(
        model.unit in ("probability", "difference", "money", "days"),
        Say("单位是概率、概率之差、金额或天数", "the unit is probability, difference, money or days"),
        got=model.unit,
    )
    lowest = {"probability": 0.0, "difference": -1.0}.get(model.unit)
    inside = lowest is None or answer[["value", "low", "high"]].stack().between(lowest, 1).all()
    must(bool(inside), Say("概率在 0 与 1 之间", "a probability lies between 0 and 1"))


def _one_label_is_learned(trial: Trial) -> None:
    """Examples that all have the same label give a model, not an error, and answers within the unit."""
    for label in (0.0, 1.0) if trial.model.unit in _CHANCES else (0.0, 500.0):
        model = trial.make().fit(trial.examples.assign(**{trial.model.label: label}))
        answer = trial.said(model)[["value", "low", "high"]].to_numpy(dtype=np.float64)
        inside = np.isfinite(answer).all() and (model.unit != "probability" or ((answer >= 0) & (answer <= 1)).all())
        must(bool(inside), Say("标签全相同也能学", "one label only can be learned from"), got=label)


def _one_label_can_be_saved(trial: Trial) -> None:
    """Such a model can be saved too."""
    model, files = trial.make().fit(trial.examples.assign(**{trial.model.label: 1.0})), dict[str, bytes]()
    model.save(files.__setitem__)
    must(
        alike(trial.said(type(model).load(files)), trial.said(model)),
        Say("标签全相同的模型也能存取", "a model of one label can be saved and loaded"),
    )


def _strange_labels_are_refused(trial: Trial) -> None:
    """Labels that are no numbers, or for a probability others than 0 and 1, are refused and named."""
    for label in ("yes", 0.5) if trial.model.unit in _CHANCES else ("yes",):
        with must_refuse(DataError, "a strange label", naming=trial.model.label):
            trial.make().fit(trial.examples.assign(**{trial.model.label: label}))


def _label_is_no_feature(trial: Trial) -> None:
    """A model that is told to use its label as a feature refuses: that would be knowing the future."""
    model = trial.make()
    model.needs = (*model.needs, model.label)
    with must_refuse(UsageError, "the label as a feature", naming=model.label):
        model.fit(trial.examples.copy())


def _reasons_add_up(trial: Trial) -> None:
    """Base + contributions = log-odds of the value within 1e-6 (the value itself for money and days); or the model says it cannot."""
    if not _explains(trial):
        return
    rows = trial.rows(trial.model)
    parts = trial.model.reasons(rows).drop(columns=trial.model.key)
    value = trial.answer(trial.model, rows)["value"].to_numpy()
    wanted = logit(value) if trial.model.unit == "probability" else value
    off = np.abs(parts.sum(axis=1).to_numpy() - wanted)
    must(
        bool((off <= CLOSE * np.maximum(1.0, np.abs(wanted))).all()),
        Say("理由加起来等于结果", "reasons add up to the value"),
        got=off.max(),
    )


def _reasons_name_features(trial: Trial) -> None:
    """Reasons have the key, base and features of the model only, one row a row."""
    if not _explains(trial):
        return
    rows = trial.rows(trial.model)
    found = trial.model.reasons(rows)
    known = list(found.columns[:2]) == [trial.model.key, "base"] and set(found.columns[2:]) <= set(trial.model.needs)
    must(known, Say("理由只提到自己的特征", "reasons name features of the model only"), got=list(found.columns))
    must(found[trial.model.key].tolist() == rows[trial.model.key].tolist(), Say("理由一行一条", "one row of reasons a row, in order"))


def _reasons_of_one_row_equal_batch(trial: Trial) -> None:
    """A row has the same reasons alone and among others."""
    if not _explains(trial):
        return
    rows = trial.rows(trial.model, 5)
    single = pd.concat([trial.model.reasons(rows.iloc[[place]]) for place in range(len(rows))], ignore_index=True)
    must(
        alike(single, trial.model.reasons(rows), within=ROUNDING),
        Say("单行理由与批量一致", "one row alone has the reasons it has in a batch"),
    )


def _groups_are_named(trial: Trial) -> None:
    """Every row gets a group with a name, and a reason in both languages."""
    answer = trial.said(trial.model)
    must(all(isinstance(group, str) and group for group in answer["group"]), Say("每行都有组名", "every row gets the name of a group"))
    told = all(isinstance(reason, Say) and all(reason) for reason in answer["reason"])
    must(told, Say("每行都有双语理由", "every row gets a reason in both languages"))


def _option_is_one_of_them(trial: Trial) -> None:
    """The chosen option is one of those given, also where one was never tried before."""
    options = ["a", "b", "never tried"]
    answer = trial.model.choose(trial.rows(trial.model), options)
    must(
        set(answer["option"]) <= set(options), Say("只选给出的选项", "the choice is one of the options"), got=sorted(set(answer["option"]))
    )


def _propensity_is_a_chance(trial: Trial) -> None:
    """The propensity of what was chosen lies in (0, 1]."""
    propensity = trial.said(trial.model)["propensity"]
    must(
        bool(((propensity > 0) & (propensity <= 1)).all()),
        Say("选中概率在 0 与 1 之间", "a propensity lies in (0, 1]"),
        got=propensity.min(),
    )


def _propensity_is_honest(trial: Trial) -> None:
    """Over many customers alike, an option is chosen as often as its propensity says."""
    row = trial.rows(trial.model, 1)
    crowd = pd.concat([row] * MANY, ignore_index=True).assign(**{trial.model.key: [f"c{number}" for number in range(MANY)]})
    answer = trial.answer(trial.model, crowd)
    for option, chosen in answer.groupby("option"):
        must(
            abs(len(chosen) / MANY - chosen["propensity"].mean()) < 0.05,
            Say("选中概率属实", "options are chosen as often as they say"),
            got=option,
        )


def _only_option_is_certain(trial: Trial) -> None:
    """With one option, that one is chosen, for certain."""
    answer = trial.model.choose(trial.rows(trial.model), ["a"])
    must(
        set(answer["option"]) == {"a"} and bool((answer["propensity"] == 1.0).all()),
        Say("唯一的选项必选", "the only option is chosen for certain"),
    )


def _no_options_are_refused(trial: Trial) -> None:
    """Without options, or with one twice, there is nothing to choose."""
    for options in ([], ["a", "a"]):
        with must_refuse(UsageError, "no options, or one twice"):
            trial.model.choose(trial.rows(trial.model), options)


def _same_customer_same_option(trial: Trial) -> None:
    """A customer gets the same option whoever else is asked about."""
    rows = trial.rows(trial.model, ASKED)
    half = trial.answer(trial.model, rows.iloc[::2])
    must(
        alike(half, trial.answer(trial.model, rows).iloc[::2].reset_index(drop=True), within=ROUNDING),
        Say("同一客户得到同一选项", "a customer keeps the option"),
    )


ROWS = (
    _order_is_kept,
    _one_row_equals_batch,
    _repeated_keys_are_fine,
    _no_rows_no_answers,
    _missing_columns_of_rows_are_named,
    _empty_cells_of_rows,
    _infinite_numbers_of_rows,
    _far_rows_are_answered,
)
PREDICT = (
    *ROWS,
    _interval_holds_value,
    _values_fit_unit,
    _one_label_is_learned,
    _one_label_can_be_saved,
    _strange_labels_are_refused,
    _label_is_no_feature,
    _reasons_add_up,
    _reasons_name_features,
    _reasons_of_one_row_equal_batch,
)
ASSIGN = (*ROWS, _groups_are_named)
CHOOSE = (
    *ROWS,
    _option_is_one_of_them,
    _propensity_is_a_chance,
    _propensity_is_honest,
    _only_option_is_certain,
    _no_options_are_refused,
    _same_customer_same_option,
)


def _explains(trial: Trial) -> bool:
    """Whether the model gives reasons; if not, it must say so in a sentence."""
    if trial.model.explains:
        return True
    with must_refuse(UsageError, "asking for reasons that it cannot give"):
        trial.model.reasons(trial.rows(trial.model))
    return False
