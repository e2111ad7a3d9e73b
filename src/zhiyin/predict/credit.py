"""A score for a decision that weighs heavily on a person - credit, a claim, an account - as advice to the person who decides.

A template: the company brings a table with a column that says how earlier cases ended (did not pay back, was fraud), and the ladder of
every other question learns from it. What the answer may never be is a decision: each row says that a person decides, names the reasons
for and against, and stands beside an interval; where the interval spans the line, the advice is to look closely. Columns about what
nobody may be judged by are left out before anything is learned, and named.

References:
    PIPL article 24; GDPR article 22; EU AI Act, annex III 5 (b): credit scoring is a use of high risk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError, listed
from zhiyin.core.words import Say
from zhiyin.learn.card import Card
from zhiyin.predict.table import TablePredictor, fit_predictor
from zhiyin.predict.wishes import Wishes

__all__ = ["PROTECTED", "Adviser", "Template", "fit_adviser"]

# Words in the name of a column about what nobody may be judged by; a company adds its own.
PROTECTED = (
    "gender", "sex", "race", "ethnic", "religion", "nationality", "marital", "pregnan", "disab", "health", "politic", "union", "orientation",
    "性别", "民族", "种族", "宗教", "国籍", "婚姻", "婚否", "生育", "怀孕", "残疾", "健康", "疾病", "政治", "籍贯",
)  # fmt: skip
_ADVICE = {
    "fine": Say("看起来没有问题", "looks fine"),
    "look": Say("请仔细看", "look closely"),
    "against": Say("建议不通过", "advised against"),
}
_DECIDES = Say("由人来决定：{who}。", "A person decides: {who}.")
_SENTENCE = Say(
    "{advice}：可能性 {value}（90% 区间 {low} 到 {high}），界线 {line}。{reasons}{decides}",
    "{advice}: chance {value} (90 % interval {low} to {high}), line {line}. {reasons}{decides}",
)
_MORE = Say("升高：{names}。", "Raised by: {names}. ")
_LESS = Say("降低：{names}。", "Lowered by: {names}. ")
_SHOWN = 3  # reasons each way


@dataclass(frozen=True)
class Template:
    """The question that a company asks.

    Args:
        target: column that says how a case ended; yes means that it ended badly.
        time: column of the day of a case: the score is judged on the latest ones.
        id: column of the person, where one stands in several rows.
        positive: the value of the target that means badly, where it is not plain.
        missed_costs: how many times more a bad case that is let through costs than a good one that is turned away.
        protected: further columns that nobody may be judged by; those of `PROTECTED` are left out in any case.
        decides: who decides, as the person asked about is told.
    """

    target: str
    time: str | None = None
    id: str | None = None
    positive: object = None
    missed_costs: float = 5.0
    protected: tuple[str, ...] = ()
    decides: str = "请填写负责人 / name the person in charge"
    high_impact: bool = True


@dataclass(frozen=True)
class Adviser:
    """A fitted template: scores, reasons and advice, never a decision."""

    template: Template
    model: TablePredictor
    left_out: tuple[str, ...]

    @property
    def line(self) -> float:
        """The chance from which turning a case away costs less than letting it through."""
        return 1.0 / (1.0 + self.template.missed_costs)

    def advise(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A row a case, in the order of `frame`.

        Returns:
            The id where one is named, `value`, `low`, `high` (chance that it ends badly), `advice` (fine, look, against), `sentence_zh`,
            `sentence_en`, `high_impact` (true) and `decided_by` (empty: to be filled in by the person who decides).

        Raises:
            MissingColumns: when a column that was learned from is missing.
        """
        said, parts = self.model.predict(frame), self.model.reasons(frame).drop(columns="base")
        line = self.line
        advice = np.where(said["high"] < line, "fine", np.where(said["low"] > line, "against", "look"))
        words = [
            self._sentence(row, str(one), parts.loc[at]) for at, row, one in zip(said.index, said.to_dict("records"), advice, strict=True)
        ]
        return said.assign(
            advice=advice, sentence_zh=[say.zh for say in words], sentence_en=[say.en for say in words], high_impact=True, decided_by=""
        )  # fmt: skip

    def card(self) -> Card:
        """What the model is and how good it was, with what is said of every output of high impact."""
        return self.model.card()

    def _sentence(self, row: dict[str, float], advice: str, parts: pd.Series) -> Say:
        ranked = parts.astype("float64").sort_values()
        up, down = (
            [str(name) for name in ranked.index[::-1][:_SHOWN] if ranked[name] > 0],
            [str(name) for name in ranked.index[:_SHOWN] if ranked[name] < 0],
        )
        why = [words.fill(names=", ".join(names)) for words, names in ((_MORE, up), (_LESS, down)) if names]
        decides, told = _DECIDES.fill(who=self.template.decides), _ADVICE[advice]
        figures = {name: f"{row[name]:.1%}" for name in ("value", "low", "high")} | {"line": f"{self.line:.1%}"}
        zh = _SENTENCE.zh.format(advice=told.zh, reasons="".join(say.zh for say in why), decides=decides.zh, **figures)
        return Say(zh, _SENTENCE.en.format(advice=told.en, reasons="".join(say.en for say in why), decides=decides.en, **figures))


def fit_adviser(frame: pd.DataFrame, template: Template, *, budget_s: float = 60.0) -> Adviser:
    """Learn from earlier cases how such cases end.

    Args:
        frame: one row a case.
        template: the question.
        budget_s: about how many seconds of one processor it may take.

    Raises:
        DataError: when the costs are not above zero, the target is a column that nobody may be judged by, or is an amount.
        MissingColumns, TooLittleData: as of `fit_predictor`.
    """
    if not template.missed_costs > 0:
        raise DataError(
            Say("漏掉一个坏案的代价必须大于零。", "What a missed case costs must be above zero."),
            got=template.missed_costs,
            fix=Say("写明它是错拒一个好案的几倍，例如 5。", "Say how many times the cost of a good one that is turned away, such as 5."),
        )
    out = tuple(name for name in frame.columns if name != template.target and _is_protected(str(name), template.protected))
    if _is_protected(template.target, template.protected):
        raise DataError(
            Say("目标列说的是不得用来评判人的事。", "The target is about what nobody may be judged by."),
            got=template.target,
            fix=Say(
                f"换成说明案件结果的列；不得使用：{listed(PROTECTED, most=99)}。",
                f"Name a column that says how cases ended; not about: {listed(PROTECTED, most=99)}.",
            ),
        )
    kept = frame.drop(columns=[name for name in out if name not in (template.time, template.id)])
    model = fit_predictor(
        kept, template.target, time=template.time, id=template.id, budget_s=budget_s, wishes=Wishes(positive=template.positive)
    )
    return Adviser(template, model, out)


def _is_protected(name: str, more: tuple[str, ...]) -> bool:
    """Whether a word of the name begins with one of the list: MaritalStatus and gender_code do, terrace does not."""
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[^\x00-\x7f]+", name)]
    return name in more or any(word.startswith(known) or (not known.isascii() and known in word) for word in words for known in PROTECTED)
