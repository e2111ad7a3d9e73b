"""What was chosen, and why? In a sentence, as a table, and on a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.learn.card import Baseline, Card, Interval
from zhiyin.learn.metrics import bootstrap
from zhiyin.predict.forecasting.backtest import BASELINE, Plan, Trial
from zhiyin.predict.forecasting.benefit import Benefit
from zhiyin.predict.forecasting.groups import GROUPS
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.spread import LEVEL

__all__ = ["Choice"]

Floats = npt.NDArray[np.float64]
_CALLED = {
    "repeat": Say("重复上一季", "repeating the season"),
    "level": Say("水平加季节", "level and season"),
    "smooth": Say("水平、趋势加季节", "level, trend and season"),
    "winters": Say("阻尼趋势平滑", "damped smoothing"),
    "seldom": Say("成交概率乘数量", "chance of a sale times its size"),
    "autoreg": Say("自回归", "autoregression"),
    "ces": Say("复指数平滑", "complex smoothing"),
    "theta": Say("Theta", "theta"),
    "ets": Say("指数平滑 ETS", "ETS"),
    "mstl": Say("多季节分解", "several seasons"),
    "trees": Say("提升树", "boosted trees"),
    "trees_log": Say("对数提升树", "boosted trees on logarithms"),
}
_LIMITS = Say(
    "只延续过去的规律；没有作为已知列给出的变化（新店、停业、涨价）它不知道。",
    "It continues the past; what is not given as a known column (a new shop, a closure, a price rise) it does not know.",
)


@dataclass(frozen=True)
class Choice:
    """The shares of the ways in each group, and how the blend did at past origins."""

    panel: Panel
    plan: Plan
    trial: Trial
    groups: npt.NDArray[np.int64]
    shares: Mapping[int, Mapping[str, float]]
    mixed: Floats
    benefit: Benefit | None = None

    def sentence(self) -> Say:
        """What was chosen per group and why, and what was done to the table."""
        parts = [self._of_group(group) for group in np.unique(self.groups)]
        opening = self._opening()
        known = [self.benefit.sentence()] if self.benefit else []
        return _joined([opening, *parts, *known, *self.panel.notes])

    def table(self) -> pd.DataFrame:
        """Columns series, group, ways, error, error_of_repeating: a row a series."""
        called = [self._ways(group).en for group in self.groups]
        table = pd.DataFrame({"series": self.panel.names, "group": [GROUPS[group].called.en for group in self.groups], "ways": called})
        for name, said in (("error", self.mixed), ("error_of_repeating", self.trial.said[BASELINE])):
            column = np.full(len(table), np.nan)
            column[self.plan.judged] = self._errors(said)
            table[name] = column
        return table

    def card(self) -> Card:
        """Scaled error of the back-test (as MASE divides) with its interval over series, beside repeating the season."""
        ours, simple = self._errors(self.mixed), self._errors(self.trial.said[BASELINE])
        told = np.isfinite(ours) & np.isfinite(simple)
        figures = {"mase": _mean(ours[told])} if told.any() else {}
        baseline = Baseline(_CALLED[BASELINE].en, {"mase": _mean(simple[told])} if told.any() else {})
        settings: dict[str, object] = {
            "horizon": self.plan.horizon,
            "seasons": list(self.plan.seasons),
            "origins": len(self.plan.backs),
            "interval": LEVEL,
        }
        if self.benefit:
            settings["known columns"] = {"error with": self.benefit.seeing, "error without": self.benefit.blind, "used": self.benefit.used}
        return Card(
            name="forecaster",
            unit="",
            features=tuple(self.panel.known),
            examples=int(np.isfinite(self.panel.values).sum()),
            outcomes=len(self.panel.names),
            settings=settings | {"ways": {GROUPS[group].called.en: self._ways(group).en for group in np.unique(self.groups)}},
            seed=self.plan.seed,
            limits=_LIMITS,
            metrics=figures,
            baseline=baseline,
        )

    def _opening(self) -> Say:
        n, seasons = len(self.panel.names), "、".join(map(str, self.plan.seasons))
        season = Say(f"季节 {seasons} 步", f"season {', '.join(map(str, self.plan.seasons))}") if seasons else Say("没有季节", "no season")
        tested = len(self.plan.backs)
        if not tested:
            return Say(
                f"{n:,} 个序列，{season.zh}。历史太短，无法回测：只延续水平，区间是粗略估计。",
                f"{n:,} series, {season.en}. Too short to be tested on the past: the level goes on, and the interval is a rough guess.",
            )
        return Say(
            f"{n:,} 个序列，{season.zh}，在过去 {tested} 个时点各预测 {self.plan.horizon} 步来检验。",
            f"{n:,} series, {season.en}, tested at {tested} past origins, {self.plan.horizon} steps each.",
        )

    def _of_group(self, group: int) -> Say:
        many, called, ways = int((self.groups == group).sum()), GROUPS[group].called, self._ways(group)
        inside = self.groups[self.plan.judged] == group
        ours, simple = (_middle(self._errors(said)[inside]) for said in (self.mixed, self.trial.said[BASELINE]))
        if not (np.isfinite(ours) and np.isfinite(simple)):
            return Say(f"{called.zh} {many:,} 个：采用{ways.zh}。", f"{many:,} {called.en}: {ways.en}.")
        return Say(
            f"{called.zh} {many:,} 个：采用{ways.zh}，误差 {ours:.2f}，重复上一季为 {simple:.2f}。",
            f"{many:,} {called.en}: {ways.en}; scaled error {ours:.2f} against {simple:.2f} for repeating the season.",
        )

    def _ways(self, group: int) -> Say:
        ranked = sorted(self.shares[group].items(), key=lambda item: -item[1])
        return Say(
            "、".join(f"{_CALLED[name].zh} {share:.0%}" for name, share in ranked),
            ", ".join(f"{_CALLED[name].en} {share:.0%}" for name, share in ranked),
        )

    def _errors(self, said: Floats) -> Floats:
        """The mean scaled error of each judged series; NaN where nothing came."""
        if not self.plan.backs:
            return np.full(len(self.plan.judged), np.nan)
        error = np.abs(said - self.trial.actual) / self.trial.size
        known = np.isfinite(error)
        return np.where(known.any(axis=(0, 2)), np.nansum(error, axis=(0, 2)) / np.maximum(known.sum(axis=(0, 2)), 1), np.nan)


def _mean(errors: Floats) -> Interval:
    return bootstrap(lambda column: float(np.mean(column)), errors, seed=1)


def _middle(errors: Floats) -> float:
    return float(np.nanmean(errors)) if np.isfinite(errors).any() else float("nan")


def _joined(parts: list[Say]) -> Say:
    return Say("".join(part.zh for part in parts), " ".join(part.en for part in parts))
