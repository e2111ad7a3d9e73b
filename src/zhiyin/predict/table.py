"""What will happen to the rows of any table? Types, encodings, model and calibration are found from the table itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zhiyin.core.errors import SettingsError, TooLittleData, listed
from zhiyin.core.settings import FairnessSettings, LearningSettings
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Baseline, Card
from zhiyin.learn.frames import needed
from zhiyin.predict.alarms import leaks
from zhiyin.predict.amounts import AmountModel
from zhiyin.predict.columns import Columns, read_columns
from zhiyin.predict.effort import effort
from zhiyin.predict.ladder import FEWEST, LABEL, Lesson, rarer
from zhiyin.predict.making import chosen
from zhiyin.predict.one import Answer, answer_one
from zhiyin.predict.saying import chosen_because
from zhiyin.predict.scoring import amount_figures, carded, scored
from zhiyin.predict.target import Target, read_target
from zhiyin.predict.trust import Beside, trusted
from zhiyin.predict.tuning import learned
from zhiyin.predict.wishes import NO_WISHES, Wishes

__all__ = ["KNOWN_ON", "TablePredictor", "fit_predictor"]

KEY, AT, KNOWN_ON = "customer_id", "at_on", "known_on"
YEARS = ("year", "年", "年份", "年度")
_TAKEN = (KEY, LABEL, "base", AT)  # names that models use themselves


@dataclass(frozen=True)
class TablePredictor:
    """A model of one table, asked with rows of the same columns."""

    model: PredictorBase
    target: Target
    names: dict[str, str]  # column of the table -> what the model calls it
    id: str
    made: Card

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Columns value, low, high (and the id first, where one was named), in the order and with the index of `frame`.

        value is the chance that the target happens (`card().notes` says what counts as that), or the amount; low and high are the
        90 % interval.

        Raises:
            MissingColumns: when a column that the model learned from is missing.
        """
        said = self.model.predict(self._asked(frame))[["value", "low", "high"]].set_index(frame.index)
        if self.id:
            said.insert(0, self.id, frame[self.id])
        return said

    def reasons(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Column base and one a column of the table: together the log-odds of the value (the value itself where it is an amount)."""
        parts = self.model.reasons(self._asked(frame)).drop(columns=KEY)
        back = {called: name for name, called in self.names.items()}
        return parts.rename(columns=back).set_index(frame.index)

    def one(self, values: Mapping[str, object]) -> Answer:
        """The same for one row, without a frame: chance, interval and reasons by column, in milliseconds.

        Args:
            values: by column of the table; None where nothing is known.

        Raises:
            MissingColumns: when a column that the model learned from is missing.
            UsageError: when the target is an amount.
        """
        asked = {called: values[name] for name, called in self.names.items() if name in values}
        unlimited = (name for name, value in asked.items() if isinstance(value, float) and not math.isfinite(value))
        said = answer_one(self.model, asked | dict.fromkeys(unlimited))
        back = {called: name for name, called in self.names.items()}
        return said._replace(parts={back.get(called, called): part for called, part in said.parts.items()})

    def card(self) -> Card:
        """What the model is, how good it was on rows that it had not seen, and what was noticed."""
        return self.made

    def _asked(self, frame: pd.DataFrame) -> pd.DataFrame:
        needed(frame, [*self.names, *([self.id] if self.id else [])], who="predict")
        rows = _plain(frame, self.names)
        return rows.assign(**{KEY: frame[self.id].to_numpy() if self.id else np.arange(len(frame))})


def fit_predictor(
    frame: pd.DataFrame,
    target: str,
    *,
    time: str | None = None,
    id: str | None = None,
    budget_s: float = 60.0,
    wishes: Wishes = NO_WISHES,
) -> TablePredictor:
    """Fit the best model that a table allows, and judge it on rows that it had not seen.

    Numbers, days and kinds are told apart, ids and empty columns left aside. With few outcomes rates are used, with more of them
    logistic regression, boosting, and a blend of several, each only where it is better by more than luck.

    Args:
        frame: one row a case; rows without a target are left out.
        target: yes or no in any spelling (a chance is predicted), or a number (an amount is).
        time: column by which rows are ordered (a column called year by itself); the model is chosen on the latest of them. A column `known_on`, if there is one, says
            from when the target of a row was known.
        id: column whose equal values belong together (one customer in several rows).
        budget_s: about how many seconds of one processor it may take.
        wishes: which value counts as "it happened", which model, which columns are protected, how long to tune.

    Raises:
        MissingColumns: when a named column is missing.
        SettingsError: when the wished model does not exist or does not answer such a target.
        TooLittleData: when there is nothing to tell apart, or no column to learn from.
        DataError: when the target is neither yes/no nor a number.
    """
    notes: list[Say] = []
    time = time or _year(frame, target, notes=notes)
    rows = _rows_of(frame, target, named=[time, id], notes=notes)
    needed(rows, wishes.protected, who="fit_predictor")
    asked = read_target(rows, target, positive=wishes.positive)
    out = (target, time, id, *wishes.protected)
    needs = [name for name in rows.columns if name not in out and not (time and name == KNOWN_ON)]
    plain = _plain(rows, {name: name for name in needs})
    columns, aside = read_columns(plain, needs)
    if time:
        aside |= _known_later(columns, plain, rows[time])
        columns = columns.without(aside)
    notes += _told_aside(aside)
    names = {name: _called(name, columns.names) for name in columns.names}
    if not columns.names:
        raise TooLittleData(
            Say("除了目标，没有一列可以用来学习。", "Besides the target there is no column to learn from."),
            got=listed(aside) or "-",
            fix=Say("加入有差别的列。", "Add columns that differ from row to row."),
        )
    examples = plain[columns.names].rename(columns=names).assign(**{LABEL: asked.labels(rows[target])})
    if id or wishes.protected:
        examples[KEY] = rows[id].to_numpy() if id else np.arange(len(rows))
    if time:
        examples[AT] = rows[time].to_numpy()
        if KNOWN_ON in rows.columns:
            examples[KNOWN_ON] = rows[KNOWN_ON].to_numpy()
    lesson = Lesson(examples, tuple(names.values()), key=KEY, at=AT if time else "", known=KNOWN_ON if KNOWN_ON in examples.columns else "")
    if asked.is_amount:
        model, card, said = _amount(lesson, asked, wishes=wishes)
    else:
        model, card, said = _chance(lesson, asked, budget_s=budget_s, wishes=wishes, beside=_beside(rows, examples, wishes))
    return TablePredictor(model, asked, names, id or "", replace(card, question=target, notes=(*said, *notes)))


def _year(frame: pd.DataFrame, target: str, *, notes: list[Say]) -> str | None:
    """A column that is called year, by which rows are then ordered; None where there is none, or one year only."""
    found = [name for name in frame.columns if str(name).strip().lower() in YEARS and name != target and frame[name].nunique() > 1]
    if len(found) != 1:
        return None
    notes.append(
        Say(
            "按「{name}」列的先后评判，因为它看起来是年份；可用 time= 指定别的列。",
            "Rows are judged in the order of {name}, which looks like a year; time= names another column.",
        ).fill(name=found[0])
    )
    return str(found[0])


def _rows_of(frame: pd.DataFrame, target: str, *, named: list[str | None], notes: list[Say]) -> pd.DataFrame:
    """The rows whose target (and time) is known, index from 0."""
    needed(frame, [name for name in named if name], who="fit_predictor")
    if target not in frame.columns:
        read_target(frame, target)
    filled = frame[[target, *(name for name in named[:1] if name)]].notna().all(axis=1)
    if not filled.all():
        notes.append(
            Say("{count} 行没有目标或时间，没有用来学习。", "{count} rows without a target or a time were not learned from.").fill(
                count=int((~filled).sum())
            )
        )
    return frame[filled].reset_index(drop=True)


def _plain(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """The columns by what the model calls them; infinite numbers are unknown ones."""
    found = {called: frame[name] for name, called in names.items()}
    for called, values in found.items():
        if pd.api.types.is_float_dtype(values.dtype) and np.isinf(values.to_numpy(dtype=np.float64, na_value=np.nan)).any():
            found[called] = values.where(np.isfinite(values.to_numpy(dtype=np.float64, na_value=np.nan)))
    return pd.DataFrame(found).reset_index(drop=True)


def _known_later(columns: Columns, plain: pd.DataFrame, at: pd.Series) -> dict[str, Say]:
    """Columns of days that lie after the time of their row: they were not known then."""
    timed, _ = read_columns(at.to_frame("at"), ["at"])
    if timed.kinds.get("at", "").startswith("day"):
        asked = timed.one(at.to_frame("at"), "at")
        late = [name for name, kind in columns.kinds.items() if kind.startswith("day") and (columns.one(plain, name) > asked).any()]
        return dict.fromkeys(
            late,
            Say(
                "警报：有的日期晚于该行的时间，预测时还不知道",
                "alarm: some of its days lie after the time of their row, so it was not known then",
            ),
        )
    return {}


def _called(name: str, names: list[str]) -> str:
    while name in _TAKEN or name == KNOWN_ON:
        name += "_"
    return name


def _told_aside(aside: dict[str, Say]) -> list[Say]:
    return [Say(f"没有使用「{name}」：{why.zh}。", f"{name} is not used: {why.en}.") for name, why in aside.items()]


def _beside(rows: pd.DataFrame, examples: pd.DataFrame, wishes: Wishes) -> Beside | None:
    """The protected columns of each key; of several rows of a key the first that says something counts."""
    if not wishes.protected:
        return None
    told = rows[list(wishes.protected)].groupby(examples[KEY].to_numpy()).first()
    return Beside(told, told[[]])


def _chance(
    lesson: Lesson, target: Target, *, budget_s: float, wishes: Wishes, beside: Beside | None
) -> tuple[PredictorBase, Card, list[Say]]:
    learning = LearningSettings(tune_s=wishes.tune_s)
    use = chosen({target.name: wishes.model}, questions=(target.name,))[target.name] if wishes.model else ""
    plan = effort(len(lesson.rows), len(lesson.needs), budget_s=budget_s)
    lesson = lesson.at_most(plan.most_rows, seed=learning.seed)
    judged, trials = learned(lesson, plan=plan, learning=learning, use=use)
    scores = scored(judged, question=target.name, key=lesson.key)
    card = replace(carded(judged, scores, question=target.name, baseline=""), trials=trials)
    if beside is not None:
        card = trusted(card, lesson, judged_by=judged, beside=beside, fairness=FairnessSettings())
    said = chosen_because(judged, scores, target=target, labels=lesson.labels) + _alarms(lesson, target, card)
    return judged.model, card, [*said, *card.notes]


def _alarms(lesson: Lesson, target: Target, card: Card) -> list[Say]:
    auc = card.metrics["auc"].value if "auc" in card.metrics else 0.0
    return leaks(lesson.rows, lesson.labels, needs=lesson.needs, target=target.name, auc=auc) if rarer(lesson.labels) >= FEWEST else []


def _amount(lesson: Lesson, target: Target, *, wishes: Wishes) -> tuple[PredictorBase, Card, list[Say]]:
    """The model of an amount, judged on rows left out (on the latest fifth, where rows have a time) beside the mean of all."""
    if wishes.model not in ("", "amount"):
        raise SettingsError(
            Say(f"「{target.name}」是数额，不是是否发生。", f"{target.name} is an amount, not a yes or no."),
            got=wishes.model,
            fix=Say("不要指定 model，或换一个是否类的目标。", "Leave model out, or ask for a target of yes and no."),
        )
    learning = LearningSettings()
    new = AmountModel(needs=lesson.needs, key=lesson.key, threads=learning.threads, seed=learning.seed)
    model = new.fit(lesson.rows)
    said, truth, mean = model.unseen, lesson.labels, float(lesson.labels.mean())
    if lesson.at:
        order = lesson.rows[lesson.at].argsort(kind="stable").to_numpy()
        early, late = np.split(order, [int(0.8 * len(order))])
        if len(early) and len(late):
            later = lesson.rows.iloc[late].assign(**{KEY: np.arange(len(late))})
            said, truth = new.fresh().fit(lesson.rows.iloc[early]).predict(later)["value"].to_numpy(), truth[late]
            mean = float(lesson.labels[early].mean())
    figures = amount_figures(truth, truth if said is None else said)
    simple = amount_figures(truth, np.full(len(truth), mean))
    card = replace(model.card(), metrics=figures, baseline=Baseline("the mean of all rows", simple))
    where = Say("较晚的行", "later rows") if lesson.at else Say("没有学过的行", "rows left out")
    told = Say(
        f"「{target.name}」是数额：在{where.zh}上平均差 {figures['mae'].value:.4g}，只用平均值差 {simple['mae'].value:.4g}。",
        f"{target.name} is an amount: on {where.en} it is off by {figures['mae'].value:.4g} on average, the mean alone by {simple['mae'].value:.4g}.",
    )
    return model, card, [told]
