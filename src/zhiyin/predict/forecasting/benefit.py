"""Do the known columns help: how far off would the same trees have been without them?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zhiyin.core.words import Say
from zhiyin.predict.forecasting.backtest import Plan, Trial, told_by_trees
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.view import views_of

__all__ = ["Benefit", "benefit_of_known"]

Floats = npt.NDArray[np.float64]
_HARM = 1.01  # times the error without them, from which columns are dropped: the holidays may lie outside of what was tested


@dataclass(frozen=True)
class Benefit:
    """The back-test error of the trees with and without the known columns, divided as MASE does."""

    columns: tuple[str, ...]
    seeing: float
    blind: float

    @property
    def used(self) -> bool:
        """Whether the columns are kept."""
        return self.seeing <= self.blind * _HARM

    def sentence(self) -> Say:
        """Both errors, and what was decided."""
        names = "、".join(self.columns)
        return Say(
            f"已知列（{names}）：有它们误差 {self.seeing:.3f}，没有它们 {self.blind:.3f}，{'采用' if self.used else '不采用'}。",
            f"Known columns ({', '.join(self.columns)}): error {self.seeing:.3f} with them, {self.blind:.3f} without: "
            f"{'used' if self.used else 'not used'}.",
        )


def benefit_of_known(panel: Panel, plan: Plan, *, trial: Trial) -> tuple[Benefit, Trial] | None:
    """The benefit, and the trial of the trees without the columns; None where no trees were tried, or nothing is known ahead."""
    names = [name for name in trial.said if name.startswith("trees")]
    if not (panel.known and names):
        return None
    blind = views_of(replace(panel, known={}), plan.rhythms, mean=plan.mean)
    said = told_by_trees(blind, plan)
    seeing, without = (_error(trial, [each[name] for name in names]) for each in (trial.said, said))
    return Benefit(tuple(panel.known), seeing, without), replace(trial, said=trial.said | said)


def _error(trial: Trial, said: list[Floats]) -> float:
    error = np.abs(np.mean(said, axis=0) - trial.actual) / trial.size
    return float(np.nanmean(error)) if np.isfinite(error).any() else np.nan
