"""How would each way have done at past origins, knowing only what came before?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.learned import FEWEST, Trees, drawn, grown
from zhiyin.predict.forecasting.local import WAYS, continued, seconds
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.scale import errors_of_repeating
from zhiyin.predict.forecasting.smooth import filled, repeated, smoothed
from zhiyin.predict.forecasting.view import View
from zhiyin.predict.forecasting.winters import winters

__all__ = ["BASELINE", "Plan", "Trial", "grow", "make_plan", "tried", "without_rows"]

Floats = npt.NDArray[np.float64]
BASELINE = "repeat"
_CHEAP = ("level", "repeat", "smooth", "winters")  # all series at once: always tried
_MOST_JUDGED = 500  # series back-tested at most: three origins of them say more than one of all
_ENOUGH = 30  # series from which three origins say enough
_MOST_ORIGINS = 6
_LOCAL_SHARE = 0.6  # of the budget that the classical ways may take
_LATEST = 260  # steps that smoothing of one short season learns from
_LONGEST_SMOOTHED = 24  # steps of a season that it keeps a state for
_SPARSE = 0.4  # share of zeros from which a series is sparse


@dataclass(frozen=True)
class Plan:
    """What is tried.

    Args:
        horizon: steps ahead.
        seasons: the shortest first.
        backs: how many steps before the newest one each origin lies, the latest first.
        judged: numbers of the series that are back-tested.
        ways: classical ways that the budget allows.
        mean: whether the trees on the plain scale aim at the mean (many zeros).
        seed: of all that is drawn.
    """

    horizon: int
    seasons: tuple[int, ...]
    backs: tuple[int, ...]
    judged: npt.NDArray[np.int64]
    ways: tuple[str, ...]
    mean: bool
    seed: int

    @property
    def season(self) -> int:
        """The longest season, 1 for none."""
        return max(self.seasons, default=1)


@dataclass(frozen=True)
class Trial:
    """What each way said at the origins `(origins, judged series, horizon)`, what came, and the size of an error there."""

    said: dict[str, Floats]
    actual: Floats
    size: Floats


def make_plan(panel: Panel, horizon: int, *, seasons: tuple[int, ...], budget_s: float, seed: int) -> Plan:
    """Origins, judged series and ways that the length of the series and the budget allow."""
    n = len(panel.names)
    rng = np.random.default_rng(seed)
    judged = np.sort(rng.choice(n, _MOST_JUDGED, replace=False)) if n > _MOST_JUDGED else np.arange(n)
    long = np.sort(np.isfinite(panel.values).argmax(axis=1))
    steps = panel.length - int(long[n // 2])
    wanted = 3 if n >= _ENOUGH else _MOST_ORIGINS
    room = (steps - max(2 * max((s for s in seasons if s <= steps // 4), default=1), 5)) // horizon
    origins = int(np.clip(min(room, 2 * steps // (3 * horizon)), 1, wanted)) if steps > horizon + 3 else 0
    zeros = (panel.values == 0).sum() / max(np.isfinite(panel.values).sum(), 1)
    backs = tuple(horizon * (back + 1) for back in range(origins))
    plan = Plan(horizon, seasons, backs, judged, (), bool(zeros > _SPARSE), seed)
    return replace(plan, ways=_affordable(plan, n, panel.length, budget_s * _LOCAL_SHARE))


def _affordable(plan: Plan, n: int, length: int, budget_s: float) -> tuple[str, ...]:
    """Classical ways, the cheap ones first, as long as their time fits."""
    kept = []
    for name in WAYS:
        if (name == "mstl" and max(plan.seasons, default=1) <= 24) or (name == "ets" and plan.mean):
            continue  # one short season needs no decomposition; ETS takes seconds for a series of zeros, and gains nothing
        cost = seconds(name, length, seasons=plan.seasons) * (len(plan.judged) * len(plan.backs) + n)
        if cost <= budget_s:
            kept.append(name)
            budget_s -= cost
    return tuple(kept)


def without_rows(panel: Panel, plan: Plan, *, name: str, back: int = 0) -> Floats:
    """The forecasts `(n, horizon)` of a way that needs no rows, made `back` steps ago."""
    values, dated = panel.until(back).values, panel.steps.dated
    season = plan.season if plan.season * 2 <= values.shape[1] else 1
    match name:
        case "repeat":
            return repeated(values, plan.horizon, season=season)
        case "smooth" | "level":
            return smoothed(values, plan.horizon, season=season, pooled=dated, trend=name == "smooth")
        case "winters":
            short = min(plan.seasons, default=1)
            return winters(filled(values[:, -_LATEST:], short), plan.horizon, season=short if short <= _LONGEST_SMOOTHED else 1)
    return continued(name, filled(values, season), horizon=plan.horizon, seasons=plan.seasons)


def grow(views: dict[str, View], plan: Plan, *, back: int = 0) -> dict[str, Trees]:
    """Trees on each scale, learned from what was known `back` steps ago; none where the rows are too few."""
    found = {}
    for name, view in views.items():
        length = view.panel.length
        least = min(plan.season, max(length // 4, 1)) if plan.seasons else 2
        rows = drawn(view.panel, plan.horizon, before=length - back, least=least, rng=np.random.default_rng(plan.seed))
        if len(rows) >= FEWEST:
            found[name] = grown(view, rows, mean=plan.mean and not view.scale.log, seed=plan.seed)
    return found


def tried(panel: Panel, plan: Plan, *, views: dict[str, View]) -> Trial:
    """Every way at every origin, on the judged series; where a way has no answer the level stands in."""
    few = panel.rows(plan.judged)
    shape = (len(plan.backs), len(plan.judged), plan.horizon)
    actual = np.full(shape, np.nan)
    least = max(min(plan.seasons, default=1) + 1, 5)
    said = {name: np.full(shape, np.nan) for name in (*_CHEAP, *plan.ways)}
    for place, back in enumerate(plan.backs):
        start = few.length - back
        actual[place] = few.values[:, start : start + plan.horizon]
        actual[place, np.isfinite(few.values[:, :start]).sum(axis=1) < least] = np.nan  # hardly begun
        for name, each in said.items():
            each[place] = without_rows(few, plan, name=name, back=back)
    for name, trees in grow(views, plan, back=plan.backs[-1]).items() if plan.backs else ():
        asked = [trees.view.grid(plan.judged, plan.horizon, back=back) for back in plan.backs]
        said[name] = np.stack([trees.said(rows).reshape(shape[1:]) for rows in asked])
    said = {name: np.where(np.isfinite(each), each, said["level"]) for name, each in said.items()}
    size = np.broadcast_to(errors_of_repeating(few.values, min(plan.seasons, default=1))[None, :, None], shape)
    return Trial(said, actual, size)
