"""How do these series go on? Many ways tried at past origins, the best mixed, with the interval that 8 of 10 values fall in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import UsageError
from zhiyin.core.words import Say
from zhiyin.learn.card import Card
from zhiyin.predict.forecasting.backtest import STAND_IN, Trial, grow, make_plan, stood_in, tried, without_rows
from zhiyin.predict.forecasting.benefit import benefit_of_known
from zhiyin.predict.forecasting.blend import blended, weights
from zhiyin.predict.forecasting.future import Wanted, read_future
from zhiyin.predict.forecasting.groups import GROUPS, groups_of
from zhiyin.predict.forecasting.learned import Trees
from zhiyin.predict.forecasting.margin import Margin, learn_margin
from zhiyin.predict.forecasting.panel import Panel, read_panel
from zhiyin.predict.forecasting.seasons import find_hints, find_seasons
from zhiyin.predict.forecasting.strangers import of_strangers
from zhiyin.predict.forecasting.verdict import Choice
from zhiyin.predict.forecasting.view import views_of

__all__ = ["Forecaster", "fit_forecaster"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_FEWEST_JUDGED = 5  # series of a group from which it gets shares of its own
_LAST_RESORT = STAND_IN[-1]
_UNJUDGED = "smooth"  # for short series: borrows the season of the others, and a trend from six values on


@dataclass(frozen=True)
class Forecaster:
    """Continues the series it was fitted to.

    Args:
        choice: what was chosen for each group of series, and how that did at past origins.
        lines: way -> its forecasts `(n, horizon)`.
        trees: way -> the trees that are asked for each row.
        margin: how far low and high lie from the value.
    """

    choice: Choice
    lines: dict[str, Floats]
    trees: dict[str, Trees]
    margin: Margin

    def forecast(self, future: pd.DataFrame | None = None) -> pd.DataFrame:
        """Columns series, at, value, low, high: 8 of 10 values are to fall between low and high (an 80 % interval).

        Args:
            future: series, at and the known columns of the steps ahead; its rows are answered, in its order. Not needed
                without known columns: then every series gets `horizon` steps, after the newest time of the whole table
                where times are dates, after its own end where they are counted steps. A series that was never seen is
                answered like one drawn from those that `future` names too.

        Raises:
            MissingColumns: when known columns were learned from and `future` lacks one.
            NotFound: when `future` names no series that was ever seen.
            DataError: when `future` asks about the past or beyond the horizon.
        """
        if future is None or not {"series", "at"} <= set(future.columns):
            return self._seen(future)
        seen = future["series"].isin(self.choice.panel.names).to_numpy()
        if seen.all() or not seen.any():
            return self._seen(future)
        said, others = self._seen(future[seen]), future.loc[~seen, ["series", "at"]]
        steps = self.choice.panel.steps
        rest = of_strangers(others.assign(at=steps.times(steps.ordinals(others["at"]))), said)
        places = np.argsort(np.r_[np.flatnonzero(seen), np.flatnonzero(~seen)])
        return pd.concat([said, rest], ignore_index=True).iloc[places].reset_index(drop=True)

    def _seen(self, future: pd.DataFrame | None) -> pd.DataFrame:
        """The rows of series that were seen."""
        panel, plan = self.choice.panel, self.choice.plan
        wanted = read_future(panel, future, horizon=plan.horizon)
        said = self._said(wanted)
        value = _mixed(said, self.choice.shares, self.choice.groups[wanted.series])
        value = value if (panel.values < 0).any() else np.maximum(value, 0.0)
        asked = self.margin.view.asked(wanted.series, wanted.step)
        low, high = self.margin.bounds(said, value, asked=asked, known=wanted.known)
        at = panel.steps.times(panel.last[wanted.series] + wanted.step)
        return pd.DataFrame({"series": panel.names[wanted.series], "at": at, "value": value, "low": low, "high": high})

    @property
    def verdict(self) -> Say:
        """What was chosen per group and why, and what was done to the table."""
        return self.choice.sentence()

    @property
    def choices(self) -> pd.DataFrame:
        """Columns series, group, ways, error, error_of_repeating: errors of the back-test as MASE divides, NaN where not judged."""
        return self.choice.table()

    def card(self) -> Card:
        """What should be known before it is trusted: its error at past origins beside that of repeating the season."""
        return self.choice.card()

    def _said(self, wanted: Wanted) -> dict[str, Floats]:
        """What every way in use says about the wanted rows."""
        said = {name: line[wanted.series, wanted.step - 1] for name, line in self.lines.items()}
        for name, trees in self.trees.items():
            said[name] = trees.said(trees.view.asked(wanted.series, wanted.step), known=wanted.known)
        return {name: stood_in(each, said) for name, each in said.items()}


def fit_forecaster(
    table: pd.DataFrame, horizon: int, *, season: int | tuple[int, ...] | None = None, budget_s: float = 600.0, seed: int = 0
) -> Forecaster:
    """A forecaster for all series of a table; it finds season, scale, ways and their shares by itself.

    Args:
        table: columns series, at (whole steps, dates or times), value, and any columns that are known for the future too:
            numbers or words, such as a holiday, the weather, a price. Steps without a row are unknown, not zero.
        horizon: steps ahead.
        season: steps after which the pattern comes back, several from short to long; None: found.
        budget_s: about how many seconds of one core the fit may take; dear ways are left out when it is short.
        seed: of all that is drawn.

    Raises:
        UsageError: when horizon, season or budget is below 1.
        MissingColumns: when series, at or value is not there.
        TooLittleData: without a single value, or when the times have no common step.
        DataError: when values or times cannot be read.
    """
    _must_be_positive(horizon=horizon, budget_s=budget_s)
    panel = read_panel(table)
    seasons = _seasons(panel, season)
    hints = find_hints(panel) if season is None else ()
    plan = make_plan(panel, int(horizon), seasons=seasons, hints=hints, budget_s=budget_s, seed=seed)
    views = views_of(panel, plan.rhythms, mean=plan.mean)
    trial = tried(panel, plan, views=views)
    found = benefit_of_known(panel, plan, trial=trial)
    if found and not found[0].used:
        panel, trial = replace(panel, known={}), found[1]
        views = views_of(panel, plan.rhythms, mean=plan.mean)
    groups = groups_of(panel, min(seasons, default=1))
    shares = _shares(trial, groups[plan.judged], tested=bool(plan.backs))
    mixed = _mixed(trial.said, shares, np.broadcast_to(groups[plan.judged][None, :, None], trial.actual.shape))
    used = tuple(sorted({name for each in shares.values() for name in each} | set(STAND_IN)))
    trees = grow({name: view for name, view in views.items() if name in used}, plan)
    lines = {name: without_rows(panel, plan, name=name) for name in used if name not in views}
    margin = learn_margin(next(iter(views.values())), plan, trial=trial, mixed=mixed, used=used)
    choice = Choice(panel, plan, trial, groups, shares, mixed, found and found[0])
    return Forecaster(choice, lines, trees, margin)


def _shares(trial: Trial, groups: Ints, *, tested: bool) -> dict[int, dict[str, float]]:
    """Shares of the ways for each group that has enough judged series; the others take those of all."""
    if not tested:
        return {group: {_LAST_RESORT: 1.0} for group in range(len(GROUPS))}
    overall = weights(trial.said, trial.actual, size=trial.size)
    found = {}
    for number, group in enumerate(GROUPS):
        inside = groups == number
        actual = trial.actual[:, inside]
        if np.isfinite(actual).any(axis=(0, 2)).sum() < _FEWEST_JUDGED:
            found[number] = {_UNJUDGED: 1.0} if group.short else overall
            continue
        said = {name: each[:, inside] for name, each in trial.said.items()}
        found[number] = weights(said, actual, size=trial.size[:, inside], squared=group.squared)
    return found


def _mixed(said: dict[str, Floats], shares: Mapping[int, Mapping[str, float]], groups: Ints) -> Floats:
    """The blend of each row by the shares of its group."""
    value = np.zeros(groups.shape)
    for group, each in shares.items():
        inside = groups == group
        if inside.any():
            value[inside] = blended({name: said[name][inside] for name in each}, each)
    return value


def _seasons(panel: Panel, season: int | tuple[int, ...] | None) -> tuple[int, ...]:
    if season is None:
        return find_seasons(panel)
    given = tuple(sorted(set(np.atleast_1d(season).tolist())))
    _must_be_positive(season=given[0])
    return tuple(each for each in given if 1 < each <= panel.length // 2)


def _must_be_positive(**numbers: object) -> None:
    for name, number in numbers.items():
        if not (isinstance(number, int | float | np.integer | np.floating) and number >= 1):
            raise UsageError(
                Say(f"{name} 至少为 1。", f"{name} must be at least 1."), got=number, fix=Say("设为 1 或更大。", "Set it to 1 or more.")
            )
