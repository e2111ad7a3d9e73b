"""How would each way have done at past origins, knowing only what came before?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from zhiyin.predict.forecasting.autoreg import autoregressed
from zhiyin.predict.forecasting.intermittent import seldom
from zhiyin.predict.forecasting.learned import FEWEST, Trees, drawn, grown
from zhiyin.predict.forecasting.local import WAYS, continued, seconds
from zhiyin.predict.forecasting.newcomers import borrowed
from zhiyin.predict.forecasting.panel import Panel
from zhiyin.predict.forecasting.scale import errors_of_repeating
from zhiyin.predict.forecasting.smooth import filled, repeated, smoothed
from zhiyin.predict.forecasting.view import View
from zhiyin.predict.forecasting.winters import winters

__all__ = ["BASELINE", "STAND_IN", "Plan", "Trial", "grow", "make_plan", "stood_in", "told_by_trees", "tried", "without_rows"]

Floats = npt.NDArray[np.float64]
BASELINE = "repeat"
STAND_IN = ("winters", "level")  # the level has an answer for every series
_CHEAP = ("level", "repeat", "smooth", "winters", "autoreg")  # all series at once: always tried
_MAY_BE_SILENT = ("autoreg", "seldom", *WAYS)  # on short series: then they are no way at all
_MOST_JUDGED = 500  # series back-tested at most: three origins of them say more than one of all
_ENOUGH = 30  # series from which three origins say enough
_MOST_ORIGINS = 6
_LOCAL_SHARE = 0.6  # of the budget that the classical ways may take
_GROWN_AGAIN = 250_000  # values up to which trees are grown for each origin: those of the earliest have seen less than they will
_PATIENT_S, _PATIENT = (
    300,
    100_000,
)  # seconds and values from which trees learn more slowly: hourly series of M4 gained 1 to 2 %, others less
_GROWN_S = 0.5  # seconds of one core that trees on both scales take at least
_LATEST = 260  # steps that smoothing and autoregression learn from
_CYCLES = 10  # of the longest season, where that is longer
_LONGEST_SMOOTHED = 24  # steps of a season that it keeps a state for
_SPARSE = 0.4  # share of zeros from which a series is sparse


@dataclass(frozen=True)
class Plan:
    """What is tried.

    Args:
        horizon: steps ahead.
        seasons: the shortest first.
        hints: further ones that only trees and autoregression look at.
        backs: how many steps before the newest one each origin lies, the latest first.
        judged: numbers of the series that are back-tested.
        ways: classical ways that the budget allows.
        mean: whether the trees on the plain scale aim at the mean (many zeros).
        anew: whether trees are grown for each origin, else once, from what was known at the earliest.
        slow: whether they learn half as fast, from twice as many rounds.
        seed: of all that is drawn.
    """

    horizon: int
    seasons: tuple[int, ...]
    backs: tuple[int, ...]
    judged: npt.NDArray[np.int64]
    ways: tuple[str, ...]
    mean: bool
    seed: int
    hints: tuple[int, ...] = ()
    anew: bool = True
    slow: bool = False

    @property
    def season(self) -> int:
        """The longest season, 1 for none."""
        return max(self.seasons, default=1)

    @property
    def rhythms(self) -> tuple[int, ...]:
        """Seasons and hints, the shortest first."""
        return tuple(sorted({*self.seasons, *self.hints}))

    @property
    def smoothed(self) -> int:
        """The season that smoothing keeps a state for, 1 for none."""
        return max((season for season in self.seasons if season <= _LONGEST_SMOOTHED), default=1)

    @property
    def far(self) -> tuple[int, ...]:
        """The seasons that are longer than that."""
        return tuple(season for season in self.rhythms if season > _LONGEST_SMOOTHED)


@dataclass(frozen=True)
class Trial:
    """What each way said at the origins `(origins, judged series, horizon)`, what came, and the size of an error there."""

    said: dict[str, Floats]
    actual: Floats
    size: Floats


def make_plan(panel: Panel, horizon: int, *, seasons: tuple[int, ...], budget_s: float, seed: int, hints: tuple[int, ...] = ()) -> Plan:
    """Origins, judged series and ways that the length of the series and the budget allow."""
    n = len(panel.names)
    rng = np.random.default_rng(seed)
    judged = np.sort(rng.choice(n, _MOST_JUDGED, replace=False)) if n > _MOST_JUDGED else np.arange(n)
    long = np.sort(np.isfinite(panel.values).argmax(axis=1))
    steps = panel.length - int(long[n // 2])
    wanted = 3 if n >= _ENOUGH else _MOST_ORIGINS
    room = (steps - max(2 * max((s for s in seasons if s <= steps // 4), default=1), 5)) // horizon
    origins = int(np.clip(min(room, 2 * steps // (3 * horizon)), 1, wanted)) if steps > horizon + 3 else 0
    known = int(np.isfinite(panel.values).sum())
    zeros = (panel.values == 0).sum() / max(known, 1)
    anew = known <= _GROWN_AGAIN and origins * _GROWN_S <= budget_s * (1 - _LOCAL_SHARE)
    backs = tuple(horizon * (back + 1) for back in range(origins))
    plan = Plan(
        horizon, seasons, backs, judged, (), bool(zeros > _SPARSE), seed, hints, anew, slow=budget_s >= _PATIENT_S and known > _PATIENT
    )
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
    now = panel.until(back)
    season = plan.season if plan.season * 2 <= now.length else 1
    if name in WAYS:
        return continued(name, filled(now.values, season), horizon=plan.horizon, seasons=plan.seasons)
    return _ALL_AT_ONCE[name](now, plan, season)


def _smoothed(now: Panel, plan: Plan, season: int, *, trend: bool) -> Floats:
    return borrowed(now, smoothed(now.values, plan.horizon, season=season, pooled=now.steps.dated, trend=trend))


def _autoreg(now: Panel, plan: Plan, season: int) -> Floats:
    late = now.values[:, -max(_LATEST, _CYCLES * max(plan.far, default=1)) :]
    return autoregressed(filled(late, plan.smoothed), plan.horizon, season=plan.smoothed, far=plan.far)


_ALL_AT_ONCE: dict[str, Callable[[Panel, Plan, int], Floats]] = {
    "repeat": lambda now, plan, season: repeated(now.values, plan.horizon, season=season),
    "level": partial(_smoothed, trend=False),
    "smooth": partial(_smoothed, trend=True),
    "winters": lambda now, plan, season: winters(filled(now.values[:, -_LATEST:], plan.smoothed), plan.horizon, season=plan.smoothed),
    "seldom": lambda now, plan, season: seldom(now.values, plan.horizon, season=season if now.steps.dated else 1),
    "autoreg": _autoreg,
}


def stood_in(each: Floats, said: dict[str, Floats]) -> Floats:
    """The answers of a way; where it has none those of damped smoothing, and of the level where that has none either."""
    for other in STAND_IN:
        each = np.where(np.isfinite(each), each, said[other])
    return each


def grow(views: dict[str, View], plan: Plan, *, back: int = 0) -> dict[str, Trees]:
    """Trees on each scale, learned from what was known `back` steps ago; none where the rows are too few."""
    found = {}
    for name, view in views.items():
        length = view.panel.length
        least = min(plan.season, max(length // 4, 1)) if plan.seasons else 2
        rows = drawn(view.panel, plan.horizon, before=length - back, least=least, rng=np.random.default_rng(plan.seed))
        if len(rows) >= FEWEST:
            found[name] = grown(view, rows, seed=plan.seed, mean=plan.mean and not view.scale.log, slow=plan.slow)
    return found


def told_by_trees(views: dict[str, View], plan: Plan) -> dict[str, Floats]:
    """What trees said at each origin `(origins, judged series, horizon)`: grown anew for each where that is soon done, else at the earliest."""
    if not plan.backs:
        return {}
    shape = (len(plan.judged), plan.horizon)
    found: dict[str, Floats] = {}
    once = {} if plan.anew else grow(views, plan, back=plan.backs[-1])
    for back in plan.backs:
        for name, trees in (grow(views, plan, back=back) if plan.anew else once).items():
            said = trees.said(trees.view.grid(plan.judged, plan.horizon, back=back)).reshape(1, *shape)
            found[name] = np.concatenate([found[name], said]) if name in found else said
    return {name: each for name, each in found.items() if len(each) == len(plan.backs)}


def tried(panel: Panel, plan: Plan, *, views: dict[str, View]) -> Trial:
    """Every way at every origin, on the judged series; where a way has no answer another one stands in."""
    few = panel.rows(plan.judged)
    shape = (len(plan.backs), len(plan.judged), plan.horizon)
    actual = np.full(shape, np.nan)
    least = max(min(plan.seasons, default=1) + 1, 5)
    said = {name: np.full(shape, np.nan) for name in (*_CHEAP, *(["seldom"] if plan.mean else []), *plan.ways)}
    for place, back in enumerate(plan.backs):
        start = few.length - back
        actual[place] = few.values[:, start : start + plan.horizon]
        actual[place, np.isfinite(few.values[:, :start]).sum(axis=1) < least] = np.nan  # hardly begun
        for name, each in said.items():
            each[place] = without_rows(few, plan, name=name, back=back)
    said |= told_by_trees(views, plan)
    said = {name: stood_in(each, said) for name, each in said.items() if name not in _MAY_BE_SILENT or np.isfinite(each).any()}
    size = np.broadcast_to(errors_of_repeating(few.values, min(plan.seasons, default=1))[None, :, None], shape)
    return Trial(said, actual, size)
